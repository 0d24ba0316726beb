"""What is left of a cell state is what torch's gradient says, and learning needs it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from models.lstm.forget_bias import kept, measured, opened
from models.training import forget_bias, memory
from tests.present import present


@pytest.mark.parametrize(("bias", "share"), [(0, 0.001), (1, 0.04), (2, 0.28)])
def test_ten_steps_leave_what_torchs_gradient_through_the_cell_state_says(
    bias: int, share: float
) -> None:
    cell = nn.LSTMCell(1, 1).double()
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.zero_()
        cell.bias_ih[1] = bias  # i, f, g, o: nothing but the bias opens the gate
    first = c = torch.zeros(1, 1, dtype=torch.double, requires_grad=True)
    h = torch.zeros(1, 1, dtype=torch.double)
    for _ in range(10):
        h, c = cell(torch.zeros(1, 1, dtype=torch.double), (h, c))
    c.sum().backward()  # type: ignore[no-untyped-call]
    assert kept(bias, 10) == pytest.approx(float(present(first.grad)), rel=1e-9)
    assert kept(bias, 10) == pytest.approx(share, rel=0.1)
    assert opened(bias) == pytest.approx(1 / (1 + np.exp(-bias)))


def test_the_curves_are_whole_and_begin_at_chance() -> None:
    found = present(measured())
    assert tuple(found.accuracy) == forget_bias.BIASES
    assert found.steps == tuple(range(0, forget_bias.STEPS + 1, forget_bias.EVERY))
    assert found.distractors == forget_bias.DISTRACTORS
    for seeds in found.accuracy.values():
        assert seeds.shape == (len(forget_bias.SEEDS), len(found.steps))
        assert seeds[:, 0].mean() == pytest.approx(found.chance, abs=0.08)
    assert found.steps[found.learned()] <= 300


def test_a_few_steps_with_the_largest_bias_come_out_as_they_were_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(forget_bias, "STEPS", forget_bias.EVERY)
    written = present(measured()).accuracy[2.0][0, :2]
    assert forget_bias.learned(2.0, 0) == pytest.approx(written.tolist(), abs=2.5 / memory.ROWS)


def test_all_forget_gates_begin_at_the_bias_and_nothing_else_does() -> None:
    plain, begun = memory.lstm(), forget_bias.begun(2.0, 0)
    units = 48
    for name in ("bias_ih_l0", "bias_hh_l0"):
        parameter = getattr(begun.recurrent, name).detach()
        assert (parameter[units : 2 * units] == 1).all()
        assert parameter[:units].abs().max() < 0.2
    assert sum(p.numel() for p in plain.parameters()) == sum(p.numel() for p in begun.parameters())
