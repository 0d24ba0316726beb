"""Which pages there are: one row a page, and the only place to add one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One page: its address, its file beside this one, the section of the menu it stands in."""

    slug: str
    file: str
    section: str
    icon: str


PAGES = (
    Row("home", "start/home.py", "start", ":material/home:"),
    Row("heads", "attention/heads.py", "attention", ":material/grid_on:"),
    Row("scores", "attention/scores.py", "attention", ":material/calculate:"),
)


def row(slug: str) -> Row:
    """The page of that address. KeyError: none such."""
    return next(page for page in PAGES if page.slug == slug)
