"""The class's form: what is answered is kept, what is not is refused with its reason."""

from __future__ import annotations

import base64
import re
from decimal import Decimal
from functools import partial
from hashlib import sha256
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.ui.classroom import posting, routes
from pages.ui.classroom.questions import LONG, ClassQuestion, Unreadable, number, tidy
from pages.ui.classroom.store import Store, Unreachable
from pages.ui.storage import database
from pages.ui.storage.codes import LETTERS
from pages.ui.storage.limits import Limit
from pages.ui.text import LANGUAGES
from tests.pages.classroom.asking import HOST, Answer, ask, said
from tests.pages.classroom.behaviour import CELL, CHOICE

HOSTILE = "<script>alert('ş')</script> & “\"”"


def opened(store: Store, question: ClassQuestion = CHOICE) -> tuple[str, str, dict[str, str]]:
    """(code, token, the form's hidden field) of a class with an open question."""
    code, token = store.open()
    return code, token, {"question": str(store.ask(token, question))}


def refused(answer: Answer, status: int, code: str, lang: str = "en") -> None:
    assert (answer.status, said(code, lang) in answer.words) == (status, True), answer.words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_joins_by_the_code_as_it_is_typed(lang: str, store: Store) -> None:
    code, _ = store.open()
    assert said("code", lang) in ask("/class", lang=lang).words
    for typed in (code.lower(), f"{code[:2]}%20{code[2:]}", f"-{code}-"):
        answer = ask(f"/class?code={typed}&lang={lang}")
        assert answer.status == 303
        assert answer.headers["location"] == f"/class/{code}?lang={lang}"
    waiting = ask(f"/class/{code}?lang={lang}")
    assert said("waiting", lang) in waiting.words
    assert 'http-equiv="refresh"' in waiting.html


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("typed", ["AAAAA", "abc", "İİİİİ", "A" * 300, "%00%00", "<b>", "../../x"])
def test_a_wrong_code_is_told(typed: str, lang: str, store: Store) -> None:
    refused(ask(f"/class?code={typed}", lang=lang), 404, "wrong_code", lang)
    if "/" not in typed and "%" not in typed:
        refused(ask(f"/class/{typed}", lang=lang), 404, "wrong_code", lang)


def test_an_answer_is_kept_changed_and_shown_beside_the_revealed_one(store: Store) -> None:
    code, token, form = opened(store)
    sent = ask(f"/class/{code}", {**form, "choice": "0"})
    assert (sent.status, sent.headers["location"]) == (303, f"/class/{code}?lang=en")
    page = ask(f"/class/{code}")
    assert f"{said('yours')} this" in page.words
    change = ask(f"/class/{code}?change=1")
    assert re.search(r'value="0" required checked', change.html)
    assert 'http-equiv="refresh"' not in change.html  # it would take away what is being chosen
    assert ask(f"/class/{code}", {**form, "choice": "1"}).status == 303
    assert store.tally(int(form["question"])) == {"1": 1}
    store.turn(token, "closed")
    closed = ask(f"/class/{code}").words
    assert said("closed") in closed
    assert "✓" not in closed
    refused(ask(f"/class/{code}", {**form, "choice": "0"}), 409, "closed_now")
    store.turn(token, "revealed")
    revealed = ask(f"/class/{code}").words
    assert f"{said('answer_lecturer')} that" in revealed
    assert "this 0 ✓ that yours 1" in revealed


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_cell_is_answered_by_its_query_and_its_key(lang: str, store: Store) -> None:
    code, token, form = opened(store, CELL)
    page = ask(f"/class/{code}", lang=lang)
    assert escape("<b>") in page.html.partition("<main>")[2]
    refused(ask(f"/class/{code}", {**form, "key": "2"}, lang=lang), 400, "half", lang)
    assert ask(f"/class/{code}", {**form, "query": "1", "key": "2"}).status == 303
    store.turn(token, "revealed")
    words = ask(f"/class/{code}", lang=lang).words
    assert f"{said('answer_page', lang)} <b> → ö MiniLM, layer 5" in words
    assert f"✓ <b> → ö {said('mine', lang)} 1" in words


@pytest.mark.parametrize(("lang", "typed"), [("en", "-0.250"), ("tr", "−0,25")])
def test_a_number_is_read_and_written_as_its_language_does(
    lang: str, typed: str, store: Store
) -> None:
    code, token, form = opened(
        store, ClassQuestion("number", "How much?", answer="0.5", source="page")
    )
    assert ask(f"/class/{code}", {**form, "number": typed}, lang=lang).status == 303
    assert store.tally(int(form["question"])) == {"-0.25": 1}
    store.turn(token, "revealed")
    shown = {"en": "−0.25", "tr": "−0,25"}[lang]
    words = ask(f"/class/{code}", lang=lang).words
    assert f"{said('yours', lang)} {shown}" in words
    assert said("median", lang).format(value=shown) in words


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("question", "sent", "code"),
    [
        (CHOICE, {}, "nothing"),
        (CHOICE, {"choice": "2"}, "not_offered"),
        (CHOICE, {"choice": "-1"}, "not_offered"),
        (CHOICE, {"choice": "01"}, "not_offered"),
        (CELL, {}, "nothing"),
        (CELL, {"query": "2", "key": "0"}, "not_offered"),
        (CELL, {"query": "1", "key": "1,1"}, "not_offered"),
        (ClassQuestion("number", "?"), {"number": " "}, "nothing"),
        (ClassQuestion("number", "?"), {"number": "many"}, "no_number"),
        (ClassQuestion("number", "?"), {"number": "1e9"}, "no_number"),
        (ClassQuestion("number", "?"), {"number": "٣"}, "no_number"),
    ],
)
def test_what_is_no_answer_is_told_and_the_form_is_there_again(
    question: ClassQuestion, sent: dict[str, str], code: str, lang: str, store: Store
) -> None:
    room, _, form = opened(store, question)
    answer = ask(f"/class/{room}", {**form, **sent}, lang=lang)
    refused(answer, 400, code, lang)
    assert '<form method="post"' in answer.html
    assert store.tally(int(form["question"])) == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_answer_to_the_question_before_does_not_count(lang: str, store: Store) -> None:
    code, token, form = opened(store)
    second = store.ask(token, CHOICE)
    refused(ask(f"/class/{code}", {**form, "choice": "0"}, lang=lang), 409, "changed", lang)
    assert store.tally(second) == {}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({"sec_fetch_site": "same-origin", "origin": "null"}, True),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"sec_fetch_site": "same-site", "origin": f"http://{HOST}"}, False),
        ({"origin": f"http://{HOST}"}, True),
        ({"origin": "http://class.public"}, True),
        ({"origin": "http://elsewhere.example"}, False),
        ({"origin": f"http://{HOST}.elsewhere.example"}, False),
        ({"origin": "null"}, False),
        ({}, True),
    ],
)
def test_another_sites_page_cannot_answer(
    headers: dict[str, str],
    taken: bool,
    lang: str,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DIKKAT_ADDRESS", "http://class.public")
    code, token, form = opened(store)
    answer = ask(f"/class/{code}", {**form, "choice": "0"}, lang=lang, **headers)
    if taken:
        assert answer.status == 303
    else:
        refused(answer, 403, "elsewhere", lang)
        refused(ask("/class/lecture", {"do": "delete"}, token=token, **headers), 403, "elsewhere")
    assert store.tally(int(form["question"])) == ({"0": 1} if taken else {})
    assert store.lecture(token) is not None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_device_without_a_cookie_has_no_answer(lang: str, store: Store) -> None:
    code, _, form = opened(store)
    path = f"/class/{code}"
    other = store.open()[0]
    forged = ("", "short", "ş" * 22, "a" * 22, "a" * 86, f"{'a' * 22}{store.seal(other, 'a' * 22)}")
    for held in (None, *forged):
        cookies = {} if held is None else {"cookie": f"{routes.COOKIE}-{code}={held}"}
        answer = ask(path, {**form, "choice": "0"}, device=None, lang=lang, **cookies)
        refused(answer, 400, "no_cookie", lang)
    assert store.tally(int(form["question"])) == {}
    given = ask(path, device=None).headers["set-cookie"]
    mark = re.match(rf"({routes.COOKIE}-{code}=[\w-]{{22}}[0-9a-f]{{64}});", given)
    assert mark
    assert {"HttpOnly", "SameSite=lax", "Path=/class"} <= set(given.split("; "))
    assert ask(path, {**form, "choice": "0"}, device=None, cookie=mark[1]).status == 303
    assert "set-cookie" not in ask(path, device=None, cookie=mark[1]).headers


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_too_large_or_no_form_is_not_read(lang: str, store: Store) -> None:
    code, _, form = opened(store)
    path, fits = f"/class/{code}", f"question={form['question']}&choice=0".encode()
    large = str(posting.LARGEST + 1)
    refused(ask(path, fits, lang=lang, content_length=large), 413, "large", lang)
    refused(ask(path, fits, lang=lang, content_length="-1"), 413, "large", lang)
    refused(ask(path, [fits, b"&x=", b"a" * posting.LARGEST], lang=lang), 413, "large", lang)
    refused(ask(path, fits, lang=lang, content_type="application/json"), 415, "kind", lang)
    broken = (b"choice=%ff", b"choice=0&choice=1", b"&".join([b"a=1"] * 13), b"\xff", b"choice=%00")
    for body in broken:
        refused(ask(path, body, lang=lang), 400, "unreadable", lang)
    assert store.tally(int(form["question"])) == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_form_that_does_not_come_is_not_waited_for(
    lang: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "SLOWEST", -1.0)
    code, _, form = opened(store)
    refused(ask(f"/class/{code}", {**form, "choice": "0"}, lang=lang), 408, "slow", lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_flood_is_held_back_and_the_class_is_not(
    lang: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, form = opened(store)
    answers = [ask(f"/class/{code}", {**form, "choice": "0"}, lang=lang) for _ in range(21)]
    refused(answers.pop(), 429, "flood", lang)
    assert {one.status for one in answers} == {303}
    other = ask(f"/class/{code}", {**form, "choice": "0"}, device="b" * 22)
    assert other.status == 303  # another device of the same address
    monkeypatch.setattr(routes, "WRONG", Limit(2, 0.0))
    found = [ask("/class/CCCCC", lang=lang) for _ in range(3)]
    assert [one.status for one in found] == [404, 404, 429]
    assert found[-1].headers["retry-after"]
    assert ask(f"/class/{code}", lang=lang).status == 200  # whoever has the right code goes on
    monkeypatch.setattr(routes, "MARKS", Limit(2, 0.0))
    new = [ask(f"/class/{code}", device=None, lang=lang) for _ in range(3)]
    assert [one.status for one in new] == [200, 200, 429]  # devices that nobody knows
    assert ask(f"/class/{code}", lang=lang).status == 200  # those that are known go on


def test_two_hundred_at_one_address_look_and_answer_within_a_second() -> None:
    limit = Limit(routes.ADDRESSES.burst, routes.ADDRESSES.rate, clock=lambda: 0.0)
    assert all(limit.allows("one address") for _ in range(200 * 5))


def test_a_limit_fills_again_and_remembers_no_more_than_it_may() -> None:
    now = [0.0]
    limit = Limit(2, 1.0, most=3, clock=lambda: now[0])
    assert [limit.allows("a") for _ in range(3)] == [True, True, False]
    now[0] = 1.0
    assert [limit.allows("a") for _ in range(2)] == [True, False]
    for name in "bcde":
        limit.allows(name)
    assert len(limit._left) == 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_database_that_does_not_answer_is_told(
    lang: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, _ = opened(store)

    def broken(*_: object) -> None:
        raise Unreachable("OperationalError")

    monkeypatch.setattr(Store, "standing", broken)
    refused(ask(f"/class/{code}", lang=lang), 503, "unreachable", lang)
    refused(ask(f"/class?code={code}", lang=lang), 503, "unreachable", lang)


def test_a_database_that_is_not_there_is_unreachable() -> None:
    with pytest.raises(database.Unreachable):
        Store("postgresql+psycopg://u:secret@127.0.0.1:9/d")


def test_the_app_does_not_start_with_a_database_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DIKKAT_DATABASE", "postgresql://u:secret@127.0.0.1:9/d")
    with pytest.raises(ValueError, match="DIKKAT_DATABASE: the database does not answer"):
        routes.start()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_lecturers_page_counts_closes_reveals_and_deletes(lang: str, store: Store) -> None:
    code, token, form = opened(store)
    ask(f"/class/{code}", {**form, "choice": "1"})
    key = ask(f"/class/lecture/{token}", lang=lang)
    assert (key.status, key.headers["location"]) == (303, "/class/lecture")
    assert f"{routes.LECTURER}={token};" in key.headers["set-cookie"]
    path, mine = "/class/lecture", partial(ask, token=token)
    page = mine(path, lang=lang)
    assert token not in page.html
    assert code in page.words
    assert f"http://{HOST}/class" in page.words
    assert "<svg" in page.html
    assert "✓" not in page.words  # a class sees this page, too, on the wall
    assert mine(path, {"do": "closed"}).status == 303
    assert store.standing(code).state == "closed"  # type: ignore[union-attr]
    assert mine(path, {"do": "nonsense"}).status == 303
    assert mine(path, {"do": "revealed"}).status == 303
    assert f"{said('answer_lecturer', lang)} that" in mine(path, lang=lang).words
    refused(mine(path, {"do": "delete"}, lang=lang), 200, "gone", lang)
    refused(mine(path, lang=lang), 404, "wrong_link", lang)
    refused(ask(path, token=code, lang=lang), 404, "wrong_link", lang)


def test_no_page_may_load_or_run_anything(store: Store) -> None:
    code, token, form = opened(store, ClassQuestion("choice", HOSTILE, (HOSTILE, "a")))
    ask(f"/class/{code}", {**form, "choice": "0"})
    pages = [
        ask(f"/class/{code}"),
        ask(f"/class/{code}?change=1"),
        ask("/class/lecture", token=token),
    ]
    pages += [ask("/class"), ask("/class/CCCCC"), ask(f"/class/{code}", {"x": "1"})]
    for page in pages:
        policy = page.headers["content-security-policy"]
        style = page.html.partition("<style>")[2].partition("</style>")[0]
        digest = base64.b64encode(sha256(style.encode()).digest()).decode()
        assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
        assert "unsafe" not in policy
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["cache-control"] == "no-store"
        assert not re.search(r"<script|\son\w+=|\sstyle=|javascript:", page.html)
    assert all(escape("<script>") in page.html for page in pages[:3])


_FIELDS = st.sampled_from(["choice", "number", "query", "key"])
_SIGNS = "0123456789,.-− e+şİ٣²\0\n"
_QUESTIONS = [CHOICE, CELL, ClassQuestion("number", "?")]


@given(st.sampled_from(_QUESTIONS), st.dictionaries(_FIELDS, st.text(_SIGNS, max_size=30)))
def test_whatever_is_sent_is_an_answer_or_refused(
    question: ClassQuestion, sent: dict[str, str]
) -> None:
    code = value = ""
    try:
        value = question.read(sent)
    except Unreadable as error:
        code = error.code
    assert said(code) if code else question.offers(value)
    assert len(value) <= 32


@given(st.decimals(-(10**8), 10**8, places=4))
def test_a_number_is_the_same_however_it_is_written(value: Decimal) -> None:
    written = f"{value:f}"
    for typed in (written, written.replace(".", ","), f" {written.replace('-', '−')} "):
        assert Decimal(number(typed)) == value
        assert number(number(typed)) == number(typed)


@given(st.text(LETTERS, min_size=LONG, max_size=LONG), st.text(" -\t\n", max_size=3))
def test_a_code_is_read_however_it_is_typed(code: str, between: str) -> None:
    assert tidy(f"{between}{code[:2].lower()}{between}{code[2:]}") == code


@given(st.text(LETTERS + "iıİlL01 -\0ß", max_size=8))
def test_a_code_is_one_or_none(typed: str) -> None:
    assert tidy(typed) == "" or set(tidy(typed)) <= set(LETTERS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " "},
        {"text": "a" * 301},
        {"text": "a\0"},
        {"options": ("a",)},
        {"options": ("a", "a")},
        {"options": ("a", " ")},
        {"options": tuple("abcdefghi")},
        {"answer": "2", "source": "page"},
        {"answer": "1"},
        {"source": "page"},
        {"kind": "cell"},
        {"kind": "cell", "queries": ("a",) * 49, "keys": ("b",)},
        {"kind": "essay"},
    ],
)
def test_a_question_that_is_none_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"^(kind|text|options|tokens|answer)$"):
        ClassQuestion(**{"kind": "choice", "text": "?", "options": ("a", "b"), **wrong})  # type: ignore[arg-type]
