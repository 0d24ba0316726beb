"""A language that nobody speaks, made of the English one: every letter has an accent.

Each sentence is 40 % longer and stands in « », so that one sees what is cut and what does not come
from the catalogues. It goes by Esperanto's code, which Babel knows, with a decimal comma.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from tests.adding import copied

CODE, SOURCE = "eo", "en"
LONGER = 0.4  # of the characters that one sees
_LETTERS = str.maketrans(
    "abcdefghijklmnopstuvwxyzABCDEFGHIJKLMNOPRSTUVWXYZr",
    "áƀçďéƒğĥíĵķĺɱñóþšťúṽŵẍýžÁƁÇĎÉƑĞĤÍĴĶĹṀÑÓÞŘŠŤÚṼŴẌÝŽř",
)
_MORE = "ĺóřéɱ íþšúɱ ďóĺóř šíť áɱéť "
# What is no word: gaps, tags, entities, code, formulas, addresses, [CLS], quoted and slanted
# tokens, a letter by itself.
_KEPT = re.compile(
    r"\{[^}]*\}|<[^>]*>|&\w+;|`[^`]*`|\$[^$]*\$|\]\([^)]*\)|https?://\S+|:material/\w+:|\[[A-Z]+\]"
    r"|“[^”]*”|(?<!\*)\*[^*\s][^*]*\*(?!\*)|(?<!\w)[A-Za-z](?!\w)"
)
_HEADING = re.compile(r"(#{1,2} )(.*)( \(\d+ \w+\))")
_CHOICE = re.compile(r"((?:- \[.\]|>) )(.*)")
# Words that are looked for in sentences (viz.board.symbols).
_BARE = ("word.",)


def accented(words: str) -> str:
    """Every letter with an accent; gaps, tags, code, tokens stay."""
    kept = _KEPT.findall(words)
    parts = [part.translate(_LETTERS) for part in _KEPT.split(words)]
    return "".join(a + b for a, b in zip(parts, [*kept, ""], strict=True))


def sentence(words: str) -> str:
    """Accented, longer, marked at both ends; what has no word in it stays."""
    told = accented(words)
    if told == words:
        return words
    seen = len(re.sub(r"\{[^}]*\}|<[^>]*>", "", words))
    more = max(0, round(LONGER * seen) - len("«»"))
    filling = (_MORE * (1 + more // len(_MORE)))[: max(0, more - 1)].rstrip()
    return f"«{told}{' ' * bool(filling)}{filling}»"


def catalogue(source: Catalog) -> Catalog:
    """A catalogue with these sentences."""
    made = Catalog(locale=CODE, fuzzy=False)
    for one in source:
        if one.id:
            key = one.id if isinstance(one.id, str) else one.id[0]
            say: Callable[[str], str] = accented if key.startswith(_BARE) else sentence
            forms = [one.string] if isinstance(one.string, str) else one.string or ()
            said = tuple(say(form) for form in forms)
            made.add(one.id, said if isinstance(one.id, tuple) else said[0])
    return made


def prose(markdown: str) -> str:
    """A lesson or a lecture: line by line, comments and addresses as they are."""
    parts = re.split(r"(<!--.*?-->)", markdown, flags=re.S)
    return "".join(part if n % 2 else _lines(part) for n, part in enumerate(parts))


def _lines(words: str) -> str:
    return "\n".join(map(_line, words.split("\n")))


def _line(line: str) -> str:
    if line.startswith("/") or not line.strip():
        return line
    if found := _HEADING.fullmatch(line):
        return found[1] + sentence(found[2]) + found[3]
    found = _CHOICE.fullmatch(line)
    return found[1] + sentence(found[2]) if found else sentence(line)


def write(folder: Path) -> None:
    """The language as a folder beside the others of a tree's `text`."""
    for path in sorted((folder / SOURCE).rglob("*.*")):
        made = folder / CODE / path.relative_to(folder / SOURCE)
        made.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".po":
            with path.open("rb") as file, made.open("wb") as into:
                write_po(into, catalogue(read_po(file, locale=SOURCE)), width=0)
        else:
            made.write_text(prose(path.read_text("utf-8")), encoding="utf-8")


def tree(folder: Path) -> Path:
    """A copy of the project, in an empty folder, that speaks this language, too."""
    write(copied(folder, ()) / "text")
    return folder
