"""The translator page's sentences: each stage's number worked out anew from what goes into it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.present import present
from tests.viz.sentences import BOTH, fixed, per_cent, read, style, told, weights, whom
from tests.viz.stepping import stepping
from viz.translator import now
from viz.translator.stage_names import STAGES, Stage
from viz.translator.stages import ATTENTIONS


def said(stage: Stage, language: str) -> str:
    shown = stepping(stage)
    return read(now.stage(shown, "X", style(language, "translator.now")).said)


@BOTH
@pytest.mark.parametrize("stage", ["source", "target"])
def test_a_vector_enters_scaled_and_with_its_position(stage: Stage, language: str) -> None:
    shown = stepping(stage)
    found = shown.trace.source if stage == "source" else shown.trace.target
    row = shown.row
    value = found.scale * float(found.vectors[row, 7]) + float(found.positions[row, 7])
    values = {"token": shown.token, "place": row, "dim": 7, "value": fixed(language, value, 4)}
    assert said(stage, language) == told(language, "translator.now.of.embedding", **values)


@BOTH
@pytest.mark.parametrize("stage", ATTENTIONS)
def test_an_attention_shares_out_its_row(stage: Stage, language: str) -> None:
    shown = stepping(stage)
    row = weights(shown.lit, 0)[shown.row]
    keys = shown.trace.reads if stage == "decoder" else shown.sources
    own = None if stage == "cross" else shown.row
    assert said(stage, language) == whom(language, shown.token, keys, row, 2, own=own)


@BOTH
@pytest.mark.parametrize("stage", [s for s in STAGES if s.endswith("norm")])
def test_a_norm_takes_the_sum_to_its_place(stage: Stage, language: str) -> None:
    shown = stepping(stage)
    norm, row = shown.norm, shown.row
    r = norm.x[row].astype(np.float64) + norm.added[row].astype(np.float64)
    y = (r - r.mean()) / np.sqrt(r.var() + norm.epsilon) * norm.gain + norm.bias
    before, value = (fixed(language, float(one[7]), 4) for one in (r, y))
    values = {"token": shown.token, "dim": 7, "before": before, "value": value}
    assert said(stage, language) == told(language, "translator.now.of.norm", **values)


@BOTH
@pytest.mark.parametrize("stage", ["encoder_feed", "feed"])
def test_a_feed_forward_layer_works_on_one_place(stage: Stage, language: str) -> None:
    shown = stepping(stage)
    feed, row = shown.feed, shown.row
    active = feed.active[row].astype(np.float64)
    w, bias = feed.second.weight[:, 7].astype(np.float64), present(feed.second.bias)
    value = float(active @ w) + float(bias[7])
    inner = len(active)
    values = {"token": shown.token, "dim": 7, "inner": inner, "value": fixed(language, value, 4)}
    assert said(stage, language) == told(language, "translator.now.of.feed", **values)


@BOTH
def test_logit_and_probability_are_the_written_words(language: str) -> None:
    shown = stepping("linear")
    logits = shown.trace.logits[shown.step].astype(np.float64)
    own = shown.trace.ids[shown.step]
    assert own == int(logits.argmax())
    values = {"word": shown.word, "count": len(logits), "value": fixed(language, logits[own])}
    assert said("linear", language) == told(language, "translator.now.of.linear", **values)
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    second = int(np.argsort(-shares)[1])
    assert said("softmax", language) == told(
        language,
        "translator.now.of.softmax",
        word=shown.word,
        share=per_cent(language, shares[own]),
        other=shown.trace.vocabulary[second],
        other_share=per_cent(language, shares[second]),
    )


@BOTH
@pytest.mark.parametrize("stage", STAGES)
def test_it_says_how_to_go_on_until_the_sentence_is_written(stage: Stage, language: str) -> None:
    last = len(stepping().trace.ids) - 1
    for step, name in ((4, "then"), (last, "last")):
        shown = stepping(stage, step, key=0)
        then = read(now.stage(shown, "X", style(language, "translator.now")).then)
        assert then == told(language, f"translator.now.{name}", stage="X")
