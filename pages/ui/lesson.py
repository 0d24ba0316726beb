"""A page's lesson as its author writes it: what to predict, and what to be careful about.

A comment begins a part and says what it is: `try 1`, `answer 1`, `try 2` …, then `careful`.
What else stands in it is said once, by name:

- `view=mask` or `view=mask,next`, or another parameter of the page that switches between its
  sides: the part is shown while one of these is open. Without it, always.
- `stage="view=mask&hidden=13"`: the address that puts the page into the state which a question is
  about; of an answer, into the one that shows it. Spaces may stand in it; `&`, `+` and `%` are
  written as in links.

A question ends with a list of what may be predicted, `- [x]` before what is right, `- [ ]` before
all others; where nothing is right or wrong, `- [?]` before each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

FEWEST, MOST = 2, 4  # predictions of a question
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_HEAD = re.compile(r"\s*(?:(try|answer)\s+([0-9]+)|(careful))\b(.*)", re.DOTALL)
_SAID = re.compile(r"""\s*([a-z_]+)=(?:"([^"]*)"|([^\s"]+))(?=\s|$)""")
_CHOICE = re.compile(r"- \[(.)\] (.+)")
_PARAGRAPHS = re.compile(r"\n\s*\n")
MARKS = {"x": True, " ": False, "?": None}


class LessonError(ValueError):
    """A lesson that its author has to mend. The message says where, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Where:
    """When a part is shown: while this parameter has one of these values. "": always."""

    name: str = ""
    values: tuple[str, ...] = ()

    def open(self, value: Callable[[str], object]) -> bool:
        """Whether it is shown now. value: what a parameter's name has."""
        return not self.name or str(value(self.name)) in self.values


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be predicted. right: None where nothing is right or wrong."""

    words: str
    right: bool | None


@dataclass(frozen=True, slots=True)
class Try:
    """A question with what may be predicted, and its answer. All words are Markdown.

    stage: the address of the state that the question is about; shows: of the one that shows the
    answer, "": none does.
    """

    number: int
    where: Where
    stage: str
    question: str
    choices: tuple[Choice, ...]
    answer: str
    shows: str = ""


@dataclass(frozen=True, slots=True)
class Careful:
    """A paragraph on what a picture does not say. words: Markdown."""

    where: Where
    words: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """The parts of a page's lesson, in their order."""

    tries: tuple[Try, ...]
    careful: tuple[Careful, ...]

    @property
    def wheres(self) -> tuple[Where, ...]:
        """Of every part, when it is shown."""
        tried = tuple(one.where for one in self.tries)
        return (*tried, *(one.where for one in self.careful))


@dataclass(frozen=True, slots=True)
class _Part:
    """One comment and what follows it. name: how the comment begins, as "try 1"."""

    name: str
    said: Mapping[str, str]
    body: str

    @property
    def where(self) -> Where:
        found = [Where(n, tuple(v.split(","))) for n, v in self.said.items() if n != "stage"]
        if len(found) > 1:
            names = " and ".join(one.name for one in found)
            raise LessonError(f"{self.name}: it depends on {names}; it can on one alone")
        return found[0] if found else Where()


def lesson(text: str) -> Lesson:
    """The parts that a lesson's Markdown holds. Raises LessonError: it is not written as above."""
    parts = list(_parts(text))
    answers = {part.name: part for part in parts if part.name.startswith("answer")}
    asked = [part for part in parts if part.name.startswith("try")]
    tries = []
    for number, part in enumerate(asked, 1):
        if part.name != f"try {number}":
            raise LessonError(f"{part.name}: it stands where try {number} is expected")
        answer = answers.pop(f"answer {number}", None)
        if answer is None:
            raise LessonError(f"{part.name}: there is no answer {number}")
        tries.append(_try(number, part, answer))
    for name in answers:
        raise LessonError(f"{name}: there is no try of that number")
    careful = tuple(
        Careful(part.where, paragraph)
        for part in parts
        if part.name == "careful"
        for paragraph in _PARAGRAPHS.split(part.body)
    )
    return Lesson(tuple(tries), careful)


def _parts(text: str) -> Iterator[_Part]:
    pieces = _COMMENT.split(text)
    if pieces[0].strip():
        raise LessonError(f"{pieces[0].strip()[:40]!r} stands before the first comment")
    seen = set()
    for comment, body in zip(pieces[1::2], pieces[2::2], strict=True):
        head = _HEAD.fullmatch(comment)
        if head is None:
            raise LessonError(f"<!--{comment}-->: a part is a try, an answer or careful")
        name = head[3] or f"{head[1]} {int(head[2])}"
        if name in seen and name != "careful":
            raise LessonError(f"{name}: it is there twice")
        if not body.strip():
            raise LessonError(f"{name}: nothing stands below it")
        seen.add(name)
        yield _Part(name, _said(name, head[4]), body.strip())


def _said(name: str, rest: str) -> dict[str, str]:
    """What a comment says by name. rest: what follows the part's own name."""
    if _SAID.sub("", rest).strip():
        raise LessonError(f'{name}: {rest.strip()!r} is not name=value name="value" …')
    return {found[1]: found[2] if found[3] is None else found[3] for found in _SAID.finditer(rest)}


def _try(number: int, part: _Part, answer: _Part) -> Try:
    question, choices = _asked(part)
    if not part.said.get("stage"):
        raise LessonError(f"{part.name}: it has no stage")
    if answer.said.keys() - {"stage"}:
        raise LessonError(f"{answer.name}: it is shown where its try is, and says a stage alone")
    return Try(
        number,
        part.where,
        part.said["stage"],
        question,
        choices,
        answer.body,
        answer.said.get("stage", ""),
    )


def _asked(part: _Part) -> tuple[str, tuple[Choice, ...]]:
    """The question, and the predictions below it."""
    lines = part.body.splitlines()
    found = [_CHOICE.fullmatch(line.strip()) for line in lines]
    first = next((at for at, one in enumerate(found) if one), len(lines))
    listed = [one for one in found[first:] if one]
    if len(listed) < len(lines) - first:
        raise LessonError(f"{part.name}: its predictions are its last lines, one a line")
    if not FEWEST <= len(listed) <= MOST:
        count = f"{len(listed)} predictions"
        raise LessonError(f"{part.name}: {count}; there have to be {FEWEST} to {MOST}")
    if strange := [one[1] for one in listed if one[1] not in MARKS]:
        raise LessonError(f"{part.name}: - [{strange[0]}] is none of - [x], - [ ], - [?]")
    choices = tuple(Choice(one[2], MARKS[one[1]]) for one in listed)
    marks = [choice.right for choice in choices]
    if set(marks) != {None} and (marks.count(True) != 1 or None in marks):
        raise LessonError(f"{part.name}: exactly one prediction is right, - [x], or all are - [?]")
    question = "\n".join(lines[:first]).strip()
    if not question:
        raise LessonError(f"{part.name}: it asks nothing")
    return question, choices
