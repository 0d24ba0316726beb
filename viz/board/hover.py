"""What marks say when pointed at, sent once: a template, and words by their places.

"the · unit 3 · f = 0.12", "the · unit 4 · f = 0.07" …: the words belong to the column, the unit is
what the mark carries, and only the number is each mark's own. Plotly has a template for what is
common, and an axis's ticks for what belongs to a place: none of them is drawn. Where a mark has
several of its own, they are a list behind what it carries, which no click hands over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

WHOLE, _END = "%{hovertext}<extra></extra>", "<extra></extra>"
_MANY, _KINDS = 24, 8  # marks from which on it is worth it; kinds of sentence in one trace
_NEAR = 5000  # ticks nearer than this share of an axis would be taken for one another
# What may differ from mark to mark: a token between its direction marks, or a number.
VARYING = re.compile(
    "(\u2068[^\u2069]*\u2069|[−+]?(?:∞|[0-9]+(?:[.,][0-9]+)*)(?:·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?)"
)


@dataclass(slots=True)
class Ticks:
    """Words by their place on one axis of so many pixels."""

    length: float
    words: dict[float, str] = field(default_factory=dict)

    def take(self, places: Sequence[float], column: Sequence[str]) -> bool:
        """Whether each place has one word, and they found room beside those that are here."""
        found = dict(zip(places, column, strict=True))
        if any(found[place] != word for place, word in zip(places, column, strict=True)):
            return False
        if any(self.words.get(place, word) != word for place, word in found.items()):
            return False
        both = self.words | found
        if len(both) > 1 and np.diff(sorted(both)).min() < self.length / _NEAR:
            return False
        self.words = both
        return True

    def axis(self) -> dict[str, Any]:
        """What the axis says, unseen."""
        if not self.words:
            return {}
        unseen = {"visible": True, "showticklabels": False, "tickmode": "array"}
        return {**unseen, "tickvals": list(self.words), "ticktext": list(self.words.values())}


def told_once(trace: Mapping[str, Any], x: Ticks, y: Ticks) -> Iterator[Mapping[str, Any]]:
    """The same marks that say the same: traces by kind of sentence, or the one handed in."""
    texts = trace.get("hovertext")
    if texts is None or trace.get("hovertemplate") != WHOLE or len(texts) < _MANY:
        yield trace
        return
    if any("%{" in text for text in texts):  # typed by somebody: in a template it would mean more
        yield trace
        return
    kinds: dict[tuple[str, ...], list[int]] = {}
    split = [VARYING.split(text) for text in texts]
    for place, parts in enumerate(split):
        kinds.setdefault(tuple(parts[::2]), []).append(place)
    if len(kinds) > _KINDS:
        yield trace
        return
    for kind, marks in kinds.items():
        own = trace if len(kinds) == 1 else only(trace, marks, len(texts))
        yield {**own, **_sentence(own, kind, [split[mark][1::2] for mark in marks], x, y)}


def only(trace: Mapping[str, Any], marks: Sequence[int], count: int) -> dict[str, Any]:
    """Some of a trace's marks. count: all of them."""

    def some(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: some(part) for name, part in value.items()}
        if isinstance(value, np.ndarray):
            return value[marks]
        each = isinstance(value, (list, tuple)) and len(value) == count
        return [value[mark] for mark in marks] if each else value

    return {name: some(value) for name, value in trace.items()}


def _sentence(
    trace: Mapping[str, Any], kind: Sequence[str], said: Sequence[Sequence[str]], x: Ticks, y: Ticks
) -> dict[str, Any]:
    """The template of marks whose texts differ in what is `said` alone, and each one's rest."""
    columns = list(zip(*said, strict=True))
    places = {"x": (x, _places(trace["x"])), "y": (y, _places(trace["y"]))}
    if shared := _by_place(kind, said, places):
        return {"hovertemplate": shared + _END, "hovertext": None}
    names = [_name(trace, column, places) for column in columns]
    own = [at for at, name in enumerate(names) if name is None]
    if len(own) > 1:
        carried = list(map(list, trace["customdata"]))
        for at, column in enumerate(own):
            names[column] = f"%{{customdata[{len(carried[0])}][{at}]}}"
        rest = zip(*(columns[column] for column in own), strict=True)
        carries = [[*ids, list(one)] for ids, one in zip(carried, rest, strict=True)]
        found: dict[str, Any] = {"customdata": carries, "hovertext": None}
    elif own:
        names[own[0]] = "%{hovertext}"
        found = {"hovertext": list(columns[own[0]])}
    else:
        found = {"hovertext": None}
    return {**found, "hovertemplate": _template(kind, names) + _END}


def _template(kind: Sequence[str], names: Sequence[str | None]) -> str:
    return kind[0] + "".join(f"{name}{part}" for name, part in zip(names, kind[1:], strict=True))


def _by_place(
    kind: Sequence[str],
    said: Sequence[Sequence[str]],
    places: Mapping[str, tuple[Ticks, Sequence[float]]],
) -> str | None:
    """The template where all that differs belongs to the place on one axis, which many share."""
    if len(kind) < 3:
        return None
    whole = [_template(["", *kind[1:-1], ""], one) for one in said]
    for axis, (ticks, at_mark) in places.items():
        if 2 * len(set(at_mark)) <= len(whole) and ticks.take(at_mark, whole):
            return f"{kind[0]}%{{{axis}}}{kind[-1]}"
    return None


def _name(
    trace: Mapping[str, Any],
    column: Sequence[str],
    places: Mapping[str, tuple[Ticks, Sequence[float]]],
) -> str | None:
    """What stands for these in a template; None: each mark has its own."""
    if all(one == column[0] for one in column):
        return column[0]
    for at, ids in enumerate(zip(*trace.get("customdata", ()), strict=False)):
        if all(str(carried) == one for carried, one in zip(ids, column, strict=True)):
            return f"%{{customdata[{at}]}}"
    for axis, (ticks, at_mark) in places.items():
        if ticks.take(at_mark, column):
            return f"%{{{axis}}}"
    return None


def _places(values: Any) -> list[float]:
    return np.asarray(values, dtype=np.float64).round(2).tolist()  # type: ignore[no-any-return]
