"""The adapter's training: the new order by its rule, and a card that says what was measured."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from models.grammar.grammar import derivations, generate
from models.grammar.verb_last import CONSTRUCTIONS, pairs, reordered
from models.measured import ADAPTERS
from models.training import cards, evaluate, harness, low_rank, registry, verb_last

FOLDER = ADAPTERS / "verb-last"
METRICS = json.loads((FOLDER / "metrics.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("turkish", "english"),
    [
        ("O sokağa gitti.", "She to the street went."),
        ("Parkta gülecekler.", "They in the park will laugh."),
        ("Bıçakları almadın mı?", "Did you the knives not buy?"),
        ("Kim iki yorgun kedi yıkayacak?", "Who two tired cats will wash?"),
    ],
)
def test_the_verb_and_what_belongs_to_it_go_last(turkish: str, english: str) -> None:
    assert reordered(derivations(turkish, "tr")[0]).target == english


def test_reordering_keeps_every_word_and_its_links() -> None:
    plain = (p for p in generate(7) if p.features["construction"] in CONSTRUCTIONS)
    for pair, moved in zip(islice(plain, 200), pairs(7), strict=False):
        assert sorted(pair.target_words) == sorted(moved.target_words)
        assert moved.target_words[-1] == pair.target_words[-1]
        linked = [{(p.target_words[t], s) for t, s in p.alignment} for p in (pair, moved)]
        assert linked[0] == linked[1]
        assert (moved.features["moved"] == "yes") == (pair.target != moved.target)


def test_a_sentence_without_one_main_verb_is_refused() -> None:
    happy = derivations("Sen mutlusun.", "tr")[0]
    with pytest.raises(ValueError, match="no one main verb"):
        reordered(happy)


def test_the_card_says_what_was_measured_and_every_figure_is_reached() -> None:
    plan = registry.plan("verb-last")
    assert (FOLDER / "README.md").read_text("utf-8") == cards.card(plan, METRICS)
    assert METRICS["sha256"] == evaluate.sha256(FOLDER / "model.safetensors")
    assert METRICS["shape"] == low_rank.shape(FOLDER)
    assert METRICS["quality"].keys() == plan.figures.keys()
    assert all(plan.figures[name].reached(v) for name, v in METRICS["quality"].items())
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 400_000


@pytest.mark.slow
def test_the_figures_hold_on_a_fresh_sample() -> None:
    plan = registry.plan("verb-last")
    quality = plan.measure(FOLDER, 4321).quality
    for name, figure in plan.figures.items():
        assert abs(quality[name] - METRICS["quality"][name]) <= figure.margin, name


@pytest.mark.slow
def test_training_moves_the_update_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verb_last, "PAIRS", 500)
    verb_last._rows.cache_clear()
    plan = registry.plan("verb-last")
    few = replace(plan.recipe, steps=20, warmup=2, curve_every=10, save_every=20)
    fitted = harness.fit(replace(plan, recipe=few), 0, tmp_path / "a")
    verb_last._rows.cache_clear()
    start = dict(low_rank.build().named_parameters())
    moved = {n for n, p in fitted.model.named_parameters() if not p.equal(start[n])}
    assert moved
    assert all(name.endswith((".a", ".b")) for name in moved)
    assert fitted.progress.curve[-1][1] < fitted.progress.curve[0][1]
