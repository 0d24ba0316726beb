"""What was measured of the models trained here, as JSON files beside their weights.

One reader with one policy: None where nothing was measured, DamagedWeights where a file is there
and cannot be read. Pages say the one; the other comes from a broken checkout.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from models.errors import DamagedWeights

CHECKPOINTS = Path(__file__).parent / "checkpoints"
ADAPTERS = Path(__file__).parent / "adapters"

Measure = TypeVar("Measure")


def read(
    model_id: str, file: str, shape: Callable[[Any], Measure], folder: Path | None = None
) -> Measure | None:
    """That file of a model as `shape` has it; None: no such model or file, or `shape` says so.

    model_id: whatever a visitor may have typed; only what lies right in `folder` counts (None:
    CHECKPOINTS). Raises errors.DamagedWeights: no JSON, or without what `shape` asks of it.
    """
    folder = CHECKPOINTS if folder is None else folder
    path = folder / model_id / file
    if model_id not in {each.name for each in folder.iterdir()} or not path.is_file():
        return None
    try:
        return shape(json.loads(path.read_text("utf-8")))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise DamagedWeights(f"{path.name} of {model_id}: {error!r}", model=model_id) from error
