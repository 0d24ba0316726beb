"""The seq2seq page in both languages: every control, both ways to feed the decoder, bad links."""

from __future__ import annotations

import json
import re
from html import escape, unescape

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from models.core.arrays import Difference, largest
from models.measured import CHECKPOINTS
from models.seq2seq.record import translate
from models.translation.reference import examples
from pages.registry import topic
from pages.seq2seq import context_vector
from pages.seq2seq.step import SUMS
from pages.ui import caches, text
from tests.pages.visiting import (
    address,
    charts,
    healthy,
    html,
    kept,
    said,
    spied,
    tables,
    told_of,
    visit,
)
from tests.viz.sentences import per_cent, quoted

BOTH = pytest.mark.parametrize("language", text.LANGUAGES)
TEXT = "Kedi balığı yedi."
SMALL = "You went to the small village that your son loved."
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(1)</script> ${1} \\x"


def opened(**parameters: str) -> AppTest:
    """The page by its link."""
    return visit("seq2seq", **parameters)


def words_in(at: AppTest) -> list[str]:
    """What stands on the figure's matrix and chips."""
    figure = charts(at)["alignment"]
    traces = [t for t in figure["data"] if t.get("mode") == "text"]
    return [word for trace in traces for word in trace["text"]]


@BOTH
@pytest.mark.parametrize("which", SUMS)
def test_every_sum_opens_by_its_link_with_its_check(which: str, language: str) -> None:
    at = opened(sum=which, lang=language, step="3", dim="7")
    healthy(at)
    assert not said(at)
    assert charts(at).keys() == {"alignment", "one-vector", "lengths"}
    assert at.latex
    assert "✓" in html(at)
    assert "✗ <s>" not in html(at).split("class='compared'")[0]
    assert "class='bad'" not in html(at)
    catalogue = text.catalogue(language)
    assert at.title[0].value == catalogue["seq2seq.title"]
    assert catalogue["origin.live"] in html(at)
    assert catalogue["origin.measured"] in html(at)


@BOTH
def test_first_step_says_where_the_state_comes_from(language: str) -> None:
    at = opened(step="0", lang=language)
    healthy(at)
    assert "h₀ = tanh" in html(at)
    assert "h₀" not in html(opened(step="1", lang=language))


@pytest.mark.parametrize("name", list(examples()))
def test_an_example_is_put_into_the_field_and_its_gold_can_be_laid_over(name: str) -> None:
    at = opened(gold="1")
    at.selectbox(key="examples").select(name).run()
    healthy(at)
    assert not said(at)
    assert at.text_input(key="text").value == examples()[name].source
    assert at.selectbox(key="examples").value is None
    assert at.session_state["step"] == 0
    assert "step" not in address(at)
    at.session_state["step"] = len(translate("seq2seq", examples()[name].source).inputs.ids) - 1
    at.run()
    rings = [s for s in charts(at)["alignment"]["layout"]["shapes"] if s["type"] == "circle"]
    assert rings
    assert f">{escape(examples()[name].target_words[0])}<" in html(at)


def test_at_every_step_it_says_what_is_read_looked_at_and_written() -> None:
    sentence = topic("seq2seq").defaults["text"]
    trace = translate("seq2seq", sentence)
    assert trace.weights is not None
    for step in range(1, len(trace.inputs.tokens)):
        at = opened(step=str(step))
        line = html(at).split("class='now'>")[1].split("</p>")[0]
        words = [unescape(word) for word in re.findall("<bdi[^>]*>(.*?)</bdi>", line)]
        source = int(trace.weights[step].argmax())
        named = trace.inputs.typed[step], trace.typed[source], trace.predicted.typed[step]
        assert words == list(map(quoted, named))
        assert per_cent("en", float(trace.weights[step, source])) in unescape(line)
        logits = trace.logits[step].astype(np.float64)
        shares = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
        likely = np.argsort(-logits)[:10]
        shown = tables(at, "logits")[0][1:]
        assert [r[0] for r in shown] == [trace.vocabulary[i] for i in likely]
        assert [r[2] for r in shown] == [f"{logits[i]:.1f}".replace("-", "−") for i in likely]
        assert float(shown[0][4]) == pytest.approx(shares[likely[0]], abs=0.00051)


def test_where_the_target_says_another_word_it_says_which_it_would_write() -> None:
    trace = translate("seq2seq", topic("seq2seq").defaults["text"], target=SMALL)
    assert trace.expected is not None
    for step, wanted in enumerate(trace.expected.typed):
        line = html(opened(target=SMALL, step=str(step))).split("class='now'>")[1]
        own = trace.predicted.typed[step]
        would = text.catalogue("en")["seq2seq.now.would"].split("{")[0]
        assert (would in line) == (own != wanted)
        if own != wanted:
            assert re.search(f"{would}<bdi[^>]*>{re.escape(own)}</bdi>", line)


def test_below_each_network_is_held_against_the_gold_translation() -> None:
    words = text.catalogue("en")
    example = examples()["long"]
    gold, ours, fixed = tables(opened(text=example.source), "compared")[0]
    assert gold[1].strip() == example.target
    for model, (name, said_words, remark) in (("seq2seq", ours), ("seq2seq-fixed", fixed)):
        assert name == words[f"model.{model}"]
        trace = translate(model, example.source)
        written = "".join(trace.predicted.tokens[:-1]).replace("▁", " ").strip()
        assert said_words.replace("✗ ", "").strip() == written
        assert remark == words["seq2seq.exact" if written == example.target else "seq2seq.faulty"]
        assert ("✗" in said_words) == (written != example.target)


def test_the_vector_below_and_the_curves_are_the_right_networks_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vectors, curves = (
        spied(monkeypatch, context_vector, name) for name in ("one_vector", "lengths")
    )
    healthy(opened(text=TEXT))
    last, backward, _ = vectors[-1]
    fixed = translate("seq2seq-fixed", TEXT)
    units = len(last) - backward
    np.testing.assert_array_equal(last[:units], fixed.encoder[-1, :units])
    np.testing.assert_array_equal(last[units:], fixed.encoder[0, units:])
    both, *_ = curves[-1]
    for curve, model in zip(both, ("seq2seq", "seq2seq-fixed"), strict=True):
        told = json.loads((CHECKPOINTS / model / "by_length.json").read_text("utf-8"))
        assert curve.name == text.catalogue("en")[f"model.{model}"]
        assert list(curve.measured.words) == told["words"]
        assert list(curve.measured.exact) == told["exact"]
        assert list(curve.measured.untrained) == told["untrained"]


def test_without_the_switch_no_gold_lies_over_the_matrix() -> None:
    def rings(at: AppTest) -> int:
        shapes = charts(at)["alignment"]["layout"]["shapes"]
        return sum(shape["type"] == "circle" for shape in shapes)

    assert rings(opened(gold="1"))
    assert not rings(opened())


def test_typing_a_target_forces_it_and_the_switch_keeps_it() -> None:
    at = opened(step="4")
    at.text_input(key="target").set_value(SMALL).run()
    healthy(at)
    assert any("small" in word for word in words_in(at))
    assert "On its own it would generate" in html(at)
    assert at.session_state["feed-control"] == "forced"

    at.session_state["feed"] = "free"
    at.run()
    healthy(at)
    assert not any("small" in word for word in words_in(at))
    assert at.text_input(key="target").value == SMALL
    assert address(at)["target"] == SMALL
    again = opened(**address(at))
    assert not any("small" in word for word in words_in(again))

    at.text_input(key="target").set_value("").run()
    assert at.session_state["feed-control"] == "free"


def test_a_link_with_a_target_is_teacher_forcing() -> None:
    at = opened(target=SMALL, step="4")
    healthy(at)
    assert any("small" in word for word in words_in(at))


def test_without_a_target_teacher_forcing_takes_the_gold_translation() -> None:
    at = opened(text=TEXT, feed="forced", step="1")
    healthy(at)
    assert not said(at)
    assert text.catalogue("en")["seq2seq.forced"] in html(at)
    assert any("cat" in word for word in words_in(at))


@BOTH
def test_what_the_grammar_does_not_know_is_said(language: str) -> None:
    words = text.catalogue(language)
    at = opened(text="Bilgisayar uyudu.", feed="forced", gold="1", lang=language)
    healthy(at)
    assert said(at) == [words["seq2seq.no_target"]]
    assert at.toggle(key="gold").disabled
    assert words["seq2seq.not_compared"] in html(at)
    assert "*" in "".join(words_in(at))
    assert "✗ <s>" not in html(at)
    free = opened(text="Bilgisayar uyudu.", gold="1", lang=language)
    assert said(free) == [words["seq2seq.no_gold"]]


def test_a_click_chooses_step_and_piece_and_the_next_word_looks_where_it_looks() -> None:
    from pages.translation import controls

    at = opened(step="4")
    at.session_state["step"], at.session_state["key"] = 2, 5
    at.session_state[controls._CLICKED] = True
    at.run()
    healthy(at)
    assert address(at)["key"] == "5"
    assert address(at)["step"] == "2"
    at.button(key="next").click().run()
    assert address(at)["step"] == "3"
    assert "key" not in address(at)


@pytest.mark.parametrize(
    ("link", "notice"),
    [
        ({"text": "   "}, "error.empty_text"),
        ({"text": "kedi " * 3000}, None),
        ({"text": "kedi " * 600}, None),
        ({"step": "99"}, None),
        ({"key": "99"}, None),
        ({"dim": "9999"}, None),
        ({"sum": "nonsense"}, None),
        ({"feed": "nonsense"}, None),
        ({"model": "seq2seq-fixed"}, "error.no_attention"),
        ({"model": "minilm"}, "error.not_capturable"),
        ({"model": "nowhere"}, None),
    ],
)
def test_what_cannot_be_shown_is_told_and_something_good_is_shown(
    link: dict[str, str], notice: str | None
) -> None:
    at = opened(**link)
    healthy(at)
    assert said(at)
    assert "alignment" in charts(at)
    if notice is not None:
        wanted = text.catalogue("en")[notice].split("{")[0]
        assert any(wanted in sentence for sentence in said(at))


@pytest.mark.parametrize("typed", ["😀 kedi", "kedi" + " kedi" * 29, "日本 kedi"])
def test_free_text_is_shown_with_what_the_model_never_met_marked(typed: str) -> None:
    at = opened(text=typed, step="0")
    healthy(at)
    assert "alignment" in charts(at)
    strange = text.catalogue("en")["seq2seq.strange"].split("}")[1]
    assert (strange in html(at)) == ("kedi kedi" not in typed)


def test_a_text_of_unknown_signs_alone_is_told_and_the_last_one_kept() -> None:
    at = opened(text="😀😀")
    healthy(at)
    assert said(at) == [text.catalogue("en")["error.only_unknown"].format(kept=kept())]
    assert "alignment" in charts(at)


def test_hostile_text_is_text_everywhere() -> None:
    at = opened(text=HOSTILE, target=HOSTILE)
    healthy(at)
    assert "<script>alert" not in html(at)
    assert "<img src" not in html(at)
    assert "<script>alert" not in str(charts(at))


@BOTH
def test_the_page_names_both_models_and_their_largest_difference(language: str) -> None:
    at = opened(lang=language)
    words = text.catalogue(language)
    page = html(at)
    for model in ("seq2seq", "seq2seq-fixed"):
        assert words[f"model.{model}"] in page
    sentence = examples()["crossing"].source
    both = [translate(model, sentence) for model in ("seq2seq", "seq2seq-fixed")]
    shown = told_of(largest(trace.difference() for trace in both), language)
    assert words["seq2seq.matches"].format(difference=shown) in page


@pytest.mark.parametrize("further", ["seq2seq", "seq2seq-fixed"])
def test_the_larger_of_both_networks_differences_is_told(
    further: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    near, far = Difference(1e-6, 2e-6), Difference(3e-6, 4e-6)
    told = {"seq2seq": near, "seq2seq-fixed": near, further: far}
    monkeypatch.setattr(caches, "difference", lambda trace: told[trace.model_id])
    words = text.catalogue("en")["seq2seq.matches"]
    assert words.format(difference=told_of(far, "en")) in html(opened())
