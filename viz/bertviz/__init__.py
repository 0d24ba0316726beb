"""BertViz's own head view and model view of a trace, as documents that need no network.

Not the `bertviz` package itself: that one is only read from, never imported.
"""

from viz.bertviz.layout import HEAD_VIEW_TOKENS, MODEL_VIEW_TOKENS, View, height, longest
from viz.bertviz.page import LABELS, Look, head_view, model_view

__all__ = [
    "HEAD_VIEW_TOKENS",
    "LABELS",
    "MODEL_VIEW_TOKENS",
    "Look",
    "View",
    "head_view",
    "height",
    "longest",
    "model_view",
]
