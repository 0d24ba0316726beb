"""The switches of a page: between its parts, and between its sums; one is open at a time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from pages.ui import controls, state


def settled(name: str, options: Sequence[str]) -> str:
    """A parameter's choice among these: the page's default where a link names another page's."""
    if state.get(name) not in options:
        state.put(name, state.default(name))
    return str(state.get(name))


opened = partial(settled, "view")  # the part that is open


def switch(page: str, views: Sequence[str], *, wrap: bool = True) -> None:
    """The row of names. Sentences: page.view above it, page.view.<name> for each."""
    controls.choice("view", f"{page}.view", views, wrap=wrap)


def chosen_sum(page: str, sums: Sequence[str]) -> str:
    """The row of sums, and which is open. Sentences: page.sum, page.sum.<name>."""
    settled("sum", sums)
    return str(controls.choice("sum", f"{page}.sum", sums, label_visibility=controls.HIDDEN))
