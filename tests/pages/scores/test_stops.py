"""What stands below steps of the scores: why three matrices, √d_k, −∞, several heads."""

from __future__ import annotations

from html import unescape

import pytest

from models.core.attention import HeadSteps, causal_mask, changed
from pages.ui.text import LANGUAGES, catalogue
from tests.pages.visiting import charts, healthy, html, said, visit

BOTH = pytest.mark.parametrize("language", LANGUAGES)
STOPS = {
    1: ({"symmetric", "shared"}, "scores.symmetry.title"),
    3: ({"spreads"}, "scores.scaling.title"),
    4: ({"ways"}, "scores.masking.title"),
    7: ({"split", "one-and-four", "runs"}, "scores.splitting.title"),
}


@BOTH
@pytest.mark.parametrize("step", range(1, 9))
def test_each_stop_stands_below_its_step_alone(step: int, language: str) -> None:
    at = visit("scores", step=str(step), lang=language)
    healthy(at)
    shown = {key for key in charts(at) if key != "scene"}
    assert shown == (STOPS[step][0] if step in STOPS else set())
    page = unescape(html(at))
    for at_step, (_, title) in STOPS.items():
        assert (catalogue(language)[title] in page) == (at_step == step)


def test_by_hand_there_is_no_stop() -> None:
    for step in STOPS:
        assert set(charts(visit("scores", step=str(step), mode="hand"))) == {"scene"}


@BOTH
def test_both_directions_and_the_asymmetry_of_all_heads_are_told(language: str) -> None:
    at = visit("scores", step="1", lang=language)
    page = html(at)
    for word in ("19.05", "6.83", "19.14", "1.48", "0.87", "1.70", "1.32", "2.17", "8.48", "4.48"):
        assert word.replace(".", "." if language == "en" else ",") in page
    assert page.count("dot whatif") == page.count("dot live") == 2
    # The page's own, the scores from the inputs, and the output from mixed ones.
    assert page.count("class='good'") >= 3


def test_between_two_texts_there_is_no_mirror_image() -> None:
    at = visit("scores", step="1", lang="en", model="translator", text="Kedi uyudu.", kind="cross")
    assert set(charts(at)) == {"scene", "shared"}  # values are made from the source text alone
    assert catalogue("en")["scores.symmetry.other_tokens"] in unescape(html(at))


def test_behind_a_causal_mask_the_stop_says_which_direction_is_left() -> None:
    words = catalogue("en")["scores.symmetry.masked"]
    own = unescape(html(visit("scores", step="1", lang="en", model="gpt-mini", text="The old cat")))
    assert words in own
    assert words not in unescape(html(visit("scores", step="1", lang="en")))


@BOTH
def test_how_far_a_cut_x_is_off_and_what_one_head_reaches_are_told(language: str) -> None:
    at = visit("scores", step="7", lang=language)
    page = html(at)
    for word in ("0.92", "86.8", "68.3", "50"):
        assert word.replace(".", "." if language == "en" else ",") in page
    assert page.count("dot measured") == 1
    other = html(visit("scores", step="7", lang=language, layer="0", head="5"))
    assert catalogue(language)["scores.splitting.lost"].split("{lost}")[0][-20:] in unescape(other)


@BOTH
def test_the_spread_of_the_chosen_head_is_told(language: str) -> None:
    page = html(visit("scores", step="3", lang=language))
    words = ("5.63", "10.46", "1.85", "6.75", "0.77", "9.97", "0.65", "0.96", "0.0491", "0.0058")
    for word in words:
        assert word.replace(".", "." if language == "en" else ",") in page
    other = html(visit("scores", step="3", lang=language, layer="0", head="0"))
    assert "10.46".replace(".", "." if language == "en" else ",") not in other


def test_the_switch_does_not_change_the_models_own_spread() -> None:
    """The stop says what the model does, and what it would do undivided, whatever is switched."""
    plain, switched = (
        charts(visit("scores", step="3", scale=scale))["spreads"] for scale in ("1", "0")
    )
    assert plain == switched


@BOTH
def test_both_wrong_ways_are_told_with_their_sums(language: str) -> None:
    at = visit("scores", step="4", lang=language)
    page = html(at)
    for word in ("6.1", "0.9268", "0.5857", "0.3702", "0.6320"):
        assert word.replace(".", "." if language == "en" else ",") in page
    assert catalogue(language)["scores.masking.causal"] in unescape(page)
    assert "<span class='what-if'>" in page  # the model masks nothing: the stop alone is one
    assert page.count("dot whatif") == 1
    assert page.count("dot live") == 1


def test_under_a_mask_of_the_page_or_the_model_it_is_that_mask() -> None:
    window = html(visit("scores", step="4", mask="window", lang="en"))
    own = html(
        visit("scores", step="4", model="gpt-mini", text="The old cat", query="1", lang="en")
    )
    bare = html(visit("scores", step="4", model="gpt-mini", mask="none", query="1", lang="en"))
    assert catalogue("en")["scores.masking.causal"] in bare  # the model masks, the picture does not
    for page in (window, own):
        assert catalogue("en")["scores.masking.shown"] in page
    assert "(7 of 10)" in window  # the chosen query and its two neighbours are left


def test_a_masked_key_is_not_followed() -> None:
    at = visit("scores", step="4", key="8", lang="en")
    healthy(at)
    assert "0.6320" in html(at)  # of the strongest key that may be looked at


@BOTH
def test_the_last_row_has_nothing_masked_and_says_so(language: str) -> None:
    at = visit("scores", step="4", query="9", lang=language)
    healthy(at)
    assert set(charts(at)) == {"scene"}
    assert catalogue(language)["scores.masking.none_masked"] in unescape(html(at))


@BOTH
def test_no_earlier_query_is_advised_where_there_is_none(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under a mask that leaves the first query everything, and later ones less."""

    def later(steps: HeadSteps) -> tuple[HeadSteps, bool]:
        mask = causal_mask(*steps.raw.shape)[::-1].astype(steps.raw.dtype)
        return changed(steps, scaling=steps.scaling, mask=mask), False

    monkeypatch.setattr("models.scores.masking.masking", later)
    page = unescape(html(visit("scores", step="4", query="0", lang=language)))
    words = catalogue(language)
    assert words["scores.masking.none_masked_before"] in page
    assert words["scores.masking.none_masked"] not in page


@BOTH
def test_where_exponents_are_shifted_the_stop_says_by_how_much(language: str) -> None:
    shifted = catalogue(language)["scores.masking.shifted"].split("{shift}")
    seen = {}
    for scale in ("1", "0"):  # undivided, this row's scores pass 9
        page = unescape(html(visit("scores", step="4", lang=language, scale=scale)))
        seen[scale] = [part in page for part in shifted]
    assert seen == {"1": [False] * 2, "0": [True] * 2}


@pytest.mark.parametrize("step", STOPS)
@pytest.mark.parametrize(
    "address",
    [
        {"scale": "0"},
        {"model": "gpt-mini", "text": "A", "query": "0"},
        {"model": "translator", "text": "Kedi uyudu.", "kind": "cross"},
        {"text": "</script><img src=x onerror=alert(1)>", "query": "1"},
        {"text": " ".join(["word"] * 90), "query": "4"},
    ],
)
def test_it_stands_whatever_the_model_and_the_text(step: int, address: dict[str, str]) -> None:
    at = visit("scores", step=str(step), lang="en", **address)
    healthy(at)
    assert not said(at)
    assert "<img" not in html(at)
