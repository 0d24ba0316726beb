"""The one table of colours and sizes of the whole app, light and dark.

Identity colours (Q, K, V, gates …) mark labels, frames, lines and formulas, never a sign.
Blue is negative and orange positive in every diverging scale. Attention weights have one
colour on all pages. Colour is never the only carrier: labels, signs and hatching repeat it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any, Literal

ThemeName = Literal["light", "dark"]
Scale = tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of one theme; `scores` runs −max → 0 → +max, `weights` runs 0 → 1."""

    name: ThemeName
    q: str
    k: str
    v: str
    weight: str
    output: str
    plus: str
    minus: str
    page: str
    ink: str
    muted: str
    grid: str
    mask: str
    hatch: str
    soft: str
    gate_f: str
    gate_i: str
    gate_g: str
    gate_o: str
    net_rnn: str
    net_lstm: str
    state_c: str
    state_h: str
    gold: str
    accent: str
    good: str
    bad: str
    scores: Scale
    weights: Scale


def _even(*colours: str) -> Scale:
    return tuple((i / (len(colours) - 1), colour) for i, colour in enumerate(colours))


_ROLES = {  # light, dark
    "q": ("#C2257F", "#F386B4"),
    "k": ("#0B5D3B", "#8FF0C4"),
    "v": ("#8A6D00", "#E6D25A"),
    "weight": ("#4A1F86", "#A67FFF"),
    "output": ("#007F86", "#3CCBD3"),
    "plus": ("#B3470B", "#FFB25C"),
    "minus": ("#1B5FA8", "#7CC4FF"),
    "page": ("#FFFFFF", "#161614"),
    "ink": ("#1F1E1C", "#F2F0EC"),
    "muted": ("#66645F", "#A9A5A0"),
    "grid": ("#E9E6E0", "#2B2A27"),
    "mask": ("#E6E4DF", "#302F2B"),
    "hatch": ("#8F8C85", "#77746C"),
    "soft": ("#EFEDE8", "#2B2A26"),
    "gate_f": ("#7A2600", "#FF7A52"),
    "gate_i": ("#00806A", "#7CEBB0"),
    "gate_g": ("#A1128F", "#E879C4"),
    "gate_o": ("#857400", "#FAD93A"),
    "net_rnn": ("#B03A5B", "#FF8FA3"),
    "net_lstm": ("#00786C", "#5FE3CC"),
    "state_c": ("#2440C8", "#7F95FF"),
    "state_h": ("#3B4B5A", "#DDE6EE"),
    "gold": ("#D97A00", "#FFC145"),
    "accent": ("#2F3E4C", "#74828F"),
    "good": ("#0B5D3B", "#8FF0C4"),
    "bad": ("#A3161B", "#FF8A80"),
}


def _theme(name: ThemeName, scores: Scale, weights: Scale) -> Theme:
    roles: dict[str, Any] = {role: pair[name == "dark"] for role, pair in _ROLES.items()}
    return Theme(name=name, scores=scores, weights=weights, **roles)


LIGHT = _theme(
    "light",
    _even("#0B4F8A", "#6FA8D6", "#FFFFFF", "#F2A65A", "#B3470B"),
    ((0.0, "#FFFFFF"), (0.15, "#E6DDF4"), (0.5, "#9C7BCB"), (1.0, "#3E1775")),
)
DARK = _theme(
    "dark",
    _even("#7CC4FF", "#2F6FA8", "#161614", "#A85F1E", "#FFB25C"),
    ((0.0, "#161614"), (0.15, "#2E2547"), (0.5, "#6A4FB0"), (1.0, "#D6C6FF")),
)

THEMES: dict[ThemeName, Theme] = {"light": LIGHT, "dark": DARK}
FONT = '"Source Sans", "Source Sans 3", "Source Sans Pro", sans-serif'


# Read from the back row, through a beamer that makes everything paler.
_CLEAR: dict[ThemeName, dict[str, Any]] = {
    "light": {"ink": "#000000", "muted": "#3A3833", "grid": "#C4C0B8", "hatch": "#5E5B55"},
    "dark": {"ink": "#FFFFFF", "muted": "#D6D2CC", "grid": "#55524C", "hatch": "#A8A49C"},
}
_CLEARER = {name: replace(THEMES[name], **_CLEAR[name]) for name in THEMES}


def theme(name: str | None, *, clear: bool = False) -> Theme:
    """The theme of that name; light when the browser has not said yet. clear: for a hall."""
    return (_CLEARER if clear else THEMES)["dark" if name == "dark" else "light"]


@cache
def template(name: ThemeName) -> dict[str, Any]:
    """Plotly template: page colours, the app's font, large type, no frame around the plot."""
    colours = THEMES[name]
    nothing = dict.fromkeys(("showgrid", "zeroline", "showline"), False)
    axis = {**nothing, "ticks": "", "fixedrange": True, "color": colours.ink}
    font, clear = {"family": FONT, "size": 20, "color": colours.ink}, "rgba(0,0,0,0)"
    label = {"font": font, "bgcolor": colours.page, "bordercolor": colours.hatch}
    return {
        "layout": {
            "font": font,
            "paper_bgcolor": clear,
            "plot_bgcolor": clear,
            "xaxis": axis,
            "yaxis": axis,
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
            "hoverlabel": label,
            "showlegend": False,
            "dragmode": False,
        }
    }


def opening(colours: Theme, gate: str) -> Scale:
    """How far the gate f, i or o is open, 0 → 1: from the page's colour to the gate's own."""
    return (0.0, colours.page), (1.0, str(getattr(colours, f"gate_{gate}")))


def rgb(colour: str) -> tuple[int, int, int]:
    """ "#RRGGBB" → (red, green, blue), 0–255."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def at(scale: Scale, share: float) -> str:
    """The colour of a scale at 0–1, mixed linearly between its stops as Plotly does."""
    share = min(max(share, 0.0), 1.0)
    for (left, low), (right, high) in pairwise(scale):
        if share <= right:
            part = (share - left) / (right - left)
            mixed = (round(a + (b - a) * part) for a, b in zip(rgb(low), rgb(high), strict=True))
            return "#{:02X}{:02X}{:02X}".format(*mixed)
    return scale[-1][1]


def luminance(colour: str) -> float:
    """Relative luminance 0–1 (WCAG 2.2, definition of relative luminance)."""
    linear = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in rgb(colour))
    )
    r, g, b = linear
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast ratio 1–21 of two colours (WCAG 2.2, success criterion 1.4.3)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ink_on(background: str) -> str:
    """Black or white, whichever reads better on that colour: 4.58 to 1 at the very least."""
    return max(("#000000", "#FFFFFF"), key=lambda ink: contrast(ink, background))
