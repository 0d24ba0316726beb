"""Turkish suffixes by rule: what a sentence is filled with decides how its suffix is spelled.

A gap of a catalogue names the case: "{layer:gen} h’si" becomes "3’ün h’si" or "2’nin h’si". Not
how a text is written counts, but how it is said: 40 ends as "kırk", k as "ke", 10⁻⁷ as "yedi".
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from numbers import Integral
from string import Formatter
from typing import Any

from models.grammar.morphology import (
    CASE_AFTER_THIRD,
    CASE_SUFFIX,
    POSSESSIVE,
    VOWELS,
    spelled,
    turkish_lower,
)
from viz.board.markup import Safe, plain
from viz.board.notation import grouped

APOSTROPHE = "’"
_OF = POSSESSIVE["3sg"]
# Case → suffix, in morphology's capitals; poss: of it or of them (3’ü), with a case of its own.
ENDINGS = {
    **{case: suffix for case, suffix in CASE_SUFFIX.items() if suffix},
    "poss": _OF,
    **{f"poss_{case}": _OF + CASE_AFTER_THIRD[case] for case in ("acc", "dat", "loc", "abl")},
    "ord": "(I)ncI",
    "is": "DIr",
    "gen_is": CASE_SUFFIX["gen"] + "DIr",
}
# A letter's own suffix keeps the vowel that a number's loses: k’inci, 2’nci.
_ORDINAL_OF_LETTERS = "IncI"
_UNITS = ["sıfır", "bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz"]
_TENS = ["–", "on", "yirmi", "otuz", "kırk", "elli", "altmış", "yetmiş", "seksen", "doksan"]
_POWERS = ["bin", "milyon", "milyar", "trilyon", "katrilyon"]
_LETTERS = {
    **{letter: letter for letter in VOWELS},
    **{letter: letter + "e" for letter in "bcçdfghjklmnprsştvyz"},
    **{"ğ": "ge", "q": "kü", "w": "ve", "x": "iks"},
    **{"α": "alfa", "β": "beta", "γ": "gama", "δ": "delta", "ε": "epsilon", "θ": "teta"},
    **{"λ": "lamda", "μ": "mü", "σ": "sigma", "ω": "omega"},
}
# Said in another way than their letters: in Turkish, too, LSTM ends as "em".
_SAID = {"lstm": "em", "rnn": "en", "∞": "sonsuz"}
_UNREADABLE = "im"  # "sign": for what no Turkish letter says
_LAST = re.compile(
    r"(?P<whole>\d+(?:[.\u202f ]\d{3})*)(?:,(?P<decimals>\d+))?[\W_]*$"
    r"|(?P<word>[^\W\d_]+)[\W_]*$|(?P<sign>∞)\W*$"
)


def ending(text: str, case: str) -> str:
    """The suffix of that case after a text, without its apostrophe. KeyError: no such case."""
    said, suffix = spoken(text), ENDINGS[case]
    if case == "ord" and said in _LETTERS.values():
        suffix = _ORDINAL_OF_LETTERS
    return spelled(said, suffix)


def suffix(value: object, case: str | None) -> str:
    """The suffix of that case after a value, with its apostrophe; "": no case is named."""
    if case not in ENDINGS:
        return ""
    read = plain(value) if isinstance(value, Safe) else str(value)
    return APOSTROPHE + ending(read, case)


def spoken(text: str) -> str:
    """The last of a text as it is said, in lower case: "%40" → "kırk", "top-k" → "ke"."""
    found = _LAST.search(unicodedata.normalize("NFKC", text))
    if found is None:
        return _UNREADABLE
    if found["whole"]:
        return _number(found["decimals"] or re.sub(r"\D", "", found["whole"]))
    word = turkish_lower(found["word"] or found["sign"])
    if word in _SAID:
        return _SAID[word]
    # An accent changes no vowel: é harmonises as e. Turkish letters have none of these.
    bare = "".join(c if c in _LETTERS else unicodedata.normalize("NFD", c)[0] for c in word)
    vowels = [letter for letter in bare if letter in VOWELS]
    return bare if vowels and len(bare) > 1 and bare[-1] in _LETTERS else _by_letter(bare)


def _number(digits: str) -> str:
    """The last word of a number: 100 → "yüz", 21 → "bir"; of decimals, which are said so, too."""
    significant = digits.rstrip("0")
    zeros = len(digits) - len(significant)
    if not significant:
        return _UNITS[0]
    if zeros < 2:
        return (_UNITS, _TENS)[zeros][int(significant[-1])]
    return "yüz" if zeros == 2 else _POWERS[min(zeros // 3, len(_POWERS)) - 1]


def _by_letter(word: str) -> str:
    """An abbreviation, or one letter, said by its last letter's name."""
    return _LETTERS.get(word[-1], _UNREADABLE)


class Wording(str):
    """A sentence with gaps, filled as `str.format` does; {name:gen} also writes that suffix.

    A whole number in a gap is grouped as its language does: a kind of its own, see `wording`.
    """

    __slots__ = ()
    thousands = ","

    def format(self, *given: object, **values: object) -> str:
        """The sentence with its gaps filled."""
        return _Writer(self.thousands).vformat(self, given, values)


@cache
def wording(thousands: str) -> type[Wording]:
    """The sentences of a language with that sign between thousands."""
    return type("Wording", (Wording,), {"__slots__": (), "thousands": thousands})


class _Writer(Formatter):
    def __init__(self, thousands: str) -> None:
        self.thousands = thousands

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec and format_spec not in ENDINGS:
            return str(super().format_field(value, format_spec))
        if isinstance(value, Integral) and not isinstance(value, bool):
            value = grouped(int(value), self.thousands)
        return f"{value}{suffix(value, format_spec)}"
