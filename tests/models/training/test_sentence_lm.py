"""The sentence models: what they read, how they are measured, which units are named."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.catalog import load
from models.recurrent import run, unrolled
from models.training import (
    brackets,
    gates,
    harness,
    mixture,
    sentence_lm,
    sentence_measures,
    symbols,
    tracking,
)
from models.training.agreement import Part
from models.training.mixture import END, LANGUAGES, Language, Line

PLANS = sentence_lm.PLANS
IDS = tuple(PLANS)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The cats that the dog saw are tired.", "the cats that the dog saw are tired ."),
        ("the cats", "the cats"),
        ("([]{})", "( [ ] { } )"),
        ("( [] ).{}", "( [ ] ) . { }"),
        ("Ben dün inekleri gördüm.Biz", "ben dün inekleri gördüm . biz"),
        ("İnekleri In", "inekleri in"),
        ("In the garden, THE cat", "in the garden <unk> <unk> cat"),
        ("go\u0308rdu\u0308k Şiiri", "gördük şiiri"),
        ("ıs ınekleri", "<unk> <unk>"),
    ],
)
def test_words_marks_and_brackets_are_found_however_they_are_typed(text: str, tokens: str) -> None:
    words = load("lstm").tokenizer
    assert words.convert_ids_to_tokens(words(text)["input_ids"]) == tokens.split()


def test_a_token_shows_as_it_was_typed() -> None:
    trace = run("lstm", "The cats that Dogs saw.")
    assert trace.typed == ("The", "cats", "that", "Dogs", "saw", ".")
    assert trace.tokens[:2] == ("the", "cats")
    assert trace.tokens[3] == "dogs"


def test_a_vocabulary_whose_capitals_would_be_lost_is_refused() -> None:
    with pytest.raises(ValueError, match="ı"):
        symbols.of_words(("ılık", "in"))


def test_a_text_of_three_hundred_words_is_read_whole() -> None:
    lines = islice(mixture.mixed(3, "test"), 60)
    words = [word for line in lines for word in line.words][:300]
    trace = run("lstm", " ".join(words))
    assert trace.tokens == tuple(words)
    assert trace.fidelity() <= 1e-5


def draw(language: Language, part: Part, many: int) -> list[Line]:
    return list(islice(mixture.lines(11, language, part), many))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_has_a_number_and_the_tokenizer_gives_it(language: Language) -> None:
    tokenizer, ids = symbols.of_words(mixture.vocabulary()), mixture.numbers()
    assert len(tokenizer) == len(ids)
    for line in draw(language, "train", 300):
        wanted = [ids[word] for word in line.words]
        assert symbols.UNKNOWN not in line.words
        assert tokenizer(" ".join(line.words))["input_ids"] == wanted
    said = [line.agreement for line in draw(language, "train", 100)]
    for one in said:
        assert (
            one is None or {symbols.small(form) for form in (one.right, *one.wrong)} <= ids.keys()
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_parts_share_no_beginning_that_decides(language: Language) -> None:
    def beginnings(part: Part) -> set[tuple[str, ...]]:
        found = set()
        for line in draw(language, part, 300):
            said = line.agreement
            if said is None:
                found.add(line.words)
            elif not mixture.is_everywhere(language, said):
                found.add(line.words[: said.verb])
        return found

    train, validation, test = (beginnings(p) for p in ("train", "validation", "test"))
    assert not train & validation
    assert not train & test
    assert not validation & test
    assert min(map(len, (train, validation, test))) > 30


def test_turkish_with_no_noun_between_is_too_little_to_hold_any_back() -> None:
    found = {line.words for line in islice(mixture.sentences(1, "tr", "test", 0), 3000)}
    assert len(found) == 96
    assert found == {line.words for line in islice(mixture.sentences(2, "tr", "train", 0), 3000)}


def test_a_row_is_lines_one_after_another() -> None:
    lines = mixture.mixed(5, "train")
    for row in islice(mixture.rows(5, "train", 40), 20):
        words: list[str] = []
        while len(words) < 40:
            words += next(lines).words
        assert row == tuple(words[:40])


def test_forgotten_words_are_few_and_never_marks() -> None:
    ids = torch.tensor([list(mixture.numbers().values())] * 200)
    read = sentence_lm.forgetful(ids, torch.Generator().manual_seed(0))
    gone = (read != ids)[:, 1:]
    assert (read[:, 1:][gone] == 0).all()
    assert float(gone.float().mean()) == pytest.approx(sentence_lm.FORGOTTEN, rel=0.1)
    names = list(mixture.numbers())[1:]
    for mark in (END, *brackets.OPENING, *brackets.CLOSING):
        assert not gone[:, names.index(mark)].any()


def test_both_models_are_equally_large_and_trained_alike() -> None:
    sizes = [sum(p.numel() for p in plan.build().parameters()) for plan in PLANS.values()]
    assert max(sizes) <= 1.05 * min(sizes)
    assert len({plan.recipe for plan in PLANS.values()}) == 1


@pytest.mark.parametrize("cell", ["lstm", "rnn"])
@pytest.mark.parametrize("layers", [1, 2])
def test_gates_of_many_rows_are_those_of_each_row_alone(cell: str, layers: int) -> None:
    torch.manual_seed(layers)
    kind = nn.LSTM if cell == "lstm" else nn.RNN
    own, x = kind(5, 6, layers, batch_first=True), 2 * torch.randn(3, 20, 5)
    read = gates.layers(own, x)
    h, last = own(x)
    torch.testing.assert_close(read[-1].h, h, atol=1e-5, rtol=0)
    states = [layer.state()[:, -1] for layer in read]
    ends = last[1] if cell == "lstm" else last
    torch.testing.assert_close(torch.stack(states), ends, atol=1e-5, rtol=0)
    for row in range(3):
        for one, alone in zip(read, unrolled(own, x[row])[0], strict=True):
            for name in ("i", "f", "g", "o", "h"):
                array = getattr(alone, name)
                if array is not None:
                    np.testing.assert_allclose(
                        getattr(one, name)[row].detach().numpy(), array, atol=1e-5
                    )


def test_what_is_asked_of_gates_reaches_every_weight() -> None:
    torch.manual_seed(0)
    own, x = nn.LSTM(5, 6, batch_first=True), torch.randn(3, 20, 5)
    gates.layers(own, x)[0].written().mean().backward()  # type: ignore[no-untyped-call]
    slopes = {name: parameter.grad for name, parameter in own.named_parameters()}
    for grad in slopes.values():
        assert grad is not None
        assert (grad.reshape(4, -1).abs().sum(1) > 0).all()  # the gates f and o, too: through h


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

    assert sentence_measures.agreed(oracle(lines, sure), lines).all()
    assert not sentence_measures.agreed(oracle(lines, one_wrong), lines).any()
    right = sentence_measures.by_distance("a", torch.ones(len(lines)), lines)
    assert right == {f"a_{n}": 1.0 for n in range(4)}


@cache
def small_sample() -> sentence_measures.Sample:
    return sentence_measures.sample(77, "test")


def test_the_rules_themselves_reach_the_brackets_true_perplexity() -> None:
    drawn = small_sample()
    lines = list(drawn.lines["brackets"])

    def rules(line: Line, at: int) -> dict[str, float]:
        following = brackets.next_probabilities(line.words[:at])
        return {word or END: p for word, p in following.items()}

    ids = drawn.ids["brackets"]
    log_p = oracle(lines, rules)
    own = sentence_measures.followed(log_p, ids)
    np.testing.assert_allclose(own.numpy(), drawn.true.numpy(), atol=1e-6)
    here = log_p[:, :-1][ids[:, 1:] != 0]
    assert here.exp().mul(drawn.may).sum(1).numpy() == pytest.approx(1)
    assert ((here > -math.inf) == drawn.may.bool()).all()


def test_a_sample_holds_as_many_sentences_of_each_distance() -> None:
    drawn = small_sample()
    for language in ("en", "tr"):
        between = [line.agreement.between for line in drawn.lines[language] if line.agreement]
        assert sorted(between) == sorted([0, 1, 2, 3] * sentence_measures.SENTENCES)


def test_hard_sentences_have_only_nouns_of_the_other_number_between() -> None:
    said = [line.agreement for line in small_sample().hard if line.agreement is not None]
    assert sorted(one.between for one in said) == sorted([1, 2, 3] * sentence_measures.HARD)
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
        sentence_measures.log_probabilities(other, ids),
        sentence_measures.log_probabilities(model, ids),
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
        ids = sentence_measures.encoded([line])
        own = sentence_measures.log_probabilities(other, ids)[0]
        assert trace.logits is not None
        shown = torch.tensor(trace.logits.copy()).log_softmax(-1)
        torch.testing.assert_close(shown, own, atol=1e-4, rtol=0)
        assert trace.fidelity() <= 1e-5


@cache
def units(model_id: str) -> dict[str, Any]:
    text = (harness.CHECKPOINTS / model_id / "units.json").read_text("utf-8")
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
    written = json.loads((harness.CHECKPOINTS / model_id / "metrics.json").read_text("utf-8"))
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
