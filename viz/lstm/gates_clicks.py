"""What answers a click on the maps of a recurrent layer: points that carry step and unit."""

from __future__ import annotations

from typing import Any

import numpy as np

from viz.board.board import CELLS
from viz.board.notation import for_html, shortened
from viz.lstm.gates_layout import TALL, Maps, overview_box
from viz.lstm.step import Reading

_MOST_ROWS = 16  # of a map that answer clicks each for themselves


def clicks(maps: Maps) -> None:
    """Points over maps, words and the whole text's row: a click chooses step and unit."""
    reading = maps.reading
    places = range(*reading.window)
    across = [(maps.x(at), at, _word(reading, at)) for at in places]
    found: list[tuple[float, float, int, int, str]] = []  # x, y, step, unit, what it says
    for part, box in maps.rows.items():
        rows = [(box.y + box.height * (n + 0.5) / reading.shape[1], n) for n in _clickable(reading)]
        lines = [(y, reading.order[n]) for y, n in rows]
        lines.append((maps.tall[part].y + TALL / 2, reading.unit))
        values = reading.values(part).tolist()
        for y, unit in lines:
            which = f"{maps.style.labels['unit'].format(n=unit)} · <i>{part}</i>"
            for x, at, word in across:
                said = f"{word} · {which} = {maps.style.notation.fixed(values[at][unit], 3)}"
                found.append((x, y, at, unit, said))
    found += [(x, 18, at, reading.unit, word) for x, at, word in across]
    if len(places) < reading.shape[0]:
        box = overview_box(maps)
        pitch, y = box.width / reading.shape[0], box.y + box.height / 2
        found += [
            (box.x + (at + 0.5) * pitch, y, at, reading.unit, _word(reading, at))
            for at in range(reading.shape[0])
        ]
    maps.board.traces.append(_targets(found))


def _clickable(reading: Reading) -> list[int]:
    """Which rows of a map: of more than fit under a finger every so many, and the chosen one."""
    units = reading.shape[1]
    every = -(-units // _MOST_ROWS)
    return sorted({*range(every // 2, units, every), list(reading.order).index(reading.unit)})


def _word(reading: Reading, at: int) -> str:
    return for_html(shortened(reading.words[at], 40))


def _targets(found: list[tuple[float, float, int, int, str]]) -> dict[str, Any]:
    x, y, steps, units, hover = (list(column) for column in zip(*found, strict=True))
    unseen = {"marker": {"opacity": 0}}
    look = {"marker": {"size": 6, "opacity": 0, "symbol": "square"}, "selected": unseen}
    said = {"hovertext": hover, "hovertemplate": "%{hovertext}<extra></extra>"}
    return {
        "type": "scatter",
        "x": np.array(x, np.float32),
        "y": np.array(y, np.float32),
        "mode": "markers",
        "customdata": [list(pair) for pair in zip(steps, units, strict=True)],
        "name": CELLS,
        "unselected": unseen,
        **look,
        **said,
    }
