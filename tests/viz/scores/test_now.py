"""The scores page's sentences: every number worked out anew from X, W, q, k, v and the mask."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from models.record import record
from models.trace import AttentionTrace
from tests.present import present
from tests.viz.scores_heads import D, block
from tests.viz.sentences import BOTH, fixed, per_cent, read, style, told, weights, whom
from viz.board.axes import Axes, Choice
from viz.scores import now
from viz.steps.figure import STEPS, Scene
from viz.steps.head import MaskName, of_block
from viz.steps.order import GATE, MIX

TEXT = "The cat sat down because it was tired"
WORDS = ("[CLS]", *TEXT.split(), "[SEP]")
LAYER, HEAD, QUERY, KEY, DIM, OUT = 3, 1, 6, 2, 5, 40


@lru_cache
def trace() -> AttentionTrace:
    found: AttentionTrace = record("minilm", TEXT, surroundings=True)
    return found


def scene(mask: MaskName = "own", key: int = KEY, *, divide: bool = True) -> Scene:
    one = of_block(trace().blocks[LAYER], HEAD, mask=mask, divide=divide)
    return Scene(one, Axes(WORDS, WORDS, Choice(QUERY, key)), dim=DIM, out=OUT)


def said(step: int, language: str, shown: Scene | None = None) -> str:
    return read(now.step(step, shown or scene(), style(language, "scores.now")).said)


@BOTH
@pytest.mark.parametrize("part", ["q", "k", "v"])
def test_step_1_is_a_row_of_x_times_a_column(part: str, language: str) -> None:
    around = present(trace().blocks[LAYER].surroundings)
    d, row = 32, QUERY if part == "q" else KEY
    projection = getattr(around, f"w_{part}")
    column = projection.weight[:, HEAD * d + DIM].astype(np.float64)
    value = around.x[row].astype(np.float64) @ column + projection.bias[HEAD * d + DIM]
    shown = scene()
    shown = Scene(shown.one, shown.axes, part, DIM, OUT)  # type: ignore[arg-type]
    assert said(1, language, shown) == told(
        language,
        "scores.now.1_bias",
        token=WORDS[row],
        part=told(language, f"scores.now.part.{part}"),
        purpose=told(language, f"scores.now.purpose.{part}"),
        matrix=f"W_{part.upper()}",
        d=d,
        dim=DIM,
        value=fixed(language, value),
    )


@BOTH
def test_steps_2_to_4_are_the_score_on_its_way(language: str) -> None:
    block = trace().blocks[LAYER]
    raw = float(block.q[HEAD, QUERY].astype(np.float64) @ block.k[HEAD, KEY].astype(np.float64))
    raw_said, scaled = fixed(language, raw), fixed(language, raw / np.sqrt(32))
    both = {"query": "it", "key": "cat"}
    assert said(2, language) == told(language, "scores.now.2", d=32, raw=raw_said, **both)
    told_3 = told(language, "scores.now.3", d=32, raw=raw_said, scaled=scaled, **both)
    assert said(3, language) == told_3
    told_4 = told(language, "scores.now.4", count=10, open=10, masked=scaled, **both)
    assert said(4, language) == told_4
    undivided = scene(divide=False)
    told_plain = told(language, "scores.now.3_plain", scaled=raw_said, **both)
    assert said(3, language, undivided) == told_plain


@BOTH
@pytest.mark.parametrize("key", [KEY, 8])
def test_step_4_counts_what_the_mask_leaves(key: int, language: str) -> None:
    shown = scene("causal", key)
    names = {"query": "it", "key": WORDS[key], "count": 10, "open": 7}
    if key > QUERY:
        assert said(4, language, shown) == told(language, "scores.now.4_masked", **names)
        return
    block = trace().blocks[LAYER]
    score = float(block.q[HEAD, QUERY].astype(np.float64) @ block.k[HEAD, key]) / np.sqrt(32)
    names["masked"] = fixed(language, score)
    assert said(4, language, shown) == told(language, "scores.now.4_some", **names)


@BOTH
def test_steps_5_and_6_share_out_the_same_row(language: str) -> None:
    block = trace().blocks[LAYER]
    row = weights(block, HEAD)[QUERY]
    assert said(5, language) == whom(language, "it", WORDS, row, KEY, own=QUERY)
    first, second = np.argsort(-row)[:2]
    value = float((row @ block.v[HEAD].astype(np.float64))[DIM])
    assert said(6, language) == told(
        language,
        "scores.now.6",
        query="it",
        key=WORDS[first],
        share=per_cent(language, row[first]),
        other=WORDS[second],
        other_share=per_cent(language, row[second]),
        dim=DIM,
        value=fixed(language, value),
    )


@BOTH
def test_steps_7_and_8_join_the_heads(language: str) -> None:
    block = trace().blocks[LAYER]
    around = present(block.surroundings)
    told_7 = told(language, "scores.now.7", heads=12, head=1, first=32, last=63)
    assert said(7, language) == told_7
    rows = [weights(block, head)[QUERY] @ block.v[head].astype(np.float64) for head in range(12)]
    bias = 0.0 if around.w_o.bias is None else float(around.w_o.bias[OUT])
    value = float(np.concatenate(rows) @ around.w_o.weight[:, OUT].astype(np.float64)) + bias
    told_8 = told(
        language, "scores.now.8", query="it", heads=12, out=OUT, value=fixed(language, value)
    )
    assert said(8, language) == told_8


@BOTH
@pytest.mark.parametrize("step", STEPS)
def test_every_step_says_what_to_press(step: int, language: str) -> None:
    then = read(now.step(step, scene(), style(language, "scores.now")).then)
    assert ("→" in then) == (step < STEPS[-1])
    assert ("←" in then) == (step == STEPS[-1])


@BOTH
def test_where_nothing_was_recorded_around_the_head_it_says_so(language: str) -> None:
    bare: AttentionTrace = record("minilm", TEXT)
    one = of_block(bare.blocks[0], 0)
    shown = Scene(one, Axes(WORDS, WORDS, Choice(1, 2)))
    for step in (1, 7, 8):
        assert said(step, language, shown) == told(language, "scores.now.bare")


@BOTH
def test_a_gate_is_the_output_times_it_and_is_announced_before(language: str) -> None:
    made = block(gated=True)
    around = present(made.surroundings)
    shown = Scene(of_block(made, 2), Axes(WORDS[:5], WORDS[:5], Choice(1, 0)), dim=3)
    gate, output = float(present(around.gate)[1, 2 * D + 3]), float(made.output[2, 1, 3])
    assert said(GATE, language, shown) == told(
        language,
        "scores.now.9",
        query=WORDS[1],
        dim=3,
        output=fixed(language, output),
        gate=fixed(language, gate),
        value=fixed(language, gate * output),
    )
    announced = [
        read(now.step(MIX, one, style(language, "scores.now")).then) for one in (shown, scene())
    ]
    assert announced[0] == told(language, "scores.now.then_6_gate")
    assert announced[1] == told(language, "scores.now.then_6")
