"""Added and joined as a picture: the record's own numbers; clicks choose head and column."""

from __future__ import annotations

import numpy as np
import pytest

from models.positions.added import added as record
from tests.viz.figures import cells, checked, plain, words
from tests.viz.positions.test_positions import BOTH, style
from tests.viz.sentences import BOTH as LANGUAGES
from tests.viz.sentences import fixed, read, told
from tests.viz.sentences import style as spoken
from viz.board.theme import Theme
from viz.formula.writer import Writer
from viz.positions import added_formulas as written
from viz.positions import now
from viz.positions.added import AddedHead, added


@pytest.fixture(scope="module")
def drawn() -> AddedHead:
    return AddedHead(record("translator", "I am a Robot"), token=4, head=1, dim=7)


def own(drawn: AddedHead) -> tuple[float, float, float]:
    """The chosen number's parts by a loop over the model's own numbers, and their sum."""
    column = drawn.record.w_q.weight[:, drawn.columns.start + drawn.dim].tolist()
    token, position = (
        sum(a * b for a, b in zip(part[drawn.token].tolist(), column, strict=True))
        for part in (drawn.record.token_in, drawn.record.position_in)
    )
    return token, position, token + position


@BOTH
def test_the_chosen_numbers_are_the_parts_and_twice_their_sum(
    drawn: AddedHead, theme: Theme
) -> None:
    figure = added(drawn, style(theme))
    checked(figure)
    said = [plain(word.text) for word in words(figure)]
    token, position, both = own(drawn)
    for value, often in ((token, 1), (position, 1), (both, 2)):
        assert said.count(f"{value:.3f}".replace("-", "−")) == often


def test_a_click_chooses_a_column_of_this_head_or_another_head(drawn: AddedHead) -> None:
    figure = added(drawn, style())
    ids = {tuple(one) for trace in cells(figure) for one in trace.customdata}
    assert ids == {(1, dim) for dim in range(32)} | {(head, 7) for head in range(4)}


def test_sums_come_to_the_same_by_both_ways(drawn: AddedHead) -> None:
    w = Writer(style(), 2, 3)
    token, position, both = (f"{value:.3f}" for value in own(drawn))
    assert both in written.at_once(drawn, w)
    assert token in written.apart(drawn, w)[0]
    assert position in written.apart(drawn, w)[1]
    model = float(drawn.record.queries[drawn.token, drawn.columns.start + drawn.dim])
    assert rf"\mathbf{{{model:.3f}}}" in written.query(drawn, w)


def test_what_every_query_has_besides_is_written_where_there_is_some() -> None:
    drawn = AddedHead(record("minilm", "I am a Robot"), token=4, head=2, dim=0)
    said = written.query(drawn, Writer(style(), 2, 3))
    assert f"{float(drawn.constant[0]):.3f}" in said
    assert np.isclose(sum(own(drawn)[:2]) + drawn.constant[0], drawn.record.queries[4, 64], 1e-5)


@LANGUAGES
@pytest.mark.parametrize("dim", [7, 31])
def test_the_sentence_says_both_parts(drawn: AddedHead, language: str, dim: int) -> None:
    shown = AddedHead(drawn.record, 4, 1, dim)
    said, then = now.added(shown, spoken(language, "positions.now"))
    token, position, both = (fixed(language, value, 3) for value in own(shown))
    word = shown.record.typed[4]
    values = {"word": word, "dim": dim, "head": 1, "x": token, "p": position, "both": both}
    assert read(said) == told(language, "positions.now.added", **values)
    name = "positions.now.added_last" if dim == 31 else "positions.now.added_then"
    assert read(then) == told(language, name)
