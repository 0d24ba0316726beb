"""What a visitor has given the pictures' page, and what stands beside every view of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import streamlit as st

from models.core.loaded import LoadedModel
from models.errors import InputError
from models.recording.eager import EagerCheck
from models.trace import Floats
from models.vision.eager import against_eager
from models.vision.trace import Bytes
from models.vision.visitor import MEGA, MOST_BYTES, decoded, example, fitting, plain, prepared
from pages.ui import caches, controls, frame, lines, state, whole_pass
from pages.ui.own import allowance
from pages.ui.text import t

FILE = "own-picture"
MOST = 8  # classes that are listed
_CHECKED = "own-checked"  # the picture whose whole pass is held against eager attention
_Seen = TypeVar("_Seen")


class WithClasses(Protocol):
    """What a picture is named: logits, probabilities: (class,)."""

    @property
    def logits(self) -> Floats: ...  # noqa: D102
    @property
    def probabilities(self) -> Floats: ...  # noqa: D102
    @property
    def classes(self) -> tuple[str, ...]: ...  # noqa: D102
    def likeliest(self, most: int) -> list[int]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Given:
    """A file's bytes, None: none that can be read; and its name."""

    data: bytes | None = None
    name: str = ""


def opened(loaded: LoadedModel, data: bytes | None) -> tuple[Bytes, tuple[str, ...]]:
    """A file's pixels, and what is done to read them; None: the example's."""
    if data is None:
        return example(), ()
    found = decoded(data)
    prepared(loaded, found.pixels)  # a model without a processor is no place for it
    return found.pixels, (*found.steps, *fitting(loaded, found.pixels.shape))


def chosen(model_id: str, seen: Callable[[str, bytes | None], _Seen]) -> tuple[_Seen, Given]:
    """The visitor's picture; why it cannot be read is said, and the example shown."""
    file = st.session_state.get(FILE)
    if file is not None:
        try:
            given = Given(allowance.a_file(file).getvalue(), str(file.name))
            return seen(model_id, given.data), given
        except InputError as error:
            state.notice(f"error.{error.code}", **error.details, kept=t("vision.own_kept"))
    return seen(model_id, None), Given()


def back() -> None:
    """Away with the visitor's model."""
    controls.button(t("vision.own_back"), "own-back", state.put, "model", None)


def panel(trace: WithClasses, given: Given, reads: str, steps: tuple[str, ...]) -> None:
    """The visitor's file, what was done to it, and what the model names it.

    reads: what the model reads, in sentences.
    """
    kinds, limit = ["png", "jpg", "jpeg"], MOST_BYTES // MEGA
    st.file_uploader(t("vision.own_file"), type=kinds, key=FILE, max_upload_size=limit)
    lines.hint(reads)
    for step in steps:
        lines.hint(t(f"vision.step.{step}"))
    lines.hint(t("vision.own_private" if given.name else "vision.own_example_said"))
    if not len(trace.logits):
        lines.remark(t("vision.own_no_classifier"))
        return
    frame.section(t("vision.own_classes", count=len(trace.logits)))
    rows = [
        (trace.classes[n], float(trace.logits[n]), float(trace.probabilities[n]))
        for n in trace.likeliest(MOST)
    ]
    lines.logits(rows, 0)


def origin(model_id: str, given: Given) -> tuple[str, str]:
    """Model and picture, as parts of the provenance."""
    name = frame.quote(given.name) if given.name else t("vision.own_example")
    return caches.title(model_id), name


def against_eager_attention(model_id: str, given: Given) -> None:
    """The model against transformers' own: once a checkpoint, in the background, and on this
    picture where asked.
    """
    place = model_id, given.name, hash(given.data)
    if st.session_state.get(_CHECKED) == place:
        found = _eager(model_id, given.data)
        whole_pass.verdict(t("vision.eager.found", **whole_pass.counts(found)), found)
        return
    if (once := _once(model_id, None)) is not None:
        whole_pass.verdict(t("vision.eager.once", **whole_pass.counts(once)), once)
    controls.button(t("vision.eager.run"), "eager", _check, place)


def _check(place: tuple[Any, ...]) -> None:
    st.session_state[_CHECKED] = place


def _held(loaded: LoadedModel, data: bytes | None) -> EagerCheck:
    """A picture's whole pass against eager attention."""
    assert loaded.pictures is not None
    made = plain if loaded.pictures.processor is None else prepared
    return against_eager(loaded, made(loaded, opened(loaded, data)[0]))


_eager = caches.of_model(_held, entries=8, own=True)
_once = caches.in_background(_held, entries=16)
