"""The speaker's notes in a window of their own: a plain page, which the lecture's window leads.

`?notes=1` on any page answers it, without a session of Streamlit's. What it shows comes from the
other window of the same browser by a channel that bears an id of both (`notes/first.js` tells,
`notes/window.js` shows): so a visitor's own lecture never passes through another's session.
"""

from __future__ import annotations

from functools import cache
from json import dumps
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.responses import HTMLResponse

from pages.ui import plain, scripts
from pages.ui.lectures.playing import Playing
from pages.ui.lectures.words import Run, runs
from pages.ui.text import labels, language, t
from viz.board.markup import Safe, template

NAME, ON = "notes", "1"  # of the address
_FOLDER = Path(__file__).with_name("notes")
_ROLES = ("page", "ink", "muted", "grid", "soft", "bad", "q")
_JS = scripts.read(_FOLDER, "window.js")
_PAGE = template(scripts.read(_FOLDER, "window.html"))
# What the page's script says; all else is written where it stands.
_SAID = (
    *("asks", "silent", "none", "left", "gone", "nothing", "last", "right"),
    *("start", "pause", "resume", "not_begun", "running", "in_time", "ahead", "behind"),
)
_tells = scripts.component(
    "dikkat_notes", scripts.read(_FOLDER, "first.js"), "p:empty{display:none}"
)


@cache
def css() -> Safe:
    """The style sheet with both themes' colours."""
    return Safe(plain.colours(_ROLES) + scripts.read(_FOLDER, "window.css"))


def page(spoken: str) -> str:
    """The window's HTML in a language; nothing of any lecture is in it."""
    words = labels("talk.window", spoken=spoken)
    told = dumps({name: words[name] for name in _SAID})
    return _PAGE(lang=spoken, words=words, told=told, css=css(), js=Safe(_JS))


def answer(spoken: str) -> HTMLResponse:
    """The page, which may load its own script and style sheet and nothing else."""
    return HTMLResponse(page(spoken), headers=plain.headers(css(), _JS))


def told(now: Playing) -> dict[str, Any]:
    """What the other window shows of a stop; minutes are planned, from the lecture's beginning."""
    stop, lecture, before = now.stop, now.lecture, now.lecture.before(now.number)
    following = lecture.stops[now.number : now.number + 1]
    until = before + stop.minutes
    return {
        "lecture": "".join(words for _, words in _line(lecture.title)),
        "place": t("talk.place", n=now.number, of=len(lecture.stops)),
        "minutes": t("talk.minutes", first=before, last=until, of=lecture.minutes),
        "title": _line(stop.title),
        "notes": runs(stop.notes, lines=True),
        "question": runs(stop.question),
        "choices": [[_line(one.words), bool(one.right)] for one in stop.choices],
        "answer": runs(stop.answer),
        "next": [_line(one.title) for one in following],
        "first": now.number == 1,
        **{"from": before, "until": until, "whole": lecture.minutes},
    }


def _line(words: str) -> list[Run]:
    """Words that have one paragraph."""
    return [run for line in runs(words) for run in line]


def lead(now: Playing) -> None:
    """Tell the other window, if there is one, at which stop this one is."""
    where = "?" + urlencode({NAME: ON, "lang": language()})
    data = {"now": told(now), "where": where, "blocked": t("talk.window.blocked")}
    _tells(key="talk-told", data=data)
