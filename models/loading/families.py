"""What stands between a family's attentions, and which kind of attention a module is."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from models.card import SHOWS
from models.core.by_length import by_length
from models.trace import Kind

# What stands between the attentions of a family whose every block can be opened
# (models.translator.record): layer norms, both halves of the feed-forward part, the output layer;
# or what stands behind them all.
BETWEEN: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "marian": re.compile(r"(layer_norm|\.fc[12]|^lm_head)$"),
        # What pools all patches behind the last layer, and its attention.
        "siglip_vision_model": re.compile(r"^head(\.attention)?$"),
    }
)

# What a family with an attention of its own adds to its scores, in its order: BLOOM's and MPT's
# slopes (Press et al. 2022), DeBERTa's (He et al. 2021), XLNet's (Yang et al. 2019) and Funnel's
# (Dai et al. 2020) own terms.
TERMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(("bloom", "falcon", "mpt"), ("alibi",)),
        **dict.fromkeys(("deberta", "deberta-v2"), ("content_to_position", "position_to_content")),
        "xlnet": ("relative_position",),
        "funnel": ("relative_position", "token_type"),
        **dict.fromkeys(("data2vec-vision", "mpnet", "prophetnet"), ("position_bias",)),
    }
)

_CROSS = re.compile(r"cross|encoder_attn|encdec", re.IGNORECASE)
# Kinds of layers with attention: full, sliding, indexed …; hybrid ones have it beside another part.
_ATTENDS = re.compile(r"^(?!.*linear).*(?:attention|_sparse$)|^hybrid")
# Not a token's segment counts, but whether two tokens have the same one: a term of the scores.
RELATIVE_SEGMENTS = frozenset({"xlnet", "funnel"})
# Their tokens become fewer from layer to layer (Dai et al. 2020).
POOLS = frozenset({"funnel"})
# Two models in one folder that meet behind their last layers (Radford et al. 2021, Zhai et al.
# 2023): the half that reads pictures is opened, and what of the file belongs to no such half.
PAIRS = ("clip", "siglip", "chinese_clip", "altclip", "metaclip_2")
OTHER_HALF = re.compile(r"^(text_model\.|(text|visual)_projection\.|logit_(scale|bias)$)")
# Their attention stays within windows, which stand in the batch (Liu et al. 2021, 2022).
WINDOWED = frozenset({"swin", "swinv2"})
_SIDE = re.compile(r"(?:^|\.)(encoder|decoder)(?:\.|$)")


def between(family: str, modules: Mapping[str, Any]) -> dict[str, Any]:
    """The modules between the attentions, by their paths; none of a family without a row."""
    row = BETWEEN.get(family)
    return {} if row is None else {path: m for path, m in modules.items() if row.search(path)}


def seeing(config: Any) -> Any:
    """A pair's half that reads pictures; any other configuration is itself."""
    return config.vision_config if config.model_type in PAIRS else config


def fitting(config: Any, model_class: Any) -> Any:
    """What of a configuration a class of models takes: all of it, or a pair's half."""
    return config if isinstance(config, model_class.config_class) else seeing(config)


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


def sides(config: Any) -> tuple[int, int]:
    """Layers of an encoder-decoder's encoder and of its decoder; T5Gemma says them apart."""
    encoder, other = getattr(config, "encoder", None), getattr(config, "decoder", None)
    if encoder is not None and other is not None:
        return int(encoder.num_hidden_layers), int(other.num_hidden_layers)
    decoder = getattr(config, "decoder_layers", None) or getattr(config, "num_decoder_layers", 0)
    return int(config.num_hidden_layers), int(decoder or 0)


def padded(config: Any, limit: int) -> int:
    """How many tokens a text may have, at most `limit`: what it is filled up to has places, too.

    LED's is filled up to whole windows, BigBird's to whole blocks, where it is so long that it is
    computed in blocks, Reformer's to whole chunks, where it is longer than one.
    """
    places, plain = int(getattr(config, "max_position_embeddings", 0) or 0), 0
    if config.model_type == "led":
        windows, places = config.attention_window, int(config.max_encoder_position_embeddings)
        size = int(max(windows) if isinstance(windows, list) else windows)
    elif config.model_type == "reformer":
        chunks = [int(getattr(config, f"{kind}_attn_chunk_length")) for kind in config.attn_layers]
        size, plain = math.lcm(*chunks), min(chunks)
        if config.axial_pos_embds:
            places = min(places, math.prod(config.axial_pos_shape))
    elif (switch := by_length(config)) is not None:
        size, plain = int(config.block_size), switch.longest
    else:
        return limit
    return min(limit, max(places - places % size, min(plain, places)))


def probed(config: Any) -> int:
    """Tokens of a first input: two, and of a model that pools them so many that two are left."""
    return 2 << len(config.block_sizes) if config.model_type in POOLS else 2


def of_few(config: Any, inputs: Mapping[str, Any]) -> int | None:
    """How many tokens, where they are so few that pooling may leave none; None: there are enough.

    inputs: name → (1, token).
    """
    if config.model_type not in POOLS:
        return None
    count = int(inputs["input_ids"].shape[1])
    return count if count < 1 << len(config.block_sizes) else None


# Longformer's heads that make the tokens of one of two texts global: the question, or the choice.
_GLOBAL_BY_PAIR = ("LongformerForQuestionAnswering", "LongformerForMultipleChoice")


def global_tokens(config: Any, ids: Sequence[int]) -> tuple[int, ...] | None:
    """(token,) 1 where a token looks at all others, and all at it; None: the model says none.

    As Longformer's heads make them, by transformers' `_compute_global_attention_mask`: of a text
    that is classified the first token, of a question and a text the first of them, of a text and
    a choice the second. That a head is left out here changes nothing in how it was trained to
    read. Of one text alone the last two have none (with them the library raises).
    """
    head = _head(config)
    if head == "LongformerForSequenceClassification":
        return (1, *(0,) * (len(ids) - 1))
    if head not in _GLOBAL_BY_PAIR:
        return None
    ends = [place for place, token in enumerate(ids) if token == config.sep_token_id]
    if len(ends) != 3:
        return None
    first = head == _GLOBAL_BY_PAIR[0]
    return tuple(int(n < ends[0] if first else n > ends[0] + 1) for n in range(len(ids)))


def lacks_pair(config: Any, ids: Sequence[int]) -> bool:
    """Its head makes tokens global by two texts, and these tokens are of one."""
    return _head(config) in _GLOBAL_BY_PAIR and global_tokens(config, ids) is None


def _head(config: Any) -> str:
    return str((getattr(config, "architectures", None) or [""])[0])


def streams(config: Any) -> int:
    """Rows of a decoder for each token: ProphetNet's own, and one for each token it predicts."""
    return 1 + int(config.ngram) if config.model_type == "prophetnet" else 1


def attention_layers(config: Any) -> int:
    """Attention modules of a forward pass, by the configuration; linear ones do not count.

    Hybrid layers have one beside their state space: all of Falcon-H1's, some of Zamba 2's.
    """
    if SHOWS.get(config.model_type) in ("recurrent", "seq2seq", "vectors"):
        return 0
    if config.model_type in WINDOWED:  # it counts its stages as layers
        return sum(config.depths)
    if getattr(config, "is_encoder_decoder", False):
        encoder, decoder = sides(config)
        return encoder + 2 * decoder
    if config.model_type in POOLS:
        return sum(a * b for a, b in zip(config.block_sizes, config.block_repeats, strict=True))
    types = getattr(config, "layer_types", None)
    if types:
        return sum(_ATTENDS.search(name) is not None for name in types)
    return int(config.num_hidden_layers)
