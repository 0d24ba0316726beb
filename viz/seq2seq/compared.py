"""Translations of one sentence below each other, wrong words marked: HTML, all words escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from viz.board.notation import visible

_MARKS = (".", "?")  # join the word before them


@dataclass(frozen=True, slots=True)
class Version:
    """Who wrote it, its words, and which are right; right: None where nobody can say."""

    name: str
    words: Sequence[str]
    right: Sequence[bool] | None = None
    remark: str = ""


def compared(versions: Sequence[Version]) -> str:
    """A row a translation; a wrong word is struck out, in another colour, with a ✗."""
    rows = "".join(
        f"<tr><td>{escape(one.name)}</td><td>{_words(one)}</td><td>{escape(one.remark)}</td></tr>"
        for one in versions
    )
    return f"<table class='compared'>{rows}</table>"


def _words(one: Version) -> str:
    right = one.right or [True] * len(one.words)
    words = (_word(word, good) for word, good in zip(one.words, right, strict=True))
    return "".join(
        word if mark in _MARKS else f" {word}" for word, mark in zip(words, one.words, strict=True)
    )


def _word(word: str, good: bool) -> str:
    shown = escape(visible(word))
    if good:
        return f"<span><bdi>{shown}</bdi></span>"
    return f"<span class='wrong'>✗ <s><bdi>{shown}</bdi></s></span>"
