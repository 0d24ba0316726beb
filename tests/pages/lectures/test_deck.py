"""A lecture's slides: whose words they bear, how they come about, and where none can."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pptx import Presentation

from pages.ui.lectures import shipped
from pages.ui.lectures.deck import make, making, panel
from pages.ui.lectures.deck.order import Order, read
from pages.ui.lectures.words import on_slide
from pages.ui.text import catalogue
from tests.models.cost.trained import Answered
from tests.pages.visiting import healthy, key_of, visit
from viz.export.layers import Layered

OWN = """# Işık & <b>ığüşöç</b> (3 dk)

Kısaca.

## İlk <durak> (2 dk)
/scores?v=2&mode=hand&step=1&query=1&key=2

*yemek* mi, `yedik` mi?

- [ ] *yemek*
- [x] yedik

/scores?v=2&mode=hand&step=2&query=1&key=2

Şöyle: 3.

> Söyleyin.

## Sözlük (1 dk)
/glossary?v=2

Hangisi?

- [?] bir
- [?] iki

Yanıt yok.
"""


def order(source: str = OWN, name: str = shipped.OWN) -> Order:
    return Order(name, source, "tr", "light", "http://localhost:8501")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Layered]:
    """The figures that a browser is given to draw; it draws none."""
    found: list[Layered] = []

    def pictures(figures: Iterable[Layered], **_: Any) -> list[bytes]:
        files = []
        for one in figures:
            found.append(one)
            held = BytesIO()
            Image.new("RGB", (1920, round(1920 * one.height / one.width))).save(held, "png")
            files.append(held.getvalue())
        return files

    monkeypatch.setattr(make, "pictures", pictures)
    monkeypatch.setattr(make, "chromium", lambda: "chromium")
    return found


def test_each_stop_has_its_question_and_its_answer_in_its_states(drawn: list[Layered]) -> None:
    told: list[tuple[int, int]] = []
    deck = Presentation(BytesIO(make.made(order(), lambda *at: told.append(at))))
    assert told == [(2, 5), (3, 5), (4, 5), (5, 5)]
    slides = list(deck.slides)
    titles = [one.shapes.title.text_frame.text for one in slides]
    assert titles == [
        *("Işık & <b>ığüşöç</b>", "yemek mi, yedik mi?", "Yanıt: İlk <durak>"),
        *("Hangisi?", "Yanıt: Sözlük"),
    ]
    said = ["\n".join(s.text_frame.text for s in one.shapes if s.has_text_frame) for one in slides]
    assert "3 dk · 2 durak" in said[0]
    assert "✓ Doğru: yedik" in said[2]
    assert "Şöyle: 3." in said[2]
    assert "✓" not in said[4]  # nothing is right or wrong there
    assert catalogue("tr")["deck.missing"] in said[3]
    notes = [one.notes_slide.notes_text_frame.text for one in slides]
    assert notes[1].split("\n") == [
        "Söyleyin.",
        "Durak 1 / 2 · 3 dakikanın 0–2 arası",
        "http://localhost:8501/scores?lang=tr&v=2&mode=hand&step=1&query=1&key=2",
    ]
    assert "step=2" in notes[2]
    alts = [s._element.nvPicPr.cNvPr.get("descr") for one in slides for s in one.shapes
            if s.shape_type == 13]  # fmt: skip
    assert len(drawn) == len(alts) == 2
    assert alts[1].startswith("İç çarpımlar: her sorgu her anahtarla")
    assert "3,000" in alts[1]
    assert "3,000" in said[2]  # the page's sentence, below the picture


def test_a_state_that_several_slides_show_is_opened_once(drawn: list[Layered]) -> None:
    same = OWN.replace("step=2", "step=1")
    deck = Presentation(BytesIO(make.made(order(same), lambda *at: None)))
    assert len(drawn) == 1
    assert sum(s.shape_type == 13 for one in deck.slides for s in one.shapes) == 2


def test_an_order_is_told_whole_and_names_its_file() -> None:
    one = order()
    assert read(one.written()) == one
    assert one.file == "dikkat_Isik-b-igusoc-b_tr.pptx"
    assert one.key != order(OWN + "\n").key
    assert order("# 日本 (1 min)\n" + OWN.split("\n", 1)[1].replace("(2", "(0"), "own").key


def test_a_shipped_lectures_links_name_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from pages.ui.lectures.deck.slides import Slides, places

    source = shipped.shipped("by-hand", "tr").source
    found = Slides(order(source, "by-hand"))
    place = next(places(shipped.shipped("by-hand", "tr")))
    assert found.link(place, 1).endswith("&talk=by-hand&stop=1")


def test_words_on_a_slide_have_their_looks_and_no_signs() -> None:
    assert on_slide("*a* **b** `c` $\\alpha \\cdot \\sqrt{2}$ http://x.y\n\n<i>") == (
        (
            *(("a", "slanted"), (" ", ""), ("b", "bold"), (" ", ""), ("c", "code"), (" ", "")),
            *(("α · √2", ""), (" ", ""), ("http://x.y", "")),
        ),
        (("<i>", ""),),
    )


PARAMETERS = {"v": "2", "lang": "tr", "mode": "hand", "talk": "by-hand", "stop": "1"}


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Answered]]:
    """The processes that were started; each says its lines at its `go`."""
    started: list[Answered] = []
    lines: list[dict[str, Any]] = [
        {"slide": 2, "last": 15},
        {"file": b64encode(b"PK deck").decode()},
    ]

    def start(_: Order) -> Answered:
        started.append(Answered(lines))
        return started[-1]

    monkeypatch.setattr(making, "_child", start)
    monkeypatch.setattr(panel, "chromium", lambda: "chromium")
    making._files.clear()
    yield started
    for one in started:
        one.go.set()
    making.settled()
    making._files.clear()


def words(key: str, **values: object) -> str:
    return str(catalogue("tr")[key].format(**values))


def test_the_panel_leads_from_the_button_to_the_file(child: list[Answered]) -> None:
    at = visit("scores", **PARAMETERS)
    at.button(key="talk-contents").click().run()
    at.button(key="talk-deck").click().run()
    healthy(at)
    at.button(key="deck-make").click().run()
    healthy(at)
    assert at.button(key="deck-stop").label == words("deck.stop")
    child[0].go.set()
    making.settled()
    at.run()
    healthy(at)
    [save] = at.get("download_button")
    assert key_of(save) == "deck-save"
    assert not [one for one in at.button if key_of(one) in ("deck-make", "deck-stop")]
    other = visit("scores", **PARAMETERS)  # what one has made all may have
    other.button(key="talk-contents").click().run()
    other.button(key="talk-deck").click().run()
    assert other.get("download_button")
    assert len(child) == 1


def test_who_cancels_or_leaves_ends_it(child: list[Answered]) -> None:
    for press in ("deck-stop", "talk-leave"):
        at = visit("scores", **PARAMETERS)
        at.button(key="talk-contents").click().run()
        at.button(key="talk-deck").click().run()
        at.button(key="deck-make").click().run()
        at.button(key=press).click().run()
        healthy(at)
        making.settled()
        assert child[-1].stopped
    assert not making._files


def test_without_a_chromium_the_panel_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel, "chromium", lambda: None)
    making._files.clear()
    at = visit("scores", **PARAMETERS)
    at.button(key="talk-contents").click().run()
    at.button(key="talk-deck").click().run()
    healthy(at)
    assert [one.value for one in at.info] == [words("deck.no_browser")]
    assert not [one for one in at.button if key_of(one) == "deck-make"]
    monkeypatch.setattr(make, "chromium", lambda: None)
    with pytest.raises(make.NoBrowser):
        make.made(order(), lambda *at: None)


def test_a_hosted_app_makes_only_what_ships(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIKKAT_MODE", "hosted")
    with pytest.raises(ValueError, match="does not ship"):
        making.begin(order())


def test_of_all_files_together_so_many_bytes_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making._budget, "_most", 10)
    making._files.clear()
    orders = [order(OWN + "\n" * n) for n in range(3)]
    for one in orders:
        making._keep(one.key, json.dumps(one.key[:4]).encode())
    assert [making.file(one) is not None for one in orders] == [False, False, True]
    making._files.clear()
