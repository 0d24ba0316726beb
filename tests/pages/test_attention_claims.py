"""What heads, scores, positions and the glossary call right is right, on their stages."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from models.catalog import load
from models.core import encodings
from models.heads import alignment, compare
from models.heads.alignment import Both
from models.heads.compare import Comparison
from models.heads.metrics import of_layer
from models.heads.sinks import first_token, mean_weight
from models.positions.added import added
from models.positions.learned import learned
from models.positions.schemes import WAYS, of_head, recorded
from models.positions.shuffle import shuffled
from models.record import record
from models.scores import scaling
from models.scores.by_hand import decode
from models.trace import AttentionTrace
from tests.pages.claims import both
from tests.present import present
from viz.steps.head import OneHead, of_block, of_steps


def test_heads_the_one_that_looks_before_is_in_the_first_layer() -> None:
    _, at = both("heads", 1, "In the first")
    trace = record(at.model, at.text)
    layers = range(len(trace.layers("encoder")))
    found = {(n, h) for n in layers for h, one in enumerate(of_layer(trace, "encoder", n))
             if present(one.previous) > 0.6}  # fmt: skip
    assert found == {(at.layer, at.head)} == {(0, 2)}


def test_heads_a_seventh_is_left_for_the_words() -> None:
    at, _ = both("heads", 2, "About one seventh")
    found = of_layer(record(at.model, at.text), "encoder", at.layer)[at.head]
    first, rest = present(found.first), present(found.separator)
    assert first == pytest.approx(0.85, abs=0.005)
    assert 1 - first - rest == pytest.approx(1 / 7, abs=0.02)


def test_heads_the_animal_falls_and_stays_before_the_street() -> None:
    looks = []
    for at in both("heads", 3, "“animal” would fall, but stay before “street”"):
        trace = record(at.model, at.text)
        row = trace.block("encoder", at.layer).weights[at.head, at.query]
        assert (trace.tokens[at.query], trace.tokens[at.key]) == ("it", "animal")
        looks.append(
            {
                token: float(row[trace.tokens.index(token)])
                for token in ("animal", "street", "[CLS]")
            }
        )
    assert [look["animal"] for look in looks] == pytest.approx([0.65, 0.28], abs=0.01)
    assert [look["street"] for look in looks] == pytest.approx([0.05, 0.13], abs=0.01)
    assert looks[1]["[CLS]"] > looks[1]["animal"] > looks[1]["street"]


def test_heads_the_lines_run_side_by_side_to_the_token_before() -> None:
    to_first, before = both("heads", 4, "They run side by side, each to the token just before")
    rows = [
        record(at.model, at.text).block("encoder", at.layer).weights[at.head, :-1]
        for at in (to_first, before)
    ]
    assert (rows[0].argmax(axis=1) == 0).sum() > len(rows[0]) / 2
    assert (np.diagonal(rows[1], -1) > 0.99).all()
    assert rows[1][0].argmax() == 0


def test_heads_in_the_first_layer_none_gives_more_than_half_to_the_first_token() -> None:
    (at, _) = both("heads", 5, "In the first, layer 0")
    trace = record(at.model, at.text)
    counts = [
        sum(present(one.first) > 0.5 for one in of_layer(trace, "encoder", layer))
        for layer in range(len(trace.layers("encoder")))
    ]
    assert counts[0] == 0
    assert all(7 <= count <= 9 for count in counts[1:5])
    assert counts[5:] == [3]


def compared_at(at: SimpleNamespace) -> tuple[Comparison, AttentionTrace, AttentionTrace]:
    first, second = record(at.model, at.text), record(at.model, at.other_text)
    both_ = Both(first, second)
    blocks = (one.block("encoder", at.layer) for one in (first, second))
    grid = alignment.grid(both_, "encoder", "encoder")
    return compare.compared(grid, *((block, at.head) for block in blocks)), first, second


def test_heads_without_niz_the_next_token_is_the_full_stop() -> None:
    before, after = both("heads", 6, "At what stands behind it then, the full stop")
    same, *_ = compared_at(before)
    assert not same.difference.any()
    seen, first, second = compared_at(after)
    tokens = [first.typed[before.query], first.typed[before.key], first.typed[after.key]]
    assert tokens == ["ti", "niz", "."]
    assert same.first[before.query, before.key] == pytest.approx(0.53, abs=0.01)
    assert seen.first[after.query, after.key] == pytest.approx(0.22, abs=0.005)
    assert seen.second[after.query, after.key] == pytest.approx(0.75, abs=0.005)
    assert np.isnan(seen.difference[before.key]).all()
    last = first.typed.index("köy")
    assert np.nanmax(np.abs(seen.difference[: last + 1])) < 0.04
    for trace in (first, second):  # each word's token to the next one, but for [CLS] and [SEP]
        weights = trace.block("encoder", after.layer).weights[after.head, 1:-1]
        following = np.arange(len(weights)) + 2
        assert (weights.argmax(axis=1) == following).all()


def test_heads_another_animal_changes_the_head_less_than_another_reason() -> None:
    reason, animal = both("heads", 7, "By about 10 points")
    seen, first, _ = compared_at(reason)
    assert (first.tokens[reason.query], first.tokens[reason.key]) == ("it", "cat")
    assert seen.difference[reason.query, reason.key] == pytest.approx(0.51, abs=0.005)
    other, first, second = compared_at(animal)
    assert np.nanmax(np.abs(other.difference)) == pytest.approx(0.10, abs=0.01)
    looks = [
        float(t.block("encoder", 3).weights[1, 6, t.tokens.index(name)])
        for t, name in ((first, "cat"), (second, "dog"))
    ]
    assert looks == pytest.approx([0.59, 0.45], abs=0.005)


def test_positions_the_first_pair_tells_neighbours_apart() -> None:
    at, _ = both("positions", 1, "The first pair")
    table = encodings.sinusoidal(len(encodings.words(at.text)), at.d, at.n)
    steps = np.abs(np.diff(table, axis=0)).mean(axis=0)
    assert steps[:2].min() > 5 * steps[2:].max()


def test_positions_only_the_causal_model_knows_an_order_without_positions() -> None:
    minilm, gpt = (
        shuffled(at.model, at.text, at.seed)
        for at in both("positions", 2, "No, it computes other numbers")
    )
    assert minilm.off.difference.rounding
    assert not gpt.off.difference.rounding
    words = [place for place, special in enumerate(gpt.special) if not special]
    assert (gpt.off.differences[words] > 0.1).all()  # not of the last word alone


def test_positions_only_the_sinusoids_score_changes_as_both_move() -> None:
    at, _ = both("positions", 3, "Only the sinusoid’s")
    found = of_head(recorded(at.model, at.text), at.layer, at.head)
    offsets = encodings.offsets(4)
    moves = {}
    for way in WAYS:
        near, far = (found.along(way, at.query, at.key, place, offsets) for place in (20, 200))
        moves[way] = float(np.abs(near - far).max())
    assert {way for way, moved in moves.items() if moved > 1e-9} == {"sinusoid"}


def test_positions_a_small_base_makes_the_slow_waves_faster() -> None:
    large, small = both("positions", 4, "After 63")
    dims = [int(dim) for dim in large.dims.split()]
    periods = [[encodings.wavelength(d, at.width, at.base) for d in dims] for at in (large, small)]
    assert periods[0] == pytest.approx([6.283, 19.87, 62.83, 628.3], rel=1e-3)
    assert periods[1][0] == periods[0][0]
    assert max(periods[1]) == periods[1][-1] == pytest.approx(63, abs=0.5)


def test_positions_the_product_depends_on_the_distance_alone() -> None:
    found = []
    for at in both("positions", 5, "The same"):
        table = encodings.sinusoidal(at.length, at.width, at.base)
        found.append(encodings.product(table, at.pos, at.pos + at.offset))
    assert found == pytest.approx([22.41, 22.41], abs=0.005)
    assert found[0] == pytest.approx(found[1], abs=1e-9)


def test_positions_one_rotation_leads_on_from_everywhere() -> None:
    first, later = both("positions", 6, "The same rotation")
    assert first.pos != later.pos
    for at in (first, later):
        here, there = encodings.encoded([at.pos, at.pos + at.offset], at.d, at.n)
        np.testing.assert_allclose(encodings.shift(first.offset, at.d, at.n) @ here, there)


def test_positions_a_learned_table_knows_more_than_the_distance() -> None:
    found = []
    for at in both("positions", 7, "About 0.9"):
        cosines = encodings.cosines(learned(at.model).table[: at.length].astype(np.float64))
        found.append(float(cosines[at.pos, at.pos + at.offset]))
    assert found == pytest.approx([0.28, 0.9], abs=0.015)


def test_positions_head_2_reads_the_position_more_than_the_word() -> None:
    first, second = both("positions", 8, "About four fifths")
    shares = added(first.model, first.text).shares
    assert shares[first.head] == pytest.approx(1 / 3, abs=0.05)
    assert shares[second.head] == pytest.approx(4 / 5, abs=0.05)


def test_positions_joining_would_double_the_layers_weights() -> None:
    at, _ = both("positions", 9, "Twice as many")
    cost = added(at.model, at.text).cost
    network = load(at.model).model
    doubled = 0  # counted once more, matrix by matrix: the side that is d becomes 2d
    for module in network.encoder.modules():
        if isinstance(module, torch.nn.Linear):
            out, into = module.weight.shape
            reads = into == network.config.hidden_size
            doubled += out * 2 * into if reads else 2 * out * into
    assert (cost.first, 2 * cost.layers) == (442_368, doubled)
    assert cost.layers == 10_616_832


def rotary_scores(at: SimpleNamespace) -> np.ndarray:
    """(4,): the chosen cell's scores by `stored` and `turns`, with complex numbers."""
    found = of_head(recorded(at.model, at.text), at.layer, at.head)
    d = found.q.shape[1]
    apart = np.arange(d).reshape(2, -1).T  # (pair, 2)
    beside = np.arange(d).reshape(-1, 2)
    theta = 10_000.0 ** (-2 * np.arange(d // 2) / d)
    scores = []
    for columns in (np.arange(d), apart.ravel()):
        for pairs in (apart, beside):
            q, k = (
                (part[columns][pairs] @ np.array([1, 1j])) * np.exp(1j * place * theta)
                for part, place in ((found.q[at.query], at.query), (found.k[at.key], at.key))
            )
            scores.append(float((q * k.conj()).real.sum()) * found.scaling)
    return np.array(scores)


def test_positions_both_conventions_of_rope_give_one_score() -> None:
    before, after = both("positions", 10, "2.110 again")
    assert (before.stored, before.turns, after.stored, after.turns) == (
        *("half", "half"),
        *("neighbours", "neighbours"),
    )
    scores = rotary_scores(before)
    assert scores[[0, 3]] == pytest.approx(2.110, abs=0.0005)
    trace = recorded(before.model, before.text)
    words = trace.tokens[before.query], trace.tokens[before.key]
    assert words == ("robot", "i")


def test_positions_the_wrong_convention_spares_only_a_token_with_itself() -> None:
    before, after = both("positions", 11, "With “robot” itself")
    assert (before.stored, before.turns) == (after.stored, after.turns) == ("neighbours", "half")
    scores = rotary_scores(before)
    assert scores[[0, 2]] == pytest.approx([2.110, 0.837], abs=0.0005)
    assert after.query == after.key
    assert rotary_scores(after) == pytest.approx(1.958, abs=0.0005)
    for key in (0, 1, 2, 3, 5):
        right, *_, wrong, _ = rotary_scores(SimpleNamespace(**{**vars(before), "key": key}))
        assert abs(right - wrong) > 0.1


def head_of(at: SimpleNamespace) -> OneHead:
    block = record(at.model, at.text).block("encoder", at.layer)
    return of_block(block, at.head, mask=at.mask, divide=at.scale)


def test_heads_the_first_token_passes_on_a_tenth() -> None:
    at, _ = both("heads", 9, "About a tenth")
    layers = [first_token(block) for block in record(at.model, at.text).layers("encoder")]
    assert mean_weight(layers) == pytest.approx(0.5, abs=0.005)
    passed = np.concatenate([one.passed for one in layers])
    assert passed.mean() == pytest.approx(0.09, abs=0.005)
    ratio = np.concatenate([one.first / one.others for one in layers])
    assert np.median(ratio) == pytest.approx(0.05, abs=0.005)


def test_scores_behind_the_causal_mask_the_cat_rises() -> None:
    before, after = (head_of(at).steps for at in both("scores", 1, "Rise"))
    at, _ = both("scores", 1)
    cell = at.query, at.key
    assert before.weights[cell] == pytest.approx(0.5857, abs=5e-5)
    assert after.weights[cell] == pytest.approx(0.6320, abs=5e-5)
    assert after.scaled[cell] == before.scaled[cell] == pytest.approx(3.37, abs=0.005)
    sums = [np.exp(one.masked[at.query].astype(np.float64)).sum() for one in (before, after)]
    assert sums == pytest.approx([49.52, 45.89], abs=0.005)


def test_heads_three_products_are_half_of_the_score() -> None:
    at, _ = both("heads", 8, "Three")
    block = record(at.model, at.text).block("encoder", at.layer)
    products = block.q[at.head, at.query].astype(float) * block.k[at.head, at.key]
    largest = np.argsort(-products)
    assert largest[:3].tolist() == [0, 2, 7]
    assert products.sum() == pytest.approx(19.05, abs=0.005)
    assert products[largest[:2]].sum() < products.sum() / 2 < products[largest[:3]].sum()
    assert products[largest[:3]] == pytest.approx([4.79, 3.75, 2.79], abs=0.01)
    assert (products.size, (products < 0).sum()) == (32, 13)
    assert products[products < 0].sum() == pytest.approx(-6.24, abs=0.005)


def test_scores_without_the_division_one_key_takes_nearly_all() -> None:
    at, _ = both("scores", 2, "Less even: one key takes nearly all")
    before, after = (head_of(one).steps for one in both("scores", 2))
    assert before.scaling == pytest.approx(1 / 5.66, abs=1e-3)
    assert after.weights[at.query, at.key] > 0.99
    assert (after.weights.max(axis=1) > before.weights.max(axis=1)).all()


def test_scores_equal_vectors_share_evenly() -> None:
    from models.core.by_hand import steps, worked_example

    before, after = both("scores", 3, "One half each for “yemek” and “yedik”")
    own, hand = worked_example(), decode(after.matrix)
    assert not before.matrix
    assert [own.x[1].tolist(), own.x[2].tolist(), hand.x[1].tolist()] == [[2, -1], [2, 1], [2, 1]]
    shared = of_steps(steps(hand), mask=after.mask, divide=after.scale).steps.weights[after.query]
    np.testing.assert_allclose(shared, [0, 0.5, 0.5], atol=1e-3)


def test_scores_random_products_spread_as_the_root_of_their_components() -> None:
    at, _ = both("scores", 4, "About 4 times as wide")
    few, many = scaling.random_scores(32), scaling.random_scores(512)
    assert [few.spread, many.spread] == pytest.approx([5.63, 22.62], abs=0.005)
    assert many.spread / few.spread == pytest.approx(4, rel=0.05)
    free = few.undivided, many.undivided
    assert [one.largest for one in free] == pytest.approx([0.77, 0.95], abs=0.005)
    assert [one.slope for one in free] == pytest.approx([0.020, 0.004], abs=0.0005)
    assert few.divided.largest == pytest.approx(many.divided.largest, abs=0.015)
    assert few.divided.slope == pytest.approx(many.divided.slope, abs=0.001)
    heads = scaling.of_all_heads(record(at.model, at.text), "encoder")
    low, _, high = scaling.quantiles(heads)  # what Careful says of them
    assert [low, high] == pytest.approx([0.77, 9.97], abs=0.005)


def test_scores_masked_scores_of_0_are_not_nothing() -> None:
    at, shown = both("scores", 5, "About 6 % of the row")
    one = head_of(at)
    row = np.exp(one.own.masked[at.query].astype(np.float64))
    hidden = np.isneginf(one.steps.masked[at.query])
    assert (int(hidden.sum()), len(row)) == (3, 10)
    assert row[~hidden].sum() == pytest.approx(45.89, abs=0.005)
    assert 3 / (row[~hidden].sum() + 3) == pytest.approx(0.0614, abs=5e-5)
    assert row[~hidden].sum() / row.sum() == pytest.approx(0.9268, abs=5e-5)
    tokens = record(at.model, at.text).tokens
    assert (tokens[shown.key], int(hidden.argmax())) == ("was", shown.key)
    row[shown.key] = row[at.key]
    assert row[~hidden].sum() / row.sum() == pytest.approx(0.5858, abs=5e-5)


def test_glossary_a_score_can_be_negative_a_weight_cannot() -> None:
    from models.core.by_hand import steps, worked_example

    both("glossary", 1, "A score")
    found = of_steps(steps(worked_example())).steps
    assert found.raw.min() < 0 <= found.weights.min()
    np.testing.assert_allclose(found.weights.sum(axis=1), 1, atol=1e-6)
