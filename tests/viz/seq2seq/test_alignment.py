"""The picture of a translation: states, lines, weights up to the step, rings, clicks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.translation.reference import Cells
from tests.closeness import assert_close
from tests.viz.figures import HOSTILE, cells, checked, close, plain, together, words
from tests.viz.translations import TARGET, anew, decoding, style, translation
from viz.board.board import Box, Figure
from viz.board.notation import Notation
from viz.board.theme import DARK, LIGHT, Theme, contrast
from viz.seq2seq.alignment import LEFT, WRITTEN, alignment, source_states
from viz.seq2seq.step import Decoding
from viz.seq2seq.strips import folded
from viz.translation.chips import written_slots
from viz.translation.growing import starts


def drawn(one: Decoding, theme: Theme = LIGHT, decimal: str = ".") -> Figure:
    """What lies on top of each other on the page."""
    look = style(theme, Notation(decimal))
    return together(source_states(one, look), alignment(one, look))


def maps(figure: Figure, scale: list[list[object]]) -> list[np.ndarray]:
    """The values of all heat maps on one colour scale, but for the legend's ramp."""
    found = [np.array(t.z) for t in figure.data if t.type == "heatmap"]
    scales = [[list(stop) for stop in t.colorscale] for t in figure.data if t.type == "heatmap"]
    return [z for z, own in zip(found, scales, strict=True) if own == scale and z.shape != (1, 64)]


@pytest.mark.parametrize("step", [0, 4, 11])
def test_the_matrix_holds_the_models_weights_up_to_the_step_and_no_further(step: int) -> None:
    one = decoding(step)
    (shown,) = maps(drawn(one), [list(stop) for stop in LIGHT.weights])
    assert shown.shape == (step + 1, len(one.sources))
    for t in range(step + 1):
        true = anew(replace(one, step=t))["weights"]
        assert_close(shown[t], true)


@pytest.mark.parametrize("decimal", [".", ","])
def test_numbers_in_cells_are_the_weights_and_rows_to_come_are_empty(decimal: str) -> None:
    one = decoding(4)
    (trace,) = [t for t in cells(drawn(one, decimal=decimal)) if t.text is not None]
    assert len(trace.text) == one.steps * len(one.sources)
    for (step, source), text in zip(trace.customdata, trace.text, strict=True):
        if step > 4:
            assert text == ""
        else:
            true = anew(replace(one, step=step))["weights"][source]
            assert close(text.replace(",", "."), true)


def test_rows_to_come_are_outlines_without_a_word() -> None:
    one = decoding(4)
    figure = drawn(one)
    outlines = [s for s in figure.layout.shapes if s.type == "rect" and s.line.dash == "solid"]
    rows = {(s.y0, s.y1) for s in outlines if s.line.color == LIGHT.grid and s.x0 == LEFT}
    assert len(rows) == one.steps - 5
    said = [plain(word.text) for word in words(figure)]
    assert "village" not in said
    assert said.count("big") == 2  # its chip and its row


@pytest.mark.parametrize("step", [0, 4])
def test_strips_are_the_states_of_both_directions_the_state_and_the_context(step: int) -> None:
    one = decoding(step)
    strips = maps(drawn(one), [list(stop) for stop in LIGHT.scores])
    flat = [z.ravel()[np.isfinite(z.ravel())] for z in strips]
    true, units = anew(one), one.trace.backward
    for j, state in enumerate(true["encoder"]):
        assert_close(flat[2 * j], state[:-units])
        assert_close(flat[2 * j + 1], state[-units:])
    ahead, back, now = flat[2 * len(one.sources) :]
    assert_close(ahead, true["context"][:-units])
    assert_close(back, true["context"][-units:])
    assert_close(now, true["h"])


def test_lines_of_the_written_word_are_as_wide_as_their_weights() -> None:
    one = decoding(4)
    figure, true = drawn(one), anew(one)["weights"]
    boxes, _ = written_slots(one, WRITTEN)
    middle = boxes[4].x + boxes[4].width / 2
    own = [
        s.line.width
        for s in figure.layout.shapes
        if s.type == "path" and s.path.startswith(f"M {middle:.1f} ")
    ]
    wanted = [1 + 11 * w for w in true if w >= 0.005]
    assert np.allclose(own, wanted, atol=1e-3)


def test_rings_lie_on_the_gold_cells_of_written_rows_and_differ_in_form_and_colour() -> None:
    gold = Cells(frozenset({(0, 11), (4, 6), (9, 3)}), frozenset({(3, 7)}), 12)
    one = decoding(4, gold=gold)
    figure = drawn(one)
    rings = [s for s in figure.layout.shapes if s.type == "circle" and s.line.color == LIGHT.gold]
    assert sorted(s.line.dash for s in rings) == ["dot", "solid", "solid"]
    (click,) = [t for t in cells(figure) if t.text is not None]
    at = {tuple(ids): (x, y) for ids, x, y in zip(click.customdata, click.x, click.y, strict=True)}
    for ring in rings:
        place = (ring.x0 + ring.x1) / 2, (ring.y0 + ring.y1) / 2
        nearest = min(at, key=lambda cell: np.hypot(*np.subtract(at[cell], place)))
        assert np.allclose(at[nearest], place, atol=0.5)
        assert nearest in gold.sure | gold.possible
    without = [s for s in drawn(decoding(4)).layout.shapes if s.type == "circle"]
    assert not without


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_rings_are_seen_against_their_halo(colours: Theme) -> None:
    assert contrast(colours.gold, colours.page) >= 3  # WCAG 2.2, 1.4.11


def test_clicks_name_step_and_piece() -> None:
    one = decoding(4, 6)
    asked = [[list(ids) for ids in trace.customdata] for trace in cells(drawn(one))]
    assert [[i, 6] for i in range(one.steps)] in asked
    assert [[4, j] for j in range(len(one.sources))] in asked
    everywhere = [[i, j] for i in range(one.steps) for j in range(len(one.sources))]
    assert everywhere in asked


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("target", ["", TARGET])
def test_the_figure_is_one_that_plotly_knows(theme: Theme, target: str) -> None:
    checked(drawn(decoding(4, target=target), theme))


def test_long_sentences_keep_every_row_and_mark_the_chosen_one() -> None:
    text = " ".join(["Kadın kediyi gördü ve"] * 12) + "."
    trace = translation(text=text)
    ids = tuple(trace.logits.argmax(axis=1).tolist())
    one = Decoding(trace, ids, len(ids) - 1, 3)
    figure = drawn(one)
    checked(figure)
    (shown,) = maps(figure, [list(stop) for stop in LIGHT.weights])
    assert trace.weights is not None
    assert shown.shape == trace.weights.shape
    assert max(len(t.customdata) for t in cells(figure)) <= sum(trace.weights.shape)


def test_hostile_pieces_are_escaped() -> None:
    trace = translation()
    typed = (*HOSTILE, *trace.typed)[: len(trace.typed)]
    hostile = replace(
        trace,
        source=replace(trace.source, typed=typed),
        predicted=replace(trace.predicted, typed=(HOSTILE[0],) * len(trace.predicted.ids)),
    )
    one = Decoding(hostile, decoding().ids, 2, 1, strange=frozenset({0}))
    figure = drawn(one)
    assert "<script" not in figure.to_json()
    checked(figure)


def test_pieces_that_were_never_met_carry_a_star() -> None:
    said = [w.text for w in words(drawn(decoding(strange=frozenset({2}))))]
    assert sum("*" in word for word in said) == 1
    assert not any("*" in w.text for w in words(drawn(decoding())))


def test_words_begin_where_a_space_stood_before() -> None:
    trace = translation()
    found = starts(trace.source)
    assert [w for w, first in zip(trace.typed, found, strict=True) if first] == [
        "Oğl", "sev", "büyük", "köy", "git", ".", "</s>",
    ]  # fmt: skip


@pytest.mark.parametrize("count", [1, 7, 160])
def test_a_folded_vector_keeps_every_number_in_order(count: int) -> None:
    values = np.arange(count, dtype=np.float32)
    cells_ = folded(values, Box(0, 0, 50, 40)).ravel()
    assert cells_[:count].tolist() == values.tolist()
    assert np.isnan(cells_[count:]).all()


def test_a_step_piece_or_dimension_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="step"):
        decoding(99)
    with pytest.raises(ValueError, match="source"):
        decoding(4, 99)
    with pytest.raises(ValueError, match="dim"):
        decoding(4, 6, dim=320)
    with pytest.raises(ValueError, match="no attention"):
        Decoding(translation("seq2seq-fixed"), (0,), 0, 0)


def test_what_lies_below_is_the_same_at_every_step() -> None:
    first, last = (source_states(decoding(step), style()).to_json() for step in (0, 11))
    assert first == last
    assert not cells(source_states(decoding(4), style()))
