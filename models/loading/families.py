"""Where families of models keep their projections, and which kind of attention a module is.

A new family is one row of PROJECTIONS. Paths are relative to the attention module.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from models.card import SHOWS
from models.trace import Kind

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

# What stands between the attentions of a family whose every block can be opened
# (models.translator.record): layer norms, both halves of the feed-forward part, the output layer.
BETWEEN: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {"marian": re.compile(r"(layer_norm|\.fc[12]|^lm_head)$")}
)

_CROSS = re.compile(r"cross|encoder_attn|encdec", re.IGNORECASE)
_SIDE = re.compile(r"(?:^|\.)(encoder|decoder)(?:\.|$)")


def projections(modules: Mapping[str, Any], path: str) -> tuple[Any, Any, Any, Any] | None:
    """The q, k, v and o of the attention at `path`, of dotted path → module; None: no row fits."""
    for row in PROJECTIONS:
        q, k, v, o = (modules.get(_absolute(path, name)) for name in row)
        if None not in (q, k, v, o):
            return q, k, v, o
    return None


def between(family: str, modules: Mapping[str, Any]) -> dict[str, Any]:
    """The modules between the attentions, by their paths; none of a family without a row."""
    row = BETWEEN.get(family)
    return {} if row is None else {path: m for path, m in modules.items() if row.search(path)}


def _absolute(path: str, name: str) -> str:
    if name.startswith("../"):
        path, name = path.rpartition(".")[0], name.removeprefix("../")
    return f"{path}.{name}" if path else name


def kind_of(path: str, module: Any, *, is_encoder_decoder: bool) -> Kind:
    """encoder, decoder or cross: no single attribute of a module tells it in every family.

    The path comes first, since DistilBERT, Marian and T5 set `is_causal` differently.
    """
    if _CROSS.search(path):
        return "cross"
    side = _SIDE.search(path) if is_encoder_decoder else None
    if side:
        return "encoder" if side[1] == "encoder" else "decoder"
    causal = getattr(module, "is_causal", False) or getattr(module, "is_decoder", False)
    return "decoder" if causal else "encoder"


def attention_layers(config: Any) -> int:
    """Attention modules of a forward pass, by the configuration; linear ones do not count."""
    if SHOWS.get(config.model_type) in ("recurrent", "seq2seq"):
        return 0
    if getattr(config, "is_encoder_decoder", False):
        decoder = getattr(config, "decoder_layers", None) or config.num_decoder_layers
        return int(config.num_hidden_layers) + 2 * int(decoder)
    types = getattr(config, "layer_types", None)
    if types:
        return sum("attention" in name and "linear" not in name for name in types)
    return int(config.num_hidden_layers)
