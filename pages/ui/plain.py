"""Plain HTML pages of our own, beside Streamlit's: their colours, and what a browser may load."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from hashlib import sha256

from viz.board.theme import DARK, LIGHT


def colours(roles: Sequence[str], pairs: Mapping[str, tuple[str, str]] | None = None) -> str:
    """CSS variables of these roles, in both themes: the browser takes the right one.

    pairs: further ones, (light, dark) by their names.
    """
    all_ = {role: (getattr(LIGHT, role), getattr(DARK, role)) for role in roles} | dict(pairs or {})
    said = ";".join(f"--{n}:light-dark({one},{other})" for n, (one, other) in all_.items())
    return f":root{{{said}}}\n"


def headers(css: str, js: str = "", *, forms: bool = False) -> dict[str, str]:
    """What goes along with such a page: it may load its own style sheet and script, no more.

    forms: it sends them, to this app.
    """
    script = f"script-src {_own(js)}; " if js else ""
    form = "'self'" if forms else "'none'"
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src {_own(css)}; {script}img-src data:; "
            f"form-action {form}; base-uri 'none'; frame-ancestors 'none'"
        ),
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


def _own(source: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(source.encode()).digest()).decode()}'"
