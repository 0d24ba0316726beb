"""Where a stop stands: a page of the app in a state, read from its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

from pages.ui import links, state
from pages.ui.topic import topics
from pages.ui.unread import FRONT, VERSION

_SHOWN = 40  # characters of an address's part that a sentence repeats


class PlaceError(ValueError):
    """An address that no page of this app has. code: the sentence's key, below talk.problem."""

    def __init__(self, code: str, **details: object) -> None:
        self.code, self.details = code, details
        super().__init__(f"{code} {details}")


@dataclass(frozen=True, slots=True)
class Place:
    """A page, and the value of each parameter that the address names.

    said: the same as the address has it, without its version.
    """

    page: str
    values: Mapping[str, Any]
    said: Mapping[str, str]


def place(address: str) -> Place:
    """What `/scores?v=2&step=1` says; spaces may stand in it. Raises PlaceError."""
    path, question, query = address.partition("?")
    page = path.strip("/") or FRONT
    if page not in {one.slug for one in topics()} or path != f"/{page}".replace(f"/{FRONT}", "/"):
        raise PlaceError("place_page", page=path[:_SHOWN])
    try:
        said = parse_qsl(query, keep_blank_values=True, strict_parsing=True) if question else []
    except ValueError as error:
        raise PlaceError("place_query", query=query[:_SHOWN]) from error
    if dict(said).get(VERSION) != str(links.VERSION):
        raise PlaceError("place_version", version=f"{VERSION}={links.VERSION}")
    return _read(page, [pair for pair in said if pair[0] != VERSION])


def _read(page: str, said: list[tuple[str, str]]) -> Place:
    known, values = state.settable(page), {}
    for name, raw in said:
        if name not in known:
            raise PlaceError("place_name", name=name[:_SHOWN], page=page)
        if name in values:
            raise PlaceError("place_twice", name=name)
        try:
            values[name] = known[name].parse(raw)
        except ValueError as error:
            raise PlaceError("place_value", name=name, value=raw[:_SHOWN]) from error
    return Place(page, MappingProxyType(values), MappingProxyType(dict(said)))
