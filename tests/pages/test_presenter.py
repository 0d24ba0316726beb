"""Presenter mode without a browser: in the address, on every page, in both languages; its keys."""

from __future__ import annotations

from typing import Any

import pytest

from pages.ui import keys, presenter, state, text, window
from tests.pages.visiting import address, charts, healthy, html, visit

FULL_HD = next(n for n, one in enumerate(window.WINDOWS) if one.width == 1800)
PHONE = 0


def present(page: str, place: int = FULL_HD, **parameters: str) -> Any:
    """A page opened by a lecturer's link, in a window of that class."""
    at = visit(page, lecture="1", **parameters)
    at.session_state["_window"] = place
    at.run()
    healthy(at)
    return at


def sizes(at: Any, key: str) -> list[float]:
    """Sizes of type of a figure's words, in pixels."""
    found: list[float] = []
    for trace in charts(at)[key]["data"]:
        if "text" in trace.get("mode", ""):
            size = trace["textfont"]["size"]
            each = size if isinstance(size, list) else [size] * len(trace["text"])
            found += [one for one, word in zip(each, trace["text"], strict=True) if word]
    return found


def test_type_in_a_hall_has_24_pixels_on_a_full_hd_screen() -> None:
    here = window.WINDOWS[FULL_HD]
    assert here.scale * window.HALL * window.REM == pytest.approx(24)


def test_the_address_keeps_it_and_says_nothing_of_it_otherwise() -> None:
    at = present("heads", lang="tr")
    assert address(at) == {"lang": "tr", "lecture": "1"}
    at.button(key="present").click().run()
    assert "lecture" not in address(at)
    assert "lecture" not in address(visit("heads", lang="en"))


@pytest.mark.parametrize("lang", ["en", "tr"])
def test_links_to_other_pages_carry_it(lang: str) -> None:
    at = present("heads", lang=lang)
    ways = [one.proto.query_string for one in at.get("page_link")]
    assert ways
    assert all("lecture=1" in way and f"lang={lang}" in way for way in ways)
    alone = [one.proto.query_string for one in visit("heads", lang=lang).get("page_link")]
    assert not any("lecture" in way for way in alone)


def test_words_are_large_controls_and_lesson_are_folded_away() -> None:
    at = present("heads", lang="en")
    assert min(sizes(at, "weights")) >= 22
    said = text.catalogue("en")
    folds = [one.label for one in at.expander]
    assert said["frame.controls"] in folds
    assert said["lecture.lesson"] in folds
    assert "font-size:24.00px" in html(at)


def test_a_phone_keeps_its_own_composition() -> None:
    at = present("heads", PHONE, lang="en")
    assert address(at)["lecture"] == "1"
    assert "st-key-hall-" not in html(at)
    assert text.catalogue("en")["lecture.lesson"] not in [one.label for one in at.expander]


def test_the_light_covers_all_rows_but_the_chosen_one() -> None:
    dark = charts(present("heads", lang="en", query="3", spot="1"))["weights"]["layout"]
    plain = charts(present("heads", lang="en", query="3"))["weights"]["layout"]
    veils = [one for one in dark["shapes"] if one.get("fillcolor", "").startswith("rgba")]
    assert len(veils) == 2
    assert not [one for one in plain["shapes"] if one.get("fillcolor", "").startswith("rgba")]


@pytest.mark.parametrize(
    ("letter", "name", "value"), [("k", "head", "2"), ("j", "head", "0"), ("d", "layer", "2")]
)
def test_plain_letters_move_head_and_layer(letter: str, name: str, value: str) -> None:
    at = visit("scores", lang="en")
    with pytest.MonkeyPatch.context() as patch:
        pressed: dict[str, keys.Button] = {}
        own = keys.button
        patch.setattr(keys, "button", _noting(pressed, own))
        at.run()
        button = next(one for key, one in pressed.items() if key == f"{name}-by-{letter.upper()}")
    assert button.relative
    assert address(at).get(name) is None
    held = dict.fromkeys([name], int(at.session_state[name]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(state, "get", held.__getitem__)
        patch.setattr(state, "put", held.__setitem__)
        button.press()
    assert str(held[name]) == value


def _noting(pressed: dict[str, keys.Button], own: Any) -> Any:
    def button(key: str, press: Any, called: str, *, relative: bool = False) -> None:
        pressed[key] = keys.Button(press, relative)
        own(key, press, called, relative=relative)

    return button


def test_every_letter_has_one_meaning() -> None:
    taken = [letter for pair in keys.LETTERS.values() for letter in pair]
    listed = [one for caps in presenter._KEYS.values() for one in caps.split() if len(one) == 1]
    letters = [one for one in listed if one.isalpha()]
    assert len(set(letters)) == len(letters)
    assert set(taken) <= set(letters)
    assert not {"M", "Z"} & set(letters)  # a mask, and nearer
    # Every keyboard has them without Shift or AltGr, Turkish ones, too, and no language's i.
    assert all(one.isascii() and one not in "IQWX" for one in letters)


@pytest.mark.parametrize("lang", ["en", "tr"])
def test_every_key_is_told(lang: str) -> None:
    said = text.catalogue(lang)
    assert all(said[f"lecture.key.{name}"] for name in presenter._KEYS)
