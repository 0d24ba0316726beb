"""How the sentence models are measured: their scores, and which units are named."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from models.catalog import load
from models.lstm.record import run
from models.measured import CHECKPOINTS
from models.training import (
    brackets,
    mixture,
    sentence_lm,
    sentence_measures,
    sentence_scores,
    symbols,
    tracking,
)
from models.training.mixture import END, Line
from tests.closeness import CLOSE, assert_close
from tests.models.training.lines import draw

IDS = tuple(sentence_lm.PLANS)


def oracle(lines: list[Line], wanted: Callable[[Line, int], dict[str, float]]) -> Tensor:
    """Log-probabilities (line, word, vocabulary) of a model that knows the answers."""
    ids = mixture.numbers()
    length = max(len(line.words) for line in lines)
    log_p = torch.full((len(lines), length, len(ids)), -math.inf)
    for row, line in enumerate(lines):
        for at in range(1, len(line.words)):
            for word, p in wanted(line, at).items():
                log_p[row, at - 1, ids[word]] = math.log(p)
    return log_p


def test_agreement_is_right_only_above_every_wrong_form() -> None:
    lines = draw("tr", "test", 40)

    def sure(line: Line, at: int) -> dict[str, float]:
        said = line.agreement
        assert said is not None
        return dict.fromkeys(map(symbols.small, said.wrong), 0.1) | {symbols.small(said.right): 0.2}

    def one_wrong(line: Line, at: int) -> dict[str, float]:
        said = line.agreement
        assert said is not None
        return sure(line, at) | {symbols.small(said.wrong[-1]): 0.3}

    assert sentence_scores.agreed(oracle(lines, sure), lines).all()
    assert not sentence_scores.agreed(oracle(lines, one_wrong), lines).any()
    right = sentence_scores.by_distance("a", torch.ones(len(lines)), lines)
    assert right == {f"a_{n}": 1.0 for n in range(4)}


@cache
def small_sample() -> sentence_scores.Sample:
    return sentence_scores.sample(77, "test")


def test_the_rules_themselves_reach_the_brackets_true_perplexity() -> None:
    drawn = small_sample()
    lines = list(drawn.lines["brackets"])

    def rules(line: Line, at: int) -> dict[str, float]:
        following = brackets.next_probabilities(line.words[:at])
        return {word or END: p for word, p in following.items()}

    ids = drawn.ids["brackets"]
    log_p = oracle(lines, rules)
    own = sentence_scores.followed(log_p, ids)
    np.testing.assert_allclose(own.numpy(), drawn.true.numpy(), atol=1e-6)
    here = log_p[:, :-1][ids[:, 1:] != 0]
    assert here.exp().mul(drawn.may).sum(1).numpy() == pytest.approx(1)
    assert ((here > -math.inf) == drawn.may.bool()).all()


def test_a_sample_holds_as_many_sentences_of_each_distance() -> None:
    drawn = small_sample()
    for language in ("en", "tr"):
        between = [line.agreement.between for line in drawn.lines[language] if line.agreement]
        assert sorted(between) == sorted([0, 1, 2, 3] * sentence_scores.SENTENCES)


def test_hard_sentences_have_only_nouns_of_the_other_number_between() -> None:
    said = [line.agreement for line in small_sample().hard if line.agreement is not None]
    assert sorted(one.between for one in said) == sorted([1, 2, 3] * sentence_scores.HARD)
    assert all(set(one.numbers) == {"singular", "plural"} - {one.number} for one in said)
    assert {one.part for one in said} == {"test"}


def test_correlation_is_pearsons() -> None:
    state = np.random.default_rng(0)
    a, b = state.normal(size=(2, 50, 3)), state.normal(size=50)
    a[1, :, 2] = 4.0  # a unit that never moves
    r = tracking.pearson(torch.tensor(a), torch.tensor(b))
    for layer in range(2):
        for unit in range(3):
            wanted = 0 if (layer, unit) == (1, 2) else np.corrcoef(a[layer, :, unit], b)[0, 1]
            assert float(r[layer, unit]) == pytest.approx(wanted, abs=1e-9)


def test_units_are_ranked_without_the_sign() -> None:
    r = torch.tensor([[0.1, -0.9, 0.3], [0.5, 0.0, -0.2]])
    assert tracking.ranked(r) == [(0, 1), (1, 0), (0, 2), (1, 2), (0, 0), (1, 1)]


def test_properties_say_what_the_sentence_does() -> None:
    line = next(
        line
        for line in draw("en", "train", 500)
        if line.agreement is not None and line.agreement.between == 2 and any(line.agreement.inside)
    )
    said = line.agreement
    assert said is not None
    values = {name: list(of(line)) for name, of in tracking.PROPERTIES.items()}
    assert [at for at, _ in values["number"]] == list(range(said.subject, said.verb))
    assert {value for _, value in values["number"]} == {float(said.number == "plural")}
    assert values["turkish_number"] == values["depth"] == []
    assert [bool(value) for _, value in values["inside"]] == list(said.inside)
    assert [value for _, value in values["position"]] == list(range(len(line.words)))
    word = Line("brackets", (*"([])", END), depth=(1, 2, 1, 0, 0))
    assert list(tracking.PROPERTIES["depth"](word)) == [(0, 1), (1, 2), (2, 1), (3, 0)]
    assert not list(tracking.PROPERTIES["inside"](word))


def test_a_silenced_model_is_another_one() -> None:
    model = load("lstm").model
    before = [p.clone() for p in model.parameters()]
    other = sentence_measures.without(model, [(0, 3)])
    ids = small_sample().ids["en"][:4]
    assert not torch.equal(
        sentence_scores.log_probabilities(other, ids),
        sentence_scores.log_probabilities(model, ids),
    )
    assert other.recurrent is not model.recurrent
    assert other.lm_head is model.lm_head
    for old, new in zip(before, model.parameters(), strict=True):
        assert torch.equal(old, new)


@pytest.mark.parametrize("model_id", IDS)
def test_what_a_page_shows_of_a_silenced_unit_is_what_was_measured(model_id: str) -> None:
    """run(…, silenced=…) on the typed sentence agrees with the measurement's own batch."""
    unit = best(model_id, "number")
    other = sentence_measures.without(load(model_id).model, [unit])
    for line in [x for x in draw("en", "test", 30) if x.agreement is not None]:
        said = line.agreement
        assert said is not None
        trace = run(model_id, " ".join(said.words), silenced=[unit])
        ids = sentence_scores.encoded([line])
        own = sentence_scores.log_probabilities(other, ids)[0]
        assert trace.logits is not None
        shown = torch.tensor(trace.logits.copy()).log_softmax(-1)
        assert_close(shown, own)
        assert trace.difference().relative <= CLOSE


@cache
def units(model_id: str) -> dict[str, Any]:
    text = (CHECKPOINTS / model_id / "units.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def best(model_id: str, name: str) -> tuple[int, int]:
    one = units(model_id)["properties"][name]["best"]
    return one["layer"], one["unit"]


@pytest.mark.parametrize("model_id", IDS)
def test_every_unit_is_listed_once_for_every_property(model_id: str) -> None:
    config, told = load(model_id).model.config, units(model_id)
    assert told["state"] == ("c" if model_id == "lstm" else "h")
    assert told["properties"].keys() == tracking.PROPERTIES.keys()
    for listed in told["properties"].values():
        assert len(listed["layers"]) == config.num_hidden_layers
        for layer in listed["layers"]:
            assert sorted(one["unit"] for one in layer) == list(range(config.hidden_size))
            sizes = [abs(one["validation"]) for one in layer]
            assert sizes == sorted(sizes, reverse=True)
        tops = [layer[0] for layer in listed["layers"]]
        assert listed["best"] == max(tops, key=lambda one: abs(one["validation"]))


@pytest.mark.parametrize("model_id", IDS)
def test_what_was_silenced_is_the_head_or_the_tail_of_the_list(model_id: str) -> None:
    written = json.loads((CHECKPOINTS / model_id / "metrics.json").read_text("utf-8"))
    for name, listed in units(model_id)["properties"].items():
        order = [[one["layer"], one["unit"]] for layer in listed["layers"] for one in layer]
        kinds = [(len(off["units"]), off["which"]) for off in listed["silenced"]]
        assert (1, "best") in kinds
        assert len(set(kinds)) == len(kinds)
        for off in listed["silenced"]:
            many = len(off["units"])
            assert off["units"] == (order[:many] if off["which"] == "best" else order[-many:])
        if name == "number":
            alone = next(off for off in listed["silenced"] if len(off["units"]) == 1)
            on_card = written["baselines"]["number_unit_off"]
            assert {key: alone[key] for key in on_card} == on_card


@pytest.mark.parametrize("model_id", IDS)
def test_the_units_on_the_list_follow_brackets_in_a_visitors_trace(model_id: str) -> None:
    """The written r, from another sample and through run: what a page would find."""
    layer, unit = best(model_id, "depth")
    states: list[float] = []
    depth: list[int] = []
    for line in draw("brackets", "test", 30):
        read = run(model_id, "".join(line.words[:-1])).layers[layer]
        states += (read.h if read.c is None else read.c)[:, unit].tolist()
        depth += line.depth[:-1]
    written = units(model_id)["properties"]["depth"]["best"]["test"]
    assert np.corrcoef(states, depth)[0, 1] == pytest.approx(written, abs=0.05)
