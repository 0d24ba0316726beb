"""Loaded models that tests of this folder share."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import torch

from models.catalog import load
from models.core.loaded import LoadedModel
from tests.models import tiny


@pytest.fixture(autouse=True, scope="session")
def few_threads() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def folder_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """family → its checkpoint folder, written once."""
    return cache(lambda family: tiny.save(family, tmp_path_factory.mktemp(family)))


@pytest.fixture(scope="session")
def tiny_model(folder_of: Callable[[str], Path]) -> Callable[[str], LoadedModel]:
    """family → the tiny model, loaded as a visitor's own folder."""
    return lambda family: load(str(folder_of(family)))


@pytest.fixture(scope="session")
def minilm() -> LoadedModel:
    """The real model of the catalogue."""
    return load("minilm")
