"""The map of products: what its marks carry, what is hatched, the order, what is summed."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from models.core.attention import Term
from models.heads.elementwise import products
from tests.models.heads.test_elementwise import grouped
from tests.viz.figures import NOTATION, checked, plain, words
from viz.board.axes import Axes, Choice
from viz.board.board import CELLS, Figure
from viz.board.style import Style
from viz.board.theme import LIGHT
from viz.heads.elementwise import Shown, columns, elementwise
from viz.heads.elementwise_formulas import MOST, score

TOKENS = ("a", "b", "c", "<d>", "e")
LABELS = {
    "query": "asks",
    "key": "answers",
    "dimension": "dim",
    "clipped": "to {limit} of {largest}",
    "all_masked": "masked",
    "some_masked": "{n} of {count} masked",
    "mean": "mean of {n}",
    "sum": "sum of {n}",
    "prompt": "yours",
    "written": "its own",
    "rest": "{n} more",
    "thinned_rows": "1 row in {n}",
}
STYLE = Style(LIGHT, NOTATION, LABELS)


def shown(
    *queries: int, key: int = 1, dim: int = 2, ordered: bool = False, terms: tuple[Term, ...] = ()
) -> Shown:
    found = products(grouped(terms), 0, queries)
    order = found.largest_first(key) if ordered else found.in_order
    return Shown(found, Axes(TOKENS, TOKENS, Choice(queries[0], key), since=(3, 3)), order, dim)


def marks(figure: Figure) -> list[list[int]]:
    return [list(one) for trace in figure.data if trace.name == CELLS for one in trace.customdata]


def said(figure: Figure) -> list[str]:
    return [plain(word.text) for word in words(figure)]


def test_every_cell_query_and_row_can_be_chosen() -> None:
    figure = elementwise(shown(3), STYLE)
    checked(figure)
    carried = marks(figure)
    assert all([3, key, dim] in carried for key in range(5) for dim in range(6))
    assert all([query, 1, 2] in carried for query in range(5))


def test_a_large_matrix_answers_in_the_chosen_row_and_column() -> None:
    one = shown(3)
    keys = tuple(f"t{n}" for n in range(600))
    found = one.found
    steps = replace(
        found.steps,
        k=np.resize(found.steps.k, (600, 6)),
        scaled=np.zeros((5, 600)),
        masked=np.zeros((5, 600)),
    )
    values = np.resize(found.values, (600, 6))
    many = {"sums": values.sum(axis=1), "weights": np.full(600, 1 / 600)}
    big = replace(found, steps=steps, values=values, masked=np.zeros(600, int), **many)
    axes = Axes(TOKENS, keys, Choice(3, 400))
    figure = elementwise(Shown(big, axes, found.in_order, 2), STYLE)
    assert any("1 row in 3" in word for word in said(figure))
    carried = marks(figure)
    assert [3, 400, 5] in carried
    assert [3, 17, 2] in carried
    assert [3, 17, 5] not in carried


def test_masked_keys_are_hatched_and_say_so() -> None:
    figure = elementwise(shown(3), STYLE)
    areas = [trace for trace in figure.data if getattr(trace, "fill", None) == "toself"]
    assert [trace.fillpattern.shape for trace in areas] == ["/"]
    assert said(figure).count("masked") == 1
    assert "−∞" in said(figure)
    both = said(elementwise(shown(3, 1), STYLE))
    assert both.count("1 of 2 masked") == 2
    assert both.count("masked") == 1


def test_dimensions_stand_in_the_models_order_or_by_size() -> None:
    def numbers(one: Shown) -> list[int]:
        top = [w for w in words(elementwise(one, STYLE)) if w.y == 26 and w.text != "dim"]
        return [int(plain(w.text)) for w in sorted(top, key=lambda w: w.x)]

    assert numbers(shown(3)) == list(range(6))
    one = shown(3, ordered=True)
    sizes = np.abs(one.found.values[1][numbers(one)])
    assert (np.diff(sizes) <= 0).all()


def test_each_term_of_the_score_has_a_column_of_its_own() -> None:
    zeros = np.zeros((5, 5), np.float32)
    terms = (Term("content_to_position", zeros, scaled=True), Term("alibi", zeros))
    heads = [head for head, _, _ in columns(shown(3, terms=terms))]
    assert heads == ["Σ = S", "c2p", "S′", "A", "S″"]
    assert [head for head, _, _ in columns(shown(3, 1))] == ["Σ S"]


def test_what_the_model_wrote_is_parted_and_slanted() -> None:
    figure = elementwise(shown(3), STYLE)
    (label,) = (w.text for w in words(figure) if "yours" in w.text)
    assert re.fullmatch(r"yours .*\|.* <i>its own</i>", label)
    slanted = [w.text for w in words(figure) if "<i>" in w.text and w.text != label]
    assert len(slanted) == 4  # two tokens, as queries and as keys


@pytest.mark.parametrize("queries", [(3,), (3, 1, 4)])
def test_the_sum_begins_with_its_largest_term_and_comes_to_the_score(
    queries: tuple[int, ...],
) -> None:
    one = shown(*queries, ordered=True)
    found = one.found
    written = score(one, STYLE)
    first = re.search(r"underbrace\{(.*?)\}_\{(\d+)\}", written.rows)
    assert first is not None
    assert int(first[2]) == found.largest_first(1)[0]
    assert (written.terms, written.left_out) == (6, 6 - MOST)
    assert NOTATION.tex(float(found.sums[1])) in written.result
    assert score(one, STYLE, every=True).left_out == 0
    for own in found.raw(1) if len(queries) > 1 else ():
        assert NOTATION.tex(abs(float(own))) in written.result


def test_the_chosen_dimension_is_written_out_however_small() -> None:
    smallest = int(shown(3).found.largest_first(1)[-1])
    assert f"}}_{{{smallest}}}" in score(shown(3, dim=smallest), STYLE).rows
