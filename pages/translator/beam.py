"""The search of the translator page: greedy, or the beam as a tree with every score opened."""

from __future__ import annotations

import streamlit as st

from models.recording.vocabulary import sentence
from models.translator.beam_trace import BeamSearch, Hypothesis
from pages.translator.controls import Seen, penalty_control, written_out
from pages.ui import charts, frame, lines, sums, symbols
from pages.ui.controls import digits
from pages.ui.text import notation, t
from viz.board.markup import template
from viz.board.notation import isolated
from viz.translator.beam import Looked, beam_step, beam_tree
from viz.translator.beam_formulas import general, score

_FINISHED = template(
    "<table class='finished'><tr>{% for word in heads %}<th>{{ word }}</th>{% endfor %}</tr>"
    "{% for words, numbers in rows %}<tr{% if loop.first %} class='on'{% endif %}>"
    "<td><bdi>{{ words }}</bdi></td>"
    "{% for number in numbers %}<td class='value'>{{ number }}</td>{% endfor %}</tr>{% endfor %}"
    "</table>"
)
_OPENED = template("{{ opened }} <bdi>{{ words }}</bdi>")


def search(seen: Seen) -> None:
    """Below the picture: how the sentence was searched."""
    if seen.search is None:
        frame.section(t("translator.search"), t("translator.greedy"))
        lines.hint(t("translator.search_greedy"))
        return
    found = seen.search
    frame.section(t("translator.search"), t("translator.beam", n=found.width))
    looked = Looked(found, seen.stepping.step, seen.node)
    left, right = st.columns([1220, 604], gap="medium")
    style = charts.style("translator.tree")
    top = charts.below(beam_step(looked, style), "tree")
    with left, st.container(key="beam-tree"), top:
        drawn = beam_tree(looked, style)
        charts.clickable(
            drawn,
            "tree",
            charts.chooses("", "node"),
            t("translator.search"),
            (None, seen.node),
            said=found.words(looked.node),
        )
    with right, st.container(key="beam-sums", gap="xsmall"):
        penalty_control(found, seen.usual)
        _sentences(seen, found)
        opened = _OPENED(opened=t("translator.opened"), words=found.words(looked.node))
        lines.line("hint opened", opened)
        w = sums.writer(charts.style("translator.figure"), digits=3)
        sums.lines(general(w), *score(found, looked.node, w))
        lines.remark(t("translator.beam_why"))


def _sentences(seen: Seen, found: BeamSearch) -> None:
    """The finished sentences with their scores, the best first; what other searches write."""
    heads = ("", "Σ ln p", "n", t("translator.score"))
    rows = [(found.words(one.node), _numbers(one, found)) for one in found.finished]
    symbols.show(_FINISHED(heads=heads, rows=rows))
    if seen.usual is not None:
        _usual(found, seen.usual)
    cut = seen.trace.attention.cut
    greedy = written_out(seen.trace.model_id, seen.trace.text, beams=1, cut=cut)
    same = greedy.ids == found.best.ids
    key = "translator.greedy_same" if same else "translator.greedy_other"
    words = sentence(greedy.written.tokens, greedy.written.special)
    lines.hint(t(key, sentence=isolated(words)))


def _usual(found: BeamSearch, usual: BeamSearch) -> None:
    """Whether the model's own length penalty leads to the same sentence."""
    key = (
        "translator.penalty_same"
        if usual.best.ids == found.best.ids
        else "translator.penalty_other"
    )
    words = isolated(usual.words(usual.best.node))
    lines.hint(t(key, value=digits(usual.penalty), sentence=words))


def _numbers(one: Hypothesis, found: BeamSearch) -> tuple[str, str, str]:
    """Its sum, its length and its score."""
    node, write = found.nodes[one.node], notation().significant
    return write(node.total, 3), str(node.depth), write(one.score, 3)
