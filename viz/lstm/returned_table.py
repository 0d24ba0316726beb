"""What torch and Keras call what a recurrent network hands out, and its shapes: HTML."""

from __future__ import annotations

from collections.abc import Mapping

from models.lstm.returned import Returned
from viz.board.markup import Safe, template
from viz.board.notation import Notation

_TABLE = template(
    "<table class='about'><tr>{% for word in heads %}<th>{{ word }}</th>{% endfor %}</tr>"
    "{% for name, shape, value in rows %}<tr><td><code>{{ name }}</code></td>"
    "<td><code>{{ shape }}</code></td><td><b>{{ value }}</b></td></tr>{% endfor %}</table>"
)


def in_torch(found: Returned, step: int, unit: int, labels: Mapping[str, str], n: Notation) -> Safe:
    """output, h_n, c_n: their shapes, and one unit's number in each, of the last layer's forward
    direction. labels: name, shape, number."""
    row = len(found.h) - found.directions
    last = f"({len(found.h)}, {found.units})"
    shape = f"({found.steps}, {found.output.shape[1]})"
    rows = [
        (f"output[{step}]", shape, n.fixed(float(found.part(row)[step, unit]))),
        (f"h_n[{row}]", last, n.fixed(float(found.h_n[row, unit]))),
    ]
    if found.c_n is not None:
        rows.append((f"c_n[{row}]", last, n.fixed(float(found.c_n[row, unit]))))
    return _TABLE(heads=[labels["name"], labels["shape"], labels["number"]], rows=rows)


def in_keras(found: Returned, step: int, unit: int, labels: Mapping[str, str], n: Notation) -> Safe:
    """Keras's last layer: by default the last h; all by return_sequences, states by return_state.

    labels: name, shape, number, plain.
    """
    row = len(found.h) - found.directions
    wide, kinds = found.output.shape[1], 1 if found.c_n is None else 2
    value = n.fixed(float(found.h_n[row, unit]))
    states = f"{kinds * found.directions} × ({found.units},)"
    rows = [
        (labels["plain"], f"({wide},)", value),
        (
            "return_sequences=True",
            f"({found.steps}, {wide})",
            n.fixed(float(found.part(row)[step, unit])),
        ),
        ("return_state=True", f"({wide},) + {states}", value),
    ]
    return _TABLE(heads=[labels["name"], labels["shape"], labels["number"]], rows=rows)
