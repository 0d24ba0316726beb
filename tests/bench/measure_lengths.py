"""From 32 to 512 tokens: time to record, bytes of what `heads` shows, another cell on screen.

The plain forward pass is the same model with the same tensors on transformers' own SDPA.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

import numpy as np
import torch

from models.catalog import CATALOG, is_installed, load
from models.core.loaded import LoadedModel
from models.record import forward, inputs_of, record
from models.recording.eager import twin
from models.trace import AttentionTrace
from pages.ui.text import catalogue
from tests.bench.browser import PROBE, WINDOW, chromium
from tests.bench.harness import ROUNDS, Row, compared, timed
from tests.bench.measure_pages import both
from tests.bench.measure_record import THREADS
from tests.bench.measure_steps import step
from tests.browser.visit import Visit
from viz.board.grid import weights_map
from viz.board.notation import Notation
from viz.board.packed import packed
from viz.board.style import Style
from viz.board.theme import LIGHT
from viz.heads.overview import of_blocks
from viz.heads.view import head_view

TOKENS = (32, 64, 128, 256, 512)
MODELS = ("minilm", "smollm2")
FEW = 5  # rounds of a model whose pass takes seconds
WORDS = ("the", "cat", "sat", "down", "because", "it", "was", "tired")


def text_of(loaded: LoadedModel, tokens: int) -> str:
    """A text of that many tokens, the model's own counted."""
    for count in range(tokens, 0, -1):
        text = " ".join(WORDS[n % len(WORDS)] for n in range(count))
        found = loaded.encode(text, cut=True)
        if len(found.ids) == tokens and not found.cut:
            return text
    raise ValueError(f"{loaded.card.id} makes no {tokens} tokens of these words")


def plain(loaded: LoadedModel) -> Any:
    """The same tensors on the library's own kernel, nothing recorded."""
    model = twin(loaded.model)
    model.set_attn_implementation("sdpa")
    return model


def pass_over(loaded: LoadedModel, model: Any, text: str) -> object:
    """Text → the model's output."""
    return forward(replace(loaded, model=model), inputs_of(loaded, loaded.encode(text)))


def sent(trace: AttentionTrace) -> float:
    """KB of all heads' picture and one head's map."""
    kind = trace.kinds[0]
    view = head_view(trace, kind, trace.numbers(kind)[0], 0)
    style = Style(LIGHT, Notation("."), _words("now") | _words("figure"))
    drawn = packed(weights_map(view.weights, view.axes, style, masked=view.masked), answers=True)
    heads = of_blocks(trace.layers(kind), labels=_words("overview"), theme=LIGHT)
    parts = heads, drawn.to_dict()
    return sum(len(json.dumps(part, default=np.ndarray.tolist)) for part in parts) / 1000


def _words(topic: str) -> dict[str, str]:
    start = f"{topic}."
    return {k.removeprefix(start): v for k, v in catalogue("en").items() if k.startswith(start)}


def measure() -> list[Row]:
    """Rows by model and length, then another cell of the longest text against the shortest."""
    torch.set_num_threads(THREADS)
    rows: list[Row] = []
    for name in MODELS:
        if is_installed(CATALOG[name]):
            rows += _of_model(load(name), ROUNDS if name == MODELS[0] else FEW)
    return [*rows, *_painted()]


def _of_model(loaded: LoadedModel, rounds: int) -> list[Row]:
    card, model = loaded.card, plain(loaded)
    title = f"{card.title}, {card.layers} × {card.heads} heads"
    texts = {tokens: text_of(loaded, tokens) for tokens in TOKENS}
    rows = []
    for tokens, text in texts.items():
        ours = partial(timed, partial(record, loaded, text))
        theirs = partial(timed, partial(pass_over, loaded, model, text))
        what = f"{title}, {tokens} tokens: recorded ÷ plain SDPA forward"
        one = compared(what, ours, theirs, limit=None, scale=1e3, rounds=rounds, warm_up=1)
        rows.append(one)
    least = sent(record(loaded, texts[TOKENS[0]]))
    for tokens, text in texts.items():
        what = f"{title}, {tokens} tokens: bytes of all heads and one map ÷ at {TOKENS[0]}"
        rows.append(Row(what, sent(record(loaded, text)), "KB", None, 1, least))
    return rows


def _painted() -> list[Row]:
    """Another cell by an arrow, on heads and on scores."""
    loaded, rows = load(MODELS[0]), []
    with both() as (app, _), chromium() as browser:
        for page in ("heads", "scores"):
            tasks = []
            for tokens in (TOKENS[-1], TOKENS[0]):
                visit = Visit(browser.new_context(viewport=WINDOW), app)  # type: ignore[arg-type]
                _open(visit, page, text_of(loaded, tokens))
                turns = partial(next, cycle(("ArrowDown", "ArrowUp")))
                tasks.append(partial(step, visit, turns, []))
            what = f"{page}, {TOKENS[-1]} ÷ {TOKENS[0]} tokens: another cell, key to painted"
            rows.append(compared(what, *tasks, limit=None))
    return rows


def _open(visit: Visit, page: str, text: str) -> None:
    """The page of a text, its matrix listening to keys."""
    visit.page.add_init_script(PROBE)
    visit.goto(f"/{page}?{urlencode({'text': text, 'query': 10, 'key': 10, 'step': 5, 'v': 2})}")
    visit.page.wait_for_timeout(1000)
    visit.page.locator(f".st-key-{'weights' if page == 'heads' else 'scene'}[data-cells]").focus()
