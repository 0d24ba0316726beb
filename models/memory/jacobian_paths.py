"""Along which path a gradient goes back, and what it is multiplied with on the way. Numpy only.

In each of the three networks s_n is the last state, x_t the vector of an earlier word, and
∂s_n/∂x_t the Jacobian matrix. Its size is its 2-norm, the largest singular value: how far the
last state moves at the most when x_t moves by 1.
RNN:  ∂h_n/∂x_t = D_n U · D_{n−1} U ⋯ D_{t+1} U · D_t W,  D_k = diag(1 − h_k²)
      (Bengio, Simard and Frasconi 1994; Pascanu, Mikolov and Bengio 2013, eq. 5)
LSTM: along the cell alone  o_n ⊙ tanh′(c_n) ⊙ f_n ⊙ ⋯ ⊙ f_{t+1} ⊙ ∂c_t/∂x_t
      (Hochreiter and Schmidhuber 1997; the gates taken as fixed after step t)
Attention: Σ_heads α_t · W_O [W_V + (v_t − o)·(q·W_K)/√d] · N_t, N_t the norm's own Jacobian
All in float64: the RNN's gradients leave float32 after about a hundred steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.core.attention import softmax
from models.trace import Floats, read_only


@dataclass(frozen=True, slots=True, eq=False)
class TanhRun:
    """An RNN's pass: h (step, unit); w (unit, in), u (unit, unit)."""

    h: Floats
    w: Floats
    u: Floats


@dataclass(frozen=True, slots=True, eq=False)
class CellRun:
    """An LSTM's pass: i, f, g, o, c (step, unit); w (4·unit, in), rows in the order i, f, g, o."""

    i: Floats
    f: Floats
    g: Floats
    o: Floats
    c: Floats
    w: Floats


@dataclass(frozen=True, slots=True, eq=False)
class LookRun:
    """A layer of attention as its last query sees it, all heads; `width` is the model's.

    normed: (n, width) (x − mean) / spread of each word; spread: (n,); gamma, beta: (width,) of
    the norm. w_q, w_k, w_v: (head, d, width), w_o: (head, width, d): without biases.
    """

    normed: Floats
    spread: Floats
    gamma: Floats
    beta: Floats
    w_q: Floats
    w_k: Floats
    w_v: Floats
    w_o: Floats

    @property
    def inputs(self) -> Floats:
        """(n, width): what the heads read."""
        return self.normed * self.gamma + self.beta

    @property
    def weights(self) -> Floats:
        """(head, n): α of the last query."""
        x, d = self.inputs, self.w_q.shape[1]
        scores = np.einsum("hd,hnd->hn", self.w_q @ x[-1], x @ self.w_k.swapaxes(1, 2)) / d**0.5
        return softmax(scores)


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """A product of matrices followed along the one direction that it stretches most.

    matrix, slope: (step,) oldest first, how much each step's matrix and then its tanh′ stretch
    the vector that is on the way; norm: of the whole product, from its singular values.
    """

    matrix: Floats
    slope: Floats
    norm: float

    @property
    def factors(self) -> Floats:
        """(step,): what each step multiplies with."""
        return self.matrix * self.slope

    @property
    def product(self) -> float:
        """All factors together: `norm` once more, one factor after the other."""
        return float(np.prod(self.factors))


def chain(u: Floats, slopes: Floats, first: Floats | None = None) -> Chain:
    """D_k·U ⋯ D_1·first; slopes: (step, unit), the Ds; first: U where None. ValueError: no step."""
    if not len(slopes):
        raise ValueError("a chain has at least one step")
    matrices = [u if first is None else first, *[u] * (len(slopes) - 1)]
    whole = np.eye(matrices[0].shape[1])
    for matrix, slope in zip(matrices, slopes, strict=True):
        whole = slope[:, None] * (matrix @ whole)
    _, sizes, directions = np.linalg.svd(whole, full_matrices=False)
    vector, stretched = directions[0], []
    for matrix, slope in zip(matrices, slopes, strict=True):
        after = matrix @ vector
        by_matrix = np.linalg.norm(after)
        vector = slope * after
        size = np.linalg.norm(vector)
        stretched.append((by_matrix, size / by_matrix if by_matrix else 0.0))
        vector = vector / size if size else vector
    factors = np.array(stretched)
    return Chain(factors[:, 0], factors[:, 1], float(sizes[0]))


def slopes(h: Floats) -> Floats:
    """(…) → (…): tanh′ where tanh gave h: 1 − h²."""
    return 1 - h * h


def recurrent(run: TanhRun, distance: int) -> Chain:
    """∂h_n/∂x_t as a chain, t so many steps before the last. IndexError: not in the text."""
    start = _place(len(run.h), distance)
    return chain(run.u, slopes(run.h[start:]), run.w)


@dataclass(frozen=True, slots=True, eq=False)
class CellPath:
    """The way along the cell state from x_t to h_n.

    unit: the one whose own way is widest; kept: (step,) its f on the way, oldest first;
    end: its o·tanh′(c) at the last step; start: ‖∂c_t/∂x_t‖ of its row; whole: 2-norm of all
    units' ways together; kept_by_all: (unit,) ∏ f of every unit.
    """

    unit: int
    kept: Floats
    end: float
    start: float
    whole: float
    kept_by_all: Floats

    @property
    def product(self) -> float:
        """The unit's own way: end · ∏ f · start."""
        return self.end * float(np.prod(self.kept)) * self.start


def along_cell(run: CellRun, distance: int) -> CellPath:
    """The direct way, so many steps before the last. IndexError: not in the text."""
    t = _place(len(run.c), distance)
    before = run.c[t - 1] if t else np.zeros_like(run.c[0])
    w_i, w_f, w_g, _ = np.split(run.w, 4)
    i, f, g = run.i[t], run.f[t], run.g[t]
    start = (
        (before * f * (1 - f))[:, None] * w_f
        + (g * i * (1 - i))[:, None] * w_i
        + (i * (1 - g * g))[:, None] * w_g
    )
    end = run.o[-1] * (1 - np.tanh(run.c[-1]) ** 2)
    kept = run.f[t + 1 :]
    ways = (end * kept.prod(axis=0))[:, None] * start
    unit = int(np.linalg.norm(ways, axis=1).argmax())
    return CellPath(
        unit,
        kept[:, unit],
        float(end[unit]),
        float(np.linalg.norm(start[unit])),
        float(np.linalg.norm(ways, 2)),
        kept.prod(axis=0),
    )


@dataclass(frozen=True, slots=True, eq=False)
class AttentionPath:
    """The one step from x_t to the last state. head: the one that passes most on.

    alpha: (head,); by_value, by_score: (head,) 2-norms of W_O·W_V·N and of
    W_O·(v_t − o)·(q·W_K)/√d·N; passed: (head,) of α times both together; whole: of all heads
    together, and at distance 0 also of what x_n passes on as itself and as the query.
    """

    head: int
    alpha: Floats
    by_value: Floats
    by_score: Floats
    passed: Floats
    whole: float


def look(run: LookRun, distance: int) -> AttentionPath:
    """What attention passes on in one step. IndexError: not in the text."""
    t = _place(len(run.normed), distance)
    x, alpha, d = run.inputs, run.weights, run.w_q.shape[1]
    v, k = x @ run.w_v.swapaxes(1, 2), x @ run.w_k.swapaxes(1, 2)  # (head, n, d)
    mixed = np.einsum("hn,hnd->hd", alpha, v)
    asked = np.einsum("hd,hdw->hw", run.w_q @ x[-1], run.w_k) / d**0.5
    norm = _norm_jacobian(run, t)
    by_value = run.w_o @ run.w_v @ norm
    moved = np.einsum("hwd,hd->hw", run.w_o, v[:, t] - mixed)
    by_score = np.einsum("hw,he->hwe", moved, asked) @ norm
    passed = alpha[:, t, None, None] * (by_value + by_score)
    whole = passed.sum(axis=0)
    if distance == 0:
        mean_k = np.einsum("hn,hnd->hd", alpha, k)
        spread = np.einsum("hn,hnd,hne->hde", alpha, v, k - mean_k[:, None]) / d**0.5
        whole = whole + np.eye(len(whole)) + (run.w_o @ spread @ run.w_q).sum(axis=0) @ norm
    sizes = np.linalg.norm(passed, 2, axis=(1, 2))
    return AttentionPath(
        int(sizes.argmax()),
        alpha[:, t],
        np.linalg.norm(by_value, 2, axis=(1, 2)),
        np.linalg.norm(by_score, 2, axis=(1, 2)),
        sizes,
        float(np.linalg.norm(whole, 2)),
    )


def _norm_jacobian(run: LookRun, t: int) -> Floats:
    """(width, width): how LayerNorm's output moves with its input (Ba, Kiros and Hinton 2016)."""
    y, width = run.normed[t], run.normed.shape[1]
    inner: Floats = np.eye(width) - 1 / width - np.outer(y, y) / width
    return read_only(run.gamma[:, None] * inner / run.spread[t])


def _place(steps: int, distance: int) -> int:
    if not 0 <= distance < steps:
        raise IndexError(f"distance {distance} is not in 0..{steps - 1}")
    return steps - 1 - distance
