"""A lecture as a PPTX, without a server.

`python -m pages.deck --lecture by-hand --lang tr out.pptx`, or `--file own.md`.
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

import pages.registry  # noqa: F401 (which topics there are)
from pages.ui.lectures import shipped
from pages.ui.lectures.deck.make import NoBrowser, made
from pages.ui.lectures.deck.order import Order
from pages.ui.lectures.lecture import LectureError
from pages.ui.text import DEFAULT_LANGUAGE, SPOKEN
from viz.export.picture import BROWSER_VARIABLE


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m pages.deck")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--lecture", choices=shipped.SHIPPED, help="one that ships")
    which.add_argument("--file", type=Path, help="one of your own: docs/lectures.md")
    parser.add_argument("--lang", choices=SPOKEN, default=DEFAULT_LANGUAGE)
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--link", default="http://localhost:8501", help="where the app runs")
    parser.add_argument("out", type=Path, nargs="?", help="the file; else named by the lecture")
    return parser.parse_args()


def main() -> int:
    """Exit status 0 when the file is there."""
    asked = _asked()
    logging.disable(logging.WARNING)  # Streamlit warns of every run that has no browser
    try:
        if asked.file:
            name, source = shipped.OWN, asked.file.read_text(encoding="utf-8")
        else:
            name, source = asked.lecture, shipped.shipped(asked.lecture, asked.lang).source
        order = Order(name, source, asked.lang, asked.theme, asked.link.rstrip("/"))
        out = asked.out or Path(order.file)
        out.write_bytes(made(order, _told))
    except NoBrowser:
        sys.exit(f"No Chromium is here: install one, or name its file in {BROWSER_VARIABLE}.")
    except (LectureError, OSError, UnicodeDecodeError) as error:
        sys.exit(str(error))
    print(f"\r{out}", file=sys.stderr)
    return 0


def _told(slide: int, last: int) -> None:
    print(f"\rslide {slide} of {last} ", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
