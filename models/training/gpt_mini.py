"""A small GPT-2 that writes the grammar's Turkish and English.

``python -m models.training.gpt_mini`` trains. One model for both languages: a text begins
with ``</s>`` (as GPT-2's begins with its <|endoftext|>), and the first word says in which
language it goes on, so a visitor types words and nothing else.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from tokenizers import processors
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

from models.grammar import grammar
from models.training import tokenizer, writing_measures
from models.training.plan import About, Figure, Measured, Plan, Recipe
from models.training.untrained import untrained
from models.training.writing_measures import LANGUAGES, HeldOutSentences, WrittenSample

START = tokenizer.SPECIAL.index(tokenizer.END)  # of a text, and of the next one
PADDING = tokenizer.SPECIAL.index(tokenizer.PAD)
LENGTH = 64  # pieces of a training row, and the longest text that the model reads
WIDTH, LAYERS, HEADS = 128, 4, 4

SHARDS, PAIRS = 6000, 56  # the training text: so many parts of so many pairs
_FIRST_SEED = 1_000_000  # of the shards, far from the seeds of samples
_TOGETHER = {1: 0.6, 2: 0.2, 3: 0.2}  # sentences in one text, and how often

SAMPLES, FEW = 600, 100  # free sentences of the model, and of a baseline
NUCLEUS = 0.8  # of the probability: what free sentences are drawn from, pieces beyond it are not
_COUNTED = 30  # parts of the training text that the baselines count


@cache
def words() -> PreTrainedTokenizerFast:
    """The project's tokenizer, but </s> stands before a text and not behind it."""
    made = tokenizer.train()
    end = tokenizer.END
    made.backend_tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{end} $A", pair=None, special_tokens=[(end, START)]
    )
    made.bos_token = end
    made.model_max_length = LENGTH
    return made


def texts(seed: int, pairs: int) -> Iterator[str]:
    """Texts of one to three sentences of one language, from so many training pairs."""
    state = random.Random(seed)
    drawn = list(islice(grammar.generate(seed, "train"), pairs))
    sides = [[pair.source for pair in drawn], [pair.target for pair in drawn]]
    state.shuffle(sides[1])  # or every sentence's translation would stand near it
    while any(sides):
        left = [side for side in sides if side]
        side = state.choices(left, [len(side) for side in left])[0]
        together = state.choices(list(_TOGETHER), list(_TOGETHER.values()))[0]
        yield " ".join(side.pop() for _ in range(min(together, len(side))))


@cache
def shard(number: int) -> Tensor:
    """(row, LENGTH): text after text, each begun with </s>; a row begins where a text does."""
    found: list[list[int]] = []
    row: list[int] = []
    for ids in words()(list(texts(_FIRST_SEED + number, PAIRS)))["input_ids"]:
        row += ids
        if len(row) >= LENGTH:
            found.append(row[:LENGTH])
            row = []
    return torch.tensor(found)


def loss(model: nn.Module, draws: torch.Generator) -> Tensor:
    """Of every next piece of one shard."""
    ids = shard(int(torch.randint(SHARDS, (1,), generator=draws)))
    logits = model(input_ids=ids, use_cache=False).logits
    return cross_entropy(logits[:, :-1].flatten(0, 1), ids[:, 1:].flatten())


def build() -> GPT2LMHeadModel:
    """An untrained model. No dropout: it sees each part of its text two or three times."""
    config = GPT2Config(
        vocab_size=len(words()),
        n_positions=LENGTH,
        n_embd=WIDTH,
        n_layer=LAYERS,
        n_head=HEADS,
        activation_function="gelu_pytorch_tanh",  # GPT-2's own, in one kernel
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        initializer_range=0.05,  # 1/√width is 0.09; GPT-2's 0.02 is meant for wider ones
        bos_token_id=START,
        eos_token_id=START,
        pad_token_id=PADDING,
    )
    return GPT2LMHeadModel(config)


def save(models: Sequence[nn.Module], folder: Path) -> None:
    """Weights, configuration and tokenizer."""
    models[0].save_pretrained(folder)  # type: ignore[operator]
    tokenizer.save(words(), folder)


def measure(folder: Path, seed: int) -> Measured:
    """Surprise on held-out sentences and grammatical free ones, beside the grammar's own figures,
    an untrained model's and those of piece frequencies."""
    read = words()
    model = GPT2LMHeadModel.from_pretrained(folder).eval()
    plain = untrained(build, seed)
    text = torch.cat([shard(number) for number in range(_COUNTED)])
    others = {
        "bigram": writing_measures.bigram(text, len(read)),
        "unigram": writing_measures.unigram(text, len(read)),
        "untrained": plain,
    }
    sample = writing_measures.held_out(seed, read)
    quality, free = _figures(model, sample, SAMPLES, seed)
    parts = writing_measures.parts(seed)
    baselines = {"grammar": _grammars(writing_measures.surprises(None, sample), parts)}
    baselines |= {name: _figures(m, sample, FEW, seed)[0] for name, m in others.items()}
    detail = writing_measures.summary(free) | {
        "entropy_tr": grammar.measures().entropy,
        "parts_of_the_grammar": parts,
        "samples": SAMPLES,
        "sentences": writing_measures.SENTENCES,
    }
    return Measured(quality, baselines, detail)


def _grammars(surprises: dict[str, float], parts: dict[str, float]) -> dict[str, float]:
    return surprises | {"kept_out": 1 - parts["train"]}


def _figures(
    model: Any, sample: dict[grammar.Language, HeldOutSentences], rows: int, seed: int
) -> tuple[dict[str, float], list[WrittenSample]]:
    draws = torch.Generator().manual_seed(seed)

    def drawn(top_p: float) -> list[WrittenSample]:
        texts = writing_measures.free(model, words(), rows, draws, top_p=top_p)
        return [writing_measures.parsed(text) for text in texts]

    free, whole = drawn(NUCLEUS), writing_measures.grammatical(drawn(1.0))
    figures = writing_measures.surprises(model, sample) | writing_measures.grammatical(free)
    return figures | {f"grammatical_whole_{s}": whole[f"grammatical_{s}"] for s in LANGUAGES}, free


_LANGUAGE = {"tr": "Turkish", "en": "English"}


def _of(side: str) -> dict[str, Figure]:
    name = _LANGUAGE[side]
    return {
        f"nats_{side}": Figure(f"−log p of a held-out {name} sentence, nats", 1.5),
        f"perplexity_{side}": Figure(f"the same a piece of {name}, as perplexity", 1.5),
        f"excess_{side}": Figure(
            "nats a sentence beyond the grammar's own −log p", 0.25, at_most=1.0
        ),
        f"grammatical_{side}": Figure(
            f"share of free {name} samples (top-p {NUCLEUS:g}) that the grammar can generate",
            0.03,
            at_least=0.95,
        ),
        f"grammatical_long_{side}": Figure(
            f"the same of samples of {writing_measures.LONG} words or more", 0.08
        ),
        f"grammatical_whole_{side}": Figure(
            f"the same of {name} samples drawn from the whole distribution", 0.06
        ),
    }


PLANS = {
    "gpt-mini": Plan(
        id="gpt-mini",
        recipe=Recipe(
            steps=15_000,
            batch=16,
            learning_rate=3e-3,
            warmup=300,
            curve_every=50,
            save_every=500,
        ),
        about=About(
            what=f"GPT-2's shape, small: {LAYERS} layers, {HEADS} heads, width {WIDTH}, learned "
            "positions, output weights tied to the word vectors. One model for two languages. "
            "A text begins with `</s>`, which is also what the model writes when it would begin "
            "another; nothing tells it the language but the words themselves.",
            data=f"Made by the grammar: {SHARDS:,} parts of {PAIRS} sentence pairs, split `train` "
            "only; a step reads one part, drawn at random. A pair's two sentences are used "
            "separately. Texts of one to three sentences of one language follow one another in "
            f"rows of {LENGTH} pieces. Pieces are the project's own: stems and suffixes.",
            results="The grammar's own −log p is exact: the sum over all derivations. What stands "
            "in its column is of the grammar without the verb-object and adjective-noun "
            "combinations that are kept out of training (nobody who reads the training text "
            "alone can know them), plus ln 2 for the choice of a language. Its entropy over all "
            "Turkish sentences is in `metrics.json`. Free samples are drawn at temperature 1 from "
            "the start up to the first mark, and judged by the grammar's parser in the language "
            f"of most of their words; by nucleus sampling with p = {NUCLEUS:g} (Holtzman et al. "
            "2020), and once more with nothing cut from the distribution. `kept_out` says that "
            "they are no copies: it is the share of grammatical samples in the parts that "
            "training never sees (validation, test, held-out combinations), beside the share of "
            "the grammar's own sentences in those parts. `metrics.json` has the counts by number "
            "of words, and the first samples that were wrong.",
            limits="It knows the grammar's words and constructions, and nothing about the world. "
            f"It reads at most {LENGTH} pieces; other words fall apart into letters that it has "
            "hardly ever seen. One training run (one seed).",
        ),
        figures=_of("tr")
        | _of("en")
        | {"kept_out": Figure("share of grammatical samples that training never sees", 0.06)},
        build=build,
        loss=loss,
        save=save,
        measure=measure,
    )
}

if __name__ == "__main__":
    from models.training.__main__ import main

    main(default=tuple(PLANS))
