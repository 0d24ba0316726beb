"""A folder with config.json, safetensors and a tokenizer → LoadedModel. Imports torch."""

from __future__ import annotations

import inspect
import re
import threading
from copy import deepcopy
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from torch import nn

# The modules imported as themselves are here so that transformers knows our own families.
from models.architectures import attention_only as attention_only
from models.architectures import recurrent_lm as recurrent_lm
from models.architectures import seq2seq_model as seq2seq_model
from models.architectures import skipgram_model as skipgram_model
from models.card import SHOWS, ModelCard, Source
from models.core.by_length import by_length
from models.core.loaded import MAX_TOKENS, LoadedModel, Pictures, Sounds
from models.errors import ChangedFiles, ForwardFails, NotCapturable, WithoutAttention
from models.loading import configuration, families, parameters, pictures, sounds, weights
from models.loading.classes import hears, sees
from models.loading.languages import settled
from models.loading.tokenizer import tokenizer
from models.recording import capture
from models.recording.allocator import give_back
from models.recording.by_length import settle
from models.recording.kinds import as_masked
from models.trace import Kind

_PROBE = 1  # what is read decides nothing: an id that every vocabulary has
# What attention modules are called; LongCat's is LongcatFlashMLA.
_ATTENTION = re.compile(r"attention|mla$", re.IGNORECASE)
_loading = threading.Lock()  # transformers patches torch while it loads: one model at a time


def open_folder(folder: Path, card: ModelCard | None, model_id: str, source: Source) -> LoadedModel:
    """Load, check that every attention layer records, add the hooks.

    Raises UnknownModel (no configuration, no tokenizer that fits), SizeOutOfRange, WrongSetting,
    NotBuildable (a configuration that cannot be meant), UnsafeWeights (files that are not what
    the configuration asks for), NotCapturable; most of them as one of their kinds.
    """
    files = weights.fingerprint(folder)
    raw = configuration.read(folder, model_id)
    with _loading:
        config = configuration.configuration(folder, raw)
        tensors = weights.stored(weights.checked_files(folder))
        model, has_head = parameters.filled(
            folder, raw, config, tensors, own_memory=source == "local"
        )
        reader = None
        if not sees(config):
            rows = parameters.rows(model, config.model_type)
            configuration.check_ids(model, rows)
            reader = tokenizer(folder, rows, model_id)
        languages = settled(reader, model)
    if weights.fingerprint(folder) != files:
        raise ChangedFiles(f"{model_id} was written to meanwhile")
    read = None
    if sees(config):
        read = pictures.described(folder, model, families.seeing(config), tensors)
    heard = sounds.described(folder, model, config) if hears(config) else None
    found = card or _card(folder, config, model, model_id, source, read)
    known = {"languages": languages, "pictures": read, "sounds": heard}
    return _opened(found, model, reader, has_head, **known)


def open_quantized(file: Path, card: ModelCard) -> LoadedModel:
    """A GGUF file of the catalogue as `open_folder` opens a folder. Raises as quantized.read."""
    from models.loading import quantized  # the package behind it is needed for this alone

    with _loading:
        model, reader = quantized.read(file)
    give_back()
    return _opened(card, model, reader, has_head=True)


def _opened(card: ModelCard, model: Any, reader: Any, has_head: bool, **known: Any) -> LoadedModel:
    """The loaded model of a filled one, once it is seen that all its attention records.

    known: languages, pictures, sounds.
    """
    config = families.seeing(model.config)
    try:
        hook(model)
    except Exception as error:  # a family's own code: anything
        raise ForwardFails(f"{config.model_type}: {error}", family=config.model_type) from error
    attention, sparse = _probe(model, config, known.get("pictures"), known.get("sounds"))
    return LoadedModel(
        card=card,
        model=model,
        tokenizer=reader,
        limit=_limit(model, config),
        reads_pairs=_reads_pairs(reader, attention),
        is_encoder_decoder=bool(config.is_encoder_decoder),
        has_head=has_head,
        arguments=_arguments(model, config),
        attention=attention,
        sparse=sparse,
        **known,
    )


def hook(model: nn.Module) -> None:
    """Hooks for what stands between its attentions, where the family's row is known, for attentions
    that are seen at their modules, and for those that go by a text's length.

    A copy needs its own: those that came along look for the modules of the original.
    """
    modules: dict[str, Any] = dict(model.named_modules())
    for path, module in families.between(str(modules[""].config.model_type), modules).items():
        capture.record_calls(path, module)
    settle(model)
    capture.record_sparse(model)
    capture.record_cosine(model)


@lru_cache(maxsize=4)
def in_double(loaded: LoadedModel) -> LoadedModel:
    """The same model with its numbers in double precision.

    In single precision sums of 25 and more lie up to 1.4e-5 apart by rounding alone, so that a
    check to 1e-5 could not tell a mistake from it.
    """
    copied = copy_of(loaded)
    copied.model.double()
    return copied


def copy_of(loaded: LoadedModel) -> LoadedModel:
    """The same model once more in memory, its weights its own, so that they may be changed."""
    model = deepcopy(loaded.model)
    for module in model.modules():
        module._forward_hooks.clear()  # those of the original, which know only its modules
        module._forward_pre_hooks.clear()
    hook(model)
    return replace(loaded, model=model)


def _probe(
    model: nn.Module, config: Any, read: Pictures | None, heard: Sounds | None
) -> tuple[tuple[tuple[str, Kind], ...], frozenset[Kind]]:
    """A short input through the model: which modules record, in which order, and are they all.

    And of which kinds some are recorded by weights alone.
    """
    family = config.model_type
    if SHOWS.get(family, "attention") == "attention" and not _attends(model):
        layers = int(getattr(config, "num_hidden_layers", 0) or 0)
        raise WithoutAttention(f"{family}: {layers} layers", family=family, layers=layers)
    if isinstance(getattr(config, "num_hidden_layers", None), dict):  # LXMERT has three kinds
        raise NotCapturable(f"{family}: {config.num_hidden_layers}", family=family)
    try:
        records = capture.run(model, _probe_inputs(config, read, heard)).calls
        wanted = families.attention_layers(config)
        if family in families.POOLS and hasattr(model.base_model, "decoder"):
            wanted += config.num_decoder_layers
    except NotCapturable as error:
        raise NotCapturable(f"{family}: {error}", family=family) from error
    except Exception as error:  # a family's own code: anything
        raise ForwardFails(f"{family}: {error}", family=family) from error
    given = {size for r in records for size in r.shape}
    tokens = families.probed(config)
    places = {tokens, tokens * families.streams(config) if heard is None else heard.frames}
    if family in families.POOLS:
        places |= set(range(tokens))
    if not sees(config) and not given <= places:  # Nyströmformer joins tokens
        raise NotCapturable(f"{family}: {given} queries and keys of two tokens", family=family)
    terms = 0, len(families.TERMS.get(family, ()))
    if any(len(r.terms) not in terms for r in records if isinstance(r, capture.Captured)):
        raise NotCapturable(f"{family}: a part of its scores has no name", family=family)
    if len(records) != wanted:
        raise NotCapturable(f"{family}: {len(records)} of {wanted} layers record", family=family)
    counts = {record.shape[0] for record in records}
    if read is not None and not read.windowed and counts != {len(read.tokens)}:
        raise NotCapturable(f"{family}: {counts} tokens, not {len(read.tokens)}", family=family)
    paths = {id(module): path for path, module in model.named_modules()}
    attention = tuple(
        (
            path := paths[id(r.module)],
            families.kind_of(path, r.module, is_encoder_decoder=config.is_encoder_decoder),
        )
        for r in records
    )
    if not config.is_encoder_decoder:
        attention = as_masked(attention, records)
    pairs = zip(attention, records, strict=True)
    return attention, frozenset(k for (_, k), r in pairs if not isinstance(r, capture.Captured))


def _attends(model: nn.Module) -> bool:
    return any(_ATTENTION.search(type(module).__name__) for module in model.modules())


def _probe_inputs(
    config: Any, read: Pictures | None, heard: Sounds | None
) -> dict[str, torch.Tensor]:
    if read is not None:
        return {"pixel_values": torch.zeros(1, *read.shape)}
    ids = torch.full((1, families.probed(config)), _PROBE)
    if heard is not None:
        return {"input_features": torch.zeros(1, *heard.shape), "decoder_input_ids": ids}
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    return inputs | {"decoder_input_ids": ids} if config.is_encoder_decoder else inputs


def _limit(model: nn.Module, config: Any) -> int:
    """Input tokens: the model's positions but RoBERTa's rows of padding, MAX_TOKENS at most."""
    parts = (config, *(getattr(config, side, None) for side in ("encoder", "decoder")))
    names = (
        *("max_position_embeddings", "max_seq_len"),  # MPT's slopes reach no farther
        *("max_encoder_position_embeddings", "max_decoder_position_embeddings"),
        "max_target_positions",  # Whisper's texts have places of their own
    )
    known = [getattr(part, name, None) or 0 for part in parts for name in names]
    switch = by_length(config)
    # Beyond it transformers leaves a decoder's mask out, and fails where no block is random.
    if switch is not None and (getattr(config, "is_decoder", False) or switch.random < 1):
        known.append(switch.longest)
    positions = min((size for size in known if size > 0), default=MAX_TOKENS)  # XLNet: −1, no end
    for name, module in model.named_modules():
        unused = getattr(module, "padding_idx", None)
        if name.endswith("position_embeddings") and unused is not None:
            positions = min(positions, len(module.weight) - unused - 1)
    return int(families.padded(config, min(positions, MAX_TOKENS)))


def _reads_pairs(tokenizer: Any, attention: tuple[tuple[str, Kind], ...]) -> bool:
    """An encoder whose tokenizer separates two texts."""
    if tokenizer is None:
        return False
    single, double = (tokenizer.num_special_tokens_to_add(pair=pair) for pair in (False, True))
    return {kind for _, kind in attention} == {"encoder"} and double > single


def _arguments(model: nn.Module, config: Any) -> frozenset[str]:
    """Which of a tokenizer's outputs the model takes; GPT-2 would add words for segment ids."""
    names = {"input_ids", "attention_mask", "pixel_values"}
    segments = config.model_type in families.RELATIVE_SEGMENTS
    if getattr(config, "type_vocab_size", 0) > 1 or segments:
        names.add("token_type_ids")
    return frozenset(names & set(inspect.signature(model.forward).parameters))


def _card(
    folder: Path,
    config: Any,
    model: nn.Module,
    model_id: str,
    source: Source,
    read: Pictures | None,
) -> ModelCard:
    """What a checkpoint that is not in the catalogue says of itself."""
    encoder, decoder = families.sides(config) if config.is_encoder_decoder else (0, 0)
    own = families.seeing(config)
    windowed = own.model_type in families.WINDOWED
    layers = families.attention_layers(own) if windowed else encoder or own.num_hidden_layers
    side = own if hasattr(own, "hidden_size") else own.encoder
    # Of windows the last stage's, twice as wide each: what else the file says changes nothing.
    width = own.embed_dim * 2 ** (len(own.depths) - 1) if windowed else side.hidden_size
    sizes = {
        "parameters": sum(p.numel() for p in model.parameters()),
        "vocabulary": int(getattr(config, "vocab_size", 0)),
        "positions": len(read.tokens)
        if read is not None
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
        layers=int(layers),
        # Of windows they differ from stage to stage.
        heads=0 if windowed else int(getattr(side, "num_attention_heads", 0)),
        width=int(width),
        sizes=sizes,
        decoder_layers=decoder,
    )
