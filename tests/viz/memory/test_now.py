"""The memory page's sentences: gradients from differences, products and means worked out anew."""

from __future__ import annotations

import numpy as np
import pytest

from models.memory import jacobian_paths, products, recall
from models.memory.gradients import NETWORKS, drawn, gradients
from models.memory.steps import Nonlinearity
from tests.present import present
from tests.viz.sentences import BOTH, per_cent, quoted, read, style, told
from viz.board.notation import Notation
from viz.memory import now
from viz.memory.gradients import Way
from viz.memory.products import Products

FOUND = gradients(drawn(20))
LAST = len(FOUND.tokens) - 1


def way(distance: int) -> Way:
    chain = jacobian_paths.recurrent(FOUND.rnn, distance)
    cell = jacobian_paths.along_cell(FOUND.lstm, distance)
    look = jacobian_paths.look(FOUND.attention, distance)
    norms = {name: values[::-1] for name, values in FOUND.norms.items()}
    alpha = FOUND.attention.weights[look.head][::-1]
    return Way(
        FOUND.typed[::-1], norms, distance, chain.factors, cell.kept, cell.unit, alpha, look.head
    )


def digits(language: str, value: float) -> str:
    """Three significant digits, in powers of ten below a thousandth: from Python's own format."""
    write = Notation("," if language == "tr" else ".")
    small = value != 0 and not 1e-3 <= value < 1e4
    return write.scientific(value, 2) if small else write.significant(value, 3)


def rnn_gradient(distance: int) -> float:
    """The 2-norm of the product of Jacobians, multiplied out."""
    run = FOUND.rnn
    start = len(run.h) - 1 - distance
    whole = (1 - run.h[start] ** 2)[:, None] * run.w
    for h in run.h[start + 1 :]:
        whole = (1 - h**2)[:, None] * (run.u @ whole)
    return float(np.linalg.norm(whole, 2))


@BOTH
@pytest.mark.parametrize("distance", [0, 1, 7, LAST])
def test_it_tells_how_far_a_token_still_moves_the_last_state(distance: int, language: str) -> None:
    said, then = now.gradients(way(distance), style(language, "memory.now"))
    name = "gradients" if distance else "gradients_here"
    sizes = {n: digits(language, float(FOUND.norms[n][-1 - distance])) for n in NETWORKS}
    sizes["rnn"] = digits(language, rnn_gradient(distance))
    word = quoted(FOUND.typed[-1 - distance])
    told_said = told(language, f"memory.now.{name}", word=word, distance=distance, **sizes)
    assert read(said) == told_said
    ends = "gradients_last" if distance == LAST else "gradients_then"
    assert read(then) == told(language, f"memory.now.{ends}")


@BOTH
@pytest.mark.parametrize("place", [0, -1])
def test_recall_is_the_mean_of_the_seeds(place: int, language: str) -> None:
    recalls = present(recall.measured(NETWORKS))
    one = recalls["lstm"]
    at = range(len(one.distractors))[place]
    said, then = now.recall(recalls, at, style(language, "memory.now"))
    shares = {
        name: per_cent(language, sum(rows[at] for rows in found.seeds.tolist()) / len(found.seeds))
        for name, found in recalls.items()
    }
    chance = {"en": "12.5 %", "tr": "%12,5"}[language]
    count = one.distractors[place]
    assert read(said) == told(language, "memory.now.recall", count=count, chance=chance, **shares)
    assert read(then) == told(language, f"memory.now.recall_{'last' if place else 'then'}")


@BOTH
@pytest.mark.parametrize("distance", [0, 1, 9])
@pytest.mark.parametrize("kind", products.NONLINEARITIES)
def test_the_products_are_multiplied_out(distance: int, language: str, kind: Nonlinearity) -> None:
    sides: tuple[products.Activation, ...] = ("linear", kind)
    made: dict[str, products.JacobianProducts] = {
        side: products.products(FOUND, "own", None, activation=side) for side in sides
    }
    norms = {side: one.norms for side, one in made.items()}
    u = FOUND.rnn.u
    sigma = float(np.linalg.norm(u, 2))
    shown = Products(sigma, norms, [], distance, kind, np.ones(len(u)))
    said, _ = now.exploding(shown, style(language, "memory.now"))
    linear = float(np.linalg.norm(np.linalg.matrix_power(u, distance), 2))
    values = {"sigma": f"{sigma:.3f}".replace(".", "," if language == "tr" else ".")}
    values["linear"] = digits(language, linear)
    if distance:
        whole = np.eye(len(u))
        h, slopes = np.zeros(len(u)), []
        for x in FOUND.inputs:
            a = u @ h + FOUND.rnn.w @ x + FOUND.bias
            h = np.tanh(a) if kind == "tanh" else np.where(a > 0, a, 0)
            slopes.append(1 - h**2 if kind == "tanh" else a > 0)
        for slope in slopes[len(slopes) - distance :]:
            whole = slope[:, None] * (u @ whole)
        values["bent"] = digits(language, float(np.linalg.norm(whole, 2)))
    name = f"exploding_{kind}" if distance else "exploding_here"
    assert read(said) == told(language, f"memory.now.{name}", distance=distance, **values)
