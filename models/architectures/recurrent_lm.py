"""A recurrent language model: embedding → RNN or LSTM → one score a word of the vocabulary.

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
CELLS: dict[str, type[nn.RNN] | type[nn.LSTM]] = {"rnn": nn.RNN, "lstm": nn.LSTM}


class RecurrentConfig(PretrainedConfig):  # type: ignore[misc]
    """Sizes. cell: "rnn" (tanh) or "lstm"; embedding_size: of a word's vector.

    bidirectional: every layer reads from both ends. Such a network has seen what comes next, so
    its scores name words, and predict none.
    """

    model_type = MODEL_TYPE

    vocab_size: int = 64
    cell: str = "lstm"
    embedding_size: int = 32
    hidden_size: int = 64
    num_hidden_layers: int = 1
    bidirectional: bool = False
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
        if config.cell == "lstm":
            _open_forget_gates(self.recurrent)
        self.dropout = nn.Dropout(config.dropout)
        directions = 2 if config.bidirectional else 1
        self.lm_head = nn.Linear(config.hidden_size * directions, config.vocab_size)
        self.post_init()

    def forward(self, input_ids: Tensor, use_cache: bool = False, **_: Any) -> CausalLMOutput:
        """input_ids: (batch, n) → logits (batch, n, vocabulary)."""
        h = self.states(self.dropout(self.embedding(input_ids)))
        return CausalLMOutput(logits=self.lm_head(self.dropout(h)))

    def states(self, words: Tensor) -> Tensor:
        """Word vectors (batch, n, embedding) → the last layer's h (batch, n, unit)."""
        h: Tensor = self.recurrent(words)[0]
        return h


def _open_forget_gates(module: nn.Module) -> None:
    """A forget bias of 1, so that a state lasts at first (Jozefowicz et al. 2015, section 2.2).

    An Empirical Exploration of Recurrent Network Architectures. torch keeps i, f, g, o in a row.
    """
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if name.startswith("bias_ih"):
                parameter.view(4, -1)[1] = 1.0


AutoConfig.register(MODEL_TYPE, RecurrentConfig)
AutoModelForCausalLM.register(RecurrentConfig, RecurrentLM)
