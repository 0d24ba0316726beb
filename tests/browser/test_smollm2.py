"""Where SmolLM2 is installed: the gpt page begins with it, in the language that it has read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from models import catalog
from models.catalog import CATALOG
from pages.ui import text
from tests.browser.conftest import OpenPage
from tests.browser.server import ROOT, Server, running
from tests.browser.test_walk import says

WORDS = text.catalogue("en")
CARD = CATALOG["smollm2"]

if CARD not in catalog.offered() or not catalog.is_installed(CARD):
    pytest.skip("SmolLM2 is left out or not installed", allow_module_level=True)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with it, as `make run` starts it."""
    with running(ROOT / "app.py", tmp_path_factory.mktemp("large") / "log.txt", without="") as app:
        yield app


def test_in_english_it_writes_first(open_page: OpenPage) -> None:
    visit = open_page("/gpt?lang=en")
    expect(visit.box("provenance")).to_contain_text(CARD.title, timeout=60_000)
    expect(visit.box("provenance")).to_contain_text("The capital of France is")
    expect(visit.page.locator(".now")).to_contain_text("Paris with 100 %")
    visit.page.keyboard.press("ArrowRight")
    says(visit, model="smollm2", text="The capital of France is", step="1")


def test_of_all_its_heads_the_one_that_looks_at_france(open_page: OpenPage) -> None:
    visit = open_page("/gpt?lang=en")
    visit.figure()
    visit.box("view").get_by_role("radio", name=WORDS["gpt.view.mask"]).click()
    now = visit.page.locator(".now")
    expect(now).to_contain_text("of its attention to France", timeout=60_000)
    expect(now).to_contain_text("Layer 23, head 4: of 270 heads")


def test_in_turkish_the_bilingual_model_writes_first(open_page: OpenPage) -> None:
    visit = open_page("/gpt?lang=tr", lang="tr")
    expect(visit.box("provenance")).to_contain_text("GPT mini", timeout=60_000)
    expect(visit.box("provenance")).to_contain_text("Yaşlı")


def test_a_link_of_the_small_model_stays_one(open_page: OpenPage) -> None:
    visit = open_page("/gpt?lang=en&v=2&model=gpt-mini&step=2")
    expect(visit.box("provenance")).to_contain_text("GPT mini", timeout=60_000)
    expect(visit.box("provenance")).to_contain_text("The old")


def test_its_induction_heads_are_found_among_thirty_layers(open_page: OpenPage) -> None:
    visit = open_page("/gpt?lang=en&v=2&model=smollm2&view=induction&circuit=model")
    table = visit.page.locator(".prefix")
    expect(table.locator("td.best")).to_be_visible(timeout=60_000)
    expect(table.locator("tr")).to_have_count(9)
    expect(table).to_contain_text("Layers not listed: 22")
