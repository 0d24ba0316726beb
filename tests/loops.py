"""Asynchronous work in a test, whatever else the test's thread has running."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def finished(work: Coroutine[Any, Any, Result]) -> Result:
    """What it returns. In a thread of its own: where Playwright has a browser open, it keeps a
    loop running in the tests' thread, and asyncio allows no second one there."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
