"""What sessions share: every cache has its own entries, so many at most, and none of an error."""

from __future__ import annotations

import gc
import threading
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.lib.array_utils import byte_bounds

from models.catalog import load
from models.core.arrays import Floats, occupied
from models.core.loaded import LoadedModel
from models.core.tokens import named
from models.errors import EmptyText
from models.loading import unpacked
from models.record import record
from models.trace import AttentionTrace, RecurrentTrace
from pages.gpt import controls, induction
from pages.positions import schemes
from pages.ui import caches
from tests.models import tiny
from tests.models.loading.test_unpacked import zipped

calls: list[object] = []


@pytest.fixture(autouse=True)
def none_yet() -> None:
    calls.clear()


def first(number: int) -> str:
    calls.append(number)
    return f"first {number}"


def second(number: int) -> str:
    calls.append(number)
    return f"second {number}"


def refused(text: str) -> str:
    calls.append(text)
    raise EmptyText("nothing there")


def of_loaded(loaded: LoadedModel, /, text: str, *, cut: bool = False) -> tuple[str, str, bool]:
    calls.append(text)
    return loaded.card.id, text, cut


def tokens_of(record: AttentionTrace, /, layer: int) -> tuple[str, int]:
    calls.append(layer)
    return record.model_id, layer


def test_two_functions_of_the_same_arguments_do_not_share_entries() -> None:
    one, other = (caches.of_values(each, entries=4) for each in (first, second))
    assert [one(1), other(1), one(1), other(1)] == ["first 1", "second 1"] * 2
    assert calls == [1, 1]


def test_a_module_that_is_read_again_finds_what_it_had() -> None:
    caches.of_values(first, entries=3)(5)
    caches.of_values(first, entries=3)(5)
    assert calls == [5]


def test_only_the_last_entries_stay() -> None:
    kept = caches.of_values(second, entries=2)
    for number in (11, 12, 13, 13, 12, 11):
        kept(number)
    assert calls == [11, 12, 13, 11]


def test_what_was_refused_is_asked_again() -> None:
    kept = caches.of_values(refused, entries=4)
    for _ in range(2):
        with pytest.raises(EmptyText):
            kept("")
    assert calls == ["", ""]


def test_a_function_without_a_name_of_its_own_is_refused() -> None:
    def inside(number: int) -> int:
        return number

    for nameless in (inside, lambda number: number):
        with pytest.raises(ValueError, match="no name of its own"):
            caches.of_values(nameless, entries=1)


def test_a_models_entries_are_found_by_its_id_and_all_settings() -> None:
    kept = caches.of_model(of_loaded, entries=8)
    assert kept("minilm", "a") == ("minilm", "a", False)
    assert kept("induction", "a", cut=True) == ("induction", "a", True)
    assert kept("induction", "a", cut=False) == ("induction", "a", False)
    kept("minilm", "a")
    assert calls == ["a", "a", "a"]


def test_records_of_equal_keys_share_what_is_taken_from_them_and_no_others() -> None:
    kept = caches.of_record(tokens_of, entries=8)
    one = AttentionTrace("some", named("ab"), (), text="a b")
    again = AttentionTrace("some", named("ab"), (), text="a b")
    longer = AttentionTrace("some", named("abc"), (), text="a b")
    written = AttentionTrace("some", named("ab"), (), named("x"), text="a b")
    bare = AttentionTrace("some", named("ab"), (), text="a b", positions=False)
    assert one.key == again.key
    assert len({each.key for each in (one, longer, written, bare)}) == 4
    for each in (one, again, longer, written, bare, one):
        kept(each, 0)
    kept(one, 1)
    assert calls == [0, 0, 0, 0, 1]


def test_silenced_units_make_another_record_of_the_same_text() -> None:
    whole, silent = (
        RecurrentTrace("some", named("ab"), (), text="a b", silenced=units)
        for units in ((), ((0, 1),))
    )
    assert whole.key != silent.key
    assert whole.key != AttentionTrace("some", named("ab"), (), text="a b").key


def of_size(loaded: LoadedModel, /, number: int, *, size: int = 25) -> tuple[Floats, ...]:
    calls.append(number)
    array = np.zeros(size, np.float32)
    return array, array[::2], np.broadcast_to(array, (4, size))


def test_what_a_record_takes_is_counted_once() -> None:
    big = np.zeros((6, 8), np.float32)
    block = Spread(big, (big[:3], big.T), {"k": np.broadcast_to(big[:1, :1], (9, 9))}, "no array")
    assert occupied(block) == big.nbytes
    assert occupied((big, big.copy())) == 2 * big.nbytes
    assert occupied((np.zeros(0), None, "a")) == 0
    assert occupied({"picture": "x" * 2000, "name": b"y" * 9}) == 2000
    mixed = [1, "a", None, "z" * 3000, [2.0, {"marks": [[0, "b", big]]}], [True, b"w" * 4000]]
    assert occupied(mixed) == 3000 + big.nbytes + 4000
    marks = [[0, "b"], [1, big], None, 2, ["y" * 2000, [big[:2]]]]
    assert occupied(marks) == big.nbytes + 2000


def test_weights_that_the_model_holds_anyway_are_not_counted() -> None:
    kept = np.zeros((4, 8), np.float32)
    first, behind = byte_bounds(kept)
    before, after = (first - 64, first - 32), (behind, behind + 64)
    assert occupied((kept[1:3], kept.T), [before, (first, behind), after]) == 0
    assert occupied(kept, [before, after]) == kept.nbytes
    assert occupied((kept, kept.copy()), [(first, behind)]) == kept.nbytes
    loaded = load("minilm")
    plain, around = (record(loaded, "a cat", surroundings=more) for more in (False, True))
    weights = [one.surroundings.w_q.weight for one in around.blocks if one.surroundings is not None]
    assert occupied(around) > occupied(tuple(weights)) > 0
    assert occupied(tuple(weights), loaded.memory) == 0
    assert occupied(plain) == occupied(plain, loaded.memory)
    assert occupied(around, loaded.memory) < 4 * occupied(plain)


@dataclass(frozen=True)
class Spread:
    one: Floats
    parts: tuple[Floats, ...]
    named: dict[str, Floats]
    word: str


def test_entries_of_a_budget_are_let_go_when_they_take_too_much() -> None:
    budget = caches.Budget(250)
    kept = caches.of_model(of_size, entries=9, budget=budget)
    for number in (1, 2, 1, 3):
        kept("minilm", number)
    assert budget.bytes == 200
    kept("minilm", 1)  # was asked again before 3 came: 2 went
    kept("minilm", 3)
    assert calls == [1, 2, 3]
    kept("minilm", 2)
    assert calls == [1, 2, 3, 2]
    kept("minilm", 4, size=250)  # larger than all of it: it alone stays
    kept("minilm", 4, size=250)
    assert budget.bytes == 1000
    assert calls == [1, 2, 3, 2, 4]
    kept("minilm", 3)
    assert calls == [1, 2, 3, 2, 4, 3]


def test_what_a_cache_lets_go_by_itself_takes_nothing_of_the_budget() -> None:
    budget = caches.Budget(1000)
    kept = caches.of_model(of_third, entries=2, budget=budget)
    for number in (41, 42, 43):
        kept("minilm", number)
    assert budget.bytes == 200


def of_third(loaded: LoadedModel, /, number: int) -> tuple[Floats, ...]:
    return of_size(loaded, number)


def test_caches_share_a_budget_and_an_entry_is_really_gone() -> None:
    budget = caches.Budget(250)
    one, other = (caches.of_model(each, entries=9, budget=budget) for each in (of_size, of_other))
    gone = weakref.ref(one("minilm", 21)[0])
    other("minilm", 21)
    assert gone() is not None
    other("minilm", 22)
    gc.collect()
    assert gone() is None
    assert budget.bytes == 200


def of_other(loaded: LoadedModel, /, number: int) -> tuple[Floats, ...]:
    return of_size(loaded, number)


def test_recordings_take_no_more_than_their_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches.recordings, "_most", 1)
    for text in ("the animal", "the street", "the animal"):
        found = caches.trace("minilm", text)
        assert caches.recordings.bytes == occupied(found)


@pytest.mark.parametrize(
    ("cache", "given"),
    [
        (schemes._content, ("the animal",)),
        (controls.pass_over, ((5, 6, 7),)),
        (induction._repeated, (tuple(range(5, 25)),)),
    ],
)
def test_what_a_page_records_by_itself_counts_there_too(
    cache: Any, given: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caches.recordings, "_most", 1)
    model = "gpt-mini" if cache is not schemes._content else "bert-mini"
    found = cache(model, *given)
    assert caches.recordings.bytes == occupied(found, load(model).memory) > 0


def of_two(loaded: LoadedModel, /, text: str) -> str:
    calls.append(text)
    if text == "fails":
        raise ValueError(text)
    return f"{loaded.card.id} {text}"


@pytest.fixture(scope="module", autouse=True)
def worker() -> None:
    threading.Thread(target=caches.work, args=(0,), daemon=True).start()


def test_in_the_background_the_first_asked_is_done_once_and_kept() -> None:
    ask = caches.in_background(of_two, entries=4)
    assert ask("induction", "first") is None
    caches.settled()
    assert ask("induction", "second") == "induction first"
    caches.settled()
    assert calls == ["first"]


def test_what_fails_in_the_background_is_none_and_not_tried_again() -> None:
    ask = caches.in_background(of_two, entries=4)
    for _ in range(3):
        assert ask("induction", "fails") is None
        caches.settled()
    assert calls == ["fails"]
    assert ask("induction-1layer", "next") is None
    caches.settled()
    assert ask("induction-1layer", "next") == "induction-1layer next"


def test_no_more_is_kept_of_the_background_than_told() -> None:
    ask = caches.in_background(of_two, entries=1)
    for model in ("induction", "induction-1layer", "induction"):
        assert ask(model, model) is None
        caches.settled()
    assert len(calls) == 3


def test_where_folders_are_not_opened_no_name_tells_of_the_disk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = ("..", ".", "~", "~root", "pages/../pages", str(tmp_path))
    assert caches.title(str(tmp_path)) == tmp_path.name
    monkeypatch.setenv("DIKKAT_MODE", "public")
    assert [caches.title(one) for one in said] == list(said)


def test_of_a_zip_that_is_gone_no_number_is_shown(tmp_path: Path) -> None:
    held = unpacked.unpack("a.zip", zipped(tiny.save("bert", tmp_path)))
    model_id = held.id
    assert caches.trace(model_id, "the animal").model_id == model_id
    del held
    gc.collect()
    with pytest.raises(unpacked.ZipNotHere):
        caches.trace(model_id, "the animal")
