"""The stages of a Transformer's translation, in the order in which it goes through them."""

from __future__ import annotations

from typing import Literal, get_args

Stage = Literal[
    "source", "encoder", "encoder_norm", "encoder_feed", "encoder_feed_norm",
    "target", "decoder", "decoder_norm", "cross", "cross_norm", "feed", "feed_norm",
    "linear", "softmax",
]  # fmt: skip
STAGES: tuple[Stage, ...] = get_args(Stage)

# All positions of a translation: put in and computed at once, written one by one, or at once and
# with nothing masked.
Phase = Literal["training", "writing", "unmasked"]
PHASES: tuple[Phase, ...] = get_args(Phase)
