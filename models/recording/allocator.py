"""The C library's memory: what a forward pass let go of stays with the process for the next one.

By default glibc hands a freed recording straight back to the system, which then has to give and
clear every page anew: measured, 5,000 page faults a recording of 512 tokens, some 5 % of its time.
"""

from __future__ import annotations

import ctypes

# mallopt(3): what may lie free at the end of a heap, and from what size on a block is no heap's.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
FREE = 32 << 20  # bytes: a recording of 512 tokens (18 MiB) and what it passes through
BLOCK = 4 << 20  # bytes; setting the other one would leave this at 128 KiB for good


def keep_freed_memory() -> bool:
    """Whether the C library took it; other ones than glibc have no such settings."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return bool(mallopt(_MMAP_THRESHOLD, BLOCK)) and bool(mallopt(_TRIM_THRESHOLD, FREE))


def give_back() -> bool:
    """What lies free between the blocks goes back to the system, once; whether there was any.

    Of reading a quantised file's vocabulary some 20 MB. Other C libraries have no such call.
    """
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return False
    return bool(trim(0))
