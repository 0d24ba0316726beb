"""How large BertViz's views come out: its own fixed sizes, and the zoom that makes them legible.

BertViz draws in pixels that suit a notebook (13 and 15 px type). The page enlarges that
drawing as a whole, so everything here is in BertViz's pixels until it is zoomed.
"""

from __future__ import annotations

from typing import Literal

from models.trace import AttentionTrace, Kind

View = Literal["head", "model"]

# Beyond these BertViz's one SVG line a weight takes seconds to draw.
HEAD_VIEW_TOKENS = 64
MODEL_VIEW_TOKENS = 32
LIMITS: dict[View, int] = {"head": HEAD_VIEW_TOKENS, "model": MODEL_VIEW_TOKENS}

# Constants of BertViz 1.4.1's head_view.js …
_HEAD_ROW, _HEAD_TOP, _HEAD_WIDTH, _HEAD_SQUARE = 22.5, 30, 335, 20
# … and of its model_view.js.
_MODEL_WIDTH, _MODEL_AXIS, _DETAIL_ROW, _DETAIL_FRAME = 970, 38, 18, 55
_USUAL_HEADS = 12

# Room beside the head view for tokens longer than BertViz's boxes.
MARGIN_LEFT, MARGIN_RIGHT = 48, 48
# Ours, unzoomed: padding of the card, the row of controls, and the notes.
_PADDING, _CONTROLS, MODEL_NOTES, _HEAD_NOTES = 16, 56, 108, 420
_GOOD_HEIGHT = 800
_PAGE_WIDTH = 1700


def longest(trace: AttentionTrace) -> int:
    """Tokens on the longer side of any of the trace's matrices: what the limits count."""
    return max((max(map(len, trace.axes(kind))) for kind in trace.kinds), default=0)


def check(trace: AttentionTrace, view: View) -> None:
    """ValueError: nothing to draw, or more tokens than the view can be used with."""
    if not trace.kinds:
        raise ValueError(f"the trace of {trace.model_id} holds no attention")
    if longest(trace) > LIMITS[view]:
        raise ValueError(
            f"{longest(trace)} tokens: BertViz's {view} view takes at most {LIMITS[view]} here"
        )


def height(trace: AttentionTrace, view: View) -> int:
    """CSS pixels that the document needs at about 1700 px width; enough for each kind."""
    drawing = max((_drawn(trace, kind, view) for kind in trace.kinds), default=0.0)
    drawing *= zoom(trace, view)
    below = _CONTROLS + 2 * _PADDING
    if view == "model":
        return round(drawing + below + MODEL_NOTES)
    return round(max(drawing, _HEAD_NOTES) + below)


def width(trace: AttentionTrace, view: View) -> int:
    """How wide the drawing is, in BertViz's pixels."""
    if view == "model":
        return _MODEL_WIDTH
    squares = max(trace.layers(kind)[0].heads for kind in trace.kinds) * _HEAD_SQUARE
    return MARGIN_LEFT + max(_HEAD_WIDTH + MARGIN_RIGHT, squares)


def zoom(trace: AttentionTrace, view: View) -> float:
    """How much the page enlarges BertViz's drawing."""
    if view == "model":
        return (_PAGE_WIDTH - 2 * _PADDING) / _MODEL_WIDTH
    drawing = max(_drawn(trace, kind, view) for kind in trace.kinds)
    return min(max(_GOOD_HEIGHT / drawing, 1.2), 1.9)


def head_slots(trace: AttentionTrace, kind: Kind) -> int:
    """For how many heads the model view divides its width (its `total_heads`).

    BertViz makes pictures larger the fewer heads there are, past any screen with two or
    four. So a model with few heads leaves slots free until the whole fits one screen.
    """
    heads = trace.layers(kind)[0].heads
    for slots in range(heads, _USUAL_HEADS):
        if _model_drawn(trace, kind, slots) * zoom(trace, "model") <= _GOOD_HEIGHT:
            return slots
    return max(heads, _USUAL_HEADS)


def _drawn(trace: AttentionTrace, kind: Kind, view: View) -> float:
    """Height of one kind's drawing, in BertViz's pixels."""
    if view == "model":
        return _model_drawn(trace, kind, head_slots(trace, kind))
    return max(map(len, trace.axes(kind))) * _HEAD_ROW + _HEAD_TOP


def _model_drawn(trace: AttentionTrace, kind: Kind, slots: int) -> float:
    tokens = max(map(len, trace.axes(kind)))
    thumbnail = tokens * 7 * _USUAL_HEADS / slots + 10
    detail = tokens * _DETAIL_ROW + _DETAIL_FRAME
    return max(len(trace.layers(kind)) * thumbnail + _MODEL_AXIS, detail)
