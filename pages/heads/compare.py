"""Two sentences, two heads or two models side by side: both maps, what differs, all heads."""

from __future__ import annotations

import streamlit as st

from models.core.arrays import Difference, largest
from models.heads import compare, divergence
from models.heads.alignment import Side
from models.heads.compare import Comparison
from models.trace import AttentionBlock, AttentionTrace
from pages.heads.other_side import Other
from pages.ui import caches, charts, controls, frame, lines, state, sums, window
from pages.ui.text import notation, rich, t
from viz.board.tokens import typed_axes
from viz.heads import compare as pictures
from viz.heads import compare_formulas as formulas
from viz.heads import now
from viz.heads.compare import Compared
from viz.heads.view import head_view

_WIDTHS = (1190, 590)
_TERMS = 3
_WHOLE = 0.995  # from here on a row's weight is 1.00
_MAPS = ("weights", "other", "difference")
_all_pairs = caches.of_record(divergence.all_pairs, entries=8)


def view(trace: AttentionTrace, block: AttentionBlock, other: Other, less: int = 0) -> None:
    """Everything below the tabs. less: pixels that the maps are to be lower."""
    seen = _seen(trace, block, other)
    place = block.layer, int(state.get("head"))
    itself = other.trace is trace and other.place == place
    said = now.compared(seen, other.against, charts.style("now", "heads.now"), itself=itself)
    frame.now(*said, why=_why(other, place))
    left, right = st.columns(_WIDTHS, gap="medium")
    with left:
        with st.container(key="main-figure"):
            _maps(seen, block, other, place, less)
        with frame.sums_place(st.container()):
            cell, row = st.columns(2, gap="medium")
            with cell:
                _cell(seen, trace, block, other)
            with row:
                _row(seen, block, other)
    with right:
        _distances(trace, block, other, place)


def _seen(trace: AttentionTrace, block: AttentionBlock, other: Other) -> Compared:
    both = compare.compared(other.grid, (block, int(state.get("head"))), (other.block, other.head))
    axes = zip(
        typed_axes(trace, block.kind), typed_axes(other.trace, other.block.kind), strict=True
    )
    words = [pictures.words(other.grid, n, *pair) for n, pair in enumerate(axes)]
    return Compared(both, (words[0], words[1]), _chosen(both, block))


def _chosen(both: Comparison, block: AttentionBlock) -> tuple[int, int]:
    """The cell of the chosen query and key; where nobody chose any the largest difference."""
    query, key = (
        controls.asked(name, count, None)
        for name, count in zip(("query", "key"), block.shape, strict=True)
    )
    return both.cell(query, key)


def _why(other: Other, place: tuple[int, int]) -> str:
    """Why just this pair is shown; "" where somebody chose it."""
    own = ("model", "text", "pair", "target", "against", "other_text", "layer", "head")
    if other.level or not other.comparable:
        return ""
    count = sum(map(len, other.distances))
    if other.against != "sentence":
        chosen = state.get("other_layer") is not None
        return "" if chosen else t(f"heads.now.compare_why_{other.against}", count=count)
    at = other.trace.numbers(other.block.kind).index(place[0])
    most = max(float(layer.max()) for layer in other.distances)
    if not state.usual(*own) or float(other.distances[at][place[1]]) < most:
        return ""
    return t("heads.now.compare_why", count=count)


def _maps(
    seen: Compared, block: AttentionBlock, other: Other, place: tuple[int, int], less: int
) -> None:
    style, choose = charts.style("figure", "heads.compare"), charts.chooses("query", "key")
    height = pictures.HEIGHT - less
    figures = (
        pictures.side(seen, 0, style, height=height),
        pictures.side(seen, 1, style, height=height),
        pictures.difference(seen, style, height=height),
    )
    names = _named(block, other, place)
    row, column = seen.cell
    said = f"{seen.words[0][row]} → {seen.words[1][column]}"
    # Streamlit would put two of them side by side in a narrow window.
    narrow = window.current().stacked
    places = [st.container() for _ in _MAPS] if narrow else st.columns(3, gap="small")
    for at, key, figure, name in zip(places, _MAPS, figures, names, strict=True):
        with at, charts.beside(len(places)):
            frame.section(*name)
            charts.clickable(figure, key, choose, name[0], seen.identity(row, column), said=said)


def _named(
    block: AttentionBlock, other: Other, place: tuple[int, int]
) -> tuple[tuple[str, str], ...]:
    """What stands above each map, and beside it."""
    here = t("heads.where", layer=place[0], head=place[1])
    there = t("heads.where", layer=other.block.layer, head=other.head)
    points = "A − B", t("heads.compare.points")
    if other.against == "sentence":
        return ("A", t("heads.compare.first")), ("B", t("heads.compare.second")), points
    if other.against == "head":
        return ("A", here), ("B", there), points
    model = caches.title(other.trace.model_id)
    return ("A", here), ("B", f"{model}, {there}"), points


def _cell(seen: Compared, trace: AttentionTrace, block: AttentionBlock, other: Other) -> None:
    """The chosen cell's two weights, and what one is more than the other."""
    row, column = seen.cell
    grid, style = other.grid, charts.style("figure", "heads.compare")
    w = sums.writer(style, _TERMS)
    shown = tuple(words[at] for words, at in zip(seen.words, seen.cell, strict=True))
    frame.section(
        frame.arrow(frame.token(shown[0], "q", 14), frame.token(shown[1], "k", 14)),
        t("heads.rounded"),
    )
    places = grid.rows[row], grid.columns[column]
    heads = ((block, int(state.get("head"))), (other.block, other.head))
    written, checks = [], []
    for which, (one, head) in enumerate(heads):
        queries, keys = places[0][which], places[1][which]
        if queries is None or keys is None:
            continue
        side: Side = 1 if which else 0
        written.append(formulas.weight(one.head(head), queries, keys, side, w))
        source = other.trace if which else trace
        checks += [_check(source, one, head, query, keys[0]) for query in queries]
    if len(written) < 2:
        sums.lines(formulas.alone(written))
        lines.hint(t("heads.compare.only_in_one"))
        return
    first, second = (float(part[row, column]) for part in (seen.both.first, seen.both.second))
    sums.lines(formulas.subtracted(written, first, second, w))
    frame.equal_to(t("heads.compare.own"), "", largest(checks))


def _check(
    trace: AttentionTrace, block: AttentionBlock, head: int, query: int, key: int
) -> Difference:
    return head_view(trace, block.kind, block.layer, head, query=query, key=key).difference


def _distances(
    trace: AttentionTrace, block: AttentionBlock, other: Other, place: tuple[int, int]
) -> None:
    """A number for every head that could stand at the right."""
    frame.section(t(f"heads.compare.map.{other.against}"), t(f"heads.compare.note.{other.against}"))
    if not other.comparable:
        lines.hint(t("heads.now.compare_none"))
        return
    style, name = charts.style("figure", "heads.compare"), t("heads.compare.heads")
    if other.against == "head":
        controls.choice(
            "distance_to",
            "heads.compare.distances",
            ("one", "all"),
            label_visibility=controls.HIDDEN,
        )
        if state.get("distance_to") == "all":
            _pairs(trace, block, other, place)
            return
    numbers = other.trace.numbers(other.block.kind)
    factor = 1 if other.against == "head" else 100
    values = [factor * layer for layer in other.distances]
    figure = pictures.heads(
        values, numbers, other.place, style, digits=2 if other.against == "head" else 0
    )
    names = ("layer", "head") if other.against == "sentence" else ("other_layer", "other_head")
    charts.clickable(figure, "distances-map", charts.chooses(*names), name, [*other.place])


def _pairs(
    trace: AttentionTrace, block: AttentionBlock, other: Other, place: tuple[int, int]
) -> None:
    """All heads to all heads; a click chooses both."""
    found = _all_pairs(trace, block.kind)
    layers = [(one.layer, one.heads) for one in trace.layers(block.kind)]
    flat = [(layer, head) for layer, count in layers for head in range(count)]
    chosen = flat.index(place), flat.index(other.place)
    style = charts.style("figure", "heads.compare")
    figure = pictures.pairs(found.values, layers, chosen, style)
    choose = charts.chooses("layer", "head", "other_layer", "other_head")
    name = t("heads.compare.heads")
    charts.clickable(figure, "pairs-map", choose, name, [*place, *other.place])
    if found.rows < found.queries:
        lines.hint(t("heads.compare.some_rows", rows=found.rows, queries=found.queries))


def _row(seen: Compared, block: AttentionBlock, other: Other) -> None:
    """Two heads of a recording: the chosen row's divergence, term by term and by another formula.

    Of others: what the maps leave out, which have no rows to compare that sum to 1.
    """
    if other.against != "head":
        _left_out(seen, block, other)
        return
    query, key = seen.identity(*seen.cell)
    w = sums.writer(charts.style("figure", "heads.compare"), 2)
    p, q = (
        divergence.rows(one, head)[query]
        for one, head in ((block, int(state.get("head"))), (other.block, other.head))
    )
    token = frame.token(seen.words[0][query], "q", 14)
    numbers = other.trace.numbers(block.kind)
    mean = float(other.distances[numbers.index(other.block.layer)][other.head])
    note = t("heads.compare.row_note", mean=notation().fixed(mean))
    frame.section(rich("heads.compare.row", token=token), note)
    rest = t("figure.sink" if block.whole else "figure.elsewhere")
    sums.lines(formulas.row(p, q, key, (*seen.words[1], rest), w))
    found = notation().fixed(float(divergence.by_entropy(p, q)), 4)
    frame.equal_to(formulas.BY_ENTROPY, found, divergence.checked(p, q))
    _sparse(block, other)


def _sparse(block: AttentionBlock, other: Other) -> None:
    """What is hatched in the maps of heads whose scores are not all computed."""
    if not (block.whole and other.block.whole):
        lines.hint(t("heads.compare.sparse"))


def _left_out(seen: Compared, block: AttentionBlock, other: Other) -> None:
    """What the maps do not show as one would expect it, each where there is some."""
    if other.grid.several:
        lines.hint(t("heads.compare.several"))
    if other.grid.gaps:
        lines.hint(t("heads.compare.hatched"))
    _sparse(block, other)
    if state.get("hide"):
        lines.hint(t("heads.compare.hide"))
    shares = seen.both.in_both(seen.cell[0])
    if 0 < min(shares) < _WHOLE:
        token = frame.token(seen.words[0][seen.cell[0]], "q", 14)
        first, second = map(notation().fixed, shares)
        words = {"token": token, "first": first, "second": second}
        lines.hint(rich("heads.compare.in_both", **words))
