"""What a store does on every database."""

from __future__ import annotations

from pages.ui.classroom.questions import ClassQuestion
from pages.ui.classroom.store import Standing, Store

CHOICE = ClassQuestion("choice", "Which?", ("this", "that"), answer="1", source="lecturer")
CELL = ClassQuestion(
    "cell", "İ’nin ağırlığı?", queries=("ş", "<b>"), keys=("ğ", "ı", "ö"), answer="1,2",
    source="page", where="MiniLM, layer 5",
)  # fmt: skip


def behaves(store: Store) -> None:
    """AssertionError: it does not."""
    code, token = store.open()
    assert store.standing(code) == store.lecture(token) == Standing(code)
    assert store.standing("CCCCC") is None
    assert store.lecture(code) is None
    assert store.ask("no token", CHOICE) == 0

    first = store.ask(token, CHOICE)
    assert store.standing(code, "a") == Standing(code, "open", first, CHOICE)
    assert store.submit(code, first, "a", "0") == "taken"
    assert store.submit(code, first, "b", "0") == "taken"
    assert store.tally(first) == {"0": 2}
    # One answer a device: the last one, as long as the question is open.
    assert store.submit(code, first, "a", "1") == "taken"
    assert store.tally(first) == {"0": 1, "1": 1}
    assert store.standing(code, "a") == Standing(code, "open", first, CHOICE, "1")

    assert store.turn(token, "closed")
    assert store.submit(code, first, "a", "0") == "closed"
    assert store.submit(code, first, "c", "0") == "closed"
    assert store.tally(first) == {"0": 1, "1": 1}
    assert store.turn(token, "revealed")
    assert not store.turn(token, "closed")  # what is revealed stays so
    assert store.standing(code) == Standing(code, "revealed", first, CHOICE)

    second = store.ask(token, CELL)
    assert store.standing(code, "a") == Standing(code, "open", second, CELL)
    assert store.submit(code, first, "a", "0") == "changed"
    assert store.submit("CCCCC", second, "a", "1,2") == "absent"
    third = store.ask(token, CHOICE)  # a new question closes the one before
    assert store.submit(code, second, "a", "1,2") == "changed"

    other, others = store.open()
    elsewhere = store.ask(others, CHOICE)
    assert store.submit(other, third, "a", "0") == "changed"
    assert store.submit(other, elsewhere, "a", "0") == "taken"
    assert store.delete(token)
    assert not store.delete(token)
    assert store.standing(code) is store.lecture(token) is None
    assert store.tally(first) == {}
    assert store.submit(code, third, "a", "0") == "absent"
    assert store.tally(elsewhere) == {"0": 1}  # another class's stay
    assert store.delete(others)
