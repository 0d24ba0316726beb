"""Recall the first symbol after N distractors: an RNN, an LSTM and attention, equally large.

``python -m models.training.memory [memory-rnn | memory-lstm | memory-attention]`` trains.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from models.architectures.attention_only import AttentionOnlyConfig, AttentionOnlyLM
from models.architectures.recurrent_lm import RecurrentConfig, RecurrentLM
from models.training import seeds
from models.training.plan import About, Figure, Measured, Plan, Recipe
from models.training.untrained import untrained

SYMBOLS, QUESTION = "ABCDEFGH", "?"
_FIRST, _QUESTION = 1, 1 + len(SYMBOLS)  # ids; 0 is <unk>
VOCABULARY = _QUESTION + 1
TRAINED_UP_TO = 100
GRID = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)  # distractors at which accuracy is measured
ROWS, SEEDS, BATCH = 128, (0, 1, 2), 64
_AT_ONCE = 16  # rows: attention over 1,000 tokens is a million weights each


def examples(n: int, rows: int, draws: torch.Generator) -> Tensor:
    """(row, n + 2): a symbol, n distractors, the question; the answer is the first symbol.

    Distractors are symbols themselves: of another kind, they would be too easily ignored.
    """
    drawn = torch.randint(_FIRST, _QUESTION, (rows, n + 1), generator=draws)
    return torch.cat((drawn, torch.full((rows, 1), _QUESTION)), dim=1)


def loss(model: nn.Module, draws: torch.Generator) -> Tensor:
    """Of the answer after the question. N is drawn for each batch, evenly in 1..100."""
    n = int(torch.randint(1, TRAINED_UP_TO + 1, (1,), generator=draws))
    ids = examples(n, BATCH, draws)
    return cross_entropy(model(input_ids=ids).logits[:, -1], ids[:, 0])


def rnn() -> nn.Module:
    """An untrained tanh RNN of 106 units."""
    return RecurrentLM(RecurrentConfig(vocab_size=VOCABULARY, cell="rnn", hidden_size=106))


def lstm() -> nn.Module:
    """An untrained LSTM of 48 units."""
    return RecurrentLM(RecurrentConfig(vocab_size=VOCABULARY, cell="lstm", hidden_size=48))


def attention() -> nn.Module:
    """An untrained layer of attention, two heads, on word vectors and sines of the position."""
    config = AttentionOnlyConfig(
        vocab_size=VOCABULARY,
        hidden_size=60,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=GRID[-1] + 2,
        positions="sinusoidal",
        initializer_range=0.1,
        embedding_range=0.5,
    )
    model: nn.Module = AttentionOnlyLM(config)
    return model


@torch.inference_mode()
def accuracy(model: Any, n: int, seed: int) -> float:
    """Share of answers that are right after n distractors: of all words, not of symbols alone."""
    ids = examples(n, ROWS, torch.Generator().manual_seed(seed * 10_000 + n))
    parts = [model(input_ids=part).logits[:, -1].argmax(-1) for part in torch.split(ids, _AT_ONCE)]
    return float((torch.cat(parts) == ids[:, 0]).float().mean())


def curve(model: Any, seed: int) -> list[float]:
    """Accuracy at each length of GRID."""
    return [accuracy(model, n, seed) for n in GRID]


def save(models: Sequence[nn.Module], folder: Path) -> None:
    """The first seed's model as a whole folder, the others' weights beside it."""
    seeds.save(models, SEEDS, folder, SYMBOLS + QUESTION)


def measure(build: Callable[[], nn.Module], folder: Path, seed: int) -> Measured:
    """Accuracy by number of distractors, of every seed's model and of untrained ones."""
    plain = curve(untrained(build, seed), seed)
    with torch.random.fork_rng(devices=[]):
        curves = [curve(model, seed) for model in seeds.members(build, SEEDS, folder)]
    mean = [sum(column) / len(column) for column in zip(*curves, strict=True)]
    told = {
        "distractors": list(GRID),
        "mean": mean,
        "seeds": {str(s): one for s, one in zip(SEEDS, curves, strict=True)},
        "untrained": plain,
        "chance": 1 / len(SYMBOLS),
        "trained_up_to": TRAINED_UP_TO,
        "rows": ROWS,
    }
    baselines = {"worst_seed": _figures(_least(curves)), "untrained": _figures(plain)}
    chance = {"chance": dict.fromkeys(_FIGURES, 1 / len(SYMBOLS))}
    return Measured(_figures(mean), baselines | chance, told, {"curve.json": told})


def _least(curves: list[list[float]]) -> list[float]:
    return [min(column) for column in zip(*curves, strict=True)]


_FIGURES = {f"accuracy_{n}": n for n in (10, 100, 1000)}


def _figures(values: list[float]) -> dict[str, float]:
    return {name: values[GRID.index(n)] for name, n in _FIGURES.items()}


def _plan(model_id: str, what: str, build: Callable[[], nn.Module]) -> Plan:
    return Plan(
        id=model_id,
        recipe=Recipe(steps=2000, batch=BATCH, learning_rate=2e-3, seeds=SEEDS, weight_decay=0.0),
        about=About(
            what=f"{what} It reads one of {len(SYMBOLS)} symbols ({SYMBOLS[0]} to {SYMBOLS[-1]}), "
            "N distractors (which are of the same symbols) and `?`, and has to name the first "
            "symbol. The three memory models have the same number of parameters to within 5 %, "
            "and the same data, number of steps and learning rate.",
            data="Made on the fly: symbols drawn evenly, N the same in a batch and drawn evenly "
            f"between 1 and {TRAINED_UP_TO}. Everything beyond {TRAINED_UP_TO} is longer than "
            "anything seen in training, for all three.",
            results=f"Means over {len(SEEDS)} separately trained models (`model.safetensors` is "
            f"seed {SEEDS[0]}, the others lie beside it), {ROWS} rows for each and each length; "
            "`curve.json` has all lengths and seeds.",
            limits="One small task, one budget, no search for the best setting of each. What is "
            "hard here is to learn the task, more than to remember: how N is drawn matters, and in "
            "a trial with short rows drawn more often (N log-uniform) the plain RNN learned it as "
            "well. What is to be kept stands at the very start and is one of a few symbols; "
            "nothing here says how long a network remembers in language. With "
            f"{ROWS * len(SEEDS)} answers a figure, a few percentage points either way are chance.",
        ),
        figures={
            name: Figure(f"share of right answers after {n} distractors", 0.08)
            for name, n in _FIGURES.items()
        },
        build=build,
        loss=loss,
        save=save,
        measure=partial(measure, build),
    )


PLANS = {
    "memory-rnn": _plan("memory-rnn", "A plain tanh RNN, one layer.", rnn),
    "memory-lstm": _plan("memory-lstm", "An LSTM, one layer.", lstm),
    "memory-attention": _plan(
        "memory-attention",
        "One layer of masked attention, two heads, with sines and cosines of the position.",
        attention,
    ),
}

if __name__ == "__main__":
    from models.training.__main__ import main

    main(default=tuple(PLANS))
