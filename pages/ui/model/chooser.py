"""The Model field: what the page can show, each with what it is for, and a visitor's own.

A fragment of its own: opening it draws nothing but its list.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from models.card import SHOWS, ModelCard, Shows
from models.catalog import accepts_local, is_installed, mode, offered
from models.loading import archive, unpacked
from models.loading.nearby import nearby
from pages.ui import caches, controls, frame, lines, scripts, state
from pages.ui.own import allowance, recent
from pages.ui.text import notation, t

FIELD, OPEN, LIST = "model-field", "model-open", "model-list"
_CHOSEN, _REFUSED, _READ, _HELD = "_chosen", "_refused", "_read", "_held"
_TYPED, _NEARBY, _ZIP = "own-typed", "own-nearby", "own-zip"
# Words in which Markdown reads nothing; all others are shown as code.
_PLAIN = re.compile(r"(?:[^\W_]|(?<=[^\W_])_(?=[^\W_])|[ .()/→×,-])+")
_Changed = Callable[[], None] | None

_names = scripts.component(
    "dikkat_chooser", Path(__file__).with_name("chooser.js").read_text(encoding="utf-8")
)


@st.fragment
def field(shows: Shows, family: str, changed: _Changed) -> None:
    """shows, family: which models are listed; changed: called when another one was chosen."""
    if st.session_state.pop(_CHOSEN, False):
        st.session_state[OPEN] = False
        st.rerun()  # the whole page, by the new model
    now = str(state.get("model"))
    recent.remember(now)
    with st.container(key=FIELD, gap=None):
        lines.line("field", t("controls.model"))
        label = _words(caches.title(now))
        place = st.popover(label, key=OPEN, width="stretch", wrap=False, on_change=_clear)
        with st.container(key="chooser-names", gap=None):
            _names(key="names", data={"key": FIELD, "list": LIST, "name": t("controls.model")})
    if place.open:
        with place, st.container(key=LIST, gap="xsmall"):
            _catalogue(shows, family, now, changed)
            if accepts_local():
                _own(shows, now, changed)


def _clear() -> None:
    """What was refused is read once."""
    st.session_state.pop(_REFUSED, None)


def _choose(model_id: str, changed: _Changed) -> None:
    """Show another model, and close the list."""
    _clear()
    st.session_state[_CHOSEN] = True
    state.put("model", model_id)
    if changed is not None:
        changed()


def _words(name: str) -> str:
    """A name on a button."""
    return name if _PLAIN.fullmatch(name) else frame.literal(name)


def _button(key: str, model_id: str, words: str, now: str, changed: _Changed) -> None:
    """A model to choose; the chosen one is marked."""
    icon = ":material/check:" if model_id == now else None
    controls.button(words, key, _choose, model_id, changed, type="tertiary", icon=icon)


def _catalogue(shows: Shows, family: str, now: str, changed: _Changed) -> None:
    """The page's own model first."""
    lines.hint(t("chooser.head"))
    first = state.default("model")
    cards = [c for c in offered() if c.shows == shows and family in ("", c.family)]
    for card in sorted(cards, key=lambda card: card.id != first):
        _button(f"choose-{card.id}", card.id, _described(card), now, changed)


def _described(card: ModelCard) -> str:
    """Its name, what it is for, how large it is."""
    title = caches.title(card.id)
    name = title if is_installed(card) else t("controls.absent", model=title)
    size = notation().grouped(card.sizes["parameters"])
    return f"**{frame.plain(name)}** {frame.plain(t(f'purpose.{card.id}'))} · {size}"


def _own(shows: Shows, now: str, changed: _Changed) -> None:
    """A visitor's own: opened before, typed, lying near, dropped."""
    frame.section(t("chooser.own"))
    if opened := recent.recent():
        lines.hint(t("chooser.recent"))
        for number, one in enumerate(opened):
            words = f"**{_words(caches.title(one))}**"
            _button(f"recent-{number}", one, words, now, changed)
    _typed(changed)
    _folders(shows, changed)
    _dropped(changed)


def _typed(changed: _Changed) -> None:
    def opened() -> None:
        said = str(st.session_state.get(_TYPED) or "").strip().strip("\"'")
        if said:
            _choose(os.path.expanduser(said) if said.startswith("~") else said, changed)

    with st.form("own-form", border=False):
        left, right = st.columns([7, 2], vertical_alignment="bottom")
        left.text_input(
            t("chooser.typed"),
            key=_TYPED,
            placeholder=t("chooser.typed_hint"),
            help=t(f"chooser.typed_{'hub' if mode() == 'hub' else 'local'}"),
            autocomplete="off",
        )
        right.form_submit_button(t("chooser.open"), on_click=opened, width="stretch")


def _folders(shows: Shows, changed: _Changed) -> None:
    """Checkpoints that lie near, of the kind that the page shows."""
    kinds = (shows, "sound") if shows == "attention" else (shows,)
    found = {n.id: n for n in nearby() if SHOWS.get(n.family, "attention") in kinds}
    if not found:
        lines.hint(t("chooser.none_nearby"))
        return
    names = {one: recent.named(one, found) for one in found}
    controls.menu(
        "chooser.nearby",
        tuple(found),
        lambda one: f"{names[one]} ({found[one].family})",
        partial(_choose, changed=changed),
        hint=t("chooser.nearby_hint"),
        name=_NEARBY,
    )


def _let_go(file_id: str) -> None:
    """Streamlit keeps an upload in memory until its session ends, also one that was read."""
    context = get_script_run_ctx()
    manager = context.uploaded_file_mgr if context else None
    if context and isinstance(manager, MemoryUploadedFileManager):
        manager.remove_file(session_id=context.session_id, file_id=file_id)


def _dropped(changed: _Changed) -> None:
    """A checkpoint's folder as a zip: unpacked, or refused and told why."""
    most, answer = archive.MOST_BYTES // archive.MEGA, st.container(key="refused")
    # Any kind of file: Streamlit's own refusal is English, and knows the name alone.
    file = st.file_uploader(t("chooser.zip", limit=most), key=_ZIP, max_upload_size=most)
    lines.hint(t("chooser.zip_said"))
    if file is not None and st.session_state.get(_READ) != file.file_id:
        st.session_state[_READ] = file.file_id
        _clear()
        try:
            with st.spinner(t("frame.wait")):
                allowance.a_file(file)
                found = unpacked.unpack(file.name, file)
        except (archive.ArchiveError, allowance.Spent) as error:
            st.session_state[_REFUSED] = (error.code, error.details)
        else:
            # Held before it is opened, when it is not among the recent ones yet.
            st.session_state[_HELD] = found
            _choose(found.id, changed)
            st.rerun()
        finally:
            _let_go(file.file_id)
    if refused := st.session_state.get(_REFUSED):
        code, details = refused
        answer.warning(frame.told(f"error.{code}", **details), icon=":material/info:")
