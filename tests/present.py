"""What has to be there."""

from __future__ import annotations

from typing import TypeVar

Thing = TypeVar("Thing")


def present(found: Thing | None) -> Thing:
    """The thing itself; AssertionError: it is None."""
    assert found is not None
    return found
