"""Numbers and tokens as they stand on screen, in formulas and in HTML, in either language."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from datetime import date

from viz.board.markup import inside

MINUS = "−"
INFINITY = "∞"
# Inside TeX these characters are commands; KaTeX knows each of them escaped as here.
_TEX = {
    "\\": r"\textbackslash ",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum ",
    "~": r"\textasciitilde ",
    "<": r"{\textless}",
    ">": r"{\textgreater}",
    "`": r"{`}",
}
# KaTeX composes these marks with the one letter before them, and stops at any other.
_KNOWN_MARKS = frozenset("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327")
# Direction marks keep a right-to-left token from turning its neighbours round.
_ISOLATE, _POP = "\u2068", "\u2069"
_HOLLOW = "□"  # a character that would be unseen, or turn round what stands beside it
_SHOWN = {
    **{code: chr(0x2400 + code) for code in range(32)},  # ␀ ␁ … for what steers a terminal
    0x7F: "␡",
    **dict.fromkeys(map(ord, "\n\r\u0085\u2028\u2029"), "⏎"),
    ord("\t"): "⇥",
    **dict.fromkeys((*range(0x80, 0x85), *range(0x86, 0xA0)), _HOLLOW),
    **dict.fromkeys((0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F)), _HOLLOW),
    **dict.fromkeys((*range(0x2066, 0x206A), *range(0xD800, 0xE000)), _HOLLOW),
}


def reads_as_one(rest: float, digits: int) -> bool:
    """Whether 1 − rest, no 1 itself, would read as 1 with so many decimals; never so of NaN."""
    return rest > 0 and float(f"{1 - rest:.{digits}f}") == 1


@dataclass(frozen=True, slots=True)
class Notation:
    """How one language writes numbers: its decimal sign, and that between thousands."""

    decimal: str = "."
    group: str = ","

    def grouped(self, count: int) -> str:
        """A whole number in groups of three figures: 12345 → "12,345"."""
        return grouped(count, self.group)

    def day(self, day: date) -> str:
        """2026-11-29 in English, 29.11.2026 with a decimal comma."""
        return day.isoformat() if self.decimal == "." else f"{day:%d.%m.%Y}"

    def tex_grouped(self, count: int) -> str:
        """As `grouped`, for KaTeX."""
        return _tex_number(self.grouped(count))

    def fixed(self, value: float, digits: int = 2, *, plus: bool = False) -> str:
        """0.5857 → "0.59"; −0.001 → "0.00" (never "−0.00"); −inf → "−∞"; a true minus sign."""
        if math.isinf(value):
            return (MINUS if value < 0 else "+" if plus else "") + INFINITY
        text = f"{abs(value):.{digits}f}"
        negative = value < 0 and any(c not in "0." for c in text)
        sign = MINUS if negative else "+" if plus else ""
        return sign + text.replace(".", self.decimal)

    def share(self, value: float, digits: int = 2) -> str:
        """A weight for a cell: 0 exactly or nearly → "0", else two digits; masked: "−∞", not 0."""
        return "0" if 0 <= value < 0.5 * 10**-digits else self.fixed(value, digits)

    def small(self, value: float, digits: int = 3) -> str:
        """A probability that must not read as zero: "< 0.001" when it would."""
        if value > 0 and vanishes(value, digits):
            return f"< {self.fixed(10.0**-digits, digits)}"
        return self.fixed(value, digits)

    def tiny(self, value: float, digits: int = 3) -> str:
        """As `fixed`, but what would read as zero in powers of ten: "1.0·10⁻⁶"."""
        return self.scientific(value, 1) if vanishes(value, digits) else self.fixed(value, digits)

    def significant(self, value: float, digits: int = 4) -> str:
        """About `digits` significant digits, in full: 11.98, 4321, 0.0123."""
        if value == 0 or not math.isfinite(value):
            return self.fixed(value, 0)
        whole = math.floor(math.log10(abs(value)))
        if not -3 <= whole <= 6:
            return self.scientific(value, digits - 1)
        return self.fixed(value, min(max(digits - 1 - whole, 0), 6))

    def scientific(self, value: float, digits: int = 0) -> str:
        """3.2e−7 → "3·10⁻⁷", plain text; 0 → "0"."""
        if value == 0 or not math.isfinite(value):
            return self.fixed(value, 0)
        mantissa, exponent = f"{value:.{digits}e}".split("e")
        raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return f"{self.fixed(float(mantissa), digits)}·10{raised}"

    def tex(self, value: float, digits: int = 2) -> str:
        """As `fixed`, for KaTeX: the decimal comma gets no space after it."""
        return _tex_number(self.fixed(value, digits))

    def tex_significant(self, value: float, digits: int = 4) -> str:
        """As `significant`, for KaTeX."""
        if value and math.isfinite(value) and not -3 <= math.floor(math.log10(abs(value))) <= 6:
            return self.tex_scientific(value)
        return _tex_number(self.significant(value, digits))

    def tex_scientific(self, value: float, digits: int = 1) -> str:
        r"""2.17e−14 → "2.2\cdot 10^{-14}", for KaTeX."""
        mantissa, exponent = f"{value:.{digits}e}".split("e")
        return rf"{self.tex(float(mantissa), digits)}\cdot 10^{{{int(exponent)}}}"

    def tex_weight(self, value: float, digits: int = 4) -> str:
        """A weight for KaTeX: as `tex`, in powers of ten where it would read as 0."""
        if value > 0 and vanishes(value, digits):
            return self.tex_scientific(value)
        return self.tex(value, digits)

    def tex_term(self, value: float, digits: int = 2) -> str:
        """As `tex`, in brackets when negative, for a product."""
        text = self.tex(value, digits)
        return f"({text})" if text.startswith("-") else text


def vanishes(value: float, digits: int) -> bool:
    """Whether a number that is not 0 would read as 0 with so many decimals."""
    return 0 < abs(value) < 0.5 * 10.0**-digits


def _tex_number(text: str) -> str:
    return text.replace(MINUS, "-").replace(INFINITY, r"\infty").replace(",", "{,}")


def for_html(token: str) -> str:
    """A visitor's token inside HTML, or in a Plotly label, which reads tags: its direction kept.

    Quotes stay as typed, since Plotly knows no name of theirs: not for an attribute.
    """
    return str(inside(isolated(token)))


def isolated(token: str) -> str:
    """A visitor's token for a template, which escapes it: its direction stays its own."""
    return f"{_ISOLATE}{visible(token)}{_POP}"


def for_tex(token: str) -> str:
    r"""A visitor's token inside KaTeX's \text{…}: commands escaped, spaces kept."""
    return "".join(_TEX.get(c, c) for c in visible(token))


def visible(token: str) -> str:
    """What breaks lines, steers or turns text round made visible; no token is all blank."""
    shown = token.translate(_SHOWN)
    return shown if any(map(_seen, shown)) else "".join(map(_blank, shown))


def _seen(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in ("Cf", "Mn")


def _blank(character: str) -> str:
    return "␣" if character.isspace() else _HOLLOW


def grouped(count: int, sign: str) -> str:
    """A whole number, from five figures on in groups of three, that sign between them.

    One of four stays whole: 1.199 and 1,199 stand beside decimals and would be read as such.
    """
    written = f"{count:,}" if abs(count) >= 10_000 else str(count)
    return written.replace("-", MINUS).replace(",", sign)


def shortened(token: str, longest: int) -> str:
    """At most `longest` characters, the last one an ellipsis when something was left out."""
    return token if len(token) <= longest else token[: longest - 1] + "…"


def bold(body: str, chosen: bool = True) -> str:
    """Safe HTML, bold where it is what was chosen."""
    return f"<b>{body}</b>" if chosen else body


def coloured(colour: str, body: str) -> str:
    r"""\textcolor{#RRGGBB}{body}: the figure's colour inside a formula."""
    return rf"\textcolor{{{colour}}}{{{body}}}"


def tex_word(token: str, longest: int = 10) -> str:
    r"""A visitor's token inside \text{…}: shortened, what KaTeX cannot read replaced by □."""
    kept: list[str] = []
    for character in unicodedata.normalize("NFC", token):
        if unicodedata.category(character) == "Mn":
            if kept and kept[-1].isalpha() and character in _KNOWN_MARKS:
                kept.append(character)
        else:
            kept.append(character if _readable(character) else _HOLLOW)
    return for_tex(shortened("".join(kept), longest) or _HOLLOW)


def _readable(character: str) -> bool:
    kind = unicodedata.category(character)
    return character in "\n\t\r" or (kind[0] != "C" and kind not in ("Zl", "Zp"))
