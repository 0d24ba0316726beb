"""A decoder writes on: its greedy tokens, recorded in one pass that says the same of each."""

from __future__ import annotations

from copy import copy

import numpy as np
import pytest

from models.catalog import CATALOG, is_installed, load
from models.core.continued import against_pass
from models.core.sampling import Settings
from models.errors import NoHead
from models.gpt.generation import write
from models.heads.continuation import record_continued
from models.record import record
from models.recording.continuation import MOST, continued, continues, continues_by_card
from tests.closeness import CLOSE, assert_close

TEXTS = ("The old", "The cat that", "Yaşlı", "It is")
COUNT = 12


@pytest.mark.parametrize("text", TEXTS)
def test_it_records_the_very_tokens_that_are_written_step_by_step_without_a_cache(
    text: str,
) -> None:
    trace = record_continued(load("gpt-mini"), text, COUNT)
    greedy = write("gpt-mini", text, Settings(0.0), steps=COUNT)
    found = trace.continued
    assert found is not None
    assert trace.source.ids == greedy.ids
    assert trace.typed == greedy.source.typed
    assert (found.start, found.count) == (greedy.given, greedy.steps)
    assert found.ended == (greedy.next is None)


@pytest.mark.parametrize("text", TEXTS)
def test_the_pass_over_the_whole_has_each_written_token_as_its_most_probable(text: str) -> None:
    trace = record_continued(load("gpt-mini"), text, COUNT)
    found = trace.continued
    assert found is not None
    assert found.agreeing == found.count > 0
    assert found.behind.absolute == 0
    assert trace.relative_fidelity() <= CLOSE


def test_what_stands_before_is_as_in_the_recording_of_the_prompt_alone() -> None:
    whole, alone = record_continued(load("gpt-mini"), TEXTS[0], COUNT), record("gpt-mini", TEXTS[0])
    rows = len(alone.tokens)
    assert whole.tokens[:rows] == alone.tokens
    for one, other in zip(whole.blocks, alone.blocks, strict=True):
        assert_close(one.weights[:, :rows, :rows], other.weights)
    assert whole.key != alone.key


def test_a_token_that_the_pass_would_not_choose_is_counted_and_told_apart() -> None:
    logits = np.array([[0.0, 2.0, 1.0], [5.0, 1.0, 0.0], [0.0, 0.0, 9.0]], np.float32)
    agreeing = against_pass(logits, (7, 1, 0), 1, ended=False)
    assert (agreeing.agreeing, agreeing.count, agreeing.behind.absolute) == (2, 2, 0.0)
    other = against_pass(logits, (7, 1, 2), 1, ended=False)
    assert (other.agreeing, other.count) == (1, 2)
    assert other.behind.absolute == 5.0
    assert not other.behind.rounding


def test_it_is_greedy_whatever_the_models_own_settings_are(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load("gpt-mini")
    given = loaded.encode(TEXTS[1])
    usual = continued(loaded, given, COUNT).ids
    settings = copy(loaded.model.generation_config)
    settings.update(repetition_penalty=50.0, no_repeat_ngram_size=1, do_sample=True)
    monkeypatch.setattr(loaded.model, "generation_config", settings)
    assert continued(loaded, given, COUNT).ids == usual


def test_it_writes_as_much_as_there_is_room_for_and_never_more_than_the_most() -> None:
    loaded = load("gpt-mini")
    long = "The old man " * 400
    full = record_continued(load("gpt-mini"), long, COUNT, cut=True)
    assert full.continued is not None
    assert len(full.tokens) == full.continued.start == loaded.limit
    assert full.continued.count == 0
    assert len(continued(loaded, loaded.encode(TEXTS[0]), 10 * MOST).ids) <= MOST + 3


@pytest.mark.parametrize("model", ["minilm", "translator", "induction"])
def test_a_model_that_generates_no_text_says_so(model: str) -> None:
    assert not continues(load(model))
    with pytest.raises(NoHead):
        record_continued(load(model), "a b c", 1)


def test_a_card_tells_of_every_installed_model_what_the_model_does() -> None:
    cards = [card for card in CATALOG.values() if card.shows == "attention" and is_installed(card)]
    assert {card.id: continues(load(card.id)) for card in cards} == {
        card.id: continues_by_card(card) for card in cards
    }
    assert continues_by_card(CATALOG["smollm2"])
