r"""The bytes of one cache with its numbers put in, and what a step reads, as LaTeX."""

from __future__ import annotations

from models.cost.cache import KeyValueCache
from viz.formula.layout import bold, stacked
from viz.formula.writer import Writer

_GAP = 0.35  # em between rows


def held(cache: KeyValueCache, w: Writer) -> str:
    """2 · L · h · d · n bytes, or L · (d_c + d_R) · n bytes.

    w.style.labels: layers, heads, d, tokens, bytes_each, bytes, latent, rotated.
    """
    return stacked(
        rf"&\phantom{{={{}}}}{_named(cache, w)}",
        rf"&= {_count(cache.token_numbers * cache.n, w)} \cdot {_each(cache, w)}",
        rf"&= {bold(_count(cache.bytes, w))}\ {w.words('bytes')}",
        gap=_GAP,
    )


def _named(cache: KeyValueCache, w: Writer) -> str:
    """The factors, each with its name below."""
    layers, tokens = (_under(cache.shape.layers, "layers", w), _under(cache.n, "tokens", w))
    if cache.sharing == "latent":
        latent, rotated = cache.shape.latent_widths
        parts = (
            _below(w.tint("output", str(latent)), "latent", w),
            _below(w.tint("k", str(rotated)), "rotated", w),
        )
        return rf"{layers} \cdot ({parts[0]} + {parts[1]}) \cdot {tokens}"
    both = rf"\underset{{{w.tint('k', 'k')},\,{w.tint('v', 'v')}}}{{2}}"
    heads, d = (_under(cache.kv_heads, "heads", w), _under(cache.shape.d, "d", w))
    return r" \cdot ".join((both, layers, heads, d, tokens))


def _each(cache: KeyValueCache, w: Writer) -> str:
    return _under(cache.number_bytes, "bytes_each", w)


def _under(number: int, name: str, w: Writer) -> str:
    return _below(_count(number, w), name, w)


def _below(body: str, name: str, w: Writer) -> str:
    return rf"\underset{{{w.words(name)}}}{{{body}}}"


def _count(number: int, w: Writer) -> str:
    return w.style.notation.tex_grouped(number)


def crossing(cache: KeyValueCache, w: Writer) -> str:
    """n > weights / numbers a token.

    w.style.labels: parameters, a_token.
    """
    weights = _below(_count(cache.shape.parameters, w), "parameters", w)
    token = _below(_count(cache.token_numbers, w), "a_token", w)
    least = bold(_count(cache.crossing, w))
    return rf"n > \dfrac{{{weights}}}{{{token}}} \quad\Rightarrow\quad n \ge {least}"
