"""Every head's prefix matching as a table, the ink the stronger the higher the score. HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.trace import Floats
from viz.board.markup import Safe, template
from viz.board.notation import Notation

_WIDE = 8  # heads in a row whose scores have room for three digits
_TABLE = template(
    "<div class='prefix'><b>{{ name }}</b><table><tr><th>{{ corner }}</th>"
    "{% for head in heads %}<th>{{ head }}</th>{% endfor %}</tr>"
    "{% for cells in rows %}<tr><th>{{ loop.index0 }}</th>"
    "{% for best, share, ink, score, measured in cells %}<td{% if best %} class='best'{% endif %} "
    "style='background:color-mix(in srgb,var(--weight) {{ share }}%,transparent);"
    "color:var(--{{ ink }})'>{{ score }}"
    "{% if measured %}<small>{{ measured }}</small>{% endif %}</td>{% endfor %}</tr>{% endfor %}"
    "</table></div>"
)


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Of a model by its name: scores, (layer, head), 0 to 1, measured here.

    trained: the same as measured after the training, None: it was not. best: (layer, head).
    """

    name: str
    scores: Sequence[Floats]
    trained: Sequence[Sequence[float]] | None
    best: tuple[int, int]


def prefix_table(found: Scores, corner: str, notation: Notation) -> Safe:
    """Layers × heads, the measured score below the live one. corner: what the axes are."""
    heads = range(len(found.scores[0]))
    digits = 3 if len(heads) <= _WIDE else 2

    def cell(layer: int, head: int) -> tuple[bool, str, str, str, str]:
        score = float(found.scores[layer][head])
        share = 100 * min(max(score, 0.0), 1.0)
        told = "" if found.trained is None else notation.fixed(found.trained[layer][head], 3)
        ink = "page" if share > 50 else "ink"
        written = notation.fixed(score, digits)
        return (layer, head) == found.best, f"{share:.0f}", ink, written, told

    rows = [[cell(layer, head) for head in heads] for layer in range(len(found.scores))]
    return _TABLE(name=found.name, corner=corner, heads=heads, rows=rows)
