"""Asking machines that hold the models, over HTTP: no more than the standard library.

DIKKAT_CLUSTER says where they are. An answer that does not come is asked for once more, of the
next address where there are several; what takes too long is not, since that would take as long.
"""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from models.core.environment import environment
from models.core.loaded import LoadedModel
from models.serving import wire
from models.serving.answer import ANSWERED, REFUSED, question, refusal
from models.serving.errors import NoAnswer

PATH = "/models"  # below an address
MODEL = "serve_multiplexed_model_id"  # the header that Ray Serve sends a question by
LARGEST = 2**30  # bytes of an answer
_AGAIN = (500, 502, 503, 504)  # a replica is gone, or all of them have enough to do
_PAUSE = 0.3  # seconds before it is asked for once more
_turn = itertools.count()

log = logging.getLogger("dikkat.serving")


def asked(
    make: str, loaded: LoadedModel, given: tuple[object, ...], named: dict[str, object]
) -> object:
    """What the function of that name makes of the same model elsewhere, bit by bit.

    Raises the models.errors that it raises there; NoAnswer: none came.
    """
    card = loaded.card
    status, body = _post(question(make, card.id, str(card.sha256), given, named), card.id)
    try:
        if status == ANSWERED:
            return wire.unpacked(body, lambda: wire.parameters(loaded.model))
        if status == REFUSED:
            raise refusal(body)
    except wire.WireError as error:
        log.error("%s of %s: %s", make, card.id, error)
        raise NoAnswer("no record came back") from error
    log.error("%s of %s: status %s", make, card.id, status)
    raise NoAnswer(f"status {status}")


def _post(body: bytes, model_id: str) -> tuple[int, bytes]:
    said = environment()
    headers = {"Authorization": f"Bearer {said.cluster_token}", MODEL: model_id}
    first = next(_turn)
    for again in (False, True):
        address = said.cluster[(first + again) % len(said.cluster)]
        try:
            status, answer = _once(address, body, headers, said.cluster_seconds)
            if status not in _AGAIN:
                return status, answer
            fault = f"status {status}"
        except TimeoutError as error:
            log.warning("%s took more than %s s", address, said.cluster_seconds)
            raise NoAnswer("it took too long") from error
        except (OSError, HTTPException) as error:
            fault = repr(error)
        log.warning("%s did not answer: %s", address, fault)
        if not again:
            time.sleep(_PAUSE)
    log.error("no answer, asked twice")
    raise NoAnswer("no answer, asked twice")


def _once(
    address: str, body: bytes, headers: Mapping[str, str], seconds: float
) -> tuple[int, bytes]:
    parts = urlsplit(address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    door = kind(parts.hostname or "", parts.port, timeout=seconds)
    try:
        door.request("POST", PATH, body, dict(headers))
        answer = door.getresponse()
        found = answer.read(LARGEST + 1)
        if len(found) > LARGEST:
            raise HTTPException("the answer has no end")
        return answer.status, found
    finally:
        door.close()
