"""A decoder that writes: one token after another, each choice kept with what it was made from.

Imports no torch by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from models.catalog import soundless
from models.core.arrays import Difference, difference, largest
from models.core.loaded import LoadedModel
from models.core.sampling import Draw, Settings, Stages, draw, stages, uniform
from models.core.text_record import TextRecord
from models.core.tokens import Encoded, spell_ids
from models.errors import NoHead
from models.gpt.order import LIBRARY, Operation, SamplingChain, active
from models.record import as_numpy, blocks, finite, forward, inputs_of
from models.recording.continuation import MOST, check
from models.trace import AttentionTrace, Floats

Logits = Callable[[LoadedModel, tuple[int, ...]], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class TokenChoice:
    """One choice. drawn: None where the likeliest was taken; chosen: its number."""

    stages: Stages
    drawn: Draw | None
    chosen: int


@dataclass(frozen=True, slots=True, eq=False)
class Written(TextRecord):
    """A beginning and what was written after it.

    source: all tokens; the first `given` are the beginning's. next: the choice that comes now,
    None where the model wrote its end mark. room: that choice can still be written. cut: of the
    beginning only its own beginning was read.
    """

    model_id: str
    text: str
    source: Encoded
    given: int
    next: TokenChoice | None
    room: bool

    @property
    def ids(self) -> tuple[int, ...]:
        """The vocabulary's number of every token."""
        return self.source.ids

    @property
    def steps(self) -> int:
        """How many tokens were written."""
        return len(self.ids) - self.given


def next_logits(loaded: LoadedModel, ids: tuple[int, ...]) -> Floats:
    """(vocabulary,): scores of the token after these, read anew, without a cache. BrokenNumbers."""
    inputs = inputs_of(loaded, _encoded(loaded, ids))
    return finite(loaded, as_numpy(forward(loaded, inputs).logits[0, -1]))


def next_logits_together(
    loaded: LoadedModel, texts: Sequence[tuple[int, ...]]
) -> tuple[Floats, ...]:
    """(vocabulary,) of each text, as `next_logits`, in one pass; to float32's rounding the same.

    Behind a text stands what makes all equally long: a decoder's tokens see none behind them.
    Raises BrokenNumbers; errors.NoHead: no such decoder.
    """
    import torch

    check(loaded)
    if loaded.is_encoder_decoder:
        raise NoHead(f"{loaded.card.id} is asked one by one", model=loaded.card.title)
    longest = max(map(len, texts))
    rows = torch.tensor([[*text, *[0] * (longest - len(text))] for text in texts])
    answered = forward(loaded, {"input_ids": rows, "use_cache": False}).logits
    ends = [len(text) - 1 for text in texts]
    found = as_numpy(answered[torch.arange(len(texts)), torch.tensor(ends)])
    return tuple(finite(loaded, found))


def _encoded(loaded: LoadedModel, ids: Sequence[int]) -> Encoded:
    with loaded.lock:
        spelled = spell_ids(loaded.tokenizer, ids)
    return replace(spelled, inputs={"input_ids": tuple(ids)})


def choose(logits: Floats, settings: Settings, seed: int, step: int) -> TokenChoice:
    """(vocabulary,) logits → one choice, with the number that this seed has for this step."""
    found = stages(logits, settings)
    if settings.greedy:
        return TokenChoice(found, None, int(found.logits.argmax()))
    drawn = draw(found, uniform(seed, step))
    return TokenChoice(found, drawn, drawn.chosen)


def write(
    model: LoadedModel | str,
    text: str,
    settings: Settings,
    *,
    seed: int = 0,
    steps: int = 0,
    cut: bool = False,
    logits: Logits = next_logits,
) -> Written:
    """The text and up to `steps` tokens after it: MOST at most, and as many as there is room for.

    logits: what computes scores of the next token, to be kept by who asks again and again.
    Raises errors.NoHead, BrokenNumbers, and what LoadedModel.encode and load raise.
    """
    from models.recording import decoder

    loaded = soundless(model)
    check(loaded)
    given = loaded.encode(text, cut=cut)
    ids, ends, room = list(given.ids), decoder.ends(loaded), True
    coming: TokenChoice | None = None
    while True:
        written = len(ids) - len(given.ids)
        coming = choose(logits(loaded, tuple(ids)), settings, seed, written)
        room = len(ids) < loaded.limit and written < MOST
        if written >= steps or not room:
            break
        ids.append(coming.chosen)
        if coming.chosen in ends:
            coming = None
            break
    new = ids[len(given.ids) :]
    with loaded.lock:
        more = spell_ids(loaded.tokenizer, new)
    return Written(
        model_id=loaded.card.id,
        text=text,
        source=given.followed_by(more),
        given=len(given.ids),
        next=coming,
        room=room,
    )


def spelled(loaded: LoadedModel, ids: Sequence[int]) -> str:
    """The tokens as a text that can be typed: without special tokens."""
    with loaded.lock:
        found: str = loaded.tokenizer.decode(list(ids), skip_special_tokens=True)
    return found.strip()


def traced(loaded: LoadedModel, ids: tuple[int, ...]) -> AttentionTrace:
    """The attention of a pass over these tokens, with what stands around the heads."""
    encoded = _encoded(loaded, ids)
    recorded = blocks(loaded, inputs_of(loaded, encoded), True)
    return AttentionTrace(loaded.card.id, encoded, recorded, text=" ".join(encoded.typed))


def changed_rows(before: AttentionTrace, after: AttentionTrace) -> Difference:
    """What earlier tokens got, to what they get once tokens were appended.

    Over all heads, of the rows that both traces have; behind a causal mask rounding alone.
    """
    rows = len(before.tokens)
    found = []
    for old, new in zip(before.blocks, after.blocks, strict=True):
        pairs = [(getattr(old, n), getattr(new, n)[:, :rows]) for n in ("q", "k", "v", "output")]
        pairs.append((old.weights, new.weights[:, :rows, :rows]))
        found += [difference(b, a, axis=(1, 2)) for a, b in pairs]
    return largest(found)


def against_library(found: Stages) -> Difference:
    """Probabilities to those of the library's own logits processors, in float64.

    Equal scores are compared as a group: which of them top-p cuts the library leaves open. Greedy:
    no difference where its argmax is ours, else 1.
    """
    settings = found.settings
    if settings.greedy:
        logits = np.array(found.logits, np.float64)
        apart = float(int(logits.argmax()) != int(found.probabilities.argmax()))
        return Difference(apart, apart)
    own = _of_processors(found.logits, settings, active(settings, LIBRARY))
    return _to_processors(found.logits, found.probabilities, own)


def against_processors(found: SamplingChain) -> Difference:
    """A chain's probabilities to those of transformers' own processors put in its order."""
    theirs = _of_processors(found.logits, found.settings, found.order)
    return _to_processors(found.logits, found.probabilities, theirs)


def _of_processors(logits: Floats, settings: Settings, order: Sequence[Operation]) -> Floats:
    """(vocabulary,) → probabilities by transformers' own processors in this order, in float64."""
    import torch
    from transformers import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

    least = settings.least
    makers: dict[Operation, Callable[[], Any]] = {
        "temperature": lambda: TemperatureLogitsWarper(float(settings.temperature)),
        "top_k": lambda: TopKLogitsWarper(settings.top_k, min_tokens_to_keep=least),
        "top_p": lambda: TopPLogitsWarper(settings.top_p, min_tokens_to_keep=least),
    }
    scores = torch.tensor(np.array(logits)).double()[None]
    for one in order:
        scores = makers[one]()(None, scores)
    found: Floats = scores.softmax(dim=-1)[0].numpy()
    return found


def _to_processors(logits: Floats, ours: Floats, theirs: Floats) -> Difference:
    """(vocabulary,) probabilities, ours to theirs.

    Equal logits are compared as a group: which of them top-p cuts the library leaves open.
    """
    mine, own = (p[np.lexsort((p, logits))] for p in (ours, theirs))
    return difference(mine, own)
