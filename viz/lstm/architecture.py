"""A recurrent network from left to right: words, its layers with their directions, what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.trace import RecurrentLayer
from viz.board.markup import Safe, template

_NETWORK = template(
    "<span class='end'>{{ first }}{% if wide %}<small>{{ wide }}</small>{% endif %}</span><i>→</i>"
    "{% for now, name, ways in boxes %}"
    "<span class='layer{% if now %} now{% endif %}'><b>{{ name }}</b>"
    "{% for way in ways %}<small>{{ way }}</small>{% endfor %}</span><i>→</i>{% endfor %}"
    "<span class='end'>{{ last }}</span>"
)


def architecture(layers: Sequence[RecurrentLayer], current: int, labels: Mapping[str, str]) -> Safe:
    """HTML: a box a layer, two rows where it reads in both directions, the current one lit.

    labels: words, numbers (n), layer (n), units (n), scores.
    """
    first = layers[0].x
    wide = "" if first is None else labels["numbers"].format(n=first.shape[1])
    boxes = [
        (at == current, labels["layer"].format(n=at), _ways(layer, labels))
        for at, layer in enumerate(layers)
    ]
    return _NETWORK(first=labels["words"], wide=wide, boxes=boxes, last=labels["scores"])


def _ways(layer: RecurrentLayer, labels: Mapping[str, str]) -> list[str]:
    counts = [("→", layer.h.shape[1] - layer.backward), ("←", layer.backward)]
    return [f"{way} {labels['units'].format(n=n)}" for way, n in counts if way == "→" or n]
