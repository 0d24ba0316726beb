"""What a whole forward pass held against transformers' eager attention has come to, as a line."""

from __future__ import annotations

from models.recording.eager import EagerCheck
from pages.ui import frame, lines
from pages.ui.text import t


def verdict(words: str, found: EagerCheck) -> None:
    """words: the sentence. A family that hands no weights out is told so."""
    if not found.compared:
        lines.hint(t("heads.eager.none"))
        return
    lines.equal(words, frame.measured(found.weights), lines.sign(found.passed))
