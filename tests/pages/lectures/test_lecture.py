"""The format: what an author got wrong is told line by line; no file breaks or marks anything."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pages.ui.lectures import lecture as module
from pages.ui.lectures import place
from pages.ui.lectures.lecture import LONGEST_LINE, Lecture, LectureError, lecture
from pages.ui.lectures.words import markdown
from pages.ui.text import LANGUAGES, catalogue

GOOD = """# Title (2 min)

## Stop (2 min)
/scores?v=2&step=1
Question?
- [x] A
- [ ] B
/scores?v=2&step=2
Answer.
> Say.
"""


def faults(text: str) -> list[tuple[int, str]]:
    """(line, code) of all that is wrong."""
    with pytest.raises(LectureError) as caught:
        lecture(text)
    return [(problem.line, problem.code) for problem in caught.value.problems]


def changed(line: int, to: str) -> str:
    """GOOD with another line of that number."""
    lines = GOOD.splitlines()
    lines[line - 1] = to
    return "\n".join(lines)


def test_what_is_written_is_what_is_read() -> None:
    stop = lecture(GOOD).stops[0]
    assert (stop.title, stop.minutes, stop.question) == ("Stop", 2, "Question?")
    assert (stop.answer, stop.notes, stop.place.page) == ("Answer.", "Say.", "scores")
    assert stop.shows is not None
    assert stop.shows.said == {"step": "2"}


WRONG = [
    (1, "Title", [(1, "no_title")]),
    (1, "# Title", [(1, "title")]),
    (1, "# Title (3 min)", [(1, "minutes")]),
    (1, "# Title (0 min)", [(1, "title")]),
    (2, "# Other (2 min)", [(2, "title_twice")]),
    (3, "## Stop", [(3, "stop_title")]),
    (3, "Words", [(1, "no_stops")]),
    (4, "scores", [(4, "no_place")]),
    (4, "/nowhere?v=2", [(4, "place_page")]),
    (4, "/../app?v=2", [(4, "place_page")]),
    (4, "//evil.example/scores?v=2", [(4, "place_page")]),
    (4, "/scores?step=1", [(4, "place_version")]),
    (4, "/scores?v=2&stp=1", [(4, "place_name")]),
    (4, "/scores?v=2&lang=en", [(4, "place_name")]),
    (4, "/scores?v=2&talk=own", [(4, "place_name")]),
    (4, "/scores?v=2&step=x", [(4, "place_value")]),
    (4, "/scores?v=2&step=1&step=2", [(4, "place_twice")]),
    (4, "/scores?v=2&step", [(4, "place_query")]),
    (4, "/gpt?v=2", [(3, "shows_page")]),
    (5, "", [(3, "no_question")]),
    (6, "- [o] A", [(6, "mark")]),
    (6, "- [ ] A", [(3, "right")]),
    (7, "- [x] B", [(3, "right")]),
    (7, "", [(3, "choices")]),
    (9, "", [(3, "no_answer")]),
    (9, "Answer.\n/scores?v=2", [(10, "place_late")]),
    (9, "Answer.\n- [ ] C", [(10, "choice_late")]),
    (5, "x" * 3000, [(5, "line_long")]),
]


@pytest.mark.parametrize(("line", "to", "told"), WRONG, ids=lambda value: str(value)[:30])
def test_a_fault_is_told_with_its_line(line: int, to: str, told: list[tuple[int, str]]) -> None:
    assert faults(changed(line, to)) == told


def test_all_faults_are_told_at_once_in_order_up_to_a_limit() -> None:
    two = changed(4, "/scores?v=2&stp=1").replace("- [x] A", "- [?? A")
    assert faults(two) == [(4, "place_name"), (6, "mark")]
    many = "# T (1 min)\n" + "## no minutes\n" * 40
    assert len(faults(many)) == module.MOST_PROBLEMS


def test_size_and_count_of_stops_have_limits() -> None:
    assert faults("# T (1 min)\n" + "x" * module.LONGEST) == [(1, "long")]
    stop = GOOD.split("\n\n", 1)[1]
    most = module.MOST_STOPS
    assert len(lecture(f"# T ({2 * most} min)\n" + stop * most).stops) == most
    assert "stops" in [
        code for _, code in faults(f"# T ({2 * most + 2} min)\n" + stop * (most + 1))
    ]
    assert faults("") == [(1, "empty")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_has_its_sentence(language: str) -> None:
    sources = (Path(module.__file__), Path(place.__file__))
    source = "".join(path.read_text(encoding="utf-8") for path in sources)
    raised = set(re.findall(r'(?:wrong\(\w+, |PlaceError\(|yield |Problem\(1, )"(\w+)"', source))
    known = {key.removeprefix("talk.problem.") for key in catalogue(language) if "problem" in key}
    assert raised
    assert raised <= known


PIECES = st.sampled_from(
    [*GOOD.splitlines(keepends=True), "## ", "- [", "/", ">", "# A (9 min)\n", "&v=2", "\0", "İ"]
)
FILES = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=30).map("".join))


@given(FILES)
def test_no_file_breaks_the_reader(text: str) -> None:
    try:
        assert isinstance(lecture(text), Lecture)
    except LectureError as error:
        lines = [problem.line for problem in error.problems]
        assert lines == sorted(lines)
        assert all(1 <= n <= max(1, len(text.splitlines())) for n in lines)


RENDER = MarkdownIt("gfm-like", {"html": True, "linkify": False})
HARMFUL = st.sampled_from(
    [
        *("<script>alert(1)</script>", "<img src=x onerror=y>", "[a](javascript:b)"),
        *("https://evil.example", "www.evil.example", "a@evil.example", ":material/home:"),
        *("[a](/scores)", "[a]: http://b\n", "<https://a.b>", "![a](http://b)", ":red[x]"),
        *("`", "$", "**", "*", "\\", "&lt;", "\n"),
        *("# a", "- a", "|a|\n|-|", "```\n", "> a", "1. a", "~~a~~", "$\\href{http://a}{b}$", "~"),
    ]
)
WORDS = st.lists(st.one_of(HARMFUL, st.text(max_size=5)), max_size=10).map("".join)
MEANT = {"paragraph_open", "paragraph_close", "inline", "text", "softbreak", "code_inline"}
MEANT |= {"em_open", "em_close", "strong_open", "strong_close", "text_special"}


@given(WORDS)
def test_no_words_become_markup_but_what_is_meant(words: str) -> None:
    shown = markdown(words)
    tokens = RENDER.parse(shown)
    kinds = {one.type for token in tokens for one in (token, *(token.children or ()))}
    assert kinds <= MEANT, (shown, kinds - MEANT)
    texts = (one for token in tokens for one in token.children or ())
    joined = "".join(one.content for one in texts if one.type.startswith("text"))
    assert not re.search(r"://|\bwww\.|\w@\w", joined), shown
    assert ":material/" not in shown
    assert "\\href" not in re.sub("`[^`]*`", "", shown)


def test_what_is_meant_is_kept() -> None:
    assert markdown("*yemek* is **not** `code`, $\\sqrt{d_k}$") == (
        "*yemek* is **not** `code`, $\\sqrt{d_k}$"
    )


def test_a_heading_of_spaces_is_read_at_once() -> None:
    """A fault in the pattern would take longer than the lecture."""
    line = "#" + " " * (LONGEST_LINE - 3) + "x"
    with pytest.raises(LectureError):
        lecture("\n".join([line] * 40))
