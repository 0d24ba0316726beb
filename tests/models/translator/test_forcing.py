"""Teacher forcing and writing on, held against transformers' own passes, and by what must hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from models import record
from models.catalog import load
from models.translation.reference import examples
from models.translator import record as translator
from models.translator.forcing import continued, forced

CROSSING = next(iter(examples().values()))


def test_targets_are_what_is_read_one_place_on() -> None:
    found = forced(load("translator"), CROSSING.source, CROSSING.target)
    assert found.reads.ids[1:] == found.targets.ids[:-1]
    assert found.targets.tokens[-1] == "</s>"
    assert "".join(found.targets.typed[:-1]).replace(" ", "") == CROSSING.target.replace(" ", "")


@pytest.mark.parametrize("name", list(examples()))
def test_one_masked_pass_has_the_rows_of_one_token_at_a_time_and_torchs_loss(name: str) -> None:
    example = examples()[name]
    found = forced(load("translator"), example.source, example.target)
    assert found.rows.relative < 1e-12  # double precision
    count = len(found.reads.ids)
    assert found.sees == tuple(range(1, count + 1))
    assert found.all_seen == (count,) * count
    assert found.difference().relative < 1e-9  # of a loss near 1e-4
    assert found.loss == pytest.approx(found.losses.sum() / len(found.targets.ids))


def test_without_the_mask_this_model_is_lost_and_a_copy_of_what_is_ahead_is_right() -> None:
    for example in examples().values():
        found = forced(load("translator"), example.source, example.target)
        assert found.loss < 0.01
        assert found.unmasked.mean() > 1
        assert found.copied.mean() < 0.001
        assert len(found.copied) == len(found.losses) - 1


def test_a_later_token_changes_an_earlier_position_only_without_the_mask() -> None:
    loaded, text = load("translator"), CROSSING.source
    one = forced(loaded, text, CROSSING.target)
    other = forced(loaded, text, CROSSING.target.replace("loved", "washed"))
    part = next(
        n
        for n, pair in enumerate(zip(one.targets.ids, other.targets.ids, strict=False))
        if pair[0] != pair[1]
    )
    assert part > 4
    np.testing.assert_allclose(one.losses[:part], other.losses[:part], atol=1e-12)
    assert np.abs(one.unmasked[:part] - other.unmasked[:part]).max() > 0.1


def test_the_unmasked_pass_is_the_models_own_code_with_no_causal_mask() -> None:
    loaded = load("translator")
    found = forced(loaded, CROSSING.source, CROSSING.target)
    inputs = record.inputs_of(loaded, loaded.encode(CROSSING.source))
    parts = [layer.self_attn for layer in loaded.model.model.decoder.layers]

    # PyTorch's own attention in the place of each self-attention: it knows no mask at all.
    def own(part: Any) -> Any:
        x = seen[part]
        shape = (1, x.shape[1], part.num_heads, part.head_dim)
        q, k, v = (
            f(x).view(shape).transpose(1, 2) for f in (part.q_proj, part.k_proj, part.v_proj)
        )
        y = torch.nn.functional.scaled_dot_product_attention(q, k, v)
        return part.out_proj(y.transpose(1, 2).reshape(x.shape))

    seen: dict[Any, Any] = {}
    before = [
        part.register_forward_pre_hook(
            lambda part, given, named: seen.update(
                {part: given[0] if given else named["hidden_states"]}
            ),
            with_kwargs=True,
        )
        for part in parts
    ]
    after = [
        part.register_forward_hook(lambda part, _, out: (own(part), *out[1:])) for part in parts
    ]
    try:
        reads = torch.tensor([found.reads.ids])
        with torch.inference_mode():
            logits = loaded.model(**inputs, decoder_input_ids=reads, use_cache=False).logits[0]
    finally:
        for hook in (*before, *after):
            hook.remove()
    wanted = torch.nn.functional.cross_entropy(
        logits, torch.tensor(found.targets.ids), reduction="none"
    )
    np.testing.assert_allclose(found.unmasked, wanted.numpy(), rtol=1e-4, atol=1e-4)


def test_writing_without_a_slip_is_the_greedy_translation() -> None:
    found = continued(load("translator"), CROSSING.source)
    own = translator.run("translator", CROSSING.source)
    assert found.written.ids == own.ids
    assert found.reads.ids[1:] == own.ids[:-1]
    assert -found.losses.sum() == pytest.approx(own.log_probability, rel=1e-4)
    assert found.slip == 0
    assert not found.choices


def test_a_slip_is_read_in_the_place_of_what_was_written_and_later_words_follow_it() -> None:
    loaded = load("translator")
    plain = continued(loaded, CROSSING.source)
    found = continued(loaded, CROSSING.source, 5, 1)
    assert found.written.ids[:5] == plain.written.ids[:5]
    assert found.choices[0].id == found.written.ids[4]
    assert found.reads.ids[5] == found.choices[1].id != found.written.ids[4]
    assert found.rows.relative < 1e-12
    assert continued(loaded, CROSSING.source, 5, 0).written.ids == plain.written.ids
    assert continued(loaded, CROSSING.source, 60, 1).slip == 0
    with pytest.raises(IndexError, match="rank 10 is not in"):
        continued(loaded, CROSSING.source, 5, 10)


def test_without_a_target_it_is_the_models_own_writing() -> None:
    text = "Bilgisayar köye gitti."
    found = forced(load("translator"), text)
    assert found.targets.ids == translator.run("translator", text).ids
