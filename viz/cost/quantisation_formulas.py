r"""A 4-bit weight from its bytes, and a text's loss with fewer bits, as LaTeX for KaTeX."""

from __future__ import annotations

from models.cost.bits import Quantised
from models.cost.quantisation import HEADER, SIZE, Half, block_bytes, parts
from viz.cost.quantisation import MINIMUM, SCALE, WHOLE, ChosenWeight, hexadecimal
from viz.formula.layout import bold, stacked
from viz.formula.writer import Writer

_GAP = 0.3  # em between rows


def whole_number(drawn: ChosenWeight, w: Writer) -> str:
    """q as one half of its byte."""
    byte, q = drawn.byte, w.tint(WHOLE, bold(str(drawn.whole)))
    upper, lower = divmod(byte, 16)
    value = rf"\mathtt{{{hexadecimal(byte)}}} = {byte} = 16 \cdot {upper} + {lower}"
    sign = rf"\lfloor {byte} / 16 \rfloor" if drawn.upper else rf"{byte} \bmod 16"
    return stacked(rf"&{value}", rf"&q_{{{drawn.weight}}} = {sign} = {q}", gap=_GAP)


def header(drawn: ChosenWeight, w: Writer) -> str:
    """d and m from two bytes each."""
    rows = []
    for n, (letter, role) in enumerate((("d", SCALE), ("m", MINIMUM))):
        pair = drawn.block.data[2 * n : 2 * n + 2]
        found = parts(pair)
        word = rf"\mathtt{{{hexadecimal(int(pair[1]))}{hexadecimal(int(pair[0]))}}}"
        came = w.tint(role, bold(w.significant(found.value, 6)))
        rows.append(rf"{w.tint(role, letter)} &= {word}: {_half(found)} = {came}")
    return stacked(*rows, gap=_GAP)


def _half(found: Half) -> str:
    sign = "-" if found.sign else ""
    lead, power = (1, found.exponent - 15) if found.exponent else (0, -14)
    return rf"{sign}2^{{{power}}} \left({lead} + \tfrac{{{found.fraction}}}{{1024}}\right)"


def weight(drawn: ChosenWeight, w: Writer) -> str:
    """d·q + m."""
    block = drawn.block
    d, m = (
        w.tint(SCALE, w.number(block.scale, 6)),
        w.tint(MINIMUM, w.factor(block.minimum, None, 6)),
    )
    q = w.tint(WHOLE, str(drawn.whole))
    left = rf"w_{{{drawn.weight}}}"
    general = rf"{left} &= {w.tint(SCALE, 'd')}\,{w.tint(WHOLE, 'q')} + {w.tint(MINIMUM, 'm')}"
    return stacked(general, rf"&= {d} \cdot {q} + {m} = {w.bold(drawn.value, 6)}", gap=_GAP)


def rounding(drawn: ChosenWeight, w: Writer) -> str:
    """Before and after, and the bound d/2 (and what d and m lose in half precision)."""
    before = drawn.block.before
    assert before is not None
    was = float(before[drawn.weight])
    off = abs(drawn.value - was)
    half = drawn.block.scale / 2
    name = rf"\left|w - {w.words('was')}\right|"
    return stacked(
        rf"{name} &= |{w.number(drawn.value, 5)} - {w.factor(was, None, 5)}|",
        rf"&= {w.bold(off, 5)} \qquad (d/2 = {w.number(half, 5)})",
        gap=_GAP,
    )


def size(w: Writer) -> str:
    """Bytes of a block, and bits a weight."""
    total = block_bytes(4)
    return (
        rf"2 + 2 + 16 = {total} \;{w.words('bytes_unit')},\quad "
        rf"\frac{{{total} \cdot 8}}{{{SIZE}}} = {bold(w.number(total * 8 / SIZE, 0))} \;"
        rf"{w.words('bits_a_weight')}"
    )


def loss(found: Quantised, w: Writer) -> str:
    """The text's mean −ln p, token by token."""
    n = len(found.losses)
    total = w.sum(found.losses, lambda t: w.factor(float(found.losses[t]), "minus"))
    rows = [
        rf"&\tfrac{{1}}{{{n}}} \textstyle\sum_t -\ln p_t = \tfrac{{1}}{{{n}}}\big({total.rows[0]}"
    ]
    rows += [rf"&\quad {row}" for row in total.rows[1:]]
    rows[-1] += r"\big)"
    rows.append(rf"&= {w.bold(found.loss, 4)}")
    return stacked(*rows, gap=0.15)


def bytes_of(found: Quantised, w: Writer) -> str:
    """What the matrices take in blocks, and the rest in single precision."""
    grouped = w.style.notation.tex_grouped
    block = block_bytes(found.bits)
    in_blocks = found.weights // SIZE * block
    rest = found.bytes - in_blocks
    return stacked(
        rf"&\tfrac{{{grouped(found.weights)}}}{{{SIZE}}} \cdot ({HEADER} + {SIZE} \cdot "
        rf"\tfrac{{{found.bits}}}{{8}}) + {grouped(rest)}",
        rf"&= {grouped(in_blocks)} + {grouped(rest)} = {bold(grouped(found.bytes))} \;"
        rf"{w.words('bytes_unit')}",
        gap=_GAP,
    )
