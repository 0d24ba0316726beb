"""Signs and words that a reader may not know: what they mean, under the pointer and by keyboard.

In text each sign becomes an element that a stylesheet gives a note; in LaTeX, where nothing can
be pointed at, it is found by its command, and listed below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from viz.board.markup import Safe, escaped, template

# name in the catalogue → the sign in text, and in LaTeX; "": it stands in none.
SIGNS: dict[str, tuple[str, str]] = {
    "alpha": ("α", r"\\alpha(?![a-zA-Z])"),
    "sum": ("Σ", r"\\sum(?![a-zA-Z])"),
    "product": ("∏", r"\\prod(?![a-zA-Z])"),
    "odot": ("⊙", r"\\odot(?![a-zA-Z])"),
    "masked": ("S″", r"S'{2}"),
    "scaled": ("S′", r"S'(?!')"),
    "d_k": ("d_k", r"d_k"),
    "w_o": ("W_O", r"W_O"),
    "infinity": ("−∞", r"-\\infty"),
    "sigma": ("σ", r"\\sigma(?![a-zA-Z])"),
    "ln": ("ln p", r"\\ln(?![a-zA-Z])"),
    "tanh": ("tanh", r"\\tanh(?![a-zA-Z])"),
    "norm": ("‖", r"\\[lr]?Vert|\\\|"),
    "cls": ("[CLS]", ""),
    "sep": ("[SEP]", ""),
    "mask": ("[MASK]", ""),
    "unk": ("<unk>", ""),
    "start": ("<s>", ""),
    "pad": ("<pad>", ""),
    "end": ("</s>", ""),
    "word_start": ("▁", ""),
    "space": ("Ġ", ""),
    "goes_on": ("##", ""),
}
# Inside a token only what a tokenizer puts there: a visitor's own α is a letter.
_WHOLE = {"cls", "sep", "mask", "unk", "start", "pad", "end"}
_LEADING = {"word_start", "space", "goes_on"}

_TAG = re.compile(r"(<[^>]*>)")
_INDEXED = re.compile(r"\b([Wd])_([QKVOkv])\b(?![^<]*>)")  # in no tag
_ABBR = template(
    "<abbr class='symbol' tabindex='0' aria-description='{{ meaning }}'>{{ sign }}</abbr>"
)
_LIST = template(
    "<details class='symbols'><summary>{{ head }} {% for sign in signs %}<i>{{ sign }}</i>"
    "{% endfor %}</summary><dl>{% for sign, meaning in rows %}<dt>{{ sign }}</dt>"
    "<dd>{{ meaning }}</dd>{% endfor %}</dl></details>"
)


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """The signs of these names as they stand in HTML, letters not inside a word."""
    signs = sorted((str(escaped(SIGNS[name][0])) for name in names), key=len, reverse=True)
    return re.compile(r"(?<![\w])(?:" + "|".join(map(re.escape, signs)) + r")(?![a-zA-Z])")


_NAMES = {str(escaped(sign)): name for name, (sign, _) in SIGNS.items()}
_IN_TEXT = _pattern(SIGNS.keys() - _LEADING)
_IN_TOKEN = re.compile(
    "|".join(
        f"(?:{re.escape(str(escaped(SIGNS[name][0])))}){'$' if name in _WHOLE else ''}"
        for name in sorted(_WHOLE | _LEADING)
    )
)
# On a figure a token stands between the marks that keep its direction.
_ON_FIGURE = re.compile(
    "\u2068("
    + "|".join(
        re.escape(str(escaped(SIGNS[name][0]))) + ("(?=\u2069)" if name in _WHOLE else "")
        for name in sorted(_WHOLE | _LEADING)
    )
    + ")"
)


def explained(
    html: Safe, meanings: Mapping[str, str], terms: Mapping[str, str] = MappingProxyType({})
) -> Safe:
    """The same HTML with every sign explained where it stands first.

    meanings: a sign's name → words. terms: a word of the field → what it means; "ablat…" finds all
    that begins so, "a|b" both.
    """
    told: set[str] = set()
    inside: list[str] = []
    out: list[str] = []
    # Few terms stand in a line: a pattern of all would cost more than the rest of it.
    lowered = _plain(html)
    here = tuple(term for term in terms if any(stem in lowered for stem in _stems(term)))
    in_text = _text_pattern(here)

    def note(found: re.Match[str]) -> str:
        # Terms have a group each, signs none.
        told_of = terms[here[found.lastindex - 1]] if found.lastindex else ""
        meaning = told_of or meanings.get(_NAMES[found[0]], "")
        if not meaning or meaning in told:
            return found[0]
        told.add(meaning)
        return _ABBR(sign=Safe(found[0]), meaning=meaning)

    for piece in _TAG.split(html):
        if piece.startswith("<"):
            _enter(piece, inside)
            out.append(piece)
        elif "bdi" in inside:
            found = _IN_TOKEN.match(piece)
            out.append(note(found) + piece[found.end() :] if found else piece)
        elif "abbr" in inside or "style" in inside:
            out.append(piece)
        else:
            out.append(_lowered(in_text.sub(note, piece)))
    return Safe("".join(out))


def _plain(text: str) -> str:
    """In small letters, İ as i."""
    return text.lower().replace("\u0307", "")


@cache
def _stems(term: str) -> tuple[str, ...]:
    """What each form of a term begins with."""
    return tuple(_plain(one.rstrip("…")) for one in str(escaped(term)).split("|"))


@cache
def _text_pattern(terms: tuple[str, ...]) -> re.Pattern[str]:
    """Signs, and terms as they stand in a sentence, a group each."""
    groups = [
        "|".join(re.escape(one.rstrip("…")) + (r"\w*" if one[-1] == "…" else "") for one in words)
        for words in (str(escaped(term)).split("|") for term in terms)
    ]
    found = "|".join(rf"(?<![\w-])(?i:({group}))(?!\w)" for group in groups)
    return re.compile("|".join(filter(None, (_IN_TEXT.pattern, found))))


def _lowered(html: str) -> str:
    """W_Q, d_k with their index below the line."""
    return _INDEXED.sub(r"\1<sub>\2</sub>", html)


def _enter(tag: str, inside: list[str]) -> None:
    """Keep the list of open elements that matter here."""
    name = re.sub(r"[^a-z].*", "", tag.strip("</>"), flags=re.DOTALL)
    if name in ("bdi", "abbr", "style"):
        if tag.startswith("</"):
            inside.remove(name)
        else:
            inside.append(name)


def used(formulas: Iterable[str], labels: Iterable[str] = ()) -> list[str]:
    """The names of all signs of some LaTeX and of a figure's texts, in the order of SIGNS."""
    tex, said = " ".join(formulas), "\n".join(labels)
    tokens = {_NAMES[sign] for sign in _ON_FIGURE.findall(said)}
    return [
        name
        for name, (_, pattern) in SIGNS.items()
        if name in tokens or (pattern and re.search(pattern, tex))
    ]


def listed(names: Iterable[str], meanings: Mapping[str, str], head: str) -> Safe:
    """Signs with their meanings, folded. head: what stands before them; "" where there is none."""
    known = [name for name in names if name in meanings]
    rows = [(SIGNS[name][0], meanings[name]) for name in known]
    # Tokens only in what unfolds: the line that it stands in has no room for all.
    signs = [SIGNS[name][0] for name in known if name not in _WHOLE | _LEADING]
    return Safe(_lowered(_LIST(head=head, rows=rows, signs=signs))) if rows else Safe()
