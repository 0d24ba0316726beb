"""What the store of short links does on every database."""

from __future__ import annotations

from pages.ui.short.store import LONG, ShortLinks
from pages.ui.storage.codes import tidy

SAID = {"v": "2", "text": "İlk ışık \0 <b>&=#?%00" + "ş" * 9_000, "lang": "tr"}


class Clock:
    """Seconds that a test turns itself."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def keeps(links: ShortLinks, clock: Clock) -> None:
    """AssertionError: it does not. clock: the store's own; keep: 100 seconds."""
    code = links.code("heads", SAID)
    assert tidy(code, LONG) == code
    assert links.find(code) == ("heads", SAID)
    assert links.code("heads", dict(reversed(SAID.items()))) == code
    assert links.code("scores", SAID) != code
    assert links.find("A" * LONG) is None
    clock.now += 99
    assert links.code("heads", SAID) == code  # asked for again it lives anew
    clock.now += 99
    assert links.find(code) == ("heads", SAID)
    clock.now += 2
    links._purged = clock.now  # what is over is gone before anybody sweeps
    assert links.find(code) is None
    assert links.purge() == 2  # the other address, too
    assert links.code("heads", SAID) != code
