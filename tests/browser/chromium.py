"""Which Chromium the browser tests drive; `python -m tests.browser.chromium` gets one if need be.

A system's own comes first, then the one that Playwright downloads.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

from tools.distribution import install

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")


def launch(playwright: Playwright) -> Browser:
    """A headless Chromium."""
    return playwright.chromium.launch(executable_path=system(), args=list(FLAGS))


def system() -> str | None:
    """The system's Chromium, or None: then Playwright takes its own.

    Some distributions have a stub of that name, which only tells where to get the real one.
    """
    return next((path for name in NAMES if (path := shutil.which(name)) and _answers(path)), None)


def _answers(path: str) -> bool:
    return subprocess.run([path, "--version"], capture_output=True).returncode == 0


def own() -> bool:
    """Playwright has downloaded its own Chromium."""
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def from_distribution() -> bool:
    """Install the distribution's package. True: it worked."""
    install("chromium")
    return system() is not None


def from_playwright() -> bool:
    """Download Playwright's own. True: it worked."""
    print("Downloading Playwright's Chromium ...", flush=True)
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    return subprocess.run(command, stdout=subprocess.DEVNULL).returncode == 0


def main() -> int:
    """Exit status 0 when a Chromium is there in the end."""
    if system() or own() or from_distribution() or from_playwright():
        return 0
    print(
        "No Chromium is here and none could be installed. Install the package `chromium` of your "
        "system, or run `.venv/bin/python -m playwright install --with-deps chromium`.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
