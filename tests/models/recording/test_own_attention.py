"""An attention that a family computes by itself: taken apart, or refused."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from models.errors import NotCapturable
from models.recording import capture
from models.recording.flow import Flow
from models.recording.own_attention import ComputedAttention, OwnAttention
from models.recording.score_sum import ScoreSum

Attend = Callable[[Tensor, Tensor, Tensor], Tensor]

N, D, HEADS = 5, 4, 2
CAUSAL = torch.full((N, N), torch.finfo(torch.float32).min).triu(1)
SEEN = torch.ones(N, N).tril()
SLOPES = torch.arange(HEADS * N).reshape(1, HEADS, 1, N) / 7.0


def _scaled(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return (q @ k.transpose(-1, -2) / 2 + CAUSAL).softmax(-1) @ v


def _filled(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    scores = torch.matmul(q, k.transpose(2, 3))
    scores.masked_fill_(SEEN == 0, -1e4)
    return torch.matmul(nn.functional.softmax(scores.float(), dim=-1), v)


def _multiplied(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    scores = q @ k.transpose(-1, -2) * SEEN - 1e4 * (1 - SEEN)
    return scores.softmax(-1) @ v


def _biased(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    scores = (q @ k.transpose(-1, -2) + SLOPES) * 0.5
    return (scores + CAUSAL).softmax(-1) @ v


def _by_head(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    scores = SLOPES[0].baddbmm(q[0], k[0].transpose(1, 2), beta=1.0, alpha=0.5)
    return torch.bmm(torch.where(SEEN == 1, scores, -1e9).softmax(-1), v[0])


def _letters(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    scores = torch.einsum("bnid,bnjd->bnij", q, k) * 0.5
    return torch.einsum("bnij,bnjd->ibnd", (scores + SLOPES).softmax(-1), v)


def _both_at_once(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    added = 0 + (SLOPES * 2).expand(1, HEADS, N, N)
    added += SLOPES.transpose(2, 3) - 1
    return (q @ k.transpose(-1, -2) + added).softmax(-1) @ v


def _bent(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return (q @ k.transpose(-1, -2)).tanh().softmax(-1) @ v


def _behind_our_back(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    scores = q @ k.transpose(-1, -2)
    with torch._C.DisableTorchFunction():
        scores.mul_(3)
    return scores.softmax(-1) @ v


def _zeroed(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return (q @ k.transpose(-1, -2) * SEEN).softmax(-1) @ v


class Model(nn.Module):
    """One attention of two heads."""

    def __init__(self, attend: Attend) -> None:
        super().__init__()
        self.config: Any = SimpleNamespace(_attn_implementation="eager")
        self.attend = attend

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = x
        return self.attend(q, k, v)


def _records(attend: Attend) -> list[capture.Captured]:
    torch.manual_seed(0)
    return capture.run(Model(attend), {"x": torch.randn(3, 1, HEADS, N, D)}).records


@pytest.mark.parametrize("attend", [_scaled, _filled, _multiplied, _biased, _by_head, _letters])
def test_what_was_taken_apart_gives_the_models_own_output(attend: Attend) -> None:
    (found,) = _records(attend)
    scores = found.query @ found.key.transpose(-1, -2) * found.scaling
    for term in found.terms:
        factor = found.scaling / term.factor if term.scaled else 1.0
        scores = scores + term.values * factor
    if found.mask is not None:
        scores = scores + found.mask
    output = (scores.softmax(-1) @ found.value).transpose(1, 2)
    assert torch.allclose(output, found.output, atol=1e-6)
    assert len(found.terms) == (attend in (_biased, _by_head, _letters))
    assert (found.mask is None) == (attend is _letters)
    if found.mask is not None:
        assert torch.equal(found.mask[0, 0] < 0, SEEN == 0)


def test_a_term_that_a_factor_came_behind_is_scaled_with_the_product() -> None:
    (term,) = _records(_biased)[0].terms
    assert term.scaled
    assert torch.equal(term.values[:, 0], SLOPES[0, :, 0])
    (other,) = _records(_by_head)[0].terms
    assert not other.scaled


def test_terms_that_were_added_to_each_other_first_stay_two() -> None:
    first, second = _records(_both_at_once)[0].terms
    assert torch.equal(first.values[:, :1], 2 * SLOPES[0])
    assert torch.equal(second.values[:, :, :1], SLOPES[0].transpose(1, 2) - 1)


def test_an_operation_that_is_not_known_ends_the_recording() -> None:
    assert _records(_bent) == []


@pytest.mark.parametrize("attend", [_behind_our_back, _zeroed])
def test_scores_that_do_not_give_the_softmax_are_refused(attend: Attend) -> None:
    with pytest.raises(NotCapturable):
        _records(attend)


def test_cells_that_are_zeroed_have_to_be_hidden() -> None:
    scores = ScoreSum(torch.ones(1, 1, N, D), torch.ones(1, 1, N, D)).kept(SEEN.bool())
    assert not scores.settled
    assert scores.masked(SEEN == 0).settled


@pytest.mark.parametrize("paused", [False, True])
def test_while_it_is_paused_nothing_is_followed(paused: bool) -> None:
    kept: list[ComputedAttention] = []
    watch = OwnAttention(kept.append)
    watch.paused = paused
    with torch.inference_mode(), watch:
        Model(_scaled)(torch.randn(3, 1, HEADS, N, D))
    assert len(kept) == (not paused)


@pytest.mark.parametrize("paused", [False, True])
def test_a_sink_pauses_what_it_is_watched_by(paused: bool) -> None:
    sink = capture.Sink(Flow(), watch=OwnAttention(lambda _: None))
    sink.pause(paused)
    assert sink.flow is not None
    assert sink.watch is not None
    assert sink.flow.paused == sink.watch.paused == paused
