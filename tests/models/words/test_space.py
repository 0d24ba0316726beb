"""Rows, distances, neighbours and analogies, each against a computation of another kind."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import decoders

from models.errors import OutOfRange
from models.words import analogies, vector_sets
from models.words.neighbours import neighbours
from models.words.pieces import stand_ins
from models.words.relations import questions, relations
from models.words.space import VectorSpace, analogy, scored
from models.words.table import ONE_HOT_DISTANCE, Lookup
from models.words.vector_sets import lettered, of_table, row_names, row_of
from pages.words import RELATIONS, SETS
from tests.closeness import assert_close
from tests.present import present

WORDS = ("<unk>", "cat", "dog", "The", "cats", "dogs", "red", "ate")


def space(rows: int = len(WORDS), width: int = 5, seed: int = 3) -> VectorSpace:
    vectors = np.random.default_rng(seed).normal(size=(rows, width)).astype(np.float32)
    return of_table("drawn", (*WORDS, *map(str, range(rows)))[:rows], vectors)


def test_a_one_hot_vector_picks_its_row_and_no_other() -> None:
    drawn = space()
    for row in range(len(WORDS)):
        found = Lookup(drawn, row, 0)
        own = torch.nn.Embedding(len(WORDS), 5, _weight=torch.tensor(drawn.vectors.copy()))
        assert_close(found.product(), own(torch.tensor(row)).detach().numpy())
        assert found.check().absolute == 0
        assert float(found.one_hot().sum()) == 1


def test_a_wrong_row_would_be_seen_by_the_check() -> None:
    drawn = space()
    other = Lookup(drawn, 2, 0)
    wrong = np.asarray(Lookup(drawn, 1, 0).one_hot() @ drawn.vectors)
    assert np.abs(wrong - other.vector).max() > 0.1
    with pytest.raises(OutOfRange):
        Lookup(drawn, len(WORDS), 0)


def test_one_hot_distances_are_all_alike_and_those_of_rows_are_torchs() -> None:
    drawn = space()
    eye = torch.eye(len(WORDS), dtype=torch.float64)
    apart = torch.cdist(eye, eye)
    off = apart[~torch.eye(len(WORDS), dtype=torch.bool)]
    assert off.numpy() == pytest.approx(ONE_HOT_DISTANCE, rel=1e-12)
    rows = torch.tensor(drawn.vectors.astype(np.float64))
    for row in range(len(WORDS)):
        found = Lookup(drawn, row, (row + 1) % len(WORDS))
        own = torch.cdist(rows[row : row + 1], rows)[0].numpy()
        assert_close(found.distances, own)
        assert found.distance == pytest.approx(own[found.other], rel=1e-9)
        others = np.delete(own, row)
        assert found.spread == pytest.approx((others.min(), np.median(others), others.max()), 1e-4)


def test_neighbours_are_torchs_nearest_by_cosine_without_the_word_itself() -> None:
    drawn = space(60, 7)
    table = torch.tensor(drawn.vectors.astype(np.float64))
    for row in (0, 17, 59):
        found = neighbours(drawn, row, 12)
        own = torch.nn.functional.cosine_similarity(table[row : row + 1], table)
        own[row] = -torch.inf
        best = torch.topk(own, 12)
        assert found.ranked == tuple(best.indices.tolist())
        made = [found.cosine(rank) for rank in range(12)]
        assert made == pytest.approx(best.values.tolist(), rel=1e-6)
        assert found.check(3).rounding
        assert int(found.counts[0].sum()) == 59


def test_an_analogy_that_is_built_in_is_answered_and_the_given_words_are_left_out() -> None:
    drawn = space(40, 16)
    vectors = drawn.vectors / np.linalg.norm(drawn.vectors, axis=1, keepdims=True)
    right = vectors[4] - vectors[1] + vectors[2]
    vectors[5] = right / np.linalg.norm(right)
    made = of_table("made", drawn.names, vectors.astype(np.float32))
    found = analogy(made, 4, 1, 2)
    assert found.answer == found.nearest == 5
    assert found.cosine(5) == pytest.approx(1.0, abs=1e-6)
    same = analogy(made, 1, 1, 2)  # cat − cat + dog is dog
    assert same.nearest == 2
    assert same.answer not in (1, 2)


def test_scores_count_what_single_questions_say() -> None:
    drawn = space(40, 4)
    rows = np.random.default_rng(5)
    asked = np.array([rows.permutation(40)[:4] for _ in range(600)])
    found = scored(drawn, asked)
    every = [analogy(drawn, *question[:3].tolist()) for question in asked]
    assert found.asked == 600
    assert found.right == sum(q.answer == w for q, w in zip(every, asked[:, 3], strict=True))
    assert found.kept == sum(q.nearest == w for q, w in zip(every, asked[:, 3], strict=True))
    alone = [drawn.nearest(drawn.vectors[q[2]], 1, without=q[:3].tolist())[0] for q in asked]
    assert found.nearest_c == int((np.array(alone) == asked[:, 3]).sum())
    with pytest.raises(ValueError, match="no question"):
        scored(drawn, np.zeros((0, 4), int))


def test_every_question_has_four_words_and_none_is_asked_twice() -> None:
    typed = vector_sets.space(vector_sets.SKIPGRAM).typed
    for name in relations():
        every = list(questions(name, typed))
        assert len(every) == len(set(every)) > 0
        assert all(len(set(question)) == 4 for question in every)
        assert all(word in typed for question in every for word in question)
    assert ("cat", "cats") in relations()["plural"]
    assert ("eat", "ate") in relations()["past"]


def test_what_was_measured_is_what_the_shipped_vectors_give() -> None:
    for name in (vector_sets.SKIPGRAM, vector_sets.COUNTED):
        made = analogies.by_relation(vector_sets.space(name))
        measured = dict(present(analogies.of_set(name)))
        assert measured.pop("all") == analogies.total(made)
        assert measured == made


def test_the_page_names_the_sets_and_relations_that_there_are() -> None:
    assert vector_sets.SETS == SETS
    assert tuple(relations()) == RELATIONS


def test_a_capital_that_begins_a_word_may_be_small_in_the_table() -> None:
    drawn = space()
    assert row_of(drawn, " Cat ") == WORDS.index("cat")
    assert row_of(drawn, "The") == WORDS.index("The")
    assert row_of(drawn, "the") is None
    assert row_of(drawn, "İçti") is None


@pytest.mark.parametrize("word", ["café", "yüz", "şu", "ığdır", "cat", "“так", "naïve", "猫"])
def test_over_bytes_a_row_has_the_letters_that_its_tokenizer_decodes(word: str) -> None:
    signs = stand_ins()
    raw = "".join(signs[byte] for byte in f" {word}".encode())
    assert lettered(raw) == f"Ġ{word}"
    assert decoders.ByteLevel().decode([raw]) == f" {word}"
    vectors = np.eye(2, dtype=np.float32)
    assert row_of(of_table("t", ("Ġcat", lettered(raw)), vectors), word) is not None


def test_what_is_no_letter_over_bytes_is_not_shown_as_one() -> None:
    found = {raw: lettered(raw) for raw in ("Ã", "ĠÃ", "ā", "Ċ", "ĠĠĠ", "Ġ", "<|im_end|>", "Ã©")}
    assert found == {
        **{"Ã": "<C3>", "ĠÃ": "Ġ<C3>", "ā": "<01>", "Ã©": "é"},
        **{raw: raw for raw in ("Ċ", "ĠĠĠ", "Ġ", "<|im_end|>")},
    }


@dataclass
class OverBytes:
    """A tokenizer of three rows, as transformers hands it out."""

    decoder: Any
    all_special_tokens: tuple[str, ...] = ("Ã©",)

    @property
    def backend_tokenizer(self) -> Any:
        return self

    def convert_ids_to_tokens(self, ids: list[int]) -> list[str | None]:
        return ["Ã©", "ĠcafÃ©", None][: len(ids)]


@pytest.mark.parametrize(
    ("decoder", "name"), [(decoders.ByteLevel(), "Ġcafé"), (decoders.WordPiece(), "ĠcafÃ©")]
)
def test_only_of_a_tokenizer_over_bytes_names_are_read_as_bytes(decoder: Any, name: str) -> None:
    loaded: Any = SimpleNamespace(tokenizer=OverBytes(decoder), lock=nullcontext())
    assert row_names(loaded, 3) == ("Ã©", name, "<2>")


def test_continuations_are_no_words_where_beginnings_are_marked() -> None:
    vectors = np.eye(3, dtype=np.float32)
    assert dict(of_table("t", ("Ġcat", "cat", "Ġ"), vectors).typed) == {"cat": 0}
    assert dict(of_table("t", ("cat", "##s", "[PAD]"), vectors).typed) == {"cat": 0, "[PAD]": 2}
