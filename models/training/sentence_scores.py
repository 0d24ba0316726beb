"""How well `lstm` and `rnn` go on with held-out lines: agreement, brackets, perplexity."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import torch
from torch import Tensor

from models.grammar.agreement import FARTHEST, Part
from models.training import brackets, mixture, tracking
from models.training.mixture import END, LANGUAGES, Language, Line
from models.training.padding import padded
from models.training.symbols import small

SPOKEN: tuple[Language, ...] = ("en", "tr")
SENTENCES, WORDS = 150, 80  # of each language and distance; bracket words
HARD = 60  # English sentences of each distance whose nouns between are all of the other number
CONTEXT = 3  # lines read before, where a line is not read alone


@dataclass(frozen=True, slots=True)
class Sample:
    """Held-out lines of each language. ids: language → (line, word), filled up with 0.

    hard: English lines with 1 to 3 nouns between, all of the other number.
    Of the bracket words, over all words but a line's first, one after another: may
    (word, vocabulary), 1 where it may stand there; true: log-probability of the one that does,
    in the language that wrote it.
    """

    lines: Mapping[Language, Sequence[Line]]
    ids: Mapping[Language, Tensor]
    hard: Sequence[Line]
    may: Tensor
    true: Tensor

    def all(self) -> list[Line]:
        """The lines of all languages."""
        return [line for language in LANGUAGES for line in self.lines[language]]

    def batches(self) -> list[tracking.Batch]:
        """Each language's lines with their ids."""
        return [(self.lines[language], self.ids[language]) for language in LANGUAGES]


def sample(seed: int, part: Part) -> Sample:
    """The same lines for the same seed: as many of each distance."""
    lines: dict[Language, list[Line]] = {
        language: [
            line
            for between in range(FARTHEST + 1)
            for line in islice(mixture.sentences(seed, language, part, between), SENTENCES)
        ]
        for language in SPOKEN
    }
    lines["brackets"] = list(islice(mixture.lines(seed, "brackets", part), WORDS))
    ids = {language: encoded(some) for language, some in lines.items()}
    return Sample(lines, ids, _hard(seed, part), *_continuations(lines["brackets"]))


def _hard(seed: int, part: Part) -> list[Line]:
    """HARD lines of each distance."""
    return [
        line
        for between in range(1, FARTHEST + 1)
        for line in islice(
            filter(_misleads, mixture.sentences(seed, "en", part, between)),
            HARD,
        )
    ]


def _misleads(line: Line) -> bool:
    """All nouns between subject and verb are of the other number."""
    said = line.agreement
    return said is not None and bool(said.numbers) and said.number not in said.numbers


def _continuations(lines: Sequence[Line]) -> tuple[Tensor, Tensor]:
    """(may, true) of Sample."""
    ids, may, true = mixture.numbers(), [], []
    for line in lines:
        for at in range(1, len(line.words)):
            following = brackets.next_probabilities(line.words[:at])
            row = torch.zeros(len(ids))
            row[[ids[word or END] for word in following]] = 1
            may.append(row)
            after = "" if line.words[at] == END else line.words[at]
            true.append(math.log(following[after]))
    return torch.stack(may), torch.tensor(true)


def encoded(lines: Sequence[Line]) -> Tensor:
    """(line, word): ids, the ends filled up with 0."""
    ids = mixture.numbers()
    return padded([[ids[word] for word in line.words] for line in lines])


@torch.inference_mode()
def log_probabilities(model: Any, ids: Tensor) -> Tensor:
    """(line, word) → (line, word, vocabulary): of the word after it, each line read by itself."""
    logits: Tensor = model(input_ids=ids).logits
    return logits.log_softmax(-1)


def figures(model: Any, drawn: Sample) -> dict[str, float]:
    """Everything but the units: agreement by distance, perplexities, brackets."""
    found: dict[str, float] = {}
    scores = {language: log_probabilities(model, drawn.ids[language]) for language in LANGUAGES}
    for language in SPOKEN:
        right = agreed(scores[language], drawn.lines[language])
        found |= by_distance(f"agreement_{language}", right, drawn.lines[language])
    found["agreement_en_hard"] = mean(agreed_when_hard(model, drawn))
    for language in LANGUAGES:
        log_p = followed(scores[language], drawn.ids[language])
        found[f"perplexity_{language}"] = math.exp(-mean(log_p))
    found["perplexity_brackets_true"] = math.exp(-mean(drawn.true))
    here = scores["brackets"][:, :-1][drawn.ids["brackets"][:, 1:] != 0]
    found["brackets_allowed"] = mean((here.exp() * drawn.may).sum(1))
    return found


def _written(lines: Sequence[Line]) -> list[Any]:
    return [line.agreement for line in lines]


def mean(values: Tensor) -> float:
    """In double precision."""
    return float(values.double().mean())


def agreed(log_p: Tensor, lines: Sequence[Line]) -> Tensor:
    """(line,) bool: before the verb, the right form is more probable than every wrong one."""
    ids, right = mixture.numbers(), []
    for row, said in zip(log_p, _written(lines), strict=True):
        here = row[said.verb - 1]
        wrong = [ids[small(form)] for form in said.wrong]
        right.append(bool(here[ids[small(said.right)]] > here[wrong].max()))
    return torch.tensor(right)


def by_distance(name: str, right: Tensor, lines: Sequence[Line]) -> dict[str, float]:
    """`name`_0 … `name`_3: share of right ones by number of nouns between, where there are any."""
    between = torch.tensor([said.between for said in _written(lines)])
    return {f"{name}_{n}": mean(right[between == n]) for n in sorted(set(between.tolist()))}


def agreed_when_hard(model: Any, drawn: Sample) -> Tensor:
    """agreed, of a sample's hard lines."""
    return agreed(log_probabilities(model, encoded(drawn.hard)), drawn.hard)


def followed(log_p: Tensor, ids: Tensor) -> Tensor:
    """Log-probabilities of all words that stand after another one in their line."""
    found = log_p[:, :-1].gather(2, ids[:, 1:, None])[..., 0]
    return found[ids[:, 1:] != 0]


def after_others(model: Any, drawn: Sample) -> dict[str, float]:
    """Agreement by distance where other lines were read before, their states carried over."""
    found: dict[str, float] = {}
    others = drawn.all()
    for language in SPOKEN:
        lines = drawn.lines[language]
        before = [
            [others[(7 * (i + 1) * (k + 1)) % len(others)] for k in range(CONTEXT)]
            for i in range(len(lines))
        ]
        heads = [sum((line.words for line in some), ()) for some in before]
        whole = [Line(language, head + line.words) for head, line in zip(heads, lines, strict=True)]
        log_p = log_probabilities(model, encoded(whole))
        own = [row[len(head) :] for row, head in zip(log_p, heads, strict=True)]
        right = agreed(torch.nn.utils.rnn.pad_sequence(own, batch_first=True), lines)
        found |= by_distance(f"agreement_{language}", right, lines)
    return found
