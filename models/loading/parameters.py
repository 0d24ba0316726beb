"""A checkpoint's weights in its family's model: all of them, none besides. Imports torch."""

from __future__ import annotations

import inspect
import itertools
import math
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn.modules.module import register_module_module_registration_hook
from transformers import AutoModel, BertConfig, BertForPreTraining
from transformers.initialization import no_init_weights
from transformers.models.auto import modeling_auto
from transformers.utils import logging as transformers_logging

from models.card import SHOWS
from models.errors import (
    CrossAttentionAlone,
    HalfAModel,
    LoadingFailed,
    MissingWeights,
    NotCapturable,
    OpenBuckets,
    ReadsBoth,
    ReadsPictures,
    ReadsSounds,
    UnexpectedWeights,
    WrongShape,
    WrongSize,
)
from models.loading import configuration, families
from models.loading.weights import Stored
from models.recording import capture

# Masked words and next sentence. transformers' own table of such heads holds discriminators, too.
_BOTH_TASKS = {BertConfig: BertForPreTraining}
# Tables that old files keep and that models compute anew: masks, places, frequencies, versions.
_COMPUTED = re.compile(
    r"((attn|attention)\.(bias|masked_bias)|causal_mask|rotary_emb\.inv_freq|position_ids"
    r"|embed_positions\.weights|relative_position_index|num_batches_tracked|(^|\.)version"
    # Stands for patches that are hidden in training; no picture here hides one.
    r"|embeddings\.mask_token)$"
)
_ATTENTION = re.compile(r"att(n|ention)", re.IGNORECASE)
# What a model may ask for beside the numbers in its file: tables of places that are computed.
_SPARE, _TIMES = 2**24, 2
_MODULES = 20  # for each weight of the file; most modules have one or two


# Two models of any families in one.
_COMPOSITE = ("speech-encoder-decoder", "vision-encoder-decoder")
# Pooled tokens, or no softmax: nothing that a matrix of all queries by all keys would be true of.
_OTHERWISE = {"canine", "funnel", "mra", "rwkv", "yoso"}
# Only a part of their attention calls the interface: all of it is watched.
WATCHED = ("bigbird_pegasus",)


def hears(config: Any) -> bool:
    """It reads sounds: features for ids on the encoder's side, a text on the decoder's."""
    return SHOWS.get(config.model_type) == "sound"


def sees(config: Any) -> bool:
    """It reads pictures: no tokenizer, and patches for tokens."""
    return SHOWS.get(config.model_type) == "picture"


def filled(
    folder: Path,
    raw: Mapping[str, Any],
    config: Any,
    tensors: Mapping[str, Stored],
    *,
    own_memory: bool,
) -> tuple[nn.Module, bool]:
    """The model, and whether it has a head for words: one not in the file would be random.

    own_memory: the numbers are read, not mapped: whoever writes to the file changes nothing here.
    Raises NotCapturable and its kinds, NotBuildable, UnsafeWeights and its kinds.
    """
    classes = _classes(config)
    _check_readable(config, classes)
    if getattr(config, "add_cross_attention", False) and not config.is_encoder_decoder:
        family = config.model_type
        raise CrossAttentionAlone(f"{family}: cross-attention, no encoder", family=family)
    missing: list[str] = []
    for model_class, has_head in classes:
        most = _MODULES * (len(tensors) + 100)
        fitting = families.fitting(config, model_class)
        _check_size(_blueprint(model_class, raw, fitting, most), tensors)
        model, report = _from_pretrained(model_class, folder, fitting, own_memory)
        _check_shapes(report["mismatched_keys"])
        missing = sorted(n for n in report["missing_keys"] if has_head or "pooler" not in n)
        if not missing:
            _check_unexpected(model, report["unexpected_keys"])
            configuration.check_computed(raw, config)
            return model.eval(), has_head
    if all("decoder" in name for name in missing) and not any("decoder" in n for n in tensors):
        raise HalfAModel(f"{folder}: no decoder", family=config.model_type)
    raise MissingWeights(
        f"{folder}: parameters are missing: {missing[:3]}", name=missing[0], count=len(missing)
    )


def _classes(config: Any) -> list[tuple[Any, bool]]:
    """What to load the checkpoint as, best first: as what it was saved, else without a head."""
    architecture = (getattr(config, "architectures", None) or [""])[0]
    base = AutoModel._model_mapping.get(type(config), None)
    if isinstance(base, tuple):  # Funnel has two: with its decoder, and without
        base = next((cls for cls in base if cls.__name__ == architecture), base[0])
    if config.model_type in _COMPOSITE:
        return []
    if sees(config):
        return [(cls, False) for cls in (*_classifiers(config, architecture), _seeing_base(config))]
    if hears(config):
        known = modeling_auto.MODEL_FOR_SPEECH_SEQ_2_SEQ_MAPPING[type(config)]
        return [(known, True), (base, False)]
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


def _classifiers(config: Any, architecture: str) -> list[Any]:
    """The class with a verdict on top that a model of pictures may have been saved as."""
    mapping = modeling_auto.MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING
    known = mapping.get(type(config), ())
    # DeiT has two: with its teacher's verdict, and without.
    several = known if isinstance(known, tuple) else (known,)
    named = [cls for cls in several if cls.__name__ == architecture]
    # A pair is hardly ever saved with one: its folder would be read twice for nothing.
    return named or list(several[:1] if config.model_type not in families.PAIRS else ())


def _seeing_base(config: Any) -> Any:
    return AutoModel._model_mapping[type(families.seeing(config))]


_NO_WORDS = {"pixel_values", "pixel_values_videos", "input_features", "input_values", "bbox"}


def _check_readable(config: Any, classes: list[tuple[Any, bool]]) -> None:
    """It reads words alone (or is of the families of pictures that are known here), and its
    attention is none that cannot be recorded: the others would raise, after a long load."""
    family = config.model_type
    if not classes:
        raise NotCapturable(f"transformers has no single model of {family}", family=family)
    if family in _OTHERWISE:
        raise NotCapturable(f"{family} has its own attention", family=family)
    if "lsh" in getattr(config, "attn_layers", ()) and config.num_buckets is None:
        raise OpenBuckets("num_buckets: null")
    for model_class, _ in classes:
        refusal = None if sees(config) or hears(config) else _reads(model_class, config)
        if refusal is not None:
            raise refusal(f"{family} reads more than words", family=family)


def implementation(model_class: Any) -> str:
    """Ours, or, of a family that has its own attention, the one that can be watched."""
    own = (
        model_class.config_class.model_type in WATCHED
        or not model_class._can_set_attn_implementation()
    )
    return "eager" if own else capture.IMPLEMENTATION


def _reads(model_class: Any, config: Any) -> type[NotCapturable] | None:
    """The refusal of a class that reads anything but words."""
    modalities = getattr(model_class, "input_modalities", "text")
    reads = {modalities} if isinstance(modalities, str) else set(modalities)
    # The words' half of a larger model says what the whole one reads; it takes words alone.
    takes = inspect.signature(model_class.forward).parameters.keys()
    if reads == {"text"} or ("text" in reads and not takes & _NO_WORDS):
        return None
    if reads == {"audio"} or (reads == {"audio", "text"} and config.is_encoder_decoder):
        return ReadsSounds  # the text is what it writes
    if "text" in reads:
        return ReadsBoth
    return ReadsPictures if reads & {"image", "video"} else NotCapturable


@contextmanager
def _at_most(most: int) -> Iterator[None]:
    """ValueError where this thread puts more modules together than that."""
    here, counted = threading.get_ident(), itertools.count(1)

    def count(*_: Any) -> None:
        if threading.get_ident() == here and next(counted) > most:
            raise ValueError(f"more than {most} modules")

    hook = register_module_module_registration_hook(count)
    try:
        yield
    finally:
        hook.remove()


def _blueprint(model_class: Any, raw: Mapping[str, Any], config: Any, most: int) -> nn.Module:
    """The model without its numbers, so that a nonsensical one costs no memory and no time."""
    plain = deepcopy(config)
    plain._attn_implementation = implementation(model_class)  # whatever kernel its owner wished for
    try:
        with torch.device("meta"), no_init_weights(), _at_most(most):
            return model_class(plain)  # type: ignore[no-any-return]
    except Exception as error:  # a family's own code: anything
        raise configuration.not_buildable(raw, error) from error


def _check_size(blueprint: nn.Module, tensors: Mapping[str, Stored]) -> None:
    """WrongShape, WrongSize: the configuration asks for more than the file holds.

    A weight may still lie there turned, which transformers puts right; never in another number.
    """
    prefix = f"{blueprint.base_model_prefix}."
    for name, part in blueprint.named_parameters():
        for known in (name, name.removeprefix(prefix), prefix + name):
            if known in tensors and math.prod(tensors[known].shape) != part.numel():
                _check_shapes([(known, tensors[known].shape, part.shape)])
    wanted = sum(p.numel() for p in (*blueprint.parameters(), *blueprint.buffers()))
    found = sum(math.prod(one.shape) for one in tensors.values())
    if wanted > _TIMES * found + _SPARE:
        millions = {"found": -(-found // 10**6), "wanted": wanted // 10**6}
        raise WrongSize(f"{found} numbers in the file, {wanted} wanted", **millions)


def _from_pretrained(
    model_class: Any, folder: Path, config: Any, own_memory: bool
) -> tuple[nn.Module, dict[str, Any]]:
    transformers_logging.disable_progress_bar()
    before = transformers_logging.get_verbosity()
    transformers_logging.set_verbosity_error()  # its report of names becomes a sentence here
    try:
        return model_class.from_pretrained(  # type: ignore[no-any-return]
            folder,
            config=config,
            dtype=torch.float32,
            attn_implementation=implementation(model_class),
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
            output_loading_info=True,
            ignore_mismatched_sizes=True,
            disable_mmap=own_memory,
        )
    except Exception as error:  # a family's own code: anything
        family = config.model_type
        raise LoadingFailed(f"{folder}: {error}", family=family) from error
    finally:
        transformers_logging.set_verbosity(before)


def _check_shapes(mismatched: Iterable[tuple[str, Any, Any]]) -> None:
    for name, found, wanted in sorted(mismatched, key=str):
        raise WrongShape(
            f"{name} is {tuple(found)}, not {tuple(wanted)}",
            name=name,
            found=_shape(found),
            wanted=_shape(wanted),
        )


def _shape(sizes: Iterable[int]) -> str:
    return " × ".join(map(str, sizes))


def _check_unexpected(model: nn.Module, names: Iterable[str]) -> None:
    """UnexpectedWeights: the model itself, not a head on top of it, leaves a weight out."""
    prefix = str(getattr(model, "base_model_prefix", ""))
    children = dict(getattr(model, prefix, model).named_children()) if prefix else {}
    half = sees(model.config)  # of a pair; another family has no such names
    names = [n for n in names if not (half and families.OTHER_HALF.search(n))]
    left = sorted(n for n in names if not _COMPUTED.search(n) and _inside(n, prefix, children))
    if left:
        raise UnexpectedWeights(
            f"weights that the model does not take: {left[:3]}", name=left[0], count=len(left)
        )


def _inside(name: str, prefix: str, children: Mapping[str, Any]) -> bool:
    """It belongs to the model, or has to do with attention."""
    inner = name.removeprefix(f"{prefix}.") if prefix else name
    if inner.startswith("pooler."):  # what some heads stand on and others don't
        return False
    return inner != name or inner.split(".")[0] in children or bool(_ATTENTION.search(name))


def rows(model: Any, family: str) -> int:
    """How many tokens it has embeddings for. NotCapturable: it has no such table."""
    try:
        return int(model.get_input_embeddings().weight.shape[0])
    except (AttributeError, NotImplementedError) as error:
        raise NotCapturable(f"{family}: no table of tokens", family=family) from error
