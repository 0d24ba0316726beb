"""Every shape's states and logits are torch's own, and stand at the steps that answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from models.catalog import load
from models.lstm.shape_models import shaped, written
from models.lstm.shapes import MODELS, OF_DECODERS, SHAPES, Unrolled
from models.seq2seq.record import translate
from pages.lstm import SHAPES as NAMED
from tests.closeness import assert_close
from tests.present import present

TEXTS = {
    "many_to_one": "DABFEH?",
    "tagging": "The dogs that saw the man are tired.",
    "language_model": "Biz bahçede kediyi gördük.",
}
SENTENCE = "Köpek kediyi gördü."


def found(shape: str) -> Unrolled:
    if shape in OF_DECODERS:
        return written(translate(MODELS[shape], SENTENCE), shape)
    return shaped(load(MODELS[shape]), shape, TEXTS[shape])


def test_the_address_knows_the_same_shapes() -> None:
    assert NAMED == SHAPES


@pytest.mark.parametrize("shape", sorted(TEXTS))
def test_logits_are_those_of_torchs_own_modules_one_after_another(shape: str) -> None:
    one, loaded = found(shape), load(MODELS[shape])
    ids = torch.tensor([loaded.encode(TEXTS[shape]).ids])
    with torch.inference_mode():
        output = loaded.model.recurrent(loaded.model.embedding(ids))[0]
        logits = loaded.model.lm_head(output)[0].numpy()
    assert_close(one.logits, logits[one.begin :])
    assert one.difference().rounding
    for step in range(one.steps):
        assert_close(one.states(step)[-1], output[0, step].numpy())


@pytest.mark.parametrize("shape", OF_DECODERS)
def test_a_decoder_begins_from_the_encoders_last_state_and_reads_its_own_words(shape: str) -> None:
    one, loaded = found(shape), load(MODELS[shape])
    net, source = loaded.model, loaded.encode(SENTENCE)
    with torch.inference_mode():
        ids = torch.tensor([source.ids])
        states, last = net.encoder(net.embedding(ids))
        vector = torch.cat((last[0], last[1]), -1)
        read = torch.tensor([[net.config.decoder_start_token_id, *one.answers[:-1]]])
        h = net.decoder(net.embedding(read), torch.tanh(net.bridge(vector))[None])[0][0]
        logits = net(input_ids=ids, decoder_input_ids=read).logits[0]
    assert_close(present(one.vector), vector[0].numpy())
    assert_close(present(one.decoder), h.numpy())
    assert_close(one.logits, logits.numpy())
    assert one.encoded == (len(source.ids) if shape == "encoder_decoder" else 0)
    assert one.inputs[one.begin + 1 :] == tuple(one.names[k] for k in one.answers[:-1])
    for step in range(one.encoded):
        (state,) = one.states(step)
        assert_close(state, states[0, step].numpy())


def test_only_the_last_step_of_many_to_one_answers_and_all_of_the_others_do() -> None:
    assert [found(shape).begin for shape in SHAPES] == [6, 0, 7, 0, 0]
    last = found("many_to_one")
    assert [last.answer(step) for step in (0, 5, 6)] == [None, None, 0]
    assert last.names[last.answers[0]] == "D"
    shares = [last.probability(0, k) for k in range(len(last.names))]
    assert sum(shares) == pytest.approx(1)
    assert max(shares) > 0.99


def test_attention_is_kept_where_the_source_is_drawn() -> None:
    assert found("one_to_many").weights is None
    weights = present(found("encoder_decoder").weights)
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-5)


def test_unknown_words_are_marked() -> None:
    one = shaped(load("tagger"), "tagging", "The zebra is tired.")
    assert one.unknown == {1}
    assert one.inputs[1] == "zebra"


def test_arrays_that_do_not_fit_are_refused() -> None:
    one = found("one_to_many")
    with pytest.raises(ValueError, match="logits"):
        replace(one, own=one.own[1:])
    with pytest.raises(ValueError, match="decoder"):
        replace(one, decoder=present(one.decoder)[1:])
