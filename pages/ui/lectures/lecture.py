"""A lecture as its author writes it, one Markdown file; `docs/lectures.md` shows the format.

`# Title (15 min)` begins it, `## Title (3 min)` each stop. Below that stand in this order, each in
lines of its own: the stop's address (`/scores?v=2&step=1`), the question, what may be predicted
(`- [x]`, `- [ ]`, `- [?]`, as in a page's lesson), an address that shows the answer if another one
does, the answer. Lines that begin with `>` are what to say; they stand anywhere in the stop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pages.ui.lectures.place import Place, PlaceError, place
from pages.ui.lesson import FEWEST, MARKS, MOST, Choice

LONGEST = 100_000  # characters of a file
MOST_STOPS = 60
LONGEST_LINE = 2_000  # characters
MOST_PROBLEMS = 12  # that are listed; an author mends these first
_HEADING = re.compile(r"(#{1,2}) (\S.*?) ?\( ?([0-9]{1,3}) ?[^\W\d_]+\.? ?\)")
_CHOICE = re.compile(r"- \[(.)\] +(\S.*)")


@dataclass(frozen=True, slots=True)
class Problem:
    """What an author has to mend. line: from 1; code: the sentence's key, below talk.problem."""

    line: int
    code: str
    details: Mapping[str, object] = field(default_factory=dict)


class LectureError(ValueError):
    """A file that is no lecture. problems: in the order of their lines, at least one."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        told = "; ".join(f"line {one.line}: {one.code} {dict(one.details)}" for one in problems)
        super().__init__(told)


@dataclass(frozen=True, slots=True)
class Stop:
    """One state, one question. minutes: planned. All words are Markdown of `words.markdown`.

    shows: the state that shows the answer; None: where the question stands it is seen, too.
    notes: what to say, not for the class.
    """

    title: str
    minutes: int
    place: Place
    question: str
    choices: tuple[Choice, ...]
    shows: Place | None
    answer: str
    notes: str


@dataclass(frozen=True, slots=True)
class Lecture:
    """The stops in their order. minutes: planned, the sum of all; about: what it is about.

    source: the file's text.
    """

    title: str
    minutes: int
    about: str
    stops: tuple[Stop, ...]
    source: str = field(repr=False, compare=False)

    def before(self, number: int) -> int:
        """Minutes planned for the stops before that one. number: from 1, to len(stops) + 1.

        ValueError: there is no such stop.
        """
        if not 1 <= number <= len(self.stops) + 1:
            raise ValueError(f"stop {number} is not in 1..{len(self.stops) + 1}")
        return sum(stop.minutes for stop in self.stops[: number - 1])


def lecture(text: str) -> Lecture:
    """The lecture that a file holds. Raises LectureError with all that is wrong, line by line."""
    reading = _Reading()
    if len(text) > LONGEST:
        raise LectureError((Problem(1, "long", {"n": len(text), "limit": LONGEST}),))
    lines = text.removeprefix("\ufeff").splitlines()
    for number, line in enumerate(lines, 1):
        reading.read(number, line.strip())
    return reading.ended(len(lines), text)


@dataclass(slots=True)
class _Draft:
    """A stop whose lines are being read. line: of its heading."""

    line: int
    title: str
    minutes: int
    places: dict[str, Place] = field(default_factory=dict)
    question: list[str] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    answer: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    linked: bool = False  # it has an address, be it a wrong one
    shows: bool = False  # as above, of what shows the answer

    @property
    def words(self) -> list[str]:
        """Where plain words go now."""
        return self.answer if self.choices else self.question

    def problems(self) -> Iterator[tuple[str, dict[str, object]]]:
        """What it lacks, once all its lines were read."""
        if not self.linked:
            yield "no_place", {}
        if not _joined(self.question):
            yield "no_question", {}
        if not FEWEST <= len(self.choices) <= MOST:
            yield "choices", {"count": len(self.choices), "few": FEWEST, "most": MOST}
        marks = [choice.right for choice in self.choices]
        if marks and set(marks) != {None} and (marks.count(True) != 1 or None in marks):
            yield "right", {}
        if not _joined(self.answer):
            yield "no_answer", {}
        there = self.places.get("shows")
        if there and "place" in self.places and there.page != self.places["place"].page:
            yield "shows_page", {}

    def stop(self) -> Stop:
        """The stop itself, where it has no problems."""
        return Stop(
            self.title,
            self.minutes,
            self.places["place"],
            _joined(self.question),
            tuple(self.choices),
            self.places.get("shows"),
            _joined(self.answer),
            _joined(self.notes),
        )


class _Reading:
    """A file's lines one by one, and what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.head: tuple[int, str, int] | None = None  # line, title, minutes
        self.about: list[str] = []
        self.drafts: list[_Draft] = []

    def wrong(self, line: int, code: str, **details: object) -> None:
        """Note what is wrong in a line."""
        self.problems.append(Problem(line, code, MappingProxyType(details)))

    def read(self, number: int, line: str) -> None:
        """One line, without spaces around it."""
        if len(line) > LONGEST_LINE:
            self.wrong(number, "line_long", n=len(line), limit=LONGEST_LINE)
        elif line.startswith("#"):
            self._heading(number, line)
        elif self.head is None:
            if line:
                self.wrong(number, "no_title")
                self.head = (number, "", 0)
        elif not self.drafts:
            self.about.append(line)
        else:
            self._inside(number, line, self.drafts[-1])

    def _heading(self, number: int, line: str) -> None:
        found = _HEADING.fullmatch(" ".join(line.split()))
        first = self.head is None
        if found is None or int(found[3]) < 1:
            self.wrong(number, "title" if first else "stop_title")
        level, title, minutes = found.groups() if found else ("#" if first else "##", "", "0")
        if (level == "#") != first:
            self.wrong(number, "no_title" if first else "title_twice")
        if first:
            self.head = (number, title, int(minutes))
        if level == "##":
            self.drafts.append(_Draft(number, title, int(minutes)))
            if len(self.drafts) == MOST_STOPS + 1:
                self.wrong(number, "stops", limit=MOST_STOPS)

    def _inside(self, number: int, line: str, draft: _Draft) -> None:
        if line.startswith(">"):
            draft.notes.append(line[1:].strip())
        elif line.startswith("/"):
            self._place(number, line, draft)
        elif line.startswith("- ["):
            self._choice(number, line, draft)
        elif not line or draft.linked:
            draft.words.append(line)
        else:
            self.wrong(number, "no_place")
            draft.linked = True

    def _place(self, number: int, line: str, draft: _Draft) -> None:
        name = "shows" if draft.choices else "place"
        if (draft.shows or _joined(draft.answer)) if draft.choices else draft.linked:
            self.wrong(number, "place_late")
            return
        draft.linked, draft.shows = True, bool(draft.choices)
        try:
            draft.places[name] = place(line)
        except PlaceError as error:
            self.wrong(number, error.code, **error.details)

    def _choice(self, number: int, line: str, draft: _Draft) -> None:
        found = _CHOICE.fullmatch(line)
        if found is None or found[1] not in MARKS:
            self.wrong(number, "mark")
        elif draft.shows or _joined(draft.answer):
            self.wrong(number, "choice_late")
        else:
            draft.choices.append(Choice(found[2], MARKS[found[1]]))

    def ended(self, last: int, source: str) -> Lecture:
        """The lecture. last: line; source: all of them. Raises LectureError."""
        # What stands in a stop's lines is told there, what it lacks at its heading.
        told = {problem.line for problem in self.problems}
        for at, draft in enumerate(self.drafts):
            end = self.drafts[at + 1].line if at + 1 < len(self.drafts) else last + 1
            if not told & set(range(draft.line, end)):
                for code, details in draft.problems():
                    self.wrong(draft.line, code, **details)
        line, title, minutes = self.head or (1, "", 0)
        if self.head is None:
            self.wrong(1, "empty")
        elif not self.drafts:
            self.wrong(line, "no_stops")
        planned = sum(draft.minutes for draft in self.drafts)
        if not self.problems and planned != minutes:
            self.wrong(line, "minutes", n=planned, title=minutes)
        if self.problems:
            found = sorted(self.problems, key=lambda one: one.line)
            raise LectureError(tuple(found[:MOST_PROBLEMS]))
        stops = tuple(draft.stop() for draft in self.drafts)
        return Lecture(title, minutes, _joined(self.about), stops, source)


def _joined(lines: list[str]) -> str:
    """Lines as one text, without empty ones at its ends."""
    return "\n".join(lines).strip()
