"""The gates page with the real models: both languages, every control, every bad input."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from models.architectures.recurrent_lm import RecurrentConfig, RecurrentLM
from models.catalog import CATALOG, load
from models.lstm.record import run
from models.lstm.units import measured
from models.lstm.verb_forms import forms
from models.measured import CHECKPOINTS
from models.recording.ranking import probabilities
from models.training import symbols
from pages.lstm import panels
from pages.lstm.units import BREAKS, COMPARED, EXAMPLES, PARTNERS
from pages.registry import topic
from pages.ui import text
from tests.pages.visiting import address, charts, healthy, html, said, spied, tables, visit
from tests.present import present
from tests.viz.sentences import quoted

DEFAULTS = topic("lstm").defaults
SENTENCE = DEFAULTS["text"]
STEP = 8  # "saw": the verb of the clause; a link without a version stands there
WORDS = [*SENTENCE.removesuffix(".").split(), "."]
LONG = " ".join(WORDS * 25)
BAD_LINKS = (
    ("layer", "3", "error.out_of_range", "controls.layer"),
    ("unit", "48", "error.out_of_range", "controls.unit"),
    ("step", "12", "error.out_of_range", "controls.step"),
    ("unit", "-1", "error.address", None),
    ("silence", "all", "error.address", None),
    ("order", "beauty", "error.address", None),
    ("property", "gender", "error.address", None),
    ("gate", "q", "error.address", None),
)


def sentence(language: str, key: str, **values: object) -> str:
    return text.catalogue(language)[key].format(**values)


def shown_words(at: AppTest) -> list[str]:
    """The words above the maps, from left to right, without our own markup."""
    found = []
    for trace in charts(at)["gates"]["data"]:
        if trace.get("mode") == "text":
            parts = zip(trace["x"], trace["y"], trace["text"], strict=True)
            found += [(x, word) for x, y, word in parts if y < 30 and x > 134]
    return [re.sub(r"<[^>]*>|[\u2068\u2069]", "", word) for _, word in sorted(found)]


@pytest.fixture(scope="module")
def both_ways(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a stacked network that reads in both directions."""
    folder = tmp_path_factory.mktemp("both")
    torch.manual_seed(0)
    config = RecurrentConfig(
        vocab_size=10, embedding_size=6, hidden_size=5, num_hidden_layers=2, bidirectional=True
    )
    RecurrentLM(config).save_pretrained(folder)
    symbols.without_spaces("ABCDEFGH?").save_pretrained(folder)
    return folder


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_the_page_is_whole_before_anybody_touches_anything(language: str) -> None:
    at = visit("lstm", lang=language)
    healthy(at)
    assert not said(at)
    assert at.title[0].value == sentence(language, "lstm.title")
    assert charts(at).keys() == {"gates", "cell", "rnn"}
    own = topic("lstm").spoken.get(language, {}).get("text", SENTENCE)
    assert shown_words(at) == [*own.removesuffix(".").split(), "."]
    assert sentence(language, "origin.live") in html(at)
    assert re.search(r"✓ [^<]*torch\.nn\.LSTM[^<]*10⁻[⁶⁷⁸]", html(at))
    comma = "{,}" if language == "tr" else "."
    assert len(at.latex) == 1
    assert comma in at.latex[0].value
    assert address(at).keys() <= {"lang"}


def test_the_bars_are_the_models_own_next_words() -> None:
    at = visit("lstm", step=str(STEP))
    trace = run("lstm", SENTENCE)
    assert trace.logits is not None
    shares = probabilities(trace.logits[STEP])
    names = load("lstm").tokenizer.convert_ids_to_tokens(list(range(len(shares))))
    rows = re.findall(r"class='word'>(?:→ )?<bdi>(.*?)</bdi>.*?class='value'>(.*?)</td>", html(at))
    assert len(rows) >= 7
    for word, value in rows[:4]:
        assert float(value) == pytest.approx(shares[names.index(word)], abs=0.00051)
    assert rows[0][0] == names[int(shares.argmax())]


def next_shares(model: str, step: int, text: str = SENTENCE) -> dict[str, float]:
    """word → its probability after that step, by the model's own scores."""
    trace = run(model, text)
    assert trace.logits is not None
    names = load(model).tokenizer.convert_ids_to_tokens(list(range(trace.logits.shape[1])))
    return dict(zip(names, probabilities(trace.logits[step]), strict=True))


def number(shown: str) -> float:
    """A probability as the page writes it; of a tiny one at most its bound."""
    return float(shown.removeprefix("< "))


def test_the_word_that_the_text_goes_on_with_is_marked_and_no_other() -> None:
    rows = tables(visit("lstm", step=str(STEP)), "next")[0]
    following = WORDS[STEP + 1]
    assert [word for word, *_ in rows if word.startswith("→ ")] == [f"→ {following}"]
    last = tables(visit("lstm", step=str(len(WORDS) - 1)), "next")[0]
    assert not [word for word, *_ in last if word.startswith("→ ")]


def test_verbs_of_either_number_have_what_all_their_words_have() -> None:
    shares = next_shares("lstm", STEP)
    for name, verbs in forms().items():
        if name not in ("singular", "plural"):
            continue
        words = re.escape(sentence("en", f"lstm.verbs.{name}"))
        shown = re.search(f"{words} <b>(.*?)</b>", html(visit("lstm", step=str(STEP))))
        assert shown is not None
        assert number(shown[1]) == pytest.approx(sum(shares[verb] for verb in verbs), abs=0.00051)


@pytest.mark.parametrize("silence", ["unit", "best"])
def test_a_silenced_unit_is_a_what_if_with_before_and_after(silence: str) -> None:
    at = visit("lstm", silence=silence, step=str(STEP))
    healthy(at)
    best = [(0, one.unit) for one in present(measured("lstm"))["number"].layers[0]]
    off = best[:1] if silence == "unit" else best[:4]
    trace = run("lstm", SENTENCE, silenced=off)
    assert trace.logits is not None
    shares = probabilities(trace.logits[STEP])
    names = load("lstm").tokenizer.convert_ids_to_tokens(list(range(len(shares))))
    value = "class='value'>(.*?)</td>"
    rows = re.findall(f"class='word'>(?:→ )?<bdi>(.*?)</bdi>.*?{value}.*?{value}", html(at))
    for word, _, after in rows[:4]:
        assert float(after) == pytest.approx(shares[names.index(word)], abs=0.00051)
    assert sentence("en", "origin.whatif") in html(at)
    units = ", ".join(str(unit) for _, unit in sorted(off))
    assert sentence("en", "lstm.badge", units=units) in html(at)


def test_steps_are_taken_by_the_buttons_and_end_with_the_text() -> None:
    at = visit("lstm", step="0")
    assert at.button(key="previous").disabled
    for step in range(1, len(WORDS)):
        at.button(key="next").click().run()
        assert at.session_state["step"] == step
        assert f">{quoted(WORDS[step])}</bdi>" in html(at)
    healthy(at)
    assert at.button(key="next").disabled


def test_the_slider_stands_at_the_step_even_where_words_repeat() -> None:
    at = visit("lstm", step="6")
    assert WORDS.count(WORDS[6]) > 1
    assert at.select_slider(key="step").value == 6
    options = at.select_slider(key="step").options
    assert len(set(options)) == len(options) == len(WORDS)
    assert options[6].endswith(WORDS[6])
    at.select_slider(key="step").set_value(3).run()
    healthy(at)
    assert f">{WORDS[3]}</bdi>" in html(at)
    assert at.session_state["step"] == 3


def test_every_number_opens_to_its_terms() -> None:
    for gate in "figo":
        at = visit("lstm", gate=gate)
        healthy(at)
        assert rf"w_{gate}" in at.latex[0].value
        assert sentence("en", "lstm.figure.rest", n=29) in at.latex[0].value
    at.toggle(key="all").set_value(True).run()
    healthy(at)
    rows = at.latex[0].value
    assert rows.count(r"\cdot") == 32 + 48 + 2
    assert "other" not in rows
    before = at.latex[1].value
    at.toggle(key="exact").set_value(True).run()
    assert len(at.latex[1].value) > len(before)


def told(model: str, name: str) -> dict[str, Any]:
    """What the file beside the weights says of a property."""
    found = json.loads((CHECKPOINTS / model / "units.json").read_text("utf-8"))
    return dict(found["properties"][name])


def test_units_are_ordered_as_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = spied(monkeypatch, panels, "gate_maps")
    orders = {}
    for order in ("index", "similarity", "property"):
        healthy(visit("lstm", order=order, property="depth"))
        orders[order] = list(drawn[-1][0].order)
    units = range(CATALOG["lstm"].width)
    assert orders["index"] == list(units)
    r = {one["unit"]: one["test"] for one in told("lstm", "depth")["layers"][0]}
    assert orders["property"] == sorted(units, key=lambda unit: -r[unit])
    states = run("lstm", SENTENCE).layers[0].c
    assert states is not None
    near = np.asarray(np.corrcoef(states.astype(np.float64).T))
    for place, (unit, below) in enumerate(
        zip(orders["similarity"], orders["similarity"][1:], strict=False), 1
    ):
        assert near[unit, below] == pytest.approx(near[unit, orders["similarity"][place:]].max())


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_closest_followers_stand_first_whatever_their_sign(name: str) -> None:
    at = visit("lstm", property=name)
    shown = [button.key for button in at.button if (button.key or "").startswith("find-")]
    ranked = sorted(told("lstm", name)["layers"][0], key=lambda one: -abs(one["validation"]))
    assert shown == [f"find-0-{one['unit']}" for one in ranked[: len(shown)]]
    assert len(shown) == 6
    bars = re.findall("<div class='follows'>.*?<b>(.*?)</b>", html(at))
    assert bars == [f"{one['test']:+.2f}".replace("-", "−") for one in ranked[:6]]


def test_the_table_says_what_was_measured_with_each_set_of_units_silenced() -> None:
    heads, *rows = tables(visit("lstm"), "broken")[-1]
    sets = [tuple(map(int, re.findall(r"\d+", head.split(", which")[0]))) for head in heads[2:]]
    found = {tuple(u for _, u in one["units"]): one for one in told("lstm", "number")["silenced"]}
    assert set(sets) == set(found)
    assert heads[2:] == sorted(heads[2:], key=lambda head: ("which" in head, len(head)))
    quality = CATALOG["lstm"].quality
    assert quality is not None
    for between, (_, trained, *silenced) in enumerate(rows):
        figure = f"agreement_en_{between}"
        assert trained == f"{quality[figure]:.3f}"
        assert silenced == [f"{found[units][figure]:.3f}" for units in sets]
        least = [f"{one[figure]:.3f}" for one in found.values() if one["which"] == "least"]
        assert silenced[-1:] == least
    assert len(rows) == 4


@pytest.mark.parametrize("name", sorted(EXAMPLES))
@pytest.mark.parametrize("model", ["lstm", "rnn"])
def test_the_unit_is_found_chosen_and_shown_on_a_fitting_sentence(name: str, model: str) -> None:
    at = visit("lstm", property=name, model=model)
    healthy(at)
    first = present(measured(model))[name].layers[0][0]
    at.button(key=f"find-0-{first.unit}").click().run()
    assert at.session_state["unit"] == first.unit
    assert f"{abs(first.r):.2f}" in html(at)
    assert f"{present(measured(model))[name].untrained:.2f}" in html(at)
    at.button(key="example").click().run()
    healthy(at)
    assert not said(at)
    typed, step = EXAMPLES[name]
    assert at.session_state["text"] == typed
    assert at.session_state["step"] == step
    quality = CATALOG[model].quality or {}
    for one in present(measured(model))[name].silenced:
        for figure in set(re.findall(r"lstm\.broken\.(\w+)", "\n".join(text.catalogue("en")))):
            assert figure in quality
            assert figure in one.figures


def test_an_rnn_shows_h_alone() -> None:
    at = visit("lstm", model="rnn", unit="3")
    healthy(at)
    assert charts(at).keys() == {"gates", "cell"}
    maps = [t for t in charts(at)["gates"]["data"] if t["type"] == "heatmap"]
    assert len(maps) == 3  # all units, the chosen one, the colour bar
    assert r"\tanh" in at.latex[0].value
    assert "torch.nn.RNN" in html(at)
    opened = visit("lstm", model="rnn", unit="3", gate="h")
    healthy(opened)


def test_the_plain_rnn_beside_reads_the_same_words() -> None:
    at = visit("lstm", step=str(STEP))
    shares = [next_shares(model, STEP) for model in ("lstm", PARTNERS["lstm"])]
    heads, *rows = tables(at, "next")[1]
    assert heads[1:] == [sentence("en", f"model.{model}") for model in ("lstm", "rnn")]
    for word, _, ours, _, theirs in rows:
        for shown, own in zip((ours, theirs), shares, strict=True):
            assert number(shown) == pytest.approx(own[word.removeprefix("→ ")], abs=0.00051)
    heads, *rows = tables(at, "broken")[0]
    assert heads[1:] == [sentence("en", f"model.{model}") for model in ("lstm", "rnn")]
    figures = [CATALOG[model].quality or {} for model in ("lstm", "rnn")]
    names = {sentence("en", f"lstm.compared.{name}"): name for name in COMPARED}
    assert [row[0] for row in rows] == list(names)
    for words_of_row, *values in rows:
        assert values == [f"{one[names[words_of_row]]:.3f}" for one in figures]
    words = [t for t in charts(at)["rnn"]["data"] if t.get("mode") == "text"]
    assert any("saw" in word for t in words for word in t["text"])


def test_a_bidirectional_stacked_network_is_drawn_and_predicts_nothing(both_ways: Path) -> None:
    folder = str(both_ways)
    at = visit("lstm", model=folder, text="ABCDEFG", layer="1", unit="7", step="2")
    healthy(at)
    assert not said(at)
    assert html(at).count("← 5 units") == 2
    assert "layer now" in html(at)
    assert sentence("en", "lstm.now.backwards") in html(at)
    assert sentence("en", "lstm.no_prediction") in html(at)
    assert "class='word'" not in html(at)
    assert "t+1" in at.latex[0].value
    below = visit("lstm", model=folder, text="ABCDEFG", layer="0", unit="1", step="6")
    healthy(below)
    assert "t-1" in below.latex[0].value


@pytest.mark.parametrize(("name", "stays"), [("number", True), ("depth", False)])
def test_it_says_where_one_unit_alone_changes_nothing(name: str, stays: bool) -> None:
    at = visit("lstm", property=name)
    (alone,) = (
        one for one in told("lstm", name)["silenced"]
        if one["which"] == "best" and len(one["units"]) == 1
    )  # fmt: skip
    quality = CATALOG["lstm"].quality or {}
    shown = [n for n in quality if n in BREAKS[name]]
    largest = max(abs(alone[n] - quality[n]) / quality[n] for n in shown)
    assert (largest < 0.02) == stays
    unit = alone["units"][0][1]
    assert (sentence("en", "lstm.alone", unit=unit, percent=2) in html(at)) == stays
