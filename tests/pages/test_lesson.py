"""How an author writes a lesson, and what is said where it is not written so."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages.ui import stages, text, tries
from pages.ui.lesson import Careful, Choice, Lesson, LessonError, Try, Where, lesson

GOOD = """
<!-- try 1 view=mask,next stage="view=mask&text=A cat, 2%2B2&hidden=2" -->
**How many?**
Guess.

- [ ] One
- [x] *Two*
<!-- answer 1 stage="view=next" -->
Two.
<!-- try 2 stage="step=4" -->
And now?
- [?] More
- [?] Fewer
<!-- answer 2 -->
Nobody knows.
<!-- careful view=mask -->
First.

Second.
<!-- careful -->
Third.
"""


def test_a_lesson_is_read_as_it_is_written() -> None:
    mask = Where("view", ("mask",))
    assert lesson(GOOD) == Lesson(
        (
            Try(
                1,
                Where("view", ("mask", "next")),
                "view=mask&text=A cat, 2%2B2&hidden=2",
                "**How many?**\nGuess.",
                (Choice("One", False), Choice("*Two*", True)),
                "Two.",
                "view=next",
            ),
            Try(
                2,
                Where(),
                "step=4",
                "And now?",
                (Choice("More", None), Choice("Fewer", None)),
                "Nobody knows.",
            ),
        ),
        (Careful(mask, "First."), Careful(mask, "Second."), Careful(Where(), "Third.")),
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<!-- try 1 ", "Hello <!-- try 1 ", "'Hello' stands before the first comment"),
        ("<!-- careful -->", "<!-- note -->", "<!-- note -->: a part is a try, an answer or"),
        ("<!-- careful -->", "<!-- carefully -->", "a part is a try, an answer or careful"),
        ("<!-- try 2 ", "<!-- try 3 ", "try 3: it stands where try 2 is expected"),
        ("<!-- try 2 ", "<!-- try 1 ", "try 1: it is there twice"),
        ("<!-- answer 2 -->\nNobody knows.", "", "try 2: there is no answer 2"),
        ("<!-- answer 2 -->", "<!-- answer 3 -->", "try 2: there is no answer 2"),
        ("Nobody knows.", "No.\n<!-- answer 7 -->\nSeven.", "answer 7: there is no try of that"),
        ("Nobody knows.", "", "answer 2: nothing stands below it"),
        ('try 2 stage="step=4"', "try 2", "try 2: it has no stage"),
        ("view=mask,next", "view=mask mode=hand", "try 1: it depends on view and mode"),
        ('try 2 stage="step=4"', 'try 2 stage=" ', "try 2: 'stage=\"' is not name=value"),
        ("answer 2 -->", "answer 2 view=mask -->", "answer 2: it is shown where its try is"),
        ("- [ ] One\n", "", "try 1: 1 predictions; there have to be 2 to 4"),
        ("- [ ] One\n", "- [ ] One\n" * 4, "try 1: 5 predictions; there have to be 2 to 4"),
        ("- [x] *Two*\n", "- [x] *Two*\nSo.\n", "try 1: its predictions are its last lines"),
        ("- [ ] One", "- [y] One", "try 1: - [y] is none of - [x], - [ ], - [?]"),
        ("- [ ] One", "- [x] One", "try 1: exactly one prediction is right"),
        ("- [x] *Two*", "- [ ] *Two*", "try 1: exactly one prediction is right"),
        ("- [?] More", "- [x] More", "try 2: exactly one prediction is right"),
        ("**How many?**\nGuess.", "", "try 1: it asks nothing"),
    ],
)
def test_an_author_is_told_which_part_is_wrong_and_how(old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(LessonError) as told:
        lesson(GOOD.replace(old, new, 1))
    assert said in str(told.value)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("view=mask&querry=4", "'querry' is no parameter of the page bert"),
        ("view=mask&lang=tr", "'lang' is no parameter of the page bert"),
        ("view=mask&step=1&step=2", "'step' is said twice"),
        ("view=sideways", "view: 'sideways' is none of"),
        ("step=four", "step: 'four' is not a whole number"),
        ("step", "bad query field"),
        ("view=next", "try 1: its stage 'view=next' is not where it stands"),
        ("step=4", "try 1: its stage 'step=4' is not where it stands"),  # the first view
    ],
)
def test_a_stage_that_the_page_cannot_be_in_is_told(address: str, said: str) -> None:
    asked = Try(1, Where("view", ("mask",)), address, "?", (), "!")
    with pytest.raises(LessonError) as told:
        stages.check("bert", Lesson((asked,), ()))
    assert said in str(told.value)


@pytest.mark.parametrize(
    "where", [Where("view", ("mask", "sideways")), Where("mode", ("hand",)), Where("text", ("a",))]
)
def test_a_side_that_the_page_does_not_have_is_told(where: Where) -> None:
    with pytest.raises(LessonError, match="the page bert has no such side"):
        stages.check("bert", Lesson((), (Careful(where, "So."),)))


def test_a_stage_is_read_as_a_link_is() -> None:
    assert stages.read("bert", "view=mask&text=A cat, 2%2B2&hidden=2&step=4") == {
        "view": "mask",
        "text": "A cat, 2+2",
        "hidden": "2",
        "step": 4,
    }
    assert stages.read("gpt", "temperature=0.2&seed=3") == {"temperature": 0.2, "seed": 3}


def test_an_author_is_told_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "bert.md").write_text("<!-- careful -->", encoding="utf-8")
    monkeypatch.setattr(text, "FOLDER", tmp_path)
    with pytest.raises(LessonError, match=r"text/en/bert\.md: careful: nothing stands below it"):
        text.lesson.__wrapped__("bert", "tr")  # not translated: the default language's


def test_an_open_question_is_neither_right_nor_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    english = text.catalogue("en")
    monkeypatch.setattr(tries, "t", lambda key, **values: english[key].format(**values))
    choices = lesson(GOOD).tries[1].choices
    assert tries.judged(choices, 0) == english["frame.predicted.open"].format(words="More")
