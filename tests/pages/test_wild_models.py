"""Checkpoints that depart from the textbook, on the pages: what happens is said, ✓ where true."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import torch

from models.catalog import CATALOG, load
from models.heads.eager import against_eager
from models.record import record
from pages.ui import caches
from pages.ui.text import catalogue
from tests.models import tiny, wild
from tests.pages.visiting import healthy, visit
from tests.pages.visiting import said as told

TEXT = "a question asks"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Checkpoint folders, written once."""
    found = {}
    hybrids = ("jamba", "qwen3_next", "zamba2", "falcon_h1")
    for family in (*hybrids, "gemma3n_text", "deepseek_v2", "mistral"):
        words = tiny.tokenizer("bytes")
        more = {"vocab_size_per_layer_input": len(words)} if family == "gemma3n_text" else {}
        model = wild.build(family, vocab_size=len(words), **more)
        found[family] = tmp_path_factory.mktemp(family)
        model.save_pretrained(found[family])
        words.save_pretrained(found[family])
    return found


def said(family: str, folders: dict[str, Path], page: str, **more: str) -> str:
    at = visit(page, lang="en", model=str(folders[family]), text=TEXT, **more)
    healthy(at)
    shown = " ".join(str(one.value) for one in [*at.markdown, *at.caption, *at.get("html")])
    assert "✗" not in shown
    return shown


def test_a_hybrid_is_recorded_under_its_own_numbers(folders: dict[str, Path]) -> None:
    trace = record(load(str(folders["jamba"])), TEXT)
    assert trace.numbers("decoder") == (1, 3)
    assert trace.others == ((0, "state_space"), (2, "state_space"))
    assert trace.block("decoder", 3).layer == 3
    with pytest.raises(IndexError, match=r"layer 0 is not in \(1, 3\)"):
        trace.block("decoder", 0)


@pytest.mark.parametrize(
    ("family", "layers", "others"),
    [("zamba2", (1, 3, 5), (0, 2, 4)), ("falcon_h1", (0, 1), ())],
)
def test_attention_beside_a_state_space_counts_as_attention(
    family: str, layers: tuple[int, ...], others: tuple[int, ...], folders: dict[str, Path]
) -> None:
    loaded = load(str(folders[family]))
    trace = record(loaded, TEXT)
    assert trace.numbers("decoder") == layers
    assert trace.others == tuple((n, "state_space") for n in others)
    assert trace.difference().relative < 1e-5
    assert against_eager(loaded, TEXT).passed
    said(family, folders, "heads", layer=str(layers[-1]))


def test_layers_without_attention_are_listed(folders: dict[str, Path]) -> None:
    assert "0, 2: state space" in said("jamba", folders, "heads", layer="3")


# Bamba's and Zamba 2's own state-space layers differ with a cache, which is then said.
@pytest.mark.parametrize("family", ["jamba", "gemma3n_text", "deepseek_v2", "mistral", "falcon_h1"])
def test_the_cache_view_opens(family: str, folders: dict[str, Path]) -> None:
    torch.manual_seed(0)
    assert "✓" in said(family, folders, "gpt", view="cache", step="0")


@pytest.mark.parametrize(
    ("family", "words"),
    [
        ("deepseek_v2", "Latent attention: neither K nor V is kept"),
        ("deepseek_v2", "Kept: what K and V of all heads are made from"),
        ("deepseek_v2", "made from what the cache holds: k and v of all tokens before it"),
        ("gemma3n_text", "Layers without blocks keep nothing of their own"),
        ("mistral", "no longer kept"),
    ],
)
def test_the_cache_view_says_what_is_kept(
    family: str, words: str, folders: dict[str, Path]
) -> None:
    assert words in said(family, folders, "gpt", view="cache", step="0")
    assert words not in said("jamba", folders, "gpt", view="cache", step="0")


def test_a_gate_is_a_step_of_its_own(folders: dict[str, Path]) -> None:
    shown = said("qwen3_next", folders, "scores", step="9", layer="1")
    assert "Z is not made from the heads’ outputs" in shown
    assert "✓" in shown
    assert catalogue("en")["scores.own.9"] in shown
    assert "multiplied by a gate" not in said("qwen3_next", folders, "scores", step="7", layer="1")


def test_keys_walk_through_a_gate_and_past_it(folders: dict[str, Path]) -> None:
    address = {"lang": "en", "model": str(folders["qwen3_next"]), "text": TEXT, "layer": "1"}
    at = visit("scores", **address, step="6")
    names = list(at.radio(key="step").options)
    assert names[5:8] == ["**6** Weighted sum of values", "**7** Output gate", "**8** Concatenate"]
    for step in (9, 7, 8):
        at.button(key="next").click().run()
        healthy(at)
        assert at.radio(key="step").value == step
    assert at.button(key="next").disabled


def test_a_link_to_a_gate_that_is_not_there_is_said(folders: dict[str, Path]) -> None:
    at = visit("scores", lang="en", model=str(folders["jamba"]), text=TEXT, layer="1", step="9")
    assert catalogue("en")["scores.no_gate"] in told(at)
    assert at.radio(key="step").value == 6


def test_shared_keys_name_their_layer(folders: dict[str, Path]) -> None:
    shown = said("gemma3n_text", folders, "scores", step="1", part="k", layer="2")
    assert "K and V come from layer 0" in shown


def test_latent_projections_are_named(folders: dict[str, Path]) -> None:
    shown = said("deepseek_v2", folders, "scores", step="1", part="q", layer="0")
    assert "latent" in shown
    shown = said("deepseek_v2", folders, "scores", step="1", part="k", layer="0")
    assert "How this model makes K was not understood" in shown


def test_a_window_is_named_by_its_size(folders: dict[str, Path]) -> None:
    assert "nearest 4 tokens" in said("mistral", folders, "scores", step="4")
    assert "nearest" not in said("jamba", folders, "scores", step="4", layer="1")


def test_a_whole_pass_is_held_against_eager_attention_where_asked(
    folders: dict[str, Path],
) -> None:
    at = visit("heads", lang="en", model=str(folders["mistral"]), text=TEXT)
    healthy(at)
    (press,) = [one for one in at.button if one.key == "eager"]
    at = press.click().run()
    healthy(at)
    shown = " ".join(str(one.value) for one in [*at.markdown, *at.get("html")])
    assert "checked against eager: 8 of 8 heads" in shown
    assert not [one for one in at.button if one.key == "eager"]


def test_every_checkpoint_is_held_against_eager_once_and_the_next_run_says_so(
    folders: dict[str, Path],
) -> None:
    threading.Thread(target=caches.work, args=(0,), daemon=True).start()
    found = "checked against eager once on a text’s beginning: {n} of {n} heads"
    for model, words in (
        (str(folders["falcon_h1"]), found.format(n=8)),
        ("gpt-mini", found.format(n=16)),
        ("induction", "hands no weights out"),
    ):
        at = visit("heads", lang="en", model=model, text=TEXT)
        healthy(at)
        caches.settled()
        at.run()
        healthy(at)
        shown = " ".join(str(one.value) for one in [*at.markdown, *at.get("html")])
        assert words in shown
        own = [one for one in at.button if one.key == "eager"]
        assert bool(own) == (model not in CATALOG)
