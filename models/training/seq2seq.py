"""The recurrent translators, Turkish → English: with additive attention, and without any.

``python -m models.training.seq2seq [seq2seq | seq2seq-fixed]`` trains.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from models.architectures.seq2seq_model import Seq2Seq, Seq2SeqConfig
from models.grammar.grammar import Pair, generate
from models.grammar.typed import bare
from models.training import bilingual, tokenizer
from models.training.bilingual import EACH, END, LENGTHS, NATURAL, PAD
from models.training.padding import padded
from models.training.plan import About, Figure, Measured, Plan, Recipe
from models.training.untrained import untrained

VECTORS, UNITS, SCORED, BATCH = 128, 160, 64, 64
LONGEST_WRITTEN = 40  # pieces; the grammar's longest English takes about 20
SENTENCES, LONG, LONG_SENTENCES = 300, 10, 100  # of a test: as they come; and of LONG words
PER_LENGTH = 200  # sentences of each length behind the curve
_AT_ONCE = 100  # rows


def build(*, attention: bool) -> Seq2Seq:
    """An untrained model."""
    model: Seq2Seq = Seq2Seq(
        Seq2SeqConfig(
            vocab_size=len(bilingual.words()),
            attention=attention,
            embedding_size=VECTORS,
            hidden_size=UNITS,
            attention_size=SCORED,
            output_size=VECTORS,
            dropout=0.1,
        )
    )
    return model


def loss(model: nn.Module, draws: torch.Generator) -> Tensor:
    """Of every word of the target, each after the gold words before it (teacher forcing)."""
    source, target = bilingual.pool().batch(BATCH, draws)
    logits = model(source, shifted(target), attention_mask=(source != PAD).long()).logits
    return cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=PAD)


def shifted(target: Tensor) -> Tensor:
    """What the decoder reads while it writes that: the start token, then all words but the last."""
    return torch.cat((torch.full_like(target[:, :1], END), target[:, :-1]), dim=1)


def save(models: Sequence[nn.Module], folder: Path) -> None:
    """Weights, configuration and tokenizer."""
    models[0].save_pretrained(folder)  # type: ignore[operator]
    tokenizer.save(bilingual.words(), folder)


@torch.inference_mode()
def written_ids(model: Any, source: Tensor) -> list[list[int]]:
    """(row, n), padded → each row's greedy translation, its end token included if it has one."""
    mask = (source != PAD).long()
    told, h = model.encode(source, mask)
    ids = torch.full((len(source), 1), END)
    rows = []
    for _ in range(LONGEST_WRITTEN):
        logits, h = model.decode(ids, h, told, mask)
        ids = logits[:, -1].argmax(-1, keepdim=True)
        rows.append(ids)
        if (torch.cat(rows, 1) == END).any(1).all():
            break
    found = torch.cat(rows, 1).tolist()
    return [row[: row.index(END) + 1] if END in row else row for row in found]


def exact(model: Any, words: Any, texts: Sequence[tuple[str, str]]) -> list[bool]:
    """Whether each source is translated piece by piece as its target is written."""
    source, target = (words(list(side))["input_ids"] for side in zip(*texts, strict=True))
    found: list[list[int]] = []
    for at in range(0, len(source), _AT_ONCE):
        found += written_ids(model, padded(source[at : at + _AT_ONCE], PAD))
    return [a == b for a, b in zip(found, target, strict=True)]


def tidy(pair: Pair) -> tuple[str, str]:
    """As the grammar writes it."""
    return pair.source, pair.target


@contextmanager
def uniform(model: Any) -> Iterator[None]:
    """While inside, every score is 0: attention looks at all source pieces alike."""
    handle = model.score.register_forward_hook(lambda _m, _i, scores: torch.zeros_like(scores))
    try:
        yield
    finally:
        handle.remove()


@torch.inference_mode()
def aligned(model: Any, words: Any, pairs: Sequence[Pair]) -> float:
    """Share of content words whose largest weight lies on a piece of a gold source word.

    The row is that of the step which predicts the word's first piece, the gold words before it
    given; every source piece counts, the end mark too.
    """
    hits = total = 0
    for pair in pairs:
        source, owners = tokenizer.word_of_pieces(words, pair.source_words)
        target, targets = tokenizer.word_of_pieces(words, pair.target_words)
        best = teacher_forced(model, source, target).argmax(-1).tolist()
        for word in pair.content:
            gold = {s for t, s in pair.alignment if t == word}
            hits += owners[best[targets.index(word)]] in gold
            total += bool(gold)
    return hits / total


def teacher_forced(model: Any, source: list[int], target: list[int]) -> Tensor:
    """(t, n): the weights of the step that predicts each piece of the target."""
    ids = torch.tensor([source])
    mask = torch.ones_like(ids)
    states, first = model.encode(ids, mask)
    h, _ = model.decoder(model.embedding(shifted(torch.tensor([target]))), first[None])
    weights: Tensor = model.attend(h, states, mask)[0][0]
    return weights


@lru_cache(maxsize=2)
def sample(seed: int) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """Test sentences as the grammar makes them, and others of LONG Turkish words."""
    some = islice(generate(seed, "test"), SENTENCES)
    long = islice(bilingual.of_length(LONG, seed, ("test",)), LONG_SENTENCES)
    return tuple(some), tuple(long)


def figures(model: Any, words: Any, seed: int) -> dict[str, float]:
    """Everything that is measured on the seed's sample, alignment where there is attention."""
    some, long = sample(seed)
    texts = {
        "exact": [tidy(pair) for pair in some],
        f"exact_{LONG}_words": [tidy(pair) for pair in long],
        "exact_untidy": [bare(pair) for pair in some],
    }
    found = {name: _share(exact(model, words, rows)) for name, rows in texts.items()}
    return found | ({"aligned": aligned(model, words, some)} if model.config.attention else {})


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right)


def measure(folder: Path, seed: int) -> Measured:
    """Figures of the folder's model on a fresh sample; accuracy by length beside it."""
    from models.catalog import load

    loaded = load(str(folder))
    model, words = loaded.model, loaded.tokenizer
    plain = untrained(partial(Seq2Seq, model.config), seed)
    baselines = {"untrained": figures(plain, words, seed)}
    if model.config.attention:
        with uniform(model):
            found = figures(model, words, seed)
        baselines["uniform_weights"] = {n: v for n, v in found.items() if n != "aligned"}
    curve = partial(by_length, model, plain, words, seed)
    return Measured(figures(model, words, seed), baselines, files={"by_length.json": curve})


def by_length(model: Any, plain: Any, words: Any, seed: int) -> dict[str, Any]:
    """Share of exact translations by the number of Turkish words, on held-out sentences."""
    rows = []
    for length in LENGTHS:
        pairs = islice(bilingual.of_length(length, seed, ("test", "validation")), PER_LENGTH)
        texts = [tidy(pair) for pair in pairs]
        right, by_chance = (_share(exact(one, words, texts)) for one in (model, plain))
        rows.append((length, len(texts), len(set(texts)), right, by_chance))
    names = ("words", "sentences", "distinct", "exact", "untrained")
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


_LONG = f"exact_{LONG}_words"
_MEANINGS = {
    "exact": "share of test sentences, as the grammar draws them, whose whole translation is "
    "right, piece by piece, the network running free and greedily",
    _LONG: f"the same on test sentences of {LONG} Turkish words",
    "exact_untidy": "the first figure, typed without the final mark and without the capital of a "
    "first word that is no name; the translation has to be without its mark, too",
    "aligned": "share of English content words (teacher forcing) at whose prediction the largest "
    "weight lies on a piece of the Turkish word that the grammar aligns with them; every source "
    "piece counts, `</s>` too",
}


def _plan(model_id: str, attention: bool, margin: float, bound: dict[str, float]) -> Plan:
    margins = {"exact": margin, _LONG: 2.5 * margin, "exact_untidy": 1.5 * margin, "aligned": 0.05}
    told = {name: Figure(text, margins[name]) for name, text in _MEANINGS.items()}
    told["exact"] = Figure(_MEANINGS["exact"], margin, **bound)
    if not attention:
        del told["aligned"]
    return Plan(
        id=model_id,
        recipe=Recipe(steps=4500, batch=BATCH, learning_rate=3e-3, save_every=300),
        about=About(
            what="Translates Turkish → English. The encoder is a GRU in both directions "
            f"({UNITS} units each), the decoder another one ({UNITS} units) that begins from the "
            f"encoder's last state; word vectors of {VECTORS} are shared by both. "
            + (_WITH if attention else _WITHOUT)
            + " `models/architectures/seq2seq_model.py` has the formulas.",
            data=f"The project's grammar, its `train` part only: {NATURAL:,} pairs as it draws "
            f"them and {EACH:,} of each length from {LENGTHS[0]} to {LENGTHS[-1]} Turkish words, "
            "the latter because long sentences are rare in the grammar and both models would "
            "see too few of them; both models had the very same pairs. Longer Turkish "
            "sentences hardly exist within the grammar's limit of 16 words, since their English is "
            f"longer still. {bilingual.UNMARKED:.0%} of the pairs lack the final mark on both "
            f"sides, {bilingual.UNCAPPED:.0%} the capital of the first word. Which English is "
            "right where Turkish leaves it open (articles, he or she) is decided by the rules of "
            "`models/grammar/conventions.py`.",
            results=f"On {SENTENCES} test sentences and {LONG_SENTENCES} of {LONG} words, "
            "none of whose English was in the training part. "
            + (_RESULTS_WITH if attention else _RESULTS_WITHOUT)
            + f" `by_length.json` has the share of exact translations by length, {PER_LENGTH} "
            "held-out sentences (test and validation part) for each.",
            limits="It knows the grammar's few hundred words and nothing else: other words "
            "are read letter by letter and come out as some word that it knows. An "
            "exact translation is the grammar's own; a different right one counts as wrong. "
            + (_LIMITS_WITH if attention else "")
            + "One training run (one seed), one budget, no search for the best setting of each.",
        ),
        figures=told,
        build=partial(build, attention=attention),
        loss=loss,
        save=save,
        measure=measure,
    )


_WITH = (
    f"At every step additive attention (Bahdanau et al. 2015, {SCORED} units) weighs all encoder "
    "states, and their sum joins the decoder's state before the word is chosen."
)
_WITHOUT = (
    "There is no attention: the encoder's last state, one vector, is all that the decoder is told "
    "of the source. It begins from it, and at every step that same vector joins the decoder's "
    "state (as in Cho et al. 2014). Everything else is as in `seq2seq`, which has more parameters "
    "only where the scores are computed."
)
_RESULTS_WITH = (
    "Beside it an untrained model of the same shape, and this model with attention switched off: "
    "every weight the same (all scores set to zero)."
)
_LIMITS_WITH = (
    "The largest weight says where the context comes from, not why the word was chosen; a state "
    "next to a word, read in both directions, knows of that word as well. "
)
_RESULTS_WITHOUT = "Beside it an untrained model of the same shape."

PLANS = {
    "seq2seq": _plan("seq2seq", True, 0.04, {"at_least": 0.97}),
    "seq2seq-fixed": _plan("seq2seq-fixed", False, 0.1, {}),
}

if __name__ == "__main__":
    from models.training.__main__ import main

    main(default=tuple(PLANS))
