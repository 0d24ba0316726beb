"""Figures are pure: one of the same numbers, words and colours is composed once a process.

What is told apart is what is handed in, by content; what cannot be told apart that way, or is
large, is composed anew. An array that cannot be written to is told once as long as it lives, and so
is a record (a frozen dataclass that equals itself alone, and can be referred to weakly). A figure
that is kept is shared, so nobody changes one after it is made.
"""

from __future__ import annotations

import marshal
import weakref
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import partial, wraps
from hashlib import blake2b
from types import FunctionType
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from models.core.arrays import occupied
from models.core.budget import Budget
from viz.board.board import Figure

MOST = 192 * 2**20  # bytes: every page's first views in two languages and both themes, and more
SMALL = 2**16  # bytes that any figure takes besides its arrays: about its words, marks and axes
LARGE = 2**21  # bytes of arrays that take longer to tell apart than to draw
ONCE = 8  # times as many of what is told once as long as it lives
_NOTED = 2**14  # bytes of an array whose digest is worth remembering

P = ParamSpec("P")
F = TypeVar("F", bound=Figure | tuple[Figure, ...])

_kept: dict[bytes, tuple[Any, int]] = {}  # what was drawn, and its bytes
_budget = Budget(MOST)
_digests: dict[int, tuple[weakref.ref[Any], bytes]] = {}  # of read-only arrays, by their id
# → their digests; b"": they have none
_records: WeakKeyDictionary[Any, bytes] = WeakKeyDictionary()


def kept(make: Callable[P, F]) -> Callable[P, F]:
    """The same function, of a figure or of several that lie on each other; those of all such
    functions are kept, MOST bytes of them.
    """

    @wraps(make)
    def by_content(*given: P.args, **named: P.kwargs) -> F:
        try:
            key = content(make, given, named)
        except TypeError:
            return make(*given, **named)
        entry = _kept.get(key)
        if entry is None:
            drawn = make(*given, **named)
            size = 0
            for n, each in enumerate(drawn if isinstance(drawn, tuple) else (drawn,)):
                each._content = key + bytes([n])  # what is made from it is told apart by it
                size += SMALL + occupied((each._data, each._layout))
            entry = _kept.setdefault(key, (drawn, size))
        _budget.note(id(entry), entry[1], partial(_forget, key))
        found: F = entry[0]
        return found

    return by_content


def _forget(key: bytes) -> None:
    _kept.pop(key, None)


def _gone(array: int, _: object) -> None:
    _digests.pop(array, None)


def sweep(unasked: float) -> None:
    """Let go what nobody asked for in so many seconds: it shows what somebody typed."""
    _budget.sweep(unasked)


def forget() -> None:
    """Compose all anew, as tests do."""
    sweep(-1.0)


def content(*parts: object) -> bytes:
    """A digest that is the same for the same numbers, words and functions.

    TypeError: something in them cannot be told by its content, or its arrays take LARGE bytes.
    """
    teller = _Teller(LARGE)
    teller.tell(parts)
    return teller.hash.digest()


def _of_record(one: Any) -> bytes:
    """`content` of a record, which stays as it is; TypeError as there, with ONCE × LARGE bytes."""
    found = _records.get(one)
    if found is None:
        teller = _Teller(ONCE * LARGE, 1)
        try:
            teller.parts(one)
            found = teller.hash.digest()
        except TypeError:
            found = b""
        _records[one] = found
    if not found:
        raise TypeError(f"{type(one).__qualname__} cannot be told by its content, or is too large")
    return found


class _Teller:
    """Adds up what it is told; left: bytes of arrays that it still takes, `once` times as many of
    those that cannot be written to.
    """

    def __init__(self, left: int, once: int = ONCE) -> None:
        self.hash, self.left, self.once = blake2b(digest_size=16), left, once

    def tell(self, one: Any) -> None:
        """One part, and all that it is made of, each with its type and its length."""
        kind = type(one)
        if one is None or kind in (bool, int, float, str, bytes, complex):
            self._say(kind, repr(one))
        elif kind in (tuple, list) and len(one) > 1 and set(map(type, one)) == {str}:
            self._say(kind, len(one))
            self._add(marshal.dumps(one, 0))  # version 0 repeats what is equal: no references
        elif kind in (tuple, list):
            self._say(kind, len(one))
            for each in one:
                self.tell(each)
        elif isinstance(one, np.ndarray):
            self._array(one)
        elif isinstance(one, np.generic):
            self._say(kind, repr(one))
        elif isinstance(one, str):
            self._say(kind, repr(str(one)))
            more = getattr(one, "__dict__", {})  # its plural forms; not the rule, of its language
            self.tell([each for each in more.values() if not callable(each)])
        elif kind is frozenset:
            self._say(kind, sorted(content(each).hex() for each in one))
        elif kind is range:
            self._say(kind, repr(one))
        elif isinstance(one, Mapping):
            self._say(dict, len(one))
            for name, value in one.items():
                self.tell(name)
                self.tell(value)
        elif is_dataclass(one) and kind.__dataclass_params__.frozen:
            if kind.__weakrefoffset__ and not kind.__dataclass_params__.eq:
                self._say(kind, _of_record(one).hex())
            else:
                self.parts(one)
        else:
            self._named(one)

    def parts(self, one: Any) -> None:
        """All that a dataclass is made of."""
        self._say(type(one), "")
        for field in fields(one):
            self.tell(getattr(one, field.name))

    def _named(self, one: Any) -> None:
        """A figure that is kept, or a function of a module."""
        if isinstance(one, Figure) and getattr(one, "_content", None):
            self._say(Figure, one._content.hex())
        elif isinstance(one, partial):
            self._say(partial, "")
            self.tell((one.func, one.args, one.keywords))
        elif isinstance(one, FunctionType) and one.__closure__ is None:
            self._say(FunctionType, f"{one.__module__}.{one.__qualname__}")
        else:
            raise TypeError(f"{type(one).__qualname__} cannot be told by its content")

    def _array(self, one: Any) -> None:
        self._say(np.ndarray, f"{one.dtype.str} {one.shape}")
        noted = _digests.get(id(one))
        if noted is not None and noted[0]() is one:
            self._add(noted[1])
            return
        lasts = not one.flags.writeable
        self.left -= one.nbytes // (self.once if lasts else 1)
        if one.dtype.hasobject or self.left < 0:
            raise TypeError("an array of objects, or too large a one")
        digest = blake2b(one.tobytes(), digest_size=16).digest()
        if lasts and one.nbytes >= _NOTED:
            _digests[id(one)] = weakref.ref(one, partial(_gone, id(one))), digest
        self._add(digest)

    def _say(self, kind: type, said: object) -> None:
        self._add(f"{kind.__module__}.{kind.__qualname__} {said}".encode())

    def _add(self, said: bytes) -> None:
        self.hash.update(b"%d " % len(said) + said)
