"""A feed-forward layer's hidden units as keys and values → Firing, UnitValue, WithoutUnit.

Geva et al. (2021, "Transformer Feed-Forward Layers Are Key-Value Memories"): y = f(x·W_in)·W_out is
a sum over hidden units, y = Σ a_i·W_out[i]. What a unit fires at is its key; its row of W_out, put
through the words' own vectors E, raises the scores of some words: its value. Imports no torch by
itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.core.arrays import Difference, Recomputed, as_numpy, difference, read_only
from models.core.loaded import LoadedModel
from models.core.tokens import Encoded
from models.errors import NotCapturable
from models.record import batch, finite, inputs_of
from models.recording.ranking import NextWord, likeliest, vocabulary
from models.trace import Floats

# What a block calls its feed-forward and, in it, the projection behind the hidden units.
_KNOWN = ("Linear", "Conv1D")
_AT_ONCE = 4096  # words
_OUT = ("mlp.c_proj", "mlp.down_proj", "mlp.dense_4h_to_h", "mlp.fc2")
_BLOCK = re.compile(r"^(.+?\.\d+)\.")
MOST = 8  # texts, and words, that are named
# Read once to see where a unit fires: of the grammar that the small model learned; of everyday.
SENTENCES = (
    "The old woman gave the big book to her son.",
    "Every doctor cut her orange.",
    "There was a knife in the box.",
    "The children did not wash the white cats.",
    "You went to the big village.",
    "The writer who sang a song watched her dog.",
    "Will the dog bark in the old kitchen?",
    "We are cleaning the schools of the city now.",
    "My friend's expensive watch was in the garden.",
    "They saw many birds and two small bears.",
    "Yaşlı kadın büyük kitabı oğluna verdi.",
    "Her doktor portakalını kesti.",
    "Kutuda bıçak vardı.",
    "Çocuklar beyaz kedileri yıkamadı.",
    "Büyük köye gittiniz.",
    "Şarkı söyleyen yazar köpeğini izledi.",
    "Köpek eski mutfakta havlayacak mı?",
    "Biz şimdi şehrin okullarını temizliyoruz.",
    "Ali'nin kedisi dün bahçede uyudu.",
    "Onlar yeni bir evde oturdular.",
)
EVERYDAY = (
    "The capital of Italy is Rome, and the capital of Spain is Madrid.",
    "Once upon a time there was a king who had three daughters.",
    "Water boils at one hundred degrees and freezes at zero.",
    "My sister wants to become a doctor, but she faints when she sees blood.",
    "In 1969 two astronauts walked on the Moon.",
    "She opened the window and listened to the rain.",
    "The price of oil rose by five percent last week.",
    "If you heat ice, it melts; if you heat water, it boils.",
    "He plays the piano and she plays the violin.",
    "def add(a, b): return a + b",
    "Thank you very much for your letter of Monday.",
    "The cat sat down because it was tired.",
)


@dataclass(frozen=True, slots=True, eq=False)
class Firings:
    """A layer's hidden units over several texts. tokens: every token with those before it in its
    text, readable; activations: (token, unit) a.
    """

    tokens: tuple[tuple[str, ...], ...]
    activations: Floats

    def strongest(self, unit: int, most: int = MOST) -> tuple[tuple[tuple[str, ...], float], ...]:
        """Where a unit's a is largest, the same beginning once: (tokens, the last one it; a)."""
        found: dict[tuple[str, ...], float] = {}
        for place in np.argsort(-self.activations[:, unit], kind="stable"):
            if len(found) == most:
                break
            found.setdefault(self.tokens[place], float(self.activations[place, unit]))
        return tuple(found.items())


@dataclass(frozen=True, slots=True, eq=False)
class LayerUnits:
    """A layer's hidden units at a text's last token.

    activations: (unit,) a; lengths: (unit,) ‖a·W_out[i]‖, how long a vector each adds. weights:
    how many numbers the feed-forward has, and all of the layer.
    """

    activations: Floats
    lengths: Floats
    weights: tuple[int, int]

    @property
    def longest(self) -> int:
        """The unit that adds the longest vector."""
        return int(self.lengths.argmax())

    @property
    def off(self) -> int:
        """How many units are off: a ≤ 0."""
        return int((self.activations <= 0).sum())

    @property
    def share(self) -> float:
        """The feed-forward's part of the layer's numbers."""
        return self.weights[0] / self.weights[1]


@dataclass(frozen=True, slots=True, eq=False)
class UnitValue(Recomputed):
    """What a hidden unit adds to the score of every word for each 1 of its activation.

    value: (width,) W_out[i]; own: the largest score as the model's own output layer has it.
    deviation: of E·W_out[i], added up here in float64, to that layer, over the vocabulary.
    raised, lowered: (its number in the vocabulary, score) of the words with the largest and with
    the smallest score; products: (width,) W_out[i]·E_w of the first of the raised.
    """

    value: Floats
    own: float
    deviation: Difference
    raised: tuple[tuple[int, float], ...]
    lowered: tuple[tuple[int, float], ...]
    products: Floats

    def difference(self) -> Difference:
        """Of the scores added up here to the model's output layer."""
        return self.deviation


@dataclass(frozen=True, slots=True, eq=False)
class WithoutUnit:
    """The next token with a unit as it is, and with its a held at 0 at every token.

    words: the likeliest of either, with both probabilities. distance: ½ Σ |p − p′|.
    """

    words: tuple[NextWord, ...]
    distance: float


def layers_of(loaded: LoadedModel) -> int:
    """How many layers have hidden units that can be read; 0: none."""
    return len(_outs(loaded))


def firings(loaded: LoadedModel, layer: int) -> Firings:
    """A layer's hidden units over the sentences: the grammar's for a model trained here, else
    everyday ones. NotCapturable: no such units; IndexError: no such layer."""
    from models.gpt import hidden_units

    out = _out(loaded, layer)
    found, tokens = list[Floats](), list[tuple[str, ...]]()
    for text in SENTENCES if loaded.card.source == "shipped" else EVERYDAY:
        read = loaded.encode(text, cut=True)
        _, units = hidden_units.run(loaded.model, inputs_of(loaded, read), out.weight)
        found.append(units)
        tokens += [read.typed[: end + 1] for end in range(len(read.ids))]
    return Firings(tuple(tokens), read_only(np.concatenate(found)))


def at_last(loaded: LoadedModel, ids: tuple[int, ...], layer: int) -> LayerUnits:
    """A layer's hidden units at the last of these tokens. Raises as `firings`."""
    from models.gpt import hidden_units

    out = _out(loaded, layer)
    _, units = hidden_units.run(loaded.model, _inputs(loaded, ids), out.weight)
    a = units[-1].astype(np.float64)
    lengths = np.abs(a) * np.linalg.norm(_rows(out).astype(np.float64), axis=1)
    block = loaded.model.get_submodule(_paths(loaded)[layer])
    counts = [sum(p.numel() for p in part.parameters()) for part in (block.mlp, block)]
    return LayerUnits(read_only(a), read_only(lengths), (counts[0], counts[1]))


def value(loaded: LoadedModel, layer: int, unit: int) -> UnitValue:
    """What a unit adds to the words' scores. Raises as `firings`; IndexError: no such unit."""
    import torch

    out = _out(loaded, layer)
    row = _rows(out)[_checked(unit, out)]
    head = loaded.model.get_output_embeddings()
    words = as_numpy(head.weight)
    # A part at a time: a large vocabulary in float64 takes gigabytes.
    parts = np.array_split(words, -(-len(words) // _AT_ONCE))
    scores = np.concatenate([part.astype(np.float64) @ row.astype(np.float64) for part in parts])
    with torch.inference_mode():
        own = as_numpy(torch.nn.functional.linear(torch.from_numpy(row.copy()), head.weight))
    order = np.argsort(-scores, kind="stable").tolist()
    pairs = [(n, float(scores[n])) for n in order]
    products = words[order[0]].astype(np.float64) * row
    lowered = tuple(reversed(pairs[-MOST:]))
    away, largest = difference(scores, own), float(own.max())
    return UnitValue(row, largest, away, tuple(pairs[:MOST]), lowered, products)


def without(loaded: LoadedModel, ids: tuple[int, ...], layer: int, unit: int) -> WithoutUnit:
    """The next token after these with a unit and without. Raises as `value`; BrokenNumbers."""
    from models.gpt import hidden_units

    out, inputs = _out(loaded, layer), _inputs(loaded, ids)
    _checked(unit, out)
    runs = [hidden_units.run(loaded.model, inputs, out.weight, off)[0] for off in (None, unit)]
    both = [finite(loaded, logits[-1]).astype(np.float64) for logits in runs]
    on, off = (np.exp(z - z.max()) / np.exp(z - z.max()).sum() for z in both)
    names = vocabulary(loaded)
    found = {one.id: one for one in likeliest(both, names, most=MOST)}
    return WithoutUnit(tuple(found.values()), float(np.abs(on - off).sum() / 2))


def _inputs(loaded: LoadedModel, ids: Sequence[int]) -> dict[str, Any]:
    every = Encoded(tuple(ids), (), (), (), (), {"input_ids": tuple(ids)})
    return {**inputs_of(loaded, every), "input_ids": batch(tuple(ids))}


def _paths(loaded: LoadedModel) -> list[str]:
    """Where each layer's block is in the model."""
    found = (_BLOCK.match(path) for path, _ in loaded.attention)
    return list(dict.fromkeys(one.group(1) for one in found if one is not None))


def outs(loaded: LoadedModel) -> list[tuple[Any, str, Any]]:
    """Of each layer the feed-forward, the name in it of the projection behind the hidden units,
    and that one; []: not every layer has one.
    """
    found = []
    for path in _paths(loaded):
        for name in _OUT:
            parent, _, last = f"{path}.{name}".rpartition(".")
            try:
                block = loaded.model.get_submodule(parent)
                out = block.get_submodule(last)
            except AttributeError:
                continue
            # Others multiply in a way of their own, in which units are not seen (Falcon).
            if type(out).__name__ not in _KNOWN:
                return []
            found.append((block, last, out))
            break
        else:
            return []
    return found


def _outs(loaded: LoadedModel) -> list[Any]:
    return [out for _, _, out in outs(loaded)]


def _out(loaded: LoadedModel, layer: int) -> Any:
    outs = _outs(loaded)
    if not outs:
        raise NotCapturable("no feed-forward of one hidden layer", family=loaded.card.family)
    if not 0 <= layer < len(outs):
        raise IndexError(f"layer {layer} is not in 0..{len(outs) - 1}")
    return outs[layer]


def _rows(out: Any) -> Floats:
    """(unit, width): W_out; nn.Linear keeps the transpose, GPT-2's Conv1D not."""
    weight = as_numpy(out.weight)
    return weight if type(out).__name__ == "Conv1D" else weight.T


def _checked(unit: int, out: Any) -> int:
    count = len(_rows(out))
    if not 0 <= unit < count:
        raise IndexError(f"unit {unit} is not in 0..{count - 1}")
    return unit
