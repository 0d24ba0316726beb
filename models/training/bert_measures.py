"""How well a BERT fills masks, tells what follows, and tells the senses of a word apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import normalize
from transformers import PreTrainedTokenizerFast

from models.grammar import grammar
from models.training import homonyms, nextsentence
from models.training.bert_input import MASK, SPECIAL, Rows
from models.training.homonyms import Sense
from models.training.nextsentence import Following
from models.training.plan import Figure

LANGUAGES: tuple[grammar.Language, ...] = ("tr", "en")
SENTENCES, PAIRS, HOMONYMS = 200, 300, 250  # held-out ones; the first two of each language
MASKED = 0.15

FIGURES = {
    "masked_tr": Figure(
        "share of masked Turkish pieces that the likeliest guess names", 0.08, at_least=0.4
    ),
    "masked_en": Figure("the same in English", 0.08, at_least=0.4),
    "next_sentence": Figure(
        "share of pairs about entities never seen that are judged right", 0.03, at_least=0.95
    ),
    "next_sentence_tr": Figure("of the Turkish ones", 0.04),
    "next_sentence_en": Figure("of the English ones", 0.04),
    "next_sentence_next": Figure("of true pairs", 0.05),
    "next_sentence_near": Figure("of false pairs that share the noun or the adjective", 0.08),
    "next_sentence_far": Figure("of false pairs that share neither", 0.04),
    "yuz_neighbour": Figure(
        "share of *yüz* whose nearest vector from another sentence pattern has its sense", 0.06
    ),
}


def forward(model: Any, read: Rows, ids: Tensor | None = None) -> Any:
    """Both heads' logits and every layer's vectors. ids: read instead of the row's own."""
    return model(
        read.ids if ids is None else ids,
        attention_mask=read.real().long(),
        token_type_ids=read.segments,
        output_hidden_states=True,
    )


# Masked words


@lru_cache(maxsize=4)
def sentences(seed: int) -> dict[grammar.Language, tuple[str, ...]]:
    """The same sentences of the grammar's test part in both languages."""
    pairs = list(islice(grammar.generate(seed, "test"), SENTENCES))
    return {"tr": tuple(p.source for p in pairs), "en": tuple(p.target for p in pairs)}


def asked(ids: Tensor, draws: torch.Generator) -> Tensor:
    """(row, n) bool: 15 % of the pieces, and one at least in every row."""
    chance = torch.rand(ids.shape, generator=draws).masked_fill(ids < len(SPECIAL), 2.0)
    return (chance < MASKED) | (chance == chance.min(dim=1, keepdim=True).values)


@torch.inference_mode()
def filled(model: Any, read: Rows, places: Tensor) -> float:
    """Share of those places, all masked, where the likeliest piece is the one that stood there."""
    guess = forward(model, read, read.ids.masked_fill(places, MASK)).prediction_logits.argmax(-1)
    return float((guess == read.ids)[places].float().mean())


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The most frequent piece between two others; behind the left one; of all."""

    between: dict[tuple[int, int], int]
    behind: dict[int, int]
    of_all: int

    def guess(self, left: int, right: int) -> int:
        """What the training text has there most often, as far as it has these neighbours."""
        return self.between.get((left, right), self.behind.get(left, self.of_all))


def neighbours(rows: Sequence[Sequence[int]]) -> Neighbours:
    """Counted in rows of pieces that begin and end with a special token."""
    between: dict[tuple[int, int], Counter[int]] = {}
    behind: dict[int, Counter[int]] = {}
    everything: Counter[int] = Counter()
    for row in rows:
        everything.update(row[1:-1])
        for left, piece, right in zip(row, row[1:], row[2:], strict=False):
            between.setdefault((left, right), Counter())[piece] += 1
            behind.setdefault(left, Counter())[piece] += 1

    def top(counts: Counter[int]) -> int:
        return counts.most_common(1)[0][0]

    return Neighbours(
        {key: top(counts) for key, counts in between.items()},
        {key: top(counts) for key, counts in behind.items()},
        top(everything),
    )


def filled_by(counted: Neighbours, ids: Tensor, places: Tensor) -> float:
    """As `filled`, by the neighbours alone (which may be masked themselves)."""
    shown = ids.masked_fill(places, MASK).tolist()
    found = [
        counted.guess(shown[r][i - 1], shown[r][i + 1]) == int(ids[r, i])
        for r, i in places.nonzero().tolist()
    ]
    return sum(found) / len(found)


# Next sentence


@lru_cache(maxsize=4)
def pairs(seed: int) -> dict[grammar.Language, tuple[Following, ...]]:
    """Pairs about entities that training never names."""
    return {
        side: tuple(islice(nextsentence.generate(seed, side, "test"), PAIRS)) for side in LANGUAGES
    }


@torch.inference_mode()
def right(model: Any, read: Rows, those: Sequence[Following]) -> Tensor:
    """(pair,) bool: the model's judgement (over ½ or not) is the right one."""
    follows: Tensor = forward(model, read).seq_relationship_logits.argmax(-1) == 0
    return follows.eq(torch.tensor([pair.is_next for pair in those]))


def judged(
    those: dict[grammar.Language, tuple[Following, ...]], rights: dict[grammar.Language, Tensor]
) -> dict[str, float]:
    """Share of right judgements: of all pairs, by language, and by how the two belong together."""
    every = torch.cat([rights[side] for side in LANGUAGES]).float()
    found = {"next_sentence": float(every.mean())}
    found |= {f"next_sentence_{side}": float(rights[side].float().mean()) for side in LANGUAGES}
    relations = [pair.relation for side in LANGUAGES for pair in those[side]]
    for name in ("next", "near", "far"):
        at = torch.tensor([relation == name for relation in relations])
        found[f"next_sentence_{name}"] = float(every[at].mean())
    return found


# Senses of yüz


@dataclass(frozen=True, slots=True)
class HomonymPlaces:
    """Where yüz stands: row, place in the row, its sense, and the template that it is from."""

    places: tuple[tuple[int, int], ...]
    senses: tuple[Sense, ...]
    templates: tuple[int, ...]


@lru_cache(maxsize=4)
def senses(seed: int) -> tuple[homonyms.Sentence, ...]:
    """Different sentences of the test part."""
    found: dict[str, homonyms.Sentence] = {}
    for sentence in homonyms.generate(seed, "test"):
        found.setdefault(sentence.text, sentence)
        if len(found) == HOMONYMS:
            break
    return tuple(found.values())


def occurrences(
    words: PreTrainedTokenizerFast, ids: Tensor, those: Sequence[homonyms.Sentence]
) -> HomonymPlaces:
    """Every yüz or Yüz; a sentence's are in the order of its senses."""
    wanted = set(words.convert_tokens_to_ids(["▁yüz", "▁Yüz"]))
    places: list[tuple[int, int]] = []
    named: list[Sense] = []
    origins: list[int] = []
    for r, sentence in enumerate(those):
        at = [i for i, piece in enumerate(ids[r].tolist()) if piece in wanted]
        for i, sense in zip(at, sentence.senses, strict=True):
            places.append((r, i))
            named.append(sense)
            origins.append(sentence.template)
    return HomonymPlaces(tuple(places), tuple(named), tuple(origins))


@torch.inference_mode()
def same_sense(model: Any, read: Rows, where: HomonymPlaces) -> list[float]:
    """Of each layer's vectors, the input's first: how often the nearest one has the same sense.

    Nearest by cosine, among the occurrences from other templates: in the same template words
    repeat, and it would be no feat.
    """
    r, i = torch.tensor(where.places).T
    origin = torch.tensor(where.templates)
    number = {sense: n for n, sense in enumerate(dict.fromkeys(where.senses))}
    sense = torch.tensor([number[s] for s in where.senses])
    found = []
    for vectors in forward(model, read).hidden_states:
        unit = normalize(vectors[r, i], dim=-1)
        cosine = (unit @ unit.T).masked_fill(origin[:, None] == origin[None], -2.0)
        found.append(float((sense[cosine.argmax(1)] == sense).float().mean()))
    return found
