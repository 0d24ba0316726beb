r"""What a key/value cache holds and saves, as LaTeX with its numbers."""

from __future__ import annotations

from viz.formula.layout import bold, stacked
from viz.formula.writer import Writer

_GAP = 0.35  # em between rows


def memory(layers: int, heads: int, tokens: int, d: int, size: int, w: Writer) -> str:
    r"""layers × 2 × heads × tokens × d numbers of so many bytes each.

    w.style.labels: layers, heads, tokens, d, numbers, bytes, with_cache, without.
    """
    numbers, count = layers * 2 * heads * tokens * d, w.style.notation.tex_grouped
    named = {"layers": layers, "heads": heads, "tokens": tokens, "d": d}
    factors = [rf"\underset{{{w.words(name)}}}{{{value}}}" for name, value in named.items()]
    both = rf"\underset{{{w.tint('k', 'k')},\,{w.tint('v', 'v')}}}{{2}}"
    product = r" \cdot ".join([factors[0], both, *factors[1:]])
    return stacked(
        rf"&{product} = {count(numbers)}\ {w.words('numbers')}",
        rf"&{count(numbers)} \cdot {size} = {bold(count(numbers * size))}\ {w.words('bytes')}",
        gap=_GAP,
    )


def rows(layers: int, heads: int, tokens: int, w: Writer) -> str:
    """Rows of q, k and v that are computed for one more token."""
    return _compared(w, ", ".join(w.tint(part, part) for part in "qkv"), layers * heads, tokens)


def dots(layers: int, heads: int, tokens: int, w: Writer) -> str:
    """Dot products q·k that are computed for one more token."""
    pair = rf"{w.tint('q', 'q')} \cdot {w.tint('k', 'k')}"
    return _compared(w, pair, layers * heads * tokens, tokens)


def _compared(w: Writer, what: str, fewer: int, times: int) -> str:
    """With a cache, and without: so many times as many."""
    count = w.style.notation.tex_grouped
    return stacked(
        rf"&{w.words('with_cache')}\text{{:}}\quad {what} \times {bold(count(fewer))}",
        rf"&{w.words('without')}\text{{:}}\quad {what} \times {count(fewer * times)}"
        rf" = {times} \cdot {count(fewer)}",
        gap=_GAP,
    )
