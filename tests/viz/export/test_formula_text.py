"""Formulas where nothing draws LaTeX: slides and the speaker's window."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.export.formula_text import readable

READ = {
    r"\alpha_{ij} = \frac{\exp(s_{ij})}{\sum_k \exp(s_{ik})}": "αᵢⱼ = exp(sᵢⱼ)/(∑ₖ exp(sᵢₖ))",
    r"QK^\top/\sqrt{d_k}": "QKᵀ/√dₖ",
    r"QK^T / \sqrt{64} = 8": "QKᵀ / √64 = 8",
    r"8{,}53 \cdot 10^{-8}": "8,53 · 10⁻⁸",
    r"\textcolor{#0072B2}{q} \cdot \textcolor{#D55E00}{k}": "q · k",
    r"\text{ığdır} + \mathrm{softmax}(x)": "ığdır + softmax(x)",
    r"h_t = \tanh(W_h h_{t-1} + b)": "hₜ = tanh(Wₕ hₜ₋₁ + b)",
    r"W_Q\,x \in \mathbb{R}^{d}": "W_Q x ∈ Rᵈ",
    r"\left( a \right)^2": "( a )²",
    r"2^{n+\beta}": "2^(n+β)",
}


@pytest.mark.parametrize("tex", READ)
def test_a_formula_is_read_in_signs(tex: str) -> None:
    assert readable(tex) == READ[tex]


@given(st.text("\\{}^_ab12 fracsqrtxt#", max_size=60))
def test_no_text_breaks_it_and_no_command_is_left(tex: str) -> None:
    assert "\\" not in readable(tex)


def test_what_is_no_formula_of_anybody_stays_as_it_is() -> None:
    for tex in ("{" * 1_999, "x" * 2_001, r"\frac" * 400):
        assert isinstance(readable(tex), str)
