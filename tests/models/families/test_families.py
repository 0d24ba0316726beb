"""Every family of the table: recorded and the same as transformers' own, or refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import transformers

from models.catalog import load
from models.core.arrays import ROUNDING
from models.loading import families
from models.trace import Term
from pages.ui.text import LANGUAGES, catalogue
from tests.models.families import pictures, table
from tests.models.families.document import DOCUMENT, listed, listed_pictures
from tests.models.families.measuring import measured, save
from viz.steps.scene import symbol

Folder = Callable[[str], Path]

# One of each kind: plain, grouped, both sides, hybrid, indexed, with a sink, with linear layers;
# with an attention of its own, its scores alone, with slopes, and with a term of what it reads.
QUICK = (
    *("bert", "qwen2_moe", "mt5", "falcon_h1", "deepseek_v32", "granite_swa", "minimax"),
    *("openai-gpt", "squeezebert", "bloom", "deberta"),
)
QUICK_WEIGHTS = ("longformer", "led")
QUICK_REFUSED = ("lilt", "diffllama", "inkling2_text", "mamba")


def _others(names: Iterable[str], quick: Collection[str]) -> list[Any]:
    return [pytest.param(n, marks=pytest.mark.slow) for n in names if n not in quick]


LONG = _others(table.RECORDED, QUICK)
LONG_WEIGHTS = _others(table.WEIGHTS_ONLY, QUICK_WEIGHTS)
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
@pytest.mark.parametrize("name", [*QUICK_WEIGHTS, *LONG_WEIGHTS])
def test_weights_alone_are_those_that_eager_attention_hands_out(name: str, folder: Folder) -> None:
    found = measured(folder(name))
    assert found.agree == found.compared > 0
    assert found.largest <= ROUNDING
    assert set(found.trace.whole_kinds) == {"decoder", "cross"} & set(found.trace.kinds) - (
        {"decoder"} if name == "reformer" else set()
    )
    # Of Reformer's buckets it hands out weights without saying of which keys.
    assert found.compared == found.heads / (2 if name == "reformer" else 1)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", [*QUICK_REFUSED, *LONG_REFUSED])
def test_what_is_not_recorded_is_refused(name: str, folder: Folder) -> None:
    with pytest.raises(table.REFUSED[name]) as found:
        load(str(folder(name)))
    assert type(found.value) is table.REFUSED[name]


def test_no_family_stands_in_both_tables() -> None:
    tables = table.RECORDED, table.WEIGHTS_ONLY, table.REFUSED
    names = [name for each in tables for name in each]
    assert len(names) == len(set(names))
    assert set(transformers.CONFIG_MAPPING) >= set(names)


def test_the_document_lists_the_tables_families() -> None:
    tables = table.RECORDED, table.WEIGHTS_ONLY, table.REFUSED
    assert listed(DOCUMENT.read_text("utf-8")) == tuple(sorted(each) for each in tables), (
        "python -m tests.models.families.document writes it anew"
    )


PICTURES = ("swin", "clip")


@pytest.mark.parametrize("name", [*PICTURES, *_others(pictures.NAMES, PICTURES)])
def test_every_head_of_a_picture_is_that_of_the_eager_model(name: str, tmp_path: Path) -> None:
    found = pictures.measured(name, tmp_path)
    assert found.check.passed
    assert found.largest <= ROUNDING


def test_the_document_lists_the_families_of_pictures() -> None:
    assert listed_pictures(DOCUMENT.read_text("utf-8")) == pictures.NAMES, (
        "python -m tests.models.families.document writes it anew"
    )


@pytest.mark.parametrize("name", sorted({n for names in families.TERMS.values() for n in names}))
def test_a_term_has_a_letter_and_words_in_both_languages(name: str) -> None:
    assert len(symbol(Term(name, np.zeros((1, 1))))) < 4
    for language in LANGUAGES:
        words = catalogue(language)
        assert words[f"scores.figure.term.{name}"]
        assert words[f"scores.remark.term_{name}"]
