"""Our pictures of 72 heads × 64 tokens beside BertViz's own, in bytes and in time to painted."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import bertviz
import torch

from models.catalog import load
from models.record import record
from tests.bench.browser import NOWHERE, chromium, drawn
from tests.bench.harness import ROUNDS, Row, compared
from tests.bench.measure_record import MODEL, text_of
from viz import bertviz as ours
from viz.bertviz.page import d3
from viz.board.theme import LIGHT
from viz.heads import overview

TOKENS = 64
REQUIRE = "https://cdnjs.cloudflare.com/ajax/libs/require.js/2.3.6/require.min.js"
# In place of RequireJS and jQuery, which come from public servers: with one kind of attention
# BertViz's model view only asks jQuery to listen to a chooser that is not there.
STAND_IN = """;
window.require = { config() {} };
window.requirejs = (names, draw) => {
  const nothing = new Proxy(function () {}, { get: () => nothing, apply: () => nothing });
  addEventListener("DOMContentLoaded", () => draw(nothing, window.d3));
};
"""
MOUNT = """<!doctype html><meta charset="utf-8"><style>{style}</style><div id="place"></div>
<script type="module">import show from "{module}";
show({{ data: {data}, parentElement: document.getElementById("place"), setTriggerValue() {{}} }});
</script>"""


def stock(view: str, weights: tuple[Any, ...], tokens: list[str]) -> str:
    """BertViz's own HTML of a view."""
    draw = {"head": bertviz.head_view, "model": bertviz.model_view}[view]
    return str(draw(weights, tokens, html_action="return").data)


def standalone(payload: dict[str, Any]) -> dict[str, str]:
    """Address → text of a page that shows the overview without Streamlit around it."""
    module = f"{NOWHERE}overview.js"
    page = MOUNT.format(style=overview.style(), module=module, data=json.dumps(payload))
    return {NOWHERE: page, module: overview.script()}


def size(*texts: str) -> float:
    """KB of texts as they are sent."""
    return sum(len(text.encode()) for text in texts) / 1000


def measure() -> list[Row]:
    """Rows for the overview and for the BertViz tab."""
    trace = record(load(MODEL), text_of(TOKENS))
    blocks = trace.layers("encoder")
    weights = tuple(torch.from_numpy(block.weights.copy())[None] for block in blocks)
    labels = dict.fromkeys(overview.LABELS, "a note of usual length")
    files = standalone(overview.of_blocks(blocks, labels=labels, theme=LIGHT))
    model_view = stock("model", weights, list(trace.tokens))
    head_view = stock("head", weights, list(trace.tokens))
    tab = ours.head_view(trace, ours.Look(dict.fromkeys(ours.LABELS, "a note"), LIGHT))
    shape = f"{len(blocks)} × {blocks[0].heads} heads, {TOKENS} tokens"
    what = f"overview ÷ BertViz's model view, {shape}"
    pages = f"BertViz tab ÷ its stock HTML, {TOKENS} tokens"
    rows = [
        Row(f"{what}: bytes", size(*files.values()), "KB", 1 / 25, 1, size(model_view)),
        Row(f"{pages}: bytes", size(tab), "KB", 1 / 10, 1, size(head_view)),
    ]
    theirs = {NOWHERE: model_view, REQUIRE: d3() + STAND_IN}
    with chromium() as browser:
        rows.append(
            compared(
                f"{what}: opened to painted",
                partial(drawn, browser, files),
                partial(drawn, browser, theirs),
                limit=1 / 20,
                rounds=ROUNDS,
                warm_up=1,
            )
        )
    return rows
