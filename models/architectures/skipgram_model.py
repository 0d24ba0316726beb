"""Skip-gram: one table of word vectors, one of context vectors, and nothing else. Imports torch.

Mikolov et al. (2013), "Distributed Representations of Words and Phrases and their
Compositionality", section 2.2. Importing this makes it known to transformers' Auto classes.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn
from torch.nn.functional import logsigmoid
from transformers import AutoConfig, AutoModel, PretrainedConfig
from transformers.modeling_outputs import BaseModelOutput

from models.architectures.word_vectors import WordVectorModel

MODEL_TYPE = "dikkat_skipgram"


class SkipGramConfig(PretrainedConfig):  # type: ignore[misc]
    """Sizes. hidden_size: of a word's vector; there are no layers."""

    model_type = MODEL_TYPE

    vocab_size: int = 64
    hidden_size: int = 32
    num_hidden_layers: int = 0
    initializer_range: float = 0.1


class SkipGramModel(WordVectorModel):
    """Word vectors E (V × D) are what is kept; context vectors C (V × D) serve to train them."""

    config_class = SkipGramConfig
    config: SkipGramConfig

    def __init__(self, config: SkipGramConfig) -> None:
        super().__init__(config)
        self.embedding = nn.Embedding(config.vocab_size, config.hidden_size)
        self.context = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()

    def forward(self, input_ids: Tensor, **_: Any) -> BaseModelOutput:
        """input_ids: (batch, n) → last_hidden_state (batch, n, D): rows of E."""
        return BaseModelOutput(last_hidden_state=self.embedding(input_ids))

    def loss(self, words: Tensor, contexts: Tensor, negatives: Tensor) -> Tensor:
        """(pair,), (pair,), (pair, k) → mean of −ln σ(w·c) − Σ ln σ(−w·n), equation 4."""
        w = self.embedding(words)
        seen = (w * self.context(contexts)).sum(-1)
        drawn = (self.context(negatives) @ w[:, :, None])[..., 0]
        found: Tensor = -(logsigmoid(seen) + logsigmoid(-drawn).sum(-1)).mean()
        return found


AutoConfig.register(MODEL_TYPE, SkipGramConfig)
AutoModel.register(SkipGramConfig, SkipGramModel)
