r"""What a key/value cache holds and saves, as LaTeX with its numbers."""

from __future__ import annotations

from viz.board.notation import coloured, for_tex
from viz.board.style import Style


def memory(layers: int, heads: int, tokens: int, d: int, size: int, style: Style) -> str:
    r"""layers × 2 × heads × tokens × d numbers of so many bytes each.

    style.labels: layers, heads, tokens, d, numbers, bytes, with_cache, without.
    """
    numbers = layers * 2 * heads * tokens * d
    rows = [
        _product(
            style, [(layers, "layers"), (2, None), (heads, "heads"), (tokens, "tokens"), (d, "d")]
        )
        + rf" = {_count(numbers)}\ {_word(style, 'numbers')}",
        rf"{_count(numbers)} \cdot {size} = \mathbf{{{_count(numbers * size)}}}\ "
        + _word(style, "bytes"),
    ]
    return _stacked(rows)


def rows(layers: int, heads: int, tokens: int, style: Style) -> str:
    """Rows of q, k and v that are computed for one more token."""
    parts = ", ".join(coloured(str(getattr(style.theme, part)), part) for part in "qkv")
    return _compared(style, parts, layers * heads, layers * heads * tokens, tokens)


def dots(layers: int, heads: int, tokens: int, style: Style) -> str:
    """Dot products q·k that are computed for one more token."""
    q, k = (coloured(str(getattr(style.theme, part)), part) for part in "qk")
    with_cache = layers * heads * tokens
    return _compared(style, rf"{q} \cdot {k}", with_cache, with_cache * tokens, tokens)


def _compared(style: Style, what: str, fewer: int, more: int, times: int) -> str:
    return _stacked(
        [
            rf"{_word(style, 'with_cache')}:\quad {what} \times \mathbf{{{_count(fewer)}}}",
            rf"{_word(style, 'without')}:\quad {what} \times {_count(more)}"
            rf" = {times} \cdot {_count(fewer)}",
        ]
    )


def _product(style: Style, factors: list[tuple[int, str | None]]) -> str:
    return r" \cdot ".join(
        str(value)
        if name is None
        else rf"\underset{{\text{{{for_tex(style.labels[name])}}}}}{{{value}}}"
        for value, name in factors
    )


def _word(style: Style, name: str) -> str:
    return rf"\text{{{for_tex(style.labels[name])}}}"


def _count(value: int) -> str:
    return f"{value:,}".replace(",", r"\,")


def _stacked(lines: list[str]) -> str:
    body = r" \\[0.35em] ".join(rf"&{line}" for line in lines)
    return rf"\begin{{aligned}} {body} \end{{aligned}}"
