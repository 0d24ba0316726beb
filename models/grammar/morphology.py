"""Turkish words: vowel harmony, consonant changes, plural, possession and case.

A word is kept as its morphs, ``("kitab", "ı", "nı")``; joined they are the spelling.
Rules after Göksel & Kerslake, Turkish: A Comprehensive Grammar (2005), chapters 2, 3, 6, 8.

Suffixes are written with the usual capitals for what harmony decides:
``A`` = e/a, ``I`` = i/ı/ü/u, ``D`` = d/t, a final ``K`` = k, or ğ before a vowel.
A bracketed first letter is a buffer: ``(y)A`` has its y only after a vowel,
``(I)m`` its I only after a consonant.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

VOWELS = "aeıioöuü"
BACK = "aıou"
ROUNDED = "oöuü"
VOICELESS = "fstkçşhp"  # "fıstıkçı şahap"
SOFT = {"p": "b", "ç": "c", "t": "d", "k": "ğ"}
FRONTED = {"a": "e", "ı": "i", "o": "ö", "u": "ü"}

Person = Literal["1sg", "2sg", "3sg", "1pl", "2pl", "3pl"]
Case = Literal["nom", "acc", "dat", "loc", "abl", "gen", "ins"]
Morphs = tuple[str, ...]
PERSONS: tuple[Person, ...] = get_args(Person)
CASES: tuple[Case, ...] = get_args(Case)

PLURAL = "lAr"
CASE_SUFFIX: dict[Case, str] = {
    "nom": "",
    "acc": "(y)I",
    "dat": "(y)A",
    "loc": "DA",
    "abl": "DAn",
    "gen": "(n)In",
    "ins": "(y)lA",
}
# After a third person's possessive suffix: the pronominal n (evi-n-de), none before -(y)lA.
CASE_AFTER_THIRD: dict[Case, str] = {
    "nom": "",
    "acc": "nI",
    "dat": "nA",
    "loc": "nDA",
    "abl": "nDAn",
    "gen": "nIn",
    "ins": "(y)lA",
}
POSSESSIVE: dict[Person, str] = {
    "1sg": "(I)m",
    "2sg": "(I)n",
    "3sg": "(s)I",
    "1pl": "(I)mIz",
    "2pl": "(I)nIz",
    "3pl": "lArI",
}


def turkish_lower(text: str) -> str:
    """Lower case with İ → i and I → ı, which `str.lower` gets wrong."""
    return text.replace("İ", "i").replace("I", "ı").lower()


def turkish_capital(text: str) -> str:
    """The first letter in upper case with i → İ and ı → I; the rest as it is."""
    first = {"i": "İ", "ı": "I"}.get(text[:1], text[:1].upper())
    return first + text[1:]


@dataclass(frozen=True, slots=True)
class Stem:
    """What suffixes are put on.

    free: the word as it stands alone. bound: its shape before a vowel
    (kitap: kitab, ağız: ağz, su: suy). front: harmonises as if its last vowel were a
    front one (saat: saati; loanwords, Göksel & Kerslake 2005, section 3.2.1).
    proper: a name, with an apostrophe before its suffixes and its spelling unchanged.
    """

    free: str
    bound: str
    front: bool = False
    proper: bool = False


def syllables(word: str) -> int:
    """How many vowels, which in Turkish is how many syllables."""
    return sum(letter in VOWELS for letter in turkish_lower(word))


def softened(word: str) -> str:
    """p, ç, t, k → b, c, d, ğ at the end, and nk → ng (renk: reng)."""
    if word.endswith("nk"):
        return word[:-1] + "g"
    return word[:-1] + SOFT.get(word[-1], word[-1])


def stem(free: str, bound: str | None = None, *, front: bool = False, proper: bool = False) -> Stem:
    """A stem whose bound shape follows the rule unless it is given.

    The rule (Göksel & Kerslake 2005, section 2.1.1): a word of several syllables softens
    its final p, ç or k; one syllable, and a final t, do not. The many exceptions are in
    the lexicon: park, top and hukuk keep theirs, kanat and renk soften.
    """
    if bound is None:
        soft = syllables(free) > 1 and free[-1] in "pçk" and not proper
        bound = softened(free) if soft else free
    return Stem(free, bound, front, proper)


def last_vowel(text: str) -> str:
    """The vowel that harmony looks back to. ValueError: there is none."""
    for letter in reversed(turkish_lower(text)):
        if letter in VOWELS:
            return letter
    raise ValueError(f"{text!r} has no vowel for a suffix to agree with")


def high_vowel(before: str) -> str:
    """Fourfold harmony: i, ı, ü or u after that vowel."""
    if before in ROUNDED:
        return "u" if before in BACK else "ü"
    return "ı" if before in BACK else "i"


def low_vowel(before: str) -> str:
    """Twofold harmony: e or a after that vowel."""
    return "a" if before in BACK else "e"


def without_buffer(after: str, suffix: str) -> str:
    """The suffix as it begins after that text: its bracketed letter kept or dropped."""
    if not suffix.startswith("("):
        return suffix
    buffer, rest = suffix[1], suffix[3:]
    ends_in_vowel = turkish_lower(after)[-1] in VOWELS
    wanted = not ends_in_vowel if buffer in "AI" else ends_in_vowel
    return buffer + rest if wanted else rest


def spelled(after: str, suffix: str, *, front: bool = False) -> str:
    """The suffix's letters after that text: buffer, harmony and devoicing settled.

    ``spelled("kitap", "DA")`` is "ta", ``spelled("göz", "lArI")`` is "leri".
    """
    vowel = last_vowel(after)
    vowel = FRONTED.get(vowel, vowel) if front else vowel
    letters: list[str] = []
    for letter in without_buffer(after, suffix):
        previous = letters[-1] if letters else turkish_lower(after)[-1]
        if letter == "A":
            letter = vowel = low_vowel(vowel)
        elif letter == "I":
            letter = vowel = high_vowel(vowel)
        elif letter == "D":
            letter = "t" if previous in VOICELESS else "d"
        elif letter == "K":
            letter = "k"
        elif letter in VOWELS:
            vowel = letter
        letters.append(letter)
    return "".join(letters)


def first_suffix(base: Stem, suffix: str) -> Morphs:
    """Stem and suffix; the stem takes its bound shape when the suffix begins with a vowel."""
    bare = without_buffer(base.bound, suffix)
    before_vowel = bare[0] in "AI" or bare[0] in VOWELS
    written = base.bound if before_vowel else base.free
    # a buffer that the free stem would ask for is not needed after the bound one (su: suy-un)
    rest = bare if before_vowel else without_buffer(base.free, suffix)
    # harmony looks at the free shape: ağız, burun lose their vowel but go on ruling it;
    # devoicing looks at what stands before it
    letters = spelled(base.free, rest, front=base.front)
    return (written, ("'" if base.proper else "") + letters)


@cache
def suffixed(base: Stem, *suffixes: str) -> Morphs:
    """The stem with suffixes one after another; an empty suffix is left out.

    A suffix that ends in ``K`` softens before the next one's vowel (-DIK, -AcAK).
    """
    morphs: Morphs = (base.free,)
    soft_end = False
    for suffix in (s for s in suffixes if s):
        if len(morphs) == 1:
            morphs = first_suffix(base, suffix)
        else:
            before = "".join(morphs)
            letters = spelled(before, suffix)
            if soft_end and letters[0] in VOWELS:
                morphs = (*morphs[:-1], softened(morphs[-1]))
            morphs = (*morphs, letters)
        soft_end = suffix.endswith("K")
    return morphs


def noun(
    base: Stem, *, plural: bool = False, possessor: Person | None = None, case: Case = "nom"
) -> Morphs:
    """A noun's morphs, in the order stem, plural, possessor, case.

    Their houses and their house are both evleri: one -lAr is enough (Göksel & Kerslake
    2005, section 8.1.2). ValueError for a proper name in the plural or possessed.
    """
    if base.proper and (plural or possessor):
        raise ValueError(f"{base.free!r} is a name: it has no plural and no possessor here")
    own = POSSESSIVE[possessor] if possessor else ""
    if plural and possessor == "3pl":
        own = "I"
    third = possessor in ("3sg", "3pl")
    ending = (CASE_AFTER_THIRD if third else CASE_SUFFIX)[case]
    return suffixed(base, PLURAL if plural else "", own, ending)


# "su" alone keeps a y that other words have lost; pronouns are listed, not derived.
SU = Stem("su", "suy")
PRONOUN_FORMS: dict[Person, str] = {
    "1sg": "ben beni bana bende benden benim benimle",
    "2sg": "sen seni sana sende senden senin seninle",
    "3sg": "o onu ona onda ondan onun onunla",
    "1pl": "biz bizi bize bizde bizden bizim bizimle",
    "2pl": "siz sizi size sizde sizden sizin sizinle",
    "3pl": "onlar onları onlara onlarda onlardan onların onlarla",
}
PRONOUNS: dict[Person, dict[Case, str]] = {
    person: dict(zip(CASES, forms.split(), strict=True)) for person, forms in PRONOUN_FORMS.items()
}
