"""A question as bytes → its answer as bytes: what a replica does, whatever carries it there.

Questions are JSON: a function of models.serving.table.FUNCTIONS, a model of the catalogue with the
SHA-256 of its weight file, and plain arguments. An answer is models.serving.wire's, or says which
of our own errors was raised. Statuses are HTTP's.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from typing import Any

from models.catalog import CATALOG, load
from models.errors import InputError
from models.serving import table, wire

# What an asker may tell apart; anything else is the carrier's own.
ANSWERED, NO_QUESTION, OTHER_CHECKPOINT, REFUSED = 200, 400, 409, 422
TOGETHER = "models.gpt.generation.next_logits"
JOINED = "models.gpt.generation.next_logits_together"
LARGEST_QUESTION = 2**20  # bytes
_KEYS = {"make", "model", "digest", "given", "named"}

log = logging.getLogger("dikkat.serving")


def question(
    make: str, model_id: str, digest: str, given: tuple[object, ...], named: dict[str, object]
) -> bytes:
    """The bytes of a question. wire.WireError: an argument is neither plain nor a tuple."""
    if not all(map(_plain, (*given, *named.values()))):
        raise wire.WireError(f"{make}: an argument does not go over the wire")
    parts = {"make": make, "model": model_id, "digest": digest, "given": given, "named": named}
    return json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: object) -> bool:
    if isinstance(value, tuple):
        return all(map(_plain, value))
    return value is None or isinstance(value, (bool, int, float, str))


def asked_for(body: bytes) -> dict[str, Any]:
    """A question's parts. wire.WireError: it is none."""
    try:
        parts = json.loads(body) if len(body) <= LARGEST_QUESTION else None
        if not isinstance(parts, dict) or set(parts) != _KEYS:
            raise wire.WireError("no question")
        table.named(parts["make"], table.FUNCTIONS)
        if not isinstance(parts["named"], dict) or not isinstance(parts["model"], str):
            raise wire.WireError("no question")
        return parts | {
            "given": tuple(map(_tuples, parts["given"])),
            "named": {each: _tuples(value) for each, value in parts["named"].items()},
        }
    except (LookupError, TypeError, ValueError, RecursionError) as error:
        raise wire.WireError(f"no question: {error!r:.200}") from error


def _tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_tuples, value))
    if isinstance(value, dict):
        raise wire.WireError("an argument is a table")
    return value


def answer(body: bytes) -> tuple[int, bytes]:
    """(status, bytes) of a question, which is answered from the model in this process.

    What goes wrong beyond our own errors is logged here, without what was asked.
    """
    try:
        parts = asked_for(body)
        card = CATALOG[parts["model"]]
    except (KeyError, wire.WireError):
        return NO_QUESTION, b""
    if parts["digest"] != card.sha256:
        return OTHER_CHECKPOINT, b""
    try:
        loaded = load(card.id)
        made = table.named(parts["make"], table.FUNCTIONS)
        found = made(loaded, *parts["given"], **parts["named"])
        return ANSWERED, wire.packed(found, wire.parameters(loaded.model))
    except InputError as error:
        return REFUSED, _written(error)
    except Exception as error:
        # A traceback would hold the arguments of some libraries, and so what somebody typed.
        log.error("%s of %s: %s", parts["make"], card.id, type(error).__name__)
        return REFUSED, _written(InputError("see the replica's log"))


def joins(body: bytes) -> str | None:
    """The model that a question may be put to together with others; None: it is asked alone.

    Recordings are: a pass of several texts would show what fills up the shorter ones.
    """
    try:
        parts = asked_for(body)
    except wire.WireError:
        return None
    given, known = parts["given"], CATALOG.get(parts["model"])
    ids = given[0] if len(given) == 1 and not parts["named"] else None
    whole = isinstance(ids, tuple) and ids and all(type(one) is int for one in ids)
    right = known is not None and parts["digest"] == known.sha256
    return parts["model"] if right and whole and parts["make"] == TOGETHER else None


def answers(bodies: Sequence[bytes]) -> list[tuple[int, bytes]]:
    """The answers to several questions, one pass for all that may join each other."""
    found: dict[bytes, tuple[int, bytes]] = {}
    for model_id in sorted({each for each in map(joins, bodies) if each}):
        many = sorted({body for body in bodies if joins(body) == model_id})
        try:
            together = table.named(JOINED, frozenset({JOINED}))
            rows = together(load(model_id), [asked_for(body)["given"][0] for body in many])
            found |= {
                body: (ANSWERED, wire.packed(row)) for body, row in zip(many, rows, strict=True)
            }
        except Exception as error:  # one of them: each is told by itself which
            log.warning("%s together: %s", model_id, type(error).__name__)
    return [found.get(body) or answer(body) for body in bodies]


def _written(error: InputError) -> bytes:
    plain = {key: each if _plain(each) else str(each) for key, each in error.details.items()}
    parts = {"error": type(error).__name__, "message": str(error), "details": plain}
    return json.dumps(parts).encode()


def refusal(body: bytes) -> InputError:
    """The error that such bytes say. wire.WireError: they say none of ours."""
    try:
        parts = json.loads(body)
        kind = {one.__name__: one for one in _ours(InputError)}[parts["error"]]
        details = {str(key): _tuples(each) for key, each in parts["details"].items()}
        return kind(str(parts["message"]), **details)
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise wire.WireError(f"no error: {error!r:.200}") from error


def _ours(kind: type[InputError]) -> Iterator[type[InputError]]:
    yield kind
    for below in kind.__subclasses__():
        if below.__module__.startswith("models."):
            yield from _ours(below)
