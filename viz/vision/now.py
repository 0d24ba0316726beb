"""What the pictures' page shows now, a sentence for each of its views."""

from __future__ import annotations

from viz.board.sentence import Now, gives, now, percent, say, tinted, token
from viz.board.style import Style
from viz.vision.attention import Look
from viz.vision.deletion import Removal
from viz.vision.rollout import Rolled


def attention(look: Look, style: Style) -> Now:
    """Whom the chosen token looks at in the picture."""
    query = token(look.tokens[look.query], "q")
    said = gives(style, look.row, query, look.tokens, look.key, own=look.query)
    last = look.key == len(look.tokens) - 1
    return Now(said, say(style, "attention_last" if last else "attention_then"))


def rollout(rolled: Rolled, style: Style) -> Now:
    """What the chosen patch has of [CLS], in this layer alone and through all before it."""
    return now(
        style,
        "rollout",
        "rollout_last" if rolled.key == len(rolled.tokens) - 1 else "rollout_then",
        layer=rolled.layer,
        query=token(rolled.tokens[0], "q"),
        patch=token(rolled.tokens[rolled.key], "k"),
        raw=percent(style, float(rolled.own[rolled.layer][rolled.key])),
        rolled=percent(style, float(rolled.products[rolled.layer][rolled.key])),
    )


def deletion(removal: Removal, style: Style) -> Now:
    """How sure the model still is with so many patches gone, the most attended and random ones."""
    count, curves = removal.count, removal.live.curves
    share = percent(style, float(curves["most"][count]))
    last = count == len(curves["most"]) - 1
    return now(
        style,
        "deletion" if count else "deletion_whole",
        "deletion_last" if last else "deletion_then",
        count=count,
        named=tinted(removal.named, "output"),
        share=share,
        random=percent(style, float(curves["random"][count]), "muted"),
    )
