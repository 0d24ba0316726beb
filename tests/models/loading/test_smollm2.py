"""SmolLM2 itself, read from its own file. Belongs to `make test-tables`, which installs it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer, LlamaForCausalLM
from transformers.modeling_gguf_pytorch_utils import load_gguf_checkpoint

from models import catalog
from models.catalog import CATALOG, load
from models.core.loaded import LoadedModel
from models.core.sampling import Settings
from models.gpt.cache import cached
from models.gpt.generation import changed_rows, spelled, traced, write
from models.gpt.induction import drawn, repeated
from models.heads.eager import against_eager
from models.heads.sinks import first_token, mean_weight
from models.loading.tokenizer import PROBES
from models.positions import rotary
from models.positions.schemes import of_head, recorded
from models.record import record
from models.recording.eager import twin

CARD = CATALOG["smollm2"]
TEXT = "The capital of France is"
TWELVE = "Last week the old cook met a young woman in Rome."

if CARD not in catalog.offered():
    pytest.skip("left out (SMALL=1 or DIKKAT_WITHOUT)", allow_module_level=True)
if not catalog.is_installed(CARD):
    pytest.skip(f"{CARD.package} is not installed (make install)", allow_module_level=True)


@pytest.fixture(scope="module")
def smollm2() -> LoadedModel:
    return load("smollm2")


def test_its_card_says_what_it_is(smollm2: LoadedModel) -> None:
    config = smollm2.model.config
    assert (CARD.family, CARD.layers, CARD.heads, CARD.width) == (
        config.model_type,
        config.num_hidden_layers,
        config.num_attention_heads,
        config.hidden_size,
    )
    assert CARD.sizes == {
        "parameters": sum(p.numel() for p in smollm2.model.parameters()),
        "vocabulary": config.vocab_size,
        "positions": config.max_position_embeddings,
        "bytes": (catalog.card_folder(CARD) / str(CARD.gguf)).stat().st_size,
    }
    assert config.num_key_value_heads == 3
    assert config.rope_parameters["rope_theta"] == 100_000
    assert len(smollm2.tokenizer) == config.vocab_size
    assert {p.dtype for p in smollm2.model.parameters()} == {torch.float32}


def test_it_goes_on_with_paris(smollm2: LoadedModel) -> None:
    ids = write(smollm2, TEXT, Settings(0.0, 0, 1.0), steps=2).ids
    assert smollm2.tokenizer.decode(ids) == f"{TEXT} Paris."


def test_all_270_heads_are_eagers(smollm2: LoadedModel) -> None:
    trace = record(smollm2, TWELVE)
    assert len(trace.tokens) == 12
    assert trace.relative_fidelity() < 1e-5
    ids = torch.tensor([list(trace.source.ids)])
    with torch.inference_mode():
        eager = twin(smollm2.model)(ids, output_attentions=True).attentions
    heads = 0
    for block, theirs in zip(trace.layers("decoder"), eager, strict=True):
        for ours, other in zip(block.weights, theirs[0].numpy(), strict=True):
            assert np.abs(ours - other).max() <= 1e-5 * np.abs(other).max()
            heads += 1
    assert heads == 270
    found = against_eager(smollm2, TWELVE)
    assert found.passed
    assert found.agree == 270


def test_it_is_what_transformers_makes_of_the_file(smollm2: LoadedModel) -> None:
    """Its own converter has another way to the rows of q and k, and to the configuration."""
    own = smollm2.model
    with torch.device("meta"):
        shapes = LlamaForCausalLM(own.config)
    folder = catalog.card_folder(CARD)
    file = str(folder / str(CARD.gguf))
    theirs = load_gguf_checkpoint(file, return_tensors=True, model_to_load=shapes)
    expected = theirs["tensors"]
    for name, parameter in own.named_parameters():
        assert torch.equal(parameter, expected.pop(name)), name
    assert not expected
    for name in ("rms_norm_eps", "head_dim", "intermediate_size", "eos_token_id", "pad_token_id"):
        assert getattr(own.config, name) == theirs["config"][name]
    words = AutoTokenizer.from_pretrained(folder, gguf_file=CARD.gguf, local_files_only=True)
    for text in PROBES:
        if "½" not in text:  # transformers does not cut digits off, as "smollm" means
            assert words(text)["input_ids"] == smollm2.tokenizer(text)["input_ids"]


def test_texts_come_back_as_people_typed_them(smollm2: LoadedModel) -> None:
    for text in PROBES:
        encoded = smollm2.encode(text)
        assert smollm2.tokenizer.decode(list(encoded.ids)) == text
        assert spelled(smollm2, encoded.ids) == text.strip()
    assert smollm2.encode("the year 2024").tokens == ("the", "Ġyear", "Ġ", *"2024")
    assert smollm2.encode("naïve").typed == ("na", "ïve")
    assert not any(smollm2.encode(TEXT).special)


def test_its_mask_cache_and_induction_heads_are_seen(smollm2: LoadedModel) -> None:
    ids = smollm2.encode(TWELVE).ids
    assert changed_rows(traced(smollm2, ids[:-1]), traced(smollm2, ids)).rounding
    kept = cached(smollm2, ids)
    assert kept is not None
    assert kept.bytes == 30 * 2 * 3 * len(ids) * 64 * 4
    assert kept.difference.rounding
    found = repeated(smollm2, drawn(smollm2, 12, 0))
    assert found.scores[found.best[0]][found.best[1]] > 0.5
    assert found.second_loss < found.first_loss / 2


def test_its_rotation_was_trained_and_keeps_scores_when_all_words_move(
    smollm2: LoadedModel,
) -> None:
    found = rotary.moved_text(smollm2, TWELVE, 180)
    assert found is not None
    assert found.model_id == "smollm2"
    assert found.changed < 1e-3 * found.largest < found.turned
    assert of_head(recorded(smollm2, TWELVE), 3, 0).content.shape == (12, 12)


def test_its_first_token_is_a_sink_as_the_heads_page_says(smollm2: LoadedModel) -> None:
    trace = record(smollm2, "The cat sat down because it was tired")
    layers = [first_token(block) for block in trace.layers("decoder")]
    assert mean_weight(layers) == pytest.approx(0.71, abs=0.005)
    passed = np.concatenate([one.passed for one in layers]).mean()
    assert passed == pytest.approx(0.53, abs=0.005)
    ratio = np.concatenate([one.first / one.others for one in layers])
    assert np.median(ratio) == pytest.approx(0.25, abs=0.03)
