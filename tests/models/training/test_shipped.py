"""What is shipped is what its card says: figures measured again, and not from any weights."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from models.card import SHIPPED
from models.catalog import CATALOG, card_folder, load
from models.lstm.record import run
from models.measured import CHECKPOINTS
from models.record import record
from models.seq2seq.record import translate
from models.training import bilingual, cards, evaluate, harness, pool, registry
from models.training.plan import Plan
from models.vision import digits
from models.vision.record import record_picture
from tests.closeness import CLOSE

IDS = tuple(registry.MODULES)
FRESH = 4321  # a sample that no card was written from
LARGEST = 6_000_000  # bytes of a folder
# What is typed where attention is recorded, and on which side it is.
READ = {
    "bert-mini": ("Ayşe dün [MASK] bir araba aldı.", "encoder"),
    "gpt-mini": ("Şoför bahçede kitabını unuttu. The cat", "decoder"),
    "induction": ("kedi köpek kedi köpek", "decoder"),
    "induction-1layer": ("kedi köpek kedi köpek", "decoder"),
    "memory-attention": ("CABFEH?", "decoder"),
    "one-head": ("GCHAFDBE?", "decoder"),
    "four-heads": ("GCHAFDBE?", "decoder"),
    "translator": ("Dün Ayşe çocuğa kitabı verdi.", "encoder", "decoder", "cross"),
}
LONG = {"gpt-mini", "bert-mini", "translator", "seq2seq", "seq2seq-fixed", "skipgram"}
SPREAD = [pytest.param(one, marks=[pytest.mark.slow] if one in LONG else []) for one in IDS]
ALLOWED = {".safetensors", ".json", ".md", ".svg"}


def folder(model_id: str) -> Path:
    return CHECKPOINTS / model_id


@cache
def metrics(model_id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder(model_id) / "metrics.json").read_text("utf-8"))
    return found


def broken(plan: Plan, quality: Mapping[str, float]) -> list[str]:
    """Figures that are out of bounds, or further from the card's than they may be."""
    written = metrics(plan.id)["quality"]
    assert quality.keys() == written.keys() == plan.figures.keys()
    return [
        name
        for name, figure in plan.figures.items()
        if not figure.reached(quality[name]) or abs(quality[name] - written[name]) > figure.margin
    ]


def test_everything_trained_here_is_in_the_catalogue() -> None:
    assert SHIPPED.keys() == set(IDS) <= CATALOG.keys()
    assert {p.name for p in CHECKPOINTS.iterdir() if p.is_dir()} == set(IDS)


@pytest.mark.parametrize("model_id", IDS)
def test_a_card_in_the_catalogue_says_what_was_measured(model_id: str) -> None:
    card, written = CATALOG[model_id], metrics(model_id)
    loaded = load(model_id)
    assert loaded.card is card
    assert (card.source, card.quality) == ("shipped", written["quality"])
    assert card.sha256 == evaluate.sha256(card_folder(card) / "model.safetensors")
    assert card.sizes["parameters"] == sum(p.numel() for p in loaded.model.parameters())
    assert card.family == loaded.model.config.model_type


@pytest.mark.parametrize("model_id", IDS)
def test_the_written_card_is_made_of_the_figures(model_id: str) -> None:
    written = (folder(model_id) / "README.md").read_text("utf-8")
    assert written == cards.card(registry.plan(model_id), metrics(model_id))
    assert "missed" not in written


@pytest.mark.parametrize("model_id", SPREAD)
def test_the_figures_hold_on_a_fresh_sample(model_id: str) -> None:
    plan = registry.plan(model_id)
    assert not broken(plan, plan.measure(folder(model_id), FRESH).quality)


@pytest.mark.slow
@pytest.mark.parametrize("model_id", IDS)
def test_the_figures_do_not_hold_for_random_weights(model_id: str, tmp_path: Path) -> None:
    plan = registry.plan(model_id)
    other = Path(shutil.copytree(folder(model_id), tmp_path / model_id))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(9)
        plan.save([plan.build() for _ in plan.recipe.seeds], other)
    assert broken(plan, plan.measure(other, FRESH).quality)


@pytest.fixture
def few_pairs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A tenth of the translators' training pairs: the whole takes a minute to draw."""
    monkeypatch.setattr(pool, "PAIRS", pool.PAIRS // 10)
    monkeypatch.setattr(bilingual, "NATURAL", bilingual.NATURAL // 10)
    monkeypatch.setattr(bilingual, "EACH", bilingual.EACH // 10)
    drawn = (pool.pool, bilingual.pool)
    for one in drawn:
        one.cache_clear()
    yield
    for one in drawn:
        one.cache_clear()


@pytest.mark.usefixtures("few_pairs")
@pytest.mark.parametrize("model_id", SPREAD)
def test_a_few_steps_of_training_lower_the_loss(model_id: str, tmp_path: Path) -> None:
    plan = registry.plan(model_id)
    few = replace(plan.recipe, steps=80, warmup=5, curve_every=20, save_every=80)
    points = harness.fit(replace(plan, recipe=few), 0, tmp_path / "a").progress.curve
    assert points[-1][1] < points[0][1] - 0.01


@pytest.mark.parametrize("model_id", IDS)
def test_a_folder_is_small_and_holds_no_pickle(model_id: str) -> None:
    files = [file for file in folder(model_id).rglob("*") if file.is_file()]
    assert {file.suffix for file in files} <= ALLOWED
    assert sum(file.stat().st_size for file in files) <= LARGEST


@pytest.mark.parametrize("model_id", [i for i in IDS if CATALOG[i].shows == "attention"])
def test_recorded_attention_is_the_models_own(model_id: str) -> None:
    text, *kinds = READ[model_id]
    card, trace = CATALOG[model_id], record(model_id, text, surroundings=True)
    assert trace.kinds == tuple(kinds)
    assert len(trace.blocks) == card.layers + 2 * card.decoder_layers
    assert trace.difference().relative <= CLOSE
    assert all(block.surroundings is not None for block in trace.blocks)


def test_a_pair_through_bert_is_the_models_own() -> None:
    first, second = "Ayşe dün kırmızı bir araba aldı.", "Komşu kırmızı arabayı gördü."
    trace = record("bert-mini", first, text_pair=second, surroundings=True)
    assert trace.tokens.count("[SEP]") == 2
    assert trace.segments == (0,) * 10 + (1,) * 8
    assert trace.difference().relative <= CLOSE


@pytest.mark.parametrize("model_id", [i for i in IDS if CATALOG[i].shows == "recurrent"])
def test_recomputed_states_are_the_models_own(model_id: str) -> None:
    recalls = model_id.startswith("memory")
    trace = run(model_id, "C ABFEH ?" if recalls else "Biz kediyi gördük. ([ ])")
    wanted = "C A B F E H ?" if recalls else "biz kediyi gördük . ( [ ] )"
    assert trace.tokens == tuple(wanted.split())
    assert trace.difference().relative <= CLOSE


@pytest.mark.parametrize("model_id", [i for i in IDS if CATALOG[i].shows == "seq2seq"])
def test_a_recorded_translation_is_the_models_own(model_id: str) -> None:
    trace = translate(model_id, "Öğretmen çocuğa bir kitap verdi.")
    assert trace.tokens[:2] == ("▁Öğretmen", "▁çocuğ")
    assert trace.predicted.tokens[-1] == "</s>"
    assert trace.difference().relative <= CLOSE


def test_recorded_attention_over_a_picture_is_the_models_own() -> None:
    for pixels in digits.split()[1].pixels[:20]:
        trace = record_picture("vit-digits", pixels)
        assert trace.tokens[:3] == ("[CLS]", "0,0", "0,1")
        assert trace.difference().relative <= CLOSE


def test_the_induction_head_goes_on_with_what_a_visitor_types() -> None:
    trace = record("induction", "qz7Ğ!qz7Ğ")
    layer, head = metrics("induction")["detail"]["best_head"]
    weights = trace.block("decoder", layer).weights[head]
    repeated = trace.tokens.index("q", 2)
    for query in range(repeated, len(trace.tokens)):
        assert np.argmax(weights[query]) == query - 5 + 1
