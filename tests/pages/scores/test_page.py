"""The scores page in both languages: every step, every switch, by hand, and bad links."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from models.core.by_hand import ByHand, worked_example
from models.scores.by_hand import encode
from pages.scores import clicks
from pages.scores.by_hand import figure_height
from pages.ui import charts
from pages.ui.text import LANGUAGES, catalogue
from tests.pages.visiting import charts as charts_of
from tests.pages.visiting import said
from tests.pages.visiting import visit as visited

STEPS = range(1, 9)


def visit(**address: object) -> AppTest:
    """The scores page opened cold by a link."""
    return visited("scores", **{name: str(value) for name, value in address.items()})


def sums(app: AppTest) -> str:
    """All formulas, without colours."""
    tex = " ".join(str(formula.value) for formula in app.latex)
    while re.search(r"\\textcolor", tex):
        tex, count = re.subn(r"\\textcolor\{#\w{6}\}\{((?:[^{}]|\{[^{}]*\})*)\}", r"\1", tex)
        assert count
    return tex


def html(app: AppTest) -> str:
    """Everything that our own HTML says, but for the marks that explain signs."""
    bodies = " ".join(element.proto.body for element in app.get("html"))
    return re.sub(r"</?abbr\b[^>]*>", "", bodies)


def linked(app: AppTest, name: str) -> str:
    """What the address says; AppTest gives a text or a list of texts."""
    value = app.query_params[name]
    return value if isinstance(value, str) else value[0]


def fine(app: AppTest) -> None:
    assert not app.exception
    stops = "symmetric", "shared", "spreads", "ways", "split", "one-and-four", "runs"
    assert [key for key in charts_of(app) if key not in stops] == ["scene"]
    assert "provenance" in html(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_opens_by_its_link_with_its_sum_and_check(step: int, language: str) -> None:
    app = visit(step=step, lang=language, dim=3, out=40)
    fine(app)
    below = {1: 6, 3: 2, 4: 1, 7: 3}  # formulas of what stands below these steps
    assert len(app.latex) == 2 + below.get(step, 0)
    assert not said(app)
    assert app.radio(key="step").value == step
    assert catalogue(language)[f"scores.head.{step}"] in html(app).replace("&#x27;", "'")
    assert "class='good'" in html(app)


def test_the_first_picture_is_the_known_cell_of_the_known_sentence() -> None:
    fine(visit())
    assert r"\frac{29.01}{49.52} = 0.5857" in sums(visit(step=5))
    assert "= 0.5857" in sums(visit(v=2, step=5))  # of the head that pages begin with today


def test_turkish_numbers_have_a_comma() -> None:
    assert "0{,}5857" in sums(visit(lang="tr", step=5))


def test_the_causal_what_if_is_marked_and_compared_with_the_models_own() -> None:
    app = visit(mask="causal")
    assert r"\frac{29.01}{45.89} = 0.6320" in sums(app)
    assert "what if: causal mask" in html(app)
    assert "dot whatif" in html(app)
    assert "before the what-if: Σ α·v of all heads matches" in html(app)
    assert "✓ Σ α·v of all heads" not in html(app)
    assert "<b>0.5857</b>" in html(app)


@pytest.mark.parametrize("mask", ["none", "causal", "padding", "window"])
@pytest.mark.parametrize("step", [3, 5, 8])
def test_every_what_if_has_every_step(mask: str, step: int) -> None:
    app = visit(mask=mask, step=step, scale=0)
    fine(app)
    assert "not divided by √dₖ" in html(app)


def test_no_mask_is_no_what_if_where_the_model_masks_nothing() -> None:
    app = visit(mask="none")
    assert "what-if'" not in html(app)
    assert "dot live" in html(app)


@pytest.mark.parametrize("step", [7, 8])
def test_under_a_what_if_the_other_heads_are_said_to_be_the_models_own(step: int) -> None:
    words = "The other heads are the model’s own"
    assert words in html(visit(mask="causal", step=step))
    assert words not in html(visit(step=step))


def test_next_and_previous_walk_through_the_steps() -> None:
    app = visit(step=1)
    assert app.button(key="previous").disabled
    for step in range(2, 9):
        app.button(key="next").click().run()
        assert app.radio(key="step").value == step
        assert not app.exception
    assert app.button(key="next").disabled
    app.button(key="previous").click().run()
    assert linked(app, "step") == "7"


def test_more_digits_and_all_terms_on_request() -> None:
    app = visit(step=2)
    assert "24 more" in sums(app)
    app.toggle(key="all").set_value(True).run()
    app.toggle(key="exact").set_value(True).run()
    assert "more" not in sums(app)
    assert sums(app).count(r"\cdot ") == 32 + 1
    assert len(app.latex) == 3  # the result stands below the box that scrolls
    assert re.search(r"\d\.\d{4}", sums(app))
    assert (linked(app, "all"), linked(app, "exact")) == ("1", "1")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", STEPS)
def test_by_hand_every_step_is_the_worked_example(step: int, language: str) -> None:
    app = visit(mode="hand", step=step, lang=language)
    fine(app)
    assert not said(app)
    assert "dot example" in html(app)
    assert r"\text{yemek}" in sums(app)


def test_by_hand_the_lessons_numbers_stand_on_the_page() -> None:
    assert r"2 \cdot 2 + (-1) \cdot 1 = 3" in sums(visit(mode="hand", step=2))
    assert "= 0.196" in sums(visit(mode="hand", step=5))
    assert r"\frac{20.086}{168.5" in sums(visit(mode="hand", step=5, scale=0))
    assert "-0.762" in sums(visit(mode="hand", step=6, dim=1, scale=0))


def test_what_rounding_first_costs_is_said_as_it_is() -> None:
    page = html(visit(mode="hand", step=6))
    assert "(0.00, 0.80, 0.19), together 0.99" in page
    assert "(1.98, −0.61) instead of (1.999, −0.609)" in page
    assert "(2.00, −0.60)" in page
    turkish = html(visit(mode="hand", step=6, lang="tr"))
    assert "(1,999; −0,609) yerine (1,98; −0,61)" in turkish


def test_edited_numbers_come_back_from_their_link_and_are_marked() -> None:
    hand = worked_example()
    edited = ByHand(("a", "b", "c"), hand.x * 2, hand.w_q, hand.w_k, hand.w_v)
    app = visit(mode="hand", step=2, matrix=encode(edited))
    fine(app)
    assert r"4 \cdot 4 + (-2) \cdot 2 = 12" in sums(app)
    assert "dot whatif" in html(app)
    assert "your own numbers" in html(app)


def test_more_words_and_dimensions_and_back_to_the_example() -> None:
    app = visit(mode="hand", step=2)
    words = next(n for n in app.number_input if str(n.key).startswith("hand-words"))
    words.set_value(5).run()
    dimensions = next(n for n in app.number_input if str(n.key).startswith("hand-dimensions"))
    dimensions.set_value(3).run()
    fine(app)
    assert "koşarken,yemek,yedik,4,5~" in linked(app, "matrix")
    app.button(key="hand-reset").click().run()
    assert "matrix" not in app.query_params
    assert "dot example" in html(app)


def test_switching_to_by_hand_forgets_the_sentences_cell_without_complaint() -> None:
    app = visit(query=9, key=8, dim=30)
    app.session_state["mode"] = "hand"
    for name in ("query", "key", "dim", "out"):
        app.session_state[name] = None
    app.run()
    fine(app)
    assert not said(app)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ({"step": 99}, "There is no step 99"),
        ({"step": 0}, "There is no step 0"),
        ({"step": "x"}, "“step”"),
        ({"layer": 99}, "Layer 99 is not there"),
        ({"head": 12}, "Head 12 is not there"),
        ({"query": 400}, "Query 400 is not there"),
        ({"dim": 32}, "Dimension 32 is not there: it goes from 0 to 31"),
        ({"out": 384}, "Output dimension 384 is not there: it goes from 0 to 383"),
        ({"part": "w"}, "“part”"),
        ({"mask": "sideways"}, "“mask”"),
        ({"scale": "maybe"}, "“scale”"),
        ({"mode": "foot"}, "“mode”"),
        ({"model": "no-such-model"}, "no-such-model"),
        ({"mode": "hand", "matrix": "a,b~nan;1"}, "“nan” is not a number"),
        ({"mode": "hand", "matrix": "a,b~1e9;1"}, "“1e9” is not a number"),
        ({"mode": "hand", "matrix": "a~1"}, "2 to 8 words"),
        ({"mode": "hand", "matrix": "~~~~~~"}, "2 to 8 words"),
        ({"mode": "hand", "matrix": " ,b~1;2"}, "1 to 20 characters"),
        ({"mode": "hand", "query": 7}, "Query 7 is not there: it goes from 0 to 2"),
    ],
)
def test_a_bad_link_is_said_and_something_good_is_shown(
    address: dict[str, object], words: str
) -> None:
    app = visit(**{"lang": "en", **address})
    fine(app)
    assert any(words in sentence for sentence in said(app)), said(app)


@pytest.mark.parametrize(
    "text", ["</script><img src=x onerror=alert(1)>", r"$$ \frac{1 #%_^~", "שלום عالم", "a\u0336b"]
)
@pytest.mark.parametrize("step", [1, 5, 8])
def test_hostile_sentences_stay_text(text: str, step: int) -> None:
    app = visit(text=text, step=step, query=1, key=2)
    fine(app)
    assert "<img" not in html(app)
    assert "</script" not in html(app)


def test_both_languages_have_the_same_sentences_with_the_same_figures() -> None:
    english, *others = (catalogue(language) for language in LANGUAGES)
    for key in english:
        if key.startswith(("scores.", "error.hand")):
            figures = set(re.findall(r"\{(\w+)[:}]", english[key]))
            for one in others:
                assert figures == set(re.findall(r"\{(\w+)[:}]", one[key])), key


def test_the_tables_leave_room_for_the_picture() -> None:
    small = worked_example()
    many = ByHand(tuple("abcdefgh"), small.x[[0] * 8], small.w_q, small.w_k, small.w_v)
    assert figure_height(small) > figure_height(many) >= 430


@pytest.mark.parametrize(
    ("place", "chosen"),
    [
        ([2, 5], {"query": 2, "key": 5}),
        ([2, 5, "q"], {"query": 2, "dim": 5, "part": "q"}),
        ([2, 5, "k"], {"key": 2, "dim": 5, "part": "k"}),
        ([2, 5, "v"], {"key": 2, "dim": 5, "part": "v"}),
        ([2, 5, "o"], {"query": 2, "dim": 5}),
        ([2, 70, "c"], {"query": 2, "head": 2, "dim": 6}),
        ([2, 70, "out"], {"query": 2, "out": 70}),
        ([2, 70, "out", ["0.12", "3.4"]], {"query": 2, "out": 70}),  # a list: what it says
        ({"0": 2, "1": 70, "2": "out", "3": {"0": "0.12"}}, {"query": 2, "out": 70}),
    ],
)
def test_a_click_chooses_what_its_cell_names(
    place: object, chosen: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    points = [{"customdata": place}]
    session = {"scene": SimpleNamespace(selection=SimpleNamespace(points=points))}
    session |= {"_head_width": 32, "mode": "live"}  # type: ignore[dict-item]
    monkeypatch.setattr("streamlit.session_state", session)
    charts.clicked("scene", clicks.choose)
    assert {name: session[name] for name in chosen} == chosen
    assert set(session) == {"scene", "_head_width", "mode", *chosen}


@pytest.mark.parametrize("points", [[], [{"point_index": 3}]], ids=["nothing", "no mark of ours"])
def test_a_click_beside_every_cell_chooses_nothing(
    points: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = {"scene": SimpleNamespace(selection=SimpleNamespace(points=points))}
    monkeypatch.setattr("streamlit.session_state", session)
    charts.clicked("scene", clicks.choose)
    assert set(session) == {"scene"}
