"""A checkpoint's weights in its family's model: all of them, none besides. Imports torch."""

from __future__ import annotations

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
from transformers.initialization import no_init_weights
from transformers.utils import logging as transformers_logging

from models.errors import (
    CrossAttentionAlone,
    HalfAModel,
    LoadingFailed,
    MissingWeights,
    NotCapturable,
    UnexpectedWeights,
    WrongShape,
    WrongSize,
)
from models.loading import classes, configuration, families
from models.loading.weights import Stored

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
    found = classes.known(config)
    classes.check_readable(config, found)
    if getattr(config, "add_cross_attention", False) and not config.is_encoder_decoder:
        family = config.model_type
        raise CrossAttentionAlone(f"{family}: cross-attention, no encoder", family=family)
    missing: list[str] = []
    for model_class, has_head in found:
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
    plain._attn_implementation = classes.implementation(
        model_class
    )  # whatever kernel its owner wished for
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
            attn_implementation=classes.implementation(model_class),
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
    half = classes.sees(model.config)  # of a pair; another family has no such names
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
