"""A model of sounds on the heads page: the visitor's WAV file or the example, and what is said."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file, save_file
from streamlit.testing.v1 import AppTest

from models.catalog import load
from models.heads.sound import record_sound
from models.heads.wav import MOST_BYTES, Sound, example, written
from models.loading import checkpoint
from pages.ui import caches
from pages.ui.text import LANGUAGES, catalogue
from tests.models.heads.whisper import save
from tests.pages.visiting import address, charts, healthy, html, said, spied, visit

BOTH = pytest.mark.parametrize("language", LANGUAGES)
FILE = "own-sound"
MINE = Sound(np.sin(np.arange(12_000) * 0.3).astype(np.float32), 24_000)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save(tmp_path_factory.mktemp("whisper")))


def uploaded(folder: str, data: bytes, **more: str) -> AppTest:
    at = visit("heads", model=folder, **more)
    healthy(at)
    at.file_uploader(key=FILE).set_value(("mine.wav", data, "audio/wav")).run()
    healthy(at)
    return at


@BOTH
@pytest.mark.parametrize("kind", ["encoder", "decoder", "cross"])
def test_the_example_is_shown_and_said_to_be_synthetic(
    language: str, kind: str, folder: str
) -> None:
    at = visit("heads", lang=language, model=folder, kind=kind, query="1", key="1")
    healthy(at)
    assert not said(at)
    words, page = catalogue(language), html(at)
    assert words["heads.sound.example_said"] in page
    assert words["heads.sound.example"] in page
    assert charts(at).keys() == {"weights", "row"}
    assert "class='bad'" not in page
    assert (words["heads.figures_note_frames"] in page) == (kind == "encoder")
    assert (words["heads.map_note_padding"] in page) == (kind != "decoder")
    found = record_sound(folder, example(16_000)).attention
    drawn = str(charts(at)["weights"])
    if kind == "encoder":
        assert ("0.02 s" if language == "en" else "0,02 s") in drawn
    assert "[PAD]" not in drawn
    if kind != "encoder":
        assert "&lt;|startoftra" in drawn or "<|startoft" in drawn
    assert found.kinds == ("encoder", "decoder", "cross")


@BOTH
def test_the_share_of_the_padding_is_told(language: str, folder: str) -> None:
    at = visit("heads", lang=language, model=folder, kind="cross", layer="1", head="2", query="3")
    healthy(at)
    trace = record_sound(folder, example(16_000)).attention
    share = trace.block("cross", 1).weights[2, 3, 60:].sum()
    whole = round(100 * float(share))
    assert 0 < whole < 100
    shown = f"{whole}%" if language == "en" else f"%{whole}"
    told = catalogue(language)["heads.sound.padding"].split("{share}")[0].split("{count}")[0]
    assert told.strip() in html(at)
    assert shown in html(at).replace("\u00a0", "").replace(" %", "%")


@BOTH
def test_a_visitors_sound_is_what_the_model_hears(language: str, folder: str) -> None:
    at = uploaded(folder, written(MINE), lang=language)
    assert not said(at)
    words, page = catalogue(language), html(at)
    assert "mine.wav" in page
    assert words["heads.sound.private"] in page
    assert words["heads.sound.resampled"].format(rate=16_000) in page
    assert words["heads.sound.example_said"] not in page
    drawn = str(charts(at)["weights"])
    last = "0.48 s" if language == "en" else "0,48 s"
    assert last in drawn
    assert "0.50 s" not in drawn
    assert "0,50 s" not in drawn


@BOTH
def test_a_file_that_is_no_sound_is_told_and_the_example_used(language: str, folder: str) -> None:
    at = uploaded(folder, b"ID3" + bytes(100), lang=language)
    words = catalogue(language)
    told = words["error.not_a_wav"].format(found="MP3", kept=words["heads.sound.kept"])
    assert said(at) == [told]
    assert words["heads.sound.example_said"] in html(at)


@BOTH
def test_a_typed_text_is_read_in_place_of_the_transcript(language: str, folder: str) -> None:
    at = visit("heads", lang=language, model=folder, kind="decoder", target="the animal")
    healthy(at)
    words = catalogue(language)
    assert words["heads.sound.given"] in html(at)
    found = record_sound(folder, example(16_000), target="the animal").attention
    drawn = str(charts(at)["weights"])
    assert all(word in drawn for word in (found.target_typed or ())[4:])
    long = visit("heads", lang=language, model=folder, target="the animal was too tired " * 30)
    healthy(long)
    assert len(said(long)) == 1
    assert words["heads.sound.kept_text"] in said(long)[0]
    assert words["heads.sound.given"] not in html(long)


@BOTH
def test_the_whole_pass_is_held_against_eager(language: str, folder: str) -> None:
    threading.Thread(target=caches.work, args=(0,), daemon=True).start()
    at = visit("heads", lang=language, model=folder)
    healthy(at)
    caches.settled()
    at.run()
    healthy(at)
    words, counts = catalogue(language), {"agree": 24, "heads": 24}
    assert words["heads.eager.heard"].format(**counts) in html(at)
    at.button(key="eager").click().run()
    healthy(at)
    assert words["heads.eager.found"].format(**counts) in html(at)


@BOTH
def test_other_views_show_texts_and_that_is_said(language: str, folder: str) -> None:
    at = visit("heads", lang=language, model=folder, view="model_view")
    healthy(at)
    assert said(at) == [catalogue(language)["heads.sound.view"]]
    assert "view" not in address(at)


@BOTH
@pytest.mark.parametrize(
    ("page", "view"),
    [
        *(("scores", ""), ("bert", "mask"), ("bert", "between"), ("gpt", "write")),
        *(("gpt", "cache"), ("vision", "attention"), ("translator", "")),
        *(("positions", view) for view in ("learned", "ways", "shuffle")),
    ],
)
def test_elsewhere_it_is_told_where_it_opens(
    page: str, view: str, language: str, folder: str
) -> None:
    at = visit(page, lang=language, model=folder, **({"view": view} if view else {}))
    healthy(at)
    start = catalogue(language)["error.hears_sounds"].split("“{model}”")[1].split("(")[0].strip()
    assert len(said(at)) == 1
    assert start in said(at)[0]


def test_a_place_in_the_padding_is_not_silently_replaced(folder: str) -> None:
    at = visit("heads", model=folder, kind="encoder", query="80")
    healthy(at)
    assert len(said(at)) == 1
    assert "59" in said(at)[0]


@BOTH
def test_a_host_opens_no_folder_and_takes_no_file(
    language: str, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIKKAT_MODE", "hosted")
    at = visit("heads", lang=language, model=folder)
    healthy(at)
    assert len(said(at)) == 1
    assert not at.get("file_uploader")


@BOTH
def test_a_file_beyond_the_limit_is_told(language: str, folder: str) -> None:
    at = uploaded(folder, b"RIFF" + bytes(MOST_BYTES), lang=language)
    words = catalogue(language)
    told = {"size": 11, "limit": 10, "kept": words["heads.sound.kept"]}
    assert said(at) == [words["error.too_many_bytes"].format(**told)]


def test_a_broken_model_of_sounds_leaves_the_pages_own(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the family's own code")

    own = str(save(tmp_path))
    monkeypatch.setattr(load(own).model, "generate", broken)
    at = visit("heads", model=own)
    healthy(at)
    assert len(said(at)) == 1
    assert at.session_state["model"] in (None, "minilm")
    assert charts(at).keys() == {"weights", "row", "first-token"}


def test_a_broken_model_with_a_file_chosen_gives_way_to_the_pages_own(
    folder: str, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    weights = load_file(broken / "model.safetensors")
    name = next(n for n in weights if n.endswith("encoder.layers.0.self_attn.q_proj.weight"))
    save_file(
        {**weights, name: weights[name] * np.nan}, broken / "model.safetensors", {"format": "pt"}
    )
    at = uploaded(folder, written(MINE))
    at.session_state["model"], at.session_state["target"] = str(broken), "the animal"
    at.run()
    healthy(at)
    assert said(at)
    assert len(said(at)) <= 3
    assert address(at)["model"] == "minilm"


def test_a_model_that_is_refused_is_read_once_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = save(tmp_path)
    (own / "preprocessor_config.json").unlink()
    read = spied(monkeypatch, checkpoint, "open_folder")
    at = visit("heads", model=str(own), text="the animal")
    healthy(at)
    assert said(at)
    assert [args[0] for args in read].count(own) == 1


def test_a_window_shorter_than_the_example_gives_way_too(tmp_path: Path) -> None:
    short = str(save(tmp_path, seconds=1))
    at = visit("heads", model=short, target="the animal")
    healthy(at)
    assert said(at)
    assert address(at)["model"] == "minilm"
