"""One name in three trees: a view has its figure and its numbers under the same name."""

from __future__ import annotations

import pytest

from pages.registry import ORDER
from tests.test_layout import ROOT

# What a topic's folder in pages holds beside its views: parts that several views of it share.
PARTS = {
    "home/cards": "the journey, pictures drawn by tools/cards.py",
    "home/ways": "links: no numbers",
    "home/questions": "links: no numbers",
    "home/lectures": "links: no numbers",
    "lstm/panels": "the places of all its pictures",
    "heads/eager": "a line below the page's provenance",
    "heads/figures": "a table beside every picture of a head",
    "heads/other_side": "what is compared with, and its controls",
    "scores/clicks": "what a click on any step chooses",
    "positions/shared": "the controls of all its views",
    "neuron/shared": "the controls of all its views",
    "words/shared": "the tables and controls of all its views",
    "translator/controls": "what is recorded, and its controls",
    "translator/playback": "the clock",
    "translator/diagram": "the stages as buttons: no numbers",
    "bert/shared": "the controls and provenance of all its views",
    "gpt/controls": "what is written, and its controls",
    "cost/shared": "the controls of all its views",
    "glossary/terms": "the list itself: no numbers",
    "vision/picture": "which digit is looked at",
    "vision/pad": "where one draws: no numbers",
    "vision/given": "the visitor's file, and what stands beside every view of it",
}
# Views whose figure or numbers other topics have, too, and that lie in what they share.
FIGURES_ELSEWHERE = {
    "lstm/units": "viz/tables/units.py",
    "heads/sound": "viz/board/grid.py",
    "heads/bertviz": "viz/bertviz/page.py",
    "scores/sums": "viz/steps/formulas.py",
    "scores/by_hand": "viz/steps/figure.py",
    "gpt/mask": "viz/steps/figure.py",
    "translator/next_words": "viz/tables/next_words.py",
    "positions/learned": "viz/positions/distances.py",
    "positions/sinusoid": "viz/positions/table.py",
}
NUMBERS_ELSEWHERE = {
    "lstm/cell": "models/core/cell.py",
    "heads/bertviz": "models/trace.py",
    "scores/sums": "models/core/attention.py",
    "gpt/mask": "models/trace.py",
    "gpt/sampling": "models/core/sampling.py",
    "translator/next_words": "models/translator/steps.py",
    "translator/stages": "models/translator/blocks.py",
    "positions/sinusoid": "models/core/encodings.py",
    "seq2seq/step": "models/seq2seq/trace.py",
    "seq2seq/context_vector": "models/seq2seq/trace.py",
    "vision/attention": "models/vision/digit.py",
    "vision/rollout": "models/core/rollout.py",
    "vision/overview": "models/trace.py",
    "vision/window_overview": "models/vision/window_trace.py",
    "vision/own_rollout": "models/core/rollout.py",
}
FILES = {
    f"{topic}/{path.stem}"
    for topic in ORDER
    for path in (ROOT / "pages" / topic).glob("*.py")
    if path.stem not in ("__init__", "page")
}
VIEWS = sorted(FILES - PARTS.keys())


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    ("tree", "elsewhere"), [("viz", FIGURES_ELSEWHERE), ("models", NUMBERS_ELSEWHERE)]
)
def test_a_view_bears_one_name_in_all_trees(
    view: str, tree: str, elsewhere: dict[str, str]
) -> None:
    own = ROOT / tree / f"{view}.py"
    if view in elsewhere:
        assert not own.exists(), "an exception that nothing needs any more"
        assert (ROOT / elsewhere[view]).is_file()
    else:
        assert own.is_file() or own.with_name(f"{own.stem}_formulas.py").is_file()


def test_every_exception_is_a_file_of_a_page() -> None:
    assert PARTS.keys() | FIGURES_ELSEWHERE.keys() | NUMBERS_ELSEWHERE.keys() <= FILES
