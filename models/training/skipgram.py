"""Word vectors of the grammar's English by skip-gram with negative sampling.

Mikolov et al. (2013), "Distributed Representations of Words and Phrases and their
Compositionality". ``python -m models.training.skipgram`` trains.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import torch
from safetensors.numpy import save_file
from safetensors.torch import load_file
from torch import Tensor, nn

from models.architectures.skipgram_model import SkipGramConfig, SkipGramModel
from models.core.arrays import as_numpy
from models.training import skipgram_pairs, symbols
from models.training.plan import About, Figure, Measured, Plan, Recipe
from models.training.skipgram_pairs import LEAST, SENTENCES, WINDOW, Corpus, corpus
from models.training.untrained import untrained
from models.words import analogies, vector_sets
from models.words.space import Score, VectorSpace

WIDTH, NEGATIVES, BATCH, STEPS = 32, 5, 1024, 8000
FRESH = 400  # held-out sentences on which the loss is measured
COUNTS = "counts.safetensors"
_PAIRS = 1  # seed of windows and thinning


@cache
def examples() -> tuple[Tensor, Tensor]:
    """(pair, 2) words and neighbours, (word,) probabilities of negatives; for training."""
    found = corpus()
    return torch.tensor(found.pairs(_PAIRS)), torch.tensor(found.negative, dtype=torch.float32)


def loss(model: nn.Module, draws: torch.Generator) -> Tensor:
    """Of BATCH pairs, each with NEGATIVES words drawn by frequency."""
    pairs, negative = examples()
    chosen = torch.randint(len(pairs), (BATCH,), generator=draws)
    return _loss(model, pairs[chosen], negative, draws)


def _loss(model: Any, pairs: Tensor, negative: Tensor, draws: torch.Generator) -> Tensor:
    shape = len(pairs), NEGATIVES
    drawn = torch.multinomial(negative, shape[0] * shape[1], True, generator=draws).view(shape)
    found: Tensor = model.loss(pairs[:, 0], pairs[:, 1], drawn)
    return found


def build() -> SkipGramModel:
    """An untrained model of the corpus's words."""
    return _sized(len(corpus().words))


def _sized(words: int) -> SkipGramModel:
    return SkipGramModel(SkipGramConfig(vocab_size=words, hidden_size=WIDTH))


def save(models: Sequence[nn.Module], folder: Path) -> None:
    """A Hugging Face folder; beside it the words' counts, and the vectors made by counting."""
    found = corpus()
    models[0].save_pretrained(folder)  # type: ignore[operator]
    symbols.as_written(found.words[1:]).save_pretrained(folder)
    pairs = found.pairs(_PAIRS)
    vectors = skipgram_pairs.counted_vectors(pairs, len(found.words), WIDTH)
    save_file({"vectors": vectors}, folder / vector_sets.COUNTED_FILE)
    save_file({"counts": found.counts.astype("float32")}, folder / COUNTS)


def measure(folder: Path, seed: int) -> Measured:
    """All analogies of the lexicon, and the loss on sentences drawn by seed."""
    from transformers import PreTrainedTokenizerFast

    weights = load_file(folder / "model.safetensors")
    model = _sized(len(weights["embedding.weight"])).eval()
    model.load_state_dict(weights)
    plain = untrained(lambda: _sized(len(weights["embedding.weight"])), seed=0)
    reader = PreTrainedTokenizerFast.from_pretrained(str(folder))
    words = tuple(reader.convert_ids_to_tokens(list(range(len(reader)))))
    counts = as_numpy(load_file(folder / COUNTS)["counts"]).astype("float64")
    fresh = skipgram_pairs.held_out(words, counts, "validation", seed, FRESH)
    spaces = {
        vector_sets.SKIPGRAM: vector_sets.of_table(
            "skipgram", words, as_numpy(model.embedding.weight)
        ),
        vector_sets.COUNTED: vector_sets.of_table("counted", words, vector_sets.counted(folder)),
        "untrained": vector_sets.of_table("untrained", words, as_numpy(plain.embedding.weight)),
    }
    scores = {name: analogies.by_relation(space) for name, space in spaces.items()}
    quality = _quality(scores[vector_sets.SKIPGRAM])
    return Measured(
        quality | {"loss_pair": _held_out(model, fresh, seed)},
        {
            "counted": _quality(scores[vector_sets.COUNTED]),
            "untrained": _quality(scores["untrained"])
            | {"loss_pair": _held_out(plain, fresh, seed)},
            "given_words_kept": _shares(scores[vector_sets.SKIPGRAM], "kept"),
            "nearest_to_c": _shares(scores[vector_sets.SKIPGRAM], "nearest_c"),
        },
        files={analogies.FILE: lambda: _written(scores)},
    )


def _quality(scores: Mapping[str, Score]) -> dict[str, float]:
    return _shares(scores, "right")


def _shares(scores: Mapping[str, Score], of: str) -> dict[str, float]:
    """Share of the questions: of all together, then relation by relation."""
    every = {"analogies": analogies.total(scores)}
    every |= {f"analogies_{name}": score for name, score in scores.items()}
    return {name: getattr(score, of) / score.asked for name, score in every.items()}


def _written(scores: Mapping[str, Mapping[str, Score]]) -> dict[str, Any]:
    """Those of here, and of the input tables that are installed; what no card holds itself."""
    others: list[VectorSpace] = [
        vector_sets.space(name)
        for name in vector_sets.present()
        if name not in (vector_sets.SKIPGRAM, vector_sets.COUNTED)
    ]
    every = {**scores, **{one.id: analogies.by_relation(one) for one in others}}
    return {name: {r: asdict(s) for r, s in each.items()} for name, each in every.items()}


@torch.inference_mode()
def _held_out(model: nn.Module, fresh: Corpus, seed: int) -> float:
    pairs = torch.tensor(fresh.pairs(_PAIRS))
    negative = torch.tensor(fresh.negative, dtype=torch.float32)
    return float(_loss(model, pairs, negative, torch.Generator().manual_seed(seed)))


_RELATIONS = {
    "plural": "cat : cats",
    "past": "eat : ate",
    "ing": "eat : eating",
    "genitive": "teacher : teacher's",
    "object": "they : them",
    "possessive": "they : their",
    "sex": "man : woman",
}

PLAN = Plan(
    id="skipgram",
    recipe=Recipe(steps=STEPS, batch=BATCH, learning_rate=1e-2, weight_decay=0.03),
    about=About(
        what=f"Word vectors of {WIDTH} numbers each, by skip-gram with {NEGATIVES} negative "
        "samples: E holds a row for each word, C another for each word as a neighbour of others; "
        "only E is looked at. A row's number is the word's rank by frequency. Beside it, "
        "`counted.safetensors`: vectors of the same words and width made from the same pairs by "
        "counting (PPMI, then the largest singular directions).",
        data=f"The English side of {SENTENCES:,} training sentences of `models/grammar`, marks "
        f"left out; words that occur fewer than {LEAST} times are `<unk>`. Windows of up to "
        f"{WINDOW} words to either side, words above a share of {skipgram_pairs.FREQUENT:g} "
        "thinned out.",
        results="Analogies: a − b + c over every ordered pair of pairs that the lexicon relates, "
        "right where the word nearest by cosine is the one asked for, a, b and c left out of the "
        "answers. *Given words kept*: the same with them in. *Nearest to c*: the word nearest to c "
        "alone, a, b and c left out: what is right without any analogy. *Counted*: the vectors "
        "made by counting. `analogies.json` has the counts, and the same of other models' input "
        "vector_sets. The loss is a pair's, with its negatives, on held-out sentences.",
        limits="Made-up sentences of a few hundred words: nothing here is evidence about English. "
        "Turkish *o* is told apart into he, she and it by a rule, so that *he* is too rare to "
        "have a row; three pairs of words are all there is of man : woman. Most analogies fail. "
        "One training run (one seed).",
    ),
    figures={
        "analogies": Figure("share of all analogy questions answered rightly", 0.001, 0.3),
        **{
            f"analogies_{name}": Figure(f"share of those of the form *{form}*", 0.001)
            for name, form in _RELATIONS.items()
        },
        "loss_pair": Figure(
            "loss of a pair and its negatives, held-out sentences", 0.1, at_most=2.6
        ),
    },
    build=build,
    loss=loss,
    save=save,
    measure=measure,
)
PLANS = {PLAN.id: PLAN}


if __name__ == "__main__":
    from models.training.__main__ import main

    main(tuple(PLANS))
