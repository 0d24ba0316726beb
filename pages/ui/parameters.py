"""One name in the address: how it is read, and what holds when it is absent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Parameter:
    """A name in the address. parse: raises ValueError for what makes no sense.

    typed: a visitor's own text, which leaves an address that gets too long.
    """

    name: str
    parse: Callable[[str], Any]
    default: Any = None
    typed: bool = False

    def has(self, word: str) -> bool:
        """Whether a word is one of its values.

        A browser sends what an option was called when it drew the menu; where a run has renamed
        it since, Streamlit hands over that name instead of the option.
        """
        try:
            return bool(self.parse(word) == word)
        except ValueError:
            return False


class OneOf:
    """Reads one of several words, its choices."""

    def __init__(self, *choices: str) -> None:
        self.choices = choices

    def __call__(self, raw: str) -> str:
        """The word itself. ValueError: it is none of them."""
        if raw not in self.choices:
            raise ValueError(f"{raw[:20]!r} is none of {self.choices}")
        return raw


class Whole:
    """Reads a whole number from `first` to `last`, both included."""

    def __init__(self, first: int, last: int) -> None:
        self.first, self.last = first, last

    def __call__(self, raw: str) -> int:
        """The number. ValueError: it is none, or beyond."""
        value = number(raw)
        if not self.first <= value <= self.last:
            raise ValueError(f"{value} is not in {self.first}..{self.last}")
        return value


class OneWhole:
    """Reads one of several whole numbers, its choices."""

    def __init__(self, *choices: int) -> None:
        self.choices = choices

    def __call__(self, raw: str) -> int:
        """The number. ValueError: it is none of them."""
        value = number(raw)
        if value not in self.choices:
            raise ValueError(f"{value} is none of {self.choices}")
        return value


class OneNumber:
    """Reads one of several numbers, its choices; each has three decimals at most."""

    def __init__(self, *choices: float) -> None:
        self.choices = tuple(map(float, choices))  # as they are read: an address has 2.0, never 2

    def __call__(self, raw: str) -> float:
        """The number itself. ValueError: it is none of them."""
        if re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,3})?", raw) is None:
            raise ValueError(f"{raw[:20]!r} is not a number with at most three decimals")
        value = float(raw) + 0.0  # never −0
        if value not in self.choices:
            raise ValueError(f"{value} is none of {self.choices}")
        return value


def stepped(first: float, last: float, step: float) -> OneNumber:
    """Reads a number from `first` to `last`, both included, that lies whole steps apart from it."""
    count = round((last - first) / step)
    return OneNumber(*(round(first + step * place, 3) for place in range(count + 1)))


def text(raw: str) -> str:
    """Any text."""
    # Half a surrogate pair has no UTF-8: neither Streamlit nor a cache's key could hold it.
    return raw.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def number(raw: str) -> int:
    """A whole number from 0 to 999,999. ValueError: anything but plain digits."""
    if not raw.isascii() or not raw.isdigit() or len(raw) > 6:
        raise ValueError(f"{raw[:20]!r} is not a whole number")
    return int(raw)


def flag(raw: str) -> bool:
    """0 or 1. ValueError: anything else."""
    if raw not in ("0", "1"):
        raise ValueError(f"{raw[:20]!r} is neither 0 nor 1")
    return raw == "1"


def decimal(raw: str) -> float:
    """A number below 1000 with at most three decimals. ValueError: anything else."""
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?", raw) is None:
        raise ValueError(f"{raw[:20]!r} is not a number with at most three decimals")
    return float(raw)


def written(value: Any) -> str:
    """A value as the address holds it: what its parameter reads back."""
    return str(int(value)) if isinstance(value, bool) else str(value)
