"""Figures of heads whose behaviour is known because it was drawn by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from models.core.arrays import Floats
from models.core.loaded import LoadedModel
from models.heads.metrics import HeadFigures, figures, label, of_layer
from models.record import record

WORDS = (True, False, False, False, True)  # [CLS] a b c [SEP]
NOTHING = HeadFigures(None, None, None, None, None, None, None)


def one(weights: Floats | Sequence[Sequence[float]], special: Sequence[bool]) -> HeadFigures:
    return figures(np.asarray(weights, float)[None], special)[0]


def shifted(step: int, n: int = 5) -> Floats:
    """Every row looks `step` tokens further on, the last ones at the last."""
    return np.eye(n)[np.clip(np.arange(n) + step, 0, n - 1)]


@pytest.mark.parametrize(
    ("weights", "name"),
    [
        (shifted(-1), "previous"),
        (shifted(1), "next"),
        (shifted(0), "self"),
        (np.eye(5)[[0] * 5], "first"),
        (np.eye(5)[[4] * 5], "separator"),
        (np.full((5, 5), 0.2), "diffuse"),
    ],
)
def test_a_head_that_does_one_thing_is_named_by_it(weights: Floats, name: str) -> None:
    found, share = label(one(weights, WORDS)) or ("", 0)
    assert found == name
    assert share == pytest.approx(1.0)


def test_special_tokens_own_rows_do_not_count() -> None:
    weights = shifted(-1)
    weights[[0, 4]] = [0, 0, 0, 0, 1]  # [CLS] and [SEP] look at [SEP]
    found = one(weights, WORDS)
    assert found.previous == 1
    assert found.separator == 0


def test_a_text_of_special_tokens_only_is_still_measured() -> None:
    assert one(np.eye(2), (True, True)).own == 1


def test_figures_by_hand() -> None:
    found = one([[1, 0, 0], [0.5, 0.25, 0.25], [0, 0.5, 0.5]], (False, False, False))
    assert found.previous == pytest.approx((0.5 + 0.5) / 2)
    assert found.next == pytest.approx((0 + 0.25) / 2)
    assert found.own == pytest.approx((1 + 0.25 + 0.5) / 3)
    assert found.distance == pytest.approx((0 + 0.75 + 0.5) / 3)
    assert found.entropy == pytest.approx((0 + 1.5 * np.log(2) + np.log(2)) / (3 * np.log(3)))
    assert (found.first, found.separator) == (None, None)


def test_a_causal_head_is_measured_over_what_it_may_see() -> None:
    mask = np.where(np.tri(4, dtype=bool), 0, -np.inf)[None]
    weights = np.tri(4) / np.arange(1, 5)[:, None]
    found = figures(weights[None], (False,) * 4, mask=mask)[0]
    assert found.next is None
    assert found.previous == pytest.approx((1 / 2 + 1 / 3 + 1 / 4) / 3)
    assert found.entropy == pytest.approx(1.0)  # the first row sees one key: left out


def test_entropy_is_missing_where_every_row_sees_one_key() -> None:
    assert one([[1.0]], (False,)).entropy is None


def test_a_sink_does_not_make_a_head_look_diffuse_or_sharp() -> None:
    weights = np.full((3, 3), 0.1)
    assert one(weights, (False,) * 3).entropy == pytest.approx(1.0)


def test_cross_attention_has_no_figures_of_place() -> None:
    found = figures(np.full((1, 2, 3), 1 / 3), (False, False, True), query_special=(True, False))[0]
    assert (found.previous, found.next, found.own, found.distance) == (None,) * 4
    assert found.separator == pytest.approx(1 / 3)
    assert found.entropy == pytest.approx(1.0)


def test_heads_are_measured_each_by_itself() -> None:
    both = figures(np.stack([shifted(-1), shifted(1)]), WORDS)
    assert [label(f) for f in both] == [("previous", 1.0), ("next", 1.0)]


@pytest.mark.parametrize("marks", [(False,) * 4, (False,) * 6])
def test_marks_that_do_not_fit_are_refused(marks: tuple[bool, ...]) -> None:
    with pytest.raises(ValueError, match="5 × 5"):
        figures(np.zeros((1, 5, 5)), marks)


@pytest.mark.parametrize(
    ("found", "named"),
    [
        (HeadFigures(0.2, 0.59, None, None, None, None, None), None),
        (HeadFigures(0.2, 0.6, None, None, None, None, None), ("previous", 0.6)),
        (HeadFigures(0.2, 0.6, None, None, 0.7, None, None), ("first", 0.7)),
        (HeadFigures(0.89, 0.1, None, None, None, None, None), None),
        (HeadFigures(0.9, 0.1, None, None, None, None, None), ("diffuse", 0.9)),
        (HeadFigures(0.95, 0.65, None, None, None, None, None), ("previous", 0.65)),
        (NOTHING, None),
    ],
)
def test_only_a_decisive_figure_names_a_head(
    found: HeadFigures, named: tuple[str, float] | None
) -> None:
    assert label(found) == named


def test_minilm_heads_do_what_is_known_of_them(minilm: LoadedModel) -> None:
    texts = (
        "The animal didn't cross the street because it was too tired.",
        "Children sing a song in the garden.",
        "She reads a long letter from an old friend every evening.",
    )
    traces = [record(minilm, text) for text in texts]

    def mean(layer: int, head: int, name: str) -> float:
        return float(np.mean([getattr(of_layer(t, "encoder", layer)[head], name) for t in traces]))

    assert mean(0, 2, "previous") > 0.98
    assert mean(1, 8, "next") > 0.5
    assert mean(4, 5, "first") > 0.75
    assert mean(2, 7, "first") > 0.75
    assert mean(0, 3, "entropy") > 0.88
    name, share = label(of_layer(traces[0], "encoder", 0)[2]) or ("", 0)
    assert (name, round(share, 2)) == ("previous", 1.0)
