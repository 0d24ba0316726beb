"""The measured figures of the chosen head, as bars, with the rule by which they are taken."""

from __future__ import annotations

from models.heads.metrics import HeadFigures
from models.trace import AttentionBlock, AttentionTrace
from pages.ui import selection, symbols
from pages.ui.text import notation, t
from viz.board.markup import template
from viz.board.tokens import special_names
from viz.tables.bars import measured

_TABLE = template("{{ table }}<p class='hint'>{{ rule }}</p>")


def table(trace: AttentionTrace, block: AttentionBlock, head: int) -> None:
    """The head's measured figures as small bars, with the rule by which they are taken."""
    figures = selection.figures(trace, block.kind)[block.layer][head]
    names = special_names(trace, block.kind)
    rule = t("heads.figures_note_plain")
    if trace.padding and block.kind != "decoder":
        rule = t(
            "heads.figures_note_frames" if block.kind == "encoder" else "heads.figures_note_words"
        )
    elif names:
        rule = t("heads.figures_note", names=", ".join(names))
    symbols.show(_TABLE(table=measured(_rows(figures, names), notation()), rule=rule))


def _rows(figures: HeadFigures, names: list[str]) -> list[tuple[str, float, float | None]]:
    """(words, value, share of a full bar) of every figure that this head has; None: no bar."""
    # One name at both ends of the text would read as one figure told twice.
    same = len(names) == 1 and figures.first is not None and figures.separator is not None
    rows = []
    for name in ("previous", "own", "next", "first", "separator", "entropy", "distance"):
        value = getattr(figures, name)
        if value is None:
            continue
        token = names[:1] if name == "first" else names[1:] or names
        key = f"{name}_same" if same and name in ("first", "separator") else name
        words = t(f"heads.figure.{key}", name=", ".join(token))
        rows.append((words, value, None if name == "distance" else value))
    return rows
