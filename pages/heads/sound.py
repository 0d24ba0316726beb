"""The heads page with a model of sounds: a visitor's WAV file, and what the decoder reads of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

import streamlit as st

from models.catalog import CATALOG, load
from models.core.loaded import LoadedModel
from models.errors import InputError
from models.heads import sound as heard
from models.heads.sound import SoundTrace
from models.heads.wav import MEGA, MOST_BYTES, MOST_SECONDS, Sound, decoded, example, written
from models.loading.sound_errors import SoundError
from models.recording.eager import EagerCheck
from models.trace import AttentionBlock, AttentionTrace, Kind
from pages.ui import (
    about,
    caches,
    charts,
    controls,
    frame,
    inputs,
    layers,
    lines,
    parts,
    selection,
    state,
)
from pages.ui.own import allowance
from pages.ui.text import notation, rich, t
from viz.board.markup import Safe
from viz.board.sentence import percent
from viz.board.tokens import padding_axes, special_names
from viz.heads.view import HeadView

log = logging.getLogger("dikkat")

FILE = "own-sound"
_WIDTHS = (240, 270, 330, 160, 160, 330, 240)  # pixels of the controls
Heads = Callable[[AttentionTrace, AttentionBlock, HeadView, int, Safe], None]
Chosen = tuple[SoundTrace, Sound, str, bytes | None, str]  # …, file's name and bytes, text


def hears() -> tuple[bool, Exception | None]:
    """Whether the chosen model is one of sounds; and why it does not open, which is said elsewhere.

    Who says so need not read the whole folder once more to be refused again.
    """
    asked = str(state.get("model"))
    try:
        with st.spinner(t("frame.wait")):
            return asked not in CATALOG and load(asked).sounds is not None, None
    except Exception as error:  # a visitor's own checkpoint can be broken in any way
        return False, error


def _sound(loaded: LoadedModel, data: bytes | None) -> Sound:
    """None: the example, at the model's own rate."""
    assert loaded.sounds is not None
    return example(loaded.sounds.rate) if data is None else decoded(data)


def _recorded(
    loaded: LoadedModel, data: bytes | None, target: str, decimal: str
) -> tuple[SoundTrace, Sound]:
    found = _sound(loaded, data)
    return heard.record_sound(loaded, found, target=target, decimal=decimal), found


def _against_eager(loaded: LoadedModel, data: bytes | None, target: str) -> EagerCheck:
    return heard.against_eager(loaded, _sound(loaded, data), target)


_record = caches.of_model(_recorded, entries=2, own=True)  # 1500 frames take as much as ten texts
eager = caches.of_model(_against_eager, entries=8, own=True)
once = caches.in_background(_against_eager, entries=64)


def chosen() -> Chosen | None:
    """The visitor's sound through the model, or the example; why not is said.

    None: the model cannot even do that: the page's own is to be shown.
    """
    file, model = st.session_state.get(FILE), str(state.get("model"))
    data, target = None, str(state.get("target"))
    try:
        data = None if file is None else allowance.a_file(file).getvalue()
    except allowance.Spent as spent:
        state.notice(f"error.{spent.code}", **spent.details, kept=t("heads.sound.kept"))
    while True:
        last = data is None and not target
        kept = t("kept.model", model=caches.title(state.default("model"))) if last else ""
        try:
            with st.spinner(t("frame.wait")):
                found = _record(model, data, target, notation().decimal)
        except SoundError as error:
            kept = kept or t("heads.sound.kept")
            state.notice(f"error.{error.code}", **error.details, kept=kept)
            data, target = None, "" if data is None else target
        except InputError as error:
            kept = kept or t("heads.sound.kept_text" if target else "heads.sound.kept")
            inputs.explain(error, model, kept)
            data, target = data if target else None, ""
        except Exception:
            log.exception("hearing")
            inputs.explain(InputError("see the log"), model, kept)
            data, target = None, ""
        else:
            name = "" if data is None else str(getattr(file, "name", ""))
            return *found, name, data, target
        if last:
            state.put("model", None)
            return None


def body(found: Chosen, heads: Heads) -> None:
    """Everything below the title but the check of the whole pass. heads: draws one head."""
    recorded, sound, name, _, _ = found
    trace = recorded.attention
    if state.get("view") != state.default("view"):
        state.notice("heads.sound.view")
        state.put("view", None)
    kind = selection.chosen_kind(trace)
    block = selection.chosen_block(trace, kind)
    view = selection.chosen_view(trace, kind, block)
    _controls(recorded, sound, name, kind, block)
    less = frame.notices()
    heads(trace, block, view, less, _padding(recorded, kind, view))
    frame.provenance("live", *_where(recorded, block, name), difference=caches.difference(recorded))
    parts.below(about.model, trace.model_id)


def _controls(
    recorded: SoundTrace, sound: Sound, name: str, kind: Kind, block: AttentionBlock
) -> None:
    trace = recorded.attention
    names = ", ".join(n for n in special_names(trace, kind) if n != heard.PAD)
    words = t("controls.hide", names=names or t("controls.hide_none"))
    kinds = (trace.kinds, lambda one: t(f"kind.{one}"))
    cells: list[Callable[[], object]] = [
        inputs.model,
        partial(_file, recorded, sound, name),
        partial(inputs.text, "target", "heads.sound.text", "heads.sound.text_hint"),
        partial(layers.control, trace.numbers(kind)),
        partial(controls.counted, "head", block.heads),
        partial(controls.choice, "kind", "controls.kind", *kinds),
        partial(controls.toggle, "hide", words, disabled=not names),
    ]
    controls.row(*zip(_WIDTHS, cells, strict=True))


def _file(recorded: SoundTrace, sound: Sound, name: str) -> None:
    """A visitor's file, what was done to read it, and the sound itself, behind a button."""
    label = frame.literal(name) if name else t("heads.sound.example")
    with st.container(key="sound", gap=None):
        lines.line("field", t("heads.sound.sound"))
        place = st.popover(label, width="stretch", wrap=False)
    with place:
        limits = {"size": MOST_BYTES // MEGA, "seconds": MOST_SECONDS}
        words = t("heads.sound.file", **limits)
        # Any kind of file: Streamlit's own refusal is English, and knows the name alone.
        st.file_uploader(words, key=FILE, max_upload_size=MOST_BYTES // MEGA)
        st.audio(written(sound), format="audio/wav")
        lines.hint(t("heads.sound.private" if name else "heads.sound.example_said"))
        for said in _steps(recorded, sound, name):
            lines.hint(said)


def _steps(recorded: SoundTrace, sound: Sound, name: str) -> list[str]:
    """What became of the file, in order."""
    seconds = notation().fixed(sound.seconds, 2)
    found = []
    if name:
        coding = t("heads.sound.floating" if sound.floating else "heads.sound.whole")
        values = {"seconds": seconds, "rate": sound.rate, "bits": sound.bits, "coding": coding}
        found.append(t("heads.sound.read", **values))
    if sound.channels > 1:
        found.append(t("heads.sound.mixed"))
    if sound.rate != recorded.rate:
        found.append(t("heads.sound.resampled", rate=recorded.rate))
    length, padding = len(recorded.attention.tokens), recorded.attention.padding
    each = round(1000 * recorded.seconds, 1)
    found.append(
        t(
            "heads.sound.frames",
            count=recorded.frames,
            each=notation().fixed(each, 0 if each.is_integer() else 1),
            padding=padding,
            whole=notation().fixed(length * recorded.seconds, 0),
        )
    )
    begins = " ".join((recorded.attention.target_tokens or ())[: recorded.start])
    return [*found, t("heads.sound.begins", begins=begins)]


def _padding(recorded: SoundTrace, kind: Kind, view: HeadView) -> Safe:
    """How much of the chosen query's weight lies on the frames that are not drawn."""
    padded = padding_axes(recorded.attention, kind)[1]
    if not padded.any():
        return Safe()
    share = float(view.steps.weights[view.full.chosen.query][padded].sum(dtype="float64"))
    shown = percent(charts.style("now"), share)
    return rich("heads.sound.padding", share=shown, count=int(padded.sum()))


def _where(recorded: SoundTrace, block: AttentionBlock, name: str) -> list[str]:
    """Model, layer, head, sound and what the decoder reads, as parts of the provenance."""
    trace = recorded.attention
    how = "given" if recorded.given else "cut" if recorded.cut else "own"
    if how == "own" and not load(trace.model_id).has_head:
        how = "headless"
    return [
        caches.title(trace.model_id),
        t("heads.where", layer=block.layer, head=state.get("head")),
        frame.quote(name) if name else t("heads.sound.example"),
        t(f"heads.sound.{how}", count=len(trace.target_tokens or ())),
    ]
