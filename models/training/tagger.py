"""Two taggers of equal size, stacked LSTMs: one reads from both ends, one from left to right.

A word's tag is its number, where it has one, and whether it stands in a relative clause.
Bidirectional recurrent networks: Schuster & Paliwal (1997); as taggers: Graves & Schmidhuber
(2005), Huang et al. (2015). ``python -m models.training.tagger [tagger | tagger-forward]`` trains.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from models.architectures.recurrent_lm import RecurrentConfig, RecurrentLM
from models.grammar.agreement import FARTHEST, Part
from models.training import mixture, symbols
from models.training.clause_tags import TAGS, tags
from models.training.mixture import Language, Line
from models.training.plan import About, Figure, Measured, Plan, Recipe
from models.training.untrained import untrained

LANGUAGES: tuple[Language, ...] = ("en", "tr")
POOL, BATCH, STEPS, RATE = 6_000, 32, 1500, 5e-3  # lines of each language, lines a step
# Shares of words that are read as <unk>: any one, and the subject. What an unknown subject's
# number is, only the verb says.
FORGOTTEN, UNKNOWN_SUBJECT = 0.02, 0.15
SENTENCES = 150  # of each language and distance that are measured
UNKNOWN = 0

# ids (line, word), tags (line, word), the subjects' places (line,): lines of one length.
Rows = tuple[Tensor, Tensor, Tensor]


def rows(lines: Iterable[Line]) -> list[Rows]:
    """The lines, those of one length together: no end of a line is filled up.

    A network that reads from the end would read what fills it up first.
    """
    ids, by_length = mixture.numbers(), defaultdict(list)
    for line in lines:
        by_length[len(line.words)].append(line)
    return [
        (
            torch.tensor([[ids[word] for word in line.words] for line in some]),
            torch.tensor([tags(line) for line in some]),
            torch.tensor([line.agreement.subject for line in some if line.agreement]),
        )
        for _, some in sorted(by_length.items())
    ]


@cache
def pool() -> list[Rows]:
    """The lines that batches are drawn from, of the part for training."""
    return rows(
        line
        for at, language in enumerate(LANGUAGES)
        for line in islice(mixture.sentences(at, language, "train"), POOL)
    )


def loss(model: nn.Module, draws: torch.Generator) -> Tensor:
    """Of every word's tag. A batch's lines have one length, drawn as often as there are such."""
    groups = pool()
    counts = torch.tensor([float(len(ids)) for ids, _, _ in groups])
    ids, wanted, subjects = groups[int(torch.multinomial(counts, 1, generator=draws))]
    at = torch.randint(len(ids), (BATCH,), generator=draws)
    read = forgetful(ids[at], subjects[at], draws)
    return cross_entropy(model(input_ids=read).logits.flatten(0, 1), wanted[at].flatten())


def forgetful(ids: Tensor, subjects: Tensor, draws: torch.Generator) -> Tensor:
    """(line, word): the same, some words read as <unk>, subjects more often."""
    share = torch.full(ids.shape, FORGOTTEN)
    share[torch.arange(len(ids)), subjects] = UNKNOWN_SUBJECT
    return ids.masked_fill(torch.rand(ids.shape, generator=draws) < share, UNKNOWN)


def both() -> nn.Module:
    """An untrained LSTM of two layers, 24 units a direction."""
    return _build(24, bidirectional=True)


def forward() -> nn.Module:
    """An untrained LSTM of two layers, 40 units: as many parameters."""
    return _build(40, bidirectional=False)


def _build(units: int, *, bidirectional: bool) -> nn.Module:
    config = RecurrentConfig(
        vocab_size=len(mixture.numbers()),
        cell="lstm",
        embedding_size=32,
        hidden_size=units,
        num_hidden_layers=2,
        bidirectional=bidirectional,
        dropout=0.1,
        tags=list(TAGS),
    )
    model: nn.Module = RecurrentLM(config)
    return model


def save(models: Sequence[nn.Module], folder: Path) -> None:
    """A Hugging Face folder."""
    models[0].save_pretrained(folder)  # type: ignore[operator]
    symbols.of_words(mixture.vocabulary()).save_pretrained(folder)


def sample(seed: int, part: Part) -> dict[Language, list[Rows]]:
    """Held-out lines of each language, as many of each distance; the same for the same seed."""
    return {
        language: rows(
            line
            for between in range(FARTHEST + 1)
            for line in islice(mixture.sentences(seed, language, part, between), SENTENCES)
        )
        for language in LANGUAGES
    }


Guess = Callable[[Tensor], Tensor]  # ids (line, word) → tags (line, word)


def figures(guess: Guess, drawn: dict[Language, list[Rows]]) -> dict[str, float]:
    """Accuracies over words: all, and those whose tag hangs on what comes after them."""
    found: dict[str, list[Tensor]] = defaultdict(list)
    the = mixture.numbers()["the"]
    for language, groups in drawn.items():
        for ids, wanted, subjects in groups:
            right = guess(ids) == wanted
            found[f"tags_{language}"].append(right.flatten())
            if language == "en":
                found["tags_the"].append(right[ids == the])
            else:
                clause = _clause(guess(ids)) == _clause(wanted)
                found["clause_tr"].append(clause[torch.isin(ids, _of_either_clause())])
            line = torch.arange(len(ids))
            hidden = ids.clone()
            hidden[line, subjects] = UNKNOWN
            told = guess(hidden)[line, subjects]
            found[f"unknown_subject_{language}"].append(told == wanted[line, subjects])
    return {name: float(torch.cat(found[name]).double().mean()) for name in _MEANINGS}


def _clause(told: Tensor) -> Tensor:
    """Tags → whether each stands for a word in a relative clause: the second half of TAGS."""
    return told >= len(TAGS) // 2


@cache
def _of_either_clause() -> Tensor:
    """(word,): ids of words that stand now in a relative clause, now outside, in training."""
    groups = [(ids.flatten(), _clause(wanted).flatten()) for ids, wanted, _ in pool()]
    ids, inside = (torch.cat(parts) for parts in zip(*groups, strict=True))
    both_clauses = set(ids[inside].tolist()) & set(ids[~inside].tolist())
    return torch.tensor(sorted(both_clauses))


def of_model(model: Any) -> Guess:
    """The tag that the model finds most probable."""

    @torch.inference_mode()
    def guess(ids: Tensor) -> Tensor:
        told: Tensor = model(input_ids=ids).logits.argmax(-1)
        return told

    return guess


def most_frequent() -> Guess:
    """Each word's most frequent tag of the training lines; of an unknown word the subject's."""
    counts: dict[int, Counter[int]] = defaultdict(Counter)
    for ids, wanted, subjects in pool():
        for word, tag in zip(ids.flatten().tolist(), wanted.flatten().tolist(), strict=True):
            counts[word][tag] += 1
        counts[UNKNOWN].update(wanted[torch.arange(len(ids)), subjects].tolist())
    table = torch.zeros(len(mixture.numbers()), dtype=torch.long)
    for word, seen in counts.items():
        table[word] = seen.most_common(1)[0][0]
    return lambda ids: table[ids]


def measure(build: Callable[[], nn.Module], folder: Path, seed: int) -> Measured:
    """All figures of what lies in the folder, on held-out lines drawn by seed."""
    with torch.random.fork_rng(devices=[]):
        model = build().eval()
    model.load_state_dict(load_file(folder / "model.safetensors"))
    drawn = sample(seed, "test")
    baselines = {
        "most_frequent_tag": figures(most_frequent(), drawn),
        "untrained": figures(of_model(untrained(build, seed)), drawn),
    }
    return Measured(figures(of_model(model), drawn), baselines, {"sentences": SENTENCES})


_MEANINGS = {
    "tags_en": "share of words with the right tag, English",
    "tags_tr": "share of words with the right tag, Turkish",
    "tags_the": "the same over *the* alone: its number is that of a noun that comes later",
    "clause_tr": "share of Turkish words of either clause of which it is said rightly whether "
    "they stand in a relative clause: its verb comes after them",
    "unknown_subject_en": "share of right tags of an English subject that is read as `<unk>`: "
    "only the verb says its number",
    "unknown_subject_tr": "share of right tags of a Turkish subject that is read as `<unk>`",
}
# What reading from both ends has to reach.
_LEAST = dict.fromkeys(_MEANINGS, 0.95)
# Who cannot know guesses: three standard errors between two samples' shares near a half.
_GUESSED = 3 * (2 * 0.25 / SENTENCES) ** 0.5


def _plan(model_id: str, what: str, build: Callable[[], nn.Module], *, bounded: bool) -> Plan:
    return Plan(
        id=model_id,
        recipe=Recipe(steps=STEPS, batch=BATCH, learning_rate=RATE, weight_decay=0.01),
        about=About(
            what=f"{what} It tags every word of an English or Turkish sentence: singular, plural "
            "or neither, and whether it stands in a relative clause. `tagger` and "
            "`tagger-forward` have the same number of parameters to within 5 %, and the same "
            "data, number of steps and learning rate.",
            data="Sentences of `models/grammar/agreement.py`, each read by itself, and their "
            "tags, of which the grammar knows all (`clause_tags.py`). *The* has its noun's "
            f"number, a verb in the present its subject's. {FORGOTTEN:.0%} of the words are read "
            f"as `<unk>`, of subjects {UNKNOWN_SUBJECT:.0%}. Test lines share no beginning up to "
            "the verb with training, except Turkish ones with no noun between, of which there "
            "are only 96.",
            results="*Most frequent tag*: each word's own in the training lines. What stands "
            "after a word decides the number of *the* and of an unknown subject, and in Turkish, "
            "where the relative clause comes before its noun, whether a word belongs to one.",
            limits="Made-up sentences of a few hundred words and a handful of patterns: nothing "
            "here is evidence about English or Turkish as people write them. One training run "
            "(one seed), no search for the best setting of either.",
        ),
        figures={
            name: Figure(meaning, 0.05 if bounded else _GUESSED, _LEAST[name] if bounded else None)
            for name, meaning in _MEANINGS.items()
        },
        build=build,
        loss=loss,
        save=save,
        measure=partial(measure, build),
    )


PLANS = {
    "tagger": _plan(
        "tagger", "An LSTM of two layers, each with 24 units a direction.", both, bounded=True
    ),
    "tagger-forward": _plan(
        "tagger-forward",
        "An LSTM of two layers of 40 units that reads from left to right.",
        forward,
        bounded=False,
    ),
}

if __name__ == "__main__":
    from models.training.__main__ import main

    main(default=tuple(PLANS))
