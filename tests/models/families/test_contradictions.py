"""Checkpoints that would agree with themselves and not with their model, found by trying many."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from tokenizers import processors
from transformers import DPRConfig, DPRQuestionEncoder, PreTrainedTokenizerFast

from models.catalog import load
from models.errors import NotCapturable, TextTooLong, UnknownFamily
from models.heads.eager import against_eager
from models.record import record
from tests.models import tiny
from tests.models.families.measuring import save

LONG = "the animal was too tired to cross the street " * 20


def changed(folder: Path, **values: object) -> str:
    """The folder with other values in its configuration."""
    file = folder / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | values), "utf-8")
    return str(folder)


@pytest.mark.parametrize(
    ("architectures", "opens"),
    [(["LlamaBiModel"], False), (["LlamaForCausalLM"], True), ([], True)],
)
def test_a_class_of_the_folders_own_is_not_taken_for_the_familys(
    tmp_path: Path, architectures: list[str], opens: bool
) -> None:
    own = {"auto_map": {"AutoModel": "modeling.Own"}, "architectures": architectures}
    folder = changed(tiny.save("llama", tmp_path), **own)
    if opens:
        assert record(folder, "the cat").relative_fidelity() < 1e-5
    else:
        with pytest.raises(UnknownFamily) as refused:
            load(folder)
        assert refused.value.details["family"] == "LlamaBiModel"


def test_xlnet_with_segments_is_refused_since_their_term_is_not_followed(tmp_path: Path) -> None:
    folder = save("xlnet", tmp_path)
    given = PreTrainedTokenizerFast.from_pretrained(folder).backend_tokenizer
    parts = {"single": "$A:0 <s>:0 <s>:2", "special_tokens": [("<s>", 0)]}
    given.post_processor = processors.TemplateProcessing(**parts)
    names = ["input_ids", "token_type_ids", "attention_mask"]
    PreTrainedTokenizerFast(
        tokenizer_object=given, bos_token="<s>", eos_token="<s>", model_input_names=names
    ).save_pretrained(folder)
    with pytest.raises(NotCapturable):
        record(str(folder), "the animal was")


def test_keys_that_a_long_text_adds_are_not_taken_for_tokens(tmp_path: Path) -> None:
    loaded = load(changed(save("deepseek_v4", tmp_path), max_position_embeddings=256))
    assert record(loaded, "the cat").relative_fidelity() < 1e-5
    with pytest.raises(NotCapturable):
        record(loaded, LONG, cut=True)


def test_mpt_reads_no_more_than_its_slopes_reach(tmp_path: Path) -> None:
    loaded = load(changed(save("mpt", tmp_path), max_seq_len=16))
    assert loaded.limit == 16
    with pytest.raises(TextTooLong):
        record(loaded, LONG)
    assert len(record(loaded, LONG, cut=True).tokens) == 16


def test_a_window_of_one_token_does_not_look_ahead(tmp_path: Path) -> None:
    loaded = load(changed(save("mistral", tmp_path), sliding_window=1))
    assert record(loaded, "the animal was").kinds == ("decoder",)


def test_a_target_is_cut_with_its_start_token(tmp_path: Path) -> None:
    loaded = load(str(save("bart", tmp_path)))
    trace = record(loaded, "the animal", target=LONG * 3, cut=True)
    assert len(trace.target_tokens or ()) == loaded.limit
    assert trace.cut
    assert against_eager(loaded, "the animal", target=LONG * 3).passed


def test_a_model_without_logits_and_states_is_held_against_eager(tmp_path: Path) -> None:
    sizes = {"vocab_size": 200, "hidden_size": 32, "num_hidden_layers": 2}
    config = DPRConfig(**sizes, num_attention_heads=4, intermediate_size=48)
    torch.manual_seed(0)
    DPRQuestionEncoder(config).save_pretrained(tmp_path)
    tiny.tokenizer("wordpiece").save_pretrained(tmp_path)
    assert against_eager(load(str(tmp_path)), "the animal was").passed
