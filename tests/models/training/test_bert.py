"""bert-mini's input: marks, segments, masks; and that its measures measure what they say."""

from __future__ import annotations

from itertools import islice
from types import SimpleNamespace

import pytest
import torch

from models.training import bert_measures, bert_mini, homonyms
from models.training.bert_input import IGNORED, MASK, SPECIAL, rows, words


def pieces(text: str, pair: str | None = None) -> list[str]:
    return list(words().convert_ids_to_tokens(words()(text, pair)["input_ids"]))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Ayşe dün [MASK] bir araba aldı.", "▁Ayşe ▁dün [MASK] ▁bir ▁araba ▁al dı ."),
        ("[MASK] elma yedi.", "[MASK] ▁elma ▁ye di ."),
        ("Ayşe elma [MASK].", "▁Ayşe ▁elma [MASK] ."),
        ("[MASK][MASK] [MASK]?", "[MASK] [MASK] [MASK] ?"),
        ("The [MASK] slept.", "▁The [MASK] ▁slept ."),
        (homonyms.LESSON, "▁Yüz ▁kişi ▁yüz ▁maske si ▁ile ▁deniz de ki ▁adam a ▁yüz ▁diye "
         "▁bağır dı ."),
    ],
)  # fmt: skip
def test_a_typed_mask_hides_one_piece(text: str, wanted: str) -> None:
    assert pieces(text) == ["[CLS]", *wanted.split(), "[SEP]"]


def test_a_mask_stands_where_its_piece_stood() -> None:
    """What a visitor masks by typing is what training masked by replacing."""
    whole, typed = words()("Ali yeşil elmayı kesti."), words()("Ali [MASK] elmayı kesti.")
    place = typed["input_ids"].index(MASK)
    replaced = [MASK if i == place else piece for i, piece in enumerate(whole["input_ids"])]
    assert typed["input_ids"] == replaced


def test_a_pair_has_two_segments() -> None:
    both = words()("Ali geldi.", "Kedi uyudu.")
    named = list(zip(pieces("Ali geldi.", "Kedi uyudu."), both["token_type_ids"], strict=True))
    first_break = next(i for i, (piece, _) in enumerate(named) if piece == "[SEP]")
    assert [s for _, s in named] == [0] * (first_break + 1) + [1] * (len(named) - first_break - 1)
    assert (named[0], named[-1]) == (("[CLS]", 0), ("[SEP]", 1))


@pytest.mark.parametrize("text", ["ıIiİ ğĞ şŞ çÇ öÖ üÜ", "Şoför İrem'e güldü.", "ILIK iLİK"])
def test_turkish_letters_stay_what_they_are(text: str) -> None:
    ids = words()(text)["input_ids"]
    assert words().unk_token_id not in ids
    assert words().decode(ids, skip_special_tokens=True) == text


def test_padding_is_no_token_and_reads_as_nothing() -> None:
    read = rows([("Kedi uyudu.", None), ("Kedi uyudu.", "Ali dün eski bir araba aldı.")], [1, 0])
    assert read.real().sum(1).tolist() == [
        len(pieces("Kedi uyudu.")),
        len(pieces("Kedi uyudu.", "Ali dün eski bir araba aldı.")),
    ]
    torch.manual_seed(0)
    model = bert_mini.build().eval()
    alone = rows([("Kedi uyudu.", None)], [1])
    n = alone.ids.shape[1]
    with torch.inference_mode():
        padded, short = (bert_measures.forward(model, r).prediction_logits for r in (read, alone))
    assert torch.allclose(padded[0, :n], short[0], atol=1e-5)


def test_masking_asks_15_percent_and_shows_80_10_10() -> None:
    draws = torch.Generator().manual_seed(0)
    ids = torch.randint(len(SPECIAL), len(words()), (400, 50), generator=draws)
    ids[:, 0] = 2
    read = SimpleNamespace(ids=ids, follows=torch.full((400,), IGNORED))
    shown, asked = bert_mini.masked(read, draws)  # type: ignore[arg-type]
    chosen = asked != IGNORED
    assert not chosen[:, 0].any()
    assert (asked == ids)[chosen].all()
    assert (shown == ids)[~chosen].all()
    total = float(chosen.sum())
    assert total / (400 * 49) == pytest.approx(0.15, abs=0.01)
    assert float((shown == MASK).sum()) / total == pytest.approx(0.8, abs=0.03)
    assert float((shown == ids)[chosen].sum()) / total == pytest.approx(0.1, abs=0.03)


def test_half_of_the_pairs_keep_their_words() -> None:
    part = bert_mini.shard(0)
    draws = torch.Generator().manual_seed(1)
    spared = [
        bert_mini.masked(part.pairs, draws)[1].eq(IGNORED).all(1).float().mean() for _ in range(20)
    ]
    # Besides the half, a row of some twelve words is missed by chance one time in seven.
    assert float(torch.stack(spared).mean()) == pytest.approx(0.5 + 0.5 * 0.85**14, abs=0.1)
    assert all((some.follows == IGNORED).all() for some in part.alone)
    assert set(part.pairs.follows.tolist()) == set(part.phrases.follows.tolist()) == {0, 1}


def test_sentences_alone_are_read_once_pairs_are_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[int] = []
    model = bert_mini.build()
    model.bert.register_forward_pre_hook(lambda module, args: read.append(len(args[0])))
    part = bert_mini.shard(0)
    monkeypatch.setattr(bert_mini, "shard", lambda number: part)
    pairs, alone = [len(part.phrases.ids), len(part.pairs.ids)], [len(a.ids) for a in part.alone]
    losses = []
    for apart in (0.0, 1e9):
        monkeypatch.setattr(bert_mini, "APART", apart)
        losses.append(bert_mini.loss(model, torch.Generator().manual_seed(0)).item())
    assert read == [*pairs, *pairs, *alone]
    assert losses[1] > losses[0] + 4  # masked words count once, not a tenth: ln(1209) is 7.1
    assert sum(alone) == 2 * bert_mini.SENTENCES + bert_mini.HOMONYMS
    assert max(some.ids.shape[1] for some in part.alone[:-1]) < part.alone[-1].ids.shape[1]


def test_the_lessons_sentence_is_held_out_and_its_words_are_pieces() -> None:
    trained = {one.text for one in islice(homonyms.generate(1, "train"), 3000)}
    tested = {one.text for one in islice(homonyms.generate(2, "test"), 3000)}
    assert homonyms.LESSON not in trained
    assert not trained & tested
    assert homonyms.Sentence(homonyms.LESSON, ("number", "face", "swim"), 29).part == "test"
    letters = [t for t in trained if "▁" in pieces(t) or words().unk_token_id in words()(t)]
    assert letters == []


def test_every_yuz_is_found_with_its_sense() -> None:
    those = list(islice(homonyms.generate(3, "train"), 200))
    text = rows([(one.text, None) for one in those], [IGNORED] * len(those))
    where = bert_measures.occurrences(words(), text.ids, those)
    assert len(where.places) == sum(len(one.senses) for one in those)
    counts = {sense: where.senses.count(sense) for sense in ("number", "face", "swim")}
    assert min(counts.values()) > len(where.senses) / 5


class Scripted:
    """In place of a model: it says what it is told."""

    def __init__(self, **said: torch.Tensor | tuple[torch.Tensor, ...]) -> None:
        self.said = SimpleNamespace(**said)

    def __call__(self, *_: object, **__: object) -> SimpleNamespace:
        return self.said


def test_filled_counts_the_asked_places_alone() -> None:
    read = rows([("Kedi uyudu.", None)], [IGNORED])
    logits = torch.zeros(*read.ids.shape, len(words()))
    logits[0, 1, read.ids[0, 1]] = 1.0
    places = torch.zeros_like(read.ids, dtype=torch.bool)
    places[0, 1:3] = True
    assert bert_measures.filled(Scripted(prediction_logits=logits), read, places) == 0.5


def test_a_vectors_nearest_neighbour_is_sought_in_other_templates() -> None:
    where = bert_measures.HomonymPlaces(
        ((0, 0), (1, 0), (2, 0), (3, 0)), ("face", "face", "swim", "swim"), (0, 1, 1, 2)
    )
    vectors = torch.tensor([[[1.0, 0.0]], [[0.9, 0.1]], [[0.0, 1.0]], [[0.1, 0.9]]])
    read = SimpleNamespace(ids=vectors[..., 0], segments=None, real=lambda: vectors[..., 0] > -9)
    found = bert_measures.same_sense(Scripted(hidden_states=(vectors,)), read, where)  # type: ignore[arg-type]
    assert found == [1.0]
    turned = (vectors[[0, 3, 2, 1]],)
    assert bert_measures.same_sense(Scripted(hidden_states=turned), read, where)[0] < 1.0  # type: ignore[arg-type]


def test_neighbours_guess_what_stands_between_then_behind_then_anywhere() -> None:
    counted = bert_measures.neighbours([[2, 7, 8, 9, 3], [2, 7, 8, 9, 3], [2, 7, 6, 9, 3]])
    assert counted.guess(7, 9) == 8
    assert counted.guess(6, 3) == 9
    assert counted.guess(6, 1) == 9
    assert counted.guess(50, 51) in (7, 9)


def test_judgements_are_counted_by_language_and_relation() -> None:
    pairs = bert_measures.pairs(5)
    rights = {
        side: torch.tensor([pair.relation != "near" for pair in pairs[side]])
        for side in bert_measures.LANGUAGES
    }
    found = bert_measures.judged(pairs, rights)
    assert found["next_sentence_near"] == 0.0
    assert found["next_sentence_next"] == found["next_sentence_far"] == 1.0
    near = sum(p.relation == "near" for side in pairs.values() for p in side)
    assert found["next_sentence"] == pytest.approx(1 - near / (2 * bert_measures.PAIRS))
