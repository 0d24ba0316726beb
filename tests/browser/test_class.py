"""A lecturer and a class: two browsers through a whole question, and two hundred phones at once."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.ui import text
from pages.ui.classroom import panel
from pages.ui.classroom.store import Store
from pages.ui.short.store import ShortLinks
from pages.ui.storage import settings
from tests.browser.axe import bars_nobody
from tests.browser.classroom import ASKED, STUDENTS, answer, postgres, serving
from tests.browser.conftest import LOCALES, Language, OpenPage, ThemeName
from tests.browser.server import ROOT, Server
from tests.browser.visit import PATIENCE
from tests.pages.classroom.behaviour import behaves
from tests.pages.short.behaviour import Clock, keeps

expect.set_options(timeout=PATIENCE)
PHONE = (390, 844)
FINGER = 44  # pixels

_SMALL = """least => [...document.querySelectorAll('a, button, label:has(input), summary, input')]
  .filter(e => e.checkVisibility() && !e.matches('label input, [type=hidden]'))
  .filter(e => { const { width, height } = e.getBoundingClientRect();
    return width < least || height < least; })
  .map(e => e.outerHTML)"""


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """A real PostgreSQL, for all tests here."""
    with postgres() as url:
        yield url


@pytest.fixture
def classes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Store]]:
    """Opens a store by its address; closed again afterwards."""
    opened: list[Store] = []

    def open_one(url: str) -> Store:
        monkeypatch.setenv(settings.DATABASE_VARIABLE, url)
        opened.append(Store(settings.settings().url))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


def test_a_class_on_postgresql_is_as_on_sqlite(
    database: str, classes: Callable[[str], Store]
) -> None:
    store = classes(database)
    behaves(store)
    assert store._engine.name == "postgresql"
    code, token = store.open()
    asked, other = store.ask(token, ASKED), classes(database)
    with ThreadPoolExecutor(20) as pool:
        given = [
            (one, code, asked, f"{n}", str(n % 2)) for n, one in enumerate((store, other) * 50)
        ]
        assert set(pool.map(lambda one: one[0].submit(*one[1:]), given)) == {"taken"}
    assert store.tally(asked) == {"0": 50, "1": 50}


def test_short_links_on_postgresql_are_as_on_sqlite(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(settings.DATABASE_VARIABLE, database)
    clock = Clock()
    links = ShortLinks(settings.settings().url, 100.0, clock)
    try:
        keeps(links, clock)
        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(lambda n: links.code("gpt", {}), range(32)))) == 1
    finally:
        links.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_processes_that_start_at_once_make_the_tables_once(
    kind: str, database: str, tmp_path: Path, classes: Callable[[str], Store]
) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}" if kind == "sqlite" else database
    store = classes(url)
    if kind == "postgresql":
        with store._begin() as connection:
            connection.exec_driver_sql(
                "DROP TABLE dikkat_answers, dikkat_questions, dikkat_rooms, dikkat_links"
            )
    else:
        store.close()
        (tmp_path / "new.sqlite3").unlink()
    code = "from pages.ui.classroom.store import store; print(store().open()[0])"
    begun = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=-1, stderr=-1, text=True)
        for _ in range(2)
    ]
    done = [one.communicate(timeout=PATIENCE / 1000) for one in begun]
    assert [one.returncode for one in begun] == [0, 0], done
    again = classes(url)
    assert all(again.standing(out.strip()) for out, _ in done)


def nothing_is_lost(server: Server, store: Store) -> None:
    """All at once, of one address, which is harder than within ten seconds."""
    code, token = store.open()
    asked = store.ask(token, ASKED)
    sent = answer(server.url, code, asked, within=1.0)
    assert {tuple(one.status for one in both) for both in sent} == {(200, 303)}
    counted = [store.tally(asked).get(str(n), 0) for n in range(3)]
    assert counted == [len(range(n, STUDENTS, 3)) for n in range(3)]
    assert store.delete(token)
    assert not server.tracebacks()


def test_two_hundred_phones_lose_no_answer(server: Server) -> None:
    now = settings.settings()
    assert now.url.startswith("sqlite:")
    store = Store(now.url)  # the file that the running app has by itself
    nothing_is_lost(server, store)
    store.close()


def test_two_hundred_phones_lose_no_answer_on_postgresql(database: str, tmp_path: Path) -> None:
    with serving(database, tmp_path / "log.txt") as (server, store):
        nothing_is_lost(server, store)


def phone(browser: Browser, server: Server, lang: Language, theme: ThemeName) -> Page:
    """A student's, without JavaScript."""
    context = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]},
        color_scheme=theme,
        locale=LOCALES[lang],
        java_script_enabled=False,
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    return page


def fits(browser: Browser, page: Page, lang: Language, theme: ThemeName) -> None:
    """Nothing scrolls sideways, a finger hits all, axe finds nothing: seen with JavaScript, of the
    same HTML."""
    copy = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, color_scheme=theme, bypass_csp=True
    ).new_page()
    # Asked for once more: one that asks again by itself may be on its way just now.
    spoken = {"Accept-Language": LOCALES[lang]}
    copy.set_content(page.context.request.get(page.url, headers=spoken).text())
    assert copy.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert copy.evaluate(_SMALL, FINGER) == []
    assert copy.evaluate("document.documentElement.lang") == lang
    # What waits for the lecturer asks again by itself, without JavaScript; nobody types there.
    typed = copy.locator("form input").count() > 0
    bars_nobody(copy, besides="" if typed else "meta-refresh")
    copy.context.close()


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("tr", "dark")])
def test_a_lecturer_asks_and_a_phone_answers(
    lang: Language, theme: ThemeName, open_page: OpenPage, browser: Browser, server: Server
) -> None:
    words = text.catalogue(lang)
    form = {name: words[f"classroom.form.{name}"] for name in ("send", "yours", "answer_lecturer")}
    visit = open_page("/heads", lang=lang, theme=theme, size=(1366, 768))
    before = visit.box("main-figure").bounding_box()
    visit.page.locator(f".st-key-{panel.OPEN} button").click()
    visit.page.locator(".st-key-class-begin button").click()
    code = visit.page.locator(".class-join .letters").inner_text().strip()
    visit.page.locator(".st-key-class-text textarea").fill("İlk ışık?")
    visit.page.locator(".st-key-class-options textarea").fill("ağ\n<b>ş</b>")
    visit.page.keyboard.press("Control+Enter")
    visit.page.locator(".st-key-class-right [role=combobox]").click()
    visit.page.get_by_role("option", name="<b>ş</b>").click()
    visit.page.locator(".st-key-class-ask button").click()
    expect(visit.page.locator(".class-asked")).to_have_text("İlk ışık?")
    shown = visit.page.locator(f".st-key-{panel.PANEL} .tally")
    expect(shown).to_be_visible()

    student = phone(browser, server, lang, theme)
    student.goto(f"{server.url}/class")
    student.locator("#code").fill(code.lower())
    fits(browser, student, lang, theme)
    student.keyboard.press("Enter")
    expect(student.get_by_text("İlk ışık?")).to_be_visible()
    fits(browser, student, lang, theme)
    student.get_by_text("<b>ş</b>").click()
    student.get_by_role("button", name=form["send"]).click()
    expect(student.locator(".mine")).to_have_text(re.compile(re.escape(form["yours"])))
    fits(browser, student, lang, theme)

    expect(shown.locator("tr").nth(1).locator(".value")).to_have_text("1")
    bars_nobody(visit.page)
    visit.screenshot(f"class-{lang}")
    lecturers = visit.page.locator(f".st-key-{panel.PANEL} a").last
    student.goto(str(lecturers.evaluate("link => link.href")))
    expect(student.locator(".count")).to_contain_text("1")
    fits(browser, student, lang, theme)
    visit.page.locator(".st-key-class-close button").click()
    expect(visit.page.locator(".st-key-class-close")).to_have_count(0)
    visit.page.locator(".st-key-class-reveal button").click()
    expect(visit.page.locator(f".st-key-{panel.PANEL} .model")).to_contain_text("<b>ş</b>")
    student.goto(f"{server.url}/class/{code}")
    expect(student.locator(".model")).to_contain_text(form["answer_lecturer"])
    expect(student.locator("tr.on")).to_contain_text("<b>ş</b>")
    fits(browser, student, lang, theme)
    student.context.close()

    # Loaded anew, the page still has its class; and nothing of it has moved.
    visit.page.reload()
    visit.idle()
    assert visit.box("main-figure").bounding_box() == before
    visit.page.locator(f".st-key-{panel.OPEN} button").click()
    expect(visit.page.locator(".class-join .letters")).to_have_text(code)
    visit.page.locator(".st-key-class-delete button").click()
    visit.page.get_by_role("button", name=words["classroom.sure"]).click()
    expect(visit.page.locator(".st-key-class-begin")).to_be_visible()
