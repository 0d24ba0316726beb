"""The timeline against today's library, our catalogue, and how each family is recorded here."""

from __future__ import annotations

import re

import pytest
from transformers import CONFIG_MAPPING

from models.catalog import CATALOG
from models.home.timeline import MILESTONES, YEARS, Milestone
from models.loading import hub
from tests.test_layout import ROOT

EACH = pytest.mark.parametrize("one", MILESTONES, ids=lambda one: one.name)
KINDS = {
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
def test_only_what_the_library_no_longer_has_leads_nowhere(one: Milestone) -> None:
    assert (one.family in CONFIG_MAPPING) == bool(one.model)


@EACH
def test_a_family_lies_in_the_lane_of_its_attention(one: Milestone) -> None:
    if one.model and one.reads != "pictures":  # the table of pictures' models has no kinds
        assert recorded()[one.family] == KINDS[one.side]


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
