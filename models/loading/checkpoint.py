"""A folder with config.json, safetensors and a tokenizer → LoadedModel. Imports torch."""

from __future__ import annotations

import inspect
import json
import threading
from copy import deepcopy
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import AutoConfig, AutoModel, AutoTokenizer, BertConfig, BertForPreTraining
from transformers.models.auto import modeling_auto
from transformers.utils import logging as transformers_logging

# The modules imported as themselves are here so that transformers knows our own families.
from models.architectures import attention_only as attention_only
from models.architectures import recurrent_lm as recurrent_lm
from models.architectures import seq2seq_model as seq2seq_model
from models.card import SHOWS, ModelCard, Source
from models.core.loaded import MAX_TOKENS, LoadedModel
from models.errors import InputError, NotCapturable, UnknownModel, UnsafeWeights
from models.loading import families, pictures
from models.recording import capture
from models.recording.kinds import as_masked
from models.trace import Kind

# What the probe reads decides nothing: any two ids that every vocabulary has.
_PROBE = [[1, 1]]
# Masked words and next sentence. transformers' own table of such heads holds discriminators, too.
_BOTH_TASKS = {BertConfig: BertForPreTraining}
_loading = threading.Lock()  # transformers patches torch while it loads: one model at a time


def open_folder(folder: Path, card: ModelCard | None, model_id: str, source: Source) -> LoadedModel:
    """Load, check that every attention layer records, add the hooks.

    Raises UnknownModel (no configuration, no tokenizer), UnsafeWeights (a file that is not what
    the configuration asks for), NotCapturable.
    """
    with _loading:
        config = _config(folder, model_id)
        model, has_head = _model(folder, config)
        tokenizer = None if _sees(config) else _tokenizer(folder, model, model_id)
    attention = _probe(model, config)
    return LoadedModel(
        card=card or _card(folder, config, model, model_id, source),
        model=model,
        tokenizer=tokenizer,
        limit=_limit(model, config),
        reads_pairs=_reads_pairs(tokenizer, attention),
        is_encoder_decoder=bool(config.is_encoder_decoder),
        has_head=has_head,
        arguments=_arguments(model, config),
        attention=attention,
        projections=hooked(model, attention),
    )


def hooked(
    model: nn.Module, attention: tuple[tuple[str, Kind], ...]
) -> dict[str, tuple[Any, Any, Any, Any]]:
    """Hooks for what surrounds its attentions; path → projections of those whose row is known.

    A copy needs its own: those that came along look for the modules of the original.
    """
    modules: dict[str, Any] = dict(model.named_modules())
    family = str(modules[""].config.model_type)
    found = {path: families.projections(modules, path) for path, _ in attention}
    known = {path: parts for path, parts in found.items() if parts is not None}
    for path, parts in known.items():
        capture.add_hooks(modules[path], parts)
    for path, module in families.between(family, modules).items():
        capture.record_calls(path, module)
    return known


@lru_cache(maxsize=4)
def in_double(loaded: LoadedModel) -> LoadedModel:
    """The same model with its numbers in double precision.

    In single precision sums of 25 and more lie up to 1.4e-5 apart by rounding alone, so that a
    check to 1e-5 could not tell a mistake from it.
    """
    model = deepcopy(loaded.model).double()
    for module in model.modules():
        module._forward_hooks.clear()  # those of the original, which know only its modules
    return replace(loaded, model=model, projections=hooked(model, loaded.attention))


def _config(folder: Path, model_id: str) -> Any:
    try:
        raw = json.loads((folder / "config.json").read_text("utf-8"))
        family = str(raw.get("model_type", ""))
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise UnknownModel(f"{model_id}: {error}", model=model_id) from error
    if "quantization_config" in raw:
        raise UnsafeWeights(f"{model_id} is quantised: its numbers are not float32")
    try:
        return AutoConfig.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
    except Exception as error:  # unknown families and wrong values raise all sorts
        raise NotCapturable(f"{family}: {error}", family=family) from error


def _sees(config: Any) -> bool:
    """It reads pictures: no tokenizer, and patches for tokens."""
    return SHOWS.get(config.model_type) == "picture"


def _tokenizer(folder: Path, model: Any, model_id: str) -> Any:
    try:
        found = AutoTokenizer.from_pretrained(
            folder, trust_remote_code=False, local_files_only=True
        )
    except Exception as error:  # a missing file, a missing optional library, a broken file
        raise UnknownModel(
            f"{model_id} has no usable tokenizer: {error}", model=model_id
        ) from error
    rows = model.get_input_embeddings().num_embeddings
    # A folder without tokenizer files gives one that knows nothing but special tokens.
    if not len(found.all_special_ids) < len(found) <= rows:
        raise UnknownModel(f"{model_id}: {len(found)} tokens for {rows} embeddings", model=model_id)
    return found


def _model(folder: Path, config: Any) -> tuple[nn.Module, bool]:
    """The model, and whether it has a head for words: one not in the file would be random."""
    for model_class, has_head in _classes(config):
        # Families without the interface would record nothing, or raise, after a long load.
        if not model_class._can_set_attn_implementation():
            family = config.model_type
            raise NotCapturable(f"{family} has its own attention", family=family)
        model, missing = _from_pretrained(model_class, folder, config)
        if not [name for name in missing if "pooler" not in name]:
            return model.eval(), has_head
    raise UnsafeWeights(f"{folder}: parameters are missing: {sorted(missing)[:3]}")


def _classes(config: Any) -> list[tuple[Any, bool]]:
    """What to load the checkpoint as, best first: as what it was saved, else without a head."""
    architecture = (getattr(config, "architectures", None) or [""])[0]
    base = AutoModel._model_mapping.get(type(config), None)
    if _sees(config):
        classifier = modeling_auto.MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING[type(config)]
        return [(classifier, False), (base, False)]
    heads = (
        modeling_auto.MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING,
        modeling_auto.MODEL_FOR_CAUSAL_LM_MAPPING,
        modeling_auto.MODEL_FOR_MASKED_LM_MAPPING,
        _BOTH_TASKS,
    )
    found = [mapping[type(config)] for mapping in heads if type(config) in mapping]
    if not config.is_encoder_decoder:
        found = [cls for cls in found if cls.__name__ == architecture]
    classes = [(cls, True) for cls in found[:1]] + [(base, False)]
    return [(cls, has_head) for cls, has_head in classes if isinstance(cls, type)]


def _from_pretrained(model_class: Any, folder: Path, config: Any) -> tuple[nn.Module, set[str]]:
    transformers_logging.disable_progress_bar()
    try:
        model, report = model_class.from_pretrained(
            folder,
            config=config,
            dtype=torch.float32,
            attn_implementation=capture.IMPLEMENTATION,
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
            output_loading_info=True,
        )
    except (KeyError, NotImplementedError) as error:
        raise NotCapturable(f"{config.model_type}: {error}", family=config.model_type) from error
    except Exception as error:  # shapes that do not fit the configuration, and the like
        raise UnsafeWeights(f"{folder}: {error}") from error
    return model, set(report["missing_keys"])


def _probe(model: nn.Module, config: Any) -> tuple[tuple[str, Kind], ...]:
    """A short input through the model: which modules record, in which order, and are they all."""
    family = config.model_type
    try:
        records = capture.run(model, _probe_inputs(config)).records
        wanted = families.attention_layers(config)
    except InputError:
        raise
    except Exception as error:  # a family's own code: anything
        raise NotCapturable(f"{family}: {error}", family=family) from error
    if len(records) != wanted:
        raise NotCapturable(f"{family}: {len(records)} of {wanted} layers record", family=family)
    paths = {id(module): path for path, module in model.named_modules()}
    attention = tuple(
        (
            path := paths[id(r.module)],
            families.kind_of(path, r.module, is_encoder_decoder=config.is_encoder_decoder),
        )
        for r in records
    )
    return attention if config.is_encoder_decoder else as_masked(attention, records)


def _probe_inputs(config: Any) -> dict[str, torch.Tensor]:
    if _sees(config):
        return {"pixel_values": torch.zeros(1, config.num_channels, *pictures.size(config))}
    ids = torch.tensor(_PROBE)
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    return inputs | {"decoder_input_ids": ids} if config.is_encoder_decoder else inputs


def _limit(model: nn.Module, config: Any) -> int:
    """Input tokens: the model's positions but RoBERTa's rows of padding, MAX_TOKENS at most."""
    positions = getattr(config, "max_position_embeddings", None) or MAX_TOKENS
    for name, module in model.named_modules():
        unused = getattr(module, "padding_idx", None)
        if name.endswith("position_embeddings") and unused is not None:
            positions = min(positions, module.num_embeddings - unused - 1)
    return int(min(positions, MAX_TOKENS))


def _reads_pairs(tokenizer: Any, attention: tuple[tuple[str, Kind], ...]) -> bool:
    """An encoder whose tokenizer separates two texts."""
    if tokenizer is None:
        return False
    single, double = (tokenizer.num_special_tokens_to_add(pair=pair) for pair in (False, True))
    return {kind for _, kind in attention} == {"encoder"} and double > single


def _arguments(model: nn.Module, config: Any) -> frozenset[str]:
    """Which of a tokenizer's outputs the model takes; GPT-2 would add words for segment ids."""
    names = {"input_ids", "attention_mask", "pixel_values"}
    if getattr(config, "type_vocab_size", 0) > 1:
        names.add("token_type_ids")
    return frozenset(names & set(inspect.signature(model.forward).parameters))


def _card(folder: Path, config: Any, model: nn.Module, model_id: str, source: Source) -> ModelCard:
    """What a checkpoint that is not in the catalogue says of itself."""
    decoder = getattr(config, "decoder_layers", None) or getattr(config, "num_decoder_layers", 0)
    sizes = {
        "parameters": sum(p.numel() for p in model.parameters()),
        "vocabulary": int(getattr(config, "vocab_size", 0)),
        "positions": 1 + len(pictures.patches(config))  # [CLS] is one, too
        if _sees(config)
        else int(getattr(config, "max_position_embeddings", None) or 0),
        "bytes": sum(file.stat().st_size for file in folder.glob("*.safetensors")),
    }
    return ModelCard(
        id=model_id,
        title=folder.name if source == "local" else model_id,
        family=config.model_type,
        task="unknown",
        language=None,
        source=source,
        layers=int(config.num_hidden_layers),
        heads=int(getattr(config, "num_attention_heads", 0)),
        width=int(config.hidden_size),
        sizes=sizes,
        decoder_layers=int(decoder or 0) if config.is_encoder_decoder else 0,
    )
