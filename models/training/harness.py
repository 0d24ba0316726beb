"""The one loop that trains every model: seeded, resumable, with a bar and a learning curve."""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from tqdm import tqdm

from models.measured import ADAPTERS, CHECKPOINTS
from models.training import curve, progress, registry
from models.training.optimizers import Optimizers, optimizers
from models.training.plan import Plan, Recipe
from models.training.progress import Progress

UNFINISHED = Path("build") / "training"  # where an interrupted training finds itself again


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model after its training (or after as much of it as was asked for)."""

    model: nn.Module
    progress: Progress


def folder_of(model_id: str) -> Path:
    """Where what is trained under that name lies."""
    return (ADAPTERS if model_id in registry.ADAPTERS else CHECKPOINTS) / model_id


def rate(recipe: Recipe, step: int) -> float:
    """The learning rate of step 0, 1, …: a straight rise, then half a cosine down to zero."""
    rise = min(1.0, (step + 1) / max(recipe.warmup, 1))
    fall = max(0, step - recipe.warmup) / max(1, recipe.steps - recipe.warmup)
    return recipe.learning_rate * rise * 0.5 * (1 + math.cos(math.pi * min(fall, 1.0)))


def fit(
    plan: Plan, seed: int, file: Path, *, until: int | None = None, bar: bool = False
) -> Fitted:
    """Train one model; `file` is where its progress is kept, and where it goes on from.

    until: stop after that many steps, as an interruption would. The global random state is
    put back afterwards. The result does not depend on how often it was interrupted.
    """
    recipe = plan.recipe
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        draws = torch.Generator().manual_seed(seed)
        model = plan.build().train()
        movers = optimizers(model, recipe)
        done = Progress()
        if file.is_file():
            done = progress.restore(file, model, movers, draws, recipe)
        stop = recipe.steps if until is None else min(until, recipe.steps)
        left = range(done.step, stop)
        steps = tqdm(left, plan.id, recipe.steps, initial=done.step, disable=not bar)
        _loop(plan, model, movers, draws, done, steps, file)
    return Fitted(model.eval(), done)


def _loop(
    plan: Plan,
    model: nn.Module,
    movers: Optimizers,
    draws: torch.Generator,
    done: Progress,
    steps: tqdm[int],
    file: Path,
) -> None:
    recipe, losses, started, before = plan.recipe, [], time.monotonic(), done.seconds
    for step in steps:
        losses.append(_step(plan, model, movers, draws, rate(recipe, step)))
        done.step, done.seconds = step + 1, before + time.monotonic() - started
        if done.step % recipe.curve_every == 0:
            done.curve.append((done.step, sum(losses) / len(losses)))
            losses.clear()
            steps.set_postfix(loss=f"{done.curve[-1][1]:.4f}")
        if done.step % recipe.save_every == 0 or done.step == recipe.steps:
            progress.save(file, model, movers, draws, done, recipe)


def _step(
    plan: Plan,
    model: nn.Module,
    movers: Optimizers,
    draws: torch.Generator,
    learning_rate: float,
) -> float:
    for mover in movers:
        for group in mover.param_groups:
            group["lr"] = learning_rate
    loss = plan.loss(model, draws)
    model.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(model.parameters(), plan.recipe.clip)
    for mover in movers:
        mover.step()
    return float(loss.detach())


def train(plan: Plan, folder: Path, *, work: Path = UNFINISHED, bar: bool = True) -> None:
    """Train a plan's model for every seed and write the checkpoint folder.

    Besides what plan.save writes: training.json (steps, seconds, threads, curve) and curve.svg.
    """
    files = [work / f"{plan.id}-{seed}.safetensors" for seed in plan.recipe.seeds]
    pairs = zip(plan.recipe.seeds, files, strict=True)
    fitted = [fit(plan, seed, file, bar=bar) for seed, file in pairs]
    folder.mkdir(parents=True, exist_ok=True)
    plan.save([one.model for one in fitted], folder)
    curves = [one.progress.curve for one in fitted]
    notes = {
        "steps": plan.recipe.steps,
        "seeds": plan.recipe.seeds,
        "seconds": round(sum(one.progress.seconds for one in fitted), 1),
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "curve": [[[s, round(v, 5)] for s, v in curve.thinned(points)] for points in curves],
    }
    (folder / "training.json").write_text(json.dumps(notes) + "\n", "utf-8")
    (folder / "curve.svg").write_text(curve.svg(curves), "utf-8")
    for file in files:  # all is kept in the folder: the next training begins anew
        file.unlink()
