"""A visitor's own vision model and picture on the page: what is shown is theirs, or said."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.torch import load_file, save_file
from streamlit.testing.v1 import AppTest

from models.catalog import load
from models.vision.visitor import see_picture
from pages.ui.text import LANGUAGES, catalogue
from tests.models import tiny
from tests.models.vision.seeing import FAMILIES, process, save
from tests.pages.visiting import address, charts, healthy, html, said, visit

BOTH = pytest.mark.parametrize("language", LANGUAGES)
COLOURS = np.random.default_rng(3).integers(0, 256, (24, 30, 3), dtype=np.uint8)


def png(pixels: np.ndarray = COLOURS, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind)
    return out.getvalue()


def uploaded(folder: Path, data: bytes, language: str = "en", **more: str) -> AppTest:
    at = visit("vision", lang=language, model=str(folder), **more)
    healthy(at)
    at.file_uploader(key="own-picture").set_value(("mine.png", data, "image/png")).run()
    healthy(at)
    return at


@BOTH
@pytest.mark.parametrize("family", ["dinov2_with_registers", "siglip", "clip_vision_model"])
def test_every_view_is_drawn_and_its_numbers_agree(
    family: str, language: str, tmp_path: Path
) -> None:
    folder = str(process(save(family, tmp_path)))
    for view, keys in (("overview", {"own-heads", "own-head"}), ("rollout", {"own-rollout"})):
        at = visit("vision", lang=language, model=folder, own_view=view, query="2", key="4")
        healthy(at)
        assert not said(at)
        assert charts(at).keys() == keys
        assert "class='bad'" not in html(at)
        assert address(at)["own_view"] == view


@BOTH
def test_a_rollout_of_too_many_weights_is_said_to_be_none(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.vision.own_rollout.MOST", 2 * 10**2 - 1)
    folder = str(process(save("vit", tmp_path)))
    at = visit("vision", lang=language, model=folder, own_view="rollout")
    healthy(at)
    words = catalogue(language)["error.too_many_tokens"]
    assert said(at) == [words.format(layers=2, tokens=10)]
    assert charts(at).keys() == {"own"}


@BOTH
@pytest.mark.parametrize(
    ("family", "sentences"),
    [
        ("clip", ("own_half",)),
        ("siglip", ("own_none", "own_pooled", "own_half")),
        ("siglip_vision_model", ("own_none", "own_pooled")),
        ("ijepa", ("own_none",)),
        ("vit", ()),
    ],
)
def test_what_a_model_reads_is_said_as_it_is(
    family: str, sentences: tuple[str, ...], language: str, tmp_path: Path
) -> None:
    page = html(visit("vision", lang=language, model=str(process(save(family, tmp_path)))))
    for name in ("own_none", "own_pooled", "own_half"):
        words = catalogue(language)[f"vision.{name}"].format(layer=2)
        assert (words in page) == (name in sentences), name


def test_a_picture_is_held_against_eager_attention_where_asked(tmp_path: Path) -> None:
    at = uploaded(process(save("clip", tmp_path)), png())
    at.button(key="eager").click().run()
    healthy(at)
    words = catalogue("en")["vision.eager.found"].format(agree=8, heads=8)
    assert words in html(at)
    assert "class='bad'" not in html(at)


@BOTH
@pytest.mark.parametrize("family", FAMILIES)
def test_without_a_classifier_all_else_is_shown_and_that_is_said(
    family: str, language: str, tmp_path: Path
) -> None:
    at = visit("vision", lang=language, model=str(process(save(family, tmp_path))))
    healthy(at)
    assert not said(at)
    page, words = html(at), catalogue(language)
    assert words["vision.own_no_classifier"] in page
    assert words["vision.own_example_said"] in page
    assert "class='bad'" not in page
    assert charts(at).keys() == {"own"}
    assert address(at)["model"] == str(tmp_path)


def test_the_models_own_tokens_bear_their_names_in_the_picture(tmp_path: Path) -> None:
    at = visit("vision", model=str(process(save("dinov2_with_registers", tmp_path))))
    healthy(at)
    drawn = str(charts(at)["own"])
    for name in ("[CLS]", "[REG0]", "[REG1]", "[REG2]", "A1", "C3"):
        assert name in drawn


@BOTH
def test_the_visitors_picture_is_what_the_model_read(language: str, tmp_path: Path) -> None:
    save("vit", tmp_path, "ForImageClassification", id2label={0: "cat", 1: "dog"}, num_labels=2)
    at = uploaded(process(tmp_path), png(), language)
    assert not said(at)
    page, words = html(at), catalogue(language)
    assert "mine.png" in page
    assert words["vision.own_private"] in page
    trace = see_picture(load(str(tmp_path)), COLOURS)
    share = f"{float(trace.probabilities.max()):.3f}"
    assert (share if language == "en" else share.replace(".", ",")) in page
    assert trace.classes[trace.named] in page


@BOTH
@pytest.mark.parametrize(
    ("data", "code", "details"),
    [
        (png(kind="GIF"), "not_an_image", {"found": "GIF"}),
        (png()[:-900], "broken_image", {"kind": "PNG"}),
        (b"\xff\xd8\xff" + b"0" * 10_000_000, "too_many_bytes", {"size": 11, "limit": 10}),
        (
            png(np.zeros((2, 90, 3), np.uint8)),
            "too_narrow",
            {"width": 90, "height": 2, "limit": 20},
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_the_example_shown(
    data: bytes, code: str, details: dict[str, object], language: str, tmp_path: Path
) -> None:
    at = uploaded(process(save("vit", tmp_path)), data, language)
    words = catalogue(language)
    kept = words["vision.own_kept"]
    assert said(at) == [words[f"error.{code}"].format(**details, kept=kept)]
    assert words["vision.own_example_said"] in html(at)


@BOTH
def test_without_a_processor_a_picture_is_not_guessed_at(language: str, tmp_path: Path) -> None:
    at = uploaded(save("vit", tmp_path), png(), language)
    words = catalogue(language)
    told = {"file": "preprocessor_config.json", "kept": words["vision.own_kept"]}
    assert said(at) == [words["error.no_processor"].format(**told)]


@BOTH
def test_each_page_names_the_other_where_a_model_is_of_the_other_kind(
    language: str, tmp_path: Path
) -> None:
    words = catalogue(language)
    folder = str(save("deit", tmp_path / "deit"))
    at = visit("heads", lang=language, model=folder, text="the animal")
    healthy(at)
    assert words["error.sees_pictures"].split("“{model}”")[1].split("(")[0] in said(at)[0]
    text = str(tiny.save("bert", tmp_path / "bert"))
    at = visit("vision", lang=language, model=text)
    healthy(at)
    assert words["error.reads_text"].split("“{model}”")[1].split("(")[0] in said(at)[0]
    assert "model" not in address(at) or address(at)["model"] == "vit-digits"


def test_the_digits_come_back(tmp_path: Path) -> None:
    at = visit("vision", model=str(save("vit", tmp_path)))
    at.button(key="own-back").click().run()
    healthy(at)
    assert catalogue("en")["vision.own_no_classifier"] not in html(at)
    assert address(at).get("model", "vit-digits") == "vit-digits"


@BOTH
@pytest.mark.parametrize("family", ["vit", "siglip"])
def test_a_model_without_numbers_gives_way_to_the_pages_own(
    family: str, language: str, tmp_path: Path
) -> None:
    folder = process(save(family, tmp_path))
    file = folder / "model.safetensors"
    broken = {name: weight * np.nan for name, weight in load_file(file).items()}
    save_file(broken, file, {"format": "pt"})
    at = visit("vision", lang=language, model=str(folder))
    healthy(at)
    assert len(said(at)) == 1
    assert catalogue(language)["model.vit-digits"] in said(at)[0]
    assert address(at)["model"] == "vit-digits"


@BOTH
@pytest.mark.parametrize("sums", ["score", "weight", "mix"])
def test_attention_pooling_is_one_more_layer(sums: str, language: str, tmp_path: Path) -> None:
    folder = str(process(save("siglip", tmp_path)))
    more = {"layer": "2", "head": "1", "key": "4", "sum": sums}
    at = visit("vision", lang=language, model=folder, **more)
    healthy(at)
    assert not said(at)
    assert charts(at).keys() == {"own"}
    page, words = html(at), catalogue(language)
    assert words["vision.pooling.where"].format(layer=2, head=1) in page
    assert words["vision.pooling.output"].split(" ")[0] in page
    assert "class='bad'" not in page
    assert "[PROBE]" in str(charts(at)["own"])
    assert address(at)["layer"] == "2"


@BOTH
@pytest.mark.parametrize("view", ["overview", "rollout"])
def test_the_other_views_end_before_the_pooling(view: str, language: str, tmp_path: Path) -> None:
    folder = str(process(save("siglip", tmp_path)))
    at = visit("vision", lang=language, model=folder, layer="2", own_view=view)
    healthy(at)
    assert not said(at)
    assert address(at)["layer"] == "1"
    assert at.number_input(key="layer").max == 1
