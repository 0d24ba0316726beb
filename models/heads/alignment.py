"""What stands in both of two recordings: their axes as one grid. Numpy only.

Two texts of one model meet token by token, along a longest common subsequence; two models that
cut a text into other tokens meet in the stretches that no token of either crosses.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.trace import AttentionTrace, Floats, Kind

Group = tuple[int, ...]
Place = tuple[Group | None, Group | None]
Named = tuple[Hashable, Group]
Side = Literal[0, 1]

_NUMBERED = re.compile(r"(.+)·(\d+)/\d+", re.DOTALL)  # bytes of one character, as tokens spell it


@dataclass(frozen=True, slots=True)
class Both:
    """Two recordings: this one, and the other that it is held against."""

    first: AttentionTrace
    second: AttentionTrace

    @property
    def key(self) -> tuple[object, ...]:
        """Everything that both were made from."""
        return self.first.key, self.second.key

    @property
    def model_id(self) -> str:
        """The other's: its files may change while the first model stays."""
        return self.second.model_id


@dataclass(frozen=True, slots=True)
class Grid:
    """What stands along both axes, from first to last.

    rows, columns: each place's tokens in the first and in the second recording, None where it is
    in one only. Where a place holds several tokens, weights are summed over those attended and
    averaged over those attending.
    """

    rows: tuple[Place, ...]
    columns: tuple[Place, ...]

    @property
    def several(self) -> bool:
        """Some place holds more than one token."""
        return any(len(group or ()) > 1 for side in (self.rows, self.columns)
                   for place in side for group in place)  # fmt: skip

    @property
    def gaps(self) -> bool:
        """Some place is in one of the two only."""
        return any(None in place for axis in (self.rows, self.columns) for place in axis)

    def on(self, side: Side, values: Floats) -> Floats:
        """(…, query, key) of one recording → (…, row, column) float64; NaN: not in it."""
        down, across = ([place[side] for place in axis] for axis in (self.rows, self.columns))
        if self.several:
            rows = _members(down, values.shape[-2])
            means = rows / np.maximum(rows.sum(axis=1, keepdims=True), 1)
            found = means @ values @ _members(across, values.shape[-1]).T
        else:
            i, j = (np.array([g[0] if g else 0 for g in axis], int) for axis in (down, across))
            found = values.take(i, axis=-2).take(j, axis=-1)
        shown = np.array(found, np.float64)
        if self.gaps:
            shown[..., [group is None for group in down], :] = np.nan
            shown[..., [group is None for group in across]] = np.nan
        return shown


def _members(groups: Sequence[Group | None], count: int) -> Floats:
    """(place, token): 1 where the token stands there."""
    found = np.zeros((len(groups), count))
    for place, group in enumerate(groups):
        found[place, list(group or ())] = 1
    return found


def common(first: Sequence[Hashable], second: Sequence[Hashable]) -> tuple[tuple[int, int], ...]:
    """Places of a longest common subsequence: pairs (i, j), both rising, first[i] == second[j].

    By the table of Wagner & Fischer 1974, since its length is the largest there is: difflib's
    blocks may leave equal tokens out, and each left out is a row without numbers. Of several
    the one whose pairs stand latest.
    """
    rows = [[0] * (len(second) + 1)]
    for one in first:
        above, row = rows[-1], [0]
        for j, other in enumerate(second):
            row.append(above[j] + 1 if one == other else max(above[j + 1], row[j]))
        rows.append(row)
    found, i, j = [], len(first), len(second)
    while i and j:
        if first[i - 1] == second[j - 1]:
            i, j = i - 1, j - 1
            found.append((i, j))
        elif rows[i - 1][j] >= rows[i][j - 1]:
            i -= 1
        else:
            j -= 1
    return tuple(found[::-1])


def merged(first: Sequence[Named], second: Sequence[Named]) -> tuple[Place, ...]:
    """Two axes as one: what is equal stands once, between it what is in the first, the second.

    first, second: what a place is equal by, and its tokens.
    """
    places: list[Place] = []
    i = j = 0
    for at, other in common([key for key, _ in first], [key for key, _ in second]):
        places += _unpaired(first[i:at], second[j:other])
        places.append((first[at][1], second[other][1]))
        i, j = at + 1, other + 1
    return (*places, *_unpaired(first[i:], second[j:]))


def _unpaired(first: Iterable[Named], second: Iterable[Named]) -> list[Place]:
    return [*((group, None) for _, group in first), *((None, group) for _, group in second)]


def matching(both: Both, kind: Kind) -> Kind | None:
    """The other's kind of attention that a kind of this one is held against; None: it has none.

    The same one, or where both read nothing but the text whichever does that there.
    """
    first, second = both.first, both.second
    same = kind in second.kinds
    if same and _reads_text(first, kind) == _reads_text(second, kind):
        return kind
    alike = [one for one in second.kinds if _reads_text(second, one)]
    return alike[0] if alike and _reads_text(first, kind) else None


def _reads_text(trace: AttentionTrace, kind: Kind) -> bool:
    return kind == "encoder" or (kind == "decoder" and trace.target_side is None)


def grid(both: Both, kind: Kind, other: Kind) -> Grid:
    """The axes of both recordings' matrices, of one kind each; token by token where they can be.

    KeyError: no such kind.
    """
    first, second = both.first, both.second
    axes = [(*first.axes(kind), *second.axes(other))]
    one_model = first.model_id == second.model_id or first.axes(kind) == second.axes(other)
    if not one_model and _reads_text(first, kind) and _reads_text(second, other):
        places = merged(*stretched(first, second))
        return Grid(places, places)
    rows, columns, other_rows, other_columns = ([*map(_single, enumerate(a))] for a in axes[0])
    return Grid(merged(rows, other_rows), merged(columns, other_columns))


def _single(place: tuple[int, str]) -> Named:
    return place[1], (place[0],)


def stretched(first: AttentionTrace, second: AttentionTrace) -> tuple[list[Named], list[Named]]:
    """Both models' tokens by the stretches of the text that no token of either crosses.

    What stands for no characters of it ([CLS]) is equal by its name.
    """
    spans = stretches(first), stretches(second)
    begins: list[int] = []
    end = 0
    for start, stop in sorted(span for side in spans for span in side if span):
        if start >= end:
            begins.append(start)
        end = max(end, stop)
    names = first.tokens, second.tokens
    found = [_by_stretch(*side, begins) for side in zip(spans, names, strict=True)]
    return found[0], found[1]


def _by_stretch(
    spans: Sequence[tuple[int, int] | None], names: Sequence[str], begins: Sequence[int]
) -> list[Named]:
    found: dict[Hashable, list[int]] = {}
    for n, (span, name) in enumerate(zip(spans, names, strict=True)):
        key: Hashable = (name, n) if span is None else max(b for b in begins if b <= span[0])
        found.setdefault(key, []).append(n)
    return [(k[0] if isinstance(k, tuple) else k, tuple(group)) for k, group in found.items()]


def stretches(trace: AttentionTrace) -> list[tuple[int, int] | None]:
    """(from, to) of each of a text's tokens, in characters; None: it stands for none of them."""
    text = trace.text if trace.text_pair is None else f"{trace.text}\n{trace.text_pair}"
    found: list[tuple[int, int] | None] = []
    at = 0
    for token, typed, special in zip(trace.tokens, trace.typed, trace.special, strict=True):
        word = typed.removeprefix("##") if token.startswith("##") else typed
        part = _NUMBERED.fullmatch(word)
        if part is not None and not text[at:].lstrip().startswith(word):
            word = part[1]
            if part[2] != "1" and found and found[-1] is not None:
                found.append(found[-1])  # a character's second byte stands where its first does
                continue
        start = -1 if special else text.find(word, at)
        if start < 0 or text[at:start].strip():  # another word of the same letters, further on
            found.append(None)
            continue
        at = start + len(word)
        found.append((start, at))
    return found
