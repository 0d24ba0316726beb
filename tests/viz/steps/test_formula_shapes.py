"""The shape of a head's sums: KaTeX reads them, rows fit, hostile tokens stay text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.by_hand import steps as steps_by_hand
from models.core.by_hand import worked_example
from models.scores.by_hand import surroundings
from tests.viz.scores_heads import KINDS, block, scene, style
from tests.viz.steps.test_formulas import last_number, plain
from viz.board.axes import Axes, Choice
from viz.board.notation import tex_word
from viz.board.theme import LIGHT
from viz.formula.width import ROOM, ems, packed
from viz.formula.writer import FEW, largest
from viz.scores.captions import captions
from viz.steps.figure import STEPS, Scene
from viz.steps.formulas import formula
from viz.steps.head import of_steps
from viz.steps.order import GATE


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("finer", [False, True])
def test_every_kind_of_head_has_balanced_formulas(kind: str, step: int, finer: bool) -> None:
    if kind == "bare" and step in (1, 7, 8):
        with pytest.raises(ValueError, match="not recorded"):
            formula(step, scene(block(surrounded=False)), style())
        return
    made = formula(step, scene(block(**KINDS[kind])), style(), finer=finer, terms=None)
    for tex in (made.general, made.chosen):
        assert tex.count("{") - tex.count(r"\{") == tex.count("}") - tex.count(r"\}")
        assert tex.count(r"\begin") == tex.count(r"\end")
        assert "nan" not in tex
        assert "@{" not in tex


HOSTILE = (
    "</script>",
    "<img onerror=x>",
    r"\frac{1",
    "$$",
    "}{",
    "##r",
    "%",
    "\u2028\ue000\ud800\x00",
    "a\u0336\u0489",
    "\u0301",
    "\u202eabc",
    "👩‍🚀",
    "",
    " ",
    "x" * 500,
)


@pytest.mark.parametrize("token", HOSTILE)
@pytest.mark.parametrize("step", STEPS)
def test_a_hostile_token_stays_text(token: str, step: int) -> None:
    tokens = (token,) * 5
    tex = formula(step, scene(tokens=tokens), style()).chosen
    safe = formula(step, scene(tokens=("ok",) * 5), style()).chosen
    inside = rf"\text{{{tex_word(token)}}}"
    assert unbroken(tex) == unbroken(safe.replace(r"\text{ok}", inside))


def unbroken(tex: str) -> str:
    """Without what says where rows begin: a wide token breaks a formula earlier."""
    return re.sub(
        r"\\(begin|end)\{aligned\}|\\\\(?:\[0\.5em\])?(?!\[)|\\rule\{0pt\}\{2em\}|\\quad|(?<!\\)&|\s",
        "",
        tex,
    )


@given(st.text(max_size=60))
def test_a_word_has_no_command_and_nothing_that_katex_cannot_read(token: str) -> None:
    shown = tex_word(token)
    left = re.sub(r"\\textbackslash |\\textasci\w+ |\{\\textless\}|\{\\textgreater\}", "", shown)
    left = re.sub(r"\\[{}$&#%_]|\{`\}", "", left)
    assert not set("\\{}$&#%^~<>`") & set(left)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\ue000-\uf8ff\ud800-\udfff]", shown)
    assert shown


MARKS = st.sampled_from("a{%\u0130 \u0301\u0307\u0336\u0489\u064b")


@given(st.text(MARKS, max_size=9))
def test_only_marks_that_katex_knows_stay_and_only_on_a_letter(token: str) -> None:
    shown = tex_word(token)
    for before, character in zip(" " + shown, shown, strict=False):
        if unicodedata.combining(character):
            assert character in "\u0301\u0307"
            assert before.isalpha()


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=40), st.integers(1, 12))
def test_the_terms_written_out_are_never_smaller_than_those_left_out(
    values: list[float], most: int
) -> None:
    numbers = np.array(values)
    shown = largest(numbers, most)
    others = np.delete(np.abs(numbers), shown)
    assert shown == sorted(set(shown))
    assert others.size == 0 or others.max() <= np.abs(numbers[shown]).min()
    assert others.size != 1


def test_every_step_has_a_caption_in_the_identity_colours() -> None:
    lines = captions(style())
    assert set(lines) == {*STEPS, GATE}
    assert LIGHT.q in lines[2]
    assert LIGHT.k in lines[2]
    assert LIGHT.weight in lines[5]


def rows(tex: str) -> list[str]:
    """The rows of a formula as they stand below each other."""
    parts = re.split(r"\\\\(?:\[0\.\dem\])?|\\(?:begin|end)\{\w+\}", tex)
    return [part for part in parts if part.strip()]


@pytest.mark.parametrize("token", ["it", "w" * 30])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "bare"])
@pytest.mark.parametrize("finer", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_no_row_is_wider_than_the_panel(step: int, finer: bool, kind: str, token: str) -> None:
    shown = scene(block(**KINDS[kind]), tokens=(token,) * 5)
    made = formula(step, shown, style(), finer=finer, terms=None)
    for tex in (made.general, made.chosen, made.rows, made.result):
        for row in rows(tex):
            assert ems(row) <= ROOM + 1, row


def test_terms_are_broken_into_rows_by_their_width() -> None:
    power, short = r"1.2\cdot 10^{-14} \cdot (-0.1234)", r"2 \cdot 2"
    assert len(packed([short] * 4)) == 1
    assert len(packed([power] * 6)) >= 3
    assert packed([short] * 9)[1].startswith("+ ")
    assert ems(power) > 2 * ems(short)


def test_what_a_long_sum_comes_to_stands_apart_from_its_terms() -> None:
    for step in (1, 2, 5, 6, 8):
        made = formula(step, scene(), style(), terms=None)
        assert made.rows
        assert "cdot" in made.rows or step == 5
        assert made.result.count("cdot") == 0
    found = formula(2, scene(), style(), terms=None)
    assert last_number(found.result) == last_number(found.chosen)


def test_few_terms_are_all_written_and_many_are_not() -> None:
    assert formula(2, scene(), style(), terms=3).left_out == 0
    assert largest(np.arange(12.0), 8, FEW) == list(range(12))
    assert len(largest(np.arange(13.0), 8, FEW)) == 8


def test_every_step_of_the_scores_has_its_own_name_on_both_sides() -> None:
    shown = scene(block(**KINDS["position bias"]))
    left = [formula(step, shown, style()).chosen for step in (2, 3, 4)]
    for tex, name in zip(left, ("S", "S'", "S''"), strict=True):
        assert re.search(rf"(?:^|&|aligned}} ){re.escape(name)}_\{{", plain(tex)), tex
    assert plain(formula(3, scene(), style()).general).startswith("S'_{ij} = ")
    assert "sqrt{d_k}" in formula(3, scene(), style()).general
    assert "S''_{ij} = S'_{ij} + B_{ij} + M" in plain(formula(4, shown, style()).general)
    assert "e^{S''_{ij}}" in plain(formula(5, scene(), style()).general)


def test_by_hand_every_number_has_the_same_decimals() -> None:
    hand = worked_example()
    one = of_steps(steps_by_hand(hand), surroundings(hand))
    shown = Scene(one, Axes(hand.words, hand.words, Choice(1, 2)))
    by_hand = replace(style(), digits=3)
    weight = plain(formula(5, shown, by_hand).chosen)
    assert "= 0.196" in weight
    assert "8.342" in weight
    assert last_number(formula(6, shown, by_hand).chosen) == 1.999
    for step in STEPS:
        tex = plain(formula(step, shown, by_hand).chosen)
        powers = re.sub(r"[\d.]+\\cdot 10\^", "", tex.replace("[0.9em]", ""))
        assert {len(found) for found in re.findall(r"\.(\d+)", powers)} <= {3}


def test_by_hand_there_is_no_bias_in_the_list_of_steps() -> None:
    hand = worked_example()
    one = of_steps(steps_by_hand(hand), surroundings(hand))
    assert "b" not in plain(captions(style(), one)[8])
    assert "b_O" in captions(style(), scene().one)[8]
    assert "+ B" in captions(style(), scene(block(**KINDS["position bias"])).one)[4]
    assert "+ B" not in captions(style(), scene().one)[4]
