"""Draws the translation pages' example sentences: ``python -m models.training.examples``.

The first test sentence of a fixed seed that fits each rule; none was in a model's training part.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from models.grammar.grammar import Pair, generate
from models.translation.reference import EXAMPLES, ReferenceAlignment, of_pair

SEED = 3


def _is(shape: str | None, construction: str, fewest: int, most: int) -> Callable[[Pair], bool]:
    """So many Turkish words (the mark not counted), that construction, that shape."""

    def fits(pair: Pair) -> bool:
        said = pair.features.get("construction"), pair.features.get("shape")
        return said == (construction, shape) and fewest <= len(pair.source_words) - 1 <= most

    return fits


RULES: dict[str, Callable[[Pair], bool]] = {
    "crossing": lambda pair: (
        _is("object clause", "statement", 5, 5)(pair)
        and pair.source_tags[0] == "noun"
        and len(pair.target_words) <= 11
    ),
    "plain": _is(None, "statement", 5, 6),
    "subject": _is("subject clause", "statement", 6, 7),
    "possessor": _is("possessor", "statement", 5, 6),
    "question": _is(None, "question", 5, 6),
    "object_first": _is(None, "object first", 3, 4),
    "two": _is(None, "two statements", 8, 9),
    "long": lambda pair: len(pair.source_words) - 1 >= 12,
}


def drawn(seed: int = SEED) -> dict[str, ReferenceAlignment]:
    """The first sentence that each rule takes."""
    found: dict[str, ReferenceAlignment] = {}
    for pair in generate(seed, "test"):
        for name, fits in RULES.items():
            if name not in found and fits(pair):
                found[name] = of_pair(pair)
                break
        if len(found) == len(RULES):
            break
    return {name: found[name] for name in RULES}


def entry(gold: ReferenceAlignment) -> dict[str, object]:
    """A sentence as JSON."""
    return {
        "source": gold.source,
        "target": gold.target,
        "source_words": gold.source_words,
        "target_words": gold.target_words,
        "sure": sorted(gold.sure),
        "possible": sorted(gold.possible),
        "content": sorted(gold.content),
    }


def main() -> None:
    """Write them all."""
    rows = (
        f"{json.dumps(n)}: {json.dumps(entry(g), ensure_ascii=False)}" for n, g in drawn().items()
    )
    EXAMPLES.write_text("{\n" + ",\n".join(rows) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main()
