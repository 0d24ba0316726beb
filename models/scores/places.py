"""One head of full width and four of a quarter, trained alike to name four places at once.

The models are those of models.training.places: after eight letters in any order, `?` asks where
A, B, C and D stand, and `a` to `d` ask for one of them. Each answer is a softmax over eight places.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from models.core.attention import softmax
from models.core.loaded import LoadedModel
from models.measured import read
from models.record import as_numpy, batch, finite, forward, record
from models.scores.places_trace import ASKED, FIGURES, PLACES, Accuracy, Answered
from models.trace import read_only

MODELS = {"one": "one-head", "four": "four-heads"}
TEXT = "GCHAFDBE?"  # the example on the page


def answered(loaded: LoadedModel, text: str = TEXT) -> Answered:
    """One of MODELS on eight letters and `?`. ValueError: the text lacks one of ASKED."""
    right, ids = tuple(map(text.index, ASKED)), loaded.encode(text).ids
    answer = forward(loaded, {"input_ids": batch(ids)}, use_cache=False)
    logits = finite(loaded, as_numpy(answer.logits[0, -1]))
    known = loaded.tokenizer.get_vocab()
    answers = [[known[f"{letter}{n + 1}"] for n in range(PLACES)] for letter in ASKED]
    shares = softmax(logits[answers].astype(np.float64))
    return Answered(record(loaded, text), read_only(shares), right)


def accuracy(model_id: str, folder: Path | None = None) -> Accuracy | None:
    """What is written of one of MODELS; None: nothing was measured. DamagedWeights."""
    return read(model_id, "metrics.json", _accuracy, folder)


def _accuracy(metrics: Mapping[str, Any]) -> Accuracy:
    detail = metrics["detail"]
    every = detail["seeds"].values()
    shares = {name: read_only(np.array([one[name] for one in every])) for name in FIGURES}
    return Accuracy(shares, detail["rows"], metrics["baselines"])
