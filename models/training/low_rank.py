"""An adapter of low rank for the translator: English with its verb last (LoRA, Hu et al. 2021).

``python -m models.training verb-last`` trains. The translator's own weights stay as they are;
beside W_Q and W_V of every attention B A is learned, as the paper does (section 4.2).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import MarianMTModel

from models.core import low_rank
from models.grammar.grammar import Pair
from models.grammar.verb_last import BEFORE_THE_VERB, CONSTRUCTIONS, pairs
from models.measured import CHECKPOINTS
from models.training import harness, verb_last
from models.training.plan import About, Figure, Measured, Plan, Recipe
from models.training.tokenizer import of_folder
from models.training.translation import exact, share
from models.training.translator import summed_loss
from models.training.verb_last import PAIRS

BASE = "translator"
RANK, SCALE = 8, 2.0  # α = 2 r, whatever the rank
ADAPTED = ("q_proj", "v_proj")
RANKS = (1, 2, 4, RANK)
BATCH = 32
SENTENCES = 300  # test sentences, and unseen ones


def names() -> tuple[str, ...]:
    """W_Q and W_V of every attention, by their places in the model: encoder first."""
    model = _translator()
    return tuple(name for name, _ in model.named_modules() if name.endswith(ADAPTED))


def _translator() -> Any:
    return MarianMTModel.from_pretrained(CHECKPOINTS / BASE, use_safetensors=True)


def build(rank: int = RANK) -> nn.Module:
    """The translator with an update of that rank, zero still; 0: all its weights may move."""
    model: nn.Module = _translator()
    if rank:
        low_rank.adapt(model, names(), rank, SCALE * rank)
    return model


def loss(model: nn.Module, draws: torch.Generator) -> Tensor:
    """Of every token of the new target; short and long sentences apart, so with little padding."""
    chosen = verb_last.rows_of(of_folder(CHECKPOINTS / BASE)).draw(BATCH, draws)
    parts = chosen[: BATCH // 2], chosen[BATCH // 2 :]
    total = torch.stack([summed_loss(model, part) for part in parts]).sum()
    return total / sum(len(target) for _, target in chosen)


def save(models: Sequence[nn.Module], folder: Path) -> None:
    """A and B of every update, and what they belong to."""
    put = {n: m for n, m in models[0].named_modules() if isinstance(m, low_rank.LowRank)}
    save_file(low_rank.tensors(put), folder / "model.safetensors")
    said = {"base": BASE, "rank": RANK, "alpha": SCALE * RANK, "adapted": list(put)}
    (folder / "adapter.json").write_text(json.dumps(said, indent=1) + "\n", "utf-8")


def merged(tensors: Mapping[str, Tensor], rank: int) -> Any:
    """The translator with W + (α/r) B A in place of W; rank: B A is cut to it. In eval mode."""
    model = _translator().eval()
    for name in sorted({key.rpartition(".")[0] for key in tensors}):
        a, b = low_rank.truncated(tensors[f"{name}.A"], tensors[f"{name}.B"], rank)
        with torch.no_grad():
            model.get_submodule(name).weight += SCALE * (b @ a)
    return model


def measure(folder: Path, seed: int) -> Measured:
    """Exact translations in the new order with the adapter, with less of it, and without."""
    tensors = load_file(folder / "model.safetensors")
    test, unseen = _held("test", seed), _held("unseen", seed)
    words = of_folder(CHECKPOINTS / BASE)
    cut = {rank: merged(tensors, rank) for rank in (*RANKS, 0)}
    right = {rank: exact(model, words, test) for rank, model in cut.items()}
    quality = {
        "exact": share(right[RANK]),
        "exact_unseen": share(exact(cut[RANK], words, unseen)),
        **_moved(right[RANK], test),
        **{f"exact_cut_to_{rank}": share(right[rank]) for rank in RANKS[:-1]},
    }
    without = {
        "exact": share(right[0]),
        "exact_unseen": share(exact(cut[0], words, unseen)),
        **_moved(right[0], test),
    }
    ranks = partial(by_rank, test, right[RANK], right[0], {r: share(right[r]) for r in (0, *RANKS)})
    return Measured(quality, {"without": without}, files={"ranks.json": ranks})


def _held(split: Any, seed: int) -> list[Pair]:
    return list(islice(pairs(seed, split), SENTENCES))


def _moved(right: Sequence[bool], pairs: Sequence[Pair]) -> dict[str, float]:
    """The share of those whose English is another than the translator's own order has it."""
    moved = [ok for ok, pair in zip(right, pairs, strict=True) if pair.features["moved"] == "yes"]
    return {"exact_moved": share(moved)}


def by_rank(
    test: Sequence[Pair],
    right: Sequence[bool],
    without: Sequence[bool],
    cut: Mapping[int, float],
) -> list[dict[str, Any]]:
    """A row a number of weights: each rank trained by itself, and all weights, in equal steps."""
    words = of_folder(CHECKPOINTS / BASE)
    rows: list[dict[str, Any]] = [
        {"rank": 0, "parameters": 0, "trained": share(without), "cut": cut[0]}
    ]
    for rank in (*RANKS, None):
        if rank == RANK:
            rows.append({"rank": rank, **_learned(build()), "trained": share(right), "cut": cut[8]})
            continue
        plan = replace(PLANS["verb-last"], build=_builder(rank or 0))
        model = harness.fit(plan, 0, harness.UNFINISHED / f"verb-last-{rank}.safetensors").model
        row = {"rank": rank, **_learned(model), "trained": share(exact(model, words, test))}
        rows.append(row | ({"cut": cut[rank]} if rank else {}))
        (harness.UNFINISHED / f"verb-last-{rank}.safetensors").unlink()
    return rows


def _builder(rank: int) -> Callable[[], nn.Module]:
    return partial(build, rank)


def _learned(model: nn.Module) -> dict[str, int]:
    return {"parameters": sum(p.numel() for p in model.parameters() if p.requires_grad)}


def shape(folder: Path) -> dict[str, Any]:
    """What the folder holds: the numbers of A and B, of a translator's layers and heads."""
    tensors = load_file(folder / "model.safetensors")
    config = _translator().config
    return {
        "family": "adapter",
        "layers": config.encoder_layers,
        "decoder_layers": config.decoder_layers,
        "heads": config.encoder_attention_heads,
        "width": config.d_model,
        "sizes": {
            "parameters": sum(tensor.numel() for tensor in tensors.values()),
            "bytes": (folder / "model.safetensors").stat().st_size,
        },
    }


_MEANT = "share of test sentences whose greedy translation is the reordered one, letter by letter"
FIGURES = {
    "exact": Figure(_MEANT, 0.04, at_least=0.92),
    "exact_unseen": Figure(
        "the same of sentences with a combination (verb and object, adjective and noun) that no "
        "training sentence has",
        0.05,
        at_least=0.87,
    ),
    "exact_moved": Figure(
        "`exact` of the sentences whose words stand in another order than before", 0.04
    ),
    **{
        f"exact_cut_to_{rank}": Figure(
            f"`exact` with every B A cut to rank {rank} by its singular values", 0.12
        )
        for rank in RANKS[:-1]
    },
}
_WHAT = (
    f"An adapter of low rank (LoRA, Hu et al., 2021) for the shipped `{BASE}`: beside W_Q and W_V "
    f"of each of its six attentions a product B A of rank {RANK}, multiplied by α/r = {SCALE:g}. "
    "The translator's own weights are not changed. With it the translator writes English with its "
    "verb last: *She went to the street.* → *She to the street went.*"
)
_DATA = (
    f"{PAIRS:,} training pairs of the project's own grammar with one main verb (constructions: "
    f"{', '.join(sorted(CONSTRUCTIONS))}). A rule moves the verb, and what stands right before it "
    f"of {', '.join(sorted(BEFORE_THE_VERB))}, before the final mark "
    "(`models/grammar/verb_last.py`); a question's first word stays. Test and unseen sentences "
    "are those that the translator's own training kept out, too."
)
_RESULTS = (
    "*Exact* is greedy and free-running. *without* is the translator without its adapter: what it "
    "gets right are sentences whose verb stood last before. `ranks.json` has every rank trained by "
    "itself and the whole model fine-tuned, each in as many steps from the same start."
)
_LIMITS = (
    "It knows one order in place of another, in the sentences that the rule covers; two statements "
    "in one sentence were not in its data. One training run (one seed)."
)
PLANS = {
    "verb-last": Plan(
        id="verb-last",
        title="Adapter: verb last",
        recipe=Recipe(steps=800, batch=BATCH, learning_rate=3e-3, warmup=50),
        about=About(what=_WHAT, data=_DATA, results=_RESULTS, limits=_LIMITS),
        figures=FIGURES,
        build=build,
        loss=loss,
        save=save,
        measure=measure,
        shape=shape,
    )
}
