"""Every view says in a sentence what is on screen now; pages begin at their first step."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pages.registry import TOPICS
from pages.ui.text import LANGUAGES
from tests.pages.visiting import healthy, html, visit
from tests.viz.sentences import OWN_TAGS, read

VIEWS = [
    (topic.slug, view)
    for topic in TOPICS
    if topic.chapter  # home has a sentence of its own, the glossary shows no numbers
    for view in (topic.views or ("",))
]
STAGED = [*VIEWS, *(("scores", f"step={step}") for step in range(1, 9))]
# Where the buttons choose among cells or sizes, and the first one shown is chosen by a measure.
BY_MEASURE = {
    ("lstm", "bias"),
    ("memory", "clipping"),
    *(("cost", "layers"), ("cost", "lora"), ("cost", "cache")),
    ("bert", "mask"),
    ("positions", "ways"),
    ("positions", "shuffle"),
    ("vision", "attention"),
    ("vision", "rollout"),
}
UNSTEPPED = {
    *(("heads", view) for view in ("heads", "elementwise", "compare", "head_view", "model_view")),
    *(("bert", "next"), ("bert", "between"), ("gpt", "induction")),
}
NOW = re.compile(
    r"<p class='now'>(?P<said>.*) <span class='then'>(?P<then>.*?)</span>"
    r"(?: <span class='why'>(?P<why>.*)</span>)?</p>"
)
HOSTILE = "<img src=x onerror=alert(1)> </bdi><b>x</b> & שלום {query}"


def opened(page: str, view: str, **more: str) -> Any:
    return visit(page, **{"v": "2", "view": view, **more} if view else more)


def now(at: Any) -> dict[str, str]:
    """said, then and why of the one sentence on a page."""
    (found,) = NOW.finditer(html(at))
    return {name: text or "" for name, text in found.groupdict().items()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("page", "view"), VIEWS)
def test_every_view_says_what_is_on_screen_and_what_to_do(
    page: str, view: str, language: str
) -> None:
    at = opened(page, view, lang=language)
    healthy(at)
    sentence = now(at)
    for part in ("said", "then"):
        words = read(sentence[part])
        assert words.endswith(".")
        assert not re.search(r"[{}]|None", words)
    assert re.search(r"\d", sentence["said"])
    before = html(at).split("<p class='now'>")[0]
    assert "class='section'" not in before  # nothing of the picture stands above it
    assert "class='provenance'" not in before


@pytest.mark.parametrize(("page", "view"), [one for one in VIEWS if one not in UNSTEPPED])
def test_a_page_begins_at_its_first_step_and_follows_every_other(page: str, view: str) -> None:
    at = opened(page, view)
    if (page, view) not in BY_MEASURE:
        assert at.button(key="previous").disabled
    first = now(at)
    at.button(key="next").click().run()
    healthy(at)
    assert now(at)["said"] != first["said"]
    at.button(key="previous").click().run()
    assert now(at) == first


def test_each_step_of_the_scores_says_what_it_is() -> None:
    at = visit("scores")
    told = [now(at)]
    for _ in range(7):
        told.append(now(at.button(key="next").click().run()))
    assert at.button(key="next").disabled
    assert len({one["said"] for one in told}) == len({one["then"] for one in told}) == 8
    assert all("→" in one["then"] for one in told[:-1])


def test_it_follows_the_chosen_cell_head_and_model() -> None:
    at = visit("heads")
    told = [now(at)["said"]]
    for changed in ({"query": 3, "key": 5}, {"head": 5}, {"layer": 0}):
        for name, value in changed.items():
            at.session_state[name] = value
        told.append(now(at.run())["said"])
    assert len(set(told)) == 4


@pytest.mark.parametrize(
    ("page", "name", "begins", "then"),
    [
        ("scores", "step", 1, 5),
        ("lstm", "step", 0, 8),
        ("translator", "stage", "source", "cross"),
        ("gpt", "step", 0, 3),
        ("vision", "step", 0, 4),
        ("positions", "step", 0, 6),
    ],
)
def test_old_links_keep_their_defaults_and_new_ones_what_they_say(
    page: str, name: str, begins: object, then: object
) -> None:
    fresh, versioned, silent = (
        visit(page, **link) for link in ({}, {"v": "2", "exact": "1"}, {"exact": "1"})
    )
    for at, value in ((fresh, begins), (versioned, begins), (silent, then)):
        shown = at.session_state[name] if name in at.session_state else None  # noqa: SIM401
        assert shown == value or (shown is None and value == begins)
    explicit = visit(page, v="2", **{name: str(then)})
    assert explicit.session_state[name] == then


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["heads", "scores", "lstm", "seq2seq", "translator", "positions"])
def test_a_visitors_text_brings_no_markup_into_the_sentence(page: str, language: str) -> None:
    at = visit(page, v="2", text=HOSTILE, lang=language)
    assert not at.exception
    for part in now(at).values():
        assert "<" not in OWN_TAGS.sub("", part)


def test_a_reason_is_told_only_of_what_the_page_itself_chose() -> None:
    assert "72" in now(visit("heads"))["why"]
    for link in ({"head": "5"}, {"query": "3", "key": "2"}, {"text": "Dogs bark"}):
        assert not now(visit("heads", v="2", **link))["why"]
    assert now(visit("lstm"))["why"]
    assert not now(visit("lstm", v="2", unit="3"))["why"]
