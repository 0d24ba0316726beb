"""One self-contained HTML document round BertViz's drawing code, which is used as installed.

BertViz's scripts expect RequireJS, jQuery and d3 from public servers and their data pasted
in. Here d3 comes from the mpld3 package, `loader.js` stands in for the rest, and the data
is a global of the name that BertViz's script already has a place for.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from models.trace import KINDS, AttentionTrace, Kind, sides
from viz.bertviz import layout
from viz.bertviz.layout import View
from viz.bertviz.payload import STEPS, for_script, of_kind, plain
from viz.board.markup import escaped
from viz.board.theme import FONT, Theme

Labels = Mapping[str, str]
# Every label that the two views take between them.
LABELS = (
    *("title", "kind", *KINDS, "layer", "layers", "head", "heads", "detail", "rounding"),
    *("reading_head", "strength_head", "reading_model"),
)
_HERE = Path(__file__).parent
# What fits beside the lines before a token meets the edge or a neighbour.
_LONGEST_TOKEN: dict[View, int] = {"head": 18, "model": 12}
_NOTES: dict[View, tuple[str, ...]] = {
    "head": ("reading_head", "strength_head", "rounding"),
    "model": ("reading_model", "rounding"),
}
# Labels that the page's script puts into BertViz's drawing.
_DRAWN: dict[View, tuple[str, ...]] = {"head": ("head",), "model": ("layers", "heads", "detail")}


@dataclass(frozen=True, slots=True)
class Look:
    """How a document speaks and looks. labels: those of `LABELS` that its view takes.

    source, target: words to show instead of the model's own tokens.
    """

    labels: Labels
    theme: Theme
    source: Sequence[str] | None = None
    target: Sequence[str] | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A document's view and trace, where it begins, and how it looks."""

    view: View
    trace: AttentionTrace
    begin: Mapping[str, object]
    look: Look


def head_view(
    trace: AttentionTrace,
    look: Look,
    *,
    kind: Kind | None = None,
    layer: int = 0,
    heads: Sequence[int] | None = None,
) -> str:
    """BertViz's head view: lines between the tokens of one layer, one colour a head.

    kind, layer, heads: where it begins (None: the first kind, all heads). BertViz divides a
    line's strength by the number of heads switched on, so one head is shown at full strength.
    look.labels: title, layer, head (names {head}), kind, encoder, decoder, cross, reading_head,
    strength_head, rounding (may name {steps}).
    ValueError: more than HEAD_VIEW_TOKENS tokens, no head, words that do not fit.
    KeyError, IndexError: no such kind, layer or head.
    """
    layout.check(trace, "head")
    start = kind or trace.kinds[0]
    block = trace.block(start, layer)
    if heads is not None and not heads:
        raise ValueError("BertViz divides by the number of heads: at least one must be on")
    chosen = None if heads is None else sorted({block.check(head) for head in heads})
    begin = {"kind": start, "layer": trace.numbers(start).index(layer), "heads": chosen}
    return _document(_Sheet("head", trace, begin, look))


def model_view(trace: AttentionTrace, look: Look, *, kind: Kind | None = None) -> str:
    """BertViz's model view: every layer and head as a small picture, a click enlarges one.

    Arguments as in `head_view`. look.labels: title, layers, heads, detail (names {layer} and
    {head}), kind, encoder, decoder, cross, reading_model, rounding (may name {steps}).
    ValueError: more than MODEL_VIEW_TOKENS tokens, words that do not fit. KeyError: no such kind.
    """
    layout.check(trace, "model")
    start = kind or trace.kinds[0]
    first = trace.block(start, min(trace.numbers(start), default=0))
    begin = {"kind": first.kind, "layer": 0, "heads": None}
    return _document(_Sheet("model", trace, begin, look))


def _document(sheet: _Sheet) -> str:
    look, style = sheet.look, _style(sheet.look.theme)
    scripts = (d3(), _own("loader.js"), drawing_code(sheet.view))
    policy = _policy(style, scripts)
    return "".join(
        (
            f'<!doctype html><html lang="{escaped(look.language)}"><head>',
            f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">',
            f"<title>{escaped(look.labels['title'])}</title><style>{style}</style></head>",
            f'<body class="{sheet.view}">{_body(sheet)}',
            f'<script id="data" type="application/json">{for_script(_data(sheet))}</script>',
            *(f"<script>{script}</script>" for script in scripts),
            "</body></html>",
        )
    )


def _data(sheet: _Sheet) -> dict[str, object]:
    """All that `loader.js` reads."""
    view, trace, look = sheet.view, sheet.trace, sheet.look
    kinds = [
        of_kind(trace, kind, _words(trace, kind, look), _LONGEST_TOKEN[view])
        | {"slots": layout.head_slots(trace, kind)}
        for kind in trace.kinds
    ]
    return {
        "view": view,
        "mode": look.theme.name,
        "steps": STEPS,
        "height": layout.height(trace, view),
        "notes": layout.MODEL_NOTES if view == "model" else 0,
        "zoom": layout.zoom(trace, view),
        "width": layout.width(trace, view),
        "begin": sheet.begin,
        "kinds": kinds,
        "labels": {name: look.labels[name] for name in _DRAWN[view]},
    }


def _words(trace: AttentionTrace, kind: Kind, look: Look) -> tuple[Sequence[str], Sequence[str]]:
    """(query words, key words): the page's words where it has some, else the model's tokens."""
    queries, keys = ([plain(token) for token in side] for side in trace.axes(kind))
    of_target = look.source if trace.target_tokens is None else look.target
    own_queries, own_keys = sides(kind, look.source, of_target)
    if trace.rows is not None:
        own_queries = trace.rows.typed
    return own_queries or queries, own_keys or keys


def _body(sheet: _Sheet) -> str:
    """Controls and notes; BertViz's own script fills #layer and #vis."""
    labels = {name: escaped(text) for name, text in sheet.look.labels.items()}
    kinds = sheet.trace.kinds
    controls = ""
    if len(kinds) > 1:
        options = "".join(f'<option value="{i}">{labels[k]}</option>' for i, k in enumerate(kinds))
        controls += f'<label>{labels["kind"]} <select id="kind">{options}</select></label>'
    if sheet.view == "head":
        controls += f'<label>{labels["layer"]} <select id="layer"></select></label>'
    said = (labels[note].replace("{steps}", str(STEPS)) for note in _NOTES[sheet.view])
    notes = "".join(f"<p>{sentence}</p>" for sentence in said)
    return (
        f'<div id="drawing"><div id="controls">{controls}</div>'
        f'<div id="notes">{notes}</div><div id="vis"></div></div>'
    )


def _style(theme: Theme) -> str:
    colours = {name: getattr(theme, name) for name in ("page", "ink", "muted", "soft")}
    colours |= {"line": theme.hatch, "left": f"{layout.MARGIN_LEFT}px", "font": FONT}
    names = "".join(f"--{name}:{value};" for name, value in colours.items())
    return f":root{{color-scheme:{theme.name};{names}}}\n{_own('page.css')}"


def _policy(style: str, scripts: Sequence[str]) -> str:
    """Content-Security-Policy: these scripts and this style by their hash, nothing from anywhere.

    Escaping already keeps tokens from acting; this holds even if some of it were forgotten.
    """
    allowed = " ".join(_hash(script) for script in scripts)
    return f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; base-uri 'none'"


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def _own(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


@cache
def drawing_code(view: View) -> str:
    """BertViz's script of a view, unchanged (line ends as the browser reads them)."""
    return _installed("bertviz", f"{view}_view.js")


@cache
def d3() -> str:
    """d3 version 5, which BertViz draws with, as the mpld3 package carries it."""
    return _installed("mpld3", "js/d3.v5.min.js")


def _installed(package: str, name: str) -> str:
    """A text file of an installed package, which is found without being imported.

    Importing bertviz costs most of a second and torch; mpld3 would bring Matplotlib.
    ModuleNotFoundError: not installed. ValueError: the file would end its script element.
    """
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{package} is not installed", name=package)
    text = (Path(spec.submodule_search_locations[0]) / name).read_text(encoding="utf-8")
    if "</script" in text.lower() or "<!--" in text:
        raise ValueError(f"{package}'s {name} cannot stand in a script element")
    return text
