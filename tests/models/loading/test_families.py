"""Recordings of many families, held against the same checkpoint's own eager attention."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from models.core.arrays import Floats
from models.core.loaded import LoadedModel
from models.loading.families import kind_of
from models.record import record
from models.trace import AttentionBlock, AttentionTrace, Kind
from tests.closeness import CLOSE, assert_close
from tests.models import tiny
from tests.models.projections import projections

EXACT = 1e-6  # the same numbers handed on
TWO_SIDED = ("marian", "bart", "t5")
GROUPED = ("llama", "phi3", "gemma2", "gpt_oss")

Load = Callable[[str], LoadedModel]


class Oracle:
    """The same folder under attn_implementation="eager", with plain hooks of the test's own."""

    def __init__(self, folder: Path, loaded: LoadedModel, trace: AttentionTrace) -> None:
        model = type(loaded.model).from_pretrained(folder, attn_implementation="eager").eval()
        self.seen: dict[Kind, list[dict[str, Floats]]] = {"encoder": [], "decoder": [], "cross": []}
        modules = dict(model.named_modules())
        for path, kind in dict(loaded.attention).items():
            self._watch(modules, path, kind)
        with torch.inference_mode():
            self.result = model(**_inputs(loaded, trace), output_attentions=True)

    def _watch(self, modules: dict[str, Any], path: str, kind: Kind) -> None:
        found = projections(modules, path)
        assert found is not None, path
        near: dict[str, Floats] = {}

        def keep(name: str, position: str) -> Any:
            def hook(_: Any, inputs: Any, output: Any) -> None:
                near[position], near[name] = inputs[0][0].numpy(), output[0].numpy()

            return hook

        def done(_: Any, inputs: Any, output: Any) -> None:
            near["concat"], near["projected"] = inputs[0][0].numpy(), output[0].numpy()
            self.seen[kind].append(dict(near))

        found[0].register_forward_hook(keep("q", "x"))
        found[1].register_forward_hook(keep("k", "x_kv"))
        found[3].register_forward_hook(done)

    def weights(self, kind: Kind) -> tuple[Any, ...]:
        if "encoder_attentions" in self.result:
            key = "cross_attentions" if kind == "cross" else f"{kind}_attentions"
            return tuple(self.result[key])
        return tuple(self.result.attentions)


def _inputs(loaded: LoadedModel, trace: AttentionTrace) -> dict[str, Any]:
    """Tensors made from the trace's tokens alone."""

    def ids(names: tuple[str, ...]) -> Any:
        return torch.tensor([loaded.tokenizer.convert_tokens_to_ids(list(names))])

    inputs = {"input_ids": ids(trace.tokens)}
    inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
    if trace.target_tokens is not None:
        inputs["decoder_input_ids"] = ids(trace.target_tokens)
    return inputs


@pytest.fixture(params=list(tiny.FAMILIES))
def family(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def pass_of(
    family: str, tiny_model: Load, folder_of: Callable[[str], Path]
) -> tuple[AttentionTrace, Oracle]:
    loaded = tiny_model(family)
    trace = record(loaded, tiny.SENTENCE, surroundings=True)
    return trace, Oracle(folder_of(family), loaded, trace)


def _side_by_side(heads: Floats) -> Floats:
    """(head, token, d) → (token, head·d)."""
    return heads.transpose(1, 0, 2).reshape(heads.shape[1], -1)


def _scores(block: AttentionBlock) -> Floats:
    """What the weights of two passes differ by goes with the size of their scores, 1 at least."""
    steps = [block.head(head).masked for head in range(block.heads)]
    finite = np.abs(np.stack(steps))
    return np.maximum(finite, 1, where=np.isfinite(finite), out=np.ones_like(finite))


def _blocks(trace: AttentionTrace, oracle: Oracle) -> list[tuple[AttentionBlock, Any, Any]]:
    """(our block, the model's own weights, what its own hooks saw), every layer and kind."""
    found = []
    for kind in trace.kinds:
        own = oracle.weights(kind)
        assert len(own) == len(trace.layers(kind)) == len(oracle.seen[kind])
        found += list(zip(trace.layers(kind), own, oracle.seen[kind], strict=True))
    assert len(found) == len(trace.blocks)
    return found


def test_weights_and_outputs_are_the_models_own(
    pass_of: tuple[AttentionTrace, Oracle], family: str
) -> None:
    trace, oracle = pass_of
    for block, weights, near in _blocks(trace, oracle):
        assert_close(block.weights, weights[0], among=_scores(block))
        assert_close(_side_by_side(block.output), near["concat"])
    assert trace.difference().relative <= CLOSE
    wanted: tuple[Kind, ...] = ("encoder", "decoder", "cross")
    one_sided: Kind = "encoder" if "bert" in family else "decoder"
    assert trace.kinds == (wanted if family in TWO_SIDED else (one_sided,))


def test_a_heads_steps_end_in_the_models_own_weights(
    pass_of: tuple[AttentionTrace, Oracle],
) -> None:
    for block, weights, _ in _blocks(*pass_of):
        for head in range(block.heads):
            steps = block.head(head)
            assert_close(steps.weights, weights[0, head], among=_scores(block))
            assert_close(steps.output, block.output[head])
            hidden = np.isneginf(steps.masked)
            assert not steps.weights[hidden].any()
            assert not np.isinf(steps.scaled).any()


def test_what_surrounds_the_heads_is_the_models_own(
    pass_of: tuple[AttentionTrace, Oracle], family: str
) -> None:
    for block, _, near in _blocks(*pass_of):
        around = block.surroundings
        assert around is not None
        for name, mine in (("x", around.x), ("x_kv", around.x_kv)):
            assert_close(mine, near[name])
        assert_close(around.projected, near["projected"])
        assert np.array_equal(around.concat, _side_by_side(block.output))
        assert around.rotary == (family in GROUPED)


def test_the_projections_give_what_the_model_computed(
    pass_of: tuple[AttentionTrace, Oracle], family: str
) -> None:
    for block in pass_of[0].blocks:
        around = block.surroundings
        assert around is not None
        q, k, v = around.w_q(around.x), around.w_k(around.x_kv), around.w_v(around.x_kv)
        assert_close(q, around.q_before)
        assert_close(k, around.k_before)
        assert_close(v, _side_by_side(block.v))
        assert_close(around.w_o(around.concat), around.projected)
        if family not in GROUPED:
            scaled = block.q.shape[2] ** -0.5 if family == "opt" else 1.0
            assert_close(around.q_before * scaled, _side_by_side(block.q), EXACT)


def test_a_rotation_keeps_the_length_of_queries_and_keys(tiny_model: Load) -> None:
    for block in record(tiny_model("llama"), tiny.SENTENCE, surroundings=True).blocks:
        assert block.surroundings is not None
        before = block.surroundings.k_before.reshape(block.k.shape[1], *block.k.shape[::2])
        rotated = block.k.transpose(1, 0, 2)
        lengths = np.linalg.norm(before, axis=-1)
        assert np.allclose(np.linalg.norm(rotated, axis=-1), lengths, rtol=1e-5)
        assert np.abs(before - rotated).max() > 0.01


def test_only_what_a_family_has_is_in_its_blocks(
    pass_of: tuple[AttentionTrace, Oracle], family: str
) -> None:
    trace = pass_of[0]
    blocks = trace.blocks
    assert all((b.softcap == 2.0) == (family == "gemma2") for b in blocks)
    assert all((b.sinks is not None) == (family == "gpt_oss") for b in blocks)
    biased = {b.kind for b in blocks if b.terms}
    assert biased == ({"encoder", "decoder"} if family == "t5" else set())
    assert all((b.mask is not None) == (b.kind == "decoder") for b in blocks)
    assert {len(b.k) for b in blocks} == {2 if family in GROUPED else 4}


def test_nothing_in_a_recording_can_be_written_to(pass_of: tuple[AttentionTrace, Oracle]) -> None:
    for block in pass_of[0].blocks:
        around = block.surroundings
        assert around is not None
        arrays = [block.q, block.k, block.v, block.output, block.weights]
        arrays += [around.x, around.concat, around.w_q.weight, around.w_o.weight]
        arrays += [term.values for term in block.terms]
        arrays += [a for a in (block.mask, block.sinks) if a is not None]
        assert not any(a.flags.writeable for a in arrays)
        assert all(a.dtype == np.float32 for a in arrays)


def test_layers_share_one_mask(tiny_model: Load) -> None:
    first, second = record(tiny_model("llama"), tiny.SENTENCE).blocks
    assert first.mask is not None
    assert first.mask is second.mask


def test_a_sliding_window_hides_what_lies_further_back(tiny_model: Load) -> None:
    masks = [block.mask for block in record(tiny_model("gemma2"), tiny.SENTENCE).blocks]
    assert [mask is not None and bool(np.isneginf(mask[0, -1, 0])) for mask in masks] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("path", "causal", "two_sided", "kind"),
    [
        ("encoder.layer.0.attention.self", False, False, "encoder"),
        ("transformer.h.0.attn", True, False, "decoder"),
        ("model.encoder.layers.0.self_attn", True, True, "encoder"),
        ("model.decoder.layers.0.self_attn", False, True, "decoder"),
        ("model.decoder.layers.0.encoder_attn", False, True, "cross"),
        ("decoder.block.0.layer.1.EncDecAttention", False, True, "cross"),
        ("encoder.layer.0.crossattention.self", False, False, "cross"),
        ("decoder.layers.0.self_attn", True, False, "decoder"),
    ],
)
def test_the_kind_of_attention_is_read_from_the_path_first(
    path: str, causal: bool, two_sided: bool, kind: Kind
) -> None:
    module = type("Attention", (), {"is_causal": causal})()
    assert kind_of(path, module, is_encoder_decoder=two_sided) == kind
