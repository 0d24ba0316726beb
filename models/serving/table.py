"""What may be asked of another machine, and what may come back: names, and nothing else.

They are looked up when they are wanted, so that importing this imports no model.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

# Called with a loaded model first, the rest texts, numbers, flags and tuples of them. There is no
# record_between: none of the catalogue translates between many languages.
FUNCTIONS = frozenset(
    {
        "models.gpt.generation.next_logits",
        "models.gpt.generation.traced",
        "models.heads.continuation.record_continued",
        "models.lstm.record.run",
        "models.record.record",
        "models.seq2seq.record.translate",
        "models.translator.record.translate",
    }
)
# What their records are made of.
RECORDS = frozenset(
    {
        "models.core.arrays.Difference",
        "models.core.attention.Term",
        "models.core.block.AttentionBlock",
        "models.core.block.WeightsBlock",
        "models.core.by_length.ByLength",
        "models.core.cell.CellWeights",
        "models.core.continued.Continued",
        "models.core.recurrent_trace.RecurrentLayer",
        "models.core.recurrent_trace.RecurrentTrace",
        "models.core.surroundings.Projection",
        "models.core.surroundings.Surroundings",
        "models.core.tokens.Encoded",
        "models.seq2seq.trace.AdditiveAttention",
        "models.seq2seq.trace.ModelNumbers",
        "models.seq2seq.trace.Seq2SeqTrace",
        "models.trace.AttentionTrace",
        "models.translator.blocks.FeedForward",
        "models.translator.blocks.Norm",
        "models.translator.blocks.Output",
        "models.translator.blocks.ScaledEmbedding",
        "models.translator.blocks.TransformerLayer",
        "models.translator.trace.TransformerTrace",
    }
)


def name(thing: Callable[..., Any]) -> str:
    """What a function or a class is called here."""
    return f"{thing.__module__}.{thing.__qualname__}"


def named(full: str, among: frozenset[str]) -> Any:
    """The function or class of that name. KeyError: it is none of these."""
    if full not in among:
        raise KeyError(f"{full:.100} does not go over the wire")
    module, _, own = full.rpartition(".")
    return getattr(import_module(module), own)
