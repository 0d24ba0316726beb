r"""What a key/value cache holds and saves, as LaTeX with its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from viz.formula.layout import bold, stacked
from viz.formula.writer import Writer

_GAP = 0.35  # em between rows


def memory(
    kept: Sequence[tuple[int, int, int, tuple[int, int]]],
    size: int,
    w: Writer,
    *,
    latent: bool = False,
) -> str:
    r"""layers × 2 × heads × tokens × d numbers of so many bytes each, summed over unlike layers.

    kept: (layers, heads, tokens, (width of a key, of a value)) of each sort of layer.
    latent: of a latent vector c and a rotated part of K instead.
    w.style.labels: layers, heads, tokens, d, numbers, bytes, with_cache, without.
    """
    count = w.style.notation.tex_grouped
    counts = [layers * heads * tokens * sum(widths) for layers, heads, tokens, widths in kept]
    lines = [
        rf"&{'+' if n else ''}{_product(*each, w, first=not n, latent=latent)} = {count(sum_of)}"
        for n, (each, sum_of) in enumerate(zip(kept, counts, strict=True))
    ]
    lines[0] += rf"\ {w.words('numbers')}"
    total = sum(counts)
    return stacked(
        *lines,
        rf"&{count(total)} \cdot {size} = {bold(count(total * size))}\ {w.words('bytes')}",
        gap=_GAP,
    )


def _product(
    layers: int,
    heads: int,
    tokens: int,
    widths: tuple[int, int],
    w: Writer,
    *,
    first: bool,
    latent: bool,
) -> str:
    """One sort of layer; the factors' names stand under the first alone."""
    k, v = widths
    named = {"layers": layers, "heads": heads, "tokens": tokens}
    if k == v and not latent:
        named |= {"d": k}
    factors = [
        rf"\underset{{{w.words(name)}}}{{{value}}}" if first else str(value)
        for name, value in named.items()
    ]
    tinted = w.tint("k", "c" if latent else "k"), w.tint("v", "k^R" if latent else "v")
    if k != v or latent:
        both = rf"(\underset{{{tinted[0]}}}{{{k}}} + \underset{{{tinted[1]}}}{{{v}}})"
        return r" \cdot ".join([*factors, both])
    both = rf"\underset{{{tinted[0]},\,{tinted[1]}}}{{2}}" if first else "2"
    return r" \cdot ".join([factors[0], both, *factors[1:]])


def rows(heads: int, tokens: int, w: Writer, *, shared: int | None = None) -> str:
    """Rows of q, k and v that are computed for one more token.

    heads: of all layers together; shared: of their keys and values, which several heads may
    share; None: as many.
    """
    q, k, v = (w.tint(part, part) for part in "qkv")
    if shared is None or shared == heads:
        return _compared(w, f"{q}, {k}, {v}", heads, heads * tokens, tokens)
    count = w.style.notation.tex_grouped
    both = ((q, heads), (f"{k}, {v}", shared))
    once = (rf"{what} \times {bold(count(each))}" for what, each in both)
    again = (rf"{what} \times {count(each * tokens)}" for what, each in both)
    lines = (("with_cache", once), ("without", again))
    said = (rf"&{w.words(name)}\text{{:}}\quad " + r",\quad ".join(parts) for name, parts in lines)
    return stacked(*said, gap=_GAP)


def dots(attended: int, every: int, tokens: int, w: Writer) -> str:
    """Dot products q·k that are computed for one more token.

    attended: of the new token, over all heads; every: if it looked at all tokens.
    """
    pair = rf"{w.tint('q', 'q')} \cdot {w.tint('k', 'k')}"
    return _compared(w, pair, attended, every * tokens, tokens)


def _compared(w: Writer, what: str, fewer: int, more: int, times: int) -> str:
    """With a cache, and without: so many times as many, where it is a whole number of times."""
    count = w.style.notation.tex_grouped
    ratio = rf" = {times} \cdot {count(fewer)}" if more == times * fewer else ""
    return stacked(
        rf"&{w.words('with_cache')}\text{{:}}\quad {what} \times {bold(count(fewer))}",
        rf"&{w.words('without')}\text{{:}}\quad {what} \times {count(more)}{ratio}",
        gap=_GAP,
    )
