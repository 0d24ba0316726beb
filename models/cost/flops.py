"""torch's own count of what a layer computes: torch.utils.flop_counter over torch's own layers.

On the device "meta" tensors have a shape and no numbers: nothing is computed, all is counted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from models.cost.layers import Layer, LayerSizes, operations

PER_OPERATION = 2  # FLOPs: a multiplication and an addition
_MOST_STEPS = 64  # of a recurrent layer: it is counted step by step, and each costs the same


def counted_sizes(layer: Layer, sizes: LayerSizes) -> LayerSizes:
    """Of what `counted` counts: the same, but of a recurrent layer the first tokens alone."""
    fewer = min(sizes.n, _MOST_STEPS) if layer == "recurrent" else sizes.n
    return replace(sizes, n=fewer)


def of_formula(layer: Layer, sizes: LayerSizes) -> int:
    """FLOPs that the table's operations are, of `counted_sizes`. KeyError: no such layer."""
    return PER_OPERATION * operations(layer, counted_sizes(layer, sizes))


def counted(layer: Layer, sizes: LayerSizes) -> int:
    """FLOPs of one layer of `counted_sizes`, of one text and with one head. KeyError: no layer."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    sizes = counted_sizes(layer, sizes)
    run = {
        "attention": _attention,
        "recurrent": _recurrent,
        "convolutional": _convolutional,
        "restricted": _restricted,
    }[layer]
    with torch.inference_mode(), torch.device("meta"), FlopCounterMode(display=False) as mode:
        run(torch, sizes)
    return int(mode.get_total_flops())


def _attention(torch: Any, sizes: LayerSizes) -> None:
    x = torch.empty(1, 1, sizes.n, sizes.d)
    torch.nn.functional.scaled_dot_product_attention(x, x, x)


def _recurrent(torch: Any, sizes: LayerSizes) -> None:
    torch.nn.RNN(sizes.d, sizes.d, bias=False)(torch.empty(sizes.n, sizes.d))


def _convolutional(torch: Any, sizes: LayerSizes) -> None:
    past = torch.empty(1, sizes.d, sizes.n + sizes.k - 1)
    torch.nn.Conv1d(sizes.d, sizes.d, sizes.k, bias=False)(past)


def _restricted(torch: Any, sizes: LayerSizes) -> None:
    """(n, d) queries on their own (n, d, r) keys."""
    x = torch.empty(sizes.n, sizes.d)
    own = torch.empty(sizes.n + sizes.window - 1, sizes.d).unfold(0, sizes.window, 1)
    weights = torch.einsum("nd,ndr->nr", x, own)
    torch.einsum("nr,ndr->nd", weights, own)
