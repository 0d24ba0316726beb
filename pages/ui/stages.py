"""Stages: a state of the page that its lesson speaks of, which a button sets at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

from pages.ui import state
from pages.ui.lesson import Lesson, LessonError, Where
from pages.ui.parameters import OneOf


@cache
def read(page: str, address: str) -> Mapping[str, Any]:
    """What a stage says: parameter → value, read as in a link. Raises LessonError."""
    known, found = state.settable(page), {}
    try:
        said = parse_qsl(address, keep_blank_values=True, strict_parsing=True)
    except ValueError as error:
        raise LessonError(f"stage {address!r}: {error}") from error
    for name, raw in said:
        if name not in known or name in found:
            why = "said twice" if name in found else f"no parameter of the page {page}"
            raise LessonError(f"stage {address!r}: {name!r} is {why}")
        try:
            found[name] = known[name].parse(raw)
        except ValueError as error:
            raise LessonError(f"stage {address!r}: {name}: {error}") from error
    return MappingProxyType(found)


def check(page: str, lesson: Lesson) -> Lesson:
    """The lesson itself. Raises LessonError: it speaks of a state that the page does not have."""
    for one in lesson.tries:
        for address in filter(None, (one.stage, one.shows)):
            said = read(page, address)
            usual = {name: known.default for name, known in state.parameters(page).items()}
            if not one.where.open({**usual, **said}.__getitem__):
                raise LessonError(f"try {one.number}: its stage {address!r} is not where it stands")
    for where in lesson.wheres:
        _check_where(page, where)
    return lesson


def _check_where(page: str, where: Where) -> None:
    if not where.name:
        return
    known = state.parameters(page).get(where.name)
    choices = known.parse.choices if known is not None and isinstance(known.parse, OneOf) else ()
    for value in where.values:
        if value not in choices:
            raise LessonError(f"{where.name}={value}: the page {page} has no such side")


def enter(page: str, address: str) -> None:
    """Put the page into that state; what the address leaves out has its default."""
    state.stage(read(page, address))


def entered(page: str, address: str, said: Callable[[str], object]) -> bool:
    """Whether all is still as the address says. said: what a parameter's name has."""
    return all(said(name) == value for name, value in read(page, address).items())
