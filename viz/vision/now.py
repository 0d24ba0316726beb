"""What the pictures' page shows now, a sentence for each of its views."""

from __future__ import annotations

from collections.abc import Sequence

from models.trace import Floats
from viz.board.sentence import Now, gives, now, percent, say, tinted, token
from viz.board.style import Style
from viz.vision.attention import Asking, Look
from viz.vision.deletion import Removal


def attention(look: Asking, style: Style) -> Now:
    """Whom the chosen token looks at in the picture."""
    query = token(look.tokens[look.query], "q")
    said = gives(style, look.row, query, look.tokens, look.key, own=look.query)
    last = look.key == len(look.row) - 1
    return Now(said, say(style, "attention_last" if last else "attention_then"))


def rollout(
    look: Look, own: Sequence[Floats], products: Sequence[Floats], style: Style, asking: int = 0
) -> Now:
    """What the chosen patch has of a token, in this layer alone and through all before it.

    own, products: as the picture takes them; asking: the token, [CLS].
    """
    return now(
        style,
        "rollout",
        "rollout_last" if look.key == len(look.tokens) - 1 else "rollout_then",
        layer=look.layer,
        query=token(look.tokens[asking], "q"),
        patch=token(look.tokens[look.key], "k"),
        raw=percent(style, float(own[look.layer][look.key])),
        rolled=percent(style, float(products[look.layer][look.key])),
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
