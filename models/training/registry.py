"""Which models are trained here, and which module holds each one's plan. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.training.plan import Plan

MODULES: Mapping[str, str] = MappingProxyType(
    {
        "bert-mini": "models.training.bert_mini",
        "gpt-mini": "models.training.gpt_mini",
        "gru": "models.training.sentence_lm",
        "induction": "models.training.induction",
        "induction-1layer": "models.training.induction",
        "lstm": "models.training.sentence_lm",
        "memory-attention": "models.training.memory",
        "memory-lstm": "models.training.memory",
        "memory-rnn": "models.training.memory",
        "one-head": "models.training.places",
        "four-heads": "models.training.places",
        "rnn": "models.training.sentence_lm",
        "seq2seq": "models.training.seq2seq",
        "seq2seq-fixed": "models.training.seq2seq",
        "skipgram": "models.training.skipgram",
        "tagger": "models.training.tagger",
        "tagger-forward": "models.training.tagger",
        "translator": "models.training.translator",
        "vit-digits": "models.training.vit_digits",
    }
)
# What is learned beside a model's frozen weights: no model by itself, so it has no card to choose.
ADAPTERS: Mapping[str, str] = MappingProxyType({"verb-last": "models.training.low_rank"})

TRAINED: Mapping[str, str] = MappingProxyType({**MODULES, **ADAPTERS})


def plan(model_id: str) -> Plan:
    """The plan of one model. KeyError: nothing of that name is trained here."""
    if model_id not in TRAINED:
        raise KeyError(f"{model_id!r} is none of {', '.join(TRAINED)}")
    found: Plan = import_module(TRAINED[model_id]).PLANS[model_id]
    return found
