"""The cost page's view of caches: bytes of keys and values, by how heads share them."""

from __future__ import annotations

from functools import partial

import streamlit as st

from models.cost import cache_library
from models.cost.block_source import SHIPPED
from models.cost.cache import PUBLISHED, SHARINGS, CacheShape, KeyValueCache, every
from pages.cost import CACHED
from pages.cost.shared import GAPS, WIDTHS, instead, row, typed
from pages.ui import caches, charts, controls, frame, lines, state, sums
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from pages.ui.topic import topic
from viz.cost import cache_formulas as written
from viz.cost import cache_now as now
from viz.cost.cache import CachesShown, cache_bars
from viz.cost.units import size
from viz.formula.writer import Writer

_LENGTHS = CACHED.choices
_PUBLISHED = tuple(one.name for one in PUBLISHED)
_look = partial(charts.style, "cost.cache.figure")
_speak = partial(charts.style, "now", "cost.cache.now")
_counted = caches.of_values(cache_library.counted, entries=256)
_kept = caches.of_model(cache_library.kept, entries=64)


def view() -> None:
    """The heads and the bars at the left, the chosen bar's sum at the right."""
    shape, names = _shape()
    text = _text() if shape.name == SHIPPED else None
    groups = state.get("kv_groups")
    groups = groups if groups in shape.divisors else shape.groups
    chosen = SHARINGS.index(state.get("sharing") or shape.sharing)
    found = every(shape, groups, int(state.get("cached")), int(state.get("number_bytes")))
    drawn = CachesShown(found, chosen, _title(shape.name))
    row(
        (290, partial(_shapes, shape, names)),
        (300, partial(_length)),
        (220, partial(_groups, shape, groups)),
        (170, _bytes_each),
        *([(330, partial(controls.text, "prompt", t("cost.prompt")))] if text is not None else ()),
    )
    frame.notices()
    frame.now(*now.caches(drawn, drawn.one.n == _LENGTHS[-1], _speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=GAPS)
    with figure:
        name = t("cost.cache.who", model=drawn.title)
        frame.section(name, t("cost.cache.note"))
        said = f"{t(f'cost.cache.figure.sharing.{drawn.one.sharing}')}: {_size(drawn.one.bytes)}"
        here = charts.chooses("sharing")
        charts.clickable(cache_bars(drawn, _look()), "caches", here, name,
                         [drawn.one.sharing], said=said)  # fmt: skip
    with right:
        step_buttons(_LENGTHS, "cost.shorter", "cost.longer", name="cached")
        _sums(drawn, text)
    frame.provenance(_origin(drawn.one), *_where(drawn.one))


def _shape() -> tuple[CacheShape, tuple[str, ...]]:
    """Whose sizes, and whose there are: where SmolLM2 is not installed, another model's."""
    names = tuple(one.name for one in cache_library.shapes())
    if state.get("shape") not in names:
        instead("shape", SHIPPED)
    return cache_library.shape(str(state.get("shape"))), names


def _title(name: str) -> str:
    return t(f"cost.cache.shape.{name}") if name in _PUBLISHED else caches.title(name)


def _shapes(shape: CacheShape, names: tuple[str, ...]) -> None:
    """Another model shares in its own way."""
    forget = ("sharing", "kv_groups")
    controls.shadow(st.selectbox, "shape", "cost.cache.shape", names, _title, shown=shape.name,
                    forget=forget)  # fmt: skip


def _length() -> None:
    controls.slider("cached", t("cost.cache.length"), _LENGTHS, notation().grouped)


def _groups(shape: CacheShape, groups: int) -> None:
    controls.shadow(st.select_slider, "kv_groups", "cost.cache.groups", shape.divisors, str,
                    shown=groups)  # fmt: skip


def _bytes_each() -> None:
    controls.choice("number_bytes", "cost.cache.bytes_each", (4, 2, 1))


def _size(count: int) -> str:
    return size(count, notation(), 3)


def _sums(drawn: CachesShown, text: str | None) -> None:
    one, w = drawn.one, Writer(charts.style("cost.cache.formula"))
    frame.section(t(f"cost.cache.figure.sharing.{one.sharing}"), t("cost.cache.after", n=_n(one)))
    sums.lines(written.held(one, w))
    own = _counted(one)
    same = lines.sign(own == one.bytes)
    lines.equal(t("cost.cache.library"), notation().grouped(own), same)
    if text is not None:
        _loaded(one, text)
    frame.section(t("cost.cache.step"), t("cost.cache.step_note"))
    for name, count in (
        ("grows", one.token_bytes),
        ("reads", one.bytes),
        ("weights", one.weight_bytes),
    ):
        lines.beside(t(f"cost.cache.{name}"), _size(count))
    frame.section(t("cost.cache.crossing"))
    sums.lines(written.crossing(one, w))
    if one.crossing > one.shape.positions:
        lines.hint(t("cost.cache.too_long", n=notation().grouped(one.shape.positions)))
    frame.way_to(topic("gpt"), t("cost.cache.see"), view="cache")


def _text() -> str:
    """What the model that is loaded here reads: the visitor's text, else the page's own."""
    return typed("prompt", SHIPPED, lambda given: _kept(SHIPPED, given))


def _loaded(one: KeyValueCache, text: str) -> None:
    """What the loaded model's own cache holds after the text, to the same sum with its tokens."""
    count, held = _kept(SHIPPED, text)
    shape = one.shape
    same = lines.sign(held == KeyValueCache(shape, shape.sharing, shape.groups, count, 4).bytes)
    lines.equal(t("cost.cache.loaded", count=count), notation().grouped(held), same)


def _n(one: KeyValueCache) -> str:
    return notation().grouped(one.n)


def _origin(one: KeyValueCache) -> str:
    """Of a model that is here, of a published one, or what neither has."""
    if not one.native or one.n > one.shape.positions:
        return "whatif"
    if one.shape.name in _PUBLISHED:
        return "example"
    return "live" if one.number_bytes == 4 else "whatif"


def _where(one: KeyValueCache) -> tuple[str, ...]:
    """Whose sizes, and where they stand."""
    name = one.shape.name
    source = t(f"cost.cache.source.{name}")
    if not one.native:
        own = t(f"cost.cache.figure.sharing.{one.shape.sharing}")
        source = f"{source}; {t('cost.cache.own', sharing=own)}"
    return _title(name), source
