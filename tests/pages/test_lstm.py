"""The gates page with the real models: both languages, every control, every bad input."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from models.catalog import CATALOG, load
from models.nextword import probabilities
from models.recurrent import run
from models.recurrent_lm import RecurrentConfig, RecurrentLM
from models.training import symbols
from models.units import measured
from pages.registry import row
from pages.ui import text
from pages.ui.units import EXAMPLES, PARTNERS
from tests.pages.visiting import address, charts, healthy, html, said, visit

DEFAULTS = row("lstm").defaults
SENTENCE = DEFAULTS["text"]
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
    assert shown_words(at) == WORDS
    assert sentence(language, "origin.live") in html(at)
    assert re.search(r"✓ [^<]*torch\.nn\.LSTM[^<]*10⁻[⁶⁷⁸]", html(at))
    comma = "{,}" if language == "tr" else "."
    assert len(at.latex) == 1
    assert comma in at.latex[0].value
    assert address(at).keys() <= {"lang"}


def test_the_bars_are_the_models_own_next_words() -> None:
    at = visit("lstm")
    trace = run("lstm", SENTENCE)
    assert trace.logits is not None
    shares = probabilities(trace.logits[DEFAULTS["step"]])
    names = load("lstm").tokenizer.convert_ids_to_tokens(list(range(len(shares))))
    rows = re.findall(r"class='word'>(?:→ )?<bdi>(.*?)</bdi>.*?class='value'>(.*?)</td>", html(at))
    assert len(rows) >= 7
    for word, value in rows[:4]:
        assert float(value) == pytest.approx(shares[names.index(word)], abs=0.00051)
    assert rows[0][0] == names[int(shares.argmax())]


@pytest.mark.parametrize("silence", ["unit", "best"])
def test_a_silenced_unit_is_a_what_if_with_before_and_after(silence: str) -> None:
    at = visit("lstm", silence=silence)
    healthy(at)
    best = [(0, one.unit) for one in measured("lstm")["number"].layers[0]]
    off = best[:1] if silence == "unit" else best[:4]
    trace = run("lstm", SENTENCE, silenced=off)
    assert trace.logits is not None
    shares = probabilities(trace.logits[DEFAULTS["step"]])
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
        assert f"<bdi>{WORDS[step]}</bdi>" in html(at)
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
    assert f"<bdi>{WORDS[3]}</bdi>" in html(at)
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


@pytest.mark.parametrize("order", ["index", "similarity", "property"])
def test_units_are_ordered_as_it_is_asked(order: str) -> None:
    at = visit("lstm", order=order)
    healthy(at)
    points = next(t for t in charts(at)["gates"]["data"] if t.get("name") == "cells")
    assert len(points["hovertext"]) > 500
    others = visit("lstm", order="similarity" if order == "index" else "index")
    assert charts(at)["gates"]["data"][0] != charts(others)["gates"]["data"][0]


@pytest.mark.parametrize("name", sorted(EXAMPLES))
@pytest.mark.parametrize("model", ["lstm", "rnn"])
def test_the_unit_is_found_chosen_and_shown_on_a_fitting_sentence(name: str, model: str) -> None:
    at = visit("lstm", property=name, model=model)
    healthy(at)
    first = measured(model)[name].layers[0][0]
    at.button(key=f"find-0-{first.unit}").click().run()
    assert at.session_state["unit"] == first.unit
    assert f"{abs(first.r):.2f}" in html(at)
    assert f"{measured(model)[name].untrained:.2f}" in html(at)
    at.button(key="example").click().run()
    healthy(at)
    assert not said(at)
    typed, step = EXAMPLES[name]
    assert at.session_state["text"] == typed
    assert at.session_state["step"] == step
    quality = CATALOG[model].quality or {}
    for one in measured(model)[name].silenced:
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
    at = visit("lstm")
    other = run(PARTNERS["lstm"], SENTENCE)
    assert other.logits is not None
    share = probabilities(other.logits[DEFAULTS["step"]]).max()
    assert f"{share:.3f}" in html(at)
    words = [t for t in charts(at)["rnn"]["data"] if t.get("mode") == "text"]
    assert any("saw" in word for t in words for word in t["text"])


def test_a_bidirectional_stacked_network_is_drawn_and_predicts_nothing(both_ways: Path) -> None:
    folder = str(both_ways)
    at = visit("lstm", model=folder, text="ABCDEFG", layer="1", unit="7", step="2")
    healthy(at)
    assert not said(at)
    assert html(at).count("← 5 units") == 2
    assert "layer now" in html(at)
    assert sentence("en", "lstm.reads_back").replace("'", "&#x27;") in html(at)
    assert sentence("en", "lstm.no_prediction") in html(at)
    assert "class='word'" not in html(at)
    assert "t+1" in at.latex[0].value
    below = visit("lstm", model=folder, text="ABCDEFG", layer="0", unit="1", step="6")
    healthy(below)
    assert "t-1" in below.latex[0].value


def test_unknown_words_are_marked_and_counted() -> None:
    at = visit("lstm", text="The zebra that the unicorn saw is tired.")
    healthy(at)
    assert not said(at)
    words = shown_words(at)
    assert "zebra*" in words
    assert "unicorn*" in words
    assert sentence("en", "lstm.unknown", count=2).replace("<", "&lt;").replace(
        ">", "&gt;"
    ) in html(at)


def test_a_long_text_is_read_to_its_end() -> None:
    at = visit("lstm", text=LONG, step="299")
    healthy(at)
    assert len(shown_words(at)) <= 18
    assert shown_words(at)[-1] == "."
    whole = next(t for t in charts(at)["gates"]["data"] if t.get("name") == "cells")
    assert len(whole["hovertext"]) < 3000


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize(("typed", "code"), [("", "empty_text"), ("😀 😀", "only_unknown")])
def test_what_cannot_be_read_is_told_and_the_picture_stays(
    language: str, typed: str, code: str
) -> None:
    at = visit("lstm", lang=language)
    before = charts(at)
    at.text_input(key="text").set_value(typed).run()
    healthy(at)
    assert said(at) == [sentence(language, f"error.{code}")]
    assert charts(at) == before


def test_a_shorter_text_is_shown_at_its_last_word_without_a_word_about_it() -> None:
    at = visit("lstm", step="10")
    at.text_input(key="text").set_value("The cat sleeps.").run()
    healthy(at)
    assert not said(at)
    assert at.session_state["step"] == 3


@pytest.mark.parametrize(("name", "value", "code", "named"), BAD_LINKS)
def test_a_link_to_what_is_not_there_is_told(
    name: str, value: str, code: str, named: str | None
) -> None:
    at = visit("lstm", **{name: value})
    healthy(at)
    (told,) = said(at)
    expected = sentence("en", code, name="…", value=value, last="…").split("…")[0]
    assert expected in told or (named and sentence("en", named) in told)
    assert charts(at).keys() == {"gates", "cell", "rnn"}


def test_a_model_without_recurrence_is_told_and_the_last_one_stays() -> None:
    at = visit("lstm", model="minilm")
    healthy(at)
    assert said(at) == [sentence("en", "error.not_recurrent", family="bert")]
    assert shown_words(at) == WORDS


def test_a_model_of_symbols_gets_symbols_and_words_come_back() -> None:
    at = visit("lstm")
    at.selectbox(key="model").set_value("memory-lstm").run()
    healthy(at)
    assert not said(at)
    assert shown_words(at)[0] == "C"
    assert charts(at).keys() == {"gates", "cell", "rnn"}
    assert sentence("en", "lstm.none_measured") in html(at)
    at.selectbox(key="model").set_value("lstm").run()
    healthy(at)
    assert not said(at)
    assert shown_words(at) == WORDS


@pytest.mark.parametrize(
    "typed", ["<script>window.hacked=1</script> the cat", "the {x} $\\alpha$ cat", "the\tcat\n."]
)
def test_strange_text_is_shown_as_text(typed: str) -> None:
    at = visit("lstm", text=typed, step="0")
    healthy(at)
    assert not said(at)
    own = html(at) + "".join(str(figure) for figure in charts(at).values())
    assert not re.search(r"<(/?script|img|/?a\b)", own)


def test_the_numbers_of_the_sentence_are_the_layers() -> None:
    trace = run("lstm", SENTENCE)
    layer, step, unit = trace.layers[0], DEFAULTS["step"], DEFAULTS["unit"]
    shown = html(visit("lstm")).split("class='said'>")[1].split("</p>")[0]
    found = re.findall(r"<b class='(?:gate|state)_(\w)'>(.*?)</b>", shown)
    assert [part for part, _ in found] == ["f", "c", "i", "g", "o"]
    assert layer.c is not None
    true = {part: float(getattr(layer, part)[step, unit]) for part in "figo"}
    true |= {"c": float(layer.c[step - 1, unit])}
    for part, value in found:
        number = float(value.replace("−", "-").replace(" %", ""))
        scale = 100 if "%" in value else 1
        np.testing.assert_allclose(number / scale, true[part], atol=0.0051)
