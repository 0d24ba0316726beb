"""Where do A, B, C and D stand? Asked at once and one by one: one wide head, four narrow ones.

``python -m models.training.places [one-head | four-heads]`` trains.
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
from models.training import seeds
from models.training.plan import About, Figure, Measured, Plan, Recipe
from models.training.untrained import untrained

LETTERS, ASKED, ALL, ONE = "ABCDEFGH", "ABCD", "?", "abcd"
PLACES = len(LETTERS)
_FIRST, _ALL, _ONE = 1, 1 + PLACES, 2 + PLACES  # ids; 0 is <unk>
_ANSWERS = _ONE + len(ONE)  # A1, A2, … A8, B1, … D8
TOKENS = [*LETTERS, ALL, *ONE, *(f"{letter}{n + 1}" for letter in ASKED for n in range(PLACES))]
VOCABULARY = 1 + len(TOKENS)
WIDTH, BATCH, ROWS, SEEDS = 32, 64, 512, (0, 1, 2, 3, 4)


def examples(rows: int, draws: torch.Generator) -> Tensor:
    """(row, 8): every letter once, in an order of its own each row."""
    return torch.rand(rows, PLACES, generator=draws).argsort(dim=1) + _FIRST


def places(letters: Tensor) -> Tensor:
    """(row, 8) → (row, 4): where A, B, C and D stand, from 0."""
    asked = torch.arange(len(ASKED)) + _FIRST
    return (letters[:, None, :] == asked[None, :, None]).int().argmax(-1)


def answers(model: Any, letters: Tensor, question: Tensor) -> Tensor:
    """(row, 8), (row,) ids of the question → (row, 4, 8): a score for each letter and place."""
    ids = torch.cat((letters, question[:, None]), dim=1)
    logits: Tensor = model(input_ids=ids).logits[:, -1, _ANSWERS:]
    return logits.reshape(len(letters), len(ASKED), PLACES)


def all_at_once(rows: int) -> Tensor:
    """(row,): the id of the question for all four."""
    return torch.full((rows,), _ALL)


def loss(model: nn.Module, draws: torch.Generator) -> Tensor:
    """Half of the rows ask for all four places, half for one; the mean of both."""
    letters = examples(BATCH, draws)
    which = torch.randint(len(ONE), (BATCH // 2,), generator=draws)
    question = torch.cat((all_at_once(BATCH // 2), which + _ONE))
    scores, right = answers(model, letters, question), places(letters)
    rows = torch.arange(BATCH // 2)
    single = scores[BATCH // 2 :][rows, which], right[BATCH // 2 :][rows, which]
    every = scores[: BATCH // 2].flatten(0, 1), right[: BATCH // 2].flatten()
    return (cross_entropy(*every) + cross_entropy(*single)) / 2


def build(heads: int) -> nn.Module:
    """An untrained layer of attention; as many parameters with one head as with four."""
    config = AttentionOnlyConfig(
        vocab_size=VOCABULARY,
        hidden_size=WIDTH,
        num_hidden_layers=1,
        num_attention_heads=heads,
        max_position_embeddings=PLACES + 1,
        initializer_range=0.1,
        embedding_range=0.5,
    )
    model: nn.Module = AttentionOnlyLM(config)
    return model


@torch.inference_mode()
def figures(model: Any, seed: int) -> dict[str, float]:
    """Shares of right answers of one model on a sample of that seed: see `_FIGURES`."""
    letters = examples(ROWS, torch.Generator().manual_seed(seed))
    right = places(letters)
    together = answers(model, letters, all_at_once(ROWS)).argmax(-1) == right
    single = [
        answers(model, letters, torch.full((ROWS,), _ONE + n)).argmax(-1)[:, n] == right[:, n]
        for n in range(len(ONE))
    ]
    return {
        "together": float(together.float().mean()),
        "whole_rows": float(together.all(1).float().mean()),
        "one_by_one": float(torch.stack(single).float().mean()),
    }


def save(models: Sequence[nn.Module], folder: Path) -> None:
    """The first seed's model as a whole folder, the others' weights beside it."""
    seeds.save(models, SEEDS, folder, TOKENS)


def measure(build: Callable[[], nn.Module], folder: Path, seed: int) -> Measured:
    """Figures of every seed's model, their mean, and what others would reach."""
    with torch.random.fork_rng(devices=[]):
        every = [figures(model, seed) for model in seeds.members(build, SEEDS, folder)]
    mean = {name: sum(one[name] for one in every) / len(every) for name in _FIGURES}
    baselines = {
        "worst_seed": {name: min(one[name] for one in every) for name in _FIGURES},
        "best_seed": {name: max(one[name] for one in every) for name in _FIGURES},
        "untrained": figures(untrained(build, seed), seed),
        "places_without_letters": {"together": 1 / 4, "whole_rows": 1 / 24},
        "chance": {"together": 1 / 8, "whole_rows": 1 / 8**4, "one_by_one": 1 / 8},
    }
    detail = {"seeds": {str(s): one for s, one in zip(SEEDS, every, strict=True)}, "rows": ROWS}
    return Measured(mean, baselines, detail)


_FIGURES = {
    "together": Figure("share of right places, all four asked for at once", 0.03),
    "whole_rows": Figure("share of rows with all four places right at once", 0.05),
    "one_by_one": Figure("share of right places, one asked for at a time", 0.01),
}


def _plan(model_id: str, what: str, heads: int) -> Plan:
    untrained_model = partial(build, heads)
    return Plan(
        id=model_id,
        recipe=Recipe(steps=2000, batch=BATCH, learning_rate=3e-3, seeds=SEEDS, weight_decay=0.0),
        about=About(
            what=f"{what} Of a pair: the same width, the same number of parameters, the same data, "
            "steps and learning rate; only the number of heads differs. The model reads the "
            f"letters {LETTERS[0]} to {LETTERS[-1]} in any order, then a question: after `?` it "
            "has to say where A, B, C and D stand, all four at once, by four softmaxes over the "
            "eight places; after `a`, `b`, `c` or `d` it has to say where that one stands.",
            data="Made on the fly: all orders of the eight letters equally likely. Half of the "
            "rows of a batch ask for all four places, half for one.",
            results=f"Means over {len(SEEDS)} separately trained models (`model.safetensors` is "
            f"seed {SEEDS[0]}, the others lie beside it), {ROWS} rows for each. "
            "`places without letters`: somebody who knows the four places, and not which letter "
            "stands at which.",
            limits="One small task, one layer and no feed-forward layer behind it, one setting: "
            "the first that was tried, and kept. The task was made so that four sharp answers are "
            "needed at one place, which is where several heads should help; asked for one answer, "
            "one head is enough. One head can answer several questions, too, by giving its keys "
            "unequal weights that can be told apart afterwards; how well it learns that differs "
            "from seed to seed. Nothing here says how many heads language needs.",
        ),
        figures=_FIGURES,
        build=untrained_model,
        loss=loss,
        save=save,
        measure=partial(measure, untrained_model),
    )


PLANS = {
    "one-head": _plan("one-head", f"One layer of attention, one head of {WIDTH} numbers.", 1),
    "four-heads": _plan(
        "four-heads", f"One layer of attention, four heads of {WIDTH // 4} numbers.", 4
    ),
}

if __name__ == "__main__":
    from models.training.__main__ import main

    main(default=tuple(PLANS))
