"""Maps of words: PCA against scikit-learn's, t-SNE's stored places against its own definition."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.decomposition import PCA

from models.core.arrays import Floats
from models.words import maps, vector_sets
from models.words.map import NEAREST, WordMap, agreement, distances, principal, quality
from models.words.maps import PROJECTIONS, classes, word_map
from models.words.vector_sets import of_table
from models.words.word_classes import CLASSES, word_classes
from pages import words as page
from tests.closeness import assert_close

TABLES = ("skipgram", "counted", "minilm")


def drawn(rows: int = 40, width: int = 7) -> Floats:
    return np.random.default_rng(5).normal(size=(rows, width)).astype(np.float32)


def on_map(vectors: Floats) -> WordMap:
    names = [f"w{n}" for n in range(len(vectors))]
    found = principal(vectors)
    return WordMap(
        of_table("drawn", names, vectors), tuple(range(len(vectors))), found.places, found
    )


def test_principal_components_are_scikit_learns() -> None:
    vectors = drawn()
    found = principal(vectors)
    theirs = PCA(2, svd_solver="full").fit(vectors.astype(np.float64))
    assert_close(found.shares, theirs.explained_variance_ratio_)
    signs = np.sign((found.axes * theirs.components_).sum(1))
    assert_close(found.axes, theirs.components_ * signs[:, None])
    assert_close(found.places, theirs.transform(vectors.astype(np.float64)) * signs)
    assert (found.axes[[0, 1], np.abs(found.axes).argmax(1)] > 0).all()
    assert on_map(vectors).check_principal().rounding


def test_wrong_places_would_be_seen_by_the_check() -> None:
    found = on_map(drawn())
    wrong = found.places.copy()
    wrong[3, 1] += 0.01
    assert not WordMap(found.space, found.rows, wrong).check_principal().rounding
    with pytest.raises(ValueError, match="places"):
        WordMap(found.space, found.rows[1:], wrong)


def test_neighbours_ranks_and_distances_are_scipys() -> None:
    found = on_map(drawn())
    true, flat = cdist(found.vectors, found.vectors), cdist(found.places, found.places)
    assert_close(distances(found.places), flat)
    for word in (0, 17, 39):
        order = [int(at) for at in np.argsort(true[word]) if at != word]
        assert list(found.nearest(word)) == order[:NEAREST]
        shown = [int(at) for at in np.argsort(flat[word]) if at != word]
        assert [found.rank(word, other) for other in shown] == list(range(1, 40))
        assert set(found.kept(word)) == set(order[:NEAREST]) & set(shown[:NEAREST])
        assert found.distance(word, order[0]) == pytest.approx(true[word, order[0]], rel=1e-9)
        assert found.map_distance(word, order[0]) == pytest.approx(flat[word, order[0]], rel=1e-9)
        assert found.check(word, order[0]).rounding


def test_a_map_that_loses_nothing_has_the_best_measures_and_agrees_when_turned() -> None:
    found = on_map(drawn(width=2))
    best = quality(found)
    assert (best.trustworthiness, best.kept, best.correlation) == pytest.approx((1, 1, 1), rel=1e-9)
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    turned = WordMap(found.space, found.rows, found.places @ turn)
    assert agreement(found, turned) == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("projection", ["tsne", "tsne_again"])
def test_stored_places_are_of_these_vectors(name: str, projection: str) -> None:
    """At the minimum of its cost a step downhill is small: random places are nowhere near it."""
    found = word_map(name, projection)
    assert len(found.rows) >= 400
    assert _cost(found.vectors, found.places) < 1.5
    mixed = found.places[np.random.default_rng(0).permutation(len(found.rows))]
    assert _cost(found.vectors, mixed) > 2
    assert quality(found).kept > quality(word_map(name, "pca")).kept


def _cost(vectors: Floats, places: Floats) -> float:
    """KL(P‖Q) of van der Maaten & Hinton (2008), equations 1, 4 and 5, by bisection for σ."""
    squares = cdist(vectors, vectors, "sqeuclidean")
    low, high = np.zeros(len(vectors)), np.full(len(vectors), 1e4)
    off = ~np.eye(len(vectors), dtype=bool)
    apart = np.where(off, squares, np.inf)
    for _ in range(80):
        beta = (low + high) / 2
        p = np.exp(-(apart - apart.min(1)[:, None]) * beta[:, None])
        p /= p.sum(1)[:, None]
        wide = -(p * np.log2(np.maximum(p, 1e-300))).sum(1) > np.log2(maps.PERPLEXITY)
        low, high = np.where(wide, beta, low), np.where(wide, high, beta)
    joint = (p + p.T) / (2 * len(vectors))
    q = off / (1 + cdist(places, places, "sqeuclidean"))
    q /= q.sum()
    return float((joint[off] * np.log(np.maximum(joint[off], 1e-300) / q[off])).sum())


def test_t_sne_is_the_same_each_time_and_another_with_another_seed() -> None:
    vectors = np.concatenate((drawn(25), drawn(25) + 4))
    once, again, other = (maps.tsne(vectors, seed, 8.0) for seed in (0, 0, 1))
    assert np.array_equal(once, again)
    assert not np.allclose(once, other)


def test_every_word_of_the_map_has_its_class() -> None:
    of = word_classes()
    assert (of["cat"], of["cats"], of["eating"], of["red"], of["Ali"]) == (
        "noun", "noun", "verb", "adjective", "name")  # fmt: skip
    assert (of["watch"], of["cook"]) == ("several", "several")
    for name in TABLES:
        found = word_map(name, "pca")
        kinds = classes(found, of)
        assert set(kinds) == set(CLASSES)
        assert kinds[found.index(found.space.typed["the"]) or 0] == "other"
    space = vector_sets.space("minilm")
    ali = word_map("minilm", "pca").index(space.typed["ali"])
    assert ali is not None
    assert classes(word_map("minilm", "pca"), of)[ali] == "name"


def test_the_page_offers_these_maps() -> None:
    assert page.PROJECTIONS == PROJECTIONS
