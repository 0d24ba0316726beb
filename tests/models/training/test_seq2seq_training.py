"""The two recurrent translators: one pool, one recipe, and figures that mean what they say."""

from __future__ import annotations

import json
from functools import partial
from itertools import islice
from typing import Any

import pytest
import torch

from models.architectures.seq2seq_model import Seq2Seq
from models.catalog import load
from models.grammar.grammar import Pair, generate
from models.measured import CHECKPOINTS
from models.training import bilingual, seq2seq, tokenizer
from models.training.bilingual import END, PAD, PaddedPairs
from models.training.padding import padded
from models.training.untrained import untrained

FRESH = 977


def told(model_id: str) -> dict[str, Any]:
    file = CHECKPOINTS / model_id / "by_length.json"
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def pairs(count: int) -> list[Pair]:
    return list(islice(generate(FRESH), count))


def test_the_two_models_differ_in_attention_alone() -> None:
    large, small = (seq2seq.build(attention=attention).state_dict() for attention in (True, False))
    assert large.keys() - small.keys() == {"query.weight", "key.weight", "key.bias", "score.weight"}
    assert all(small[name].shape == large[name].shape for name in small)
    assert seq2seq.PLANS["seq2seq"].recipe == seq2seq.PLANS["seq2seq-fixed"].recipe
    assert seq2seq.PLANS["seq2seq"].loss is seq2seq.PLANS["seq2seq-fixed"].loss


@pytest.mark.parametrize("length", [2, 9])
def test_pairs_of_a_length_are_of_that_length_and_part(length: int) -> None:
    for pair in islice(bilingual.of_length(length, FRESH, ("train",)), 25):
        assert len(pair.source_words) == length + 1
        assert len(pair.target_words) <= 17
        assert pair.split == "train"


def test_a_batch_is_neighbours_without_needless_padding() -> None:
    source = torch.tensor([[5, 1, 0, 0], [6, 1, 0, 0], [7, 8, 1, 0], [7, 8, 9, 1]])
    pool = PaddedPairs(source, source.flip(1).flip(1))
    draws = torch.Generator().manual_seed(0)
    found = {tuple(map(tuple, pool.batch(2, draws)[0].tolist())) for _ in range(50)}
    assert found == {((5, 1), (6, 1)), ((6, 1, 0), (7, 8, 1)), ((7, 8, 1, 0), (7, 8, 9, 1))}


def test_the_decoder_reads_each_word_one_step_after_it_was_to_be_written() -> None:
    assert seq2seq.shifted(torch.tensor([[7, 8, END, PAD]])).tolist() == [[END, 7, 8, END]]


def test_an_alignment_counts_the_end_mark_and_knows_gold(monkeypatch: pytest.MonkeyPatch) -> None:
    words, some = load("seq2seq").tokenizer, pairs(40)

    def looking(at: str) -> Any:
        """A model whose weights all lie on the gold word's last piece, or on the end mark."""

        def weights(_: Any, source: list[int], target: list[int]) -> torch.Tensor:
            pair = next(p for p in some if words(p.source)["input_ids"] == source)
            _, owners = tokenizer.word_of_pieces(words, pair.source_words)
            _, written = tokenizer.word_of_pieces(words, pair.target_words)
            gold = dict(pair.alignment)
            place = [
                len(owners) - 1 - owners[::-1].index(gold[w]) if w in gold else 0 for w in written
            ]
            rows = place if at == "gold" else [len(source) - 1] * len(target)
            return torch.eye(len(source))[rows]

        return weights

    for at, wanted in (("gold", 1.0), ("end", 0.0)):
        monkeypatch.setattr(seq2seq, "teacher_forced", looking(at))
        assert seq2seq.aligned(None, words, some) == wanted


def test_switched_off_attention_looks_everywhere_alike_and_comes_back() -> None:
    model = load("seq2seq").model
    source, target = [5, 6, 7, 8, END], [9, END]
    before = seq2seq.teacher_forced(model, source, target)
    with seq2seq.uniform(model):
        even = seq2seq.teacher_forced(model, source, target)
    assert even.tolist() == [[pytest.approx(0.2)] * 5] * 2
    assert torch.equal(seq2seq.teacher_forced(model, source, target), before)
    assert not torch.allclose(before, even, atol=0.05)


def test_a_translation_ends_with_its_end_mark_or_at_the_limit() -> None:
    loaded = load("seq2seq")
    source = padded(loaded.tokenizer(["Kedi uyudu.", "Kadın elma yedi."])["input_ids"], PAD)
    for row in seq2seq.written_ids(loaded.model, source):
        assert row.index(END) == len(row) - 1
    plain = untrained(partial(Seq2Seq, loaded.model.config), 0)
    assert all(len(row) <= seq2seq.LONGEST_WRITTEN for row in seq2seq.written_ids(plain, source))


def test_both_curves_stand_on_the_same_sentences_and_enough_of_them() -> None:
    one, other = told("seq2seq"), told("seq2seq-fixed")
    for name in ("words", "sentences", "distinct"):
        assert one[name] == other[name]
    assert one["words"] == list(bilingual.LENGTHS)
    assert min(one["sentences"]) >= 200
    assert max(one["untrained"] + other["untrained"]) <= 0.01
    assert one["exact"][-1] > other["exact"][-1]


@pytest.mark.parametrize("model_id", seq2seq.PLANS)
def test_the_curve_holds_on_fresh_sentences(model_id: str) -> None:
    loaded, written = load(model_id), told(model_id)
    for length in (3, 9):
        fresh = islice(bilingual.of_length(length, FRESH, ("test", "validation")), 60)
        right = seq2seq.exact(loaded.model, loaded.tokenizer, [seq2seq.tidy(p) for p in fresh])
        share = written["exact"][written["words"].index(length)]
        assert sum(right) / 60 == pytest.approx(share, abs=0.2)
