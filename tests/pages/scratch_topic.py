"""A topic as somebody would add one: its folders, its words, one line of the registry.

It shows how much each token looks at itself: a record from a real recording, a figure, the sum of
one token, two views, a parameter of its own, two languages.
"""

from __future__ import annotations

SLUG = "scratch"
LINE = f'    "{SLUG}",\n'

_TOPIC = '''"""How much a token looks at itself."""

from __future__ import annotations

from pages.ui.parameters import Parameter, number
from pages.ui.topic import Topic

TOPIC = Topic(
    "scratch",
    "attention",
    ":material/science:",
    defaults={"text": "Dogs chase cats", "layer": 0, "head": 0},
    parameters=(Parameter("scratched", number, 1),),
    views=("bars", "sum"),
)
'''

_MODEL = '''"""How much the tokens of a recording look at themselves."""

from __future__ import annotations

from dataclasses import dataclass

from models.trace import AttentionTrace, Floats


@dataclass(frozen=True, slots=True)
class Own:
    """tokens: of the text; shares: (token,) weights of each on itself."""

    tokens: tuple[str, ...]
    shares: Floats


def of_head(trace: AttentionTrace, layer: int, head: int) -> Own:
    """The diagonal of one head's weights."""
    return Own(trace.tokens, trace.block("encoder", layer).weights[head].diagonal())
'''

_FIGURE = '''"""Shares as bars, and the sum behind one of them."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from models.trace import Floats
from viz.board.style import Style


def bars(shares: Floats, tokens: Sequence[str], chosen: int, style: Style) -> go.Figure:
    """A bar a token, (token,) in its order; the chosen one in the weights' colour."""
    colours = [style.colour("weight" if i == chosen else "muted") for i in range(len(tokens))]
    figure = go.Figure(go.Bar(x=list(range(len(tokens))), y=shares, marker_color=colours))
    return figure.update_layout(title=style.labels["own"])


def formula(shares: Floats, chosen: int, style: Style) -> str:
    """One share beside what is left for all other tokens, as LaTeX."""
    share, others = float(shares[chosen]), 1 - float(shares[chosen])
    return f"{style.notation.fixed(share, 4)} = 1 - {style.notation.fixed(others, 4)}"
'''

_PAGE = '''"""How much does a token look at itself? One head's diagonal."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.scratch.own import of_head
from pages.scratch import TOPIC
from pages.ui import caches, charts, controls, frame, inputs, selection, state, views
from pages.ui.stepping import step_buttons
from viz.scratch.own import bars, formula


def body() -> None:
    """Everything below the title."""
    view = views.opened(TOPIC.views)
    trace = inputs.recording()
    block = selection.chosen_block(trace, trace.kinds[0])
    own = of_head(trace, block.layer, int(state.get("head")))
    chosen = controls.in_range("scratched", len(own.tokens))
    views.switch("scratch", TOPIC.views)
    inputs.model()
    inputs.sentence()
    frame.notices()
    style = charts.style("scratch.figure")
    with st.container(key="main-figure"):
        if view == "bars":
            charts.still(bars(own.shares, own.tokens, chosen, style), "own")
    with st.container(key="steps"):
        step_buttons(range(len(own.tokens)), "scratch.back", "scratch.on", name="scratched")
        st.latex(formula(own.shares, chosen, style))
    frame.provenance(
        "live", escape(caches.title(trace.model_id)), difference=caches.difference(trace)
    )
    frame.learn("scratch")


frame.page("scratch", body)
'''

WORDS = {
    "en": {
        "nav.scratch": "Itself",
        "scratch.title": "How much does a token look at itself?",
        "scratch.card": "One head’s diagonal.",
        "scratch.view": "View",
        "scratch.view.bars": "Bars",
        "scratch.view.sum": "Sum",
        "scratch.back": "Back",
        "scratch.on": "On",
        "scratch.figure.own": "On itself",
        "controls.scratched": "Token",
    },
    "tr": {
        "nav.scratch": "Kendisi",
        "scratch.title": "Bir parça kendisine ne kadar bakar?",
        "scratch.card": "Bir başlığın köşegeni.",
        "scratch.view": "Görünüm",
        "scratch.view.bars": "Çubuklar",
        "scratch.view.sum": "Toplam",
        "scratch.back": "Geri",
        "scratch.on": "İleri",
        "scratch.figure.own": "Kendisine",
        "controls.scratched": "Parça",
    },
}
_LESSON = {
    "en": "<!-- try 1 -->\nStep on.\n<!-- answer 1 -->\nAnother bar.\n"
    "<!-- try 2 -->\nType.\n<!-- answer 2 -->\nOther bars.\n<!-- careful -->\nNo reason.\n",
    "tr": "<!-- try 1 -->\nİlerleyin.\n<!-- answer 1 -->\nBaşka bir çubuk.\n"
    "<!-- try 2 -->\nYazın.\n<!-- answer 2 -->\nBaşka çubuklar.\n<!-- careful -->\nNeden değil.\n",
}


def _catalogue(language: str) -> str:
    head = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n'
    head += '"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    said = (f'\nmsgid "{key}"\nmsgstr "{words}"\n' for key, words in WORDS[language].items())
    return head + "".join(said)


FILES = {
    f"pages/{SLUG}/__init__.py": _TOPIC,
    f"pages/{SLUG}/page.py": _PAGE,
    f"pages/{SLUG}/page.css": ".st-key-own{outline:0}\n",
    f"models/{SLUG}/__init__.py": "",
    f"models/{SLUG}/own.py": _MODEL,
    f"viz/{SLUG}/__init__.py": "",
    f"viz/{SLUG}/own.py": _FIGURE,
    **{f"text/{language}/{SLUG}.po": _catalogue(language) for language in WORDS},
    **{f"text/{language}/{SLUG}.md": lesson for language, lesson in _LESSON.items()},
}
