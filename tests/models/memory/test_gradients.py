"""Gradients of the three networks: against finite differences, and factor by factor."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from models.catalog import load
from models.errors import EmptyText, OnlyUnknown, OutOfRange, TextTooLong, TooManyCharacters
from models.memory import gradients as topic
from models.memory import jacobian_paths
from models.memory.gradients import MOST, NETWORKS, SEEDS, Gradients, drawn, gradients
from models.trace import Floats
from tests.closeness import CLOSE, assert_close

TEXT = "CABHGDEFAB?"
LAST = len(TEXT) - 1
ALL = pytest.mark.parametrize("name", NETWORKS)
EVERY = pytest.mark.parametrize("distance", range(LAST + 1))


@pytest.fixture(scope="module", params=range(SEEDS))
def found(request: pytest.FixtureRequest) -> Gradients:
    return gradients(TEXT, request.param)


def words(name: str, seed: int) -> tuple[object, Tensor]:
    """The float64 network and the text's vectors, (1, n, in)."""
    model = topic._model(name, seed)
    ids = torch.tensor([load(NETWORKS[name]).encode(TEXT).ids])
    return model, model.get_input_embeddings()(ids)


@ALL
@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_jacobian_is_the_finite_difference(name: str, seed: int, found: Gradients) -> None:
    model, x = words(name, seed)
    jacobians = topic.jacobians(model, x)
    step = 1e-5
    random = np.random.default_rng(seed)
    with torch.inference_mode():
        for place in range(LAST + 1):
            direction = torch.from_numpy(random.normal(size=x.shape[-1]))
            moved = torch.zeros_like(x)
            moved[0, place] = step * direction
            ahead, behind = (model.states(x + sign * moved)[0, -1] for sign in (1, -1))  # type: ignore[attr-defined]
            difference = ((ahead - behind) / (2 * step)).numpy()
            told = jacobians[place] @ direction.numpy()
            # Central differences in float64: an error of about step² and 1e-16 / step.
            assert np.abs(difference - told).max() <= 1e-6 * max(1.0, np.abs(told).max())


@ALL
def test_the_size_is_the_largest_singular_value(name: str, found: Gradients) -> None:
    jacobians = topic.jacobians(*words(name, found.seed))
    sizes = np.sqrt([np.linalg.eigvalsh(j.T @ j)[-1] for j in jacobians])
    np.testing.assert_allclose(found.norms[name], sizes, rtol=1e-6, atol=1e-12)


def test_the_float64_copies_compute_what_the_models_do(found: Gradients) -> None:
    assert 0 < found.difference.relative <= CLOSE


@EVERY
def test_the_rnns_gradient_is_the_product_of_its_factors(distance: int, found: Gradients) -> None:
    chain = jacobian_paths.recurrent(found.rnn, distance)
    own = found.norms["rnn"][LAST - distance]
    assert len(chain.factors) == distance + 1
    assert chain.product == pytest.approx(own, rel=1e-9)
    assert chain.norm == pytest.approx(own, rel=1e-9)
    sigma = np.linalg.norm(found.rnn.u, 2)
    assert (chain.matrix[1:] <= sigma * (1 + 1e-12)).all()
    assert ((chain.slope > 0) & (chain.slope <= 1)).all()


def lstm_jacobians(model: object, x: Floats, *, fixed_gates: bool) -> Floats:
    """(n, unit, in) by backpropagation through time in numpy; fixed_gates: along c alone."""
    module = model.recurrent  # type: ignore[attr-defined]
    w, u = module.weight_ih_l0.numpy(), module.weight_hh_l0.numpy()
    b = (module.bias_ih_l0 + module.bias_hh_l0).numpy()
    units = u.shape[1]
    h = c = np.zeros(units)
    steps = []
    for x_t in x:
        z = (w @ x_t + u @ h + b).reshape(4, units)
        i, f, o = (1 / (1 + np.exp(-z[n])) for n in (0, 1, 3))
        g = np.tanh(z[2])
        # dc/dz, dh/dz of this step, gate by gate
        by_gate = np.stack([g * i * (1 - i), c * f * (1 - f), i * (1 - g * g), np.zeros(units)])
        c = f * c + i * g
        show = o * (1 - np.tanh(c) ** 2)
        shown = np.tanh(c) * o * (1 - o)
        h = o * np.tanh(c)
        steps.append((f, by_gate, show, shown))
    to_c, to_h = np.zeros((units, units)), np.eye(units)  # d h_n / d (c_t, h_t)
    found = []
    for f, by_gate, show, shown in reversed(steps):
        reach_c = to_c + to_h * show
        gates = [reach_c * by_gate[n] for n in range(3)]
        gates.append(np.zeros_like(to_h) if fixed_gates else to_h * shown)
        through = np.concatenate(gates, axis=1)
        found.append(through @ w)
        to_c = reach_c * f
        to_h = np.zeros_like(to_h) if fixed_gates else through @ u
    return np.array(found[::-1])


@EVERY
def test_the_way_along_the_cell_is_part_of_the_lstms_gradient(
    distance: int, found: Gradients
) -> None:
    model, x = words("lstm", found.seed)
    place = LAST - distance
    whole = lstm_jacobians(model, x[0].numpy(), fixed_gates=False)[place]
    direct = lstm_jacobians(model, x[0].numpy(), fixed_gates=True)[place]
    path = jacobian_paths.along_cell(found.lstm, distance)
    assert np.linalg.norm(whole, 2) == pytest.approx(found.norms["lstm"][place], rel=1e-9)
    assert np.linalg.norm(direct, 2) == pytest.approx(path.whole, rel=1e-9)
    ways = np.linalg.norm(direct, axis=1)
    assert path.unit == ways.argmax()
    assert path.product == pytest.approx(ways.max(), rel=1e-9)
    assert len(path.kept) == distance
    assert np.prod(path.kept) == pytest.approx(path.kept_by_all[path.unit])


@EVERY
def test_attentions_gradient_is_one_step_of_all_heads(distance: int, found: Gradients) -> None:
    look = jacobian_paths.look(found.attention, distance)
    assert look.whole == pytest.approx(found.norms["attention"][LAST - distance], rel=1e-9)
    assert look.head == look.passed.argmax()
    # A product's norm lies within the triangle that its two parts make.
    most = look.alpha * (look.by_value + look.by_score)
    least = look.alpha * np.abs(look.by_value - look.by_score)
    assert ((least <= look.passed * (1 + 1e-9)) & (look.passed <= most * (1 + 1e-9))).all()


def test_attentions_weights_are_those_that_the_model_records(found: Gradients) -> None:
    from models.record import record

    weights = record(NETWORKS["attention"], TEXT).blocks[0].weights[:, -1]
    mine = gradients(TEXT, 0).attention.weights
    assert_close(mine, weights)
    assert found.attention.weights.sum(axis=1) == pytest.approx(1)


def test_gradients_vanish_in_the_rnn_and_reach_back_in_one_step_of_attention() -> None:
    far = gradients(drawn(60))
    first = {name: norms[0] for name, norms in far.norms.items()}
    assert first["rnn"] < 1e-15 < 1e-9 < first["lstm"] < 1e-1 < 1 < first["attention"]
    assert far.asked
    assert far.answers["lstm"] == far.answers["attention"] == far.tokens[0]


@pytest.mark.parametrize("text", ["A", "?", "AAAA", "A?B?", "AxB?"])
def test_any_text_of_known_symbols_can_be_read(text: str) -> None:
    made = gradients(text)
    assert made.tokens == tuple("<unk>" if c == "x" else c for c in text)
    assert all(
        np.isfinite(norms).all() and len(norms) == len(text) for norms in made.norms.values()
    )
    assert not made.asked
    for distance in range(len(text)):
        jacobian_paths.recurrent(made.rnn, distance)
        jacobian_paths.along_cell(made.lstm, distance)
        jacobian_paths.look(made.attention, distance)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("  ", EmptyText),
        ("xyz", OnlyUnknown),
        ("A" * (MOST + 1), TextTooLong),
        ("A" * 10_001, TooManyCharacters),
    ],
)
def test_what_cannot_be_read_is_an_input_error(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        gradients(text)


def test_a_long_text_is_cut_on_request() -> None:
    made = gradients("AB" * MOST, cut=True)
    assert made.cut
    assert len(made.tokens) == len(made.norms["rnn"]) == MOST


def test_there_is_no_fourth_seed() -> None:
    with pytest.raises(OutOfRange):
        gradients(TEXT, SEEDS)


@pytest.mark.parametrize("distance", [-1, LAST + 1])
def test_a_distance_outside_the_text_is_refused(distance: int) -> None:
    made = gradients(TEXT)
    with pytest.raises(IndexError):
        jacobian_paths.recurrent(made.rnn, distance)
    with pytest.raises(IndexError):
        jacobian_paths.along_cell(made.lstm, distance)
    with pytest.raises(IndexError):
        jacobian_paths.look(made.attention, distance)


def test_a_drawn_text_is_the_task_and_always_the_same() -> None:
    assert drawn(20) == drawn(20) != drawn(20, 1)
    assert len(drawn(20)) == 22
    assert drawn(0)[-1] == "?"
