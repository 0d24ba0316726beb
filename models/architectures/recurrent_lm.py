"""A recurrent language model: embedding → RNN, GRU or LSTM → one score a word of the vocabulary.

Importing this makes it known to transformers' Auto classes. Imports torch.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModelForCausalLM, PretrainedConfig
from transformers.modeling_outputs import CausalLMOutput

from models.architectures.word_vectors import WordVectorModel

MODEL_TYPE = "dikkat_recurrent"
CELLS: dict[str, type[nn.RNN] | type[nn.GRU] | type[nn.LSTM]] = {
    "rnn": nn.RNN,
    "gru": nn.GRU,
    "lstm": nn.LSTM,
}


# Of each gated cell torch's parts in a row (i, f, g, o; r, z, n), and which one keeps the state.
_KEEPING = {"lstm": (4, 1), "gru": (3, 1)}


class RecurrentConfig(PretrainedConfig):  # type: ignore[misc]
    """Sizes. cell: "rnn" (tanh), "gru" or "lstm"; embedding_size: of a word's vector.

    bidirectional: every layer reads from both ends. Such a network has seen what comes next, so
    its scores name words, and predict none. tags: what it says of a word instead of the next one;
    None: it says the next one.
    """

    model_type = MODEL_TYPE

    vocab_size: int = 64
    cell: str = "lstm"
    embedding_size: int = 32
    hidden_size: int = 64
    num_hidden_layers: int = 1
    bidirectional: bool = False
    tags: list[str] | None = None
    dropout: float = 0.0
    initializer_range: float = 0.5


class RecurrentLM(WordVectorModel):
    """Reads left to right; ValueError: a cell that is none of CELLS.

    The parts are torch's own modules, so that what is shown can be held against them.
    """

    config_class = RecurrentConfig
    config: RecurrentConfig

    def __init__(self, config: RecurrentConfig) -> None:
        super().__init__(config)
        if config.cell not in CELLS:
            raise ValueError(f"cell {config.cell!r} is none of {', '.join(CELLS)}")
        several = config.num_hidden_layers > 1
        self.embedding = nn.Embedding(config.vocab_size, config.embedding_size)
        self.recurrent = CELLS[config.cell](
            config.embedding_size,
            config.hidden_size,
            config.num_hidden_layers,
            batch_first=True,
            dropout=config.dropout if several else 0.0,
            bidirectional=config.bidirectional,
        )
        if config.cell in _KEEPING:
            _keep_at_first(self.recurrent, *_KEEPING[config.cell])
        self.dropout = nn.Dropout(config.dropout)
        directions = 2 if config.bidirectional else 1
        scores = len(config.tags) if config.tags else config.vocab_size
        self.lm_head = nn.Linear(config.hidden_size * directions, scores)
        self.post_init()

    def forward(self, input_ids: Tensor, use_cache: bool = False, **_: Any) -> CausalLMOutput:
        """input_ids: (batch, n) → logits (batch, n, vocabulary), or of each tag."""
        h = self.states(self.dropout(self.embedding(input_ids)))
        return CausalLMOutput(logits=self.lm_head(self.dropout(h)))

    def states(self, words: Tensor) -> Tensor:
        """Word vectors (batch, n, embedding) → the last layer's h (batch, n, unit)."""
        h: Tensor = self.recurrent(words)[0]
        return h


def _keep_at_first(module: nn.Module, blocks: int, keeping: int) -> None:
    """A bias of 1 at the gate that keeps, so that a state lasts at first.

    Jozefowicz et al. 2015, An Empirical Exploration of Recurrent Network Architectures, section
    2.2, of an LSTM's forget gate; a GRU's z weighs h_{t−1} in torch. blocks: how many parts torch
    keeps in a row; keeping: which of them.
    """
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if name.startswith("bias_ih"):
                parameter.view(blocks, -1)[keeping] = 1.0


AutoConfig.register(MODEL_TYPE, RecurrentConfig)
AutoModelForCausalLM.register(RecurrentConfig, RecurrentLM)
