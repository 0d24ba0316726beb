"""A visitor's own checkpoint on a page: why it is not opened, what was chosen, what is new."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import transformers

from models.errors import InputError, QuantizedWeights, SizeOutOfRange, WithoutAttention
from pages.ui import text
from tests.models import tiny
from tests.models.loading.test_languages import scored
from tests.pages.visiting import charts, healthy, kept, said, visit

GOOD = "the animal"


def without_attention(folder: Path) -> dict[str, Any]:
    options = {"hidden_size": 32, "num_hidden_layers": 2, "state_size": 4, "vocab_size": 380}
    transformers.MambaForCausalLM(transformers.MambaConfig(**options)).save_pretrained(folder)
    tiny.tokenizer("bytes").save_pretrained(folder)
    return {"family": "mamba", "layers": 2}


def a_billion_layers(folder: Path) -> dict[str, Any]:
    tiny.settings(tiny.save("llama", folder), num_hidden_layers=10**9)
    return {"name": "num_hidden_layers", "value": str(10**9), "least": 0, "most": 1000}


def quantized(folder: Path) -> dict[str, Any]:
    said_so = {"quantization_config": {"quant_method": "gptq", "bits": 4}}
    tiny.settings(tiny.save("llama", folder), **said_so)
    return {"method": "gptq"}


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize(
    ("build", "kind"),
    [
        (without_attention, WithoutAttention),
        (a_billion_layers, SizeOutOfRange),
        (quantized, QuantizedWeights),
    ],
)
def test_the_true_reason_is_told_and_the_page_stays(
    build: Callable[[Path], dict[str, Any]],
    kind: type[InputError],
    language: str,
    tmp_path: Path,
) -> None:
    details = build(tmp_path) | {"model": tmp_path.name}
    at = visit("heads", lang=language, model=str(tmp_path), text=GOOD)
    healthy(at)
    shown = kept(language, "model", model="all-MiniLM-L6-v2")
    words = text.catalogue(language)[f"error.{kind.code}"].format(**details, kept=shown)
    assert said(at) == [words]
    assert charts(at).keys() == {"weights", "row", "first-token"}
    assert {"layer", "head"} <= {box.key for box in (*at.number_input, *at.selectbox)}


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_the_languages_of_a_translator_are_told_where_its_files_leave_them_open(
    language: str, tmp_path: Path
) -> None:
    at = visit("heads", lang=language, model=str(scored(tmp_path, "MBart50Tokenizer")), text="cat")
    healthy(at)
    name = {"en": "English (en_XX)", "tr": "İngilizce (en_XX)"}[language]
    codes = {"source": name, "target": name}
    assert said(at) == [text.catalogue(language)["frame.languages"].format(**codes)]


def test_a_folder_written_to_is_shown_anew_on_the_next_run(tmp_path: Path) -> None:
    at = visit("heads", model=str(tiny.save("bert", tmp_path)), text=GOOD)
    healthy(at)
    before = charts(at)["weights"]
    name = "encoder.layer.0.attention.self.query.weight"
    tiny.weights(tmp_path, lambda tensors: tensors.update({name: tensors[name] * 3}))
    at.run()
    healthy(at)
    assert charts(at)["weights"] != before
    (tmp_path / "model.safetensors").unlink()
    at.run()
    healthy(at)
    assert len(said(at)) == 1
    assert "config.json" in said(at)[0]
