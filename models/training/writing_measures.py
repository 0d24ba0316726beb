"""How well a model writes the grammar's sentences: how surprised, and how often grammatical.

A model here is anything that is called as a GPT-2 is: the trained one, an untrained one, and
tables of piece frequencies as baselines.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, pad
from transformers import PreTrainedTokenizerFast, TopPLogitsWarper

from models.grammar import grammar
from models.grammar.grammar import Language, Pair
from models.grammar.writing_out import MARKS, split_words

LANGUAGES: tuple[Language, ...] = ("tr", "en")
SENTENCES = 200  # held-out ones of each language that are measured
LONG = 8  # words of a sample that counts as long
_LONGEST = 40  # pieces of a free sample: the grammar's longest sentence has about 25
_COUNTED = 3000  # pairs that tell how often a held-out combination occurs


class Table(nn.Module):
    """Next-piece probabilities that depend on the last piece alone. log_p: (last, next)."""

    def __init__(self, log_p: Tensor) -> None:
        super().__init__()
        self.log_p = log_p

    def forward(self, input_ids: Tensor, **_: Any) -> SimpleNamespace:
        """(row, n) → logits (row, n, piece)."""
        return SimpleNamespace(logits=self.log_p[input_ids], past_key_values=None)


def unigram(text: Tensor, vocabulary: int) -> Table:
    """Each piece as often as it stands in the text, whatever comes before. text: (row, n)."""
    counts = torch.bincount(text.flatten(), minlength=vocabulary) + 1.0
    return Table((counts / counts.sum()).log().expand(vocabulary, vocabulary))


def bigram(text: Tensor, vocabulary: int) -> Table:
    """Each piece as often as it follows the last one in the text; all pairs once more for free.

    The free ones are shared out by the unigram frequencies (Dirichlet prior of weight one).
    """
    places = text[:, :-1].flatten() * vocabulary + text[:, 1:].flatten()
    counts = torch.bincount(places, minlength=vocabulary**2).view(vocabulary, vocabulary)
    smooth = counts + unigram(text, vocabulary).log_p[:1].exp()
    return Table((smooth / smooth.sum(1, keepdim=True)).log())


@dataclass(frozen=True, slots=True)
class HeldOutSentences:
    """Test sentences of one language: their pieces, the start first, and the grammar's −log p."""

    ids: tuple[tuple[int, ...], ...]
    own: tuple[float, ...]

    @property
    def pieces(self) -> int:
        """That are predicted: all but the start."""
        return sum(len(ids) - 1 for ids in self.ids)


@lru_cache(maxsize=4)
def _test_pairs(seed: int) -> tuple[Pair, ...]:
    return tuple(islice(grammar.generate(seed, "test"), SENTENCES))


@lru_cache(maxsize=4)
def parts(seed: int) -> dict[str, float]:
    """How often the grammar's own sentences fall into each part."""
    drawn = Counter(pair.split for pair in islice(grammar.generate(seed), _COUNTED))
    return {name: drawn[name] / _COUNTED for name in grammar.SPLITS}


def held_out(seed: int, words: PreTrainedTokenizerFast) -> dict[Language, HeldOutSentences]:
    """Sentences of the test part, in both languages.

    own: in nats, by the grammar without the combinations that are kept out of training (a
    model can't know that they exist), and with the choice of one of two languages, ln 2.
    """
    known = math.log(1 - parts(seed)["unseen"])
    found: dict[Language, HeldOutSentences] = {}
    for side in LANGUAGES:
        sentences = [p.source if side == "tr" else p.target for p in _test_pairs(seed)]
        own = [known + math.log(2) - grammar.log_probability(s, side) for s in sentences]
        found[side] = HeldOutSentences(tuple(map(tuple, words(sentences)["input_ids"])), tuple(own))
    return found


@torch.inference_mode()
def surprise(model: Any, ids: Sequence[Sequence[int]]) -> Tensor:
    """−log p of each sentence given its start, in nats: (sentence,)."""
    longest = max(map(len, ids))
    rows = torch.stack([pad(torch.tensor(row), (0, longest - len(row)), value=-1) for row in ids])
    logits = model(input_ids=rows.clamp(min=0)).logits[:, :-1]
    losses = cross_entropy(logits.transpose(1, 2), rows[:, 1:], ignore_index=-1, reduction="none")
    return losses.sum(1)


def surprises(model: Any | None, sample: dict[Language, HeldOutSentences]) -> dict[str, float]:
    """A model's figures on held-out sentences; None: the grammar's own."""
    found = {}
    for side, those in sample.items():
        own = sum(those.own)
        total = own if model is None else float(surprise(model, those.ids).double().sum())
        found[f"nats_{side}"] = total / len(those.ids)
        found[f"perplexity_{side}"] = math.exp(total / those.pieces)
        found[f"excess_{side}"] = (total - own) / len(those.ids)
    return found


@torch.inference_mode()
def free(
    model: Any,
    words: PreTrainedTokenizerFast,
    rows: int,
    draws: torch.Generator,
    *,
    top_p: float = 1.0,
) -> list[str]:
    """Sentences that the model writes by itself at temperature 1, up to their mark.

    top_p: only the likeliest pieces that together have this probability are drawn from
    (nucleus sampling, Holtzman et al. 2020); 1: all are. A sentence that has not ended after
    _LONGEST pieces, or that ends in no mark, is returned as it is.
    """
    start = words.bos_token_id
    ends = torch.tensor([start, *words.convert_tokens_to_ids(list(MARKS))])
    ids, cache = torch.full((rows, 1), start), None
    kept = TopPLogitsWarper(top_p) if top_p < 1 else lambda _, logits: logits
    ended = torch.zeros(rows, dtype=torch.bool)
    while not ended.all() and ids.shape[1] <= _LONGEST:
        out = model(input_ids=ids[:, -1:], past_key_values=cache, use_cache=True)
        cache = out.past_key_values
        logits = kept(ids, out.logits[:, -1])
        drawn = torch.multinomial(logits.softmax(-1), 1, generator=draws)
        drawn[ended] = start
        ids = torch.cat((ids, drawn), dim=1)
        ended |= torch.isin(drawn[:, 0], ends)
    return list(words.batch_decode(ids, skip_special_tokens=True))


def language_of(sentence: str) -> Language | None:
    """Whose words it has more of, the first one aside (a name, say); None: as many of each."""
    rest = split_words(sentence)[1:]
    turkish, english = (sum(word in _vocabulary(side) for word in rest) for side in LANGUAGES)
    return None if turkish == english else "tr" if turkish > english else "en"


@lru_cache(maxsize=2)
def _vocabulary(side: Language) -> frozenset[str]:
    return frozenset(grammar.chart(side).vocabulary()) - set(MARKS)


@dataclass(frozen=True, slots=True)
class WrittenSample:
    """One free sentence. parse: how the grammar makes it, None where it cannot."""

    text: str
    language: Language | None
    parse: Pair | None

    @property
    def length(self) -> int:
        """In words."""
        return sum(word not in MARKS for word in split_words(self.text))


def parsed(text: str) -> WrittenSample:
    """A free sentence, judged by the grammar's own parser."""
    side = language_of(text)
    found = grammar.derivations(text, side) if side else []
    return WrittenSample(text, side, found[0] if found else None)


def grammatical(samples: Sequence[WrittenSample]) -> dict[str, float]:
    """Share of grammatical ones, all and long; of neither language counts against both."""
    found = {}
    for side in LANGUAGES:
        those = [s for s in samples if s.language in (side, None)]
        found[f"grammatical_{side}"] = _share(those)
        found[f"grammatical_long_{side}"] = _share([s for s in those if s.length >= LONG])
    return found | {"kept_out": _kept_out(samples)}


def _share(samples: Sequence[WrittenSample]) -> float:
    return sum(s.parse is not None for s in samples) / max(1, len(samples))


def _kept_out(samples: Sequence[WrittenSample]) -> float:
    """Share of grammatical samples that no training sentence can be."""
    splits = [s.parse.split for s in samples if s.parse is not None]
    return sum(split != "train" for split in splits) / max(1, len(splits))


def summary(samples: Sequence[WrittenSample]) -> dict[str, Any]:
    """By language and number of words: how many samples, how many of them grammatical."""
    table: dict[str, Any] = {}
    for side in LANGUAGES:
        rows: dict[int, list[int]] = {}
        for sample in (s for s in samples if s.language == side):
            row = rows.setdefault(sample.length, [0, 0])
            row[0] += 1
            row[1] += sample.parse is not None
        wrong = [s.text for s in samples if s.language == side and s.parse is None]
        right = [s.text for s in samples if s.language == side and s.parse is not None]
        table[side] = {
            "by_words": {str(n): rows[n] for n in sorted(rows)},
            "first_grammatical": right[:5],
            "first_wrong": wrong[:10],
        }
    return table | {"of_neither_language": sum(s.language is None for s in samples)}
