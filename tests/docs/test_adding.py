"""docs/adding.md: its examples, put into a copy of the project, do what it says of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.adding import ROOT, changed, copied, guide, run_in

ADDED = ("A figure", "A page", "A view", "A model", "A family")
SPOKEN = ("en", "tr")
LINK = {"v": "2", "model": "minilm"}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with everything that the guide adds but the language."""
    copy = copied(tmp_path_factory.mktemp("tree"), ADDED)
    trained = copy / "models" / "checkpoints" / "scratch"
    trained.symlink_to(ROOT / "models" / "checkpoints" / "induction")
    return copy


def words_of(tree: Path, language: str) -> dict[str, str]:
    with (tree / "text" / language / "scratch.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id}


def found_in(tree: Path, code: str, *arguments: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(run_in(tree, "-c", code, *arguments).split("FOUND ")[1])
    return found


def test_the_guide_has_a_part_for_whatever_may_come() -> None:
    assert tuple(guide()) == (*ADDED, "A language")
    lines = (ROOT / "docs" / "adding.md").read_text(encoding="utf-8").splitlines()
    assert sum(map(bool, lines)) <= 204  # those that say something


def test_a_page_adds_one_line_to_one_file_that_was_there() -> None:
    blocks = [block for part in ("A figure", "A page") for block in guide()[part]]
    there = [block for block in blocks if (ROOT / block.file).exists()]
    assert [block.file for block in there] == ["pages/registry.py"]
    assert len(re.findall(r"^[+-]", there[0].code, re.M)) == 1


def test_a_change_whose_place_is_gone_is_refused() -> None:
    assert changed("a\nb\n", " a\n+c\n") == "a\nc\nb\n"
    with pytest.raises(AssertionError, match="stands there 0 times"):
        changed("b\n", " a\n+c\n")


OPENED = """
import json, sys
import streamlit as st
from tests.pages.visiting import address, charts, healthy, html, said, visit

menu, navigation = [], st.navigation
def spied(pages, **how):
    menu.append([page.title for found in pages.values() for page in found])
    return navigation(pages, **how)
st.navigation = spied

language = sys.argv[1]
at = visit("scratch", lang=language)
healthy(at)
page = {"title": at.title[0].value, "said": said(at), "html": html(at), "menu": menu[-1],
        "chart": charts(at)["itself"], "sums": len(at.latex), "address": address(at)}
at = visit("scratch", lang=language, view="sum", scratched="2")
healthy(at)
view = {"charts": list(charts(at)), "sum": at.latex[0].value, "address": address(at)}
at.number_input(key="scratched").set_value(3).run()
stepped = {"sum": at.latex[0].value, "address": address(at)}
at = visit("scratch", lang=language, view="sum", scratched="99")
beyond = said(at)
home = visit("home", lang=language)
healthy(home)
other = address(visit("heads", lang=language, scratched="2"))
print("FOUND", json.dumps({"page": page, "view": view, "stepped": stepped, "beyond": beyond,
    "home": html(home), "links": [l.proto.page for l in home.get("page_link")], "other": other}))
"""


@pytest.mark.parametrize("language", SPOKEN)
def test_the_page_and_its_view_open_by_their_links(tree: Path, language: str) -> None:
    found: dict[str, dict[str, object]] = found_in(tree, OPENED, language)  # type: ignore[assignment]
    words, link = words_of(tree, language), {"lang": language, **LINK}
    page, view = found["page"], found["view"]
    chart: dict[str, dict[str, dict[str, str]]] = page["chart"]  # type: ignore[assignment]
    assert page["title"] == words["scratch.title"]
    assert words["nav.scratch"] in page["menu"]  # type: ignore[operator]
    assert not page["said"]
    assert not page["sums"]
    assert page["address"] == {"lang": language}
    assert chart["layout"]["title"]["text"] == words["scratch.figure.itself"]
    assert "class='good'" in str(page["html"])
    assert ".st-key-itself{" in str(page["html"])
    assert not view["charts"]
    assert view["address"] == {**link, "view": "sum", "scratched": "2"}
    assert re.search({"en": r"0\.\d{4} = ", "tr": r"0,\d{4} = "}[language], str(view["sum"]))
    assert found["stepped"]["address"] == {**link, "view": "sum", "scratched": "3"}
    assert found["stepped"]["sum"] != view["sum"]
    assert len(found["beyond"]) == 1
    assert ".st-key-itself{" not in str(found["home"])
    assert words["scratch.card"] in str(found["home"])
    assert "scratch" in found["links"]
    assert found["other"] == {"lang": language}


def test_the_words_that_are_added_are_held_to_the_same_rules(tree: Path) -> None:
    tests = ("tests/pages/test_text.py", "-k", "not placeholders")
    run_in(tree, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", *tests)


TRIED = """
import json, sys
import plotly.graph_objects as go
import transformers
from models.catalog import CATALOG, load
from models.record import record
from tests.models import tiny
from tests.models.projections import projections
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import LIGHT
from viz.scratch.diagonal import bars
from models.scratch.diagonal import diagonal

block = record("minilm", "Dogs chase cats").block("encoder", 0)
shares = diagonal(block, 0)
figure = bars(shares, "abcde", Style(LIGHT, Notation("."), {"itself": "On itself"}))

small = {"vocab_size": 200, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2}
ids = {"pad_token_id": 0, "bos_token_id": 2, "eos_token_id": 3, "cls_token_id": 2}
config = transformers.ModernBertConfig(**small, **ids, sep_token_id=3, num_attention_heads=4)
model = transformers.ModernBertModel(config)
model.save_pretrained(sys.argv[1])
tiny.tokenizer("wordpiece").save_pretrained(sys.argv[1])
modules = dict(model.named_modules())
row = projections(modules, "layers.0.attn")
trace = record(sys.argv[1], "The animal was too tired", surroundings=True)
around = trace.block("encoder", 1).surroundings
apart = abs(around.w_q(around.x) - around.q_before).max()

card = CATALOG["scratch"]
print("FOUND", json.dumps({
    "figure": isinstance(figure, go.Figure), "heights": list(map(float, figure.data[0].y)),
    "shares": [float(block.weights[0, i, i]) for i in range(len(shares))],
    "row": [next(n for n, m in modules.items() if m is one) for one in row],
    "apart": float(apart), "card": [card.title, card.family, card.layers],
    "same": load("scratch").card is card}))
"""


@pytest.fixture(scope="module")
def tried(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a figure, a family and a model of the guide come to, without the app."""
    return found_in(tree, TRIED, str(tmp_path_factory.mktemp("modernbert")))


def test_the_figure_draws_what_was_recorded(tried: dict[str, object]) -> None:
    assert tried["figure"]
    assert len(tried["heights"]) == 5  # type: ignore[arg-type]
    assert tried["heights"] == tried["shares"]


def test_the_family_projects_as_its_row_says_that_it_does_itself(
    tried: dict[str, object],
) -> None:
    fused = "layers.0.attn.Wqkv"
    assert tried["row"] == [fused, fused, fused, "layers.0.attn.Wo"]
    assert float(str(tried["apart"])) < 1e-6


def test_the_model_is_in_the_catalogue_with_its_card(tried: dict[str, object]) -> None:
    assert tried["card"] == ["Scratch", "dikkat_attention_only", 2]
    assert tried["same"]


OFFERED = """
import json
from tests.pages.visiting import healthy, models, visit
at = visit("scratch", lang="tr")
healthy(at)
print("FOUND", json.dumps({"options": models(at)}))
"""

GERMAN = """
import json
from tests.pages.visiting import healthy, html, visit
at = visit("heads", lang="de")
healthy(at)
switch = {button.content for button in at.button_group(key="lang").proto.options}
print("FOUND", json.dumps({"title": at.title[0].value, "html": html(at), "switch": list(switch),
    "try": at.subheader[0].value, "careful": at.subheader[1].value}))
"""


def test_the_model_is_offered_under_its_name(tree: Path) -> None:
    listed = found_in(tree, OFFERED)["options"]["scratch"]  # type: ignore[index]
    assert "Deneme" in listed
    assert "kendisine bakar" in listed


def test_a_third_language_speaks_and_is_english_where_it_is_silent(
    tmp_path: Path,
) -> None:
    found = found_in(copied(tmp_path, ["A language"]), GERMAN)
    assert found["title"] == "Welches Wort schaut auf welches Wort?"
    assert "Deutsch" in found["switch"]  # type: ignore[operator]
    assert found["try"] == "Zum Ausprobieren"
    assert found["careful"] == "Careful"
    assert re.search(r"\b0,\d\d", str(found["html"]))
