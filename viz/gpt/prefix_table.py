"""Every head's prefix matching as a table, the ink the stronger the higher the score. HTML."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from models.trace import Floats
from viz.board.markup import Safe, template
from viz.board.notation import Notation

_WIDE = 8  # heads in a row whose scores have room for three digits
_MOST = 8  # layers that have room beside the picture
_TABLE = template(
    "<div class='prefix'><b>{{ name }}</b><table><tr><th>{{ corner }}</th>"
    "{% for head in heads %}<th>{{ head }}</th>{% endfor %}</tr>"
    "{% for layer, cells in rows %}<tr><th>{{ layer }}</th>"
    "{% for best, share, ink, score, measured in cells %}<td{% if best %} class='best'{% endif %} "
    "style='background:color-mix(in srgb,var(--weight) {{ share }}%,transparent);"
    "color:var(--{{ ink }})'>{{ score }}"
    "{% if measured %}<small>{{ measured }}</small>{% endif %}</td>{% endfor %}</tr>{% endfor %}"
    "</table>{% if rest %}<p class='hint'>{{ rest }}</p>{% endif %}</div>"
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


def prefix_table(
    found: Scores, corner: str, notation: Notation, rest: Callable[[int, str], str]
) -> Safe:
    """Layers × heads, the measured score below the live one. corner: what the axes are.

    Of many layers those with the highest scores; rest: says how many the others are, and the
    highest score among them.
    """
    highest = [float(max(layer)) for layer in found.scores]
    ranked = sorted(range(len(highest)), key=highest.__getitem__, reverse=True)
    shown, others = sorted(ranked[:_MOST]), ranked[_MOST:]
    heads = range(len(found.scores[0]))
    digits = 3 if len(heads) <= _WIDE else 2

    def cell(layer: int, head: int) -> tuple[bool, str, str, str, str]:
        score = float(found.scores[layer][head])
        share = 100 * min(max(score, 0.0), 1.0)
        told = "" if found.trained is None else notation.fixed(found.trained[layer][head], 3)
        ink = "page" if share > 50 else "ink"
        written = notation.fixed(score, digits)
        return (layer, head) == found.best, f"{share:.0f}", ink, written, told

    rows = [(layer, [cell(layer, head) for head in heads]) for layer in shown]
    left = rest(len(others), notation.fixed(highest[others[0]], digits)) if others else ""
    return _TABLE(name=found.name, corner=corner, heads=heads, rows=rows, rest=left)
