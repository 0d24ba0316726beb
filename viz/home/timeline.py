"""A timeline as an HTML table: a row a kind of model, a column a year, every name a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from viz.board.markup import Safe, template

_TABLE = template(
    "<table class='timeline'><thead><tr><td></td>"
    "{% for year in years %}<th scope='col'>{{ year }}</th>{% endfor %}</tr></thead><tbody>"
    "{% for lane in lanes %}<tr class='{{ lane.kind }}'>"
    "<th scope='row'><b>{{ lane.name }}</b><span>{{ lane.said }}</span></th>"
    "{% for year in years %}<td{% if lane.names[year] %} data-year='{{ year }}'{% endif %}>"
    "{% for one in lane.names[year] %}{% if one.address %}"
    "<a class='{{ 'here' if one.here else 'away' }}' href='{{ one.address }}' target='_self'>"
    "{{ one.name }}{% if one.note %} <small>{{ one.note }}</small>{% endif %}</a>"
    "{% else %}<span class='gone'><s>{{ one.name }}</s> <small>{{ one.note }}</small></span>"
    "{% endif %}"
    "{% endfor %}</td>{% endfor %}</tr>{% endfor %}</tbody></table>"
)


@dataclass(frozen=True, slots=True)
class Name:
    """What stands in a cell. address: where it leads, "": nowhere; here: that model is here."""

    name: str
    address: str = ""
    here: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """A row. kind: its look; said: what such models are for; names: year → what appeared in it."""

    kind: str
    name: str
    said: str
    names: Mapping[int, Sequence[Name]]


def address(page: str, values: Mapping[str, str]) -> str:
    """Another page of the app with its state, from the home page."""
    return f"{page}?{urlencode(values)}"


def timeline(years: Sequence[int], lanes: Sequence[Lane]) -> Safe:
    """years: a column each, from the first on."""
    return _TABLE(years=years, lanes=lanes)
