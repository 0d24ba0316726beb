"""gpt-mini's text and its measures: what a training row holds, and what the figures count."""

from __future__ import annotations

import math
from itertools import islice, pairwise
from types import SimpleNamespace

import pytest
import torch

from models.grammar import grammar
from models.training import gpt_mini
from models.training import writing_measures as w
from models.training.gpt_mini import LENGTH, START, words


def test_a_text_begins_with_its_mark_and_does_not_end() -> None:
    ids = words()("Kedi balığı")["input_ids"]
    assert words().convert_ids_to_tokens(ids) == ["</s>", "▁Kedi", "▁balığ", "ı"]
    assert words().decode(ids, skip_special_tokens=True) == "Kedi balığı"


def test_a_row_is_one_text_after_another_each_of_one_language() -> None:
    ids = gpt_mini.shard(3)
    assert ids.shape[1] == LENGTH
    assert (ids[:, 0] == START).all()
    assert words().unk_token_id not in ids
    for row in ids.tolist():
        begins = [i for i, piece in enumerate(row) if piece == START]
        for at, stop in pairwise(begins):  # the last may be cut off
            sentences = words().decode(row[at + 1 : stop]).replace("? ", "?\n").replace(". ", ".\n")
            found = [w.parsed(one) for one in sentences.split("\n")]
            assert 1 <= len(found) <= 3
            assert len({one.language for one in found}) == 1
            assert all(one.parse is not None and one.parse.split == "train" for one in found)


def test_every_training_sentence_is_read_once_a_shard() -> None:
    drawn = list(islice(grammar.generate(9, "train"), 30))
    text = " ".join(gpt_mini.texts(9, 30))
    assert sorted(text.split()) == sorted(
        " ".join(s for pair in drawn for s in (pair.source, pair.target)).split()
    )


def test_a_table_of_pieces_is_a_distribution_and_knows_what_followed() -> None:
    text = torch.tensor([[1, 5, 6, 1, 5, 7], [1, 5, 6, 1, 4, 6]])
    for table in (w.unigram(text, 9), w.bigram(text, 9)):
        assert table.log_p.exp().sum(1).tolist() == pytest.approx([1.0] * 9)
    assert w.bigram(text, 9).log_p[5].argmax() == 6
    assert w.bigram(text, 9).log_p[1].argmax() == 5
    assert float(w.unigram(text, 9).log_p[0, 5]) == pytest.approx(math.log(4 / 21))


def test_surprise_is_the_sum_over_a_sentences_own_pieces() -> None:
    table = w.bigram(torch.tensor([[1, 5, 6, 1, 5, 7]]), 9)
    rows = [(1, 5, 7), (1, 5, 6, 1, 5, 7)]
    by_hand = [-sum(float(table.log_p[a, b]) for a, b in pairwise(row)) for row in rows]
    assert w.surprise(table, rows).tolist() == pytest.approx(by_hand, rel=1e-5)


def test_surprise_is_transformers_own_loss() -> None:
    torch.manual_seed(0)
    model = gpt_mini.build().eval()
    rows = [tuple(words()(s)["input_ids"]) for s in ("Kedi uyudu.", "The old cat slept today.")]
    for row, found in zip(rows, w.surprise(model, rows), strict=True):
        ids = torch.tensor([row])
        with torch.inference_mode():
            mean = float(model(input_ids=ids, labels=ids).loss)
        assert float(found) == pytest.approx(mean * (len(row) - 1), rel=1e-5)


def test_the_grammars_own_figure_is_exact_for_a_model_that_is_the_grammar() -> None:
    """−log p of held-out sentences lies near the entropy, and its excess over itself is 0."""
    sample = w.held_out(7, words())
    own = w.surprises(None, sample)
    assert own["excess_tr"] == own["excess_en"] == 0
    rough = grammar.measures().entropy + math.log(2) + math.log(1 - w.parts(7)["unseen"])
    assert own["nats_tr"] == pytest.approx(rough, abs=1.5)
    pieces = sample["tr"].pieces
    assert own["perplexity_tr"] == pytest.approx(math.exp(own["nats_tr"] * w.SENTENCES / pieces))


class Parrot:
    """In place of a model: it writes the given rows, one piece a step."""

    def __init__(self, *sentences: str) -> None:
        rows = [words()(s)["input_ids"] for s in sentences]
        self.rows, self.step = rows, 0

    def __call__(self, input_ids: torch.Tensor, **_: object) -> SimpleNamespace:
        self.step += 1
        logits = torch.full((len(self.rows), 1, len(words())), -math.inf)
        for r, row in enumerate(self.rows):
            logits[r, 0, row[min(self.step, len(row) - 1)]] = 0.0
        return SimpleNamespace(logits=logits, past_key_values=None)


def test_free_samples_end_with_their_mark() -> None:
    said = ("Kedi uyudu. Ali geldi.", "Did the cat sleep? Yes.", "kedi kedi kedi")
    draws = torch.Generator().manual_seed(0)
    found = w.free(Parrot(*said), words(), 3, draws)
    assert found[:2] == ["Kedi uyudu.", "Did the cat sleep?"]
    assert found[2].startswith("kedi kedi kedi kedi")
    assert len(found[2].split()) < 60


@pytest.mark.parametrize(
    ("text", "language", "right"),
    [
        ("Kedi balığı yedi.", "tr", True),
        ("The cat ate the fish.", "en", True),
        ("Ali came.", "en", True),
        ("Ali geldi.", "tr", True),
        ("Kedi balığı yedim.", "tr", False),
        ("The cat eat the fish.", "en", False),
        ("Kedi the fish ate balığı.", "en", False),
        ("xyz.", None, False),
        ("", None, False),
    ],
)
def test_a_sample_is_judged_in_the_language_of_its_words(
    text: str, language: str | None, right: bool
) -> None:
    sample = w.parsed(text)
    assert sample.language == language
    assert (sample.parse is not None) is right


def test_what_is_of_neither_language_counts_against_both() -> None:
    samples = [w.parsed(s) for s in ("Kedi uyudu.", "The cat slept.", "xyz.")]
    found = w.grammatical(samples)
    assert found["grammatical_tr"] == found["grammatical_en"] == 0.5
    assert w.summary(samples)["of_neither_language"] == 1
    assert w.summary(samples)["tr"]["by_words"] == {"2": [1, 1]}
