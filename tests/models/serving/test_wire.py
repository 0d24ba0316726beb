"""Records as bytes: the same bit by bit, no pickle, and hostile bytes are refused."""

from __future__ import annotations

import contextlib
import json
import pickle
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.array_utils import byte_bounds

from models.catalog import load
from models.core.arrays import Difference, read_only
from models.serving import answer, table, wire
from models.serving.wire import WireError, packed, unpacked

# Every function of the table, with a model that it is asked of.
ASKED: dict[str, tuple[str, tuple[Any, ...], dict[str, Any]]] = {
    "models.gpt.generation.next_logits": ("gpt-mini", ((5, 9, 12),), {}),
    "models.gpt.generation.traced": ("gpt-mini", ((5, 9, 12),), {}),
    "models.heads.continuation.record_continued": ("gpt-mini", ("The old cook", 3), {}),
    "models.lstm.record.run": ("tagger", ("the dog sees",), {"silenced": ((0, 1),)}),
    "models.record.record": (
        "minilm",
        ("Kediler ışığı görür.",),
        {"text_pair": "İkinci", "surroundings": True},
    ),
    "models.seq2seq.record.translate": ("seq2seq", ("bu kedi",), {}),
    "models.translator.record.translate": ("translator", ("bu kedi",), {"beams": 2}),
}


def assert_same(one: Any, other: Any, place: str = "it") -> None:
    """Of one type, equal bit by bit, and lying in memory the same way."""
    assert type(one) is type(other) or isinstance(one, (float, dict)), place
    if isinstance(one, np.ndarray):
        assert (one.dtype, one.shape) == (other.dtype, other.shape), place
        assert one.tobytes() == other.tobytes(), place
        assert not other.flags.writeable, place
    elif is_dataclass(one):
        for field in fields(one):
            where = f"{place}.{field.name}"
            assert_same(getattr(one, field.name), getattr(other, field.name), where)
    elif isinstance(one, dict):
        assert list(one) == list(other), place
        for key in one:
            assert_same(one[key], other[key], f"{place}[{key}]")
    elif isinstance(one, tuple):
        assert len(one) == len(other), place
        for n, (a, b) in enumerate(zip(one, other, strict=True)):
            assert_same(a, b, f"{place}.{n}")
    else:
        assert one == other or (one != one and other != other), place


@pytest.mark.parametrize("make", sorted(table.FUNCTIONS))
def test_a_record_comes_back_bit_by_bit(make: str) -> None:
    model_id, given_, named = ASKED[make]
    loaded = load(model_id)
    body = answer.question(make, model_id, str(loaded.card.sha256), given_, named)
    found = table.named(make, table.FUNCTIONS)(loaded, *given_, **named)
    status, said = answer.answer(body)
    assert status == answer.ANSWERED
    own = wire.parameters(loaded.model)
    assert_same(found, unpacked(said, lambda: own))


def test_parameters_stay_at_home_and_shared_memory_goes_once() -> None:
    loaded = load("gpt-mini")
    own = wire.parameters(loaded.model)
    found = table.named("models.gpt.generation.traced", table.FUNCTIONS)(loaded, (5, 9, 12))
    body = packed(found, own)
    again = unpacked(body, lambda: own)
    around = again.blocks[0].surroundings
    first, _ = byte_bounds(around.w_o.weight)
    assert any(low <= first < high for low, high in map(byte_bounds, own.values()))
    # All heads' outputs side by side are the outputs themselves.
    assert np.shares_memory(around.concat, again.blocks[0].output)
    # q, k, v, outputs and four more of what surrounds them, of 3 tokens; no matrix of weights.
    width, layers = loaded.card.width, len(found.blocks)
    assert len(body) < 16_000 + layers * 10 * 3 * width * 4
    with pytest.raises(WireError):
        unpacked(body)  # without the model


@pytest.mark.parametrize(
    "array",
    [
        np.arange(24.0, dtype=np.float32).reshape(2, 3, 4).transpose(2, 0, 1),
        np.arange(24.0).reshape(4, 6)[:, 1:3],
        np.arange(24.0)[::-1],
        np.broadcast_to(np.float32(2.5), (3, 4)),
        np.empty((0, 3), np.float32),
        np.array(7),
        np.array([True, False]),
        np.array([np.nan, -np.inf, -0.0, 5e-324]),
    ],
)
def test_views(array: np.ndarray[Any, Any]) -> None:
    one, two = unpacked(packed((array, array)))
    assert_same((array, array), (one, two))
    assert not array.size or np.shares_memory(one, two)


def test_what_is_of_no_table_does_not_go() -> None:
    for value in (object(), {1}, [1], b"", np.array(["a"]), np.array([1], np.float16), load):
        with pytest.raises(WireError):
            packed(value)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text() | st.integers(), inner, max_size=4)
        | st.builds(Difference, st.floats(), st.floats())
    ),
)


@given(values)
def test_whatever_a_record_is_made_of(value: Any) -> None:
    assert_same(value, unpacked(packed(value)))


LINE = read_only(np.arange(6, dtype=np.float32))


def forged(node: Any) -> bytes:
    from safetensors.numpy import save

    return save({"a": np.asarray(LINE)}, {"record": json.dumps(node)})


nodes = st.recursive(
    st.none() | st.integers() | st.text() | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["array", "record", "fields", "table", "x"]), inner, max_size=2
        )
        | st.builds(
            lambda *parts: {"array": list(parts)},
            st.sampled_from(["sent", "own", ""]),
            st.sampled_from(["a", "b"]),
            st.integers() | st.integers(-2, 8),
            st.lists(st.integers(-1, 9) | st.integers(), max_size=4),
            st.lists(st.integers(-9, 9) | st.integers(), max_size=4),
        )
        | st.builds(
            lambda kind, parts: {"record": kind, "fields": parts},
            st.sampled_from([*sorted(table.RECORDS), "builtins.eval", "os.system"]),
            st.dictionaries(st.sampled_from(["q", "values", "name", "absolute"]), inner),
        )
    ),
)


@given(nodes)
def test_forged_records_are_a_wire_error_or_stay_within_their_bytes(node: Any) -> None:
    try:
        found = unpacked(forged(node))
    except WireError:
        return

    def arrays(value: Any) -> list[np.ndarray[Any, Any]]:
        if isinstance(value, np.ndarray):
            return [value]
        if is_dataclass(value):
            return arrays(tuple(getattr(value, f.name) for f in fields(value)))
        if isinstance(value, dict):
            value = tuple(value.values())
        return [each for part in value for each in arrays(part)] if type(value) is tuple else []

    for array in arrays(found):
        assert array.size <= LINE.size
        assert set(array.ravel().tolist()) <= set(LINE.tolist())


@given(
    st.binary(max_size=200) | st.binary(max_size=60).map(lambda b: len(b).to_bytes(8, "little") + b)
)
def test_bytes_of_any_kind(body: bytes) -> None:
    with pytest.raises(WireError):
        unpacked(body)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_byte_is_a_wire_error_or_a_record(at: int, by: int) -> None:
    body = bytearray(packed((LINE, "text", Difference(1.0, 2.0))))
    body[at % len(body)] ^= by
    with contextlib.suppress(WireError):
        unpacked(bytes(body))


def test_a_number_is_no_million_of_them_and_a_pickle_no_record() -> None:
    for shape, strides in (([10**9], [0]), ([7], [0]), ([2, 4], [0, 1]), ([3], [3]), ([-1], [1])):
        with pytest.raises(WireError):
            unpacked(forged({"array": ["sent", "a", 0, shape, strides]}))
    for body in (pickle.dumps(LINE), b"", b"\xff" * 8, (2**63).to_bytes(8, "little") + b"{}"):
        with pytest.raises(WireError):
            unpacked(body)
    deep: Any = 1
    for _ in range(900):
        deep = [deep]
    with pytest.raises(WireError):
        unpacked(forged(0).replace(b'"0"', b'"' + b"[" * 100_000 + b'"'))
