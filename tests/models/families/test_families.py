"""Every family of the table: recorded and the same as transformers' own, or refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import transformers

from models.catalog import load
from models.core.arrays import ROUNDING
from tests.models.families import table
from tests.models.families.document import DOCUMENT, listed
from tests.models.families.measuring import measured, save

Folder = Callable[[str], Path]

# One of each kind: plain, grouped, both sides, hybrid, indexed, with a sink, with a window.
QUICK = ("bert", "qwen2_moe", "mt5", "falcon_h1", "deepseek_v32", "granite_swa", "minimax")
QUICK_REFUSED = ("longt5", "diffllama", "inkling2_text", "mamba")


def _others(names: Iterable[str], quick: Collection[str]) -> list[Any]:
    return [pytest.param(n, marks=pytest.mark.tables) for n in names if n not in quick]


LONG = _others(table.RECORDED, QUICK)
LONG_REFUSED = _others(table.REFUSED, QUICK_REFUSED)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """family → its checkpoint folder, written once."""
    return cache(lambda name: save(name, tmp_path_factory.mktemp(name)))


@pytest.mark.filterwarnings("ignore")  # the families' own code
@pytest.mark.parametrize("name", [*QUICK, *LONG])
def test_every_head_and_the_answer_are_those_of_the_eager_model(name: str, folder: Folder) -> None:
    found = measured(folder(name))
    assert found.agree == found.compared == found.heads > 0
    assert found.largest <= ROUNDING


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", [*QUICK_REFUSED, *LONG_REFUSED])
def test_what_is_not_recorded_is_refused(name: str, folder: Folder) -> None:
    with pytest.raises(table.REFUSED[name]) as found:
        load(str(folder(name)))
    assert type(found.value) is table.REFUSED[name]


def test_no_family_stands_in_both_tables() -> None:
    assert not table.RECORDED.keys() & table.REFUSED.keys()
    assert set(transformers.CONFIG_MAPPING) >= table.RECORDED.keys() | table.REFUSED.keys()


def test_the_document_lists_the_tables_families() -> None:
    recorded, refused = listed(DOCUMENT.read_text("utf-8"))
    assert (recorded, refused) == (sorted(table.RECORDED), sorted(table.REFUSED)), (
        "python -m tests.models.families.document writes it anew"
    )
