"""Which model gpt begins with, and which beginnings it offers: against the catalogue."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any, cast

import pytest

from models.catalog import CATALOG
from pages.gpt import controls

_ASK = """
from models.catalog import CATALOG, is_installed, offered
from pages.gpt import TOPIC
card = CATALOG["smollm2"]
print(TOPIC.spoken["en"].get("model", TOPIC.defaults["model"]), TOPIC.defaults["model"])
print(card in offered() and is_installed(card))
"""


@pytest.mark.parametrize("without", ["", "smollm2", "minilm, smollm2", "lstm"])
def test_the_page_begins_with_the_language_model_where_the_catalogue_offers_it(
    without: str,
) -> None:
    environment = {**os.environ, "DIKKAT_WITHOUT": without}
    done = subprocess.run(
        [sys.executable, "-c", _ASK], env=environment, capture_output=True, text=True, check=True
    )
    first, otherwise, offered = done.stdout.split()
    assert first == ("smollm2" if offered == "True" else otherwise)
    assert "smollm2" not in without or offered == "False"


@pytest.mark.parametrize("model", [name for name in CATALOG if CATALOG[name].shows == "attention"])
def test_only_what_was_trained_here_is_offered_sentences_of_its_grammar(model: str) -> None:
    loaded = SimpleNamespace(card=CATALOG[model])
    offered = controls._beginnings(cast(Any, loaded))
    trained_here = CATALOG[model].source == "shipped"
    assert offered == (controls.BEGINNINGS if trained_here else controls.WORLDLY)
