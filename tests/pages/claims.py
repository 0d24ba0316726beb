"""The stages of a lesson's questions, for tests that ask the models there whether it is right."""

from __future__ import annotations

from types import SimpleNamespace

from pages.ui import stages, state, text


def both(page: str, number: int, right: str = "") -> tuple[SimpleNamespace, SimpleNamespace]:
    """The state that a question is about, and the one that shows its answer: every parameter.

    right: what the lesson calls right, in English; "": another call of the same test said it.
    """
    one = stages.check(page, text.lesson(page, "en")).tries[number - 1]
    assert right in ("", *(choice.words for choice in one.choices if choice.right))
    return _state(page, one.stage), _state(page, one.shows or one.stage)


def _state(page: str, address: str) -> SimpleNamespace:
    usual = {name: one.default for name, one in state.parameters(page).items()}
    return SimpleNamespace(**{**usual, **stages.read(page, address)})
