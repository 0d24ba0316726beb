"""What a whole forward pass held against transformers' eager attention has come to, as a line."""

from __future__ import annotations

from models.recording.eager import EagerCheck
from pages.ui import frame, lines
from pages.ui.text import t
from viz.board.markup import Safe


def counts(found: EagerCheck) -> dict[str, int]:
    """What a sentence about it counts, of the heads that could be compared."""
    return {"agree": found.agree, "heads": found.compared}


def verdict(words: str, found: EagerCheck) -> None:
    """words: the sentence. A family that hands no weights out is told so.

    Of one that hands out some nothing is said to be right.
    """
    if not found.compared:
        lines.hint(t("heads.eager.none"))
        return
    agrees = found.agree == found.compared and found.output.rounding
    whole = found.compared == found.heads
    sign = lines.sign(found.passed) if whole or not agrees else Safe()
    lines.equal(words, frame.measured(found.weights), sign)
    if not whole:
        lines.hint(t("heads.eager.part", compared=found.compared, heads=found.heads))
