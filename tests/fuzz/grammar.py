"""Texts from grammars: rules expanded by Hypothesis, then spoilt, so that what fails shrinks.

A rule is a list of alternatives, each a list of symbols; a symbol that has no rule stands for
itself. What is almost right reaches further into a parser than noise does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

Rules = Mapping[str, Sequence[Sequence[str]]]
DEEPEST = 6  # then the first alternative of each rule, which has to end

HOSTILE = (
    *("", " ", "\0", "\u200b", "\ufeff", "\U000e0001", "\ud800", "\udfff", "İ", "ı", "ß", "😀"),
    *("\r\n", "\x1b[2J", "\u202e", "e\u0301" * 9, "٣", "−1", "1e309", "NaN", "-0", "0x1F", "1_0"),
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)"),
    *("{0}", "{kept}", "{model.__class__}", "%s%n", "$x^2$", ":material/home:", "`", "[a](//b)"),
    *("../../etc/passwd", "/etc/passwd", "~root", "C:\\x", "file:///etc/passwd", "\\\\host\\x"),
    *("'; DROP TABLE dikkat_rooms; --", "${jndi:ldap://x}", "__import__('os')", "a" * 3000),
)

LINES: Rules = {
    "lecture": [["title", "stop"], ["title", "text", "stop", "lecture"], ["stop", "title"]],
    "title": [["# Title (20 min)\n\n"], ["# Title\n"], ["# (x min)\n"], ["#", "hostile", "\n"]],
    "stop": [["head", "link", "\n", "text"], ["head", "link", "question"], ["link", "link"]],
    "head": [["## Part (3 min)\n"], ["## Part (99999 min)\n"], ["##", "hostile", "\n"]],
    "link": [["/", "page", "?v=2&view=mask\n"], ["/", "page", "?", "query", "\n"], ["//x/y?z\n"]],
    "page": [["bert"], ["scores"], ["heads"], ["nowhere"], ["hostile"]],
    "query": [["step=1"], ["query", "&", "query"], ["step=", "hostile"], ["%zz=%"]],
    "text": [["Words.\n\n"], ["> Notes.\n"], ["**", "hostile", "*\n"], ["$x$ ", "text"]],
    "question": [
        ["Which?\n\n- [x] A\n- [ ] B\n\n"],
        ["Which?\n\n- [x] ", "hostile", "\n- [x] B\n"],
        ["- [", "hostile", "] A\n"],
    ],
}
MATRICES: Rules = {
    "code": [["words", "~", "rows"], ["words", "~", "rows", "~", "rows", "~", "~", "rows"]],
    "words": [["a,b"], ["word"], ["word", ",", "words"]],
    "word": [["a"], ["Jane"], ["hostile"]],
    "rows": [["row"], ["row", ";", "rows"], ["row", ";", "row"], ["row", "*", "rows"]],
    "row": [["number", ",", "number"], ["number"], ["number", ",", "row"]],
    "number": [["1"], ["0"], ["-2"], ["0.5"], ["1e9"], ["hostile"]],
}
FORMS: Rules = {
    "form": [["field"], ["field", "&", "form"]],
    "field": [["choice=1"], ["question=1"], ["name", "=", "value"], ["value"]],
    "name": [["choice"], ["number"], ["query"], ["key"], ["question"], ["do"], ["hostile"]],
    "value": [["0"], ["1"], ["-3,5"], ["%00"], ["%ff%fe"], ["+"], ["hostile"]],
}
SENTENCES: Rules = {
    "text": [["sentence"], ["sentence", " ", "text"], ["hostile", "text"]],
    "sentence": [
        ["The ", "noun", " ", "verb", "."],
        ["noun", "noun"],
        ["Kedi ", "noun", "yi yedi."],
    ],
    "noun": [["cat"], ["lion"], ["balık"], ["hostile"], ["çocuk"]],
    "verb": [["sat"], ["saw the ", "noun"], ["hostile"]],
}


@st.composite
def derived(draw: st.DrawFn, rules: Rules, start: str) -> str:
    """A text that the rules derive from a symbol."""

    def expand(symbol: str, depth: int) -> str:
        if symbol == "hostile":
            return str(draw(st.sampled_from(HOSTILE) | st.text(max_size=12)))
        if symbol not in rules:
            return symbol
        ways = rules[symbol]
        way = ways[0] if depth > DEEPEST else ways[draw(st.integers(0, len(ways) - 1))]
        return "".join(expand(part, depth + 1) for part in way)

    return expand(start, 0)


@st.composite
def spoilt(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    """Bytes with a few of them changed, cut, doubled or put in."""
    found = bytearray(draw(whole))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(found)))
        match draw(st.integers(0, 4)):
            case 0:
                del found[at:]
            case 1:
                found[at : at + 4] = draw(st.binary(min_size=4, max_size=4))
            case 2:
                found[at:at] = draw(st.binary(max_size=40))
            case 3:
                found[at : at + 4] = draw(st.sampled_from((b"\xff" * 4, b"\0" * 4, b"\x7f" * 4)))
            case _:
                found[at:at] = found[at : at + draw(st.integers(1, 64))]
    return bytes(found)


def texts(rules: Rules, start: str) -> st.SearchStrategy[str]:
    """Derived, or any text, or one of the hostile."""
    return derived(rules, start) | derived(rules, start) | st.text(max_size=80) | ANY


ANY = st.sampled_from(HOSTILE)
