"""Choosing a cell by a click, and the words that go with the chosen head."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from models.core.by_length import ByLength
from models.core.clearest import most_of_its_own
from models.core.continued import Continued
from models.heads import metrics
from models.heads.metrics import HeadFigures
from models.trace import KINDS, AttentionBlock, AttentionTrace, Floats, Kind
from pages.ui import (
    about,
    caches,
    charts,
    components,
    controls,
    frame,
    inputs,
    keys,
    layers,
    lines,
    state,
)
from pages.ui.classroom import shown
from pages.ui.model import languages
from pages.ui.text import labels, language, notation, rich, t
from viz.board import zoom
from viz.board.axes import Axes
from viz.board.board import Figure
from viz.board.grid import HEIGHT, weights_map
from viz.board.markup import Safe, template
from viz.board.notation import isolated
from viz.board.sentence import query_key
from viz.board.theme import theme as themed
from viz.board.tokens import Bools, padding_axes, special_names
from viz.heads.overview import of_blocks
from viz.heads.view import HeadView, head_view, other_spellings

MOST_SPELLINGS = 4
DEFAULT_CELL = (6, 2)  # "it" → "cat" in the sentence that everybody sees first

_BDI = template("<bdi>{{ words }}</bdi>")
_WRITTEN = template("{{ words }} {{ sign }}")


def chosen_kind(trace: AttentionTrace, *, whole: bool = False) -> Kind:
    """The kind in the address when this model has it, else its first.

    whole: of those alone that have q, k and v in every layer.
    """
    kind, known = state.get("kind"), trace.whole_kinds if whole else trace.kinds
    if kind not in known:
        if kind is not None and kind in KINDS:
            name = "error.no_kind" if kind not in trace.kinds else "error.kind_of_weights"
            state.notice(name, kind=t(f"kind.{kind}"))
        kind = known[0]
    # With one kind there is nothing to choose, and nothing to say in the address.
    state.put("kind", kind if len(trace.kinds) > 1 else None)
    return kind  # type: ignore[no-any-return]


def chosen_block(trace: AttentionTrace, kind: Kind) -> AttentionBlock:
    """The chosen layer's block; a layer or head that is not there is said and replaced."""
    block = trace.block(kind, layers.chosen(trace.numbers(kind)))
    controls.in_range("head", block.heads)
    return block


def head_cells(
    trace: AttentionTrace, kind: Kind, block: AttentionBlock, widths: Sequence[int]
) -> list[controls.Cell]:
    """Controls for a row: model, text, what belongs to it, layer, head, kind where there are more.

    widths: pixels of each, of the last only where it is there.
    """
    draws: list[Callable[[], None]] = [
        inputs.model,
        inputs.sentence,
        partial(inputs.second, trace),
        partial(layers.control, trace.every or trace.numbers(kind)),
        partial(controls.counted, "head", block.heads),
    ]
    if len(trace.kinds) > 1:
        draws.append(partial(_kind, trace))
    return list(zip(widths, draws, strict=False))


def _kind(trace: AttentionTrace) -> None:
    controls.choice("kind", "controls.kind", trace.kinds, lambda kind: t(f"kind.{kind}"))


def chosen_view(trace: AttentionTrace, kind: Kind, block: AttentionBlock) -> HeadView:
    """The chosen head with the chosen cell; a query or key that is not there is said."""
    query, key = _cell(trace)
    rows, columns = (int((~part).sum()) for part in padding_axes(trace, kind))
    if query is not None and query >= rows:
        query = controls.in_range("query", rows)
    if key is not None and key >= columns:
        key = controls.in_range("key", columns)
    head, hide = int(state.get("head")), bool(state.get("hide"))
    return head_view(trace, kind, block.layer, head, query=query, key=key, hide=hide)


def _cell(trace: AttentionTrace) -> tuple[int | None, int | None]:
    query, key = state.get("query"), state.get("key")
    first = trace.text == state.default("text") and trace.model_id == state.default("model")
    if (query, key) == (None, None) and first:
        return DEFAULT_CELL
    return query, key


def _most(trace: AttentionTrace, kind: Kind, query: int, key: int) -> tuple[int, int]:
    """(layer, head) where that query gives that key most beyond what other words give it."""
    words = [n for n in range(len(trace.typed)) if not trace.special[n] and n not in (query, key)]
    weights = [block.weights for block in trace.layers(kind)]
    at, head = most_of_its_own(weights, query, key, words)
    return trace.numbers(kind)[at], head


_own_most = caches.of_record(_most)


def reason(trace: AttentionTrace, view: HeadView) -> str:
    """Why the page's own head is shown first; "" where anything else was chosen or typed."""
    chosen = view.full.chosen
    own = trace.text == state.default("text") and state.usual("model", "pair", "target")
    if not own or (chosen.query, chosen.key) != DEFAULT_CELL:
        return ""
    kind = trace.kinds[0]
    place = state.get("layer"), state.get("head")
    if place != _own_most(trace, kind, chosen.query, chosen.key):
        return ""
    blocks = trace.layers(kind)
    values = {"layer": place[0], "head": place[1], "count": len(blocks) * blocks[0].heads}
    tokens = query_key(view.query_token, view.full.keys[chosen.key])
    return rich("heads.now.why", **values, **tokens)


def clickable(figure: Figure, key: str, name: str, axes: Axes) -> None:
    """A figure in which a click on a cell chooses its query and key. axes: the chosen ones.

    name: what the figure is, for those who do not see it.
    """
    query, column = axes.cell
    said = f"{axes.queries[query]} → {axes.keys[column]}"
    zoomable(axes)
    charts.clickable(figure, key, _choose, name, axes.identity(query, column), said=said)


def _choose(query: int, key: int, _: str = "", place: str = "") -> None:
    if place == zoom.TURN:
        turn()
    else:
        state.put_all(query=query, key=key)


def zoomable(axes: Axes) -> None:
    """Where a figure draws a window of its tokens, a key brings nearer, or back."""
    if zoom.window(axes.shape, axes.cell, zoom.sizes(charts.style())) is not None:
        keys.button("zoom", turn, "Z")


def turn() -> None:
    """Fewer tokens, with numbers, or more of them again."""
    state.put("zoom", None if state.get("zoom") else True)


def overview(trace: AttentionTrace, block: AttentionBlock) -> None:
    """All heads as small maps; a click chooses one."""
    frame.section(t("heads.overview"), t("heads.overview_note"))
    numbers, choose = trace.numbers(block.kind), charts.chooses("layer", "head")
    components.heads_overview(
        _canvas(trace, block.kind, frame.current_theme().name, language()),
        numbers.index(block.layer),
        int(state.get("head")),
        on_choose=lambda at, head: choose(numbers[at], head),
    )
    if trace.streams > 1 and block.kind != "encoder":
        lines.hint(t("heads.streams", count=trace.streams - 1))
    if trace.every:
        named = ", ".join(map(str, numbers))
        lines.hint(t("heads.pooled", layers=named))
        if trace.rows is not None:
            lines.hint(t("heads.pooling"))
    if trace.by_length is not None and block.kind == "encoder":
        lines.hint(_by_length(trace.by_length, whole=block.whole))
    if trace.others:
        lines.hint(t("heads.others", layers=_others(trace)))


def _by_length(switch: ByLength, *, whole: bool) -> str:
    """Whether this text was long enough for blocks, and what became of the random ones."""
    if whole:
        return t("heads.blocks_not_yet", longest=switch.longest)
    told = t("heads.blocks_now", longest=switch.longest)
    return f"{told} {t('heads.blocks_random', count=switch.random)}"


def _others(trace: AttentionTrace) -> str:
    """Each layer without attention, by its own number, and what it is."""
    kinds = dict.fromkeys(name for _, name in trace.others)
    return "; ".join(
        f"{', '.join(str(n) for n, name in trace.others if name == kind)}: {t(f'layer.{kind}')}"
        for kind in kinds
    )


def weights(
    found: Floats,
    axes: Axes,
    masked: Bools | None = None,
    absent: Bools | None = None,
    less: int = 0,
) -> None:
    """A head's weights (query, key) as a map; a click chooses a cell. masked, absent: as there.

    less: pixels that it is to be lower.
    """
    style, height = charts.style("now", "figure"), HEIGHT - less
    figure = weights_map(found, axes, style, masked=masked, absent=absent, height=height)
    clickable(figure, "weights", t("heads.map"), axes)
    place = t("heads.where", layer=state.get("layer"), head=state.get("head"))
    whose = f"{caches.title(str(state.get('model')))} · {place}"
    shown.offer(found, axes, whose)


def where(trace: AttentionTrace, block: AttentionBlock) -> list[str]:
    """Model, layer, head and text of a figure, as parts of its provenance."""
    return [
        caches.title(trace.model_id),
        t("heads.where", layer=block.layer, head=state.get("head")),
        frame.quote(trace.text),
        frame.quote(trace.text_pair) if trace.text_pair else "",
        languages.between(trace),
        _written(trace.continued),
        _spellings(other_spellings(trace)),
        about.headline(trace.model_id),
    ]


def _written(continued: Continued | None) -> Safe:
    """How much of the text the model wrote itself, and whether this pass says the same."""
    if continued is None:
        return Safe()
    words = t("heads.written_end" if continued.ended else "heads.written", count=continued.count)
    agree = t("heads.written_agree", agree=continued.agreeing, count=continued.count)
    sign = frame.verdict(continued.behind, agree) if continued.count else ""
    return _WRITTEN(words=words, sign=sign)


def _spellings(pairs: list[tuple[str, str]]) -> Safe:
    """How the model spells words that it writes otherwise than they were typed."""
    if not pairs:
        return Safe()
    shown = ", ".join(" → ".join(map(isolated, pair)) for pair in pairs[:MOST_SPELLINGS])
    if len(pairs) > MOST_SPELLINGS:
        shown += " …"
    return _BDI(words=t("heads.seen", pairs=shown))


def _all_figures(trace: AttentionTrace, kind: Kind) -> dict[int, tuple[HeadFigures, ...]]:
    """Measured figures of every head of a kind, [layer][head], by the model's own numbers."""
    return {layer: metrics.of_layer(trace, kind, layer) for layer in trace.numbers(kind)}


figures = caches.of_record(_all_figures)


def _all_heads(trace: AttentionTrace, kind: Kind, theme: str, _: str) -> dict[str, Any]:
    names = special_names(trace, kind)
    captions = [[caption(head, names) for head in layer] for layer in figures(trace, kind).values()]
    words = labels("overview")
    drawn = tuple(int((~part).sum()) for part in padding_axes(trace, kind))
    look = {"labels": words, "theme": themed(theme), "captions": captions}
    return of_blocks(trace.layers(kind), (drawn[0], drawn[1]), **look)


_canvas = caches.of_record(_all_heads, entries=48)


def caption(head: HeadFigures, special: list[str]) -> str:
    """The head's short label, only where a figure is decisive."""
    found = metrics.label(head)
    if found is None:
        return ""
    name, value = found
    token = ", ".join(special[1:] or special if name == "separator" else special[:1])
    return t(f"heads.label.{name}", name=token, value=notation().fixed(value))


def label(trace: AttentionTrace, block: AttentionBlock, head: int) -> str:
    """What the head decisively does, with the figure that says so; "" for most heads."""
    return caption(figures(trace, block.kind)[block.layer][head], special_names(trace, block.kind))
