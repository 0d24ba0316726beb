"""What `lstm`, `gru` and `rnn` are measured by: figures, units that follow something, gates.

Units are chosen on validation lines and reported on test lines; the same is done for an untrained
model, and with the best units silenced (their c and h held at 0).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from models.lstm.record import Unit, silent
from models.training import gates, tracking
from models.training.mixture import LANGUAGES
from models.training.plan import Measured
from models.training.sentence_scores import (
    HARD,
    SENTENCES,
    WORDS,
    Sample,
    after_others,
    agreed_when_hard,
    by_distance,
    encoded,
    figures,
    mean,
    sample,
)
from models.training.untrained import untrained

SEVERAL = 4  # units that are silenced together


def without(model: Any, units: Iterable[Unit]) -> Any:
    """The model with some (layer, unit) pairs silenced; the model itself stays as it is."""
    copied = copy(model)
    copied._modules = dict(model._modules) | {"recurrent": silent(model.recurrent, list(units))}
    return copied


_GATES = {"lstm": ("i", "f", "o"), "gru": ("r", "z")}


def saturation(model: Any, drawn: Sample) -> dict[str, float]:
    """Share of gate values below 0.02 or above 0.98, and the mean size of the states."""
    gated, state = _GATES[model.config.cell], _state_of(model)
    found: dict[str, list[Tensor]] = {name: [] for name in (*gated, state)}
    for language in LANGUAGES:
        ids = drawn.ids[language]
        with torch.inference_mode():
            read = gates.layers(model.recurrent, model.embedding(ids))
        for layer in read:
            for name in gated:
                gate = getattr(layer, name)[ids != 0]
                found[name].append(((gate < 0.02) | (gate > 0.98)).float().flatten())
            found[state].append(layer.state()[ids != 0].abs().flatten())
    told = {f"saturated_{name}": mean(torch.cat(found[name])) for name in gated}
    return told | {f"mean_abs_{state}": mean(torch.cat(found[state]))}


def _state_of(model: Any) -> str:
    """What units keep: an LSTM's c, else h."""
    return "c" if model.config.cell == "lstm" else "h"


@dataclass(frozen=True, slots=True)
class Correlations:
    """property → (layer, unit): r on validation and on test lines."""

    validation: Mapping[str, Tensor]
    test: Mapping[str, Tensor]

    def order(self, name: str) -> list[Unit]:
        """(layer, unit), the closest follower of a property on validation first."""
        return tracking.ranked(self.validation[name])

    def best(self) -> dict[str, float]:
        """property → |r| on test lines of the unit that was best on validation."""
        return {f"r_{name}": abs(float(self.test[name][self.order(name)[0]])) for name in self.test}


def tracked(model: Any, validation: Sample, test: Sample) -> Correlations:
    """How closely each unit follows each property, on both samples."""
    return Correlations(
        *(tracking.correlations(model, some.batches()) for some in (validation, test))
    )


def path(model: Any, unit: Unit, drawn: Sample) -> dict[str, list[float]]:
    """A hard line's mean state of a unit after subject, word before the verb, verb, end mark."""
    layer, column = unit
    with torch.inference_mode():
        read = gates.layers(model.recurrent, model.embedding(encoded(drawn.hard)))
    state = read[layer].state()[..., column]
    places: dict[str, list[list[float]]] = {"singular": [], "plural": []}
    for row, line in zip(state, drawn.hard, strict=True):
        said = line.agreement
        assert said is not None
        at = [said.subject, said.verb - 1, said.verb, len(line.words) - 1]
        places[said.number].append(row[at].tolist())
    return {
        number: [sum(column) / len(column) for column in zip(*rows, strict=True)]
        for number, rows in places.items()
    }


def measure(model: Any, build: Callable[[], Any], seed: int) -> Measured:
    """All figures of a trained model, on lines drawn by seed, beside the baselines'."""
    validation, test = sample(seed, "validation"), sample(seed, "test")
    plain = untrained(build, seed)
    own, others = (tracked(one, validation, test) for one in (model, plain))
    off = _silenced(model, own, test)
    baselines = {"untrained": figures(plain, test) | others.best()}
    baselines |= {_COLUMNS[key]: off[key] for key in _COLUMNS}
    detail: dict[str, Any] = {
        "sentences": SENTENCES,
        "bracket_words": WORDS,
        "after_other_lines": after_others(model, test),
        "hard_sentences": HARD,
        "hard": by_distance("agreement_en", agreed_when_hard(model, test), test.hard),
        "number_unit": path(model, own.order("number")[0], test),
    }
    if model.config.cell in _GATES:
        detail |= {"gates": saturation(model, test), "gates_untrained": saturation(plain, test)}
    units = {"units.json": _units(model, own, others, off)}
    return Measured(figures(model, test) | own.best(), baselines, detail, units)


# Which silencings stand on the card: (property, how many, the closest or the least close).
_COLUMNS = {
    ("number", 1, "best"): "number_unit_off",
    ("number", SEVERAL, "best"): f"{SEVERAL}_number_units_off",
    ("number", SEVERAL, "least"): f"{SEVERAL}_least_number_units_off",
    ("depth", 1, "best"): "depth_unit_off",
    ("depth", SEVERAL, "best"): f"{SEVERAL}_depth_units_off",
    ("depth", SEVERAL, "least"): f"{SEVERAL}_least_depth_units_off",
}


def _silenced(
    model: Any, own: Correlations, test: Sample
) -> dict[tuple[str, int, str], dict[str, float]]:
    """(property, how many, best or least) → figures with those units off: all of units.json."""
    others = [(name, 2, "best") for name in ("number", "depth")]
    others += [(name, 1, "best") for name in own.test]
    wanted = dict.fromkeys([*_COLUMNS, *others])
    return {key: figures(without(model, _which(own, *key)), test) for key in wanted}


def _which(own: Correlations, name: str, many: int, end: str) -> list[Unit]:
    order = own.order(name)
    return order[:many] if end == "best" else order[-many:]


def _units(
    model: Any,
    own: Correlations,
    others: Correlations,
    off: Mapping[tuple[str, int, str], Mapping[str, float]],
) -> dict[str, Any]:
    """units.json: for each property every unit of each layer, the closest follower first."""
    return {
        "measure": "Pearson's r over words; ranked by |r| on validation lines",
        "state": _state_of(model),
        "untrained_best": others.best(),
        "properties": {
            name: {
                "best": _follower(own, name, own.order(name)[0]),
                "layers": [
                    [_follower(own, name, unit) for unit in own.order(name) if unit[0] == layer]
                    for layer in range(own.test[name].shape[0])
                ],
                "silenced": [
                    {"units": _which(own, *key), "which": key[2], **figures}
                    for key, figures in off.items()
                    if key[0] == name
                ],
            }
            for name in own.test
        },
    }


def _follower(own: Correlations, name: str, unit: Unit) -> dict[str, float]:
    layer, column = unit
    return {
        "layer": layer,
        "unit": column,
        "validation": float(own.validation[name][unit]),
        "test": float(own.test[name][unit]),
    }
