"""Gold alignments, written down by hand: a number a target word, the source word it translates.

"2?" is a possible link only: English grammar asks for the word, no Turkish suffix says it.
"""

from __future__ import annotations

import pytest

from models.grammar.grammar import Pair, derivations

GOLD = """
Kedi balığı yedi. | The cat ate the fish. | 0? 0 2 1? 1 3
Kadın elma yedi. | The woman ate an apple. | 0? 0 2 1? 1 3
Kadın su içti. | The woman drank water. | 0? 0 2 1 3
Elmayı yedim. | I ate the apple. | 1 1 0? 0 2
Ben elmayı yedim. | I ate the apple. | 0 2 1? 1 3
Kedi balığı yemedi. | The cat did not eat the fish. | 0? 0 2? 2 2 1? 1 3
Kitabı okuyacağız. | We will read the book. | 1 1 1 0? 0 2
Çocuklar bahçede oynuyor. | The children are playing in the garden. | 0? 0 2 2 1 1? 1 3
Kitabı okudun mu? | Did you read the book? | 2 1 1 0? 0 3
Kitabı okuyor musun? | Are you reading the book? | 2 2 1 0? 0 3
Çocuk uyumadı mı? | Did the child not sleep? | 2 0? 0 1 1 3
Küçük bir kedi uyudu. | A small cat slept. | 1 0 2 3 4
Kadın iki kırmızı elma yedi. | The woman ate two red apples. | 0? 0 4 1 2 3 5
Kadın yedi elmayı yedi. | The woman ate the seven apples. | 0? 0 3 2? 1 2 4
Yüz kuş koştu. | A hundred birds ran. | 0 0 1 2 3
Öğretmenin kitabı eski. | The teacher's book is old. | 0? 0 1 2? 2 3
Evin kapısı kirliydi. | The door of the house was dirty. | 1? 1 0 0? 0 2 2 3
Kitabımı okudunuz. | You read my book. | 1 1 0 0 2
Benim kitabımı okudunuz. | You read my book. | 2 2 0,1? 1 3
Adam kitabını okudu. | The man read his book. | 0? 0 2 1 1 3
Balığı yiyen kedi uyudu. | The cat that ate the fish slept. | 2? 2 1 1 0? 0 3 4
Kedinin yediği balık taze. | The fish that the cat ate is fresh. | 2? 2 1 0? 0 1 3? 3 4
Gördüğüm köpek havladı. | The dog that I saw barked. | 1? 1 0 0 0 2 3
Çocuğun baktığı resim güzel. | The picture that the child looked at is beautiful. | 2? 2 1 0? 0 1 1 3? 3 4
Balığı kedi yedi. | The cat ate the fish. | 1? 1 2 0? 0 3
Dün Ayşe çocuğa kitabı verdi. | Ayşe gave the book to the child yesterday. | 1 4 3? 3 2 2? 2 0 5
Kadın köpekten korkuyor. | The woman fears the dog. | 0? 0 2 1? 1 3
Otobüse bindik. | We got on the bus. | 1 1 0 0? 0 2
Geçen hafta okula gittiler. | They went to the school last week. | 3 3 2 2? 2 0 1 4
Yorgun değilsiniz. | You are not tired. | 1 1 1 0 2
Kedi çok küçük mü? | Is the cat very small? | 3 0? 0 1 2 4
Bahçede bir kedi var. | There is a cat in the garden. | 3 3 1 2 0 0? 0 4
Masada kalem yok. | There is no pen on the table. | 2 2 1? 1 0 0? 0 3
Çocuğun bir kedisi var. | The child has a cat. | 0? 0 3 1 2 4
Kedim yok. | I do not have a cat. | 0 1? 1 1 0? 0 2
Kedi ne yedi? | What did the cat eat? | 1 2? 0? 0 2 3
Çocuk nereden geldi? | Where did the child come from? | 1 2? 0? 0 2 1 3
Kim beni gördü? | Who saw me? | 0 2 1 3
Kedi ve köpek uyudu ama çocuk gelmedi. | The cat and the dog slept but the child did not come. | 0? 0 1 2? 2 3 4 5? 5 6? 6 6 7
Bu çocuk şu kitabı hızla okudu. | This child read that book quickly. | 0 1 5 2 3 4 6
"""  # noqa: E501


def rows() -> list[list[str]]:
    return [[cell.strip() for cell in line.split(" | ")] for line in GOLD.strip().splitlines()]


def links(text: str) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """(sure, possible) as sets of (target index, source index)."""
    sure: set[tuple[int, int]] = set()
    possible: set[tuple[int, int]] = set()
    for target, cell in enumerate(text.split()):
        for mark in cell.split(","):
            (possible if mark.endswith("?") else sure).add((target, int(mark.rstrip("?"))))
    return sure, possible


def one(turkish: str) -> Pair:
    """The grammar's only reading of a Turkish sentence."""
    (pair,) = derivations(turkish, "tr")
    return pair


@pytest.mark.parametrize(("turkish", "english", "gold"), rows())
def test_a_sentence_has_its_one_translation_and_gold_alignment(
    turkish: str, english: str, gold: str
) -> None:
    pair = one(turkish)
    sure, possible = links(gold)
    assert pair.target == english
    assert set(pair.alignment) == sure
    assert set(pair.possible) == sure | possible


def test_every_content_word_is_surely_linked_to_one_source_word() -> None:
    for turkish, _, _ in rows():
        pair = one(turkish)
        for target in pair.content:
            assert len([s for t, s in pair.alignment if t == target]) == 1


def test_homonyms_are_told_apart_by_their_place() -> None:
    pair = one("Kadın yedi elmayı yedi.")
    assert [pair.source_tags[i] for i in (1, 3)] == ["number", "verb"]
    assert one("Yüz çocuk yüzdü.").target == "A hundred children swam."
    assert one("Çocuk yüzünü yıkadı.").target == "The child washed her face."
