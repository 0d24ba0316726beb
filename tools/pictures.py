"""Takes the README's pictures anew from the running app: `python -m tools.pictures`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.chromium import launch
from tests.browser.server import ROOT, running
from tests.browser.visit import Visit

FOLDER = ROOT / "docs"
PICTURES = {
    "heads": ("/heads?lang=en", "light"),
    "scores": ("/scores?lang=tr&step=4&mask=causal", "dark"),
    "translator": ("/translator?lang=en", "light"),
    "lstm": ("/lstm?lang=tr", "dark"),
    "positions": ("/positions?lang=en&view=ways", "light"),
}


def main() -> None:
    """Overwrites docs/*.png, at the size of a lecture screen."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        with running(ROOT / "app.py", Path(folder) / "app.log") as server:
            for name, (path, scheme) in PICTURES.items():
                context = browser.new_context(
                    viewport={"width": 1920, "height": 1080},
                    color_scheme=scheme,  # type: ignore[arg-type]
                )
                visit = Visit(context, server.url)
                visit.goto(path)
                visit.figure()
                visit.page.wait_for_timeout(1500)
                visit.page.screenshot(path=FOLDER / f"{name}.png")
                context.close()
        browser.close()


if __name__ == "__main__":
    main()
