"""A decoder of attention layers alone, no feed-forward: small enough to see its circuits.

After the attention-only Transformers of Elhage et al. (2021), "A Mathematical Framework for
Transformer Circuits". Importing this makes it known to transformers' Auto classes, so that
models.loading.checkpoint opens such a folder like any other. Imports torch.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModelForCausalLM, PretrainedConfig, PreTrainedModel
from transformers import initialization as init
from transformers.modeling_outputs import CausalLMOutput
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

MODEL_TYPE = "dikkat_attention_only"


class AttentionOnlyConfig(PretrainedConfig):  # type: ignore[misc]
    """Sizes. positions: "learned" (a table) or "sinusoidal" (Vaswani et al. 2017, section 3.5).

    embedding_range: spread of untrained word vectors; sines want wider ones than 0.02 beside them.
    """

    model_type = MODEL_TYPE

    vocab_size: int = 64
    hidden_size: int = 64
    num_hidden_layers: int = 2
    num_attention_heads: int = 4
    max_position_embeddings: int = 128
    positions: str = "learned"
    initializer_range: float = 0.02
    embedding_range: float = 0.02


def eager_attention_forward(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor,
    scaling: float,
    **_: Any,
) -> tuple[Tensor, Tensor]:
    """softmax(q·kᵀ·scaling + mask)·v, in the open: (1, head, n, d) → (1, n, head, d)."""
    weights = torch.softmax(query @ key.transpose(2, 3) * scaling + attention_mask, dim=-1)
    return (weights @ value).transpose(1, 2), weights


class SelfAttention(nn.Module):
    """Masked multi-head attention without biases."""

    is_causal = True

    def __init__(self, config: AttentionOnlyConfig) -> None:
        super().__init__()
        width = config.hidden_size
        self.config, self.d = config, width // config.num_attention_heads
        self.q_proj, self.k_proj, self.v_proj, self.o_proj = (
            nn.Linear(width, width, bias=False) for _ in range(4)
        )

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(batch, n, width) → the same."""
        q, k, v = (
            part(x).unflatten(-1, (-1, self.d)).transpose(1, 2)
            for part in (self.q_proj, self.k_proj, self.v_proj)
        )
        attend = ALL_ATTENTION_FUNCTIONS.get_interface(
            self.config._attn_implementation, eager_attention_forward
        )
        out: Tensor = attend(self, q, k, v, mask, scaling=self.d**-0.5)[0]
        return self.o_proj(out.flatten(2))  # type: ignore[no-any-return]


class AttentionOnlyLayer(nn.Module):
    """x + attention(norm(x))."""

    def __init__(self, config: AttentionOnlyConfig) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(config.hidden_size)
        self.attention = SelfAttention(config)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(batch, n, width) → the same."""
        return x + self.attention(self.norm(x), mask)  # type: ignore[no-any-return]


class AttentionOnlyLM(PreTrainedModel):  # type: ignore[misc]
    """Embedding + position → attention layers → norm → one score a word of the vocabulary."""

    config_class = AttentionOnlyConfig
    config: AttentionOnlyConfig
    base_model_prefix = "model"
    _supports_sdpa = True
    _supports_attention_backend = True

    def __init__(self, config: AttentionOnlyConfig) -> None:
        super().__init__(config)
        self.embedding = nn.Embedding(config.vocab_size, config.hidden_size)
        self.position_embeddings = (
            nn.Embedding(config.max_position_embeddings, config.hidden_size)
            if config.positions == "learned"
            else None
        )
        self.layers = nn.ModuleList(
            AttentionOnlyLayer(config) for _ in range(config.num_hidden_layers)
        )
        self.norm = nn.LayerNorm(config.hidden_size)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def _init_weights(self, module: nn.Module) -> None:
        """transformers' own start, but for the spread of the word vectors."""
        if module is getattr(self, "embedding", None):
            init.normal_(module.weight, std=self.config.embedding_range)
        else:
            super()._init_weights(module)

    def get_input_embeddings(self) -> nn.Module:
        """The word vectors."""
        return self.embedding

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        use_cache: bool = False,
        **_: Any,
    ) -> CausalLMOutput:
        """input_ids: (batch, n) → logits (batch, n, vocabulary). attention_mask: 0 at padding."""
        x = self.states(self.embedding(input_ids), attention_mask)
        return CausalLMOutput(logits=self.lm_head(self.norm(x)))

    def states(self, words: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """Word vectors (batch, n, width) → what the last layer makes of them, the same shape."""
        x = words + self._positions(words.shape[1])
        mask = causal(words.shape[1], attention_mask, x.dtype)
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def _positions(self, n: int) -> Tensor:
        if self.position_embeddings is None:
            # Made when needed: a buffer would be one more thing that a checkpoint could get wrong.
            return sinusoidal(n, self.config.hidden_size)
        return self.position_embeddings.weight[:n]


def causal(n: int, attention_mask: Tensor | None, dtype: torch.dtype) -> Tensor:
    """(batch or 1, 1, n, n): 0 where query i may see key j ≤ i, the smallest number elsewhere."""
    seen = torch.ones(n, n, dtype=torch.bool).tril()[None, None]
    if attention_mask is not None:
        seen = seen & (attention_mask[:, None, None] != 0)
    return torch.zeros(seen.shape, dtype=dtype).masked_fill(~seen, torch.finfo(dtype).min)


def sinusoidal(n: int, width: int, base: float = 10_000.0) -> Tensor:
    """(n, width): sin(pos / base^(2i/width)) at 2i, the cosine at 2i + 1; width is even."""
    pos, i = torch.arange(n)[:, None], torch.arange(0, width, 2)
    angle = pos * torch.exp(-i * math.log(base) / width)
    return torch.stack((angle.sin(), angle.cos()), dim=-1).flatten(1)


AutoConfig.register(MODEL_TYPE, AttentionOnlyConfig)
AutoModelForCausalLM.register(AttentionOnlyConfig, AttentionOnlyLM)
