"""Where families of models keep their projections, and which kind of attention a module is.

A new family is one row of PROJECTIONS. Paths are relative to the attention module.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from models.card import SHOWS
from models.trace import Kind


@dataclass(frozen=True, slots=True)
class Projections:
    """Names of the four projections; ``../`` steps out of the attention module.

    Where two of q, k, v share a name, one matrix makes them side by side in that order.
    """

    q: str
    k: str
    v: str
    o: str


PROJECTIONS = (
    Projections("query", "key", "value", "../output.dense"),  # BERT, RoBERTa, ELECTRA
    Projections("query", "key", "value", "dense"),  # ALBERT
    Projections("q_proj", "k_proj", "v_proj", "o_proj"),  # LLaMA, Gemma, Mistral, Qwen, GPT-OSS
    Projections("q_proj", "k_proj", "v_proj", "out_proj"),  # Marian, BART, OPT, M2M-100
    Projections("q", "k", "v", "o"),  # T5
    Projections("q_lin", "k_lin", "v_lin", "out_lin"),  # DistilBERT
    Projections("q_attn", "c_attn", "c_attn", "c_proj"),  # GPT-2's cross-attention
    Projections("c_attn", "c_attn", "c_attn", "c_proj"),  # GPT-2
    Projections("qkv_proj", "qkv_proj", "qkv_proj", "o_proj"),  # Phi-3
)

# What stands between the attentions of a family whose every block can be opened
# (models.translator.record): layer norms, both halves of the feed-forward part, the output layer.
BETWEEN: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {"marian": re.compile(r"(layer_norm|\.fc[12]|^lm_head)$")}
)

_CROSS = re.compile(r"cross|encoder_attn|encdec", re.IGNORECASE)
_SIDE = re.compile(r"(?:^|\.)(encoder|decoder)(?:\.|$)")


def projections(modules: Mapping[str, Any], path: str) -> tuple[Any, Any, Any, Any] | None:
    """The q, k, v and o modules of the attention module at `path`; None: no row fits.

    modules: dotted path → module, as ``dict(model.named_modules())`` gives it.
    """
    for row in PROJECTIONS:
        found = tuple(modules.get(_absolute(path, name)) for name in (row.q, row.k, row.v, row.o))
        if None not in found:
            return found[0], found[1], found[2], found[3]
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
    """How many attention modules a forward pass goes through, by the configuration alone.

    Layers whose `layer_types` entry is no softmax attention do not count.
    """
    if SHOWS.get(config.model_type) in ("recurrent", "seq2seq"):
        return 0
    if getattr(config, "is_encoder_decoder", False):
        decoder = getattr(config, "decoder_layers", None) or config.num_decoder_layers
        return int(config.num_hidden_layers) + 2 * int(decoder)
    types = getattr(config, "layer_types", None)
    if types:
        return sum("attention" in name and "linear" not in name for name in types)
    return int(config.num_hidden_layers)
