"""What was measured: the layers compute what they are called, the file says where and when."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from models.core.arrays import Floats, difference, read_only
from models.cost import measure
from models.cost.timings import RUNS, Run, TimedCurve, Timings, read, stored, written


def inputs(n: int) -> tuple[Floats, ...]:
    """q, k, v of `measure.layer`: (n, d) each, in float64."""
    torch.manual_seed(0)
    return tuple(
        part[0, 0].double().numpy() for part in torch.randn(3, 1, 1, n, measure.WIDTH).unbind(0)
    )


def softmax(scores: Floats) -> Floats:
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(e / e.sum(-1, keepdims=True))


def expected(name: Run, n: int, r: int) -> Floats:
    """The same in float64 by whole n × n matrices: (n, d)."""
    q, k, v = inputs(n)
    scores = q @ k.T / np.sqrt(measure.WIDTH)
    if name == "windowed":
        back = np.arange(n)[:, None] - np.arange(n)
        scores[(back < 0) | (back >= r)] = -np.inf
    if name == "linear":
        phi_q, phi_k = (np.where(x > 0, x + 1, np.exp(np.minimum(x, 0))) for x in (q, k))
        weights = phi_q @ phi_k.T
        return np.asarray(weights / weights.sum(-1, keepdims=True) @ v)
    return np.asarray(softmax(scores) @ v)


@pytest.mark.parametrize("name", ["full", "fused", "windowed", "linear"])
@pytest.mark.parametrize(("n", "r"), [(64, 16), (16, 64)])
def test_each_layer_computes_what_it_is_called(name: Run, n: int, r: int) -> None:
    with torch.inference_mode():
        found = measure.layer(name, n, r=r)()[0, 0].numpy()
    assert difference(found, expected(name, n, min(r, n))).rounding


def test_the_rnn_reads_token_by_token() -> None:
    """h_t = tanh(W x_t + U h_{t−1} + b), step by step."""
    with torch.inference_mode():
        states = measure.layer("rnn", 12)().numpy()
        torch.manual_seed(0)
        x = torch.randn(3, 1, 1, 12, measure.WIDTH)[0, 0, 0]
        network = torch.nn.RNN(measure.WIDTH, measure.WIDTH)
        w, u, b, c = (part.double() for part in network.parameters())
        h = torch.zeros(measure.WIDTH, dtype=torch.float64)
        for at, token in enumerate(x.double()):
            h = torch.tanh(w @ token + u @ h + b + c)
            assert difference(states[at], h.numpy()).rounding


def test_a_quick_measurement_has_every_curve_and_goes_through_its_file() -> None:
    threads = torch.get_num_threads()
    found = measure.measure((16, 32), 1, enough=0, fewest=1)
    assert torch.get_num_threads() == threads
    assert found.lengths == (16, 32)
    assert set(found.curves) == set(RUNS)
    again = read(json.loads(json.dumps(written(found))))
    for name in RUNS:
        assert (again.curves[name].bytes == found.curves[name].bytes).all()
        assert again.curves[name].seconds == pytest.approx(found.curves[name].seconds, rel=1e-3)
    assert (again.machine, again.day, again.torch) == (found.machine, found.day, torch.__version__)


def test_what_a_visitor_measures_runs_in_a_process_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    monkeypatch.setattr(measure, "measure", None)  # this process has no part in it
    found = measure.anew(limit=0.5)
    assert found.lengths == measure.LENGTHS[: len(found.lengths)]
    assert set(found.curves) == set(RUNS)
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.get_rng_state(), state)


def test_a_measurement_without_a_result_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "_QUICK", "nothing-such")
    monkeypatch.setattr(measure, "_LONGEST", 0.05)
    with pytest.raises(OSError, match="nothing was measured"):
        measure.anew()


def test_a_measurement_that_takes_too_long_ends_between_two_lengths() -> None:
    found = measure.measure((16, 32, 64), 1, enough=0, fewest=1, limit=0.0)
    assert len(found.lengths) < 3
    assert all(len(curve.seconds) == len(found.lengths) for curve in found.curves.values())


def test_full_attention_holds_two_matrices_and_the_fused_kernel_none() -> None:
    one = stored()
    for n in one.lengths[4:]:
        assert one.bytes("full", n) == pytest.approx(2 * n * n * 4, rel=0.01)
    longest = one.lengths[-1]
    assert one.bytes("fused", longest) < longest**2 * 4 / 10


def timings(full: list[float], rnn: list[float]) -> Timings:
    flat = TimedCurve(read_only(np.ones(3)), read_only(np.ones(3)))
    curves: dict[Run, TimedCurve] = dict.fromkeys(RUNS, flat)
    curves["full"] = TimedCurve(read_only(np.array(full)), flat.bytes)
    curves["rnn"] = TimedCurve(read_only(np.array(rnn)), flat.bytes)
    return Timings((16, 64, 256), 64, 64, "", "", "", curves)


def test_curves_cross_where_their_lines_do() -> None:
    # Slopes 2 and 1 through (64, 64): on logarithmic axes straight lines.
    lengths = np.array([16.0, 64.0, 256.0])
    crossed = timings(list(lengths**2 / 80), list(lengths))
    assert crossed.crossing("full", "rnn") == pytest.approx(80)
    assert crossed.crossing("rnn", "full") is None
    assert timings([2, 2, 2], [1, 1, 1]).crossing("full", "rnn") is None
    assert timings([1, 1, 1], [2, 2, 2]).crossing("full", "rnn") is None


def test_curves_of_other_lengths_are_refused() -> None:
    short = TimedCurve(read_only(np.ones(2)), read_only(np.ones(2)))
    with pytest.raises(ValueError, match="not 3 lengths"):
        Timings((1, 2, 3), 64, 64, "", "", "", dict.fromkeys(RUNS, short))
    with pytest.raises(LookupError):
        read({"lengths": [1], "curves": {}})
