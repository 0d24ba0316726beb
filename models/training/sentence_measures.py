"""What `lstm` and `rnn` are measured by: agreement by distance, brackets, perplexity, their units.

Units are chosen on validation lines and reported on test lines; the same is done for an untrained
model, and with the best units silenced (their c and h held at 0).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import islice
from typing import Any

import torch
from torch import Tensor

from models.recurrent import Unit, silent
from models.training import brackets, gates, mixture, tracking
from models.training.agreement import FARTHEST, Part
from models.training.mixture import END, LANGUAGES, Language, Line
from models.training.plan import Measured
from models.training.symbols import small

SPOKEN: tuple[Language, ...] = ("en", "tr")
SENTENCES, WORDS = 150, 80  # of each language and distance; bracket words
HARD = 60  # English sentences of each distance whose nouns between are all of the other number
CONTEXT = 3  # lines read before, where a line is not read alone
SEVERAL = 4  # units that are silenced together


@dataclass(frozen=True, slots=True)
class Sample:
    """Held-out lines of each language. ids: language → (line, word), filled up with 0.

    hard: English lines with 1 to 3 nouns between, all of the other number.
    Of the bracket words, over all words but a line's first, one after another: may
    (word, vocabulary), 1 where it may stand there; true: log-probability of the one that does,
    in the language that wrote it.
    """

    lines: Mapping[Language, Sequence[Line]]
    ids: Mapping[Language, Tensor]
    hard: Sequence[Line]
    may: Tensor
    true: Tensor

    def all(self) -> list[Line]:
        """The lines of all languages."""
        return [line for language in LANGUAGES for line in self.lines[language]]

    def batches(self) -> list[tracking.Batch]:
        """Each language's lines with their ids."""
        return [(self.lines[language], self.ids[language]) for language in LANGUAGES]


def sample(seed: int, part: Part) -> Sample:
    """The same lines for the same seed: as many of each distance."""
    lines: dict[Language, list[Line]] = {
        language: [
            line
            for between in range(FARTHEST + 1)
            for line in islice(mixture.sentences(seed, language, part, between), SENTENCES)
        ]
        for language in SPOKEN
    }
    lines["brackets"] = list(islice(mixture.lines(seed, "brackets", part), WORDS))
    ids = {language: encoded(some) for language, some in lines.items()}
    return Sample(lines, ids, _hard(seed, part), *_continuations(lines["brackets"]))


def _hard(seed: int, part: Part) -> list[Line]:
    """HARD lines of each distance."""
    return [
        line
        for between in range(1, FARTHEST + 1)
        for line in islice(
            filter(_misleads, mixture.sentences(seed, "en", part, between)),
            HARD,
        )
    ]


def _misleads(line: Line) -> bool:
    """All nouns between subject and verb are of the other number."""
    said = line.agreement
    return said is not None and bool(said.numbers) and said.number not in said.numbers


def _continuations(lines: Sequence[Line]) -> tuple[Tensor, Tensor]:
    """(may, true) of Sample."""
    ids, may, true = mixture.numbers(), [], []
    for line in lines:
        for at in range(1, len(line.words)):
            following = brackets.next_probabilities(line.words[:at])
            row = torch.zeros(len(ids))
            row[[ids[word or END] for word in following]] = 1
            may.append(row)
            after = "" if line.words[at] == END else line.words[at]
            true.append(math.log(following[after]))
    return torch.stack(may), torch.tensor(true)


def encoded(lines: Sequence[Line]) -> Tensor:
    """(line, word): ids, the ends filled up with 0."""
    ids = mixture.numbers()
    rows = [torch.tensor([ids[word] for word in line.words]) for line in lines]
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)


@torch.inference_mode()
def log_probabilities(model: Any, ids: Tensor) -> Tensor:
    """(line, word) → (line, word, vocabulary): of the word after it, each line read by itself."""
    logits: Tensor = model(input_ids=ids).logits
    return logits.log_softmax(-1)


def without(model: Any, units: Iterable[Unit]) -> Any:
    """The model with some (layer, unit) pairs silenced; the model itself stays as it is."""
    copied = copy(model)
    copied._modules = dict(model._modules) | {"recurrent": silent(model.recurrent, list(units))}
    return copied


def figures(model: Any, drawn: Sample) -> dict[str, float]:
    """Everything but the units: agreement by distance, perplexities, brackets."""
    found: dict[str, float] = {}
    scores = {language: log_probabilities(model, drawn.ids[language]) for language in LANGUAGES}
    for language in SPOKEN:
        right = agreed(scores[language], drawn.lines[language])
        found |= by_distance(f"agreement_{language}", right, drawn.lines[language])
    found["agreement_en_hard"] = _mean(_right(model, drawn.hard))
    for language in LANGUAGES:
        log_p = followed(scores[language], drawn.ids[language])
        found[f"perplexity_{language}"] = math.exp(-_mean(log_p))
    found["perplexity_brackets_true"] = math.exp(-_mean(drawn.true))
    here = scores["brackets"][:, :-1][drawn.ids["brackets"][:, 1:] != 0]
    found["brackets_allowed"] = _mean((here.exp() * drawn.may).sum(1))
    return found


def _said(lines: Sequence[Line]) -> list[Any]:
    return [line.agreement for line in lines]


def _mean(values: Tensor) -> float:
    return float(values.double().mean())


def agreed(log_p: Tensor, lines: Sequence[Line]) -> Tensor:
    """(line,) bool: before the verb, the right form is more probable than every wrong one."""
    ids, right = mixture.numbers(), []
    for row, said in zip(log_p, _said(lines), strict=True):
        here = row[said.verb - 1]
        wrong = [ids[small(form)] for form in said.wrong]
        right.append(bool(here[ids[small(said.right)]] > here[wrong].max()))
    return torch.tensor(right)


def by_distance(name: str, right: Tensor, lines: Sequence[Line]) -> dict[str, float]:
    """`name`_0 … `name`_3: share of right ones by number of nouns between, where there are any."""
    between = torch.tensor([said.between for said in _said(lines)])
    return {f"{name}_{n}": _mean(right[between == n]) for n in sorted(set(between.tolist()))}


def _right(model: Any, lines: Sequence[Line]) -> Tensor:
    """agreed, of lines that are not in a sample's languages."""
    return agreed(log_probabilities(model, encoded(lines)), lines)


def followed(log_p: Tensor, ids: Tensor) -> Tensor:
    """Log-probabilities of all words that stand after another one in their line."""
    found = log_p[:, :-1].gather(2, ids[:, 1:, None])[..., 0]
    return found[ids[:, 1:] != 0]


def after_others(model: Any, drawn: Sample) -> dict[str, float]:
    """Agreement by distance where other lines were read before, their states carried over."""
    found: dict[str, float] = {}
    others = drawn.all()
    for language in SPOKEN:
        lines = drawn.lines[language]
        before = [
            [others[(7 * (i + 1) * (k + 1)) % len(others)] for k in range(CONTEXT)]
            for i in range(len(lines))
        ]
        heads = [sum((line.words for line in some), ()) for some in before]
        whole = [Line(language, head + line.words) for head, line in zip(heads, lines, strict=True)]
        log_p = log_probabilities(model, encoded(whole))
        own = [row[len(head) :] for row, head in zip(log_p, heads, strict=True)]
        right = agreed(torch.nn.utils.rnn.pad_sequence(own, batch_first=True), lines)
        found |= by_distance(f"agreement_{language}", right, lines)
    return found


def saturation(model: Any, drawn: Sample) -> dict[str, float]:
    """Share of gate values below 0.02 or above 0.98, and the mean size of the states."""
    found: dict[str, list[Tensor]] = {"i": [], "f": [], "o": [], "c": []}
    for language in LANGUAGES:
        ids = drawn.ids[language]
        with torch.inference_mode():
            read = gates.layers(model.recurrent, model.embedding(ids))
        for layer in read:
            for name in ("i", "f", "o"):
                gate = getattr(layer, name)[ids != 0]
                found[name].append(((gate < 0.02) | (gate > 0.98)).float().flatten())
            found["c"].append(layer.state()[ids != 0].abs().flatten())
    told = {f"saturated_{name}": _mean(torch.cat(found[name])) for name in ("i", "f", "o")}
    return told | {"mean_abs_c": _mean(torch.cat(found["c"]))}


@dataclass(frozen=True, slots=True)
class Tracked:
    """property → (layer, unit): r on validation and on test lines."""

    validation: Mapping[str, Tensor]
    test: Mapping[str, Tensor]

    def order(self, name: str) -> list[Unit]:
        """(layer, unit), the closest follower of a property on validation first."""
        return tracking.ranked(self.validation[name])

    def best(self) -> dict[str, float]:
        """property → |r| on test lines of the unit that was best on validation."""
        return {f"r_{name}": abs(float(self.test[name][self.order(name)[0]])) for name in self.test}


def tracked(model: Any, validation: Sample, test: Sample) -> Tracked:
    """How closely each unit follows each property, on both samples."""
    return Tracked(*(tracking.correlations(model, some.batches()) for some in (validation, test)))


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
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        plain = build().eval()
    own, others = (tracked(one, validation, test) for one in (model, plain))
    off = _silenced(model, own, test)
    baselines = {"untrained": figures(plain, test) | others.best()}
    baselines |= {_COLUMNS[key]: off[key] for key in _COLUMNS}
    detail: dict[str, Any] = {
        "sentences": SENTENCES,
        "bracket_words": WORDS,
        "after_other_lines": after_others(model, test),
        "hard_sentences": HARD,
        "hard": by_distance("agreement_en", _right(model, test.hard), test.hard),
        "number_unit": path(model, own.order("number")[0], test),
    }
    if model.config.cell == "lstm":
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
    model: Any, own: Tracked, test: Sample
) -> dict[tuple[str, int, str], dict[str, float]]:
    """(property, how many, best or least) → figures with those units off: all of units.json."""
    others = [(name, 2, "best") for name in ("number", "depth")]
    others += [(name, 1, "best") for name in own.test]
    wanted = dict.fromkeys([*_COLUMNS, *others])
    return {key: figures(without(model, _which(own, *key)), test) for key in wanted}


def _which(own: Tracked, name: str, many: int, end: str) -> list[Unit]:
    order = own.order(name)
    return order[:many] if end == "best" else order[-many:]


def _units(
    model: Any,
    own: Tracked,
    others: Tracked,
    off: Mapping[tuple[str, int, str], Mapping[str, float]],
) -> dict[str, Any]:
    """units.json: for each property every unit of each layer, the closest follower first."""
    return {
        "measure": "Pearson's r over words; ranked by |r| on validation lines",
        "state": "c" if model.config.cell == "lstm" else "h",
        "untrained_best": others.best(),
        "properties": {
            name: {
                "best": _told(own, name, own.order(name)[0]),
                "layers": [
                    [_told(own, name, unit) for unit in own.order(name) if unit[0] == layer]
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


def _told(own: Tracked, name: str, unit: Unit) -> dict[str, float]:
    layer, column = unit
    return {
        "layer": layer,
        "unit": column,
        "validation": float(own.validation[name][unit]),
        "test": float(own.test[name][unit]),
    }
