"""Two orders as columns of probabilities, and the sums that decide, worked out anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from models.core.attention import softmax
from models.core.sampling import Settings
from models.gpt import order
from models.gpt.order import EXAMPLE, EXAMPLE_LOGITS, OTHERS, Orders, orders
from tests.viz.figures import HOSTILE, checked, words
from viz.board.board import Figure
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT, Theme
from viz.formula.writer import Writer
from viz.gpt.order import MOST, ladder, ladders
from viz.gpt.order_formulas import added_up, distance

LABELS = {
    "share": "softmax",
    "others": "{n} others",
    "kept": "kept {n}",
    "top_k": "k",
    "top_p": "p",
    "rest": "{n} rest",
    "without": "without {word}",
}


def style(theme: Theme = LIGHT, decimal: str = ".", narrow: bool = False) -> Style:
    return Style(theme, Notation(decimal), LABELS, narrow=narrow)


def read(figure: Figure) -> list[str]:
    return [one.text for one in words(figure)]


def worked() -> Orders:
    return orders(EXAMPLE_LOGITS, EXAMPLE, OTHERS["pkt"])


def many(way: Settings, size: int = 60) -> tuple[Orders, list[str]]:
    logits = (np.random.default_rng(1).normal(size=size) * 2).astype(np.float32)
    return orders(logits, way, OTHERS["kpt"]), [f"w{i}" for i in range(size)]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
def test_the_worked_example_says_what_each_stage_leaves(theme: Theme, narrow: bool) -> None:
    first, second = ladders(worked(), "abc")
    for one, shares, kept in (
        (first, ["0.665", "0.867", "<b>1.000</b>"], ["kept 3", "kept 3", "<b>kept 1</b>"]),
        (second, ["0.665", "0.731", "<b>0.881</b>"], ["kept 3", "kept 2", "<b>kept 2</b>"]),
    ):
        figure = ladder(one, style(theme, narrow=narrow))
        checked(figure)
        shown = read(figure)
        assert [word for word in shown if word in shares] == shares
        assert [word for word in shown if "kept" in word] == kept
    shown = read(ladder(first, style(theme)))
    assert shown.count("−∞") == 2
    assert shown.index("<b>÷ T = 0.5</b>") < shown.index("<b>p = 0.8</b>")


def test_both_orders_have_the_same_rows_and_those_that_differ_among_them() -> None:
    found, names = many(Settings(0.3, 0, 0.97))
    first, second = ladders(found, names)
    assert first.ids == second.ids
    assert first.marked == second.marked == set(found.only_other) != set()
    assert len(first.ids) == MOST
    assert set(first.ids) & set(found.only_other)


def test_late_ranks_are_named_and_all_others_stand_together() -> None:
    found, names = many(Settings(0.2, 0, 0.999), 200)
    shown = ladders(found, names)[1]
    late = [i for i in shown.ids if int(np.flatnonzero(found.other.ranking == i)[0]) >= MOST]
    assert late
    text = read(ladder(shown, style()))
    for token in late:
        rank = int(np.flatnonzero(found.other.ranking == token)[0]) + 1
        assert any(f"{rank}. " in word and f"w{token}" in word for word in text)
    assert f"{200 - MOST} others" in text


def test_hostile_words_are_words() -> None:
    found = worked()
    figure = ladder(ladders(found, HOSTILE[:3])[0], style())
    checked(figure)
    assert "<img" not in str(figure)
    assert "<script" not in str(figure)


def test_the_sum_that_top_p_adds_up_is_written_with_what_reaches_p() -> None:
    w = Writer(style(decimal=","), 2, 4)
    first, second = ladders(worked(), "abc")
    assert added_up(first, w) == r"\begin{aligned} &0{,}8668 \ge 0{,}8 \end{aligned}"
    found = added_up(second, w)
    assert found is not None
    assert r"0{,}6652 + 0{,}2447 = 0{,}9100 \ge 0{,}8" in found
    assert r"\text{b}" in found
    assert r"0{,}6652 < 0{,}8" in found


def test_an_order_without_top_p_adds_nothing_up() -> None:
    found, names = many(Settings(0.5, 5, 1.0))
    assert added_up(ladders(found, names)[0], Writer(style())) is None


@pytest.mark.parametrize("room", [15.0, 60.0])
def test_the_distance_is_half_of_all_differences(room: float) -> None:
    w = Writer(style(), 2, 4, room=room)
    p = 1 / (1 + np.exp(2))
    of_worked = distance(worked(), w)
    assert of_worked is not None
    assert f"{p:.4f} + {p:.4f}" in of_worked
    found, _ = many(Settings(0.3, 0, 0.97))
    own = np.abs(found.library.probabilities - found.other.probabilities)
    written = distance(found, w)
    assert written is not None
    assert rf"\mathbf{{{own.sum() / 2:.4f}}}" in written
    assert f"{np.sort(own)[-1]:.4f}" in written
    assert written.count("(") == written.count(")")


def test_a_distance_of_0_has_no_terms_and_the_figure_counts_what_can_be_drawn() -> None:
    found = orders(EXAMPLE_LOGITS, Settings(0.001, 0, 0.95), OTHERS["pkt"])
    assert found.distance == 0
    assert distance(found, Writer(style())) is None
    for one in ladders(found, "abc"):
        assert "<b>kept 1</b>" in read(ladder(one, style()))


def test_a_ladder_ranks_the_vocabulary_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Vocabularies are large: neither a row nor a column sorts one anew."""
    found, names = many(Settings(0.3, 0, 0.97))
    counts = {"argsort": 0, "softmax": 0}

    def counted(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*given: Any, **named: Any) -> Any:
            counts[name] += 1
            return work(*given, **named)

        return counting

    monkeypatch.setattr(np, "argsort", counted("argsort", np.argsort))
    monkeypatch.setattr(order, "softmax", counted("softmax", softmax))
    for one in ladders(found, names):
        ladder(one, style())
    columns = sum(1 + len(one.scores) for one in (found.library, found.other))
    assert counts["argsort"] <= 2
    assert counts["softmax"] == columns
