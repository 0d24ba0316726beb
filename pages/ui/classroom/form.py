"""The class's pages and the lecturer's second one: plain HTML of one origin, without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pages.ui import plain
from pages.ui.classroom import answers
from pages.ui.classroom.store import Standing
from pages.ui.text import SPOKEN, endonym, labels, notation
from viz.board.markup import Safe, joined, template
from viz.board.notation import visible
from viz.board.theme import DARK, LIGHT
from viz.tables.tally import model_answer, tally

JOIN, LECTURE = "/class", "/class/lecture"
AGAIN = 8  # seconds after which a page that waits is looked at again
AGAIN_LECTURER = 3
_FOLDER = Path(__file__).with_name("form")
SHEET = _FOLDER.with_name("tally.css")  # the panel's, too
_ROLES = ("page", "ink", "muted", "grid", "soft", "hatch", "weight", "bad", "q")


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


_PIECES = {name: template(_read(f"{name}.html")) for name in ("join", "told", "room", "lecture")}
_LAYOUT = template(_read("layout.html"))
_LINE = template("<p class='count'>{{ words }}</p>")


@cache
def css() -> Safe:
    """The style sheet with both themes' colours."""
    # Round what is pressed: 3 : 1 on the page.
    own = plain.colours(_ROLES, {"line": (LIGHT.hatch, DARK.hatch)})
    return Safe(f"{own}{_read('form.css')}{SHEET.read_text('utf-8')}")


@cache
def headers() -> dict[str, str]:
    """What goes along with these pages: no scripts."""
    return plain.headers(css(), forms=True)


def words(language: str) -> dict[str, Any]:
    """What these pages say in a language."""
    return dict(labels("classroom.form", spoken=language))


def _page(
    language: str, kind: str, path: str, title: str, body: Safe, *, code: str = "", again: int = 0
) -> str:
    languages = [(one, endonym(one), address(path, one)) for one in SPOKEN]
    return _LAYOUT(
        **{"lang": language, "kind": kind, "title": title, "body": body, "code": code},
        **{"again": again, "css": css(), "languages": languages},
    )


def address(path: str, language: str, **more: str) -> str:
    """A page of these in a language."""
    return f"{path}?{urlencode({'lang': language, **more})}"


def join(language: str, given: str = "", trouble: str = "") -> str:
    """Where the code is typed. trouble: what was wrong with the one that was given."""
    said = words(language)
    filled = {"words": said, "given": given, "trouble": _trouble(said, trouble)}
    body = _PIECES["join"](**filled, action=JOIN, lang=language)
    return _page(language, "class", JOIN, said["title"], body)


def told(language: str, trouble: str, back: str) -> str:
    """A page that says nothing but what went wrong. back: where it goes on."""
    said, title = words(language), words(language)["title"]
    filled = {"words": said, "trouble": _trouble(said, trouble), "title": title}
    return _page(language, "class", back, title, _PIECES["told"](**filled, back=back))


def room(
    language: str,
    now: Standing,
    counts: Mapping[str, int],
    *,
    given: Mapping[str, str] | None = None,
    trouble: str = "",
    change: bool = False,
) -> str:
    """What one of the class sees. given: what was sent, where it was no answer.

    change: the answer of before is to be changed.
    """
    said, asked, path = words(language), now.question, f"{JOIN}/{now.code}"
    thanked = now.mine is not None and not change and not trouble
    still = now.state == "open" and not thanked
    table: Safe = Safe()
    mine = model = ""
    sides: list[tuple[str, str, list[str]]] = []
    if asked is not None:
        if now.mine is not None:
            mine = visible(answers.worded(asked, now.mine, notation(language)))
        if now.state == "revealed":
            table, model = _revealed(language, now, counts)
        for name, tokens in (("query", asked.queries), ("key", asked.keys)):
            sides.append((name, said[name], [visible(token) for token in tokens]))
    body = _PIECES["room"](
        **{"words": said, "now": now, "mine": mine, "tally": table, "model": model},
        **{"sides": sides, "given": _given(now, given), "trouble": _trouble(said, trouble)},
        **{"action": address(path, language), "change": address(path, language, change="1")},
        thanked=thanked,
    )
    title = said["waiting"] if asked is None else asked.text
    again = 0 if still else AGAIN
    return _page(language, "class", path, title, body, code=now.code, again=again)


def _revealed(language: str, now: Standing, counts: Mapping[str, int]) -> tuple[Safe, Safe]:
    """The class's answers with the revealed one, and that one in a line."""
    said, asked, own = words(language), now.question, notation(language)
    assert asked is not None
    shown = answers.rows(asked, counts, own, said, revealed=True, mine=now.mine)
    model = Safe()
    if asked.answer is not None:
        answer = answers.worded(asked, asked.answer, own)
        model = model_answer(said[f"answer_{asked.source}"], answer, asked.where)
    return joined([model, tally(shown), _middle(said, language, now, counts)], ""), model


def _middle(
    said: Mapping[str, Any], language: str, now: Standing, counts: Mapping[str, int]
) -> Safe:
    found = now.question and answers.middle(now.question, counts, notation(language))
    return _LINE(words=said["median"].format(value=found)) if found else Safe()


def lecture(
    language: str, now: Standing, counts: Mapping[str, int], where: str, picture: bytes
) -> str:
    """The lecturer's own page of a class. where: the class's address; picture: its QR code, SVG."""
    said, path = words(language), LECTURE
    table: Safe = Safe()
    count = ""
    if now.question is not None:
        count = said["count"].format(count=sum(counts.values()))
        if now.state == "revealed":
            table = _revealed(language, now, counts)[0]
        else:
            table = tally(answers.rows(now.question, counts, notation(language), said))
    body = _PIECES["lecture"](
        **{"words": said, "now": now, "where": where, "picture": Safe(picture.decode())},
        **{"count": count, "tally": table, "action": address(path, language)},
    )
    title = said["lecturer"]
    again = 0 if now.state == "revealed" else AGAIN_LECTURER
    return _page(language, "lecture", path, title, body, again=again)


def _trouble(said: Mapping[str, Any], code: str) -> str:
    return str(said[code]) if code else ""


def _given(now: Standing, sent: Mapping[str, str] | None) -> dict[str, str]:
    """What the form's fields begin with: what was sent, else the answer of before."""
    begin = dict.fromkeys(("choice", "number", "query", "key"), "")
    if sent is not None:
        return begin | {name: value for name, value in sent.items() if name in begin}
    if now.question is None or now.mine is None:
        return begin
    if now.question.kind == "cell":
        query, _, key = now.mine.partition(",")
        return begin | {"query": query, "key": key}
    return begin | {now.question.kind: now.mine}
