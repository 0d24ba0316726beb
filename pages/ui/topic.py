"""What a topic says of itself before its page is opened; its folder holds all the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from pages.ui.parameters import OneOf, Parameter


@dataclass(frozen=True, slots=True)
class Topic:
    """One page: its address, the section of the menu it stands in, its icon.

    state, texts: pages of one name hold their settings, and what was typed, together; without
    a name a page has its own. model: whether its links name a model. defaults: parameter that
    it shares with others → what holds here when the address does not say. spoken: language →
    what a first visit in it finds instead: an example in it. parameters: its own.
    views: its parts, of which one is open at a time; the first, when the address does not say.
    chapter: whether it is a stop of the journey: numbered on the home page, and the next page of
    the one before it.
    """

    slug: str
    section: str
    icon: str
    state: str = ""
    texts: str = ""
    model: bool = True
    defaults: Mapping[str, Any] = field(default_factory=dict)
    spoken: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    parameters: tuple[Parameter, ...] = ()
    views: tuple[str, ...] = ()
    chapter: bool = True

    def __post_init__(self) -> None:
        for name in ("defaults", "spoken"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def file(self) -> str:
        """Its page, from beside the router."""
        return f"{self.slug}/page.py"

    @property
    def own(self) -> tuple[Parameter, ...]:
        """The parameters that no other page knows: its own, and which view is open."""
        if not self.views:
            return self.parameters
        return (Parameter("view", OneOf(*self.views), self.views[0]), *self.parameters)


_known: dict[str, Topic] = {}


def introduce(topics: Iterable[Topic]) -> None:
    """Make topics known to all that stands below the registry, in their order."""
    _known.update((topic.slug, topic) for topic in topics)


def topics() -> tuple[Topic, ...]:
    """All that were introduced, in the order of the menu."""
    return tuple(_known.values())


def topic(slug: str) -> Topic:
    """The topic of that address. KeyError: none such."""
    return _known[slug]
