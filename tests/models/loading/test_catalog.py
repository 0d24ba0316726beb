"""Which models load, from where, how often, and what is refused."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file

from models import catalog
from models.catalog import CATALOG, accepts_local, load
from models.core.loaded import LoadedModel
from models.errors import (
    DamagedWeights,
    InputError,
    NoPair,
    NotCapturable,
    UnknownModel,
    UnsafeWeights,
)
from models.loading import checkpoint, families
from tests.models import tiny

FolderOf = Callable[[str], Path]


@pytest.fixture
def copy(folder_of: FolderOf, tmp_path: Path) -> Path:
    """A BERT folder that a test may damage."""
    return Path(shutil.copytree(folder_of("bert"), tmp_path / "copy"))


def test_every_card_says_what_its_model_is(minilm: LoadedModel) -> None:
    card, config = CATALOG["minilm"], minilm.model.config
    assert minilm.card is card
    assert all(key == entry.id for key, entry in CATALOG.items())
    assert card.family == config.model_type
    assert (card.layers, card.heads, card.width) == (
        config.num_hidden_layers,
        config.num_attention_heads,
        config.hidden_size,
    )
    assert card.sizes == {
        "parameters": sum(p.numel() for p in minilm.model.parameters()),
        "vocabulary": config.vocab_size,
        "positions": config.max_position_embeddings,
        "bytes": (catalog.card_folder(card) / "model.safetensors").stat().st_size,
    }


def test_the_catalogue_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        CATALOG["mine"] = CATALOG["minilm"]  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        CATALOG["minilm"].title = "mine"  # type: ignore[misc]


def test_minilm_reads_pairs_and_has_no_head_that_predicts_words(minilm: LoadedModel) -> None:
    assert minilm.reads_pairs
    assert not minilm.has_head
    assert not minilm.is_encoder_decoder
    assert minilm.limit == 512


def test_a_model_is_in_float32_and_does_not_learn(minilm: LoadedModel) -> None:
    assert {p.dtype for p in minilm.model.parameters()} == {torch.float32}
    assert not minilm.model.training


def test_half_precision_weights_become_float32(folder_of: FolderOf, tmp_path: Path) -> None:
    half = Path(shutil.copytree(folder_of("bert"), tmp_path / "half"))
    weights = {n: t.to(torch.bfloat16) for n, t in load_file(half / "model.safetensors").items()}
    save_file(weights, half / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((half / "config.json").read_text())
    (half / "config.json").write_text(json.dumps(config | {"dtype": "bfloat16"}))
    assert {p.dtype for p in load(str(half)).model.parameters()} == {torch.float32}


def test_threads_that_ask_at_once_get_one_model(
    folder_of: FolderOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(shutil.copytree(folder_of("bert"), tmp_path / "together"))
    opened = []
    real = checkpoint.open_folder

    def counted(*args: Any) -> LoadedModel:
        opened.append(args)
        return real(*args)

    monkeypatch.setattr(checkpoint, "open_folder", counted)
    assert not catalog.is_loaded(folder)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(load, [folder] * 8))
    assert len(opened) == 1
    assert len({id(model) for model in found}) == 1
    assert catalog.is_loaded(folder)


def test_a_folder_tells_what_it_is(tiny_model: Callable[[str], LoadedModel]) -> None:
    card = tiny_model("marian").card
    assert (card.source, card.family, card.layers, card.decoder_layers) == ("local", "marian", 3, 2)
    assert card.sizes["parameters"] > 0


@pytest.mark.parametrize(
    ("family", "limit"), [("bert", 64), ("roberta", 63), ("gpt2", 64), ("t5", 512)]
)
def test_the_limit_is_what_the_model_has_positions_for(
    tiny_model: Callable[[str], LoadedModel], family: str, limit: int
) -> None:
    loaded = tiny_model(family)
    assert loaded.limit == limit
    full = torch.full((1, limit), 5)
    with torch.inference_mode():
        sides = {"decoder_input_ids": full} if loaded.is_encoder_decoder else {}
        loaded.model(input_ids=full, **sides)


@pytest.mark.parametrize(
    ("family", "head"), [("bert", False), ("gpt2", True), ("llama", True), ("marian", True)]
)
def test_a_head_is_there_where_its_weights_are(
    tiny_model: Callable[[str], LoadedModel], family: str, head: bool
) -> None:
    assert tiny_model(family).has_head == head


def test_a_head_that_is_not_in_the_file_is_not_invented(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"architectures": ["BertForMaskedLM"]}))
    loaded = load(str(copy))
    assert not loaded.has_head
    assert type(loaded.model).__name__ == "BertModel"


def test_weights_that_are_not_in_the_file_are_not_invented(copy: Path) -> None:
    file = copy / "model.safetensors"
    weights = load_file(file)
    del weights["encoder.layer.1.attention.self.query.weight"]
    save_file(weights, file, metadata={"format": "pt"})
    with pytest.raises(UnsafeWeights, match="missing"):
        load(str(copy))


def test_weights_of_another_shape_are_refused(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"intermediate_size": 64}))
    with pytest.raises(UnsafeWeights):
        load(str(copy))


def test_a_flipped_bit_in_a_pinned_file_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = CATALOG["minilm"]
    folder = Path(shutil.copytree(catalog.card_folder(card), tmp_path / "model"))
    monkeypatch.setattr(catalog, "card_folder", lambda _: folder)
    monkeypatch.setattr(catalog, "_loaded", {})
    with (folder / "model.safetensors").open("r+b") as file:
        file.seek(-1, 2)
        last = file.read(1)[0]
        file.seek(-1, 2)
        file.write(bytes([last ^ 1]))
    with pytest.raises(DamagedWeights):
        load("minilm")


def test_a_missing_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    card = dataclasses.replace(CATALOG["minilm"], package="no_such_package_here")
    with pytest.raises(DamagedWeights, match="no_such_package_here"):
        catalog.card_folder(card)


def test_a_folder_with_only_a_pickle_is_refused(copy: Path) -> None:
    (copy / "model.safetensors").rename(copy / "pytorch_model.bin")
    with pytest.raises(UnsafeWeights):
        load(str(copy))


@pytest.mark.parametrize("missing", ["config.json", "tokenizer.json"])
def test_a_folder_that_is_no_checkpoint_is_unknown(copy: Path, missing: str) -> None:
    (copy / missing).unlink()
    (copy / "tokenizer_config.json").unlink()
    with pytest.raises(UnknownModel):
        load(str(copy))


def test_a_tokenizer_that_knows_more_than_the_model_is_refused(copy: Path) -> None:
    tiny.tokenizer("bytes").save_pretrained(copy)
    with pytest.raises(UnknownModel, match="embeddings"):
        load(str(copy))


def test_a_folders_own_code_is_never_run(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    own = {"auto_map": {"AutoConfig": "own.Own", "AutoModel": "own.Own"}, "model_type": "own"}
    (copy / "config.json").write_text(json.dumps(config | own))
    (copy / "own.py").write_text("raise SystemExit('ran')")
    with pytest.raises(NotCapturable) as refused:
        load(str(copy))
    assert refused.value.details == {"family": "own"}


def test_quantised_weights_are_refused(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    config["quantization_config"] = {"quant_method": "bitsandbytes", "load_in_8bit": True}
    (copy / "config.json").write_text(json.dumps(config))
    with pytest.raises(UnsafeWeights):
        load(str(copy))


_OTHERS: dict[str, dict[str, Any]] = {  # twice as many calls as layers; terms without a name
    "DiffLlama": {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 4},
    "Lilt": {"hidden_size": 48, "num_hidden_layers": 1, "num_attention_heads": 4},
}


@pytest.mark.parametrize("name", _OTHERS)
def test_a_family_that_cannot_be_captured_is_named(name: str, tmp_path: Path) -> None:
    config = getattr(transformers, f"{name}Config")(vocab_size=200, **_OTHERS[name])
    getattr(transformers, f"{name}Model")(config).save_pretrained(tmp_path)
    tiny.tokenizer("wordpiece").save_pretrained(tmp_path)
    with pytest.raises(NotCapturable) as refused:
        load(str(tmp_path))
    assert refused.value.details == {"family": config.model_type}


def test_a_model_of_which_only_some_layers_record_is_refused(
    folder_of: FolderOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(families, "attention_layers", lambda _: 3)
    folder = shutil.copytree(folder_of("bert"), tmp_path / "partly")
    with pytest.raises(NotCapturable, match="2 of 3"):
        load(str(folder))


@pytest.mark.parametrize(
    "name",
    ["", " ", "nothing-like-this", "some/body", "a/b/c", "../..x", "a\0b", "x" * 5000, "</script>"],
)
def test_a_name_that_is_nothing_is_unknown(name: str) -> None:
    with pytest.raises(UnknownModel) as refused:
        load(name)
    assert refused.value.details == {"model": name}


def test_a_hosted_app_opens_catalogue_models_only(
    folder_of: FolderOf, tiny_model: Callable[[str], LoadedModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert accepts_local()
    assert tiny_model("bert").card.source == "local"  # in memory, and still not for visitors
    monkeypatch.setenv("DIKKAT_MODE", "public")
    assert not accepts_local()
    assert load("minilm").card.id == "minilm"
    with pytest.raises(UnknownModel):
        load(str(folder_of("bert")))


def test_a_second_sentence_needs_a_model_that_reads_two(
    tiny_model: Callable[[str], LoadedModel], minilm: LoadedModel
) -> None:
    for family in ("gpt2", "llama", "marian", "t5"):
        with pytest.raises(NoPair):
            tiny_model(family).encode("the key", "the question")
        assert tiny_model(family).encode("the key", "  ").segments.count(1) == 0
    assert minilm.encode("a key", "a question").segments.count(1) == 3


def test_errors_are_input_errors_with_figures_a_page_can_name(minilm: LoadedModel) -> None:
    with pytest.raises(InputError) as refused:
        minilm.encode("key " * 600)
    assert (refused.value.code, refused.value.details) == (
        "text_too_long",
        {"length": 602, "limit": 512},
    )
