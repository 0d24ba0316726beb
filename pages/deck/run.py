"""Make a deck for a visitor: `python -m pages.deck.run`, its order as input (JSON)."""

from __future__ import annotations

import sys
from base64 import b64encode

import pages.registry  # noqa: F401 (which topics there are)
from models.core import child
from pages.ui.lectures.deck.make import NoBrowser, made
from pages.ui.lectures.deck.order import read


def main() -> None:
    """Say how it goes: see pages.ui.lectures.deck.making."""
    child.behind()
    order = read(sys.stdin.buffer.read().decode("utf-8"))
    try:
        file = made(order, lambda slide, last: child.say(slide=slide, last=last))
    except NoBrowser:
        child.say(no_browser=True)
    else:
        child.say(file=b64encode(file).decode())


if __name__ == "__main__":
    main()
