"""Where q, k and v come from and where outputs go, in families that depart from the textbook."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from models.core.arrays import difference
from models.core.surroundings import Surroundings
from models.recording import around, operations
from models.recording.capture import Captured
from tests.models import wild

ROTATED, NORMED, CLIPPED = ("rotated",), ("normed",), ("clipped",)
NORMED_ROTATED = NORMED + ROTATED
PLAIN: tuple[str, ...] = ()
# family → what happens to q and k, to v, to the outputs, layer by layer where they differ.
EXPECTED: dict[str, list[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]] = {
    **{key: [(PLAIN, PLAIN, PLAIN)] for key in ("bert", "albert", "electra", "gpt2")},
    **{key: [(PLAIN, PLAIN, PLAIN)] for key in ("gpt_bigcode", "clip_text_model", "jamba")},
    **{key: [(PLAIN, PLAIN, PLAIN)] for key in ("marian", "bart", "t5", "mobilebert")},
    **{key: [(ROTATED, PLAIN, PLAIN)] for key in ("gpt_neox", "llama", "mistral", "gpt_oss")},
    **{key: [(ROTATED, PLAIN, PLAIN)] for key in ("esm", "nomic_bert", "eurobert", "bamba")},
    **{key: [(ROTATED, PLAIN, PLAIN)] for key in ("minimax", "modernbert", "recurrent_gemma")},
    **{key: [(NORMED_ROTATED, PLAIN, PLAIN)] for key in ("qwen3", "gemma3_text", "olmo2")},
    **{key: [(NORMED_ROTATED, PLAIN, PLAIN)] for key in ("stablelm", "cohere", "apertus")},
    **{key: [(NORMED_ROTATED, PLAIN, PLAIN)] for key in ("lfm2", "doge", "olmo_hybrid")},
    **{key: [(NORMED_ROTATED, PLAIN, ("gated",))] for key in ("qwen3_next", "qwen3_5_text")},
    **{key: [(ROTATED + NORMED, PLAIN, PLAIN)] for key in ("nanochat", "hunyuan_v1_dense")},
    **{key: [(CLIPPED + ROTATED, CLIPPED, PLAIN)] for key in ("olmo", "dbrx")},
    "olmoe": [(NORMED + CLIPPED + ROTATED, CLIPPED, PLAIN)],
    "bitnet": [(ROTATED, PLAIN, NORMED)],
    "afmoe": [(NORMED_ROTATED, PLAIN, ("gated",)), (NORMED, PLAIN, ("gated",))],
    "exaone4": [(NORMED_ROTATED, PLAIN, PLAIN)] * 3 + [(NORMED, PLAIN, PLAIN)],
    "cohere2": [(ROTATED, PLAIN, PLAIN)],
    "llama4_text": [(ROTATED + NORMED, PLAIN, PLAIN)] * 3 + [(PLAIN, PLAIN, PLAIN)],
}


def surroundings(records: list[Captured]) -> list[Surroundings]:
    found = [around.surroundings(each) for each in records]
    assert all(each is not None for each in found)
    return [each for each in found if each is not None]


@pytest.mark.parametrize("family", EXPECTED)
def test_what_stands_between_is_named_where_it_is_and_nowhere_else(family: str) -> None:
    found = surroundings(wild.records(family))
    wanted = EXPECTED[family] * (len(found) if len(EXPECTED[family]) == 1 else 1)
    for one, (queries, values, outputs) in zip(found, wanted, strict=True):
        assert one.changes == {"q": queries, "k": queries, "v": values, "output": outputs}
        assert one.rotary == ("rotated" in queries)


def apart(one: Surroundings, captured: Captured) -> float:
    """Largest relative difference of x·W + b to the model's own numbers, and of concat·W_O."""
    used = {"q": captured.query, "k": captured.key, "v": captured.value}
    found = []
    for name, before in (("q", one.q_before), ("k", one.k_before), ("v", one.v_before)):
        if one.recorded(name) and before is not None:
            made = getattr(one, f"w_{name}")(one.source(name))
            found.append(difference(made, before).relative)
            if not one.changes[name]:
                entered = used[name][0].transpose(0, 1).flatten(1).numpy()
                found.append(difference(made, entered).relative)
    found.append(difference(one.w_o(one.into_w_o), one.projected).relative)
    return max(found)


@pytest.mark.parametrize("family", EXPECTED)
def test_each_projection_makes_what_enters_attention_and_w_o_what_leaves_it(family: str) -> None:
    records = wild.records(family)
    for one, captured in zip(surroundings(records), records, strict=True):
        assert all(map(one.recorded, "qkvo"))
        assert apart(one, captured) < 1e-5


@pytest.mark.parametrize("family", ["gpt_bigcode", "gpt_neox", "qwen3_next", "qwen3_5_text"])
def test_the_check_fails_where_a_head_is_given_the_first_columns(
    family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was recorded here before: q, k and v side by side, whatever the model does."""

    def first(array: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
        return array[..., : len(columns)]

    records = wild.records(family)
    assert max(map(apart, surroundings(records), records)) < 1e-5
    monkeypatch.setattr("models.recording.flow._take", first)
    records = wild.records(family)
    assert max(map(apart, surroundings(records), records)) > 0.1


def test_a_wrong_weight_fails_the_check() -> None:
    records = wild.records("llama")
    (one, *_), (captured, *_) = surroundings(records), records
    wrong = one.w_k.weight.copy()
    wrong[3, 5] += 0.1
    object.__setattr__(one.w_k, "weight", wrong)
    assert apart(one, captured) > 1e-3


@pytest.mark.parametrize("family", ["qwen3_next", "qwen3_5_text", "afmoe"])
def test_an_output_gate_is_kept_and_leads_from_the_heads_to_what_w_o_was_given(family: str) -> None:
    for one in surroundings(wild.records(family)):
        assert one.gate is not None
        assert one.given is not None
        assert ((one.gate > 0) & (one.gate < 1)).all()
        assert difference(one.concat * one.gate, one.given).relative < 1e-6
        assert difference(one.concat, one.given).relative > 0.1
        assert one.gate_before is not None
        assert difference(1 / (1 + np.exp(-one.gate_before)), one.gate).relative < 1e-6


def test_what_a_gate_is_made_from_is_the_models_own_projection() -> None:
    """Qwen 3 Next's q_proj makes a query and a gate a head, by turns; the gate is its sigmoid."""
    records = wild.records("qwen3_next")
    for one, record in zip(surroundings(records), records, strict=True):
        module: Any = record.module
        own = one.x @ module.q_proj.weight.detach().numpy().T
        own = own.reshape(len(one.x), 4, 2, 8)[:, :, 1].reshape(len(one.x), 32)
        assert one.gate_before is not None
        assert difference(own, one.gate_before).relative < 1e-5


def test_q_and_its_gate_are_parted() -> None:
    """Qwen 3 Next's q_proj makes a query and a gate a head, by turns."""
    model = wild.build("qwen3_next")
    (record, *_) = _run(model)
    (one,) = surroundings([record])
    module: Any = record.module
    own = module.q_proj.weight.detach().numpy().T.reshape(32, 4, 2, 8)
    assert np.array_equal(one.w_q.weight, own[:, :, 0].reshape(32, 32))


def test_interleaved_heads_have_their_own_columns() -> None:
    model = wild.build("gpt_bigcode")
    (record, *_) = _run(model)
    (one,) = surroundings([record])
    module: Any = record.module
    own = module.c_attn.weight.detach().numpy().T.reshape(32, 4, 3, 8)
    for part, projection in enumerate((one.w_q, one.w_k, one.w_v)):
        assert np.array_equal(projection.weight, own[:, :, part].reshape(32, 32))


def _run(model: Any) -> list[Captured]:
    from models.recording import capture

    return capture.run(model, wild.inputs(model), surroundings=True).records


@pytest.mark.parametrize("family", ["deepseek_v2", "deepseek_v3", "minicpm3"])
def test_latent_projections_are_named_and_what_has_two_sources_is_not_recorded(family: str) -> None:
    for one in surroundings(wild.records(family)):
        assert one.latent == ("q", "k", "v")
        assert one.changes == {"q": ROTATED, "v": PLAIN, "output": PLAIN}
        assert [one.recorded(part) for part in "qkvo"] == [True, False, True, True]
        assert difference(one.w_q(one.x), one.q_before).relative < 1e-5


@pytest.mark.parametrize("family", ["gemma3n_text", "gemma4_text"])
def test_values_that_are_normed_are_named_and_shared_ones_not_recorded_twice(family: str) -> None:
    found = surroundings(wild.records(family))
    for one in found[:2]:
        assert one.changes == {
            **dict.fromkeys("qk", NORMED_ROTATED),
            **{"v": NORMED, "output": PLAIN},
        }
    for one in found[2:]:
        assert one.changes == {"q": NORMED_ROTATED, "output": PLAIN}
        assert not one.recorded("k")
        assert not one.recorded("v")


def test_mobilebert_makes_values_from_another_input() -> None:
    for one in surroundings(wild.records("mobilebert")):
        assert one.x_v is not None
        assert one.x_v.shape[1] != one.x.shape[1]
        assert one.v_before is not None
        assert difference(one.w_v(one.x_v), one.v_before).relative < 1e-5


def test_what_is_not_understood_is_called_changed() -> None:
    """Zamba 2 adds an adapter's output to each projection."""
    for one in surroundings(wild.records("zamba2")):
        assert one.changes == dict.fromkeys("qkv", ("changed",)) | {"output": PLAIN}


def test_a_projection_that_is_written_over_is_kept_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """OLMoE clips v in place."""
    for one in surroundings(wild.records("olmoe")):
        assert one.v_before is not None
        assert abs(one.v_before).max() > 1
    monkeypatch.setattr(operations.Operations, "_keep_apart", lambda *_: None)
    records = wild.records("olmoe")
    assert max(map(apart, surroundings(records), records)) > 1e-3


def test_a_query_that_is_scaled_is_named() -> None:
    for one in surroundings(wild.records("opt")):
        assert one.changes == {"q": ("scaled",), "k": PLAIN, "v": PLAIN, "output": PLAIN}


def test_without_surroundings_nothing_is_watched() -> None:
    for record in wild.records("llama", surroundings=False):
        assert around.surroundings(record) is None
