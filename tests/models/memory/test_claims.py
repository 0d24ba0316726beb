"""What the memory page's prose says of the three networks is so, by measurement."""

from __future__ import annotations

import numpy as np
import torch

from models.measured import CHECKPOINTS
from models.memory import jacobian_paths, products, recall
from models.memory.gradients import NETWORKS, SEEDS, drawn, gradients
from models.training import memory
from models.training.seeds import members
from tests.present import present

MEASURED = present(recall.measured(NETWORKS))
FIRST = 21  # distance of the first symbol in the page's own text


def test_the_first_text_shrinks_by_tanh_though_sigma_is_above_two() -> None:
    found = gradients(drawn(20))
    chain = jacobian_paths.recurrent(found.rnn, FIRST)
    assert products.largest(found.rnn.u) > 2
    assert 0.9 < np.exp(np.log(chain.matrix[1:]).mean()) < 1.1
    assert 0.4 < np.exp(np.log(chain.slope).mean()) < 0.6
    assert chain.norm < 1e-6
    assert np.median(np.abs(found.rnn.h)) > 0.5
    assert jacobian_paths.along_cell(found.lstm, FIRST).kept_by_all.max() > 0.3


def test_the_rnn_keeps_about_one_bit_at_any_distance() -> None:
    rnn = MEASURED["rnn"]
    for distractors in (10, 1000):
        share = rnn.mean[rnn.distractors.index(distractors)]
        assert 0.2 < share < 0.3 > 2 * rnn.chance


def test_after_a_hundred_distractors_the_rnns_answers_fall_into_two_groups() -> None:
    for model in members(memory.rnn, memory.SEEDS, CHECKPOINTS / NETWORKS["rnn"]):
        ids = memory.examples(100, 128, torch.Generator().manual_seed(5))
        with torch.inference_mode():
            states = model.states(model.embedding(ids))[:, -1].double().numpy()  # type: ignore[operator]
        centred = states - states.mean(axis=0)
        side = centred @ np.linalg.svd(centred, full_matrices=False)[2][0] > 0
        # Which side of the largest direction a state is on follows from the first symbol.
        sides = [side[ids[:, 0].numpy() == symbol].mean() for symbol in range(1, 9)]
        settled = [share for share in sides if share < 0.1 or share > 0.9]
        assert len(settled) >= 5
        assert {round(share) for share in settled} == {0, 1}


def test_the_lstm_answers_right_where_its_gradient_is_nearly_nothing() -> None:
    lstm = MEASURED["lstm"]
    assert (lstm.seeds == 1).all()
    smallest = min(gradients(drawn(100), seed).norms["lstm"][0] for seed in range(SEEDS))
    assert smallest < 1e-5


def test_random_numbers_vanish_above_one_and_a_rotation_reaches_its_bound() -> None:
    found = gradients(drawn(20))
    u = products.matrix("random", found.rnn.u, 1.25)
    assert 0.4 < products.radius(u) / 1.25 < 0.6
    for activation in products.ACTIVATIONS[:2]:
        assert products.products(found, "random", 1.25, activation=activation).norms[-1] < 0.1
    norms = products.products(found, "rotation", 1.25, activation="linear").norms
    np.testing.assert_allclose(norms, 1.25 ** np.arange(len(norms)))


def test_attention_falls_off_only_beyond_the_lengths_of_training() -> None:
    told = MEASURED["attention"]
    lengths = np.array(told.distractors)
    assert (told.mean[lengths <= told.trained_up_to] == 1).all()
    assert told.mean[-1] < 1
