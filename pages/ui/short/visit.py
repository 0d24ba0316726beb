"""Short links in a visit: one is made, and a code in the address stands for what it holds.

What is kept is in no address that a server or a proxy notes, nor in the log.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from pages.ui.storage.codes import tidy
from pages.ui.storage.limits import Limit
from pages.ui.storage.settings import settings
from pages.ui.storage.visitors import Keeping, address
from pages.ui.text import t
from pages.ui.unread import LEFT_OUT, SHORT

if TYPE_CHECKING:
    from pages.ui.short.store import Kept

PATH = "/s"
# Addresses longer than this break in chat programs and proxies.
LONGEST_ADDRESS = 1800
_HELD = "_short_held"
KEEPING = Keeping(Limit(30, 30 / 3600), Limit(600, 600 / 3600))
WRONG = Limit(120, 1.0)  # codes that are none; the right ones go on all the same
log = logging.getLogger("dikkat")


class Trouble(Exception):
    """code: the sentence, as the catalogues have it (error.short_<code>)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def find(given: str, who: str) -> Kept:
    """What is kept under a code as one types it. who: asks. Raises Trouble."""
    from pages.ui.short import store

    try:
        code = tidy(given, store.LONG)
        kept = store.store().find(code) if code else None
    except store.Unreachable as error:
        log.warning("the database of short links: %s", error)
        raise Trouble("unreachable") from error
    if kept is None:
        raise Trouble("gone" if WRONG.allows(who) else "often")
    return kept


def whole(page: str, found: dict[str, str]) -> tuple[dict[str, str], str]:
    """An address with what its code holds, and the key of what there is to say of it; "": nothing.

    Beside the names of texts that were left out the code stands for these alone, else for all.
    """
    if SHORT not in found:
        return found, ""
    try:
        kept = find(found[SHORT], address())
    except Trouble as trouble:
        return found, f"error.short_{trouble.code}"
    if kept.page != page:
        return found, "error.short_gone"
    st.session_state[_HELD] = (tidy(found[SHORT], len(found[SHORT])), kept.said)
    left = found[LEFT_OUT].split(".") if LEFT_OUT in found else kept.said
    return {n: raw for n, raw in kept.said.items() if n in left} | found, ""


def fitted(wanted: Mapping[str, str], typed: Iterable[str]) -> dict[str, str]:
    """What of an address the address bar holds: texts that are too long for it stay out.

    typed: the parameters that may. In their place stand their names, and a code that holds them
    where this visit has one.
    """
    shown, left = dict(wanted), dict[str, str]()
    for name in typed:
        said = urlencode(shown | {LEFT_OUT: ".".join(left)}, errors="replace")
        if name in shown and len(said) > LONGEST_ADDRESS:
            left[name] = shown.pop(name)
    if not left:
        return shown
    code, held = st.session_state.get(_HELD, ("", {}))
    short = {SHORT: code} if left.items() <= held.items() else {}
    return shown | {LEFT_OUT: ".".join(left)} | short


def make(page: str, said: dict[str, str]) -> tuple[str, str]:
    """Keep an address: (the short link's path, what there is to say of it); no path: not kept."""
    from pages.ui.short import store

    if not KEEPING.allowed():
        return "", t("share.wrong.often")
    try:
        code = store.store().code(page, said)
    except store.Full as error:
        return "", t(f"share.wrong.{error.code}", limit=store.LONGEST)
    except store.Unreachable as error:
        log.warning("the database of short links: %s", error)
        return "", t("share.wrong.unreachable")
    st.session_state[_HELD] = (code, dict(said))
    now = settings()
    return f"{PATH}/{code}", t("share.kept" if now.lasting else "share.kept_here", count=now.days)
