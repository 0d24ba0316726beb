"""The files that a page hands out, each built from what it drew, when somebody asks for it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from streamlit.file_util import get_static_dir

from models.export.arrays import NamedArray, Selection, named, within
from models.export.files import as_csv, as_npz
from pages.ui.export import drawn, naming, notebook
from pages.ui.text import language, notation, t
from viz.board.theme import theme
from viz.export.document import document
from viz.export.layers import layered
from viz.export.page import standalone

_FONT = "static/media/SourceSansVF-Upright*.woff2"


class NothingThere(LookupError):
    """The page has nothing on screen that this file could hold."""


@dataclass(frozen=True, slots=True)
class File:
    """name: with its ending; kind: its media type."""

    name: str
    kind: str
    content: bytes


def made(what: str, page: str, link: str = "") -> File:
    """A file of what the page shows now. what: a key of `KINDS`; link: of the page, for its reader.

    KeyError: no such file; NothingThere.
    """
    make, kind = KINDS[what]
    stem = naming.stem(page)
    content = make(_Page(page, stem, link if urlsplit(link).scheme in ("http", "https") else ""))
    return File(f"{stem}.{what}", kind, content)


def there() -> list[str]:
    """The kinds of which the page has something on screen; numbers are looked for when asked."""
    now = drawn.all_drawn()
    records = {} if now.supposed else now.questions
    has = {"html": now.figures, "tex": now.sums, "csv": records, "npz": records}
    has["table"] = {**now.figures, **records}
    has["ipynb"] = [one for one in records.values() if notebook.can(one)]  # type: ignore[assignment]
    return [what for what, some in has.items() if some]


@dataclass(frozen=True, slots=True)
class _Page:
    """name: the topic's; stem: of file names."""

    name: str
    stem: str
    link: str

    @property
    def title(self) -> str:
        return t(f"{self.name}.title")

    def about(self, now: drawn.Drawn) -> dict[str, str]:
        """What the file is, line by line."""
        lines = {"Dikkat": self.title, t("takealong.shows"): now.now}
        lines |= {t("takealong.source"): now.source, t("takealong.link"): self.link}
        return {name: value for name, value in lines.items() if value}


def _html(page: _Page) -> bytes:
    now = drawn.all_drawn()
    if not now.figures:
        raise NothingThere("no figure")
    shown = theme(st.context.theme.type)
    words = {"language": language(), "title": page.title, "now": now.now, "link": page.link}
    written = standalone(
        layered(now.figures), now.names, shown, lines=[now.source], font=_font(), **words
    )
    return written.encode()


@cache
def _font() -> str:
    """The app's own type, in base64, so that a page looks the same offline; "": it is not here."""
    files = sorted(Path(get_static_dir()).glob(_FONT))
    return base64.b64encode(files[0].read_bytes()).decode() if files else ""


def _tex(page: _Page) -> bytes:
    now = drawn.all_drawn()
    if not now.sums:
        raise NothingThere("no sum")
    lines = [now.source, *filter(None, [page.link])]
    name = f"{page.stem}.tex"
    return document(list(now.sums), title=page.title, file=name, now=now.now, lines=lines).encode()


def _csv(page: _Page) -> bytes:
    arrays, about = _numbers(page)
    return as_csv(arrays, about, decimal=notation().decimal)


def _npz(page: _Page) -> bytes:
    return as_npz(*_numbers(page))


def _numbers(page: _Page) -> tuple[tuple[NamedArray, ...], dict[str, str]]:
    """The arrays of all records that the page asked for, and what the file is."""
    now = _as_it_is()
    found, left = _arrays(now)
    if not found:
        raise NothingThere("no array")
    about = page.about(now)
    if left:
        about[t("takealong.left_out")] = ", ".join(left)
    return found, about


def arrays(now: drawn.Drawn) -> tuple[NamedArray, ...]:
    """The arrays of all records that the page asked for; of a what-if none."""
    return () if now.supposed else _arrays(now)[0]


def _arrays(now: drawn.Drawn) -> tuple[tuple[NamedArray, ...], list[str]]:
    """The arrays, and the names of those that are too large."""
    found, left, several = list[NamedArray](), list[str](), False
    for number, (question, record) in enumerate(drawn.answers(now), 1):
        own, out = within(named(record, choice()))
        several = several or bool(found and own)
        start = f"{number}.{question.function.lstrip('_')}." if several else ""
        found += [_renamed(each, start) for each in own]
        left += out
    return tuple(found), left


def _as_it_is() -> drawn.Drawn:
    """What was drawn; NothingThere in a what-if: the records hold what the model itself did."""
    now = drawn.all_drawn()
    if now.supposed:
        raise NothingThere("a what-if")
    return now


def _renamed(one: NamedArray, start: str) -> NamedArray:
    return NamedArray(start + one.name, one.values, one.labels, one.path)


def choice() -> Selection:
    """What is chosen on the page of what records tell apart."""
    kind = naming.chosen("kind")
    layer, head = (naming.whole(name) for name in ("layer", "head"))
    return Selection(None if kind is None else str(kind), layer, head)


def _ipynb(page: _Page) -> bytes:
    now = _as_it_is()
    found = [(q, named(r, choice())) for q, r in drawn.answers(now) if notebook.can(q)]
    cells = [(question, arrays) for question, arrays in found if arrays]
    if not cells:
        raise NothingThere("no record")
    return notebook.written(cells, page.about(now), page.title).encode()


KINDS: dict[str, tuple[Callable[[_Page], bytes], str]] = {
    "html": (_html, "text/html;charset=utf-8"),
    "csv": (_csv, "text/csv;charset=utf-8"),
    "npz": (_npz, "application/octet-stream"),
    "tex": (_tex, "application/x-tex;charset=utf-8"),
    "ipynb": (_ipynb, "application/x-ipynb+json"),
}


def reply(what: str, page: str, link: str) -> dict[str, Any]:
    """A file as a component hands it to the browser: name, kind and base64."""
    file = made(what, page, link)
    return {
        "name": file.name,
        "kind": file.kind,
        "base64": base64.b64encode(file.content).decode(),
    }
