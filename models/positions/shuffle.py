"""One sentence and the same words in another order, through a model with and without positions.

Without them attention treats its input as a set: what it makes of each word comes out the same,
at the word's new place (permutation equivariance). Imports no torch by itself.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import numpy as np

from models.catalog import soundless
from models.core.arrays import Difference, difference
from models.core.loaded import LoadedModel
from models.core.text_record import OfTokens
from models.core.tokens import Encoded
from models.positions.learned import without_positions
from models.record import as_numpy, finite, forward, inputs_of
from models.trace import Floats, read_only


@dataclass(frozen=True, slots=True, eq=False)
class Outputs:
    """What a model makes of each token, by the token's place in the sentence as it was typed.

    before: (token, width) in the typed order; after: of the shuffled sentence, put back.
    """

    before: Floats
    after: Floats

    @property
    def difference(self) -> Difference:
        """After to before, over all tokens."""
        return difference(self.after, self.before)

    @property
    def differences(self) -> Floats:
        """(token,): the largest |before − after| of each."""
        return read_only(np.abs(self.before.astype(np.float64) - self.after).max(axis=1))

    def widest(self, token: int) -> tuple[int, float, float]:
        """The dimension in which a token's two outputs differ most, and both numbers."""
        before, after = self.before[token], self.after[token]
        dim = int(np.abs(before - after).argmax())
        return dim, float(before[dim]), float(after[dim])

    @property
    def largest(self) -> float:
        """The largest of all."""
        return float(self.differences.max())


@dataclass(frozen=True, slots=True, eq=False)
class Shuffled(OfTokens):
    """source: the tokens as they were typed; order[j]: which token stands at place j now.

    on, off: with the model's own positions, and with zeros instead. causal: tokens see only
    what stands before them, so that the mask alone tells order.
    """

    model_id: str
    source: Encoded
    order: tuple[int, ...]
    on: Outputs
    off: Outputs
    causal: bool


def shuffled(model: LoadedModel | str, text: str, seed: int = 0, *, cut: bool = False) -> Shuffled:
    """The text's tokens and the same ones shuffled, through the model's layers, twice each.

    Tokens that the tokenizer adds itself stay where they are. Of an encoder-decoder the encoder
    alone runs. Raises errors.NoPositions, BrokenNumbers, and as LoadedModel.encode and load.
    """
    loaded = soundless(model)
    without = without_positions(loaded)
    encoded = loaded.encode(text, cut=cut)
    order = drawn(encoded.special, seed)
    ids = tuple(encoded.ids[token] for token in order)
    moved = replace(encoded, ids=ids, inputs={**encoded.inputs, "input_ids": ids})
    back = np.argsort(order)
    on, off = (
        Outputs(_outputs(each, encoded), read_only(_outputs(each, moved)[back]))
        for each in (loaded, without)
    )
    for part in (on.before, on.after, off.before, off.after):
        finite(loaded, part)
    return Shuffled(
        model_id=loaded.card.id,
        source=encoded,
        order=order,
        on=on,
        off=off,
        causal={kind for _, kind in loaded.attention} == {"decoder"},
    )


def drawn(special: tuple[bool, ...], seed: int) -> tuple[int, ...]:
    """A new order of the tokens that are not special; never the old one where there are two."""
    words = [place for place, mark in enumerate(special) if not mark]
    mixed = list(words)
    random.Random(f"{seed} {len(words)}").shuffle(mixed)
    if mixed == words:
        mixed = [*words[1:], *words[:1]]
    order = list(range(len(special)))
    for place, token in zip(words, mixed, strict=True):
        order[place] = token
    return tuple(order)


def _outputs(loaded: LoadedModel, encoded: Encoded) -> Floats:
    """(token, width): the last layer's states; where a model keeps them to itself, its scores."""
    inputs = inputs_of(loaded, encoded)
    if loaded.is_encoder_decoder:
        encoder = replace(loaded, model=loaded.model.get_encoder())
        return as_numpy(forward(encoder, inputs).last_hidden_state[0])
    out = forward(loaded, inputs, output_hidden_states=True)
    states = getattr(out, "hidden_states", None)
    return as_numpy((out.logits if states is None else states[-1])[0])
