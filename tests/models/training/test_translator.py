"""The shipped translator: what it writes, how it is stepped through, what it was trained on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer, MarianMTModel

from models.catalog import load
from models.errors import InputError
from models.grammar.grammar import Pair, generate
from models.measured import CHECKPOINTS
from models.record import MAX_WRITTEN, record
from models.training import pool, translation, translator
from tests.closeness import CLOSE

FOLDER = CHECKPOINTS / "translator"
STEPPED = 20
TYPED = (
    "kedi balığı yedi",
    "KEDİ BALIĞI YEDİ!",
    "Bilgisayarım bozuldu, ne yapmalıyım?!",
    "Kedi 🐈 balığı 猫 yedi...",
    "“Kedi” – balığı; (yedi)",
    "The cat ate the fish.",
    "a",
    "..??!",
    "kedi " * 60,
)


def sentences() -> list[Pair]:
    return list(islice(generate(2026, "test"), STEPPED))


@lru_cache(maxsize=1)
def plain() -> tuple[Any, Any]:
    """The folder as anybody opens it: the model with its own eager attention, the tokenizer."""
    model = MarianMTModel.from_pretrained(FOLDER, attn_implementation="eager").eval()
    return model, AutoTokenizer.from_pretrained(FOLDER)


def stepped(model: Any, ids: torch.Tensor, *, cached: bool) -> Iterator[tuple[int, torch.Tensor]]:
    """(token, its logits) one after another, by the likeliest; with a cache or all anew."""
    written = [model.config.decoder_start_token_id]
    memory, cache = model.get_encoder()(input_ids=ids), None
    while written[-1] != model.config.eos_token_id:
        read = written[-1:] if cached else written
        result = model(
            encoder_outputs=memory,
            decoder_input_ids=torch.tensor([read]),
            past_key_values=cache,
            use_cache=cached,
        )
        cache = result.past_key_values
        written.append(int(result.logits[0, -1].argmax()))
        yield written[-1], result.logits[0, -1]


@torch.inference_mode()
def test_stepping_to_the_end_is_what_generate_writes() -> None:
    model, words = plain()
    for pair in sentences():
        ids = words(pair.source, return_tensors="pt")["input_ids"]
        anew, cached = (list(stepped(model, ids, cached=c)) for c in (False, True))
        own = model.generate(input_ids=ids)[0].tolist()
        assert own == [model.config.decoder_start_token_id, *(token for token, _ in anew)]
        assert [token for token, _ in cached] == [token for token, _ in anew]
        for (_, a), (_, b) in zip(anew, cached, strict=True):
            assert torch.allclose(a, b, atol=1e-5)


@torch.inference_mode()
def test_a_recording_without_target_writes_what_generate_writes() -> None:
    model, words = plain()
    for pair in sentences():
        trace = record("translator", pair.source)
        own = model.generate(**words(pair.source, return_tensors="pt"))[0].tolist()
        # The decoder's inputs: all that was written but the end mark, which nothing follows.
        assert trace.target_tokens == tuple(words.convert_ids_to_tokens(own[:-1]))
        assert own[-1] == words.eos_token_id


def test_a_given_target_is_what_the_decoder_reads() -> None:
    trace = record("translator", "Kedi balığı yedi.", target="The fish ate the cat.")
    assert trace.target_tokens == ("<pad>", "▁The", "▁fish", "▁ate", "▁the", "▁cat", ".")
    assert trace.tokens == ("▁Kedi", "▁balığ", "ı", "▁ye", "di", ".", "</s>")


def test_what_is_recorded_recomputes_in_all_three_kinds() -> None:
    for pair in sentences():
        trace = record("translator", pair.source)
        assert trace.kinds == ("encoder", "decoder", "cross")
        assert [len(trace.layers(kind)) for kind in trace.kinds] == [2, 2, 2]
        assert trace.difference().relative <= CLOSE


@torch.inference_mode()
def test_recorded_weights_are_transformers_own() -> None:
    model, words = plain()
    for pair in sentences()[:5]:
        trace = record("translator", pair.source, target=pair.target)
        ids = words(pair.source, return_tensors="pt")
        read = torch.tensor([words.convert_tokens_to_ids(list(trace.target_tokens or ()))])
        result = model(**ids, decoder_input_ids=read, output_attentions=True)
        own = (result.encoder_attentions, result.decoder_attentions, result.cross_attentions)
        for kind, layers in zip(trace.kinds, own, strict=True):
            for block, weights in zip(trace.layers(kind), layers, strict=True):
                assert np.allclose(block.weights, weights[0].numpy(), atol=1e-5)


def test_generation_is_greedy_and_nothing_is_forced() -> None:
    settings = plain()[0].generation_config
    assert (settings.do_sample, settings.num_beams) == (False, 1)
    assert settings.max_new_tokens == translator.WRITTEN_BY_DEFAULT >= MAX_WRITTEN
    for name in ("forced_eos_token_id", "forced_bos_token_id", "bad_words_ids", "bos_token_id"):
        assert getattr(settings, name) is None
    assert (settings.pad_token_id, settings.eos_token_id) == (0, 1)
    assert settings.decoder_start_token_id == 0


@pytest.mark.parametrize("text", TYPED)
def test_whatever_is_typed_is_translated_to_an_end_and_recomputes(text: str) -> None:
    trace = record("translator", text)
    assert trace.target_tokens is not None
    assert len(trace.target_tokens) <= MAX_WRITTEN + 1
    assert trace.difference().relative <= CLOSE


@pytest.mark.parametrize("text", ["猫", "🐈 🐈", " \t"])
def test_what_has_no_known_letter_is_refused_with_its_reason(text: str) -> None:
    with pytest.raises(InputError):
        record("translator", text)


def test_a_missing_mark_and_a_small_first_letter_change_no_word() -> None:
    (said,) = translation.translated(*plain(), ["kedi balığı yedi"])
    assert said == "The cat ate the fish"


def test_accuracy_is_told_for_every_length_and_adds_up() -> None:
    rows = json.loads((FOLDER / "by_length.json").read_text("utf-8"))
    metrics = json.loads((FOLDER / "metrics.json").read_text("utf-8"))
    assert [row["words"] for row in rows][:11] == list(range(2, 13))
    counts = [row["test"]["sentences"] for row in rows]
    assert sum(counts) == translation.MANY
    right = sum(
        row["test"]["exact"] * row["test"]["sentences"] for row in rows if row["test"]["sentences"]
    )
    # Another, larger sample than the card's.
    assert right / sum(counts) == pytest.approx(metrics["quality"]["exact"], abs=0.01)


def test_cross_attention_switched_off_leaves_no_trace_of_the_source() -> None:
    model, words = plain()
    everywhere = [(i, h) for i in range(translator.LAYERS) for h in range(translator.HEADS)]
    texts = ["Kedi balığı yedi.", "Öğretmenin kitabı eski."]
    before = translation.translated(model, words, texts)
    with translation.cross_off(model, everywhere):
        blind = translation.translated(model, words, texts)
    assert blind[0] == blind[1]
    assert before[0] != before[1]
    assert translation.translated(model, words, texts) == before


def test_the_shipped_tokenizer_is_the_one_of_the_training_pairs() -> None:
    shipped, made = load("translator").tokenizer, pool.pool().words
    assert shipped.get_vocab() == made.get_vocab()
    assert len(shipped) == translator.VOCABULARY


def test_no_held_out_sentence_is_in_the_training_pairs() -> None:
    words, marks = plain()[1], {".", "?"}

    def unmarked(ids: list[int]) -> tuple[str, ...]:
        pieces = words.convert_ids_to_tokens(ids)
        return tuple(piece for piece in pieces if piece not in {*marks, "</s>"})

    trained = {unmarked(target) for _, target in pool.pool().rows}
    held = translation.held_out(4321)
    for pair in (*held.validation, *held.test, *held.unseen):
        assert unmarked(words(pair.target)["input_ids"]) not in trained
    longest = max(len(target) for _, target in pool.pool().rows)
    assert longest <= translation.LONGEST_WRITTEN


def test_long_sentences_are_drawn_more_often_and_short_rows_come_first() -> None:
    held = pool.pool()
    draws = torch.Generator().manual_seed(0)
    rows = [row for _ in range(20) for row in held.draw(200, draws)]
    long = {id(row) for row, odds in zip(held.rows, held.odds, strict=True) if odds > 1}
    drawn, there = np.mean([id(row) in long for row in rows]), len(long) / len(held.rows)
    # Of weights 1 and 3: 3s / (1 + 2s).
    assert drawn == pytest.approx(pool.OFTEN * there / (1 + (pool.OFTEN - 1) * there), abs=0.03)
    lengths = [len(source) + len(target) for source, target in rows[:200]]
    assert lengths == sorted(lengths)
