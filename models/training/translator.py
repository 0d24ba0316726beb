"""The translator, Turkish → English: a small Transformer in Marian's shape.

``python -m models.training.translator`` trains. Shape after Junczys-Dowmunt et al. (2018), as
transformers builds it; the architecture is that of Vaswani et al. (2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from transformers import GenerationConfig, MarianConfig, MarianMTModel

from models.grammar.conventions import CONVENTIONS
from models.grammar.grammar import LONGEST
from models.recording import capture
from models.training.padding import padded
from models.training.plan import About, Figure, Measured, Plan, Recipe
from models.training.pool import LONG, OFTEN, PAIRS, UNCAPPED, UNMARKED, Row, pool
from models.training.tokenizer import CORPUS, END, PAD, SPECIAL
from models.training.translation import (
    SENTENCES,
    SWITCHED,
    alignment_figures,
    exact,
    exact_as_typed,
    held_out,
    length,
    lengths,
    share,
    switched_off,
)
from models.training.untrained import untrained

VOCABULARY = 1199  # pieces that the tokenizer comes to (a test counts them)
PAD_ID, END_ID = SPECIAL.index(PAD), SPECIAL.index(END)
WIDTH, FEED_FORWARD, HEADS, LAYERS, POSITIONS = 128, 256, 4, 2, 128
ATTENTION_DROPOUT = 0.25
BATCH, PARTS = 64, 2
WRITTEN_BY_DEFAULT = 64  # pieces; what `generate` stops at when nothing else is said


def build() -> nn.Module:
    """An untrained model. Dropout of attention keeps heads from resting on </s>."""
    config = MarianConfig(
        vocab_size=VOCABULARY,
        d_model=WIDTH,
        encoder_layers=LAYERS,
        decoder_layers=LAYERS,
        encoder_attention_heads=HEADS,
        decoder_attention_heads=HEADS,
        encoder_ffn_dim=FEED_FORWARD,
        decoder_ffn_dim=FEED_FORWARD,
        max_position_embeddings=POSITIONS,
        activation_function="swish",
        dropout=0.0,
        attention_dropout=ATTENTION_DROPOUT,
        init_std=0.08,
        scale_embedding=True,
        pad_token_id=PAD_ID,
        eos_token_id=END_ID,
        bos_token_id=None,
        decoder_start_token_id=PAD_ID,
        forced_eos_token_id=None,
    )
    model: nn.Module = MarianMTModel(config)
    return model


def loss(model: nn.Module, draws: torch.Generator) -> Tensor:
    """Of every piece of the target, after the gold pieces before it.

    The batch goes through the model in parts, short sentences and long ones: little padding.
    """
    chosen = pool().draw(BATCH, draws)
    size = BATCH // PARTS
    parts = [chosen[at : at + size] for at in range(0, BATCH, size)]
    total = torch.stack([summed_loss(model, part) for part in parts]).sum()
    return total / sum(len(target) for _, target in chosen)


def summed_loss(model: nn.Module, rows: Sequence[Row]) -> Tensor:
    """() −ln p of the target's pieces, in nats, the sum over all; rows: (source, target) ids."""
    source, target = (padded(side, PAD_ID) for side in zip(*rows, strict=True))
    before = torch.cat((torch.full((len(rows), 1), PAD_ID), target[:, :-1]), dim=1)
    logits = model(
        input_ids=source,
        attention_mask=(source != PAD_ID).long(),
        decoder_input_ids=before,
        use_cache=False,
    ).logits
    return cross_entropy(
        logits.flatten(0, 1), target.flatten(), ignore_index=PAD_ID, reduction="sum"
    )


def save(models: Sequence[nn.Module], folder: Path) -> None:
    """Weights, configuration, tokenizer, and how `generate` begins and ends: greedily."""
    model: Any = models[0]
    model.generation_config = GenerationConfig(
        decoder_start_token_id=PAD_ID,
        eos_token_id=END_ID,
        pad_token_id=PAD_ID,
        do_sample=False,
        num_beams=1,
        max_new_tokens=WRITTEN_BY_DEFAULT,
    )
    model.save_pretrained(folder)
    pool().words.save_pretrained(folder)


def measure(folder: Path, seed: int) -> Measured:
    """Exact translations, alignment, and what is left of them with heads off."""
    from models.catalog import load

    loaded, held = load(str(folder)), held_out(seed)
    model, words = loaded.model, loaded.tokenizer
    unseen_pairs = held.unseen[:SENTENCES]
    test = list(zip(held.test, exact(model, words, held.test), strict=True))
    unseen = list(zip(unseen_pairs, exact(model, words, unseen_pairs), strict=True))
    figures, told = alignment_figures(model, words, held)
    quality = {
        "exact": share([ok for _, ok in test]),
        "exact_unseen": share([ok for _, ok in unseen]),
        "exact_long": share([ok for pair, ok in test + unseen if length(pair) >= LONG]),
        "exact_as_typed": share(exact_as_typed(model, words, held.test[:SWITCHED])),
        **figures,
        **switched_off(model, words, held.test[:SWITCHED], told),
    }
    plain: Any = untrained(build, seed)
    plain.set_attn_implementation(capture.IMPLEMENTATION)
    nothing = {"exact": share(exact(plain, words, held.test[:SWITCHED]))}
    baselines = {"untrained": nothing | alignment_figures(plain, words, held)[0]}
    curve = partial(lengths, model, words, seed)
    return Measured(quality, baselines, told, {"by_length.json": curve})


_ROW = "by the row that predicts the word's first piece, every source position counted, </s> too"
FIGURES = {
    "exact": Figure(
        "share of test sentences whose greedy translation is the gold one, letter by letter",
        0.01,
        at_least=0.99,
    ),
    "exact_unseen": Figure(
        "the same of sentences with a combination (verb and object, adjective and noun) that no "
        "training sentence has",
        0.02,
        at_least=0.95,
    ),
    "exact_long": Figure(f"the same of test and unseen sentences of {LONG} or more words", 0.05),
    "exact_as_typed": Figure(
        f"the same of {SWITCHED} test sentences without the final mark and the first capital (a "
        "name keeps it); the translation is to have no mark either",
        0.05,
    ),
    "alignment": Figure(
        "share of English content words for which the chosen head's largest weight lies on a "
        f"Turkish word that they translate, {_ROW}",
        0.02,
        at_least=0.97,
    ),
    "alignment_reading_row": Figure(
        "the same head by the row that reads the word's first piece, one further down", 0.05
    ),
    "error_rate": Figure(
        "alignment error rate (Och and Ney, 2003) of the mean over the chosen layer's heads; "
        "all English words, the mark too, each linked to its largest weight",
        0.03,
    ),
    "error_rate_of_head": Figure("the same of the chosen head alone", 0.03),
    "exact_without_head": Figure(
        f"`exact` of {SWITCHED} test sentences with the chosen head off (its output set to zero)",
        0.15,
    ),
    "exact_without_another": Figure(
        "the same with one other cross-attention head of that layer off, their mean", 0.15
    ),
    "exact_without_such_heads": Figure(
        "the same with every cross-attention head off whose own `alignment` is at least 0.5", 0.15
    ),
    "exact_without_layer": Figure(
        "the same with all cross-attention heads of the chosen head's layer off", 0.15
    ),
}

_WHAT = (
    "A Transformer in the shape of Marian (Junczys-Dowmunt et al., 2018), as transformers builds "
    f"it: {LAYERS} encoder and {LAYERS} decoder layers, {HEADS} heads, width {WIDTH}, feed-forward "
    f"part {FEED_FORWARD}, layer norm after each part, sines and cosines for positions, one table "
    "of word vectors for both languages and the output. It reads Turkish and writes English, and "
    f"`generate` is greedy. The decoder begins with `{PAD}`, as Marian's does."
)
_DATA = (
    f"{PAIRS:,} pairs of the project's own grammar (`models/grammar/grammar.py`), its training "
    "part only: validation and test sentences are kept apart by the hash of their English, and "
    "sentences with certain combinations (verb and object, adjective and noun) are kept out "
    "altogether and make the *unseen* part. The pieces of the tokenizer are stems and suffixes, "
    f"counted on the first {CORPUS:,} of them. In training, sentences of {LONG} or more Turkish "
    f"words are drawn {OFTEN:g} times as often as the grammar has them, {UNMARKED:.0%} of the "
    f"pairs lack the final mark on both sides, and {UNCAPPED:.0%} of the Turkish sentences begin "
    "with a small letter (unless with a name). Figures below are on sentences as the grammar draws "
    f"them. Attention weights are dropped in training ({ATTENTION_DROPOUT:.0%}), nothing else is: "
    "without that, heads may rest on `</s>`.\n\n"
    "Where Turkish leaves open what English must say, these rules decide, and a translation that "
    "does otherwise counts as wrong:\n\n"
)
_RESULTS = (
    "*Exact* is greedy and free-running: the model reads its own words, and one letter amiss is "
    "wrong. Alignment is measured while the decoder is given the gold translation. A Turkish "
    "word's weight is the sum over its pieces; `</s>` is a position like any other, and a head "
    "that looks there is wrong. Only the row that *predicts* a word aligns: there the decoder has "
    "read the word before. The head is the one with the largest share on a validation sample, the "
    "layer the one with the smallest error rate there; what stands here was measured on the test "
    "sample. With one head off little is lost where others align as well: the last two rows say "
    "what they do together. `by_length.json` has *exact* by the number of Turkish words, "
    "`metrics.json` every head's figures."
)
_LIMITS = (
    "It knows the grammar's words and constructions and nothing else. Other words are read letter "
    "by letter and come out as words that it knows; letters of other scripts are unknown to it. "
    f"Sentences beyond {LONGEST} words are longer than anything that it was trained on. What a "
    "head looks at is routing, not a reason. One training run (one seed)."
)

PLANS = {
    "translator": Plan(
        id="translator",
        recipe=Recipe(steps=8000, batch=BATCH, learning_rate=2e-3, warmup=300),
        about=About(
            what=_WHAT,
            data=_DATA
            + "\n".join(
                f"- {c.question}: {c.rule} ({c.turkish} → {c.english})" for c in CONVENTIONS
            ),
            results=_RESULTS,
            limits=_LIMITS,
        ),
        figures=FIGURES,
        build=build,
        loss=loss,
        save=save,
        measure=measure,
    )
}

if __name__ == "__main__":
    from models.training.__main__ import main

    main(default=tuple(PLANS))
