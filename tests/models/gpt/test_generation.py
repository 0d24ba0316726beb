"""Writing token by token: the model's own probabilities, the same text for the same link."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from models.catalog import load
from models.core.sampling import Settings, uniform
from models.errors import NoHead
from models.gpt.cache import cached
from models.gpt.generation import changed_rows, next_logits, spelled, traced, write
from models.recording.continuation import MOST
from tests.closeness import CLOSE, assert_close

WAY = Settings(0.8, 10, 0.9)
BEGINNINGS = ("The old", "Yaşlı", "The cook that", "Kedinin")


def p(logits: np.ndarray) -> np.ndarray:
    return torch.from_numpy(np.array(logits)).double().softmax(-1).numpy()


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_every_prefix_has_the_same_next_words_with_and_without_the_cache(beginning: str) -> None:
    loaded = load("gpt-mini")
    ids = write(loaded, beginning, Settings(1.3), seed=3, steps=40).ids
    assert len(ids) > 5
    rest = None
    for n in range(1, len(ids) + 1):
        # Truly step by step: each token enters the cache alone.
        with torch.inference_mode():
            last = loaded.model(
                torch.tensor([ids[n - 1 : n]]), past_key_values=rest, use_cache=True
            )
        rest = last.past_key_values
        whole = next_logits(loaded, ids[:n])
        assert_close(last.logits[0, -1], whole)
        found = cached(loaded, ids[:n])
        assert found is not None
        assert found.difference.relative <= CLOSE
        assert_close(found.with_cache, whole)


def test_a_cache_holds_the_keys_and_values_of_a_pass_without_one_and_no_byte_more() -> None:
    loaded = load("gpt-mini")
    ids = loaded.encode("The old man saw").ids
    found, trace = cached(loaded, ids), traced(loaded, ids)
    assert found is not None
    for block, k, v in zip(trace.layers("decoder"), found.keys, found.values, strict=True):
        assert_close(k, block.k)
        assert_close(v, block.v)
    card = loaded.card
    width = card.width // card.heads
    assert found.sizes[0].numbers == card.layers * 2 * card.heads * len(ids) * width
    assert found.sizes[0].bytes == found.bytes == 4 * found.sizes[0].numbers


def test_a_model_without_a_cache_says_so() -> None:
    loaded = load("induction")
    assert cached(loaded, loaded.encode("abcabc").ids) is None


def test_the_same_seed_writes_the_same_text_and_another_another() -> None:
    texts = {seed: write("gpt-mini", "The old", WAY, seed=seed, steps=8).ids for seed in range(6)}
    assert texts == {
        seed: write("gpt-mini", "The old", WAY, seed=seed, steps=8).ids for seed in texts
    }
    assert len(set(texts.values())) > 1


def test_a_longer_text_begins_with_the_shorter_one() -> None:
    long = write("gpt-mini", "Yaşlı", WAY, seed=1, steps=6)
    for steps in range(long.steps):
        short = write("gpt-mini", "Yaşlı", WAY, seed=1, steps=steps)
        assert short.ids == long.ids[: len(short.ids)]
        assert short.next is not None
        assert short.next.chosen == long.ids[len(short.ids)]
        assert short.next.drawn is not None
        assert short.next.drawn.u == uniform(1, steps)


def test_greedy_writes_what_the_library_writes_without_sampling() -> None:
    loaded = load("gpt-mini")
    ours = write(loaded, "The old", Settings(0.0), steps=20)
    with torch.inference_mode():
        own = loaded.model.generate(
            torch.tensor([ours.ids[: ours.given]]), do_sample=False, max_new_tokens=ours.steps
        )
    assert tuple(own[0].tolist()) == ours.ids


def test_writing_ends_at_the_end_mark_or_where_there_is_no_room() -> None:
    loaded = load("gpt-mini")
    for seed in range(4):
        found = write(loaded, "The old", Settings(), seed=seed, steps=10_000)
        if found.next is None:
            assert found.ids[-1] == loaded.model.generation_config.eos_token_id
        else:
            assert not found.room
            assert len(found.ids) == loaded.limit or found.steps == MOST
        assert len(found.ids) <= loaded.limit
    # The induction model knows no end mark.
    letters = write("induction", "abc", Settings(), steps=10_000)
    assert letters.next is not None
    assert letters.steps == MOST


def test_a_beginning_that_fills_the_model_still_has_a_next_token() -> None:
    loaded = load("gpt-mini")
    found = write(loaded, " ".join(["old"] * (loaded.limit - 1)), Settings(), steps=3)
    assert len(found.ids) == loaded.limit
    assert found.steps == 0
    assert not found.room
    assert found.next is not None


def test_appending_a_token_leaves_earlier_rows_and_a_mask_taken_away_would_not() -> None:
    loaded = load("gpt-mini")
    ids = write(loaded, "The old", WAY, steps=5).ids
    for n in range(1, len(ids)):
        assert changed_rows(traced(loaded, ids[:n]), traced(loaded, ids[: n + 1])).rounding
    both = load("bert-mini")
    some = both.encode("The old man saw the cat.").ids
    assert changed_rows(traced(both, some[:-2]), traced(both, some[:-1])).absolute > 0.01


@pytest.mark.parametrize("part", ["q", "k", "v", "output"])
def test_a_change_of_any_part_in_any_layer_is_seen(part: str) -> None:
    loaded = load("gpt-mini")
    ids = loaded.encode("The old man saw").ids
    before, after = traced(loaded, ids[:-1]), traced(loaded, ids)
    for layer, block in enumerate(after.blocks):
        other = getattr(block, part).copy()
        other[1, 2, 3] += 0.5
        blocks = list(after.blocks)
        blocks[layer] = replace(block, **{part: other})
        assert changed_rows(before, replace(after, blocks=tuple(blocks))).absolute > 0.4
        # What happens in the new row is no change of an earlier one.
        new = getattr(block, part).copy()
        new[1, -1, 3] += 0.5
        blocks[layer] = replace(block, **{part: new})
        assert changed_rows(before, replace(after, blocks=tuple(blocks))).rounding


@pytest.mark.parametrize("model", ["minilm", "bert-mini", "translator"])
def test_a_model_that_writes_no_text_is_refused(model: str) -> None:
    with pytest.raises(NoHead):
        write(model, "The old", WAY)


def test_a_text_so_far_can_be_typed_again() -> None:
    loaded = load("gpt-mini")
    found = write(loaded, "Yaşlı", WAY, seed=1, steps=5)
    typed = spelled(loaded, found.ids)
    assert typed.startswith("Yaşlı")
    assert "</s>" not in typed
