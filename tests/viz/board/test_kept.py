"""Figures that are kept: one of the same content, and anew of any other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from models.core.arrays import read_only
from models.core.budget import Budget
from models.trace import Floats
from viz.board import kept
from viz.board.board import Board, Figure
from viz.board.notation import Notation
from viz.board.packed import packed
from viz.board.style import Style
from viz.board.theme import theme

STYLE = Style(theme("light"), Notation(",", "."), {"word": "Wort"})
calls: list[object] = []


@pytest.fixture(autouse=True)
def none_yet() -> Iterator[None]:
    calls.clear()
    kept.forget()
    yield
    kept.forget()


@dataclass(frozen=True)
class Shown:
    """What a figure shows."""

    numbers: Floats
    chosen: int = 0
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Record:
    """What a model left behind."""

    numbers: Floats


@kept.kept
def figure(shown: Shown, style: Style, *, height: int = 100) -> go.Figure:
    calls.append(shown)
    board = Board(100, height, style.theme)
    board.text(10, 10, f"{shown.numbers.sum()} {shown.chosen}")
    return board.figure()


def shown(**other: Any) -> Shown:
    return replace(Shown(np.arange(6.0).reshape(2, 3)), **other)


def test_the_same_numbers_words_and_colours_are_composed_once() -> None:
    one, other = figure(shown(), STYLE), figure(shown(), replace(STYLE))
    assert one is other
    assert len(calls) == 1


def test_figures_that_lie_on_each_other_are_kept_together_and_told_apart() -> None:
    @kept.kept
    def both(at: int) -> tuple[Figure, Figure]:
        calls.append(at)
        return Board(at, 10, STYLE.theme).figure(), Board(at, 20, STYLE.theme).figure()

    ground, above = both(30)
    assert both(30)[0] is ground
    assert calls == [30]
    assert packed(ground, 1.0) is packed(ground, 1.0) is not packed(above, 1.0)


@pytest.mark.parametrize(
    "other",
    [
        (shown(chosen=1), STYLE),
        (shown(chosen=True), STYLE),
        (shown(words=frozenset("a")), STYLE),
        (shown(numbers=np.arange(6.0)), STYLE),
        (shown(numbers=np.arange(6.0, dtype=np.float32).reshape(2, 3)), STYLE),
        (shown(numbers=np.arange(6.0).reshape(2, 3) + 1e-12), STYLE),
        (shown(), replace(STYLE, theme=theme("dark"))),
        (shown(), replace(STYLE, notation=Notation(".", ","))),
        (shown(), replace(STYLE, labels={"word": "kelime"})),
        (shown(), replace(STYLE, narrow=True)),
    ],
)
def test_anything_else_is_composed_anew(other: tuple[Shown, Style]) -> None:
    assert figure(*other) is not figure(shown(), STYLE)
    assert len(calls) == 2


def test_what_cannot_be_told_or_is_large_is_not_kept() -> None:
    large = shown(numbers=np.zeros(kept.LARGE // 8 + 1))
    words: Any = {"word": object()}
    unknown = replace(STYLE, labels=words)
    for given in ((large, STYLE), (shown(), unknown)):
        assert figure(*given) is not figure(*given)
    with pytest.raises(TypeError, match="object"):
        kept.content(object())


def test_what_cannot_be_written_to_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = read_only(np.zeros(2 * kept.LARGE // 8))
    first = figure(shown(numbers=numbers), STYLE)
    assert figure(shown(numbers=read_only(numbers.copy())), STYLE) is first
    monkeypatch.setattr(kept, "LARGE", 0)
    assert figure(shown(numbers=numbers), STYLE) is first
    assert figure(shown(numbers=numbers, chosen=1), STYLE) is not first


def test_another_array_at_the_same_place_is_another() -> None:
    noted = len(kept._digests)
    places, seen = set(), set()
    for n in range(20):
        numbers = read_only(np.full(2**14, float(n)))
        places.add(id(numbers))
        seen.add(kept.content(numbers))
        assert len(kept._digests) == noted + 1
        del numbers
    assert len(places) < len(seen) == 20
    assert len(kept._digests) == noted


def test_a_record_is_told_once_as_long_as_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    whole = kept._Teller.parts

    def parts(teller: kept._Teller, one: object) -> None:
        told.append(one)
        whole(teller, one)

    monkeypatch.setattr(kept._Teller, "parts", parts)
    numbers = np.zeros(kept.LARGE // 8 + 1)
    one, same, other = Record(numbers), Record(numbers.copy()), Record(numbers + 1)
    found = [kept.content(record) for record in (one, same, other, one, same, other)]
    assert found[:3] == found[3:]
    assert found[0] == found[1] != found[2]
    assert told == [one, same, other]
    before = len(kept._records)
    told.clear()
    del one, same, other
    assert len(kept._records) == before - 3


def test_a_record_that_is_too_large_is_not_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LARGE", 1)
    large = Record(np.zeros(kept.ONCE))
    for _ in range(2):
        with pytest.raises(TypeError, match="Record"):
            kept.content(large)
        monkeypatch.setattr(kept._Teller, "parts", lambda *_: pytest.fail("it was told again"))


def test_words_do_not_run_into_each_other() -> None:
    given = ("ab", "c"), ("a", "bc"), (("a", "bc"),), (("ab", "c"),), (["a", "bc"],), (("a", "b"),)
    assert len({kept.content(*each) for each in given}) == len(given)
    # The same words, whether Python keeps them once or several times.
    word = "".join(["a", "b"])
    assert kept.content((word, word)) == kept.content(("".join(["a", "b"]), "ab"))


def test_what_is_sent_is_kept_with_the_figure() -> None:
    drawn = figure(shown(), STYLE)
    assert packed(drawn, 0.8) is packed(drawn, 0.8)
    assert packed(drawn, 0.8) is not packed(drawn, 0.9)
    assert packed(Figure(drawn), 0.8) is not packed(Figure(drawn), 0.8)


def test_the_longest_unused_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_budget", Budget(2 * kept.SMALL))
    first = figure(shown(chosen=1), STYLE)
    figure(shown(chosen=2), STYLE)
    assert figure(shown(chosen=1), STYLE) is first
    figure(shown(chosen=3), STYLE)
    assert figure(shown(chosen=1), STYLE) is first
    assert len(kept._kept) == 2
