"""How well a translator translates and aligns, on sentences that training never saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import Tensor

from models.grammar.grammar import Pair, generate
from models.grammar.typed import bare
from models.training import ablation, alignment

LONGEST_WRITTEN = 32  # pieces; the longest translation that the grammar asks for has fewer
SENTENCES = 400  # validation, test and unseen sentences
MANY = 2500  # test sentences for accuracy by length, which only the evaluation measures
SWITCHED = 200  # test sentences that are translated once more in each other way
EACH_LENGTH = 60  # unseen sentences of each length
ALIGNS = 0.5  # a head that finds so many of the content words is one that aligns
_AT_ONCE = 100  # sentences translated together


@dataclass(frozen=True, slots=True)
class Held:
    """Sentences that training never saw: by their hash, and by their combinations."""

    validation: tuple[Pair, ...]
    test: tuple[Pair, ...]
    unseen: tuple[Pair, ...]


@cache
def held_out(seed: int, test: int = SENTENCES) -> Held:
    """Those of validation and test, and every unseen one that comes before them."""
    wanted = {"validation": SENTENCES, "test": test, "unseen": SENTENCES}
    parts: dict[str, list[Pair]] = {"validation": [], "test": [], "unseen": []}
    for pair in generate(seed):
        if pair.split in parts:
            parts[pair.split].append(pair)
        if all(len(parts[name]) >= number for name, number in wanted.items()):
            break
    kept = {name: tuple(parts[name][: wanted[name]]) for name in ("validation", "test")}
    return Held(kept["validation"], kept["test"], tuple(parts["unseen"]))


@torch.inference_mode()
def translated(model: Any, words: Any, texts: Sequence[str]) -> list[str]:
    """The model's own greedy translation of each, of LONGEST_WRITTEN pieces at most."""
    found: dict[int, str] = {}
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    for at in range(0, len(order), _AT_ONCE):
        some = order[at : at + _AT_ONCE]
        batch = words([texts[i] for i in some], padding=True, return_tensors="pt")
        ids = model.generate(**batch, max_new_tokens=LONGEST_WRITTEN)
        written = words.batch_decode(ids, skip_special_tokens=True)
        found |= dict(zip(some, written, strict=True))
    return [found[i] for i in range(len(texts))]


def exact(model: Any, words: Any, pairs: Sequence[Pair]) -> list[bool]:
    """Of each pair: the translation is the gold one, letter by letter."""
    found = translated(model, words, [pair.source for pair in pairs])
    return [text == pair.target for text, pair in zip(found, pairs, strict=True)]


def exact_as_typed(model: Any, words: Any, pairs: Sequence[Pair]) -> list[bool]:
    """The same when neither text has its mark and the Turkish, unless a name, no capital."""
    found = translated(model, words, [bare(pair)[0] for pair in pairs])
    return [text == bare(pair)[1] for text, pair in zip(found, pairs, strict=True)]


def share(right: Sequence[bool]) -> float:
    """Of what is right among all."""
    return sum(right) / len(right)


@dataclass(frozen=True, slots=True)
class Alignment:
    """How well cross-attention aligns: tables are [layer][head], or [layer] of the heads' mean.

    reading: by the row that reads a word instead of the one that predicts it.
    """

    share: Tensor
    reading: Tensor
    error: Tensor
    mean_error: Tensor

    def best_head(self) -> tuple[int, int]:
        """(layer, head) of the largest share."""
        layer, head = divmod(int(self.share.argmax()), self.share.shape[1])
        return layer, head

    def best_layer(self) -> int:
        """Of the smallest error rate of its heads' mean."""
        return int(self.mean_error.argmin())


def aligning(model: Any, words: Any, pairs: Sequence[Pair]) -> Alignment:
    """Of one model on some pairs."""
    weights = alignment.word_weights(model, words, pairs)
    return Alignment(
        alignment.aligned(weights, pairs),
        alignment.aligned(alignment.word_weights(model, words, pairs, after=1), pairs),
        alignment.error_rate(weights, pairs),
        alignment.error_rate([found.mean(1) for found in weights], pairs),
    )


def alignment_figures(
    model: Any, words: Any, held: Held
) -> tuple[dict[str, float], dict[str, Any]]:
    """Head and layer are chosen on the validation sentences, the figures are the test's."""
    chosen = aligning(model, words, held.validation)
    (layer, head), best = chosen.best_head(), chosen.best_layer()
    found = aligning(model, words, held.test)
    aligning_heads = (chosen.share >= ALIGNS).nonzero().tolist()
    figures = {
        "alignment": float(found.share[layer, head]),
        "alignment_reading_row": float(found.reading[layer, head]),
        "error_rate": float(found.mean_error[best]),
        "error_rate_of_head": float(found.error[layer, head]),
    }
    tables = {name: getattr(found, name).tolist() for name in Alignment.__slots__}
    told = {"best_head": [layer, head], "best_layer": best, "aligning_heads": aligning_heads}
    return figures, {**told, "alignment": tables}


def switched_off(
    model: Any, words: Any, pairs: Sequence[Pair], told: Mapping[str, Any]
) -> dict[str, float]:
    """Share of exact sentences without the best head, without another, without more of them."""
    layer, head = told["best_head"]
    heads = model.config.decoder_attention_heads
    others = [(layer, h) for h in range(heads) if h != head]

    def without(off: Iterable[tuple[int, int]]) -> float:
        with cross_off(model, off):
            return share(exact(model, words, pairs))

    return {
        "exact_without_head": without([(layer, head)]),
        "exact_without_another": sum(without([other]) for other in others) / len(others),
        "exact_without_such_heads": without(told["aligning_heads"]),
        "exact_without_layer": without([(layer, head), *others]),
    }


@contextmanager
def cross_off(model: Any, off: Iterable[tuple[int, int]]) -> Iterator[None]:
    """While inside, those (layer, head) pairs of cross-attention give zeros."""
    config, layers = model.config, model.get_decoder().layers
    heads: dict[int, list[int]] = {}
    for layer, head in off:
        heads.setdefault(layer, []).append(head)
    pairs = [(layers[layer].encoder_attn.out_proj, some) for layer, some in heads.items()]
    with ablation.all_off(pairs, config.d_model // config.decoder_attention_heads):
        yield


def lengths(model: Any, words: Any, seed: int) -> list[dict[str, Any]]:
    """`by_length` of MANY test sentences, and of unseen ones of each length."""
    held = held_out(seed, MANY)
    parts = held.test, of_each_length(held.unseen)
    test, unseen = (list(zip(p, exact(model, words, p), strict=True)) for p in parts)
    return by_length(test, unseen)


def by_length(
    test: Sequence[tuple[Pair, bool]], unseen: Sequence[tuple[Pair, bool]]
) -> list[dict[str, Any]]:
    """A row a number of Turkish words (the mark not counted): how many sentences, share exact."""
    found: list[dict[str, Any]] = []
    for words in sorted({length(pair) for pair, _ in (*test, *unseen)}):
        row: dict[str, Any] = {"words": words}
        for name, part in (("test", test), ("unseen", unseen)):
            right = [ok for pair, ok in part if length(pair) == words]
            row[name] = {"sentences": len(right), "exact": share(right) if right else None}
        found.append(row)
    return found


def length(pair: Pair) -> int:
    """Turkish words, the final mark not counted."""
    return len(pair.source_words) - 1


def of_each_length(pairs: Sequence[Pair]) -> list[Pair]:
    """The first SENTENCES, and after them EACH_LENGTH of each length, as far as there are."""
    seen: Counter[int] = Counter()
    kept = []
    for number, pair in enumerate(pairs):
        seen[length(pair)] += 1
        if number < SENTENCES or seen[length(pair)] <= EACH_LENGTH:
            kept.append(pair)
    return kept
