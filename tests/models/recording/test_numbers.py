"""Layers keep the model's own numbers; layers without attention are called what they are."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from models.core.kinds import Kind
from models.core.loaded import LoadedModel
from models.loading.checkpoint import open_folder
from models.recording import capture, kinds, numbers
from tests.models import tiny, wild

HYBRIDS: dict[str, tuple[tuple[int, ...], str]] = {
    "jamba": ((1, 3), "state_space"),
    "bamba": ((1, 3), "state_space"),
    "zamba2": ((1, 3, 5), "state_space"),
    "lfm2": ((1, 3), "convolution"),
    "qwen3_next": ((1, 3), "linear_attention"),
    "qwen3_5_text": ((1, 3), "linear_attention"),
    "olmo_hybrid": ((1, 3), "linear_attention"),
    "minimax": ((1, 3), "linear_attention"),
    "recurrent_gemma": ((2,), "recurrent"),
}


def recorded(name: str) -> tuple[Any, list[capture.Captured], kinds.Attention]:
    """A model, what it recorded, and (path, kind) of each attention, all called decoders."""
    model = wild.build(name)
    found = capture.run(model, wild.inputs(model)).records
    paths = {id(module): path for path, module in model.named_modules()}
    return model, found, tuple((paths[id(one.module)], "decoder") for one in found)


@pytest.mark.parametrize("family", HYBRIDS)
def test_a_hybrids_layers_have_its_own_numbers(family: str) -> None:
    own, other = HYBRIDS[family]
    model, _, attention = recorded(family)
    assert numbers.layer_numbers(model, attention) == own
    loaded = SimpleNamespace(model=model, attention=attention, is_encoder_decoder=False)
    rest = [n for n in range(model.config.num_hidden_layers) if n not in own]
    assert numbers.others(cast("LoadedModel", loaded)) == tuple((n, other) for n in rest)


def test_attention_beside_a_state_space_in_every_layer_leaves_no_others() -> None:
    model, _, attention = recorded("falcon_h1")
    assert numbers.layer_numbers(model, attention) == (0, 1)


def test_one_layer_used_again_is_counted_by_its_calls() -> None:
    model, _, attention = recorded("albert")
    assert len({path for path, _ in attention}) == 1
    assert numbers.layer_numbers(model, attention) == (0, 1)


@pytest.mark.parametrize("family", ["marian", "t5"])
def test_both_sides_and_cross_attention_are_numbered_alike(family: str) -> None:
    model, found, _ = recorded(family)
    paths = {id(module): path for path, module in model.named_modules()}
    sides: list[Kind] = ["encoder", "encoder", "decoder", "cross", "decoder", "cross"]
    attention = tuple((paths[id(r.module)], k) for r, k in zip(found, sides, strict=True))
    assert numbers.layer_numbers(model, attention) == (0, 1, 0, 0, 1, 1)


@pytest.mark.parametrize(
    ("family", "kind"),
    [
        ("clip_text_model", "decoder"),
        ("doge", "decoder"),
        ("llama", "decoder"),
        ("mistral", "decoder"),
        ("llama-bidirectional", "encoder"),
        ("modernbert", "encoder"),
        ("bert", "encoder"),
    ],
)
def test_the_recorded_mask_tells_encoder_from_decoder(family: str, kind: Kind) -> None:
    guesses: tuple[Kind, ...] = ("encoder", "decoder")
    for guessed in guesses:
        _, found, attention = recorded(family)
        wrong = tuple((path, guessed) for path, _ in attention)
        assert {name for _, name in kinds.as_masked(wrong, found)} == {kind}


def test_keys_and_values_that_another_layer_made_are_the_very_same() -> None:
    from models.record import _same_keys

    for family in ("gemma3n_text", "gemma4_text"):
        found = wild.records(family, surroundings=False)
        same = [[n for n in range(i) if _same_keys(found[n], one)] for i, one in enumerate(found)]
        assert same == [[], [], [0], [1]]
    assert not any(_same_keys(*wild.records("llama", surroundings=False)) for _ in "1")


def test_a_model_that_nobody_holds_is_not_kept_for_its_numbers(tmp_path: Path) -> None:
    loaded = open_folder(tiny.save("llama", tmp_path), None, "mine", "local")
    assert numbers.of_model(loaded) == numbers.of_model(loaded) == (0, 1)
    assert numbers.others(loaded) == ()
    gone = weakref.ref(loaded.model)
    del loaded
    gc.collect()
    assert gone() is None
