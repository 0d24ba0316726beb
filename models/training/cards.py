"""A checkpoint's card, README.md: its plan's words around its metrics' figures."""

from __future__ import annotations

from typing import Any

from models.card import SHIPPED
from models.training.plan import Figure, Plan

_MOVERS = {False: "AdamW", True: "Muon for the layers' matrices, AdamW for the rest"}
_NOTE = "<!-- Written by models.training.evaluate from metrics.json. Do not edit. -->"


def card(plan: Plan, metrics: dict[str, Any]) -> str:
    """The whole card, as Markdown."""
    about = plan.about
    parts = (
        f"# {plan.title or SHIPPED[plan.id].title}\n\n{_NOTE}\n\n{about.what}",
        f"## Data\n\n{about.data}",
        f"## Size\n\n{_size(metrics['shape'])}",
        f"## Training\n\n{_training(plan, metrics['training'])}\n\n![Learning curve](curve.svg)",
        f"## Results\n\n{about.results}\n\n{_table(plan, metrics)}",
        f"## Limits\n\n{about.limits}",
        f"Weights: `model.safetensors`, SHA-256 `{metrics['sha256']}`. Licence: MIT, as the "
        "project's own.",
    )
    return "\n\n".join(parts) + "\n"


def _size(shape: dict[str, Any]) -> str:
    sizes = shape["sizes"]
    rows = {
        "parameters": f"{sizes['parameters']:,}",
        "layers": shape["layers"],
        "decoder layers": shape["decoder_layers"] or None,
        "heads a layer": shape["heads"] or None,
        "width": shape["width"],
        "vocabulary": sizes.get("vocabulary") or None,
        "positions": sizes.get("positions") or None,
        "weight file": f"{sizes['bytes'] / 1e6:.2f} MB",
    }
    lines = [f"| {name} | {value} |" for name, value in rows.items() if value is not None]
    return "\n".join(["| | |", "|---|---|", *lines])


def _training(plan: Plan, notes: dict[str, Any]) -> str:
    recipe = plan.recipe
    seeds = ", ".join(str(seed) for seed in notes["seeds"])
    several = (
        f"{len(notes['seeds'])} runs (seeds {seeds})" if len(notes["seeds"]) > 1 else "One run"
    )
    return (
        f"`make train MODEL={plan.id}`. {several} of {notes['steps']:,} steps, {recipe.batch} rows "
        f"a step; {_MOVERS[recipe.muon]}, learning rate {recipe.learning_rate:g} after "
        f"{recipe.warmup} steps of warm-up, then a cosine to zero; weight decay "
        f"{recipe.weight_decay:g}; gradients clipped at {recipe.clip:g}. Wall clock "
        f"{notes['seconds']:.0f} s in all, on {notes['threads']} "
        f"CPU thread{'s' if notes['threads'] > 1 else ''} of a shared machine, with "
        f"torch {notes['torch']}. In the figure: the mean loss of every {recipe.curve_every} steps."
    )


def _table(plan: Plan, metrics: dict[str, Any]) -> str:
    """One row a figure: this model, each baseline, what had to be reached, what it means."""
    baselines = metrics["baselines"]
    head = ["figure", "this model", *(n.replace("_", " ") for n in baselines), "asked", "meaning"]
    lines = [_row(head), _row(["---"] * len(head))]
    for name, value in metrics["quality"].items():
        figure = plan.figures[name]
        others = [_number(baselines[b].get(name)) for b in baselines]
        cells = [f"`{name}`", _number(value), *others, _asked(figure, value), figure.meaning]
        lines.append(_row(cells))
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _asked(figure: Figure, value: float) -> str:
    """The bound, and in words when it was missed."""
    bounds = ((figure.at_least, "≥"), (figure.at_most, "≤"))
    told = " ".join(f"{sign} {bound:g}" for bound, sign in bounds if bound is not None)
    return told if figure.reached(value) else f"{told} (missed)"
