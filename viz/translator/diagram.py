"""A translator's architecture, as the component beside this file draws it: stages as boxes.

Words come from the caller; the component writes them as text, never as HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from viz.board.notation import shortened, visible
from viz.translator.stage_names import STAGES, Stage
from viz.translator.stages import ENCODER, Stepping

_HERE = Path(__file__).parent
_LONGEST = 16  # characters of the words at either end
_INSIDE = {"encoder": 4, "decoder": 6}  # boxes in a layer


def script() -> str:
    """The diagram's JavaScript, one module."""
    return (_HERE / "diagram.js").read_text(encoding="utf-8")


def style() -> str:
    """The diagram's CSS."""
    return (_HERE / "diagram.css").read_text(encoding="utf-8")


def payload(stepping: Stepping, labels: Mapping[str, str]) -> dict[str, Any]:
    """What the component draws. labels: a word for each stage, encoder, decoder, times (n)."""
    trace = stepping.trace
    begin = shortened(visible(trace.text), _LONGEST)
    decoder = [stage for stage in STAGES if stage not in ENCODER]
    return {
        "now": stepping.stage,
        "names": {side: labels[f"side_{side}"] for side in ("encoder", "decoder")},
        "encoder": _side("encoder", ENCODER, len(trace.encoder), begin, labels),
        "decoder": _side("decoder", decoder, len(trace.decoder), _end(stepping), labels),
        "writes": shortened(visible(stepping.word), _LONGEST),
    }


def _side(
    side: str, stages: Sequence[Stage], layers: int, reads: str, labels: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "reads": reads,
        "boxes": [{"id": stage, "label": labels[stage]} for stage in stages],
        "inside": _INSIDE[side],
        "times": labels["times"].format(n=layers),
    }


def _end(stepping: Stepping) -> str:
    """What has been read so far, its end; at first the start token."""
    pieces = (stepping.trace.attention.target_tokens or ())[1 : stepping.step + 1]
    said = visible("".join(pieces).replace("▁", " ").strip()) if pieces else stepping.read
    return said if len(said) <= _LONGEST else "…" + said[1 - _LONGEST :]
