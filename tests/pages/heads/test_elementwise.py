"""The view of q × k: by link, by click, with several queries, on every kind of model."""

from __future__ import annotations

import pytest

from models.heads.elementwise import products
from models.record import record
from pages.ui import text
from tests.pages.visiting import address, charts, healthy, html, said, visit
from viz.board.board import CELLS

TEXT = "Dogs chase cats"


def told(language: str, key: str) -> str:
    return text.catalogue(language)[key]


def carried(figure: dict[str, object]) -> list[list[int]]:
    traces = figure["data"]
    assert isinstance(traces, list)
    return [mark for one in traces if one.get("name") == CELLS for mark in one["customdata"]]


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize("model", ["minilm", "gpt-mini", "translator"])
def test_it_is_whole_on_every_kind_of_model(model: str, language: str) -> None:
    at = visit("heads", v="2", view="elementwise", model=model, text=TEXT, lang=language)
    healthy(at)
    assert charts(at).keys() == {"products"}
    assert told(language, "heads.products") in html(at)
    assert "✓" in html(at)
    assert told(language, "heads.products_own") in html(at)


def test_what_a_mark_carries_is_chosen_and_stands_in_the_address() -> None:
    at = visit("heads", v="2", view="elementwise", model="minilm", text=TEXT)
    before = html(at)
    mark = [1, 3, 17]
    assert mark[1:] in [one[1:] for one in carried(charts(at)["products"])]
    for name, value in zip(("query", "key", "product"), mark, strict=True):
        at.session_state[name] = value
    at.run()
    healthy(at)
    assert html(at) != before
    assert {"query": "1", "key": "3", "product": "17"}.items() <= address(at).items()
    assert mark in carried(charts(at)["products"])


def test_several_queries_are_summed_by_the_control_and_by_the_link() -> None:
    at = visit("heads", v="2", view="elementwise", model="minilm", text=TEXT, query="1", key="2")
    at.multiselect(key="summed-control").set_value([2, 3]).run()
    healthy(at)
    assert address(at)["summed"] == "2 3"
    found = products(record("minilm", TEXT).block("encoder", 3), 1, [1, 2, 3])
    assert text.notation().fixed(float(found.sums[2])) in html(at)
    again = visit("heads", **address(at))
    assert html(again) == html(at)
    again.multiselect(key="summed-control").set_value([]).run()
    assert "summed" not in address(again)


def test_queries_that_are_not_there_are_told_and_left_out() -> None:
    link = {"v": "2", "view": "elementwise", "model": "minilm", "text": TEXT, "query": "1"}
    at = visit("heads", **link, summed="2 99")
    healthy(at)
    assert address(at)["summed"] == "2"
    assert len(said(at)) == 1
    at = visit("heads", **link, summed="two")
    healthy(at)
    assert "summed" not in address(at)
    assert len(said(at)) == 1
    at = visit("heads", **link, product="99")
    healthy(at)
    assert len(said(at)) == 1


def test_another_text_sums_no_queries_of_the_last_one() -> None:
    link = {"v": "2", "view": "elementwise", "model": "minilm", "text": TEXT, "query": "1"}
    at = visit("heads", **link, summed="2 3")
    at.text_input(key="text").set_value("Cats sleep").run()
    healthy(at)
    assert "summed" not in address(at)


def test_dimensions_are_sorted_on_request_and_hidden_tokens_are_left_out() -> None:
    link = {"v": "2", "view": "elementwise", "model": "minilm", "text": TEXT}
    at, other = visit("heads", **link), visit("heads", **link, sorted="1", hide="1")
    healthy(other)
    assert told("en", "heads.products_sorted") in html(other)
    keys, fewer = ({one[1] for one in carried(charts(page)["products"])} for page in (at, other))
    assert fewer == keys - {min(keys), max(keys)}


def test_a_masked_key_is_told_as_such() -> None:
    link = {"v": "2", "view": "elementwise", "model": "gpt-mini", "text": "The old man"}
    figure = charts(visit("heads", **link, query="1", key="2"))["products"]
    words = [word for trace in figure["data"] for word in trace.get("text") or ()]
    assert told("en", "heads.elementwise.all_masked") in words
