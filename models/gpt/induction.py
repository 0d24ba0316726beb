"""The same tokens twice: which heads look at what came after the first time, and what it is worth.

Task and score after Olsson et al. (2022), "In-context Learning and Induction Heads".
Imports no torch by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from models.core.loaded import LoadedModel, once_a_model
from models.errors import TextTooLong
from models.gpt.generation import traced
from models.measured import read
from models.record import as_numpy, batch, finite, forward
from models.recording.continuation import check
from models.recording.vocabulary import unmet
from models.trace import AttentionTrace, Floats, read_only

SHORTEST = 2  # tokens of a part that repeats
_STARTS = "▁Ġ"


@dataclass(frozen=True, slots=True, eq=False)
class Repeated:
    """A part that a model read twice.

    ids, and trace.typed, …: what the tokenizer puts in front (`first` tokens), then `period`
    tokens, then the same again. scores: (head,) prefix matching, before: (head,) mean weight on the
    token before, both one a layer. losses: −ln of the probability that was given to each token but
    the first, by the place of the token before it.
    guesses: the likeliest next token at each place.
    """

    ids: tuple[int, ...]
    first: int
    period: int
    trace: AttentionTrace
    scores: tuple[Floats, ...]
    before: tuple[Floats, ...]
    losses: Floats
    guesses: tuple[int, ...]

    @property
    def best(self) -> tuple[int, int]:
        """Layer and head with the largest prefix matching."""
        return _largest(self.scores)

    @property
    def looks_before(self) -> tuple[int, int]:
        """Layer and head with the largest weight on the token before."""
        return _largest(self.before)

    @property
    def second(self) -> int:
        """Where the second round begins."""
        return self.first + self.period

    @property
    def first_loss(self) -> float:
        """Mean −ln p of the first round's tokens but its first, in nats."""
        return float(self.losses[self.first : self.second - 1].mean(dtype=np.float64))

    @property
    def second_loss(self) -> float:
        """The same of the second round: these tokens can be known."""
        return float(self.losses[self.second : len(self.ids) - 1].mean(dtype=np.float64))

    @property
    def stripe(self) -> list[tuple[int, int]]:
        """(query, key) of the second round: where a head that copies looks."""
        return [(t, t - self.period + 1) for t in range(self.second, self.second + self.period)]

    def target(self, query: int) -> int | None:
        """The place after the previous occurrence of a query's token; None in the first round."""
        return query - self.period + 1 if query >= self.second else None


def _largest(scores: tuple[Floats, ...]) -> tuple[int, int]:
    layer = int(np.argmax([one.max() for one in scores]))
    return layer, int(scores[layer].argmax())


def repeated(loaded: LoadedModel, part: tuple[int, ...]) -> Repeated:
    """The part, twice. Raises errors.NoHead, TextTooLong, BrokenNumbers; ValueError: too short."""
    check(loaded)
    start = front(loaded)
    ids = (*start, *part, *part)
    if len(part) < SHORTEST:
        raise ValueError(f"{len(part)} tokens, at least {SHORTEST}")
    if len(ids) > loaded.limit:
        raise TextTooLong(f"{len(ids)} tokens", length=len(ids), limit=loaded.limit)
    trace = traced(loaded, ids)
    weights = [block.weights for block in trace.blocks]
    answer = forward(loaded, {"input_ids": batch(ids)}, use_cache=False)
    logits = finite(loaded, as_numpy(answer.logits[0])).astype(np.float64)
    top = logits.max(axis=1, keepdims=True)
    totals = top[:, 0] + np.log(np.exp(logits - top).sum(axis=1))
    following = np.array(ids[1:])
    return Repeated(
        ids=ids,
        first=len(start),
        period=len(part),
        trace=trace,
        scores=tuple(prefix_matching(w, len(part), len(start)) for w in weights),
        before=tuple(w.diagonal(-1, 1, 2).mean(axis=1, dtype=np.float64) for w in weights),
        losses=totals[:-1] - logits[np.arange(len(following)), following],
        guesses=tuple(logits.argmax(axis=1).tolist()),
    )


def longest(loaded: LoadedModel) -> int:
    """Tokens of the longest part that the model can read twice."""
    return (loaded.limit - len(front(loaded))) // 2


def drawn(loaded: LoadedModel, length: int, seed: int) -> tuple[int, ...]:
    """So many different tokens in random order, word beginnings where there are any. ValueError."""
    choices = _choices(loaded)
    if length > len(choices):
        raise ValueError(f"{length} of {len(choices)} tokens")
    found = np.random.default_rng(seed).choice(choices, length, replace=False)
    return tuple(found.tolist())


@once_a_model
def _choices(loaded: LoadedModel) -> tuple[int, ...]:
    rare = unmet(loaded)
    with loaded.lock:
        names = loaded.tokenizer.convert_ids_to_tokens(list(range(len(loaded.tokenizer))))
        special = set(loaded.tokenizer.all_special_ids)
    known = [i for i, n in enumerate(names) if n is not None and i not in special and n not in rare]
    words = [i for i in known if names[i][:1] in _STARTS and names[i][1:].isalpha()]
    return tuple(words or known)


def part_of(loaded: LoadedModel, text: str) -> tuple[int, ...]:
    """A typed part's tokens, without what the tokenizer adds. Raises as LoadedModel.encode."""
    encoded = loaded.encode(text)
    pairs = zip(encoded.ids, encoded.special, strict=True)
    return tuple(i for i, special in pairs if not special)


def front(loaded: LoadedModel) -> tuple[int, ...]:
    """What the tokenizer puts before a text."""
    encoded = loaded.encode("a")
    return encoded.ids[: encoded.special.index(False)]


@lru_cache(maxsize=8)
def shipped(model_id: str) -> tuple[tuple[float, ...], ...] | None:
    """[layer][head] prefix matching as measured after the training; None: not. DamagedWeights."""
    return read(model_id, "metrics.json", _prefix_matching)


def _prefix_matching(metrics: Mapping[str, Any]) -> tuple[tuple[float, ...], ...] | None:
    found = metrics["detail"].get("prefix_matching")
    return None if found is None else tuple(map(tuple, found))


def prefix_matching(weights: Floats, period: int, first: int = 0) -> Floats:
    """(head, query, key) → (head,): mean weight on the token after the previous occurrence.

    Of a text that holds the same `period` tokens twice, from place `first` on: every query t of
    the second round, key t − period + 1 (Olsson et al. 2022). ValueError: the rounds do not fit.
    """
    second = first + period
    if period < 1 or first < 0 or second + period > weights.shape[1]:
        raise ValueError(f"2 × {period} tokens from {first} on are not in {weights.shape[1]}")
    t = np.arange(second, second + period)
    return read_only(weights[:, t, t - period + 1].mean(axis=1, dtype=np.float64))
