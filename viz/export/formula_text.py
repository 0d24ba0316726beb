r"""A formula as one reads it where nothing draws LaTeX: α = softmax(q·kᵀ / √d).

Signs stand for commands, raised and lowered letters for ^ and _ where Unicode has them. What has
no such way of writing keeps its words, never its backslashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from viz.export.document import SIGNS

_RAISED = {
    **dict(zip("0123456789+−-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾", strict=True)),
    **dict(zip("abcdefghijklmnop", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖ", strict=True)),
    **dict(zip("rstuvwxyzT′", "ʳˢᵗᵘᵛʷˣʸᶻᵀ′", strict=True)),
}
_LOWERED = {
    **dict(zip("0123456789+−-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True)),
    **dict(zip("aehijklmnoprstuvx", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)),
}
_SIGNS = {
    **{command.strip(): sign for sign, command in SIGNS.items() if command.startswith("\\")},
    **{r"\top": "ᵀ", r"\sqrt": "√", r"\ldots": "…", r"\dots": "…", r"\cdots": "⋯", r"\|": "‖"},
    **{r"\epsilon": "ε", r"\phi": "φ", r"\leq": "≤", r"\geq": "≥", r"\neq": "≠", r"\sim": "∼"},
    **{r"\rightarrow": "→", r"\prod": "∏", r"\mid": "|", r"\prime": "′", r"\infty": "∞"},
    **{r"\quad": " ", r"\qquad": " ", r"\,": " ", r"\;": " ", r"\:": " ", r"\!": "", r"\ ": " "},
    "\\\\": " ",  # the next line
    **dict.fromkeys((r"\left", r"\right", r"\big", r"\Big", r"\bigl", r"\bigr"), ""),
    **dict.fromkeys((r"\text", r"\mathrm", r"\mathbf", r"\mathbb", r"\mathcal", r"\mathit"), ""),
    **dict.fromkeys((r"\operatorname", r"\boldsymbol", r"\textbf", r"\displaystyle"), ""),
}  # fmt: skip
_COLOURED = r"\textcolor"  # its first group is no words
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}^_]|\s+|[^\\{}^_\s]", re.DOTALL)
_LONGEST = 2_000  # characters; what is longer is no formula of a lecture
_DEEPEST = 30  # groups in groups


def readable(tex: str) -> str:
    """The formula in signs. tex: LaTeX; what is longer or deeper than any is left as it is."""
    if len(tex) > _LONGEST:
        return tex
    try:
        shown = _sequence(iter(_TOKEN.findall(tex)), 0)
    except RecursionError:
        return tex
    return re.sub(r"\s+", " ", shown).strip()


def _sequence(tokens: Iterator[str], depth: int) -> str:
    """All up to the end of a group, or of the formula."""
    if depth > _DEEPEST:
        raise RecursionError
    parts = list[str]()
    for token in tokens:
        if token == "}":
            break
        parts.append(_one(token, tokens, depth))
    return "".join(parts)


def _one(token: str, tokens: Iterator[str], depth: int) -> str:
    """What a token comes to, with the groups that belong to it."""
    name = token.strip() if token.startswith("\\") else token
    if name == "{":
        return _sequence(tokens, depth + 1)
    if name in ("^", "_"):
        return _moved(_next(tokens, depth), _RAISED if name == "^" else _LOWERED, name)
    if name == r"\frac":
        return f"{_held(_next(tokens, depth))}/{_held(_next(tokens, depth))}"
    if name == r"\sqrt":
        return "√" + _held(_next(tokens, depth))
    if name == _COLOURED:
        _next(tokens, depth)
        return _next(tokens, depth)
    if name in _SIGNS:
        return _SIGNS[name]
    return name.removeprefix("\\") if name.strip() else " "  # \max, \text: their words


def _next(tokens: Iterator[str], depth: int) -> str:
    """The next group or sign."""
    token = next((one for one in tokens if one.strip()), "")
    return "" if token in ("", "}") else _one(token, tokens, depth)


def _moved(words: str, letters: dict[str, str], mark: str) -> str:
    """Raised or lowered; as one types it where a letter has no such form."""
    if words and all(letter in letters for letter in words):
        return "".join(map(letters.__getitem__, words))
    return words if words in ("ᵀ", "′") else f"{mark}{_held(words)}"


def _held(words: str) -> str:
    """In brackets where it is more than one thing."""
    one = len(words) < 2 or re.fullmatch(r"\w*(\([^()]*\))?", words)
    return words if one else f"({words})"
