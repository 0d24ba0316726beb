"""Models that take another attention for a long text than for a short one. No torch by itself.

transformers' BigBird is built with block-sparse attention (Zaheer et al. 2020). Of a text that is
too short for its blocks it computes all of attention, and puts modules for that in their place for
good: what it reads next is computed as the texts before have left the model. Here both kinds of
modules are made once, and each pass takes those that its own length asks for.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from models.core.by_length import BLOCKS, by_length

_FULL = "original_full"
_MADE = "_dikkat_by_length"  # an attention's modules of both kinds; no part of the model's own tree
# Modules are the model's, and all threads share it: one pass of such models at a time. A lock of
# each model's own would have to be left out of its copies.
_turns = threading.RLock()


def settle(model: Any) -> None:
    """Has each pass of such a model depend on its own text alone; of others nothing.

    Copies keep it. What was done to the modules of one kind alone is lost: it makes them anew.
    """
    import torch

    body = next(_switches(model), None)
    if by_length(model.config) is None or body is None:
        return
    for kind in (_FULL, BLOCKS):
        for switch in _switches(body):
            switch.attention_type = ""  # one of another name would not be made
        with torch.device("meta"):  # their projections are those that are there
            body.set_attention_type(kind)
        for attention in _attentions(body):
            attention.__dict__.setdefault(_MADE, {})[kind] = attention.self
    body.register_forward_pre_hook(_before, with_kwargs=True)
    body.register_forward_hook(_after, always_call=True)


def _before(body: Any, args: Any, kwargs: Any) -> None:
    _turns.acquire()
    ids = args[0] if args else kwargs.get("input_ids")
    given = kwargs["inputs_embeds"] if ids is None else ids
    kind = _FULL if given.shape[1] <= by_length(body.config).longest else BLOCKS  # type: ignore[union-attr]
    for switch in list(_switches(body)):
        switch.attention_type = kind
    for attention in list(_attentions(body)):
        attention.self = attention.__dict__[_MADE][kind]


def _after(*_: Any) -> None:
    _turns.release()


def _switches(model: Any) -> Iterator[Any]:
    """The modules that are told which attention to take, the outermost first."""
    return (each for each in model.modules() if hasattr(each, "set_attention_type"))


def _attentions(body: Any) -> Iterator[Any]:
    """Those of them that hold the one that is taken."""
    return (each for each in _switches(body) if "self" in each._modules)
