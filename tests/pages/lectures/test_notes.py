"""The speaker's window: a plain page that holds no lecture, and what the first one tells it."""

from __future__ import annotations

import base64
import json
import re
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

import app
from pages.ui import presenter, text
from pages.ui.lectures import bar, notes, shipped
from pages.ui.lectures.lecture import lecture
from pages.ui.lectures.playing import Playing
from pages.ui.lectures.words import runs
from pages.ui.text import LANGUAGES
from tests.pages.lectures.test_lecture import GOOD, WORDS
from tests.pages.visiting import key_of, visit

CLIENT = TestClient(Starlette(routes=[r for r in app.app._user_routes if isinstance(r, Route)]))


class Tags(HTMLParser):
    """All tags of a page with their attributes, and what stands in scripts and style sheets."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] in ("script", "style"):
            self.inside.setdefault(self.tags[-1][0], data)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", ["/", "/scores"])
def test_any_page_with_notes_answers_the_window_in_the_readers_language(
    path: str, lang: str
) -> None:
    answer = CLIENT.get(f"{path}?notes=1", headers={"accept-language": lang})
    words = text.catalogue(lang)
    assert answer.status_code == 200
    assert f'<html lang="{lang}">' in answer.text
    assert words["talk.window.alone"] in answer.text
    assert "&lt;" not in answer.text
    assert CLIENT.get(f"{path}?notes=1&lang=tr").text == notes.page("tr")
    assert "__streamlit" in CLIENT.get(f"{path}?notes=0").text


def test_a_browser_may_load_nothing_but_its_own_script_and_style_sheet() -> None:
    answer = CLIENT.get("/?notes=1")
    policy, found = answer.headers["content-security-policy"], Tags(answer.text)
    for name in ("script", "style"):
        digest = base64.b64encode(sha256(found.inside[name].encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert [tag for tag, _ in found.tags].count("script") == 1
    given = {name for _, named in found.tags for name in named}
    assert not [name for name in given if name.startswith("on") or name in ("src", "style")]
    assert "innerHTML" not in found.inside["script"]


def test_what_its_script_says_is_escaped_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "</script><img src=x onerror=alert(1)>'\"&"
    said = dict.fromkeys(text.labels("talk.window", spoken="en"), hostile)
    monkeypatch.setattr(notes, "labels", lambda *_, **__: said)
    found = Tags(notes.page("en"))
    assert "img" not in [tag for tag, _ in found.tags]
    body = next(named for tag, named in found.tags if tag == "body")
    assert set(json.loads(body["data-words"] or "").values()) == {hostile}


@given(WORDS)
def test_words_are_handed_over_letter_by_letter(words: str) -> None:
    """All but the marks: and no kind that the window would not know."""
    found = [run for line in runs(words) for run in line]
    assert {kind for kind, _ in found} <= {"", "bold", "slanted", "code", "formula"}
    if any(kind == "formula" for kind, _ in found):
        return  # written in signs: tests/viz/export/test_formula_text.py
    bare = re.sub(r"[*`$\s\0]", "", words)
    assert re.sub(r"[*`$\s]", "", "".join(one for _, one in found)) == bare


def test_it_is_told_of_a_stop_all_that_a_speaker_needs() -> None:
    found = lecture(GOOD.replace("> Say.", "> Say *this*.\n> <b>Then</b> that."))
    now = notes.told(Playing("own", found, 1))
    assert now["notes"] == [
        [("", "Say "), ("slanted", "this"), ("", ".")],
        [("", "<b>Then</b> that.")],
    ]
    assert now["choices"] == [[[("", "A")], True], [[("", "B")], False]]
    assert (now["answer"], now["next"], now["first"]) == ([[("", "Answer.")]], [], True)
    assert (now["from"], now["until"], now["whole"]) == (0, 2, 2)


def test_a_formula_is_told_in_signs() -> None:
    assert runs(r"Here $\alpha_{ij} = q \cdot k / \sqrt{d_k}$.") == [
        [("", "Here "), ("formula", "αᵢⱼ = q · k / √dₖ"), ("", ".")]
    ]


def component(at: AppTest) -> list[dict[str, Any]]:
    """What the first window is handed to tell."""
    protos = [one.proto for one in at.get("bidi_component") if key_of(one) == "talk-told"]
    return [json.loads(proto.json) for proto in protos]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_bar_tells_where_the_lecture_is_and_opens_the_window(lang: str) -> None:
    found = shipped.shipped("by-hand", lang)
    at = visit("scores", v="2", lang=lang, talk="by-hand", stop="2", **found.stops[1].place.said)
    [data] = component(at)
    assert data["where"] == f"?notes=1&lang={lang}"
    assert "".join(words for line in data["now"]["next"] for _, words in line) == (
        found.stops[2].title
    )
    at.button(key="talk-notes").click().run()
    assert "(V)" in at.button(key="talk-window").label
    at.button(key="talk-next").click().run()
    assert component(at)[0]["now"]["from"] == found.before(3)
    at.button(key="talk-leave").click().run()
    assert not component(at)


def test_the_list_of_keys_has_those_of_a_lecture_while_one_plays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listed: list[dict[str, Any]] = []
    monkeypatch.setattr(presenter, "_browser", lambda **props: listed.append(props["data"]["keys"]))
    visit("scores", v="2", lang="en", talk="by-hand", stop="1", mode="hand")
    visit("scores", v="2", lang="en", mode="hand")
    playing, alone = listed[-2:]
    assert {name: caps for name, (caps, _) in playing.items() if name.startswith("talk-")} == {
        f"talk-{name}": caps for name, caps in bar.KEYS.items()
    }
    assert not [name for name in alone if name.startswith("talk-")]


def test_every_key_that_a_lecture_hears_is_listed() -> None:
    caps = {key.replace("Shift+", "⇧") for _, key in bar._PRESSES.values()}
    assert {one for listed in bar.KEYS.values() for one in listed.split()} == {*caps, "V"}
    hall = {one for said in presenter._KEYS.values() for one in said.split()}
    assert not hall & {one for listed in bar.KEYS.values() for one in listed.split()}
