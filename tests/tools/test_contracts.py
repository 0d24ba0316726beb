"""The contract between topics sees what breaks it, and only that."""

from __future__ import annotations

import grimp
import pytest

from tests.test_layout import ROOT
from tools.contracts import Topics, topics_of

OPTIONS = {
    "registry": str(ROOT / "pages" / "registry.py"),
    "trees": ["models", "viz", "pages"],
    "above": ["models.recurrent", "models.training"],
}


def broken(*imports: tuple[str, str]) -> list[str]:
    graph = grimp.ImportGraph()
    for importer, imported in imports:
        graph.add_import(importer=importer, imported=imported)
    contract = Topics("topics", {}, OPTIONS)
    found: list[str] = contract.check(graph, verbose=False).metadata["wrong"]
    return found


@pytest.mark.parametrize(
    "wrong",
    [
        ("pages.gpt.mask", "viz.scores.captions"),
        ("viz.bert.between", "viz.heads.view"),
        ("models.gpt.induction", "models.heads.metrics"),
        ("viz.board.panel", "viz.scores.ranges"),
        ("pages.ui.controls", "pages.gpt.controls"),
    ],
)
def test_a_topic_that_is_not_ones_own_is_seen(wrong: tuple[str, str]) -> None:
    assert broken(wrong) == [f"{wrong[0]} -> {wrong[1]}"]


@pytest.mark.parametrize(
    "right",
    [
        ("pages.gpt.mask", "viz.gpt.cache"),
        ("pages.gpt.mask", "viz.steps.figure"),
        ("viz.gpt.cache", "models.gpt.cache"),
        ("models.recurrent", "models.lstm.record"),
        ("models.training.patches", "models.vision.digit"),
        ("pages.ui.selection", "viz.heads.view"),
        ("pages.bert.page", "streamlit"),
    ],
)
def test_what_is_shared_or_ones_own_is_let_through(right: tuple[str, str]) -> None:
    assert not broken(right)


def test_topics_are_read_from_the_registry() -> None:
    from pages.registry import ORDER

    assert topics_of(ROOT / "pages" / "registry.py") == frozenset(ORDER)
