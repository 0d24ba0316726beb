"""``python -m models.training.evaluate <id>``: measure a checkpoint, write metrics.json and card.

Figures stand in metrics.json and nowhere else; README.md is written from it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from models.training import cards, harness, registry
from models.training.plan import Measured, Plan

SAMPLE_SEED = 1000  # of the sample that the card's figures are measured on
_DIGITS = 5


def evaluate(plan: Plan, folder: Path) -> dict[str, Any]:
    """Measure what lies in the folder, write metrics.json and README.md, return the metrics."""
    measured = plan.measure(folder, SAMPLE_SEED)
    metrics = {
        "id": plan.id,
        "shape": (plan.shape or shape)(folder),
        "sha256": sha256(folder / "model.safetensors"),
        "sample_seed": SAMPLE_SEED,
        **_plain(measured),
        "training": _training(folder),
    }
    for name, content in {"metrics.json": metrics, **measured.files}.items():
        made = content() if callable(content) else content
        text = json.dumps(_rounded(made), indent=1, ensure_ascii=False)
        (folder / name).write_text(text + "\n", "utf-8")
    (folder / "README.md").write_text(cards.card(plan, metrics), "utf-8")
    return metrics


def shape(folder: Path) -> dict[str, Any]:
    """What the folder's own configuration and weights say of the model's sizes."""
    from models.catalog import load

    card = load(str(folder)).card
    sizes = dict(card.sizes) | {"bytes": (folder / "model.safetensors").stat().st_size}
    return {
        "family": card.family,
        "layers": card.layers,
        "decoder_layers": card.decoder_layers,
        "heads": card.heads,
        "width": card.width,
        "sizes": sizes,
    }


def sha256(file: Path) -> str:
    """Of a file, in hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _plain(measured: Measured) -> dict[str, Any]:
    """What was measured, as JSON writes it."""
    return {
        "quality": _rounded(measured.quality),
        "baselines": _rounded(measured.baselines),
        "detail": _rounded(measured.detail),
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DIGITS)
    if isinstance(value, list | tuple):
        return [_rounded(part) for part in value]
    return {k: _rounded(v) for k, v in value.items()} if hasattr(value, "items") else value


def _training(folder: Path) -> dict[str, Any]:
    """How the training went, without the curve's points: those stay in training.json."""
    notes = json.loads((folder / "training.json").read_text("utf-8"))
    return {name: value for name, value in notes.items() if name != "curve"}


def main() -> None:
    """Evaluate the models named on the command line; SystemExit: none such, or none trained."""
    known = registry.TRAINED
    for model_id in sys.argv[1:] or sys.exit(f"one of: {', '.join(known)}"):
        folder = harness.folder_of(model_id)
        if model_id not in known or not (folder / "training.json").is_file():
            sys.exit(f"no trained model {model_id!r}")
        metrics = evaluate(registry.plan(model_id), folder)
        print(json.dumps({"id": model_id, **metrics["quality"]}))


if __name__ == "__main__":
    main()
