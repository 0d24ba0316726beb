"""The search of the translator page: greedy, or the beam as a tree with every score opened."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.recording.vocabulary import sentence
from models.translator.beam_trace import BeamSearch, Hypothesis
from pages.translator.controls import Seen, written_out
from pages.ui import charts, frame, state
from pages.ui.text import notation, t
from viz.translator.beam import Looked, beam_tree
from viz.translator.beam_formulas import general, score


def search(seen: Seen) -> None:
    """Below the picture: how the sentence was searched."""
    if seen.search is None:
        frame.section(t("translator.search"), t("translator.greedy"))
        st.html(f"<p class='hint'>{escape(t('translator.search_greedy'))}</p>")
        return
    found = seen.search
    frame.section(t("translator.search"), t("translator.beam", n=found.width))
    looked = Looked(found, seen.stepping.step, seen.node)
    tree, sums = st.columns([1220, 604], gap="medium")
    with tree, st.container(key="beam-tree"):
        charts.clickable(beam_tree(looked, charts.style("translator.tree")), "tree", _choose)
    with sums, st.container(key="beam-sums", gap="xsmall"):
        _sentences(seen, found)
        _score(looked)


def _choose(_: str, node: int) -> None:
    state.put("node", int(node))


def _sentences(seen: Seen, found: BeamSearch) -> None:
    """The finished sentences with their scores, the best first; whether greedy writes the same."""
    heads = ("", "Σ ln p", "n", t("translator.score"))
    head = "".join(f"<th>{escape(word)}</th>" for word in heads)
    rows = "".join(_sentence(one, found, at == 0) for at, one in enumerate(found.finished))
    st.html(f"<table class='finished'><tr>{head}</tr>{rows}</table>")
    cut = seen.trace.attention.cut
    greedy = written_out(seen.trace.model_id, seen.trace.text, beams=1, cut=cut)
    same = greedy.ids == found.best.ids
    key = "translator.greedy_same" if same else "translator.greedy_other"
    words = sentence(greedy.written.tokens, greedy.written.special)
    st.html(f"<p class='hint'>{escape(t(key, sentence=words))}</p>")


def _sentence(one: Hypothesis, found: BeamSearch, best: bool) -> str:
    node = found.nodes[one.node]
    words = " ".join(found.nodes[i].piece for i in found.path(one.node))
    write = notation().significant
    numbers = (write(node.total, 3), str(node.depth), write(one.score, 3))
    cells = "".join(f"<td class='value'>{escape(number)}</td>" for number in numbers)
    kind = " class='on'" if best else ""
    return f"<tr{kind}><td><bdi>{escape(words)}</bdi></td>{cells}</tr>"


def _score(looked: Looked) -> None:
    words = " ".join(looked.search.nodes[i].piece for i in looked.search.path(looked.node))
    st.html(
        f"<p class='hint opened'>{escape(t('translator.opened'))} <bdi>{escape(words)}</bdi></p>"
    )
    style, finer = charts.style("translator.figure"), bool(state.get("exact"))
    for line in (general(style), *score(looked.search, looked.node, style, finer=finer)):
        st.latex(line)
