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
    "<th scope='row'><b>{{ lane.name }}</b><span>{{ lane.said }}</span>"
    "{% if lane.opens %}<small>{{ lane.opens }}</small>{% endif %}</th>"
    "{% for year in years %}<td{% if lane.names[year] %} data-year='{{ year }}'{% endif %}>"
    "{% for one in lane.names[year] %}<div>{% if one.address %}"
    "<a class='{{ 'here' if one.here else 'kind' }}' href='{{ one.address }}' target='_self' "
    "title='{{ one.opens }}'>{{ one.name }}"
    "{% if one.note %} <small>{{ one.note }}</small>{% endif %}</a>"
    "{% else %}<span class='gone'>{{ one.name }} <small>{{ one.note }}</small></span>"
    "{% endif %}{% if one.hub %}"
    "<a class='hub' href='{{ one.hub }}' target='_self' title='{{ one.hub_says }}'>"
    "{{ hub }}</a>{% endif %}</div>"
    "{% endfor %}</td>{% endfor %}</tr>{% endfor %}</tbody></table>"
)


@dataclass(frozen=True, slots=True)
class Name:
    """What stands in a cell.

    address: where it leads, "": nowhere; opens: which model that is, in words; here: it is of the
    family itself; hub, hub_says: a second way, to the publisher's own model, "": none.
    """

    name: str
    address: str = ""
    here: bool = False
    note: str = ""
    opens: str = ""
    hub: str = ""
    hub_says: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """A row. kind: its look; said: what such models are for; names: year → what appeared in it;
    opens: which models of the row are here.
    """

    kind: str
    name: str
    said: str
    names: Mapping[int, Sequence[Name]]
    opens: str = ""


def address(page: str, values: Mapping[str, str]) -> str:
    """Another page of the app with its state, from the home page."""
    return f"{page}?{urlencode(values)}"


def timeline(years: Sequence[int], lanes: Sequence[Lane], hub: str = "") -> Safe:
    """years: a column each, from the first on; hub: the word on every second way."""
    return _TABLE(years=years, lanes=lanes, hub=hub)
