"""One row of a softmax as it is listed: its exponentials, the keys with a row, eˢ as written."""

from __future__ import annotations

import numpy as np

from models.trace import Floats
from viz.board.notation import Notation

MOST_ROWS = 16


def written(e: float, notation: Notation) -> str:
    """eˢ for a column: two decimals, fewer when it is large, "< 0.01" when it would read as 0."""
    return notation.small(e, 2) if e < 1000 else notation.significant(e)


def shown_keys(
    weights: Floats, chosen: int, hidden: frozenset[int] = frozenset(), most: int = MOST_ROWS
) -> list[int]:
    """All keys that are not hidden, or of many the strongest and the chosen, in sentence order."""
    open_keys = [int(j) for j in np.argsort(-weights, kind="stable") if int(j) not in hidden]
    if len(open_keys) <= most:
        return sorted(open_keys)
    return sorted({*open_keys[: most - 1], chosen})
