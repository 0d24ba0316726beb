"""A recurrent encoder-decoder, with additive attention or without: one sequence → another.

The source's word vectors → a GRU in both directions → encoder states H_j; the decoder, a GRU
of its own, begins from the encoder's last state and the start token. At step t:

    e_{t,j} = vᵀ·tanh(W·h_t + U·H_j + b)      score of each encoder state
    α_t     = softmax(e_t)                    weights
    C_t     = Σ_j α_{t,j}·H_j                 context
    z_t     = tanh(W_c·[h_t; C_t] + b_c)      joined, feed-forward
    logits  = W_o·z_t + b_o                   one score a word

The score is Bahdanau et al.'s (2015, section 3.1 and A.1.2). The order, score with the state h_t
that has read the word before and join afterwards, is Luong et al.'s (2015, section 3): that
paper's h_t needs no context, so all steps of a known target are computed at once. Without
attention C_t is the encoder's last state at every step, one vector for all (Cho et al. 2014).

Importing this makes it known to transformers' Auto classes. Imports torch.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from transformers import AutoConfig, AutoModelForSeq2SeqLM, PretrainedConfig
from transformers.modeling_outputs import Seq2SeqLMOutput

from models.architectures.word_vectors import WordVectorModel

MODEL_TYPE = "dikkat_seq2seq"


class Seq2SeqConfig(PretrainedConfig):  # type: ignore[misc]
    """Sizes. attention: additive, or none: one context for all steps.

    hidden_size: units of the encoder in each direction, and of the decoder; attention_size: of
    W's and U's products; output_size: of z. Both sides share one table of word vectors.
    """

    model_type = MODEL_TYPE

    vocab_size: int = 64
    attention: bool = True
    embedding_size: int = 32
    hidden_size: int = 32
    attention_size: int = 32
    output_size: int = 32
    num_hidden_layers: int = 1
    decoder_layers: int = 1
    dropout: float = 0.0
    initializer_range: float = 0.5
    is_encoder_decoder: bool = True
    pad_token_id: int | None = 0
    eos_token_id: int | None = 1
    decoder_start_token_id: int | None = 1


class Seq2Seq(WordVectorModel):
    """The parts are torch's own modules, so that what is shown can be held against them."""

    config_class = Seq2SeqConfig
    config: Seq2SeqConfig

    def __init__(self, config: Seq2SeqConfig) -> None:
        super().__init__(config)
        embedding, units = config.embedding_size, config.hidden_size
        self.embedding = nn.Embedding(config.vocab_size, embedding)
        self.encoder = nn.GRU(embedding, units, batch_first=True, bidirectional=True)
        self.bridge = nn.Linear(2 * units, units)
        self.decoder = nn.GRU(embedding, units, batch_first=True)
        if config.attention:
            self.query = nn.Linear(units, config.attention_size, bias=False)  # W
            self.key = nn.Linear(2 * units, config.attention_size)  # U, b
            self.score = nn.Linear(config.attention_size, 1, bias=False)  # v
        self.combine = nn.Linear(3 * units, config.output_size)
        self.lm_head = nn.Linear(config.output_size, config.vocab_size)
        self.dropout = nn.Dropout(config.dropout)
        self.post_init()

    def read(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """(batch, n) → states (batch, n, 2·units), the last of each direction (batch, 2·units).

        The direction that reads backwards begins at each row's own last token, not at its padding.
        """
        x = self.dropout(self.embedding(input_ids))
        if attention_mask.all():  # nothing to leave out, and packing costs time
            states, last = self.encoder(x)
        else:
            lengths = attention_mask.sum(1).cpu()
            packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
            states, last = self.encoder(packed)
            states = pad_packed_sequence(states, batch_first=True, total_length=x.shape[1])[0]
        return states, torch.cat((last[0], last[1]), -1)

    def encode(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """(batch, n) → what the decoder is told, its first state (batch, units).

        With attention it is told all states, (batch, n, 2·units), else the last, (batch, 1, …).
        """
        states, last = self.read(input_ids, attention_mask)
        told = states if self.config.attention else last[:, None]
        return told, torch.tanh(self.bridge(last))

    def attend(self, h: Tensor, states: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """(batch, t, units), (batch, n, 2·units) → weights (batch, t, n), contexts C."""
        sums = self.query(h)[:, :, None] + self.key(states)[:, None]
        scores = self.score(torch.tanh(sums)).squeeze(-1)
        weights = scores.masked_fill(attention_mask[:, None] == 0, -torch.inf).softmax(-1)
        return weights, weights @ states

    def decode(
        self, ids: Tensor, h: Tensor, told: Tensor, attention_mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """(batch, t) words read from the state h (batch, units) → logits, the last state."""
        steps, last = self.decoder(self.dropout(self.embedding(ids)), h[None])
        if self.config.attention:
            context = self.attend(steps, told, attention_mask)[1]
        else:
            context = told.expand(-1, steps.shape[1], -1)
        z = torch.tanh(self.combine(torch.cat((steps, context), -1)))
        return self.lm_head(self.dropout(z)), last[0]

    def forward(
        self,
        input_ids: Tensor,
        decoder_input_ids: Tensor,
        attention_mask: Tensor | None = None,
        **_: Any,
    ) -> Seq2SeqLMOutput:
        """(batch, n), (batch, t), mask 1 = token, 0 = padding → logits (batch, t, vocabulary)."""
        mask = torch.ones_like(input_ids) if attention_mask is None else attention_mask
        told, first = self.encode(input_ids, mask)
        logits, _last = self.decode(decoder_input_ids, first, told, mask)
        return Seq2SeqLMOutput(logits=logits)


AutoConfig.register(MODEL_TYPE, Seq2SeqConfig)
AutoModelForSeq2SeqLM.register(Seq2SeqConfig, Seq2Seq)
