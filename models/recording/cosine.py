"""Swin v2's attention, seen at its module. Imports torch.

Liu et al. (2022), "Swin Transformer V2", section 3.3: scores are cosines, multiplied by a learned
factor of each head and added to a bias that a small network makes of the way from cell to cell.
transformers has no kernel for that: the module computes it by itself, and hands nothing out.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from models.errors import NotCapturable
from models.recording.sink import Captured

_MOST = math.log(100)  # of the factor's logarithm
_BIAS = 16.0  # what the bias comes up to at most
_CLOSE = 1e-4  # of the outputs' size


def modules(model: nn.Module) -> list[nn.Module]:
    """Those that compute such attention."""
    return [each for each in model.modules() if type(each).__name__ == "Swinv2SelfAttention"]


def times_masked(module: Any) -> int:
    """How often the module adds its mask to the scores, asked of itself: transformers' does twice.

    What it gives would not tell: e⁻¹⁰⁰ and e⁻²⁰⁰ are both nothing beside other weights. Of one
    that computes no numbers it is once: its own passes tell.
    """
    count = int(module.relative_position_index.shape[0])
    if count < 2:
        return 1
    hidden = torch.zeros(1, count, module.all_head_size)
    mask = torch.zeros(1, count, count)
    mask[0, 0, 1] = -1
    with torch.inference_mode():  # past its hooks: nothing of this is to be kept
        plain, masked = (module.forward(hidden, each, True)[1][0, 0, 0] for each in (None, mask))
    found = float(((plain[1] / plain[0]) / (masked[1] / masked[0])).log())
    return round(found) if math.isfinite(found) else 1


def captured(module: Any, times: int, args: Any, kwargs: Any, gave: Any) -> Captured:
    """What a module was given and gave → q and k of unit length, v: (window, head, token, d).

    scaling: (head, 1, 1); position_bias: (1, head, token, token); mask: (window, 1, token, token)
    or None. NotCapturable: they make another output than the module's own, which is of numbers.
    """
    hidden, mask = _given(*args, **kwargs)
    windows, count, _ = hidden.shape
    heads, width = module.num_attention_heads, module.attention_head_size
    layers = module.query, module.key, module.value
    q, k, v = (each(hidden).view(windows, count, heads, width).transpose(1, 2) for each in layers)
    q, k = normalize(q, dim=-1), normalize(k, dim=-1)
    scaling = module.logit_scale.clamp(max=_MOST).exp()
    bias = _bias(module, count, heads)
    scores = q @ k.transpose(-1, -2) * scaling + bias
    if mask is not None:
        mask = (mask * times)[:, None]
        scores = scores + mask
    output = gave[0].view(windows, count, heads, width)
    made = (scores.softmax(-1) @ v).transpose(1, 2)
    most = output.abs().max()
    if bool(most.isfinite()) and not bool((made - output).abs().max() <= _CLOSE * most):
        raise NotCapturable(f"{type(module).__name__}: its output is not that of its q, k and v")
    return Captured(module, q, k, v, mask, scaling, output, bias, None, None)


def _given(
    hidden_states: Tensor, attention_mask: Tensor | None = None, output_attentions: bool = False
) -> tuple[Tensor, Tensor | None]:
    """By the names of the module's own arguments."""
    return hidden_states, attention_mask


def _bias(module: Any, count: int, heads: int) -> Tensor:
    """(1, head, token, token): 16·σ of what the network says of each way."""
    table = module.continuous_position_bias_mlp(module.relative_coords_table).view(-1, heads)
    of_pairs = table[module.relative_position_index.view(-1)].view(count, count, heads)
    return _BIAS * torch.sigmoid(of_pairs.permute(2, 0, 1))[None]
