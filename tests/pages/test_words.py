"""The words on screen are the field's: no catalogue falls back on those that were ours.

Each row has a sentence that it must find, and where its word has another sense, what it lets pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from babel.messages.pofile import read_po

from models.grammar.morphology import turkish_lower
from pages.ui import text
from pages.ui.suffixes import ENDINGS, ending
from tests.pages.test_text import placeholders
from tests.test_layout import ROOT


@dataclass(frozen=True)
class Banned:
    """A word not to be used. bad: a sentence with it; good: one that says it, or another sense.

    only: the catalogues (files) in which it means this; but: words around it that are let pass.
    """

    pattern: str
    bad: str
    good: str
    only: str = ""
    but: str = ""
    besides: str = ""  # catalogues in which it means something else

    def found(self, sentence: str, file: str) -> list[str]:
        """What of a sentence, in lower case, is banned in that catalogue."""
        if (self.only and file not in self.only.split()) or file in self.besides.split():
            return []
        passed = re.sub(r"\{[^}]*\}", "{}", sentence)
        passed = re.sub(self.but, " ", passed) if self.but else passed
        return [one.group() for one in re.finditer(self.pattern, passed)]


ENGLISH = (
    Banned(r"\bpieces?\b", "a piece of the text", "a token of the text"),
    Banned(
        r"\bhid(?:e|es|den|ing)\b",
        "hide a word, the hidden word",
        "the hidden state of a masked token, a hidden layer",
        but="hidden (?:state|unit|layer)s?",
        besides="heads frame",  # there special tokens are left out of a figure
    ),
    Banned(
        r"\*\* (?:compare|mix)\b|\bproject out\b|\bmix(?:es|ed|ing|ture)?\b(?! of experts)",
        "**6** mix",
        "compare steps 5 and 6: the weighted sum of values",
    ),
    Banned(
        r"(?<!cell )(?<!hidden )\bstates?\b",
        "keeps its state",
        "the cell state, the hidden states",
        only="lstm",
    ),
    Banned(
        r"\boutput\b(?! gate|\[|, return_|; h_n)",
        "state and output",
        "the output gate",
        only="lstm",
    ),
    Banned(
        r"\bsilen(?:t|ce[ds]?|cing)\b|\bunits? speak",
        "unit 1 silent, all units speak",
        "unit 1 ablated",
    ),
    Banned(
        r"\bfollow(?:s|ed)?\b",
        "the unit that follows number",
        "the following word; the unit that correlates with number",
        only="lstm",
    ),
    Banned(r"\bunit that follows\b", "|r| of the unit that follows depth", "a sentence follows it"),
    Banned(
        r"\bbeginnings?\b|\bwrit(?:e|es|ten|ing)\b|\bdraw(?:s|n|ing)?\b",
        "write on from the beginning, drawn with seed 1",
        "generated from the prompt, sampled with seed 1",
        only="gpt",
    ),
    Banned(r"\bdraw(?:s|n)?\b", "draw a text", "sample a text", only="memory"),
    Banned(r"\bsurpris", "surprise of a token", "loss (−ln p) of a token"),
    Banned(r"\blikel(?:ier|iest)\b", "the likeliest token", "the most probable token, likely"),
    Banned(r"\bshare of right\b|\bnamed right\b", "share of right answers", "accuracy"),
    Banned(r"^between$|\btips it\b", "between", "one noun between; contribution to the logit"),
    Banned(r"\bbeam of\b|\bbeams\b", "a beam of 3", "beam width 3; kept in the beam"),
    Banned(
        r"^training$|\btrainings\b|(?<!run )\btraining \{\}",
        "training {seed}",
        "training run {seed}, seen in training",
    ),
    Banned(r"\bplaces?\b", "P at place 3", "P at position 3, in place of it", but="in place of"),
    Banned(r"\bgold\b", "gold alignment", "reference alignment", besides="glossary"),
    Banned(r"\bfour ways\b", "four ways", "four position schemes"),
    Banned(r"\bword vectors?\b", "the table of word vectors", "the embedding table"),
)
TURKISH = (
    Banned(r"\bparça(?!cı[kğ])", "bir parça, parçalar", "bir belirteç, iş parçacığı"),
    Banned(r"\btokens?\b|\btoken’", "her token’ın", "her belirtecin; tokenizer"),
    Banned(
        r"\bgizle|\bgizli\b",
        "sözcüğü gizle, gizli sözcük",
        "gizli durum, gizli katman, maskelenmiş belirteç",
        but="gizli (?:durum|birim|katman)",
        besides="heads frame",
    ),
    Banned(
        r"\*\* (?:karşılaştır|karıştır)\b|\bgeri izdüşür",
        "**2** karşılaştır",
        "5. ve 6. adımları karşılaştırın; değerlerin ağırlıklı toplamı",
    ),
    Banned(
        r"(?<!hücre )(?<!gizli )\bdurum",
        "birimin durumu",
        "hücre durumu, gizli durumlar",
        only="lstm",
    ),
    Banned(r"\bçıktı\b(?! kapı)", "durum ve çıktı", "çıktı kapısı", only="lstm"),
    Banned(r"\bsus(?:tur|uyor|unca|tu)|\bkonuşuyor", "birim 1 susuyor", "birim 1 devre dışı"),
    Banned(
        r"\bizle",
        "sayıyı izleyen birim",
        "sayıyla ilişkili birim; c satırını izleyin",
        only="lstm about",
        but="izleyin",
    ),
    Banned(
        r"\bmetnin başı|\byaz(?:ılan|ılır|dır|ıyor)|\bçek(?:il|er\b|tir)",
        "metnin başı, yazılan belirteç, çekiliş",
        "istem, üretilen belirteç, örnekleme; sözcük sözcük yazarken; yazıldı",
        only="gpt",
    ),
    Banned(r"\bçekiliş|\bmetin çek|\bçekilen", "metin çek", "metin örnekle; çeker", only="memory"),
    Banned(r"\bşaşkınlık", "şaşkınlık (perplexity)", "perplexity; kayıp (−ln p)"),
    Banned(r"\bdoğru yanıt(?:lar\w*)? pay", "doğru yanıtların payı", "doğruluk"),
    Banned(r"^arada$|\bterazi", "teraziyi ne oynatır", "logite katkı; arada 1 ad"),
    Banned(r"\bışın:|\bışın seç", "ışın: 3", "ışın genişliği 3"),
    Banned(r"\baltın\b", "altın hizalama", "referans hizalama, altında", besides="glossary"),
    Banned(r"\bdört yol\b", "dört yol", "dört yöntem"),
    Banned(r"\bskor|\bnokta çarpım", "skor, nokta çarpımı", "puan, iç çarpım"),
    Banned(
        r"\bgömme\b(?! vektör)|\bsözcük vektör",
        "gömme + konum, sözcük vektörü",
        "gömme vektörü + konum",
    ),
    Banned(
        r"(?<!\()\bsapma|\bek terim",
        "konum ek terimi, sapmalar",
        "konum bias’ı (sapma)",
        but="standart sapma",
    ),
    Banned(
        r"\bbölüt|\bayrılmış\b|\bgörme transformer",
        "bölüt; ayrılmış rakam; görme Transformer’ı",
        "segment; test rakamı; görü Transformer’ı; ayrılmıştır",
    ),
    Banned(r"\bsözlü[kğ]|(?<!sözcük )\bdağarcı", "söz dağarcığı, sözlük", "sözcük dağarcığı"),
    Banned(r"\bilk k\b|\bolasılık p\b", "ilk k’dan kalanlar", "ilk kez, top-k", only="gpt"),
    Banned(r"\bkodlayıcı–çözücü", "kodlayıcı–çözücü", "kodlayıcı–kod çözücü"),
    Banned(r"\bsınama", "sınama cümlesi", "test cümlesi"),
    Banned(r"\bçevirmen|\bçevirici", "çevirmen, çevirici", "çeviri modeli"),
    Banned(r"\bkova", "kova bias’ı", "aralık (bucket) bias’ı"),
    Banned(r"\bboyut (?=\{)|\{\}\. boyut|nın boyutu|’nin boyutu", "c’nin boyutu", "c’nin bileşeni"),
    Banned(  # they are counted from 0
        r"\{\}\. (?:katman|başlık|konum|sütun|birim|bileşen|sayı)",
        "{n}. katmanda, {n}. konum",
        "katman {n}, başlık {n}",
    ),
    Banned(r"% +[\d{]|\d ?%(?!\w)", "% 15, 15 %", "%15’i, %{share}"),
)
RULES = {"en": ENGLISH, "tr": TURKISH}
ALL = [(language, rule) for language, rules in RULES.items() for rule in rules]


def lowered(sentence: str, language: str) -> str:
    return turkish_lower(sentence) if language == "tr" else sentence.lower()


def sentences(language: str) -> Iterator[tuple[str, str, str]]:
    """(file, what of it, words) of all that a visitor reads in that language."""
    for path in sorted((text.FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    yield path.stem, str(message.id), str(message.string)
    for path in sorted((text.FOLDER / language).glob("*.md")):
        prose = re.sub(r"<!--.*?-->", "", path.read_text(encoding="utf-8"), flags=re.S)
        for number, words in enumerate(prose.split("\n"), start=1):
            # What a paper is called, and what a model reads or prints, is not ours to choose.
            yield path.stem, str(number), re.sub(r"(?<!\*)\*[^*]+\*(?!\*)|`[^`]*`", " ", words)


@pytest.mark.parametrize("language", RULES)
def test_no_sentence_has_a_word_that_the_field_does_not_use(language: str) -> None:
    read = list(sentences(language))
    found = [
        (file, what, word)
        for file, what, words in read
        for rule in RULES[language]
        for word in rule.found(lowered(words, language), file)
    ]
    assert len(read) > 1000
    assert not found


@pytest.mark.parametrize(("language", "rule"), ALL, ids=lambda v: getattr(v, "bad", v))
def test_a_rule_finds_its_word_and_lets_the_right_one_pass(language: str, rule: Banned) -> None:
    file = rule.only.split()[0] if rule.only else "home"
    assert rule.found(lowered(rule.bad, language), file)
    assert not rule.found(lowered(rule.good, language), file)
    for other in rule.besides.split():
        assert not rule.found(lowered(rule.bad, language), other)


def test_the_readme_describes_the_screen_in_the_same_words() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8").lower()
    page = re.sub(r"`[^`]*`|!?\[[^]]*\]\([^)]*\)", " ", page)
    assert not [word for rule in ENGLISH if not rule.only for word in rule.found(page, "")]


def test_the_menu_calls_heads_by_their_whole_name() -> None:
    assert text.catalogue("tr")["nav.heads"] == "Dikkat başlıkları"


# A number, a letter or a symbol that stands in the sentence itself, and the suffix on it.
FIXED = re.compile(
    r"(?<![\w.,])(%?[\d.,]*\d|[a-zçğıöşü]|top-[kp]|[α-ω]|[qk]kᵀ|[w]_[qkvo]|dₖ)’([a-zçğıöşü]+)"
)
LONGER = ("lik", "nci", "lar", "ler")  # what may come after a case that was checked


def test_suffixes_that_stand_in_a_sentence_are_spelled_by_the_same_rule() -> None:
    wrong, count = [], 0
    for file, what, words in sentences("tr"):
        for written, suffix in FIXED.findall(turkish_lower(words)):
            count += 1
            known = {ending(written, case) for case in ENDINGS}
            if not any(suffix == one or suffix.startswith((one + "y", one)) for one in known):
                wrong.append((file, what, written, suffix))
    assert count > 60
    assert not wrong


def test_no_suffix_is_written_by_hand_after_a_gap() -> None:
    by_hand = re.compile(r"\{[^}]*\}[’'][a-zçğıöşü]")
    assert not [what for _, what, words in sentences("tr") if by_hand.search(words)]


def test_only_turkish_names_cases_and_only_those_that_there_are() -> None:
    case = re.compile(r"\{\w+:([^}]*)\}")
    named = {
        language: {one for _, _, words in sentences(language) for one in case.findall(words)}
        for language in RULES
    }
    assert not named["en"]
    assert {"gen", "dat", "abl", "poss_acc"} <= named["tr"] <= ENDINGS.keys()


def test_what_a_script_fills_in_the_browser_names_no_case() -> None:
    filled_there = ("bertviz.", "overview.", "vision.pad.", "translator.diagram.")
    found = [(what, words) for _, what, words in sentences("tr") if what.startswith(filled_there)]
    assert any("{" in words for _, words in found)
    assert not [what for what, words in found if re.search(r"\{\w+:", words)]


def test_a_gap_with_a_case_is_the_gap_of_that_name() -> None:
    assert placeholders("{layer:gen} h’si") == {"layer"}
