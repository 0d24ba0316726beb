"""BertViz's documents: compact, escaped, BertViz's own code, limits and wrong arguments."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from importlib.metadata import files
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.tokens import named
from models.trace import AttentionTrace
from tests.viz.bertviz_traces import HOSTILE, LABELS, encoder, translator
from viz import bertviz
from viz.bertviz import layout, page
from viz.bertviz.payload import STEPS, as_bytes, plain
from viz.board.notation import shortened, visible
from viz.board.theme import DARK, LIGHT

Draw = Callable[..., str]
USUAL = bertviz.Look(LABELS, LIGHT)
BOTH = pytest.mark.parametrize("draw", [bertviz.head_view, bertviz.model_view])


class Scripts(HTMLParser):
    """The script elements of a document, as a browser cuts them out."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.found: list[tuple[dict[str, str | None], str]] = []
        self.tags: list[str] = []
        self._open = False
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._open = tag == "script"
        if self._open:
            self.found.append((dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            attributes, text = self.found[-1]
            self.found[-1] = (attributes, text + data)


def data(document: str) -> dict[str, Any]:
    """What the document's own script reads."""
    found: dict[str, Any] = json.loads(Scripts(document).found[0][1])
    return found


def installed(package: str, name: str) -> str:
    """A file of an installed package, found by its record rather than as the app does."""
    place = next(f for f in files(package) or () if str(f) == f"{package}/{name}")
    return place.read_text(encoding="utf-8")


@given(st.floats(0, 1, width=32))
def test_a_byte_gives_back_its_weight_to_half_a_step(weight: float) -> None:
    sent = as_bytes(np.array([weight], dtype=np.float32))[0] / STEPS
    assert abs(sent - weight) <= 0.5 / STEPS + 1e-7


@pytest.mark.parametrize("view", ["head", "model"])
def test_the_drawing_code_is_bertviz_s_own(view: str) -> None:
    draw = bertviz.head_view if view == "head" else bertviz.model_view
    scripts = [text for _, text in Scripts(draw(encoder(3), USUAL)).found]
    assert installed("bertviz", f"{view}_view.js") in scripts
    assert installed("mpld3", "js/d3.v5.min.js") in scripts


# BertViz itself leaves its script file open.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_at_64_tokens_it_is_a_tenth_of_bertviz_s_own_page_or_less() -> None:
    import bertviz as stock
    import torch

    trace = encoder(64, layers=6, heads=12)
    attention = [torch.from_numpy(b.weights.copy())[None] for b in trace.layers("encoder")]
    theirs = stock.head_view(attention, list(trace.tokens), html_action="return").data
    ours = bertviz.head_view(trace, USUAL)
    assert len(ours.encode()) * 10 <= len(theirs.encode())


@BOTH
def test_no_token_can_leave_its_script_element(draw: Draw) -> None:
    harmless = Scripts(draw(encoder(len(HOSTILE)), USUAL))
    hostile = Scripts(document := draw(encoder(HOSTILE), USUAL))
    assert hostile.tags == harmless.tags
    assert hostile.found[1:] == harmless.found[1:]
    assert not set("<>&\u2028\u2029") & set(hostile.found[0][1])
    assert document.encode("utf-8")


@BOTH
def test_no_token_vanishes(draw: Draw) -> None:
    longest = 18 if draw is bertviz.head_view else 12
    (kind,) = data(draw(encoder(HOSTILE), USUAL))["kinds"]
    assert kind["keys"] == [shortened(visible(token), longest) for token in HOSTILE]
    assert all(word.strip() for word in kind["keys"])


@BOTH
def test_labels_are_text_not_markup(draw: Draw) -> None:
    labels = dict.fromkeys(bertviz.LABELS, "<img src=x onerror=alert(1)>&")
    document = draw(translator(), bertviz.Look(labels, DARK))
    assert "img" not in Scripts(document).tags


@pytest.mark.parametrize(
    ("token", "shown"),
    [("Ġthe", "the"), ("▁the", "the"), ("the</w>", "the"), ("▁", "␣"), ("</w>", "</w>")],
)
def test_word_boundary_marks_are_left_out_but_never_a_whole_token(token: str, shown: str) -> None:
    assert plain(token) == shown


def test_words_stand_in_for_the_model_s_tokens_on_their_own_side() -> None:
    trace = translator()
    source, target = ["S"] * len(trace.tokens), ["T"] * len(trace.target_tokens or ())
    document = bertviz.head_view(trace, bertviz.Look(LABELS, LIGHT, source, target))
    sides = {
        kind["kind"]: (kind["queries"][0], kind["keys"][0]) for kind in data(document)["kinds"]
    }
    assert sides == {"encoder": ("S", "S"), "decoder": ("T", "T"), "cross": ("T", "S")}


@pytest.mark.parametrize(
    ("draw", "limit"),
    [
        (bertviz.head_view, bertviz.HEAD_VIEW_TOKENS),
        (bertviz.model_view, bertviz.MODEL_VIEW_TOKENS),
    ],
)
def test_as_many_tokens_as_the_limit_and_no_more(draw: Draw, limit: int) -> None:
    assert draw(encoder(limit, layers=1, heads=1), USUAL)
    with pytest.raises(ValueError, match=f"{limit + 1} tokens.*at most {limit}"):
        draw(encoder(limit + 1, layers=1, heads=1), USUAL)


@pytest.mark.parametrize(
    ("begins", "look", "error"),
    [
        ({"heads": []}, USUAL, ValueError),
        ({"heads": [3]}, USUAL, IndexError),
        ({"layer": 2}, USUAL, IndexError),
        ({"kind": "cross"}, USUAL, KeyError),
        ({}, bertviz.Look(LABELS, LIGHT, ["one", "word"]), ValueError),
        ({}, bertviz.Look({}, LIGHT), KeyError),
    ],
)
def test_wrong_arguments_are_refused(
    begins: dict[str, Any], look: bertviz.Look, error: type[Exception]
) -> None:
    with pytest.raises(error):
        bertviz.head_view(encoder(4), look, **begins)


@BOTH
def test_a_trace_without_attention_is_refused(draw: Draw) -> None:
    with pytest.raises(ValueError, match="no attention"):
        draw(AttentionTrace("none", named("a"), ()), USUAL)


def test_a_package_that_is_missing_is_named() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        page._installed("no_such_package", "a.js")


def test_few_heads_still_fit_one_screen() -> None:
    assert bertviz.height(encoder(20, layers=2, heads=2), "model") <= 1080
    assert layout.head_slots(encoder(4, layers=1, heads=2), "encoder") == 2
    assert layout.head_slots(encoder(32, layers=6, heads=16), "encoder") == 16


def test_drawing_imports_neither_bertviz_nor_what_it_and_mpld3_bring() -> None:
    code = (
        "import sys\n"
        "from tests.viz.bertviz_traces import LABELS, encoder\n"
        "from viz import bertviz\n"
        "from viz.board.theme import LIGHT\n"
        "bertviz.head_view(encoder(3), bertviz.Look(LABELS, LIGHT))\n"
        "bertviz.model_view(encoder(3), bertviz.Look(LABELS, LIGHT))\n"
        "print({'torch', 'bertviz', 'mpld3', 'matplotlib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "set()", done.stderr
