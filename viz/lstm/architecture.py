"""A recurrent network from left to right: words, its layers with their directions, what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from models.trace import RecurrentLayer


def architecture(layers: Sequence[RecurrentLayer], current: int, labels: Mapping[str, str]) -> str:
    """HTML: a box a layer, two rows where it reads in both directions, the current one lit.

    labels: words, numbers (n), layer (n), units (n), scores.
    """
    first = layers[0].x
    wide = "" if first is None else f"<small>{_said(labels, 'numbers', first.shape[1])}</small>"
    boxes = [f"<span class='end'>{escape(labels['words'])}{wide}</span>"]
    boxes += [_layer(layer, at, at == current, labels) for at, layer in enumerate(layers)]
    boxes.append(f"<span class='end'>{escape(labels['scores'])}</span>")
    return "<i>→</i>".join(boxes)


def _layer(layer: RecurrentLayer, at: int, lit: bool, labels: Mapping[str, str]) -> str:
    units = layer.h.shape[1]
    ways = [("→", units - layer.backward)]
    if layer.backward:
        ways.append(("←", layer.backward))
    rows = "".join(f"<small>{way} {_said(labels, 'units', count)}</small>" for way, count in ways)
    kind = "layer now" if lit else "layer"
    return f"<span class='{kind}'><b>{_said(labels, 'layer', at)}</b>{rows}</span>"


def _said(labels: Mapping[str, str], key: str, n: int) -> str:
    return escape(labels[key].format(n=n))
