r"""One choice as LaTeX: ÷ T, softmax, what top-p adds up, renormalising, the draw.

Computed in float64 from the model's scores, shown rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.trace import Floats
from viz.board.notation import coloured, for_tex, tex_word
from viz.board.style import Style
from viz.formula.sums import largest
from viz.formula.width import packed
from viz.gpt.sampling import Choosing

_TERMS = 4  # of a sum that are written out
_ROOM = 21.0  # em


@dataclass(frozen=True, slots=True)
class Sums:
    """Each a formula with its numbers. divided, cut: None where nothing is divided or cut.

    draw: None where nothing is drawn.
    """

    divided: str | None
    softmax: str
    cut: str | None
    renormalised: str | None
    draw: str | None


def sums(shown: Choosing, style: Style, *, finer: bool = False, most: int | None = _TERMS) -> Sums:
    """Every sum behind the chosen token. style.labels: rest (n), without (word), stay."""
    w = _Writer(shown, style, 4 if finer else 2, most)
    found = shown.stages
    if found.settings.greedy:
        return Sums(None, _softmax(w, found.logits, "z"), None, None, None)
    scores, name = (found.divided, "s") if found.settings.temperature != 1 else (found.logits, "z")
    cut = len(found.kept) < found.kept_by_k
    return Sums(
        _divided(w) if name == "s" else None,
        _softmax(w, np.where(np.isfinite(found.after_k), scores, -np.inf), name),
        _cut(w) if cut else None,
        _renormalised(w) if cut else None,
        _draw(w),
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    shown: Choosing
    style: Style
    digits: int
    most: int | None

    def number(self, value: float, more: int = 0) -> str:
        return self.style.notation.tex(value, self.digits + more)

    def share(self, value: float) -> str:
        return self.style.notation.tex_weight(value, self.digits + 2)

    def score(self, value: float) -> str:
        theme = self.style.theme
        return coloured(theme.minus if value < 0 else theme.plus, self.number(value))

    def term(self, value: float) -> str:
        return self.style.notation.tex_term(value, self.digits)

    def word(self, token: int) -> str:
        return rf"\text{{{tex_word(self.shown.words[token], 12)}}}"

    @property
    def chosen(self) -> str:
        return self.word(self.shown.chosen)

    def rest(self, count: int, total: str) -> str:
        words = for_tex(self.style.labels["rest"].format(n=count))
        return rf"\underbrace{{{total}}}_{{\text{{{words}}}}}"


def _divided(w: _Writer) -> str:
    found, token = w.shown.stages, w.shown.chosen
    z, t = float(found.logits[token]), found.settings.temperature
    made = w.score(float(found.divided[token]))
    return rf"s_{{{w.chosen}}} = z \div T = {w.score(z)} \div {_plain(w, t)} = {made}"


def _plain(w: _Writer, value: float) -> str:
    """A setting as it was set: 0.8, 0.125."""
    decimal = w.style.notation.tex(0.5, 1)[1:-1]
    return f"{value:.3f}".rstrip("0").rstrip(".").replace(".", decimal)


def _softmax(w: _Writer, scores: Floats, name: str) -> str:
    """p = e^(s − m) / Σ e^(s − m), m the largest score; below it the sum's terms."""
    token = w.shown.chosen
    z = scores[np.isfinite(scores)].astype(np.float64)
    top = float(z.max())
    e = np.sort(np.exp(z - top))[::-1]
    mine = float(np.exp(float(scores[token]) - top))
    total = float(e.sum())
    power = rf"{w.score(float(scores[token]))} - {w.term(top)}"
    write = w.style.notation.tex_significant
    general = rf"\frac{{e^{{{name} - m}}}}{{\sum_j e^{{{name}_j - m}}}}"
    filled = rf"\frac{{e^{{{power}}}}}{{\Sigma}} = \frac{{{write(mine)}}}{{{write(total)}}}"
    rows = _added(w, e, [write(float(one)) for one in e[:12]], total)
    lines = [
        # Streamlit cuts off what stands higher than KaTeX's own line: a power in a fraction does.
        rf"&\rule{{0pt}}{{2em}}p_{{{w.chosen}}} = {general} = {filled} = {w.share(mine / total)}",
        rf"&\Sigma = {rows[0]}",
        *(rf"&\phantom{{\Sigma = {{}}}} {row}" for row in rows[1:]),
    ]
    return _stacked([*lines[:-1], rf"{lines[-1]} = {write(total)}"])


def _added(w: _Writer, terms: Floats, written: Sequence[str], total: float) -> list[str]:
    """Rows of a sum: its largest terms, all others as one."""
    most = len(written) if w.most is None else min(w.most, len(written))
    shown = [i for i in largest(terms, most) if i < len(written)][: max(most, 1)]
    pieces = [written[i] for i in shown]
    left_out = len(terms) - len(shown)
    if left_out:
        rest = w.style.notation.tex_significant(total - float(terms[shown].sum()))
        pieces.append(w.rest(left_out, rest))
    return packed(pieces, _ROOM)


def _cut(w: _Writer) -> str:
    """The likeliest tokens' sum just below p, and with the one that reaches it."""
    found = w.shown.stages
    of_k, kept = found.of_k, found.kept
    shares = of_k[kept]
    p = _plain(w, found.settings.top_p)
    total = float(shares.sum())
    rows = _added_in_order(w, shares)
    lines = [rf"&{rows[0]}", *(rf"&{row}" for row in rows[1:])]
    lines[-1] += rf" = {w.share(total)} \ge {p}" if len(kept) > 1 else rf" \ge {p}"
    before = float(shares[:-1].sum())
    if len(kept) > 1:
        head, tail = (for_tex(part) for part in w.style.labels["without"].split("{word}"))
        without = rf"\text{{{head}}}{w.word(int(kept[-1]))}\text{{{tail}}}"
        lines.append(rf"&{without}:\quad {w.share(before)} < {p}")
    return _stacked(lines)


def _added_in_order(w: _Writer, shares: Floats) -> list[str]:
    """The first terms, what lies between, and the last: the one that reaches p."""
    written = [w.share(float(one)) for one in shares]
    most = _TERMS if w.most is None else w.most
    if len(written) > most + 2:
        middle = float(shares[most:-1].sum())
        between = w.rest(len(written) - most - 1, w.share(middle))
        written = [*written[:most], between, written[-1]]
    return packed(written, _ROOM)


def _renormalised(w: _Writer) -> str:
    found, token = w.shown.stages, w.shown.chosen
    of_k = found.of_k
    total = float(of_k[found.kept].sum())
    stay = rf"\sum_{{\text{{{for_tex(w.style.labels['stay'])}}}}} p"
    return (
        rf"q_{{{w.chosen}}} = \frac{{p_{{{w.chosen}}}}}{{{stay}}} = "
        rf"\frac{{{w.share(float(of_k[token]))}}}{{{w.share(total)}}} = "
        rf"{w.share(float(found.probabilities[token]))}"
    )


def _draw(w: _Writer) -> str:
    drawn = w.shown.drawn
    assert drawn is not None
    u = coloured(w.style.theme.output, rf"\mathbf{{{w.share(drawn.u)}}}")
    start, end = w.share(drawn.start), w.share(drawn.end)
    name = coloured(w.style.theme.output, "u")
    return rf"{start} \le {name} = {u} < {end} \;\Rightarrow\; \mathbf{{{w.chosen}}}"


def _stacked(lines: Sequence[str]) -> str:
    return r"\begin{aligned} " + r" \\[0.25em] ".join(lines) + r" \end{aligned}"
