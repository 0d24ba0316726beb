"""Sparse attention on the pages: weights where they are, a sentence where q, k and v are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages.ui import caches, text
from tests.models import tiny
from tests.models.families.measuring import save
from tests.pages.visiting import charts, healthy, html, kept, said, visit

TEXT = "the animal was too tired to cross the street"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Checkpoint folders, written once; Longformer's is of a classifier, with a global token."""
    found = {}
    for name in ("longformer", "led", "reformer", "prophetnet", "big_bird"):
        found[name] = save(name, tmp_path_factory.mktemp(name))
    sizes = {"attention_type": "block_sparse", "block_size": 2, "num_random_blocks": 1}
    tiny.settings(found["big_bird"], **sizes)
    tiny.settings(found["longformer"], architectures=["LongformerForSequenceClassification"])
    return found


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_weights_are_shown_and_what_is_not_to_be_had_is_said(
    language: str, folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Done in the background or not yet, as other tests of the same process have left it.
    monkeypatch.setattr("pages.heads.eager.once", lambda *_: None)
    words = text.catalogue(language)
    at = visit("heads", lang=language, model=str(folders["longformer"]), text=TEXT)
    healthy(at)
    assert said(at) == []
    assert charts(at).keys() == {"weights", "row"}
    shown = html(at)
    assert words["heads.sparse_why"] in shown
    assert words["heads.map_note_absent"] in shown
    assert "✗" not in shown
    assert shown.count("class='good'") == 2  # this row's output, and all heads'
    patterns = [
        trace["fillpattern"]["shape"]
        for trace in charts(at)["weights"]["data"]
        if "fillpattern" in trace
    ]
    assert patterns == ["x"]


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_that_a_model_for_two_texts_reads_one_otherwise_is_said(
    language: str, tmp_path: Path
) -> None:
    folder, words = save("longformer", tmp_path), text.catalogue(language)["heads.sparse_alone"]
    asked = {"lang": language, "model": str(folder), "text": TEXT}
    at = visit("heads", **asked)
    healthy(at)
    assert words not in html(at)
    tiny.settings(tmp_path, architectures=["LongformerForQuestionAnswering"])
    at = visit("heads", **asked)
    healthy(at)
    assert words in html(at)


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize("against", ["sentence", "head"])
def test_hatching_has_its_legend_whatever_a_head_is_compared_with(
    against: str, language: str, folders: dict[str, Path]
) -> None:
    more = {"view": "compare", "against": against, "lang": language}
    words = text.catalogue(language)["heads.compare.sparse"]
    at = visit("heads", model=str(folders["longformer"]), text=TEXT, **more)
    healthy(at)
    assert words in html(at)
    at = visit("heads", **more)
    healthy(at)
    assert words not in html(at)


def test_of_a_cell_never_computed_the_page_says_so(folders: dict[str, Path]) -> None:
    place = {"query": "6", "key": "1", "layer": "0", "head": "0"}
    at = visit("heads", lang="en", model=str(folders["longformer"]), text=TEXT, **place)
    healthy(at)
    assert "never computes a score" in html(at)
    assert "0.0000" not in html(at)


def test_the_whole_pass_is_checked_and_what_cannot_be_has_no_sign(
    folders: dict[str, Path],
) -> None:
    for name, words in (("longformer", "8 of 8 heads"), ("reformer", "4 of 4 heads")):
        at = visit("heads", lang="en", model=str(folders[name]), text=TEXT)
        at.button(key="eager").click().run()
        healthy(at)
        shown = html(at)
        line = shown[shown.index(words) :][:300]
        assert ("✓" in line) == (name == "longformer")
        assert "✗" not in line
        assert ("4 of the 8 heads only" in shown) == (name == "reformer")


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_products_of_what_is_not_there_are_one_sentence(
    language: str, folders: dict[str, Path]
) -> None:
    more = {"view": "elementwise", "product": "3", "summed": "1 2"}
    at = visit("heads", lang=language, model=str(folders["longformer"]), text=TEXT, **more)
    healthy(at)
    assert text.catalogue(language)["heads.elementwise.none"] in html(at)
    assert charts(at) == {}


@pytest.mark.parametrize("against", ["sentence", "head"])
def test_weights_alone_are_compared_without_a_softmax(
    against: str, folders: dict[str, Path]
) -> None:
    more = {"view": "compare", "against": against, "other_text": "the street was too tired"}
    at = visit("heads", lang="en", model=str(folders["longformer"]), text=TEXT, **more)
    healthy(at)
    written = " ".join(one.value for one in at.latex)
    assert "percentage points" in written
    assert "nan" not in written


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize(("page", "name", "model"), [("scores", "longformer", "all-MiniLM-L6-v2")])
def test_a_page_of_steps_says_what_it_lacks(
    page: str, name: str, model: str, language: str, folders: dict[str, Path]
) -> None:
    at = visit(page, lang=language, model=str(folders[name]), text=TEXT)
    healthy(at)
    words = text.catalogue(language)["error.weights_only"]
    shown = kept(language, "model", model=model)
    assert said(at) == [words.format(model=folders[name].name, kept=shown)]


def test_a_decoder_of_sparse_attention_writes_nothing_here(folders: dict[str, Path]) -> None:
    at = visit("gpt", lang="en", model=str(folders["reformer"]), text=TEXT)
    healthy(at)
    assert "has sparse attention" in said(at)[0]


def test_the_steps_of_leds_decoder_are_there_and_of_its_encoder_it_is_said(
    folders: dict[str, Path],
) -> None:
    given = {"model": str(folders["led"]), "text": TEXT, "target": "the street"}
    at = visit("scores", lang="en", **given)
    healthy(at)
    assert at.session_state["kind"] == "decoder"
    assert said(at) == []
    at = visit("scores", lang="en", kind="encoder", **given)
    healthy(at)
    assert "only the weights are recorded" in said(at)[0]
    assert at.session_state["kind"] == "decoder"


def test_prophetnets_other_streams_are_named_where_they_are_left_out(
    folders: dict[str, Path],
) -> None:
    given = {"model": str(folders["prophetnet"]), "text": TEXT, "target": "the street"}
    for kind in ("encoder", "decoder"):
        at = visit("heads", lang="en", kind=kind, **given)
        healthy(at)
        assert ("are not recorded" in html(at)) == (kind == "decoder")


def test_longformers_padding_is_no_row_of_its_input(folders: dict[str, Path]) -> None:
    at = visit("bert", lang="en", view="input", model=str(folders["longformer"]), text=TEXT)
    healthy(at)
    assert said(at) == []
    assert caches.trace(str(folders["longformer"]), TEXT, text_pair="", target="", cut=False)


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_which_attention_bigbird_took_for_a_text_is_said(
    language: str, folders: dict[str, Path]
) -> None:
    words = text.catalogue(language)
    for typed, name, other in (
        (TEXT * 2, "heads.blocks_now", "heads.blocks_not_yet"),
        ("the cat", "heads.blocks_not_yet", "heads.blocks_now"),
    ):
        at = visit("heads", lang=language, model=str(folders["big_bird"]), text=typed)
        healthy(at)
        assert said(at) == []
        shown = html(at)
        assert words[name].format(longest=14) in shown
        assert words[other].format(longest=14) not in shown
        assert (words["heads.sparse_why"] in shown) == (typed != "the cat")
        assert "✗" not in shown


def test_the_steps_of_bigbirds_short_texts_are_there(folders: dict[str, Path]) -> None:
    for typed, refused in (("the cat", False), (TEXT * 2, True)):
        at = visit("scores", lang="en", model=str(folders["big_bird"]), text=typed)
        healthy(at)
        assert any("has sparse attention" in line for line in said(at)) == refused
