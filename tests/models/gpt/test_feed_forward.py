"""Hidden units of a feed-forward: recorded, turned off and counted as torch itself does it."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest
import torch

from models.catalog import load
from models.gpt.feed_forward import at_last, firings, layers_of, value, without
from tests.closeness import assert_close

TEXT = "The old"


@pytest.fixture(scope="module")
def ids() -> tuple[int, ...]:
    return load("gpt-mini").encode(TEXT).ids


def test_the_units_are_what_the_activation_gives(ids: tuple[int, ...]) -> None:
    loaded, seen = load("gpt-mini"), []
    part = deepcopy(loaded.model)
    part.transformer.h[2].mlp.act.register_forward_hook(lambda _, __, out: seen.append(out))
    with torch.inference_mode():
        part(input_ids=torch.tensor([ids]), use_cache=False)
    found = at_last(loaded, ids, 2)
    assert_close(found.activations, seen[0][0, -1].numpy())
    rows = loaded.model.transformer.h[2].mlp.c_proj.weight.detach().numpy()
    added = found.activations[:, None] * rows
    assert_close(found.lengths, np.linalg.norm(added, axis=1))
    assert found.longest == int(np.linalg.norm(added, axis=1).argmax())


def test_a_units_strongest_tokens_are_those_of_passes_of_their_own() -> None:
    loaded = load("gpt-mini")
    found, unit = firings(loaded, 3), 35
    [(tokens, most), *others] = found.strongest(unit)
    assert most == pytest.approx(found.activations[:, unit].max())
    assert [a for _, a in others] == sorted((a for _, a in others), reverse=True)
    assert len({one for one, _ in found.strongest(unit)}) == len(others) + 1
    place = found.tokens.index(tokens)
    assert found.activations[place, unit] == pytest.approx(most)


def test_the_value_is_the_output_row_through_the_words_own_vectors() -> None:
    loaded = load("gpt-mini")
    found = value(loaded, 3, 35)
    assert found.difference().rounding
    assert found.products.sum() == pytest.approx(found.raised[0][1])
    row = loaded.model.transformer.h[3].mlp.c_proj.weight.detach()[35]
    with torch.inference_mode():
        own = loaded.model.lm_head(row).numpy()
    best = sorted(range(len(own)), key=lambda n: -own[n])
    assert [word for word, _ in found.raised] == best[:8]
    assert found.lowered[0][0] == best[-1]


def test_turning_a_unit_off_is_the_model_without_its_row(ids: tuple[int, ...]) -> None:
    loaded = load("gpt-mini")
    copied = deepcopy(loaded.model)
    with torch.no_grad():
        copied.transformer.h[3].mlp.c_proj.weight[35] = 0
    with torch.inference_mode():
        given = {"input_ids": torch.tensor([ids]), "use_cache": False}
        on, off = (m(**given).logits[0, -1].softmax(-1).numpy() for m in (loaded.model, copied))
    found = without(loaded, ids, 3, 35)
    assert found.distance > 0.001
    assert found.distance == pytest.approx(np.abs(on - off).sum() / 2, rel=1e-3)
    for one in found.words:
        assert one.probabilities == pytest.approx((on[one.id], off[one.id]), rel=1e-3)


def test_two_thirds_of_a_layers_numbers_are_the_feed_forwards(ids: tuple[int, ...]) -> None:
    found, d = at_last(load("gpt-mini"), ids, 0), 128
    assert found.weights[0] == 2 * d * 4 * d + 4 * d + d
    assert found.weights[1] == found.weights[0] + 4 * d * d + 4 * d + 2 * 2 * d
    assert found.share == pytest.approx(0.664, abs=0.001)


def test_a_wrong_place_is_said_and_a_model_without_feed_forward_has_none(
    ids: tuple[int, ...],
) -> None:
    loaded = load("gpt-mini")
    assert layers_of(loaded) == 4
    assert layers_of(load("induction")) == 0
    with pytest.raises(IndexError, match="layer 4"):
        at_last(loaded, ids, 4)
    with pytest.raises(IndexError, match="unit 512"):
        value(loaded, 0, 512)
