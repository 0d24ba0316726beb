"""A page as it was sent to the browser, as text: one thing a line, in the order of the page."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from html.parser import HTMLParser
from typing import Any
from zlib import crc32

import numpy as np
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]
from streamlit.testing.v1 import AppTest

from tests.snapshots.numbers import LONGEST, in_text, of_array, shown
from viz.board.theme import DARK, LIGHT

_WIDTH = 180
_MOST_THINGS = 20  # a longer list of shapes, annotations … is sampled
_BRIEF = 80  # characters of prose that another state shows in full
_MOST_WORDS = 12  # of a long list of texts, different ones
_CODE = "code-"  # a component's script
_BASE64 = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")
# How Streamlit sends it, not what it shows.
_MACHINERY = frozenset(
    (
        *("id", "formId", "form_id", "setValue", "labelVisibility", "autocomplete", "hideAnchor"),
        *("acceptNewOptions", "clickMode", "required", "widthConfig", "elementType", "wrap"),
        *("colorscheme", "url", "hasMin", "hasMax", "format", "theme", "isLink", "default"),
        *("deferredFileId", "anchor", "pageScriptHash", "queryString", "icon", "page", "style"),
    )
)
_CHOICES = frozenset(("help", "placeholder", "captions", "options", "max", "min", "step"))
# What figures of ours always say: only another word than this is written.
_USUAL: tuple[tuple[str, Any], ...] = (
    ("hoverinfo", "skip"),
    ("showscale", False),
    ("cliponaxis", False),
    ("hovertemplate", "%{hovertext}<extra></extra>"),
    ("selected", {"marker": {"opacity": 0}}),
    ("unselected", {"marker": {"opacity": 0}}),
)
# What tells Python of the browser, or the browser of Python, and shows nothing.
_UNSEEN = frozenset(
    (
        "screen-watch",
        "listener",
        "frame-words",
        "seen-pages",
        "clock",
        "staged",
        "chooser-names",
    )
)
_BESIDE = frozenset(("share", "takealong", "class", "lecture-keys"))  # the same on every page
_PROSE = frozenset(("try", "careful", "onward"))  # the same in all states of one look
# What a sign means stands in the catalogue, and tests of its own hold it.
_ABBREVIATED = re.compile(r"</?abbr\b[^>]*>|<details class='symbols'>.*?</details>", re.S)
_PICTURE = re.compile(r"data:image/[^'\"]+")
# A theme's own colour scales, by their names.
_SCALES = {
    getattr(theme, name): f"{theme.name} {name}"
    for theme in (LIGHT, DARK)
    for name in ("scores", "weights")
}
_SHADE = re.compile(r"color-mix\(in srgb,var\(--(\w+)\) (\d+)%,transparent\)")
_OWN_LINE = frozenset(
    (
        *("p", "tr", "table", "h1", "h2", "h3", "h4", "ul", "ol", "li", "section"),
        *("svg", "g", "path", "rect", "line", "text"),
    )
)


def page(at: AppTest, *, whole: bool) -> str:
    """Everything that a visit shows, ending in the address that it leaves.

    whole: with all prose and choices; else of the long ones only the beginning and a mark.
    """
    lines = [line for part in (0, 1, 2) for line in _block(at._tree.children[part], whole)]
    found = {n: at.query_params[n] for n in sorted(at.query_params)}
    said = {n: v[0] if isinstance(v, list) else v for n, v in found.items()}
    lines.append(f"address {json.dumps(said, ensure_ascii=False)}")
    return in_text("\n".join(lines)) + "\n"


def _block(block: Any, whole: bool) -> Iterator[str]:
    for child in block.children.values():
        if hasattr(child, "children"):
            key = _key(getattr(child.proto, "id", "") or "")
            if key in _UNSEEN | _BESIDE or key.startswith(_CODE) or (key in _PROSE and not whole):
                continue
            if key:
                yield f"[{key}]"
            label = getattr(child.proto, "label", "") or _opens(child.proto)
            if label:
                yield f"{child.type}: {label}"
            yield from _block(child, whole)
        else:
            yield from _element(child, whole)


def _opens(block: Any) -> str:
    """What stands on the button of a list that opens, "": it is none."""
    popover = getattr(block, "popover", None)
    return str(popover.label) if popover is not None else ""


def _named(picture: re.Match[str]) -> str:
    """A picture inside a page, by what tells it from any other."""
    return f"data:image of {crc32(picture[0].encode()):08x}"


def _key(identity: str) -> str:
    """The name that the page itself gave: `$$ID-<hash>-<name>` ends with it."""
    return re.sub(r"^\$\$ID-[0-9a-f]{32}-", "", identity)


def _element(element: Any, whole: bool) -> Iterator[str]:
    proto = element.proto
    if element.type == "plotly_chart":
        yield f"figure {_key(proto.id)}"
        yield from _figure(json.loads(proto.spec))
    elif element.type == "bidi_component":
        if proto.json:
            yield f"component {_key(proto.id)} ({proto.component_name})"
            yield from _value(json.loads(proto.json), "  ")
    elif element.type == "html":
        shaded = _SHADE.sub(r"\1 \2%", _ABBREVIATED.sub("", proto.body))
        lines = canonical(_PICTURE.sub(_named, shaded))
        if "".join(lines):
            brief = not whole and any('class="about"' in line for line in lines)
            yield from _indented([_brief("\n".join(lines))] if brief else lines, "html ")
    elif element.type in ("dataframe", "table", "arrow_data_frame"):
        yield f"{element.type} {_key(proto.id)}"
        yield from (f"  {line}" for line in _rows(element.value))
    elif element.type == "iframe":
        yield from _indented(_framed(proto.srcdoc), "iframe ")
    elif hasattr(proto, "body"):
        brief = not whole and element.type == "markdown"
        text = _brief(proto.body) if brief else proto.body
        yield from _indented(text.split("\n"), f"{element.type} ")
    else:
        held = MessageToDict(proto, preserving_proto_field_name=False)
        kept = {name: part for name, part in held.items() if name not in _MACHINERY}
        if not whole:
            kept = {n: v for n, v in kept.items() if n not in _CHOICES}
        words = _short(kept) if whole else _brief(_short(kept))
        yield f"{element.type} {_key(held.get('id', ''))} {words}"


def _rows(frame: Any) -> list[str]:
    """A table's heading and rows, a line each."""
    heads = [str(name) for name in frame.columns]
    rows = [[_cell(part) for part in row] for row in frame.itertuples(index=False)]
    return [" | ".join(row) for row in (heads, *rows)]


def _cell(part: Any) -> str:
    return shown(float(part)) if isinstance(part, float | np.floating) else str(part)


def _brief(text: str) -> str:
    """The beginning of a long text, and a mark of all of it."""
    return text if len(text) <= _BRIEF else f"{text[: _BRIEF - 20]}… {_mark(text)}"


def _indented(lines: Sequence[str], first: str) -> Iterator[str]:
    for place, line in enumerate(lines):
        yield (first if place == 0 else " " * len(first)) + line.rstrip()


def _framed(document: str) -> list[str]:
    """A page inside the page: the data its scripts are given, and its own words."""
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", document, re.DOTALL)
    lines = [f"{len(scripts)} scripts"]
    for script in scripts:
        for found in re.finditer(r'\{"', script):
            try:
                held, _ = json.JSONDecoder().raw_decode(script, found.start())
            except ValueError:
                continue
            lines += list(_value(held, "  "))
            break
    return lines + canonical(re.sub(r"<(script|style).*?</\1>", "", document, flags=re.DOTALL))


def _figure(spec: dict[str, Any]) -> Iterator[str]:
    layout = dict(spec["layout"])
    template = layout.pop("template", None)
    for trace in spec["data"]:
        kept = {n: _plain(n, part) for n, part in trace.items() if (n, part) not in _USUAL}
        kind, name = kept.pop("type", "scatter"), kept.pop("name", "")
        yield from _value(kept, "  ", f"{kind} {name}".rstrip())
    things = {name: layout.pop(name, []) for name in ("shapes", "annotations")}
    yield from _value(layout, "  ", "layout")
    if template is not None:
        yield f"  template {_mark(template)}"
    for name, parts in things.items():
        yield from _things(parts, name)


def _plain(name: str, part: Any) -> Any:
    """A colour scale in one word, a font without the family that all have."""
    if name == "colorscale" and isinstance(part, list):
        own = _SCALES.get(tuple((at, colour) for at, colour in part))
        return own or " ".join(f"{colour}@{_short(at)}" for at, colour in part)
    if name == "textfont":
        return {key: own for key, own in part.items() if key != "family"}
    return part


def _things(parts: list[dict[str, Any]], name: str) -> Iterator[str]:
    """Shapes and annotations, one a line; of many some, and what all of them are."""
    if not parts:
        return
    lines = [_thing(part) for part in parts]
    step = -(-len(lines) // _MOST_THINGS)
    yield f"  {name} {len(lines)}" + (f", {_wording(lines)}" if step > 1 else "")
    yield from (f"    {line}" for line in lines[::step])


def _thing(part: Mapping[str, Any]) -> str:
    left = dict(part)
    kind = left.pop("type", "")
    corners = [left.pop(name) for name in ("x0", "y0", "x1", "y1", "x", "y") if name in left]
    if left.get("line") == {"width": 0}:
        left.pop("line")
    if left.get("showarrow") is False:
        left.pop("showarrow")
    return f"{kind} ({' '.join(map(_short, corners))}) {_short(left)}".strip()


def template(spec: dict[str, Any]) -> str:
    """What a figure takes from its theme: the mark that its page shows, and all of it."""
    held = spec["layout"]["template"]
    return "\n".join([f"template {_mark(held)}", *_value(held, "")]) + "\n"


def _mark(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:8]


def _value(value: Any, indent: str, name: str = "") -> Iterator[str]:
    """A value's lines. On one line what fits there."""
    start = f"{indent}{name}: " if name else indent
    array = _as_array(value)
    if array is not None:
        first, *rest = of_array(array)
        yield start + first
        yield from (f"{indent}  {line}" for line in rest)
    elif isinstance(value, Mapping):
        brief = {key: part for key, part in value.items() if _fits(part)}
        yield f"{start}{_short(brief)}"
        for key in sorted(value.keys() - brief.keys()):
            yield from _value(value[key], f"{indent}  ", str(key))
    elif isinstance(value, list):
        yield from _list(value, start, indent)
    else:
        yield start + _one(value)


def _list(values: list[Any], start: str, indent: str) -> Iterator[str]:
    if all(not isinstance(part, list | Mapping) for part in values):
        yield from _words(values, start, indent)
        return
    line = _short(values)
    if len(start) + len(line) <= _WIDTH:
        yield start + line
        return
    yield f"{start}{len(values)}"
    step = max(1, -(-len(values) // _MOST_THINGS))
    for place in range(0, len(values), step):
        yield from _value(values[place], f"{indent}  ", f"[{place}]")
    if step > 1:
        yield f"{indent}  all: {_wording(values)}"


def _words(values: list[Any], start: str, indent: str) -> Iterator[str]:
    """A flat list that is no array: texts, colours, numbers with gaps."""
    line = _short(values)
    if len(values) <= LONGEST:
        yield start + line
        return
    counted = Counter(map(_one, values))
    if len(counted) <= _MOST_WORDS:
        yield f"{start}{len(values)}: " + ", ".join(f"{n}× {word}" for word, n in counted.items())
        # Which of them stands where.
        yield f"{indent}  order {_mark([list(counted).index(_one(v)) for v in values])}"
        return
    yield f"{start}{len(values)}, {_wording(values)}"
    step = -(-len(values) // _MOST_WORDS)
    yield f"{indent}  " + ", ".join(_one(part) for part in values[::step])


def _wording(values: Any) -> str:
    """A mark of all words in a long list, whatever its numbers and colours are."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return f"words {_mark(re.sub(r'#[0-9A-Fa-f]{6}|[-−<]?[ ]?[0-9][0-9.,e+-]*', '0', text))}"


def _as_array(value: Any) -> np.ndarray[Any, Any] | None:
    if isinstance(value, Mapping) and "bdata" in value:
        array = np.frombuffer(base64.b64decode(value["bdata"]), dtype=value["dtype"])
        shape = [int(part) for part in str(value.get("shape", len(array))).split(",")]
        return array.reshape(shape)
    if isinstance(value, str) and _BASE64.fullmatch(value):
        return np.frombuffer(base64.b64decode(value), dtype=np.uint8)
    if isinstance(value, list) and value and _numeric(value):
        try:
            array = np.array(value, dtype=np.float64 if _gaps(value) else None)
        except ValueError:
            return None
        return array if array.size > LONGEST else None
    return None


def _numeric(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_numeric, value))
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _gaps(value: Any) -> bool:
    return any(map(_gaps, value)) if isinstance(value, list) else value is None


def _fits(value: Any) -> bool:
    """It is written beside others on their line."""
    if isinstance(value, str | int | float) or value is None:
        return _as_array(value) is None and len(str(value)) < _WIDTH
    return not _long(value) and len(_short(value)) <= _WIDTH // 2


def _long(value: Any) -> bool:
    array = _as_array(value)
    if array is not None:
        return array.size > LONGEST
    parts = value.values() if isinstance(value, Mapping) else value
    return isinstance(value, Mapping | list) and any(map(_long, parts))


def _short(value: Any) -> str:
    """On one line, keys in order."""
    array = _as_array(value)
    if array is not None and array.size <= LONGEST:
        return f"[{of_array(array.ravel())[0]}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_short(value[key])}' for key in sorted(value))}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_short, value))}]"
    return _one(value)


def _one(value: Any) -> str:
    if isinstance(value, float):
        return shown(value)
    return json.dumps(value, ensure_ascii=False)


class _Canonical(HTMLParser):
    """HTML with one way to write it: sorted attributes, one kind of quote, one space."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines = [""]
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("style", "script")
        if tag in _OWN_LINE and self.lines[-1]:
            self.lines.append("")
        named = sorted((name, value) for name, value in attrs)
        said = "".join(f' {n}="{escape(v)}"' if v is not None else f" {n}" for n, v in named)
        self.lines[-1] += f"<{tag}{said}>"

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "script")
        self.lines[-1] += f"</{tag}>"

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.lines[-1] += escape(re.sub(r"\s+", " ", data), quote=False)


def canonical(html: str) -> list[str]:
    """HTML's lines, the same for all ways of writing the same thing; styles left out."""
    parser = _Canonical()
    parser.feed(html)
    parser.close()
    return parser.lines
