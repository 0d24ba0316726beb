"""The timeline against today's library, our catalogue, and how each family is recorded here."""

from __future__ import annotations

import re

import pytest
from transformers import CONFIG_MAPPING

from models.catalog import CATALOG
from models.home.timeline import KINDS, MILESTONES, YEARS, Milestone, opens
from models.loading import hub
from tests.test_layout import ROOT

EACH = pytest.mark.parametrize("one", MILESTONES, ids=lambda one: one.name)
KINDS_OF = {
    "encoder": {"encoder"},
    "decoder": {"decoder"},
    "both": {"encoder", "decoder", "cross"},
}


def recorded() -> dict[str, set[str]]:
    """Family → kinds of attention that the measured table of families has for it."""
    text = (ROOT / "docs" / "families.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| ([^|]*) \|", text, re.MULTILINE)
    return {family: set(re.findall(r"encoder|decoder|cross", kinds)) for family, kinds in rows}


@EACH
def test_only_what_the_library_no_longer_has_names_no_model(one: Milestone) -> None:
    assert (one.family in CONFIG_MAPPING) == bool(one.model)


@EACH
def test_what_a_name_opens_is_shipped_and_of_its_kind(one: Milestone) -> None:
    """Nothing is fetched for it, and it has the same half of the Transformer."""
    shipped = {card.id for card in CATALOG.values() if card.source == "shipped"}
    found = opens(one, shipped)
    if one.reads == "sound":
        assert found is None  # none of ours reads sound
        assert all(CATALOG[model].shows != "sound" for model in shipped)
        return
    assert found is not None
    card = CATALOG[found.model]
    if one.reads == "pictures":
        assert card.shows == "picture"
    else:
        assert recorded()[card.family] == KINDS_OF[one.side]


def test_a_names_own_model_comes_before_ours_of_its_kind() -> None:
    llama = next(one for one in MILESTONES if one.name == "LLaMA")
    ours = {kind.model for kind in KINDS.values()}
    without, with_it = opens(llama, ours), opens(llama, {*ours, llama.model})
    assert without is not None
    assert with_it is not None
    assert (without.model, with_it.model) == ("gpt-mini", "smollm2")


@EACH
def test_a_family_lies_in_the_lane_of_its_attention(one: Milestone) -> None:
    if one.model and one.reads != "pictures":  # the table of pictures' models has no kinds
        assert recorded()[one.family] == KINDS_OF[one.side]


@EACH
def test_a_model_is_one_of_ours_of_that_family_or_a_name_on_the_hub(one: Milestone) -> None:
    if one.model in CATALOG:
        assert CATALOG[one.model].family == one.family
    elif one.model:
        assert hub.named(one.model).name == one.model


def test_it_runs_from_the_first_year_to_the_last() -> None:
    years = [one.year for one in MILESTONES]
    assert years == sorted(years)
    assert tuple(YEARS) == tuple(range(2017, 2024))
    assert len({one.name for one in MILESTONES}) == len(MILESTONES)
