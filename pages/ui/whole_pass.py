"""What a whole forward pass held against transformers' eager attention has come to, as a line."""

from __future__ import annotations

from models.recording.eager import EagerCheck
from pages.ui import frame, lines
from pages.ui.text import t
from viz.board.markup import Safe


def counts(found: EagerCheck) -> dict[str, int]:
    """What a sentence about it counts."""
    return {"agree": found.agree, "heads": found.heads}


def verdict(words: str, found: EagerCheck) -> None:
    """words: the sentence. A family that hands no weights out is told so.

    Of one that hands out some nothing is said to be right.
    """
    if not found.compared:
        lines.hint(t("heads.eager.none"))
        return
    sign = lines.sign(found.passed)
    if found.compared < found.heads:
        words = t("heads.eager.part", compared=found.compared, **counts(found))
        sign = Safe() if found.agree == found.compared and found.output.rounding else sign
    lines.equal(words, frame.measured(found.weights), sign)
