"""The training loop: it learns, it resumes to the same bits, and it draws what it did."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from torch import Tensor, nn

from models.training import curve, harness
from models.training.optimizers import optimizers
from models.training.plan import About, Figure, Measured, Plan, Recipe

RECIPE = Recipe(
    steps=60, batch=16, learning_rate=0.02, warmup=5, seeds=(3, 4), curve_every=5, save_every=20
)


def build() -> nn.Module:
    inner = nn.Sequential(nn.Linear(16, 16), nn.Tanh())  # "2.0.weight": in a numbered layer
    return nn.Sequential(nn.Linear(4, 16), nn.Dropout(0.2), inner, nn.Linear(16, 1))


def loss(model: nn.Module, draws: torch.Generator) -> Tensor:
    x = torch.randn(16, 4, generator=draws)
    error: Tensor = ((model(x)[:, 0] - x.sum(1)) ** 2).mean()
    return error


def plan(recipe: Recipe = RECIPE) -> Plan:
    about = About("what", "data", "results", "limits")
    return Plan(
        "tiny",
        recipe,
        about,
        {},
        build,
        loss,
        lambda models, folder: None,
        lambda f, s: Measured({}),
    )


def weights(model: nn.Module) -> Tensor:
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def test_the_loss_falls(tmp_path: Path) -> None:
    points = harness.fit(plan(), 0, tmp_path / "a").progress.curve
    assert [step for step, _ in points] == list(range(5, 61, 5))
    assert points[-1][1] < 0.5 * points[0][1]


@pytest.mark.parametrize("muon", [False, True])
@pytest.mark.parametrize("interruptions", [(20,), (7,), (33, 41)])
def test_an_interrupted_training_ends_bit_for_bit_as_one_in_one_go(
    tmp_path: Path, interruptions: tuple[int, ...], muon: bool
) -> None:
    some = plan(replace(RECIPE, muon=muon))
    whole = harness.fit(some, 0, tmp_path / "whole")
    for step in interruptions:
        harness.fit(some, 0, tmp_path / "parts", until=step)
        torch.rand(11)  # whatever else happens in between
    resumed = harness.fit(some, 0, tmp_path / "parts")
    assert torch.equal(weights(whole.model), weights(resumed.model))
    assert whole.progress.curve == resumed.progress.curve


def test_a_resumed_training_does_only_what_is_left(tmp_path: Path) -> None:
    calls = []

    def counted(model: nn.Module, draws: torch.Generator) -> Tensor:
        calls.append(1)
        return loss(model, draws)

    harness.fit(plan(), 0, tmp_path / "a", until=47)
    harness.fit(replace(plan(), loss=counted), 0, tmp_path / "a")
    assert len(calls) == 60 - 40  # the last checkpoint was at 40
    harness.fit(replace(plan(), loss=counted), 0, tmp_path / "a")
    assert len(calls) == 20


def test_each_seed_gives_its_own_model_and_always_the_same(tmp_path: Path) -> None:
    three, again, four = (
        weights(harness.fit(plan(), seed, tmp_path / name).model)
        for name, seed in (("a", 3), ("b", 3), ("c", 4))
    )
    assert torch.equal(three, again)
    assert not torch.equal(three, four)


def test_a_checkpoint_of_another_recipe_is_refused(tmp_path: Path) -> None:
    harness.fit(plan(), 0, tmp_path / "a", until=20)
    with pytest.raises(ValueError, match="another recipe"):
        harness.fit(plan(replace(RECIPE, learning_rate=0.1)), 0, tmp_path / "a")


def test_training_leaves_the_global_random_state_alone(tmp_path: Path) -> None:
    before = torch.get_rng_state()
    harness.fit(plan(), 0, tmp_path / "a", until=20)
    assert torch.equal(torch.get_rng_state(), before)


def test_progress_is_one_safetensors_file_and_no_half_of_it(tmp_path: Path) -> None:
    harness.fit(plan(), 0, tmp_path / "a.safetensors", until=20)
    assert [file.name for file in tmp_path.iterdir()] == ["a.safetensors"]
    with safe_open(tmp_path / "a.safetensors", framework="pt") as stored:
        assert json.loads(stored.metadata()["progress"])["step"] == 20


def test_muon_moves_the_layers_matrices_and_adamw_the_rest() -> None:
    model = build()
    names = {id(p): name for name, p in model.named_parameters()}

    def moved(muon: bool) -> list[set[str]]:
        found = optimizers(model, replace(RECIPE, muon=muon))
        return [{names[id(p)] for p in mover.param_groups[0]["params"]} for mover in found]

    assert moved(False) == [set(names.values())]
    assert moved(True) == [set(names.values()) - {"2.0.weight"}, {"2.0.weight"}]


def test_the_learning_rate_rises_then_falls_to_zero() -> None:
    rates = [harness.rate(RECIPE, step) for step in range(RECIPE.steps + 1)]
    top = rates.index(max(rates))
    assert 0 < rates[0] < rates[1]
    assert RECIPE.warmup - 1 <= top <= RECIPE.warmup
    assert max(rates) == pytest.approx(RECIPE.learning_rate)
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert rates[-1] == pytest.approx(0)


def test_points_must_end_where_checkpoints_do() -> None:
    with pytest.raises(ValueError, match="multiple"):
        Recipe(steps=10, batch=1, curve_every=20, save_every=50)


def test_every_seed_is_saved_and_the_curve_drawn(tmp_path: Path) -> None:
    saved: list[int] = []
    kept = replace(plan(), save=lambda models, folder: saved.append(len(models)))
    harness.train(kept, tmp_path / "out", work=tmp_path / "work", bar=False)
    assert saved == [2]
    assert not list((tmp_path / "work").iterdir())
    notes = json.loads((tmp_path / "out" / "training.json").read_text())
    assert (notes["steps"], notes["seeds"]) == (60, [3, 4])
    assert notes["seconds"] > 0
    assert [points[-1][0] for points in notes["curve"]] == [60, 60]
    drawing = ET.parse(tmp_path / "out" / "curve.svg").getroot()
    lines = [e for e in drawing.iter() if e.tag.endswith("polyline")]
    assert [len(line.attrib["points"].split()) for line in lines] == [12, 12]


def test_a_curve_of_many_points_is_thinned_and_keeps_its_end() -> None:
    points = [(step, 1.0) for step in range(1, 5001)]
    kept = curve.thinned(points)
    assert len(kept) <= 200
    assert kept[-1] == points[-1]
    assert curve.thinned(points[:3]) == points[:3]


def test_a_curve_stays_inside_its_picture() -> None:
    drawing = ET.fromstring(curve.svg([[(10, 4.48), (20, 0.0)], [(20, 7.3)]]))
    for line in (e for e in drawing.iter() if e.tag.endswith("polyline")):
        for place in line.attrib["points"].split():
            x, y = (float(part) for part in place.split(","))
            assert curve.LEFT <= x <= curve.WIDTH
            assert 0 <= y <= curve.HEIGHT - curve.BOTTOM
    with pytest.raises(ValueError, match="points"):
        curve.svg([[]])


@pytest.mark.parametrize(
    ("figure", "value", "reached"),
    [
        (Figure("", 0.1, at_least=0.9), 0.9, True),
        (Figure("", 0.1, at_least=0.9), 0.89, False),
        (Figure("", 0.1, at_most=0.2), 0.21, False),
        (Figure("", 0.1), -5.0, True),
    ],
)
def test_a_bound_is_reached_or_not(figure: Figure, value: float, reached: bool) -> None:
    assert figure.reached(value) is reached
