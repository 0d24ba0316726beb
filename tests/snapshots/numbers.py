"""Numbers as a screen shows them, and whether two texts show the same ones."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

DIGITS = 4  # significant ones of a number that a figure draws
LONGEST = 16  # an array with more numbers than this is written as shape, range and some rows
_ROWS, _COLUMNS = 3, 10  # of a long array
_NUMBER = re.compile(
    r"#[0-9A-Fa-f]{6}\b"  # a colour is a word
    r"|(?<![\w.])[-−]?\d+(?:(?:[.,]|\{,\})\d+)?(?:e[-+]\d+)?"
)
_LONG = re.compile(r"(?<![\w.])(-?\d+\.\d{5,})(?![\w.])")
# What a check shows beside ✓ is nothing but rounding, another one on every processor.
_NOISE = re.compile(
    r"\d+(?:[.,]\d+)?·10⁻(?:[⁵⁶⁷⁸⁹]|¹[⁰¹²³⁴⁵⁶⁷⁸⁹])(?![⁰¹²³⁴⁵⁶⁷⁸⁹])|(?<= )0(?=</span>)"
)
# … and nothing may be left of it on one of them: "identical" there, "same to 2·10⁻⁷" here.
_SAME = re.compile(r"identical|birebir aynı|same to ε|fark ε")


def shown(value: float) -> str:
    """One number: whole ones exactly, others to four digits."""
    if isinstance(value, int) or (math.isfinite(value) and value == round(value)):
        return str(int(value))
    if not math.isfinite(value):
        return str(float(value))
    magnitude = math.floor(math.log10(abs(value)))
    if -5 < magnitude < 7:
        return f"{value:.{max(1, DIGITS - 1 - magnitude)}f}"
    return f"{value:.{DIGITS - 1}e}"


def in_text(text: str) -> str:
    """A text with its long decimals cut to four digits and its rounding errors taken out."""
    text = _LONG.sub(lambda found: shown(float(found[1])), text)
    return "\n".join(_checked(line) if "✓" in line else line for line in text.split("\n"))


def _checked(line: str) -> str:
    return _SAME.sub("ε", _NOISE.sub("ε", line))


def of_array(array: Array) -> list[str]:
    """Lines: all numbers of a short array; shape, range and sampled rows of a long one."""
    shape = "×".join(map(str, array.shape))
    if array.size <= LONGEST and array.ndim == 1:
        return [_row(array)]
    real = array[np.isfinite(array)] if array.dtype.kind == "f" else array.ravel()
    head = f"{array.dtype} {shape}"
    if real.size:
        mean = float(real.mean(dtype=np.float64))
        floor = 1e-6 * float(np.abs(real).max())
        mean = 0.0 if abs(mean) < floor else mean
        head += f", {shown(real.min().item())} … {shown(real.max().item())}, mean {_real(mean)}"
    if real.size < array.size:
        head += f", {array.size - real.size} without a number"
    rows = array.reshape(-1, array.shape[-1]) if array.ndim > 1 else array.reshape(1, -1)
    return [head, *(f"[{place}] {_row(rows[place])}" for place in _sample(len(rows), _ROWS))]


def _real(value: float) -> str:
    """A mean is never exactly whole."""
    return shown(value) if value != round(value) else f"{value:.3f}"


def _row(row: Array) -> str:
    places = _sample(len(row), _COLUMNS) if len(row) > LONGEST else range(len(row))
    words = [shown(row[place].item()) for place in places]
    return f"{' '.join(words)}{'  (sampled)' if len(words) < len(row) else ''}"


def _sample(count: int, most: int) -> list[int]:
    """At most so many places, evenly spread, the first and the last among them."""
    if count <= most:
        return list(range(count))
    return sorted({round(i * (count - 1) / (most - 1)) for i in range(most)})


def same(first: str, second: str) -> bool:
    """The texts are equal, and their numbers within one unit of the last digit shown."""
    if first == second:
        return True
    ours, theirs = first.split("\n"), second.split("\n")
    return len(ours) == len(theirs) and all(map(_same_line, ours, theirs))


def _same_line(first: str, second: str) -> bool:
    if first == second:
        return True
    ours, theirs = list(_NUMBER.finditer(first)), list(_NUMBER.finditer(second))
    if len(ours) != len(theirs) or _NUMBER.sub("0", first) != _NUMBER.sub("0", second):
        return False
    loose = "uint8" in first or "≈" in first
    pairs = zip(_ends(first, ours), _ends(second, theirs), strict=True)
    return all(_near(*one, *other, loose) for one, other in pairs)


def _ends(line: str, found: Iterable[re.Match[str]]) -> list[tuple[str, str]]:
    """Each number with what follows it."""
    return [(one[0], line[one.end() : one.end() + 3]) for one in found]


def _near(first: str, after: str, second: str, _: str, loose: bool) -> bool:
    if first == second:
        return True
    if first.startswith("#"):
        return False
    one, other = _value(first), _value(second)
    unit = min(_unit(first), _unit(second))
    # A whole number is a count, a place or a size; only shares and bytes are rounded to one.
    if unit == 1 and not (loose or after.lstrip(" \\").startswith("%")):
        return one == other
    return abs(one - other) <= unit * 1.001


def _value(word: str) -> float:
    return float(word.replace("{,}", ".").replace(",", ".").replace("−", "-"))


def _unit(word: str) -> float:
    mantissa, _, exponent = word.replace("{,}", ".").replace(",", ".").partition("e")
    decimals = len(mantissa.partition(".")[2])
    return float(10.0 ** (int(exponent or 0) - decimals))
