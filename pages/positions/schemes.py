"""The positions page's view of four ways in one head's scores: a what-if on real q and k."""

from __future__ import annotations

from functools import partial

import streamlit as st

from models.catalog import CATALOG, is_installed, offered
from models.core import encodings as maths
from models.errors import InputError
from models.positions import rotary
from models.positions.rotary import Moved
from models.positions.schemes import WAYS, FourWays, Way, along_all, biases, of_head, recorded
from pages.positions import pairs
from pages.positions.shared import WIDTHS, row, speak, writer
from pages.ui import caches, charts, controls, frame, inputs, layers, lines, state, sums
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.board.board import Figure
from viz.board.notation import shortened
from viz.positions import formulas as written
from viz.positions import now
from viz.positions import schemes as drawn
from viz.positions.schemes import Turning, Ways

CHOICES = ("all", *WAYS)
PLACES = (20, 200)  # where the query stands in the curves
_ROTARY = "smollm2"  # it was trained with RoPE
_REACH = 16  # offsets of the curves
_LONGEST = 40  # characters of the text in the line of provenance
_FAR = 140  # offsets whose buckets are drawn


_content = caches.of_model(recorded, entries=caches.TRACES, budget=caches.recordings)
_moved_in = caches.of_model(rotary.moved_text, entries=64)


def _without_model(length: int, by: int) -> Moved:
    """So many words further on in the rotary model that is built here."""
    return rotary.moved(None, range(length), by)


_moved_untrained = caches.of_values(_without_model, entries=caches.TRACES)


def view() -> None:
    """Matrices at the left, the chosen cell's sum in every way at the right."""
    trace, shown = inputs.recorded(lambda w: _content(w.model, w.text, cut=w.cut))
    kind = trace.kinds[0]
    numbers = trace.numbers(kind)
    layer = layers.chosen(numbers)
    head = controls.in_range("head", trace.block(kind, layer).heads)
    found = of_head(trace, layer, head)
    query, key = _cell(found)
    row(
        (195, inputs.model),
        (225, inputs.sentence),
        (182, partial(layers.control, numbers)),
        (182, partial(controls.counted, "head", found.heads)),
        (190, partial(controls.select, "way", "positions.way", CHOICES)),
    )
    frame.notices()
    tokens = (trace.typed or trace.tokens)[: len(found.q)]
    if trace.target_tokens is not None and trace.kinds[0] == "decoder":
        tokens = trace.target_typed or trace.target_tokens
    offsets, way = maths.offsets(_REACH), state.get("way")
    curves = {one: along_all(found, one, query, key, PLACES, offsets) for one in WAYS}
    ways = Ways(
        tokens,
        (query, key),
        found.seen(found.content),
        {name: found.scores(name) for name in WAYS},
        offsets,
        {name: curve for name, (curve, _) in curves.items()},
        PLACES,
        float(found.content[query, key]),
    )
    why = pairs.convention(found, shown) if way == "rope" else _why(found, query, key)
    frame.now(*now.ways(ways, way, speak()), why=why)
    figure, right = frame.picture_and_sums(WIDTHS, gaps=frame.TIGHT)
    with figure:
        frame.section(
            t("positions.ways"), t("positions.ways_note"), badge=t("positions.ways_badge")
        )
        choose = charts.chooses("query", "key")
        charts.clickable(_figure(found, ways, way), "ways", choose, t("positions.ways"))
        if way in ("all", "rope"):
            _further_on(_rotary(shown, len(found.q)))
    with right:
        names = [shortened(tokens[place], 12) for place in (query, key)]
        step_buttons(range(len(found.k)), "positions.key_back", "positions.key_on", name="key")
        _sums(found, query, key, names, {way: off for way, (_, off) in curves.items()})
    frame.provenance(
        "whatif",
        t("positions.ways_what"),
        caches.title(trace.model_id),
        t("heads.where", layer=layer, head=head),
        frame.quote(shortened(trace.text, _LONGEST)),
        difference=caches.difference(trace),
        against="positions",
    )
    if way == "rope":
        with st.container(key="remark-stop"):
            pairs.stop(found, shown, (query, key))


def _why(found: FourWays, query: int, key: int) -> str:
    """Why this head and cell are the first that are shown; "": others were chosen."""
    own = found.trace.text == state.default("text") and state.usual("model", "layer", "head")
    if not own or (query, key) != found.farthest:
        return ""
    return t("positions.now.ways_why", layer=found.layer, head=found.head)


def _cell(found: FourWays) -> tuple[int, int]:
    """The chosen query and key; nobody's choice: from the last word to the first."""
    for name, default in zip(("query", "key"), found.farthest, strict=True):
        if state.get(name) is None:
            state.put(name, default)
    query = controls.in_range("query", len(found.q))
    return query, controls.in_range("key", len(found.k))


def _figure(found: FourWays, ways: Ways, way: str) -> Figure:
    look = charts.style("positions.figure")
    query, key = ways.chosen
    if way == "sinusoid":
        return drawn.sinusoid(ways, found.parts, look)
    if way == "rope":
        return drawn.rope(ways, _turning(found, query, key), look)
    if way == "alibi":
        bias = maths.alibi(len(found.q), len(found.k), found.slope)
        return drawn.alibi(ways, bias, maths.slopes(found.heads), found.head, look)
    if way == "t5":
        offsets = maths.offsets(_FAR)
        pairs = offsets, maths.bucket(offsets)
        return drawn.t5(ways, biases()[found.buckets], pairs, biases(), look)
    return drawn.ways(ways, look)


def _turning(found: FourWays, query: int, key: int) -> Turning:
    one = found.pair(query, key)
    both = [one, one + found.q.shape[1] // 2]
    q, k = found.q[query], found.k[key]
    turned = [
        maths.rotated(vector[None], [place])[0][both] for vector, place in ((q, query), (k, key))
    ]
    return Turning((both[0], both[1]), q, q[both], k[both], *turned)


def _sums(found: FourWays, query: int, key: int, names: list[str], moved: dict[Way, float]) -> None:
    """moved: how far a way's score changes when both words move together."""
    q, k = frame.token(names[0], "q"), frame.token(names[1], "k")
    offset = key - query
    frame.section(
        frame.arrow(q, k), t("positions.offset", m=query, n=key, offset=notation().fixed(offset, 0))
    )
    if found.masked is not None and found.masked[query, key]:
        lines.hint(t("positions.masked"))
    cell, w = found.cell(query, key), writer(3, 3)
    total = cell.totals
    sloped = cell.content, cell.slope, cell.distance, total["alibi"]
    bucketed = cell.content, cell.bucket, cell.bias, total["t5"]
    content = written.content(found.q[query], found.k[key], found.scaling, w)
    lines.titled(t("positions.figure.content"), "")
    sums.lines(content)
    for way, note, tex in (
        ("sinusoid", {}, written.parts(cell.parts, total["sinusoid"], w)),
        ("rope", {"pairs": len(cell.pairs)}, written.turned(cell.pairs, total["rope"], w)),
        ("alibi", {}, written.sloped(*sloped, w)),
        ("t5", {}, written.bucketed(*bucketed, w)),
    ):
        lines.titled(t(f"positions.way.{way}"), t(f"positions.sum.{way}", **note))
        sums.lines(tex)
    # 0 where only the offset counts.
    said = {way: _small(off) for way, off in moved.items()}
    lines.hint(t("positions.moved", a=PLACES[0], b=PLACES[1], **said))


def _rotary(shown: inputs.Input, length: int) -> Moved:
    """All words further on: in the wanted model where it rotates, else in one built here."""
    by = PLACES[1] - PLACES[0]
    wanted = inputs.wanted().model
    try:
        own = _moved_in(wanted, shown.text, by, cut=shown.cut)
    except InputError:  # said at the top of the page
        own = None
    return own or _moved_untrained(length, by)


def _further_on(found: Moved) -> None:
    """What the formulas promise of RoPE, measured in a model that was made with it."""
    name = t("positions.rotary_built")
    if found.model_id is not None:
        name = inputs.ending(caches.title(found.model_id))
    sizes = {one: notation().fixed(getattr(found, one)) for one in ("turned", "largest")}
    said = t("positions.rotary", model=name, by=found.by, changed=_small(found.changed), **sizes)
    lines.hint(said)
    trained = CATALOG[_ROTARY]
    if found.model_id is None and trained in offered() and is_installed(trained):
        words = t("positions.rotary_trained", model=caches.title(_ROTARY))
        controls.button(words, "rotary", partial(state.put, "model"), _ROTARY)


def _small(value: float) -> str:
    return notation().fixed(value) if value >= 1e-3 else notation().scientific(value)
