"""Layer norm of one number (Ba, Kiros & Hinton 2016)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from viz.formula.writer import Writer


@dataclass(frozen=True, slots=True)
class Normed:
    """(x − μ) / √(σ² + ε) · γ + β, in float64; variance: σ², without ε."""

    x: float
    mean: float
    variance: float
    epsilon: float
    gain: float
    bias: float

    @property
    def value(self) -> float:
        """What comes out."""
        spread = np.sqrt(self.variance + self.epsilon)
        return float(self.gain * (self.x - self.mean) / spread + self.bias)

    def fraction(self, w: Writer, epsilon: str, digits: int) -> str:
        """(x − μ) / √(σ² + ε) with numbers. epsilon: as it is written; digits: of σ²."""
        apart = f"{w.number(self.x)} - {w.factor(self.mean)}"
        return rf"\frac{{{apart}}}{{\sqrt{{{w.number(self.variance, digits)} + {epsilon}}}}}"
