"""Seconds and bytes in the unit that suits their size."""

from __future__ import annotations

from viz.board.notation import Notation

SECONDS = ((1e-6, "µs"), (1e-3, "ms"), (1.0, "s"))
BYTES = ((1.0, "B"), (1e3, "kB"), (1e6, "MB"), (1e9, "GB"), (1e12, "TB"))
_Units = tuple[tuple[float, str], ...]


def duration(seconds: float, notation: Notation, digits: int = 2) -> str:
    """0.00071 → "710 µs": with so many significant digits."""
    return _in_units(seconds, SECONDS, notation, digits)


def size(count: float, notation: Notation, digits: int = 2) -> str:
    """Bytes, by thousands: 2097152 → "2.1 MB"."""
    return _in_units(count, BYTES, notation, digits)


def _in_units(value: float, units: _Units, notation: Notation, digits: int) -> str:
    """The largest unit of which there is one at least, after rounding."""
    rounded = float(f"{value:.{digits - 1}e}")
    least, unit = max((one for one in units if one[0] <= rounded), default=units[0])
    shown = rounded / least
    whole = len(str(int(shown)))
    return f"{notation.fixed(shown, max(digits - whole, 0))} {unit}"
