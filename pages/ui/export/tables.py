"""What is on screen as tables of text: of the figures what they show, then the model's arrays."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from pages.ui import presenter
from pages.ui.export import drawn, files
from pages.ui.text import notation, t
from viz.board.theme import theme
from viz.export import readout, tables
from viz.export.tables import HeadedTable

MOST = 60  # arrays that are listed beside the figures' own tables; CSV has all


def reply(at: int) -> dict[str, Any]:
    """Names of all tables, and one of them as the browser shows it. at: its place among them; any
    other is the first.

    NothingThere: no figure and no array is on screen.
    """
    now = drawn.all_drawn()
    makers = [partial(tables.cut, one) for one in of_figures(now)]
    names = [make.args[0].name for make in makers]
    for one in files.arrays(now)[:MOST]:
        given = (one.name, one.values, one.labels, notation())
        names.append(tables.called(one.name, one.values.shape))
        makers.append(partial(tables.array, *given))
    if not makers:
        raise files.NothingThere("no table")
    at = at if 0 <= at < len(makers) else 0
    shown = {"table": _sent(makers[at](), now)}
    return {"tables": tables.apart(names), "at": at, **shown}


def of_figures(now: drawn.Drawn) -> tuple[HeadedTable, ...]:
    """What its figures show, whole."""
    words = {name: t(f"takealong.{name}") for name in ("figure", "place", "curve", "written")}
    shown = theme(st.context.theme.type, clear=presenter.on())
    saying = readout.Saying(notation=notation(), theme=shown, names=now.names, **words)
    return readout.tables(now.figures, saying)


def _sent(table: HeadedTable, now: drawn.Drawn) -> dict[str, Any]:
    rows, columns = len(table.rows), max(len(cells) for _, cells in table.rows)
    note = ""
    if (rows, columns) != table.whole:
        counts = dict(zip(("all_rows", "all_columns"), table.whole, strict=True))
        note = t("takealong.cut", rows=rows, columns=columns, **counts)
    return {
        "name": table.name,
        "caption": [line for line in (now.now, now.source) if line],
        "corner": table.corner,
        "columns": table.columns,
        "rows": table.rows,
        "note": note,
    }
