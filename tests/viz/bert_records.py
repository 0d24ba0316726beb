"""Made-up records of what BERT's page looks at, with random numbers in float32."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.bert.trace import (
    Answer,
    Embedded,
    Judgement,
    MaskedText,
    Occurrence,
    Occurrences,
    ReadSentence,
)
from models.core.tokens import Encoded, named
from models.trace import Projection
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import LIGHT, Theme

LABELS = {
    name: name
    for name in (
        *("first", "second", "token", "segment", "position", "sum", "norm", "ends", "reads"),
        *("read", "hidden", "rank", "guess", "cls", "pooled", "tips", "follows", "follows_not"),
        *("logit", "bias", "yes", "no", "special", "unknown_sense", "layer_axis"),
        *("probability_alone",),
    )
} | {
    "row": "row {n}",
    "dimension": "dimension {n}",
    "grouped": "{n} together",
    "rest": "{n} more",
    "probability": "share of|what stands",
    "tips_note": "sum {sum}, biases {bias}",
}
WORDS = ("[CLS]", "Bir", "kedi", "[SEP]", "O", "uyudu", "[SEP]")
SPECIAL = (True, False, False, True, False, False, True)
SEGMENTS = (0, 0, 0, 0, 1, 1, 1)
VOCABULARY = ("[PAD]", "[UNK]", "[MASK]", "▁Bir", "▁kedi", "▁O", "▁uyu", "du", ".", "▁köpek",
              *(f"▁w{n}" for n in range(20)))  # fmt: skip


def style(theme: Theme = LIGHT, decimal: str = ".") -> Style:
    """Labels that say their own names."""
    return Style(theme, Notation(decimal), LABELS)


def numbers(*shape: int, seed: int = 0, spread: float = 1.0) -> np.ndarray:
    """Random float32."""
    random = np.random.default_rng([seed, *shape])
    return (random.normal(size=shape) * spread).astype(np.float32)


def read(words: tuple[str, ...]) -> Encoded:
    """As a tokenizer hands them on; the usual words are a pair of sentences."""
    usual = words is WORDS
    found = named(words, SPECIAL if usual else ())
    return replace(
        found,
        segments=SEGMENTS if usual else found.segments,
        unknown=(False,) * len(words),
    )


def embedded(words: tuple[str, ...] = WORDS, d: int = 20, *, segments: bool = True) -> Embedded:
    """A text at an entrance of width d; its output is worked out in float64."""
    n = len(words)
    source = replace(read(words), unknown=(False,) * (n - 1) + (True,))
    of = source.segments
    token, position = numbers(n, d), numbers(n, d, seed=1)
    segment = numbers(2, d, seed=2)[list(of)] if segments else None
    scale, shift = numbers(d, seed=3), numbers(d, seed=4)
    x = token.astype(np.float64) + position + (0 if segment is None else segment)
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    output = ((x - mean) / np.sqrt(var + 1e-12) * scale + shift).astype(np.float32)
    rows = {"token": tuple(range(10, 10 + n)), "position": tuple(range(n))}
    if segments:
        rows["segment"] = of
    return Embedded("made", source, token, segment, position, scale, shift, 1e-12, output, rows)


def masked_text(words: tuple[str, ...] = WORDS, *, typed_mask: int | None = None) -> MaskedText:
    """Every place asked; the second one is masked."""
    n, d = len(words), 6
    weight, bias = numbers(len(VOCABULARY), d, seed=5), numbers(len(VOCABULARY), seed=6)

    def answer(seed: int) -> Answer:
        features = numbers(d, seed=seed, spread=0.7)
        return Answer((features @ weight.T + bias).astype(np.float32), features)

    stood = [3 + i % 6 for i in range(n)]
    if typed_mask is not None:
        stood[typed_mask] = -1
    return MaskedText(
        "made", read(words), (1,), tuple(stood), {i: answer(100 + i) for i in range(n)},
        {i: answer(200 + i) for i in range(n)}, weight, bias, VOCABULARY,
    )  # fmt: skip


def judgement(words: tuple[str, ...] = WORDS, d: int = 16) -> Judgement:
    """A judged pair whose own numbers follow from its layers."""
    pooler = Projection(numbers(d, d, seed=7, spread=0.4), numbers(d, seed=8, spread=0.1))
    judge = Projection(numbers(d, 2, seed=9), numbers(2, seed=10, spread=0.1))
    first = numbers(d, seed=11)
    pooled = np.tanh(pooler(first))
    return Judgement("made", read(words), first, pooler, judge, pooled, judge(pooled))


def occurrences(count: int = 6, layers: int = 3, *, texts: tuple[str, ...] = ()) -> Occurrences:
    """One word in `count` sentences, the last two in the same one."""
    texts = texts or tuple(f"yüz {n} kişi." for n in range(count - 1))
    readings = tuple(
        ReadSentence(
            text,
            named(("[CLS]", *text.split(), "[SEP]"), (True, *(False,) * len(text.split()), True)),
        )
        for text in texts
    )
    found = tuple(Occurrence(min(n, len(texts) - 1), 1, 2) for n in range(count))
    return Occurrences("made", "yüz", readings, found, numbers(layers, count, 8, seed=12))
