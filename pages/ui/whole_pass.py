"""What a whole forward pass held against transformers' eager attention has come to, as a line."""

from __future__ import annotations

from models.recording.eager import EagerCheck
from pages.ui import frame, lines
from pages.ui.text import t
from viz.board.markup import Safe


def verdict(key: str, found: EagerCheck) -> None:
    """key: of the sentence. A family that hands no weights out is told so.

    Of one that hands out some nothing is said to be right.
    """
    if not found.compared:
        lines.hint(t("heads.eager.none"))
        return
    counts, sign = {"agree": found.agree, "heads": found.heads}, lines.sign(found.passed)
    words = t(key, **counts)
    if found.compared < found.heads:
        words = t("heads.eager.part", compared=found.compared, **counts)
        sign = Safe() if found.agree == found.compared and found.output.rounding else sign
    lines.equal(words, frame.measured(found.weights), sign)
