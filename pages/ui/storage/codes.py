"""Codes that people read aloud and type: letters and digits that nobody takes for one another."""

from __future__ import annotations

import secrets

LETTERS = "ACDEFGHJKMNPRTUY3479"


def fresh(length: int) -> str:
    """A code of so many letters, which nobody can guess from others."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def tidy(given: str, length: int) -> str:
    """A code as people type it → as it is kept; "": no code of that length is like that."""
    code = "".join(given.split()).replace("-", "").upper()
    return code if len(code) == length and set(code) <= set(LETTERS) else ""
