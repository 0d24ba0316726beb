"""A tape of what models compute: pages draw from it, so that no forward pass decides a digit.

Whatever a page asks of a model goes through a function of `models` that takes the loaded model.
On a tape `load` gives a `Handle` instead of the model, and every function that is handed one
answers from the recording of the same call. While recording, the model itself answers and the
answer is kept. Nothing here names a page: only MODEL, DRAWS and `taped` know where to look.
"""

from __future__ import annotations

import ast
import functools
import inspect
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields, is_dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import numpy as np
import streamlit as st

from models import catalog, errors
from models.serving import backend
from tests.browser.server import ROOT
from tests.snapshots.codec import Store, checkpoint, name_of, read, written

FIXTURES = Path(__file__).with_name("fixtures")
CALLS = FIXTURES / "calls.txt"  # what is recorded, for people
Mode = Literal["replay", "fill", "renew"]
# A function whose first parameter is annotated with this name asks a model.
MODEL = "LoadedModel"
# These load models, or ask torch, by themselves.
DRAWS = ("gradients", "moved", "against_library")
# Where those names are looked for: what pages see, and what they import when they run.
_PACKAGES = ("pages", "viz", "models")


class NotRecorded(AssertionError):
    """A page asked for what no recording has."""


class Handle:
    """Stands for a loaded model. Whatever is called on it is on the tape, too."""

    memory: tuple[tuple[int, int], ...] = ()  # no model, so none of its weights are there

    def __init__(self, tape: Tape, model_id: str) -> None:
        self.tape, self.model_id = tape, model_id
        self.card = catalog.CATALOG[model_id]  # known without any model

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)

        def called(*given: Any, **more: Any) -> Any:
            def own(model: Any, *given: Any, **more: Any) -> Any:
                return getattr(model, name)(*given, **more)

            return self.tape.answer(name, own, (self, *given), more)

        return called


class Reel:
    """One model's recordings: a call, in words, and what came of it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.store = Store(lambda: _parameters(name))
        self.calls: dict[str, Any] = {}
        self.asked: set[str] = set()
        self._made: dict[str, Any] = {}
        path = FIXTURES / f"{name}.xz"
        if path.exists():
            held, arrays = read(path.read_bytes())
            self.calls, self.store.words, self.store.arrays = held["calls"], held["words"], arrays

    def answer(self, call: str) -> Any:
        """What was recorded; a visitor's error is raised again."""
        self.asked.add(call)
        held = self.calls[call]
        if "raises" in held:
            kind, message, details = held["raises"]
            raise getattr(errors, kind)(message, **self.store.decode(details))
        if call not in self._made:
            self._made[call] = self.store.decode(held["gives"])
        return self._made[call]

    def reads(self, call: str) -> bool:
        """Whether what is kept fits the records of today: one that has changed is asked anew."""
        try:
            self.store.decode(self.calls[call].get("gives"))
        except LookupError:
            return False
        return True

    def keep(self, call: str, run: Callable[[], Any]) -> None:
        """Ask the model, and keep its answer."""
        self._made.pop(call, None)
        try:
            self.calls[call] = {"gives": self.store.encode(run())}
        except errors.InputError as error:
            details = self.store.encode(error.details)
            self.calls[call] = {"raises": [type(error).__name__, str(error), details]}

    def save(self, *, only_asked: bool) -> None:
        """Write the files anew, in an order and a form that do not depend on the run."""
        calls = {c: self.calls[c] for c in sorted(self.asked if only_asked else self.calls)}
        named = json.dumps(calls)
        words = {n: w for n, w in sorted(self.store.words.items()) if n in named}
        arrays = {n: a for n, a in sorted(self.store.arrays.items()) if n in named}
        self.calls = calls
        content = written({"calls": calls, "words": words}, arrays)
        (FIXTURES / f"{self.name}.xz").write_bytes(content)


class Tape:
    """All reels. replay: only read; fill: record what is missing; renew: record everything."""

    def __init__(self, mode: Mode) -> None:
        self.mode = mode
        self.reels: dict[str, Reel] = {}
        self._load = catalog.load
        self._fresh: set[tuple[str, str]] = set()
        self._deep = 0

    def load(self, model_id: str) -> Any:
        """In place of `models.catalog.load`."""
        if isinstance(model_id, Handle):
            return model_id
        if self._deep:
            return self._load(model_id)
        if model_id not in catalog.CATALOG:
            catalog._place(model_id)  # raises the visitor's error
        return Handle(self, model_id)

    def answer(
        self, name: str, own: Callable[..., Any], given: tuple[Any, ...], more: dict[str, Any]
    ) -> Any:
        """A call's recording, made first where this mode makes it."""
        handle = next((part for part in (*given, *more.values()) if isinstance(part, Handle)), None)
        reel = self._reel(handle.model_id if handle else name)
        call = call_in_words(name, own, given, more)
        missing = call not in reel.calls or (self.mode == "fill" and not reel.reads(call))
        if missing and self.mode == "replay":
            raise NotRecorded(f"{reel.name}: {call} (make approve records it)")
        if missing or (self.mode == "renew" and (reel.name, call) not in self._fresh):
            self._deep += 1
            try:
                reel.keep(call, lambda: own(*map(self._real, given), **more))
            finally:
                self._deep -= 1
            self._fresh.add((reel.name, call))
        return reel.answer(call)

    def _reel(self, name: str) -> Reel:
        if name not in self.reels:
            self.reels[name] = Reel(name)
        return self.reels[name]

    def _real(self, part: Any) -> Any:
        return self._load(part.model_id) if isinstance(part, Handle) else part

    def wrap(self, name: str, own: Callable[..., Any], always: bool) -> Callable[..., Any]:
        """The function as pages shall see it."""

        @functools.wraps(own)
        def answered(*given: Any, **more: Any) -> Any:
            asked = always or any(isinstance(part, Handle) for part in (*given, *more.values()))
            if self._deep or not asked:
                return own(*map(self._real, given), **more)
            return self.answer(name, own, given, more)

        answered.taped = True  # type: ignore[attr-defined]
        return answered

    def save(self, *, complete: bool) -> None:
        """Write what was recorded. complete: all states were visited, so drop the rest."""
        if not self._fresh and not complete:
            return
        FIXTURES.mkdir(exist_ok=True)
        if complete:
            for path in FIXTURES.glob("*.xz"):
                if path.stem not in self.reels:
                    path.unlink()
        for path in FIXTURES.glob("*.xz"):
            self._reel(path.stem)
        for reel in self.reels.values():
            reel.save(only_asked=complete)
        calls = [f"{n}: {call}" for n in sorted(self.reels) for call in sorted(self.reels[n].calls)]
        CALLS.write_text("\n".join(calls) + "\n", encoding="utf-8")


def taped(module: ModuleType) -> Iterator[tuple[str, Any, bool]]:
    """(name, function, always) of a module of `models` that a tape answers for."""
    for name, found in list(vars(module).items()):
        if not callable(found) or isinstance(found, type) or name.startswith("_"):
            continue
        own = inspect.unwrap(found)
        if getattr(own, "__module__", None) != module.__name__ or not inspect.isfunction(own):
            continue
        if found in (catalog.load, backend.asked):  # what they ask is on the tape
            continue
        asks = any(MODEL in str(kind) for kind in list(own.__annotations__.values())[:1])
        if asks or name in DRAWS:
            yield name, found, name in DRAWS


@contextmanager
def playing(mode: Mode) -> Iterator[Tape]:
    """While it lasts, pages draw from the tape; nothing that they cached before or after."""
    _import_what_pages_import()
    tape = Tape(mode)
    pairs = [(catalog.load, tape.load), (catalog.is_loaded, lambda model_id: True)]
    for module in modules("models"):
        pairs += [(own, tape.wrap(name, own, always)) for name, own, always in taped(module)]
    _forget()
    _exchange(pairs)
    try:
        yield tape
    finally:
        _exchange([(instead, own) for own, instead in pairs])
        _forget()


def _exchange(pairs: Sequence[tuple[Any, Any]]) -> None:
    """Put the second of each pair wherever a module has the first under a name of its own."""
    instead = {id(old): new for old, new in pairs}
    for module in [m for package in _PACKAGES for m in modules(package)]:
        for name, found in list(vars(module).items()):
            if id(found) in instead:
                setattr(module, name, instead[id(found)])
            for cell in _held_by(found):
                if id(cell.cell_contents) in instead:
                    cell.cell_contents = instead[id(cell.cell_contents)]


def _held_by(found: Any) -> Iterator[Any]:
    """What a function holds on to, as one that was made around others does, however deep."""
    left, seen = [found], set()
    while left:
        one = left.pop()
        known = isinstance(one, type) or hasattr(one, "taped") or id(one) in seen
        if known or not callable(one):
            continue
        seen.add(id(one))
        left.append(getattr(one, "__wrapped__", None))
        for cell in getattr(one, "__closure__", None) or ():
            with suppress(ValueError):  # nothing in it yet
                left.append(cell.cell_contents)
                if callable(cell.cell_contents):
                    yield cell


@functools.cache
def _import_what_pages_import() -> None:
    """So that no page is the first to import a module, and gets past the tape."""
    for path in sorted((ROOT / "pages").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_PACKAGES):
                whole = str(node.module)
                for name in (whole, *(f"{whole}.{part.name}" for part in node.names)):
                    if name != "pages.router" and _is_module(name):
                        import_module(name)


def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # its parent is a module, not a package
        return False


def call_in_words(
    name: str, own: Callable[..., Any], given: tuple[Any, ...], more: dict[str, Any]
) -> str:
    """`function(argument=value, …)`: what the caller left out has its default."""
    bound = inspect.signature(own).bind(*given, **more)
    bound.apply_defaults()
    said: dict[Any, Any] = {}
    for parameter, value in bound.arguments.items():
        if parameter in ("given", "more"):
            said |= value if isinstance(value, dict) else dict(enumerate(value))
        elif not isinstance(value, Handle) and not callable(value):
            said[parameter] = value
    words = ", ".join(f"{parameter}={_said(value)}" for parameter, value in said.items())
    call = f"{name}({words})"
    return call if len(call) <= 400 else f"{call[:360]}…{name_of(call.encode())})"


def _said(value: Any) -> str:
    if isinstance(value, np.ndarray):
        # Three digits of a sum over all places: what numpy computed may differ in its last bits.
        places = np.cos(np.arange(value.size)).reshape(value.shape)
        return f"array{value.shape}~{float((np.nan_to_num(value) * places).sum()):.3g}"
    if is_dataclass(value) and not isinstance(value, type):
        parts = ((f.name, getattr(value, f.name)) for f in fields(value) if f.init)
        return f"{type(value).__name__}({', '.join(f'{n}={_said(v)}' for n, v in parts)})"
    if isinstance(value, tuple | list | range):
        return f"({', '.join(map(_said, value))})"
    return repr(value)


def modules(package: str) -> list[ModuleType]:
    """What is imported of a package, but for the trainings."""
    inside = (f"{package}.", package)
    return [
        module
        for name, module in list(sys.modules.items())
        if module is not None and name.startswith(inside) and not name.startswith("models.training")
    ]


def _parameters(name: str) -> dict[str, Any]:
    """Of the model of that name; of a function that loads by itself, those of all models."""
    cards = catalog.CATALOG.values()
    chosen = [card for card in cards if card.id == name] or [
        card for card in cards if card.source == "shipped"
    ]
    found = {}
    for card in chosen:
        for key, array in checkpoint(catalog.card_folder(card)).items():
            found[key if len(chosen) == 1 else f"{card.id}/{key}"] = array
    return found


def _forget() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()
