"""A whole pass against transformers' own eager attention, and how it fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from transformers import AttentionInterface

from models.core.loaded import LoadedModel
from models.heads.eager import against_eager
from models.recording import capture
from models.recording.eager import twin
from tests.models import tiny

Load = Callable[[str], LoadedModel]


@pytest.mark.parametrize("family", ["bert", "gpt2", "llama", "gemma2", "gpt_oss", "marian", "t5"])
def test_every_head_and_the_answer_agree(family: str, tiny_model: Load) -> None:
    found = against_eager(tiny_model(family), tiny.SENTENCE)
    assert found.agree == found.compared == found.heads > 0
    assert found.weights.relative < 1e-5
    assert found.passed


def test_minilm_agrees_in_72_of_72_heads(minilm: LoadedModel) -> None:
    found = against_eager(minilm, "The animal didn't cross the street because it was too tired.")
    assert (found.agree, found.compared, found.heads) == (72, 72, 72)
    assert found.weights.absolute < 1e-5
    assert found.passed


def test_the_twin_shares_every_tensor_and_leaves_the_loaded_model_as_it_was(
    tiny_model: Load,
) -> None:
    model = tiny_model("llama").model
    other = twin(model)
    pairs = zip(model.parameters(), other.parameters(), strict=True)
    assert all(a is b for a, b in pairs)
    pairs = zip(model.buffers(), other.buffers(), strict=True)
    assert all(a.data_ptr() == b.data_ptr() for a, b in pairs)
    assert other.config._attn_implementation == "eager"
    assert model.config._attn_implementation == capture.IMPLEMENTATION
    assert all(not module._forward_hooks for module in other.modules())


def test_a_model_that_has_handed_something_out_before_is_checked_all_the_same(
    tiny_model: Load,
) -> None:
    loaded = tiny_model("bert")
    with torch.inference_mode():
        loaded.model(input_ids=torch.tensor([[1, 2]]), output_hidden_states=True)
    assert against_eager(loaded, tiny.SENTENCE).passed


@pytest.mark.parametrize(
    ("family", "wrong"),
    [
        ("gpt2", {"attention_mask": None}),  # as where no mask function is registered
        ("llama", {"scaling": 1.0}),
        ("gemma2", {"softcap": None}),
    ],
)
def test_a_kernel_that_computes_something_else_is_found(
    family: str,
    wrong: dict[str, object],
    tiny_model: Load,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loaded = tiny_model(family)
    good = capture.attention

    def bad(
        module: torch.nn.Module,
        query: torch.Tensor,
        key: torch.Tensor,
        value: torch.Tensor,
        attention_mask: torch.Tensor | None,
        **options: object,
    ) -> object:
        options |= wrong
        mask = options.pop("attention_mask", attention_mask)
        return good(module, query, key, value, mask, **options)  # type: ignore[arg-type]

    monkeypatch.setitem(AttentionInterface._global_mapping, capture.IMPLEMENTATION, bad)
    found = against_eager(loaded, tiny.SENTENCE)
    assert not found.passed
    assert found.agree < found.heads
