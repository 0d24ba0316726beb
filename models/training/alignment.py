"""Does a head look at the word that it translates? Cross-attention, word by word, against the gold.

A word may be several pieces. A target word has the attention of the row that predicts its first
piece (where the decoder reads the piece before it); a source word gets the sum over its pieces.
</s> belongs to no word and keeps a column of its own, the last: a head that looks there has not
found the word, and is counted so. Imports torch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from models.grammar.grammar import Pair
from models.recording import capture
from models.training import tokenizer
from models.training.padding import padded

_AT_ONCE = 100  # sentences of one forward pass


@torch.inference_mode()
def word_weights(model: Any, words: Any, pairs: Sequence[Pair], after: int = 0) -> list[Tensor]:
    """Of each pair (layer, head, target word, source word + 1), while it writes the gold target.

    model: a transformers encoder-decoder that records through models.recording.capture; words: its
    tokenizer. after: so many rows further down: 1 is the row that reads a word's first piece.
    """
    found: list[Tensor] = []
    for at in range(0, len(pairs), _AT_ONCE):
        some = pairs[at : at + _AT_ONCE]
        heard = [tokenizer.word_of_pieces(words, pair.source_words) for pair in some]
        said = [tokenizer.word_of_pieces(words, pair.target_words) for pair in some]
        weights = cross_weights(model, [ids for ids, _ in heard], [ids for ids, _ in said])
        found += [
            _by_word(piecewise, first_pieces(target) + after, columns(source))
            for piecewise, (_, source), (_, target) in zip(weights, heard, said, strict=True)
        ]
    return found


def cross_weights(
    model: Any, source: Sequence[Sequence[int]], target: Sequence[Sequence[int]]
) -> Tensor:
    """(sentence, layer, head, target piece, source piece), padded; row i predicts piece i."""
    pad, start = model.config.pad_token_id, model.config.decoder_start_token_id
    ids, shifted = padded(source, pad), padded([[start, *row[:-1]] for row in target], pad)
    inputs = {"input_ids": ids, "attention_mask": (ids != pad).long(), "decoder_input_ids": shifted}
    modules = [layer.encoder_attn for layer in model.get_decoder().layers]
    records = [r for r in capture.run(model, inputs).records if r.module in modules]
    scores = [
        r.query @ r.key.transpose(2, 3) * r.scaling + (0 if r.mask is None else r.mask)
        for r in records
    ]
    return torch.softmax(torch.stack(scores, dim=1), dim=-1)


def first_pieces(owners: Sequence[int | None]) -> Tensor:
    """(word,): where each word begins. owners: each piece's word, None for </s>."""
    words = sorted({owner for owner in owners if owner is not None})
    return torch.tensor([owners.index(word) for word in words])


def columns(owners: Sequence[int | None]) -> Tensor:
    """(piece,): each piece's word, and one number more for </s>."""
    words = len({*owners} - {None})
    return torch.tensor([words if owner is None else owner for owner in owners])


def _by_word(weights: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    chosen = weights[:, :, rows, : len(columns)]
    sums = chosen.new_zeros(*chosen.shape[:3], int(columns.max()) + 1)
    return sums.index_add_(3, columns, chosen)


def aligned(weights: Sequence[Tensor], pairs: Sequence[Pair]) -> Tensor:
    """(layer, head): share of content words whose largest weight lies on a word they say."""
    right, total = torch.zeros(weights[0].shape[:2]), 0
    for found, pair in zip(weights, pairs, strict=True):
        gold = linked(pair.alignment, found)
        looked = found.argmax(-1, keepdim=True)  # (layer, head, word, 1)
        hits = gold.expand_as(found).gather(3, looked)[..., 0]
        right += hits[:, :, list(pair.content)].sum(-1)
        total += len(pair.content)
    return right / total


def error_rate(weights: Sequence[Tensor], pairs: Sequence[Pair]) -> Tensor:
    """(layer, head) or whatever stands before the last two axes: alignment error rate.

    1 − (|A ∩ S| + |A ∩ P|) / (|A| + |S|) (Och and Ney, 2003): A links each target word to its
    largest weight, S are the sure links, P the possible ones, S among them. A link to </s> is
    in A and in neither of the others.
    """
    hits, size = torch.zeros(weights[0].shape[:-2]), 0
    for found, pair in zip(weights, pairs, strict=True):
        looked = found.argmax(-1, keepdim=True)
        for links in (pair.alignment, pair.possible):
            hits += linked(links, found).expand_as(found).gather(-1, looked).sum((-2, -1))
        size += len(pair.target_words) + len(pair.alignment)
    return 1 - hits / size


def linked(links: Iterator[tuple[int, int]] | Sequence[tuple[int, int]], like: Tensor) -> Tensor:
    """(target word, source word + 1): 1 where a link is, else 0."""
    table = torch.zeros(like.shape[-2:])
    for target, source in links:
        table[target, source] = 1
    return table
