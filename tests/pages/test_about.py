"""What a page says of its model is what was measured."""

from __future__ import annotations

import json
from html import escape

import pytest

from models.measured import CHECKPOINTS
from models.memory.gradients import NETWORKS
from pages.ui.text import LANGUAGES, catalogue
from tests.pages.visiting import healthy, html, visit
from viz.board.notation import Notation

RECURRENT = {
    "lstm": ("lstm", "rnn"),
    "memory": tuple(NETWORKS.values()),
    "seq2seq": ("seq2seq", "seq2seq-fixed"),
}


def measured(model: str) -> dict[str, dict[str, float]]:
    """quality and baselines as the checkpoint's evaluation wrote them."""
    found = json.loads((CHECKPOINTS / model / "metrics.json").read_text("utf-8"))
    return {"this": found["quality"], **found["baselines"]}


@pytest.mark.parametrize(("language", "decimal"), [("en", "."), ("tr", ",")])
def test_a_shipped_models_figures_stand_beside_their_baselines(language: str, decimal: str) -> None:
    at = visit("heads", model="induction", text="abcabc", lang=language)
    healthy(at)
    metrics = json.loads((CHECKPOINTS / "induction" / "metrics.json").read_text("utf-8"))
    write, words = Notation(decimal), catalogue(language)
    name, value = "prefix_matching", metrics["quality"]["prefix_matching"]
    plain = metrics["baselines"]["untrained"][name]
    figure, untrained = words[f"quality.{name}"], words["baseline.untrained"]
    shown = f"{write.fixed(value, 3)} ({untrained}: {write.fixed(plain, 3)})"
    assert f"{figure}: {shown}" in html(at)
    for name, value in metrics["quality"].items():
        number = write.small(value, 3) if value <= 1 else write.fixed(value)
        row = f"<td>{words[f'quality.{name}']}</td><td><b>{escape(number)}</b></td>"
        assert row in html(at)


def test_a_model_that_nobody_measured_says_so() -> None:
    at = visit("heads")
    healthy(at)
    assert catalogue("en")["about.unmeasured"] in html(at)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", RECURRENT)
def test_a_page_tells_every_figure_of_each_of_its_models(page: str, language: str) -> None:
    at = visit(page, lang=language)
    healthy(at)
    write, words = Notation("," if language == "tr" else "."), catalogue(language)
    for model in RECURRENT[page]:
        figures = measured(model)
        for name in figures["this"]:
            found = (column.get(name) for column in figures.values())
            cells = [
                "" if one is None else write.small(one, 3) if one <= 1 else write.fixed(one)
                for one in found
            ]
            own, *others = map(escape, cells)
            row = f"<td>{words[f'quality.{name}']}</td><td><b>{own}</b></td>"
            assert row + "".join(f"<td>{cell}</td>" for cell in others) in html(at)


@pytest.mark.parametrize(("language", "decimal"), [("en", "."), ("tr", ",")])
def test_the_gates_page_says_beside_its_numbers_how_often_the_verb_is_right(
    language: str, decimal: str
) -> None:
    figures, words = measured("lstm"), catalogue(language)
    name = f"agreement_{language}_3"
    own, untrained = (Notation(decimal).fixed(figures[of][name], 3) for of in ("this", "untrained"))
    line = f"{escape(words[f'quality.{name}'])}: {own} ({words['baseline.untrained']}: "
    assert f"{line}{untrained})" in html(visit("lstm", lang=language))


@pytest.mark.parametrize(("language", "decimal"), [("en", "."), ("tr", ",")])
@pytest.mark.parametrize(("view", "shown"), [("gradients", NETWORKS), ("exploding", ("rnn",))])
def test_the_memory_page_says_how_often_the_networks_that_it_shows_are_right(
    view: str, shown: tuple[str, ...], language: str, decimal: str
) -> None:
    write, words = Notation(decimal), catalogue(language)
    figures = {name: measured(NETWORKS[name]) for name in shown}
    told = ", ".join(
        f"{words[f'memory.figure.{name}']} {write.fixed(found['this']['accuracy_100'], 3)}"
        for name, found in figures.items()
    )
    chance = write.fixed(figures["rnn"]["chance"]["accuracy_100"], 3)
    line = f"{words['quality.accuracy_100']}: {told} ({words['baseline.chance']}: {chance})"
    assert line in html(visit("memory", view=view, text="CABH?", lang=language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("page", "model", "figure"),
    [
        ("gpt", "gpt-mini", "nats_{}"),
        ("heads", "gpt-mini", "nats_{}"),
        ("lstm", "lstm", "agreement_{}_3"),
        ("bert", "bert-mini", "masked_{}"),
    ],
)
def test_of_a_model_of_two_languages_the_visitors_own_figure_is_told(
    page: str, model: str, figure: str, language: str
) -> None:
    more = {"view": "mask"} if page == "bert" else {}
    at = visit(page, lang=language, model=model, **more)
    healthy(at)
    (line, *_) = (one for one in html(at).split("<p ") if one.startswith("class='provenance'")
               or one.startswith('class="provenance"'))  # fmt: skip
    name = figure.format(language)
    value = Notation("," if language == "tr" else ".").fixed
    told = f"{catalogue(language)[f'quality.{name}']}: "
    assert told in line
    rest = line.split(told)[1]
    own = measured(model)["this"][name]
    assert rest.startswith((value(own, 3), value(own)))
