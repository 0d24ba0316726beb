"""The positions page in both languages: every view, its controls, and links that ask too much."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from models.catalog import load
from models.core import encodings
from models.positions.learned import learned
from models.positions.rotary import Moved, moved
from models.positions.schemes import of_head, recorded
from models.positions.shuffle import shuffled
from pages.positions import schemes
from pages.positions.shared import VIEWS
from pages.ui.text import LANGUAGES, catalogue
from tests.models import tiny
from tests.pages.visiting import address, charts, healthy, html, kept, said, visit
from viz.board.notation import Notation

BOTH = pytest.mark.parametrize("language", LANGUAGES)
EN = catalogue("en")
NUMBERS = {"en": Notation("."), "tr": Notation(",")}
TEXT = "I am a Robot"


def fine(at: AppTest) -> None:
    healthy(at)
    # What changes may lie on top of what does not.
    assert len([one for one in charts(at) if not one.endswith("-now") and one != "pairs"]) == 1
    assert "class='provenance'" in html(at)
    assert "class='bad'" not in html(at)


def bold(at: AppTest) -> list[float]:
    """The results of all formulas, in order."""
    values = " ".join(str(formula.value) for formula in at.latex).replace("{,}", ".")
    found = re.findall(r"\\mathbf\{((?:[^{}]|\{[^{}]*\})*)\}", values)
    return [float(re.sub(r"\\cdot 10\^\{(.*)\}", r"e\1", n).replace(" ", "")) for n in found]


@BOTH
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_by_its_link(view: str, language: str) -> None:
    at = visit("positions", view=view, lang=language)
    fine(at)
    assert not said(at)
    words = catalogue(language)
    assert at.title[0].value == words["positions.title"]
    assert words[f"positions.{view}"] in html(at)
    assert address(at).get("view", "table") == view


def test_the_first_visit_shows_the_lessons_table_and_says_so() -> None:
    at = visit("positions", lang="en")
    fine(at)
    assert EN["positions.lesson"] in html(at)
    assert bold(at) == [0.0]
    assert address(at) == {"lang": "en"}
    assert bold(visit("positions", step="6")) == [0.0998]


def test_the_arrow_buttons_walk_the_whole_table_and_every_number_is_the_formulas() -> None:
    at = visit("positions", step="0")
    for step in range(16):
        pos, dim = divmod(step, 4)
        value = (np.cos if dim % 2 else np.sin)(pos / 100 ** ((dim - dim % 2) / 4))
        assert bold(at) == pytest.approx([value], abs=5.1e-5)
        if step < 15:
            at.button(key="next").click().run()
    assert at.button(key="next").disabled
    fine(at)


def test_another_width_or_sentence_keeps_the_chosen_cell_where_it_can() -> None:
    at = visit("positions", step="6")
    at.number_input(key="d").set_value(8).run()
    fine(at)
    assert address(at)["step"] == "10"  # still the word "am", dimension 2
    at.text_input(key="text").set_value("one").run()
    fine(at)
    assert address(at)["step"] == "2"
    assert not said(at)
    assert EN["positions.computed"] in html(at)


@pytest.mark.parametrize("pos", [0, 37, 63])
def test_every_waves_number_is_the_tables(pos: int) -> None:
    at = visit("positions", view="waves", pos=str(pos), dims="3 40", base="500", width="48")
    fine(at)
    table = encodings.sinusoidal(64, 48, 500)
    assert bold(at) == pytest.approx(table[pos, [3, 40]], abs=5.1e-5)
    assert at.multiselect(key="dims-control").value == [3, 40]
    at.multiselect(key="dims-control").set_value([7]).run()
    fine(at)
    assert address(at)["dims"] == "7"


def test_products_are_walked_by_distance_and_depend_on_it_alone() -> None:
    seen = set()
    for pos in (0, 20):
        at = visit("positions", view="distances", pos=str(pos), offset="7")
        fine(at)
        seen.add(bold(at)[0])
        at.button(key="next").click().run()
        fine(at)
        assert address(at)["offset"] == "8"
    assert len(seen) == 1
    table = encodings.sinusoidal(64, 64)
    assert seen.pop() == pytest.approx(float(table[3] @ table[10]), abs=5.1e-5)
    at = visit("positions", view="distances", pos="60", offset="3")
    assert at.button(key="next").disabled


def test_the_shift_is_right_for_the_chosen_pair() -> None:
    at = visit("positions", view="shift", pos="5", offset="3", dim="2")
    fine(at)
    assert bold(at) == pytest.approx([np.sin(8 / 10)], abs=5.1e-5)
    assert "✓" in html(at)


@pytest.mark.parametrize("model", ["minilm", "gpt-mini"])
def test_a_learned_tables_cosine_is_the_weights(model: str) -> None:
    at = visit("positions", view="learned", model=model, pos="3", offset="9")
    fine(at)
    table = learned(model).table.astype(np.float64)
    a, b = table[3], table[12]
    cosine = a @ b / np.linalg.norm(a) / np.linalg.norm(b)
    assert bold(at) == pytest.approx([cosine], abs=5.1e-5)
    cosines = table[:64] / np.linalg.norm(table[:64], axis=1, keepdims=True)
    cosines = cosines @ cosines.T
    spread = max(np.ptp(np.diagonal(cosines, k)) for k in range(64))
    assert f"<b>{spread:.3f}</b>" in html(at)


@pytest.mark.parametrize(
    ("model", "view", "code", "language"),
    [
        ("translator", "learned", "fixed_positions", "tr"),
        ("lstm", "learned", "no_positions", "en"),
        ("memory-attention", "ways", "fixed_positions", "en"),
        ("lstm", "shuffle", "no_positions", "tr"),
    ],
)
def test_a_model_without_a_table_is_answered_in_a_sentence(
    model: str, view: str, code: str, language: str
) -> None:
    at = visit("positions", view=view, model=model, lang=language)
    fine(at)
    start, end = catalogue(language)[f"error.{code}"].split("{model}")
    assert len(said(at)) == 1
    shown = kept(language, "model", model="all-MiniLM-L6-v2")
    assert said(at)[0].endswith(end.format(kept=shown))
    assert start in said(at)[0]


@pytest.mark.parametrize(
    ("way", "model"),
    [
        ("all", "minilm"),
        ("sinusoid", "gpt-mini"),
        ("rope", "minilm"),
        ("alibi", "gpt-mini"),
        ("t5", "minilm"),
    ],
)
def test_each_ways_sum_is_its_matrix_cell(way: str, model: str) -> None:
    at = visit(
        "positions", view="ways", way=way, model=model, layer="1", head="2", query="4", key="1"
    )
    fine(at)
    found = of_head(recorded(model, TEXT), 1, 2)
    cell = 4, 1
    expected = [found.content[cell]]
    expected += [found.scores(name)[cell] for name in ("sinusoid", "rope", "alibi", "t5")]
    assert bold(at)[: len(expected)] == pytest.approx(expected, abs=5.1e-4)
    assert "dot whatif" in html(at)
    assert "✓" in html(at)


def test_a_masked_cell_is_said_to_be_one() -> None:
    at = visit("positions", view="ways", model="gpt-mini", query="1", key="4")
    fine(at)
    assert EN["positions.masked"] in html(at)


def test_keys_are_walked_by_the_buttons() -> None:
    at = visit("positions", view="ways", query="4", key="0")
    for key in range(1, 6):
        at.button(key="next").click().run()
        fine(at)
        assert address(at)["key"] == str(key)
    assert at.button(key="next").disabled


@pytest.mark.parametrize("model", ["minilm", "gpt-mini"])
def test_the_shuffles_differences_are_the_models(model: str) -> None:
    at = visit("positions", view="shuffle", model=model, text="the old dog saw", query="2")
    fine(at)
    found = shuffled(model, "the old dog saw", 0)
    off, on = (part.differences[2] for part in (found.off, found.on))
    assert bold(at) == pytest.approx([off, on], rel=0.06, abs=5.1e-5 if on > 1e-3 else 0)
    words = "causal" if found.causal else "set"
    assert EN[f"positions.{words}"] in html(at)
    assert (EN["positions.follows"] in html(at)) == (not found.causal)
    assert EN["positions.follows_not"] in html(at)


def test_shuffling_again_draws_another_order() -> None:
    at = visit("positions", view="shuffle", text="the old dog saw a cat")
    before = html(at)
    at.button(key="again").click().run()
    fine(at)
    assert address(at)["seed"] == "1"
    assert html(at) != before


@pytest.mark.parametrize(
    ("view", "text", "words"),
    [
        ("table", "   ", "error.empty_text"),
        ("ways", "\u200b\u200f", "error.empty_text"),
        ("shuffle", "   ", "error.empty_text"),
        ("table", "x" * 10_001, "error.too_many_characters"),
    ],
    ids=["spaces", "invisible", "nothing to shuffle", "endless"],
)
def test_what_cannot_be_shown_is_said_and_a_picture_stays(view: str, text: str, words: str) -> None:
    at = visit("positions", view=view, text=text)
    fine(at)
    limits = {"length": 10_001, "limit": 10_000, "kept": kept()}
    assert EN[words].format(**limits) in said(at)


def test_more_words_than_positions_can_be_cut() -> None:
    at = visit("positions", text="w " * 600)
    fine(at)
    assert EN["error.text_too_long"].format(length=600, limit=512, kept=kept()) in said(at)
    at.button(key="cut-offer").click().run()
    fine(at)
    assert EN["frame.cut"].format(count=512) in said(at)


@pytest.mark.parametrize(
    ("view", "text"),
    [
        ("table", "😀 🤖 <script>alert(1)</script> <img src=x onerror=1>"),
        ("table", "مرحبا $\\frac{ #%&_^~"),
        ("ways", "<script>alert(1)</script> $\\frac{"),
        ("shuffle", "مرحبا <img src=x onerror=1> 😀"),
    ],
)
def test_hostile_sentences_are_text(view: str, text: str) -> None:
    at = visit("positions", view=view, text=text, step="1")
    fine(at)
    assert "<script" not in html(at)
    assert "<img" not in html(at)


@pytest.mark.parametrize(
    "link",
    [
        {"d": "5"},
        {"d": "999"},
        {"n": "0"},
        {"n": "1"},
        {"step": "99"},
        {"view": "waves", "length": "0"},
        {"view": "waves", "width": "7"},
        {"view": "waves", "dims": "x"},
        {"view": "waves", "dims": "1 2 3 4 5 6"},
        {"view": "waves", "dims": "64"},
        {"view": "waves", "pos": "64"},
        {"view": "distances", "length": "513"},
        {"view": "distances", "offset": "999"},
        {"view": "shift", "dim": "9"},
        {"view": "learned", "length": "1"},
        {"view": "ways", "layer": "77"},
        {"view": "ways", "head": "77"},
        {"view": "ways", "key": "77"},
        {"view": "shuffle", "query": "77"},
        {"view": "shuffle", "model": "no such model"},
        {"way": "<b>"},
        {"base": "1.5"},
        {"view": "positions"},
    ],
    ids=str,
)
def test_a_link_that_asks_too_much_is_answered_in_a_sentence(link: dict[str, str]) -> None:
    at = visit("positions", **link)
    fine(at)
    assert len(said(at)) == 1


def test_a_table_longer_than_the_models_is_shown_as_far_as_it_goes() -> None:
    at = visit("positions", view="learned", model="gpt-mini", length="100")
    fine(at)
    assert len(said(at)) == 1
    assert "64" in said(at)[0]


def test_the_views_of_other_pages_are_none_here_and_the_other_way_round() -> None:
    fine(visit("positions", view="recall"))
    healthy(visit("heads", view="ways", text="Dogs run"))


def test_turkish_numbers_have_a_comma() -> None:
    pages = (html(visit("positions", lang="tr", view=view)) for view in VIEWS)
    page = re.sub("<style>.*?</style>", "", "".join(pages), flags=re.DOTALL)
    assert re.search(r">[^<]*\d,\d[^<]*<", page)
    assert not re.search(r">[^<]*\d\.(?!\d{3}\b)\d[^<]*<", page)


CELL = {"layer": "1", "head": "2", "query": "4", "key": "1"}


def rotary_lines(at: AppTest, language: str, name: str, found: Moved) -> list[bool]:
    """For each line that checks RoPE whether it is the one of this model with these numbers."""
    words, numbers = catalogue(language)["positions.rotary"], NUMBERS[language]
    expected = words.format(
        model=name,
        by=found.by,
        turned=numbers.fixed(found.turned),
        largest=numbers.fixed(found.largest),
        changed=numbers.scientific(found.changed),
    )
    lines = re.findall("<p class='hint'>(.*?)</p>", html(at))
    end = re.escape(words.partition("{model}")[2].partition("{by}")[0])
    return [unescape(line) == expected for line in lines if re.search(end, unescape(line))]


@BOTH
@pytest.mark.parametrize("way", ["all", "rope", "alibi"])
def test_rope_is_checked_in_a_model_that_was_built_with_it(way: str, language: str) -> None:
    at = visit("positions", view="ways", way=way, lang=language)
    fine(at)
    found = moved(None, range(len(of_head(recorded("minilm", TEXT), 0, 0).q)), 180)
    name = catalogue(language)["positions.rotary_built"]
    assert rotary_lines(at, language, name, found) == ([] if way == "alibi" else [True])
    assert found.changed < 1e-5 < 1 < found.turned


def test_the_trained_rotary_model_is_a_press_away_where_it_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DIKKAT_WITHOUT", "smollm2")
    at = visit("positions", view="ways")
    assert "rotary" not in {one.key for one in at.button}
    monkeypatch.setattr(schemes, "_ROTARY", "bert-mini")  # stands for it: another that is there
    at = visit("positions", view="ways")
    at.button(key="rotary").click().run()
    fine(at)
    assert address(at)["model"] == "bert-mini"


@BOTH
def test_a_visitors_own_rotary_model_is_opened_and_checked(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schemes, "_ROTARY", "bert-mini")  # one that is there
    folder = str(tiny.save("llama", tmp_path))
    at = visit("positions", view="ways", way="rope", model=folder, lang=language, **CELL)
    fine(at)
    assert not said(at)
    assert "rotary" not in {one.key for one in at.button}  # this one is trained with it
    loaded = load(folder)
    ids = loaded.encode(TEXT).ids
    found = moved(loaded, ids, 64 - len(ids))
    assert rotary_lines(at, language, Path(folder).name, found) == [True]
    assert bold(at)[0] == pytest.approx(
        of_head(recorded(loaded, TEXT), 1, 2).content[4, 1], abs=5.1e-4
    )
