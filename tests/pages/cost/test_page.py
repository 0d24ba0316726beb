"""The cost page in both languages: every view, its steps, what was measured here, its checks."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from models.cost import measure
from models.cost.timings import stored
from pages.cost import SLIDERS, TOPIC
from pages.cost import layers as layers_view
from pages.cost import tiles as tiles_view
from pages.ui.text import LANGUAGES, catalogue
from tests.pages.visiting import address, healthy, html, said, spied, visit

LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


def fine(at: AppTest) -> None:
    healthy(at)
    assert "class='provenance'" in html(at)
    assert "class='good'" in html(at)
    assert "class='bad'" not in html(at)


@LANGUAGE
@pytest.mark.parametrize("view", TOPIC.views[:2])
def test_every_view_opens_by_its_link(view: str, language: str) -> None:
    at = visit("cost", view=view, lang=language)
    fine(at)
    assert not said(at)
    assert at.title[0].value == catalogue(language)["cost.title"]


@pytest.mark.parametrize("row", [0, 1, 2, 3])
def test_every_count_of_operations_and_every_path_is_checked(row: int) -> None:
    for column in (0, 2):
        fine(visit("cost", layer_type=str(row), quantity=str(column), tokens="16"))


def test_the_arrows_double_the_length_until_the_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = spied(monkeypatch, layers_view, "costs")
    at = visit("cost", tokens="2048")
    at.button(key="next").click().run()
    fine(at)
    assert at.button(key="next").disabled
    assert [call[0].sizes.n for call in seen] == [2048, 4096]
    assert address(at)["tokens"] == "4096"


def test_the_measured_lengths_are_those_to_choose_from() -> None:
    assert SLIDERS["tokens"].choices == stored().lengths == measure.LENGTHS
    assert (stored().d, stored().r) == (measure.WIDTH, measure.WINDOW)


def test_what_is_measured_here_replaces_what_came_along(monkeypatch: pytest.MonkeyPatch) -> None:
    here = measure.measure((16, 32), 1, enough=0, fewest=1)
    monkeypatch.setattr(measure, "anew", lambda: here)
    seen = spied(monkeypatch, layers_view, "costs")
    at = visit("cost", tokens="32")
    at.button(key="measure").click().run()
    fine(at)
    assert [call[0].timings is here for call in seen] == [False, True]
    at.button(key="next").click().run()  # longer than was measured
    fine(at)


def test_a_measurement_that_fails_is_said_and_the_stored_one_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails() -> None:
        raise OSError("no")

    monkeypatch.setattr(measure, "anew", fails)
    at = visit("cost")
    at.button(key="measure").click().run()
    fine(at)
    assert said(at)


def test_a_public_app_measures_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIKKAT_MODE", "public")
    at = visit("cost")
    fine(at)
    assert "measure" not in [button.key for button in at.button]


def test_a_row_is_walked_until_it_is_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = spied(monkeypatch, tiles_view, "walk")
    at = visit("cost", view="tiles")
    for _ in range(3):
        at.button(key="next").click().run()
        fine(at)
    assert at.button(key="next").disabled
    assert [(call[0].step, call[0].done) for call in seen] == [
        *((step, False) for step in range(3)),
        (3, True),
    ]


def test_fewer_tiles_keep_the_step_inside() -> None:
    at = visit("cost", view="tiles", step="9")
    healthy(at)
    assert said(at)
    assert address(at).get("step", "0") == "0"
