"""A translation for the tests of the seq2seq pictures, its numbers worked out anew in float64."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from models.seq2seq.record import translate
from models.seq2seq.trace import Seq2SeqTrace
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import LIGHT, Theme
from viz.seq2seq.step import Decoding

TEXT = "Oğlunuzun sevdiği büyük köye gittiniz."
TARGET = "You went to the small village that your son loved."
LABELS = {
    "decoder_state": "state",
    "context": "context",
    "query_axis": "query",
    "key_axis": "key",
    "weights": "weights",
    "states": "states",
    "forward": "ahead",
    "backward": "back",
    "rest": "{n} more",
    "forward_last": "ahead",
    "backward_last": "back",
}


@lru_cache(maxsize=4)
def translation(model: str = "seq2seq", text: str = TEXT, target: str = "") -> Seq2SeqTrace:
    """What a shipped model makes of a sentence."""
    found: Seq2SeqTrace = translate(model, text, target=target or None)
    return found


def decoding(step: int = 4, source: int = 6, target: str = "", **more: Any) -> Decoding:
    """One step of it."""
    trace = translation(target=target)
    return Decoding(trace, trace.written.ids, step, source, **more)


def style(theme: Theme = LIGHT, notation: Notation | None = None) -> Style:
    """Test words."""
    return Style(theme, notation or Notation(), LABELS)


@dataclass(frozen=True)
class Ledger(Notation):
    """A notation that keeps every number that it is asked to write in a formula."""

    kept: list[float] = field(default_factory=list)

    def tex(self, value: float, digits: int = 2) -> str:
        self.kept.append(value)
        return Notation(self.decimal).tex(value, digits)

    def tex_term(self, value: float, digits: int = 2) -> str:
        self.kept.append(value)
        return Notation(self.decimal).tex_term(value, digits)

    def tex_significant(self, value: float, digits: int = 4) -> str:
        self.kept.append(value)
        return Notation(self.decimal).tex_significant(value, digits)

    def tex_weight(self, value: float, digits: int = 4) -> str:
        self.kept.append(value)
        return Notation(self.decimal).tex_weight(value, digits)

    def wrote(self, value: float, tolerance: float = 1e-5) -> bool:
        """Whether that number was written."""
        return any(abs(kept - value) <= tolerance * max(1.0, abs(value)) for kept in self.kept)


def wide(array: Any) -> Any:
    """float64."""
    return np.asarray(array, np.float64)


def anew(one: Decoding) -> dict[str, Any]:
    """Every array of the chosen step from the recorded states and the weights, in float64."""
    trace, found, t = one.trace, one.attention, one.step
    h, encoder = wide(trace.own.h[t]), wide(trace.own.encoder)
    query = h @ wide(found.w.weight)
    key = encoder @ wide(found.u.weight) + wide(found.u.bias)
    terms = wide(found.v) * np.tanh(query[None] + key)
    scores = terms.sum(axis=1)
    e = np.exp(scores - scores.max())
    weights = e / e.sum()
    context = weights @ encoder
    joined = np.concatenate((h, context))
    inside = joined @ wide(trace.combine.weight) + wide(trace.combine.bias)
    z = np.tanh(inside)
    logits = z @ wide(trace.head.weight) + wide(trace.head.bias)
    p = np.exp(logits - logits.max())
    return {
        "h": h, "query": query, "key": key, "terms": terms, "scores": scores, "e": e,
        "weights": weights, "context": context, "joined": joined, "inside": inside, "z": z,
        "logits": logits, "probabilities": p / p.sum(), "encoder": encoder,
    }  # fmt: skip
