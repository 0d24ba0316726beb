"""What a file is called: page, view, model, and the places chosen on it, in letters that every
disk, mail and LMS takes."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from pages.ui import state
from pages.ui.topic import topic

LONGEST = 120  # characters
_PLACES = ("layer", "head", "query", "key", "unit", "step", "beam")
_LETTERS = str.maketrans({"ı": "i", "İ": "I", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"})
_OTHER = re.compile(r"[^A-Za-z0-9.]+")


def stem(page: str) -> str:
    """dikkat_heads_minilm_layer-3_head-2: without an ending."""
    view = chosen("view")
    parts = ["dikkat", page, view if view != page else None, _model()]
    parts += [f"{name}-{value}" for name in _places(page) if (value := whole(name)) is not None]
    return "_".join(safe(str(part)) for part in parts if part)[:LONGEST]


def _places(page: str) -> list[str]:
    """What can be chosen on the page: all pages share the names, each uses a few."""
    here = topic(page)
    told = {*here.defaults, *(one.name for one in here.own), *state.address()}
    if here.section == "attention":
        told |= {"layer", "head"}
    return [name for name in _PLACES if name in told]


def safe(text: str) -> str:
    """ASCII letters, figures, dots and hyphens: "Köpek/ığ" → "Kopek-ig"."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return _OTHER.sub("-", kept).strip("-.")


def chosen(name: str) -> Any:
    """A parameter's value; None: the page has none of that name, or nothing is chosen."""
    try:
        return state.get(name)
    except KeyError:
        return None


def whole(name: str) -> int | None:
    """A parameter that is a whole number."""
    value = chosen(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _model() -> str:
    """The model's id; of a folder its name, for a path is nobody else's business."""
    value = str(chosen("model") or "")
    return value if re.fullmatch(r"[\w.-]+(/[\w.-]+)?", value) else re.split(r"[\\/]", value)[-1]
