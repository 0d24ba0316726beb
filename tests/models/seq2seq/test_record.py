"""Every number of a recurrent encoder-decoder's pass: computed anew, and the model's own."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from models.architectures.seq2seq_model import Seq2Seq, Seq2SeqConfig
from models.catalog import CATALOG, load
from models.core.loaded import LoadedModel
from models.errors import (
    BrokenNumbers,
    EmptyText,
    NotCapturable,
    OnlyUnknown,
    TextTooLong,
    TooManyCharacters,
    UnsafeWeights,
)
from models.lstm.record import run
from models.record import record
from models.seq2seq.record import translate
from models.seq2seq.trace import Seq2SeqTrace
from models.trace import Floats, Projection
from tests.closeness import CLOSE, assert_close
from tests.models import tiny

SHIPPED = tuple(i for i, card in CATALOG.items() if card.shows == "seq2seq")
SENTENCE, TARGET = "Kedinin gördüğü çocuk balığı yedi.", "The child that the cat saw ate the fish."


def folder(place: Path, *, attention: bool) -> Path:
    words = tiny.tokenizer("wordpiece")
    torch.manual_seed(0)
    end = words.sep_token_id
    sizes = {"vocab_size": len(words), "eos_token_id": end, "decoder_start_token_id": end}
    model = Seq2Seq(Seq2SeqConfig(attention=attention, hidden_size=24, attention_size=20, **sizes))
    with torch.no_grad():  # wide: weights that are far from even
        for parameter in model.parameters():
            parameter.mul_(4)
    model.save_pretrained(place)
    words.save_pretrained(place)
    return place


@pytest.fixture(scope="module")
def attending(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    return load(str(folder(tmp_path_factory.mktemp("with"), attention=True)))


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    return load(str(folder(tmp_path_factory.mktemp("without"), attention=False)))


@pytest.fixture(scope="module", params=["attending", "fixed"])
def either(request: pytest.FixtureRequest) -> LoadedModel:
    found: LoadedModel = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module", params=["attending", "fixed", *SHIPPED])
def trace(request: pytest.FixtureRequest) -> Seq2SeqTrace:
    """A pass running free, of tiny random models and of the shipped ones."""
    if request.param in SHIPPED:
        return translate(request.param, SENTENCE)
    return translate(request.getfixturevalue(request.param), tiny.SENTENCE, max_steps=12)


def wide(projection: Projection) -> tuple[Any, Any]:
    """W and b in float64."""
    weight = projection.weight.astype(np.float64)
    bias = np.zeros(weight.shape[1]) if projection.bias is None else projection.bias
    return weight, bias.astype(np.float64)


def close(found: Floats, wanted: Any) -> None:
    assert_close(found, wanted)


def test_recomputed_numbers_are_the_models_own(trace: Seq2SeqTrace) -> None:
    assert trace.difference().relative <= CLOSE


def test_scores_weights_and_context_follow_from_the_states(attending: LoadedModel) -> None:
    traces = [translate(attending, tiny.SENTENCE, max_steps=6)]
    traces += [translate(i, SENTENCE) for i in SHIPPED if not i.endswith("fixed")]
    for one in traces:
        found = one.attention
        assert found is not None
        (w, _), (u, b), v = wide(found.w), wide(found.u), found.v.astype(np.float64)
        states, steps = one.encoder.astype(np.float64), one.h.astype(np.float64)
        for t, h in enumerate(steps):
            e = [float(v @ np.tanh(h @ w + state @ u + b)) for state in states]
            powers = [np.exp(score - max(e)) for score in e]
            alpha = [power / sum(powers) for power in powers]
            close(found.query[t], h @ w)
            close(found.scores[t], e)
            close(found.weights[t], alpha)
            close(found.context[t], sum(a * s for a, s in zip(alpha, states, strict=True)))
        close(found.key, states @ u + b)
        assert found.weights.max() > 2 / len(states)  # far from even


def test_the_terms_of_a_score_add_up_to_it(attending: LoadedModel) -> None:
    found = translate(attending, tiny.SENTENCE, max_steps=4).attention
    assert found is not None
    for t, j in ((0, 0), (3, 5)):
        assert found.terms(t, j).astype(np.float64).sum() == pytest.approx(
            float(found.scores[t, j]), abs=CLOSE
        )


def test_logits_follow_from_state_and_context(trace: Seq2SeqTrace) -> None:
    (w, b), (w_o, b_o) = wide(trace.combine), wide(trace.head)
    for t, h in enumerate(trace.h.astype(np.float64)):
        context = trace.last if trace.context is None else trace.context[t]
        joined = np.concatenate((h, context))
        close(trace.joined[t], joined)
        z = np.tanh(joined @ w + b)
        close(trace.z[t], z)
        close(trace.logits[t], z @ w_o + b_o)
        assert trace.vocabulary[int(np.argmax(z @ w_o + b_o))] == trace.predicted.typed[t]


def test_states_are_those_of_torchs_own_grus_in_double_precision(either: LoadedModel) -> None:
    trace = translate(either, tiny.SENTENCE, max_steps=6)
    model = deepcopy(either.model).double()
    ids = torch.tensor([either.encode(tiny.SENTENCE).ids])
    read = torch.tensor([either.tokenizer.convert_tokens_to_ids(list(trace.inputs.tokens))])
    with torch.inference_mode():
        states, last = model.encoder(model.embedding(ids))
        first = torch.tanh(model.bridge(torch.cat((last[0], last[1]), -1)))
        h = model.decoder(model.embedding(read), first[None])[0]
    close(trace.encoder, states[0].numpy())
    close(trace.last, torch.cat((last[0, 0], last[1, 0])).numpy())
    close(trace.first, first[0].numpy())
    close(trace.h, h[0].numpy())


def test_without_attention_the_last_state_is_all_that_the_decoder_knows(fixed: LoadedModel) -> None:
    trace = translate(fixed, tiny.SENTENCE, max_steps=3)
    assert [trace.attention, trace.scores, trace.weights, trace.context] == [None] * 4
    w, b = wide(trace.bridge)
    close(trace.first, np.tanh(trace.last.astype(np.float64) @ w + b))
    units = trace.h.shape[1]
    for joined in trace.joined:
        np.testing.assert_array_equal(joined[units:], trace.last)


def test_a_word_weighs_1_in_all(attending: LoadedModel) -> None:
    weights = translate(attending, tiny.SENTENCE, max_steps=6).weights
    assert weights is not None
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-6)
    assert (weights >= 0).all()


def test_padding_changes_nothing(either: LoadedModel) -> None:
    model = deepcopy(either.model).double()
    short, long = torch.tensor([[3, 4, 5]]), torch.tensor([[3, 4, 5, 6, 7, 8]])
    both = torch.cat((torch.cat((short, torch.zeros(1, 3, dtype=torch.long)), 1), long))
    mask = torch.tensor([[1, 1, 1, 0, 0, 0], [1] * 6])
    read = torch.tensor([[1, 9, 2, 7]])
    with torch.inference_mode():
        padded = model(both, read.expand(2, -1), attention_mask=mask).logits
        for row, alone in zip(padded, (short, long), strict=True):
            np.testing.assert_allclose(row, model(alone, read).logits[0], atol=1e-10)


def test_running_free_each_step_reads_what_the_one_before_predicted(either: LoadedModel) -> None:
    trace = translate(either, tiny.SENTENCE, max_steps=7)
    assert not trace.forced
    assert trace.inputs.tokens == ("[SEP]", *trace.predicted.tokens[:-1])
    assert len(trace.inputs.tokens) <= 7


def test_a_given_target_is_read_word_by_word(either: LoadedModel) -> None:
    trace = translate(either, tiny.SENTENCE, target=" the animal ", max_steps=1)
    assert trace.forced
    assert trace.expected is not None
    assert trace.expected.tokens == ("[CLS]", "the", "animal", "[SEP]")
    assert trace.inputs.tokens == ("[SEP]", *trace.expected.tokens[:-1])
    assert trace.target == " the animal "
    assert trace.difference().relative <= CLOSE


def test_a_blank_target_is_none(either: LoadedModel) -> None:
    trace = translate(either, tiny.SENTENCE, target="  ", max_steps=2)
    assert (trace.forced, trace.target) == (False, None)


def test_writing_ends_with_the_end_token(either: LoadedModel) -> None:
    other = replace(either, model=deepcopy(either.model))
    end = other.model.config.eos_token_id
    with torch.no_grad():
        other.model.lm_head.bias[end] = 1000.0
    trace = translate(other, tiny.SENTENCE)
    assert (trace.predicted.tokens, trace.predicted.special) == (("[SEP]",), (True,))


@pytest.mark.parametrize("model_id", SHIPPED)
@pytest.mark.parametrize("text", [SENTENCE, "Kadın elma yedi.", "Dün okulda koştular mı?"])
def test_forced_to_its_own_words_it_computes_the_same(model_id: str, text: str) -> None:
    free = translate(model_id, text)
    assert free.predicted.special == (False,) * (len(free.predicted.tokens) - 1) + (True,)
    words = load(model_id).tokenizer
    said = words.decode(
        words.convert_tokens_to_ids(list(free.predicted.tokens)), skip_special_tokens=True
    )
    forced = translate(model_id, text, target=said)
    assert forced.expected is not None
    assert forced.expected.tokens == forced.predicted.tokens == free.predicted.tokens
    for name in ("encoder", "h", "z", "logits"):
        np.testing.assert_array_equal(getattr(forced, name), getattr(free, name))


def test_attention_translates_a_relative_clause_and_looks_where_it_must() -> None:
    trace = translate("seq2seq", SENTENCE)
    assert "".join(trace.predicted.tokens[:-1]).replace("▁", " ").strip() == TARGET
    assert trace.weights is not None
    looked = {
        word: trace.typed[int(trace.weights[t].argmax())]
        for t, word in enumerate(trace.predicted.typed)
    }
    assert {looked["child"], looked["fish"]} <= {"çocuk", "balı", "balığ", "ı"}


def arrays(value: Any) -> list[Floats]:
    """All arrays of a record and of the records in it."""
    if isinstance(value, np.ndarray):
        return [value]
    if not is_dataclass(value):
        return []
    return [array for f in fields(value) for array in arrays(getattr(value, f.name))]


def test_a_record_can_not_be_written_to(either: LoadedModel) -> None:
    trace = translate(either, tiny.SENTENCE, max_steps=3)
    found = arrays(trace)
    assert len(found) >= 14
    assert not any(array.flags.writeable for array in found)
    assert all(array.dtype == np.float32 for array in found)
    with pytest.raises(FrozenInstanceError):
        trace.text = "another"  # type: ignore[misc]


@pytest.mark.parametrize("name", ["encoder", "h", "logits", "weights", "context"])
def test_fidelity_notices_a_number_that_is_not_the_models(
    attending: LoadedModel, name: str
) -> None:
    trace = translate(attending, tiny.SENTENCE, max_steps=3)
    wrong = getattr(trace.own, name).copy()
    wrong[1, 2] += 0.01
    other = replace(trace, own=replace(trace.own, **{name: wrong}))
    assert trace.fidelity() < 0.009 < other.fidelity()


def test_numbers_that_do_not_fit_the_words_are_refused(attending: LoadedModel) -> None:
    trace = translate(attending, tiny.SENTENCE, max_steps=3)
    for change in (
        {"source": trace.source.first(2)},
        {"h": trace.h[1:]},
        {"vocabulary": trace.vocabulary[1:]},
        {"attention": translate(attending, "a key", max_steps=3).attention},
    ):
        with pytest.raises(ValueError, match=r"rows|scores|logits"):
            replace(trace, **change)


def test_texts_are_refused_as_everywhere(either: LoadedModel) -> None:
    with pytest.raises(EmptyText):
        translate(either, "  ")
    with pytest.raises(OnlyUnknown):
        translate(either, "猫")
    with pytest.raises(TooManyCharacters):
        translate(either, "a" * 10_001)
    with pytest.raises(TextTooLong):
        translate(either, "key " * 600)
    with pytest.raises(TextTooLong):
        translate(either, "a key", target="key " * 600)
    with pytest.raises(ValueError, match="max_steps"):
        translate(either, "a key", max_steps=0)
    assert translate(either, "key " * 600, cut=True, max_steps=1).cut
    assert translate(either, "a key", target="key " * 600, cut=True).cut


def test_each_recorder_refuses_what_is_not_for_it(either: LoadedModel, minilm: LoadedModel) -> None:
    for recorder in (record, run):
        with pytest.raises(NotCapturable):
            recorder(either, "a key")
    with pytest.raises(NotCapturable):
        translate(minilm, "a key")


def test_weights_that_are_no_numbers_are_told_of(either: LoadedModel) -> None:
    other = replace(either, model=deepcopy(either.model))
    with torch.no_grad():
        other.model.combine.weight[0, 0] = torch.nan
    with pytest.raises(BrokenNumbers):
        translate(other, "a key", target="the animal")


def test_parts_that_are_not_in_the_file_are_not_invented(tmp_path: Path) -> None:
    place = folder(tmp_path, attention=True)
    weights = load_file(place / "model.safetensors")
    del weights["score.weight"]
    save_file(weights, place / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(UnsafeWeights):
        load(str(place))
