"""What pages show first is the clearest case, by the measure that they name."""

from __future__ import annotations

import numpy as np
import pytest

from models.bert.between import most_forth
from models.bert.next import judged
from models.core.clearest import clearest
from models.memory.gradients import NETWORKS
from models.memory.recall import measured
from models.positions.schemes import most_positional
from models.record import record
from models.trace import AttentionTrace
from models.vision.digit import see
from models.vision.digits import split
from pages.registry import topic
from pages.ui import state
from pages.ui.selection import DEFAULT_CELL
from tests.pages.test_now import now, opened
from tests.pages.visiting import visit
from tests.present import present
from viz.translator.stage_names import STAGES


def default(page: str, name: str) -> object:
    return state.parameters(page)[name].default


def shown_first(page: str) -> tuple[object, object]:
    """(layer, head) that a page begins with."""
    return default(page, "layer"), default(page, "head")


def weights(trace: AttentionTrace) -> list[np.ndarray]:
    return [block.weights for block in trace.layers(trace.kinds[0])]


@pytest.mark.parametrize("page", ["heads", "scores"])
def test_of_all_heads_the_one_in_which_it_looks_at_cat_most_beyond_other_words(page: str) -> None:
    text = str(default(page, "text"))
    trace: AttentionTrace = record(str(default(page, "model")), text)
    query, key = DEFAULT_CELL
    assert (trace.typed[query], trace.typed[key]) == ("it", "cat")
    others = [n for n, special in enumerate(trace.special) if not special and n not in (query, key)]
    beyond = {
        (layer, head): float(rows[query, key] - np.mean([rows[other, key] for other in others]))
        for layer, block in enumerate(weights(trace))
        for head, rows in enumerate(block)
    }
    assert shown_first(page) == max(beyond, key=lambda place: beyond[place])
    assert now(visit(page))["why"]


def test_of_all_heads_of_bert_the_one_that_looks_most_from_a_to_b() -> None:
    first, second = (str(default("bert", name)) for name in ("text", "pair"))
    trace: AttentionTrace = record("bert-mini", first, text_pair=second)
    place = most_forth(weights(trace), trace.special, trace.segments)
    assert shown_first("bert") == place
    assert now(opened("bert", "between"))["why"]


def test_of_the_pooled_numbers_the_one_that_contributes_most() -> None:
    found = judged("bert-mini", str(default("bert", "text")), str(default("bert", "pair")))
    assert default("bert", "dim") == found.weightiest
    assert now(opened("bert", "next"))["why"]


def test_of_all_heads_of_gpt_the_one_whose_newest_token_looks_most_at_another_word() -> None:
    trace: AttentionTrace = record("gpt-mini", str(default("gpt", "text")))
    newest = len(trace.tokens) - 1
    words = [n for n in range(1, newest) if not trace.special[n]]
    assert words
    assert shown_first("gpt") == clearest(weights(trace), newest, words)[:2]
    assert now(opened("gpt", "mask"))["why"]


def test_of_all_heads_of_the_picture_the_one_that_looks_most_at_a_single_patch() -> None:
    trace = see("vit-digits", split()[1].pixels[int(str(default("vision", "picture")))]).attention
    patches = range(1, len(trace.tokens))
    query = int(str(default("vision", "query")))
    place = clearest(weights(trace), query, patches)
    assert (*shown_first("vision"), default("vision", "key")) == place
    assert now(opened("vision", "attention"))["why"]


def test_of_the_first_layers_heads_the_one_that_goes_most_by_position() -> None:
    trace: AttentionTrace = record("minilm", str(default("positions", "text")))
    assert shown_first("positions") == most_positional(weights(trace))
    assert now(opened("positions", "ways"))["why"]


def test_the_shortest_recall_and_the_first_stage_come_first() -> None:
    shortest = present(measured(NETWORKS))["lstm"].distractors[0]
    assert default("memory", "length") == shortest
    assert default("translator", "stage") == STAGES[0]
    assert now(visit("translator"))["why"]


@pytest.mark.parametrize("page", ["lstm", "seq2seq", "translator", "bert", "gpt", "vision"])
def test_steps_begin_at_the_first(page: str) -> None:
    assert topic(page).defaults["step"] == 0
