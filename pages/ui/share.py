"""A page's link to take along: a button that copies it, and its QR code for who sits far away.

Everything of the state is in the address, which the browser knows at every moment and Python
only during a run: so the browser reads it (`share.js`), and asks `code` for the picture.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import segno
import streamlit as st

from models.core.environment import environment
from pages.ui import scripts, state
from pages.ui.short import visit as short
from pages.ui.text import t

ROUTE = "/link/code.svg"
LONGEST = 2900  # characters: a QR code at its lowest error correction holds 2,953 bytes
KEY = "share-button"
_WORDS = (
    *("link", "copy", "copied", "select", "code", "only_here", "too_long"),
    *("short", "making", "left_out"),
)
_MADE = "_share_made"  # what became of the last short link that was asked for
_HERE = Path(__file__).parent
_share = st.components.v2.component(
    "dikkat_share",
    js=scripts.read(_HERE, "opener.js", "share.js"),
    css=scripts.read(_HERE, "share.css"),
)


@st.fragment
def button() -> None:
    """The button beside the language; what it opens is drawn by the browser alone.

    A short link is made here, which knows a text, too, that is not in the address.
    """
    with st.container(key="share"):
        words = {name: t(f"share.{name}") for name in _WORDS}
        data = {"words": words, "origin": public_address(), "code": ROUTE, "longest": LONGEST}
        made = st.session_state.get(_MADE)
        _share(key=KEY, data=data | {"made": made}, on_short_change=_shorten)


def _shorten() -> None:
    """Make a short link (in a callback). The browser knows its request again by a number."""
    asked = st.session_state[KEY].get("short")
    if isinstance(asked, int):
        path, told = short.make(state.page(), state.address())
        st.session_state[_MADE] = {"asked": asked, "path": path, "told": told}


def public_address() -> str:
    """Where others reach this app, as DIKKAT_ADDRESS says: scheme and host; "" where it is silent.

    SettingError: it is no http address.
    """
    return environment().address


def code(link: str, host: str) -> bytes:
    """A QR code (ISO/IEC 18004) as SVG: dark on white in either theme, as cameras expect it.

    host: whom the asking browser addressed. ValueError: the link leads elsewhere, or is too long.
    """
    parts = urlsplit(link)
    public = urlsplit(public_address()).netloc
    if parts.scheme not in ("http", "https") or parts.netloc not in {host, public} - {""}:
        raise ValueError("not a link to this app")
    if len(link.encode()) > LONGEST:
        raise ValueError("too long for a QR code")
    drawn = BytesIO()
    made = segno.make_qr(link, error="l", boost_error=True)
    made.save(drawn, kind="svg", light="#fff", border=4, xmldecl=False, omitsize=True)
    return drawn.getvalue()
