"""What students ask, as links: each question opens the very state in which its answer stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from models.catalog import is_installed, offered
from pages.ui import frame
from pages.ui.text import t
from pages.ui.topic import topic

_ANSWERS = Path(__file__).with_name("answers.js")
_answers = st.components.v2.component("dikkat_answers", js=_ANSWERS.read_text(encoding="utf-8"))

_CAT = {"model": "minilm", "text": "The cat sat down because it was tired", "layer": 3, "head": 1}
_SCORES = {"mode": "live", **_CAT, "query": 6, "key": 2}
_ROBOT = {"model": "minilm", "text": "I am a Robot", "layer": 0, "head": 2, "query": 4}
_SON = {"model": "translator", "text": "Oğlunuzun sevdiği büyük köye gittiniz."}
_OLD = {"model": "gpt-mini", "text": "The old", "top_k": 10, "seed": 0}


@dataclass(frozen=True, slots=True)
class StudentQuestion:
    """name: its words are `home.question.<name>`; page, state: where its answer stands, by that
    page's own parameters; heading: the catalogue's key of the heading below which it stands;
    larger: what is different of the state where the larger model is here, which shows it better.
    """

    name: str
    page: str
    state: Mapping[str, object]
    heading: str
    larger: Mapping[str, object] = field(default_factory=dict)

    def opened(self) -> dict[str, object]:
        """The state that its link opens here."""
        here = {card.id for card in offered() if is_installed(card)}
        return {**self.state, **(self.larger if self.larger.get("model") in here else {})}


QUESTIONS = {
    "head": (
        StudentQuestion("root", "scores", {**_SCORES, "step": 3}, "scores.scaling.title"),
        StudentQuestion("three", "scores", {**_SCORES, "step": 1}, "scores.symmetry.title"),
        StudentQuestion("several", "scores", {**_SCORES, "step": 7}, "scores.splitting.title"),
        StudentQuestion(
            "infinity", "scores", {**_SCORES, "key": 7, "step": 4, "mask": "causal"},
            "scores.masking.title",
        ),
        StudentQuestion(
            "first", "heads", {**_CAT, "layer": 2, "head": 7, "query": 6, "key": 0}, "heads.sinks",
            larger={"model": "smollm2", "layer": 3, "head": 3, "query": 7},
        ),
    ),
    "layer": (
        StudentQuestion(
            "added", "positions", {"view": "added", **_ROBOT, "dim": 0}, "positions.added"
        ),
        StudentQuestion(
            "pairs", "positions", {"view": "ways", "way": "rope", **_ROBOT, "key": 1, "dim": 0},
            "positions.pairs.title",
        ),
        StudentQuestion(
            "residual", "neuron",
            {"view": "depth", "blocks": 32, "stack": "both", "bend": "tanh", "start": "linear"},
            "neuron.depth.purpose",
        ),
        StudentQuestion(
            "feed_forward", "gpt", {"view": "write", **_OLD, "step": 0, "layer": 3, "inner": 35},
            "gpt.units",
        ),
        StudentQuestion(
            "bias", "lstm", {"model": "lstm", "view": "bias", "after": 10}, "lstm.bias"
        ),
    ),
    "writing": (
        StudentQuestion(
            "forcing", "translator", {**_SON, "step": 0, "phase": "training"}, "translator.forcing"
        ),
        StudentQuestion("cache", "gpt", {"view": "cache", **_OLD, "step": 3, "head": 0},
                 "gpt.cache.kept"),
        StudentQuestion(
            "order", "gpt",
            {"view": "write", **_OLD, "temperature": 0.5, "top_k": 0, "top_p": 0.8, "swap": "kpt"},
            "gpt.order",
        ),
        StudentQuestion(
            "beam", "translator",
            {**_SON, "text": "Bilgisayar köye gitti.", "step": 8, "beams": 3, "penalty": 1},
            "translator.search",
        ),
    ),
}  # fmt: skip


def view() -> None:
    """A column a group."""
    frame.section(t("home.questions"), t("home.questions_note"))
    columns = st.columns(len(QUESTIONS), gap="medium")
    for column, (name, asked) in zip(columns, QUESTIONS.items(), strict=True):
        key = f"way-questions-{name}"  # the look of the ways on: this is one more
        with column, st.container(border=True, key=key, height="stretch", gap="xsmall"):
            frame.section(t(f"home.questions.{name}"))
            for one in asked:
                words = frame.plain(t(f"home.question.{one.name}"))
                frame.way_to(topic(one.page), words, icon=None, **one.opened())
    with st.container(key="answers"):
        _answers(key="answers-links", data={"headings": headings()})


def headings() -> dict[str, str]:
    """A question's words → how the heading begins below which its answer stands."""
    every = [one for asked in QUESTIONS.values() for one in asked]
    return {t(f"home.question.{one.name}"): t(one.heading).split("{")[0] for one in every}
