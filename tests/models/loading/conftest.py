"""Checkpoint folders that a test may change, and what a visitor reads when one is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from string import Formatter

import pytest

from models.catalog import load
from models.errors import InputError
from pages.ui.text import LANGUAGES, catalogue

CopyOf = Callable[[str], Path]
Refusal = Callable[[Path, type[InputError]], InputError]


@pytest.fixture
def copy_of(folder_of: Callable[[str], Path], tmp_path: Path) -> CopyOf:
    """family → a folder of it that a test may damage."""
    return lambda family: Path(shutil.copytree(folder_of(family), tmp_path / family))


@pytest.fixture
def refusal() -> Refusal:
    """(folder, kind) → the error with which it is refused: just that kind, in whole sentences."""

    def refused(folder: Path, kind: type[InputError]) -> InputError:
        with pytest.raises(kind) as found:
            load(str(folder))
        assert type(found.value) is kind
        details = {"model": str(folder), "kept": "", **found.value.details}
        for language in LANGUAGES:
            sentence = catalogue(language)[f"error.{kind.code}"]
            assert {name for _, name, _, _ in Formatter().parse(sentence) if name} <= details.keys()
            assert "Error" not in sentence.format(**details)
        return found.value

    return refused
