"""The pictures' page's sentences: weights, rollout and curves worked out anew."""

from __future__ import annotations

import numpy as np
import pytest

from models.vision import deletion as numbers
from models.vision import digits
from models.vision.digit import see
from tests.viz.sentences import BOTH, per_cent, read, style, told, weights, whom
from viz.vision import now
from viz.vision.attention import Look
from viz.vision.deletion import Curves, Removal
from viz.vision.patches import names

SEEN = see("vit-digits", digits.split()[1].pixels[0])
BLOCKS = SEEN.attention.layers("encoder")
TOKENS = names(17)


@BOTH
@pytest.mark.parametrize(("query", "key"), [(0, 6), (0, 0), (5, 16)])
def test_whom_a_token_looks_at_in_the_picture(query: int, key: int, language: str) -> None:
    look = Look(SEEN, 2, 1, query, key)
    said, then = now.attention(look, style(language, "vision.now"))
    row = weights(BLOCKS[2], 1)[query]
    assert read(said) == whom(language, TOKENS[query], TOKENS, row, key, own=query)
    name = "attention_last" if key == 16 else "attention_then"
    assert read(then) == told(language, f"vision.now.{name}")


@BOTH
@pytest.mark.parametrize("layer", range(len(BLOCKS)))
def test_rollout_is_multiplied_out(layer: int, language: str) -> None:
    key, rolled, own, products = 6, np.eye(17), [], []
    for block in BLOCKS:
        heads = np.mean([weights(block, head) for head in range(block.heads)], axis=0)
        own.append(heads[0])
        rolled = (heads + np.eye(17)) / 2 @ rolled
        products.append(rolled[0])
    from models.core.rollout import of_heads, rollout, with_residual

    drawn = rollout([with_residual(block.weights) for block in BLOCKS])
    rows = [of_heads(block.weights)[0] for block in BLOCKS], [product[0] for product in drawn]
    shown = Look(SEEN, layer, 0, 0, key)
    said = now.rollout(shown, *rows, style(language, "vision.now")).said
    assert read(said) == told(
        language,
        "vision.now.rollout",
        layer=layer,
        query="[CLS]",
        patch=TOKENS[key],
        raw=per_cent(language, float(own[layer][key])),
        rolled=per_cent(language, float(products[layer][key])),
    )


@BOTH
@pytest.mark.parametrize("count", [0, 4, 16])
def test_removed_patches_and_what_the_model_still_says(count: int, language: str) -> None:
    ranked = numbers.shares(SEEN.attention, "rollout", 2, 0)
    from models.catalog import load

    found = numbers.deletion(load("vit-digits"), SEEN, ranked, "paper")
    curves = Curves(found.lines, *found.spread)
    shown = Removal(curves, curves, {}, count, str(found.target), 4)
    said, then = now.deletion(shown, style(language, "vision.now"))
    pixels = numbers.removed(SEEN.pixels, found.orders["most"], "paper")[count]
    share = float(see("vit-digits", pixels).probabilities[found.target])
    values = {"count": count, "named": str(found.target), "share": per_cent(language, share)}
    values["random"] = per_cent(language, float(found.lines["random"][count]))
    name = "deletion" if count else "deletion_whole"
    assert read(said) == told(language, f"vision.now.{name}", **values)
    assert read(then) == told(language, f"vision.now.deletion_{'last' if count == 16 else 'then'}")
