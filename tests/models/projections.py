"""Where families keep their projections, by name: what a recording, which asks no name, is held to.

Paths are relative to the attention module.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Names of the q, k, v and o projections; "../" steps out of the attention module. Where two of
# q, k, v share a name, one matrix makes them side by side in that order.
PROJECTIONS = (
    ("query", "key", "value", "../output.dense"),  # BERT, RoBERTa, ELECTRA
    ("query", "key", "value", "dense"),  # ALBERT
    ("q_proj", "k_proj", "v_proj", "o_proj"),  # LLaMA, Gemma, Mistral, Qwen, GPT-OSS
    ("q_proj", "k_proj", "v_proj", "out_proj"),  # Marian, BART, OPT, M2M-100
    ("q", "k", "v", "o"),  # T5
    ("q_lin", "k_lin", "v_lin", "out_lin"),  # DistilBERT
    ("q_attn", "c_attn", "c_attn", "c_proj"),  # GPT-2's cross-attention
    ("c_attn", "c_attn", "c_attn", "c_proj"),  # GPT-2
    ("qkv_proj", "qkv_proj", "qkv_proj", "o_proj"),  # Phi-3
)


def projections(modules: Mapping[str, Any], path: str) -> tuple[Any, Any, Any, Any] | None:
    """The q, k, v and o of the attention at `path`, of dotted path → module; None: no row fits."""
    for row in PROJECTIONS:
        q, k, v, o = (modules.get(_absolute(path, name)) for name in row)
        if None not in (q, k, v, o):
            return q, k, v, o
    return None


def _absolute(path: str, name: str) -> str:
    if name.startswith("../"):
        path, name = path.rpartition(".")[0], name.removeprefix("../")
    return f"{path}.{name}" if path else name
