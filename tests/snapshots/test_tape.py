"""A tape gives back what it was given, tells numbers that differ, and stays small."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
import streamlit as st

from models import catalog
from models import record as record_module
from models.catalog import CATALOG, card_folder
from models.core.sampling import Settings
from models.core.tokens import Encoded
from models.errors import TextTooLong
from models.record import record
from models.trace import AttentionBlock, AttentionTrace, Projection, Surroundings
from tests.snapshots import tape
from tests.snapshots.codec import Store, checkpoint, read, record_class, written
from tests.snapshots.numbers import same, shown
from tests.snapshots.states import STATES
from tests.snapshots.test_snapshots import HERE

MOST = 8_500_000  # bytes


def trace(rng: np.random.Generator) -> AttentionTrace:
    def floats(*shape: int) -> Any:
        made = rng.normal(size=shape).astype(np.float32)
        made.flags.writeable = False
        return made

    q, x, concat = floats(2, 3, 4), floats(3, 8), floats(3, 8)
    weight = checkpoint(card_folder(CATALOG["bert-mini"]))
    name = "model:bert.encoder.layer.1.attention.self.query.weight"
    side = Projection(weight[name].T[:, 32:64], floats(8))
    around = Surroundings(x, x, side, side, side, side, floats(3, 8), x, concat, concat, True)
    block = AttentionBlock("encoder", 0, q, q, q, 0.5, q, floats(1, 3, 3), surroundings=around)
    names = ("a", "ş", "İ")
    source = Encoded((1, 2, 3), names, names, (True, False, False), (0, 0, 0), {})
    return AttentionTrace("bert-mini", source, (block,))


def alike(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        assert one.flags.writeable == other.flags.writeable
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=True)
    if is_dataclass(one):
        names = [f.name for f in fields(one)]
        return type(one) is type(other) and all(
            alike(getattr(one, name), getattr(other, name)) for name in names
        )
    if isinstance(one, tuple | list) and len(one) == len(other):
        return type(one) is type(other) and all(map(alike, one, other))
    return bool(type(one) is type(other) and one == other)


def through_a_file(value: Any, parameters: dict[str, Any]) -> tuple[Any, int]:
    """(the value, recorded and read again; how many numbers were kept as numbers)."""
    store = Store(lambda: parameters)
    given = store.encode(value)
    content = written({"gives": given, "words": store.words}, store.arrays)
    held, arrays = read(content)
    again = Store(lambda: parameters)
    again.arrays, again.words = arrays, held["words"]
    return again.decode(held["gives"]), sum(array.size for array in arrays.values())


def test_a_record_comes_back_as_it_was() -> None:
    found, _ = through_a_file(trace(np.random.default_rng(0)), {})
    assert alike(found, trace(np.random.default_rng(0)))


def test_a_models_own_parameters_are_named_not_copied() -> None:
    given = trace(np.random.default_rng(0))
    parameters = checkpoint(card_folder(CATALOG["bert-mini"]))
    found, kept = through_a_file(given, parameters)
    assert alike(found, given)
    assert kept < given.blocks[0].surroundings.w_q.weight.size  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "value",
    [
        None,
        (1, 1.0, True, "ğ", float("inf")),
        [1, (2, [3])],
        {"a": {1: (2,)}},
        MappingProxyType({(0, 1): "x"}),
        frozenset({"b", "a"}),
        np.float64(0.1),
        np.bool_(True),
        tuple("abcdefgh" * 9),
        Settings(0.5, 3, 0.9),
        np.array([[np.nan, -0.0]], dtype=np.float32),
        np.arange(600, dtype=np.int64).reshape(2, 10, 30),
        np.array(3.5),
        np.zeros((0, 3), dtype=np.float32),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_kind_of_value_comes_back(value: Any) -> None:
    found, _ = through_a_file(value, {})
    assert alike(found, value), found


def test_what_no_recording_holds_is_said() -> None:
    with pytest.raises(TypeError, match="object"):
        Store(dict).encode(object())


def test_a_record_is_found_by_its_name_and_its_fields() -> None:
    from models.bert.trace import Embedded

    assert record_class("Embedded", frozenset(f.name for f in fields(Embedded))) is Embedded
    with pytest.raises(LookupError, match="Embedded"):
        record_class("Embedded", frozenset({"x"}))


def test_a_call_that_is_not_recorded_is_an_error_and_says_which() -> None:
    said = r"minilm: record\(text='nobody"
    with tape.playing("replay") as playing, pytest.raises(tape.NotRecorded, match=said):
        record_module.record(playing.load("minilm"), "nobody recorded this")


def test_a_visitors_error_is_on_the_tape_too() -> None:
    with tape.playing("replay") as playing:
        from models.recurrent import run

        with pytest.raises(TextTooLong) as caught:
            run(playing.load("lstm"), "The dog ran. " * 200)
    assert set(caught.value.details) == {"length", "limit"}


def test_the_tape_leaves_every_name_as_it_was() -> None:
    def names() -> dict[tuple[str, str], int]:
        modules = [m for package in ("pages", "models") for m in tape.modules(package)]
        return {(m.__name__, n): id(v) for m in modules for n, v in vars(m).items() if callable(v)}

    with tape.playing("replay"):
        pass
    before = names()
    with tape.playing("replay"):
        assert {name for name, _ in names().items() - before.items()} >= {
            ("models.record", "record"),
            ("models.catalog", "load"),
        }
    assert names() == before


def test_a_function_made_around_another_draws_from_the_tape(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def of_model(function: Any) -> Any:
        @st.cache_resource(max_entries=2, show_spinner=False)
        def asked(model_id: str, *given: Any) -> Any:
            return function(catalog.load(model_id), *given)

        return asked

    made = of_model(record)
    monkeypatch.setattr("pages.registry.made", made, raising=False)
    with tape.playing("replay"), pytest.raises(tape.NotRecorded):
        made("minilm", "nobody recorded this")
    assert made("bert-mini", "a dog").tokens


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("0.5857", "0.5858", True),
        ("0.5857", "0.5859", False),
        ("0{,}50", "0{,}51", True),
        ("−0,92 x", "−0,91 x", True),
        ("−0.92", "0.92", False),
        ("0.92", "0.92 ", False),
        ("1.000e-09", "1.001e-09", True),
        ("1.000e-09", "1.000e-08", False),
        ("layer 3", "layer 4", False),
        ("95 %", "96 %", True),
        ("84", "84.00", True),
        ("84", "85", False),
        ("uint8 4, 3 … 9", "uint8 4, 3 … 10", True),
        ("#1F1E1C", "#1F1E1D", False),
        ("a\nb", "a", False),
    ],
)
def test_numbers_may_differ_by_one_unit_of_their_last_digit(
    one: str, other: str, alike: bool
) -> None:
    assert same(one, other) is alike
    assert same(other, one) is alike


def test_numbers_are_written_with_four_digits() -> None:
    given = (0.58571, 3, 84.0, -1234.56, 2e-9, 0.0, float("nan"), 0.99996)
    assert [shown(value) for value in given] == [
        *("0.5857", "3", "84", "-1234.6", "2.000e-09", "0", "nan", "1.0000"),
    ]


def test_there_are_enough_states_with_a_name_each() -> None:
    assert len({state.name for state in STATES}) == len(STATES) >= 80
    assert len({(s.page, s.theme, *s.address.items()) for s in STATES}) == len(STATES)


def test_recordings_and_snapshots_stay_small() -> None:
    files = [*(HERE / "fixtures").rglob("*"), *(HERE / "__snapshots__").rglob("*")]
    assert sum(path.stat().st_size for path in files if path.is_file()) <= MOST
