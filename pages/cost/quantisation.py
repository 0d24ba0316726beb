"""The cost page's view of quantisation: a block of 4-bit weights, and a model with fewer bits."""

from __future__ import annotations

from functools import partial

from models.cost import bits, block_source
from models.cost.bits import Quantised
from models.cost.block_source import FILE, SHIPPED
from models.cost.quantisation import BITS, FULL, PROJECTIONS, SIZE, PackedBlock
from models.recording.ranking import likeliest
from pages.cost.shared import GAPS, WIDTHS, instead, row, typed
from pages.ui import caches, charts, controls, frame, lines, state, sums, symbols
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.cost import quantisation_formulas as written
from viz.cost import quantisation_now as now
from viz.cost.quantisation import ChosenWeight, block
from viz.cost.quantisation_bits import BitsCompared, bits_compared, named
from viz.formula.writer import Writer
from viz.tables.next_words import bars

_ALL = (FULL, *BITS)
_NEXT = 4  # tokens that are listed
_look = partial(charts.style, "cost.quantisation.figure", "cost.quantisation.formula")
_speak = partial(charts.style, "now", "cost.quantisation.figure", "cost.quantisation.now")
_block = caches.of_values(block_source.block, entries=512)
_quantised = caches.of_model(bits.quantised, entries=64)


def view() -> None:
    """One block of weights, or one head's map with fewer bits."""
    if state.get("quantised") == "bits":
        _bits()
    else:
        _one_block()


def _switch() -> controls.Cell:
    """Which half of the view."""
    return 330, partial(controls.choice, "quantised", "cost.quantised", ("block", "bits"))


def _writer() -> Writer:
    return sums.writer(_look(), 12, room=19.0)


# One block


def _one_block() -> None:
    """The bytes at the left, the chosen weight's sum at the right."""
    source, there = _source(), block_source.installed()
    layer = controls.in_range("block_layer", block_source.layers(source))
    found = _placed(source, layer)
    drawn = ChosenWeight(found, int(state.get("weight")))
    row(
        _switch(),
        (
            300,
            partial(
                controls.select, "stored", "cost.stored", (FILE, SHIPPED) if there else (SHIPPED,)
            ),
        ),
        (250, partial(controls.choice, "projection", "cost.projection", PROJECTIONS, str.upper)),
        (110, partial(controls.counted, "block_layer", block_source.layers(source))),
        (110, partial(controls.number, "output", found.rows - 1)),
        (110, partial(controls.number, "block", found.blocks - 1)),
    )
    frame.notices()
    frame.now(*now.block(drawn, _speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=GAPS)
    with figure:
        name = t("cost.block")
        frame.section(name, t(f"cost.block_note.{found.model_id if there else 'instead'}"))
        said = f"{drawn.weight}: {notation().fixed(drawn.value, 5)}"
        charts.clickable(block(drawn, _look()), "packed", charts.chooses("weight"), name, said=said)
    with right:
        step_buttons(range(SIZE), "cost.weight_back", "cost.weight_on", name="weight")
        _block_sums(drawn)
    place = t("cost.block_place", row=found.row, block=found.number)
    parts = caches.title(found.model_id), found.tensor, place
    frame.provenance("live", *parts, difference=found.difference, against="cost_gguf")


def _source() -> str:
    """Whose block: of SmolLM2 where its file is installed."""
    if state.get("stored") == FILE and not block_source.installed():
        instead("stored", SHIPPED)
    return str(state.get("stored"))


def _placed(source: str, layer: int) -> PackedBlock:
    """The block in the address; a row or block that is not there is said and replaced."""
    first = _block(source, state.get("projection"), layer, 0, 0)
    place = controls.in_range("output", first.rows), controls.in_range("block", first.blocks)
    return _block(source, state.get("projection"), layer, *place)


def _block_sums(drawn: ChosenWeight) -> None:
    w = _writer()
    frame.section(t("cost.byte", n=drawn.column))
    sums.lines(written.whole_number(drawn, w))
    frame.section(t("cost.header"))
    sums.lines(written.header(drawn, w))
    frame.section(t("cost.weight", n=drawn.weight))
    sums.lines(written.weight(drawn, w))
    library = notation().fixed(float(drawn.block.library[drawn.weight]), 6)
    frame.equal_to(t("cost.library"), library, drawn.block.difference)
    if drawn.block.before is not None:
        sums.lines(written.rounding(drawn, w))
    frame.section(t("cost.size"))
    sums.lines(written.size(w))


# Fewer bits


def _bits() -> None:
    """The maps at the left, the chosen number's loss at the right."""
    text = typed("prompt", SHIPPED, lambda one: _quantised(SHIPPED, one, FULL))
    found = [_quantised(SHIPPED, text, one) for one in _ALL]
    drawn = _compared(found)
    row(
        _switch(),
        (520, partial(controls.text, "prompt", t("cost.prompt"))),
        (130, partial(controls.counted, "block_layer", drawn.one.trace.blocks[-1].layer + 1)),
        (130, partial(controls.counted, "map_head", drawn.one.trace.blocks[0].heads)),
    )
    frame.notices()
    frame.now(*now.fewer(drawn, _speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=GAPS)
    with figure:
        name = t("cost.maps", layer=drawn.layer, head=drawn.head)
        frame.section(name, t("cost.maps_note"))
        here = drawn.chosen, drawn.query, drawn.key
        charts.clickable(bits_compared(drawn, _look()), "bits-maps", _choose, name, here)
    with right:
        step_buttons(_ALL, "cost.bits_more", "cost.bits_fewer", name="bits")
        _bits_sums(drawn)
    frame.provenance(
        "live" if drawn.one.bits == FULL else "whatif",
        caches.title(SHIPPED),
        frame.quote(drawn.one.trace.text),
        t("cost.held_out_how", count=2 * bits.SENTENCES),
        difference=drawn.one.difference,
        against="cost_entropy",
    )


def _choose(place: int, query: int, key: int) -> None:
    """What a click on a cell of one of the maps chooses."""
    state.put_all(bits=_ALL[int(place)], map_query=int(query), map_key=int(key))


def _compared(found: list[Quantised]) -> BitsCompared:
    """The cell in the address; else the last token, and where it looks most."""
    trace = found[0].trace
    layer, last = controls.in_range("block_layer", len(trace.blocks)), len(trace.tokens)
    head = controls.in_range("map_head", trace.blocks[layer].heads)
    query = controls.asked("map_query", last, last - 1)
    most = int(trace.blocks[layer].weights[head, query].argmax())
    key = min(controls.asked("map_key", last, most), query)
    chosen = _ALL.index(int(state.get("bits")))
    return BitsCompared(found, chosen, layer, head, query, key, caches.names(SHIPPED))


def _bits_sums(drawn: BitsCompared) -> None:
    w, one = _writer(), drawn.one
    query, key = (drawn.one.trace.typed[at] for at in (drawn.query, drawn.key))
    arrow = frame.arrow(frame.token(query, "q", 14), frame.token(key, "k", 14))
    frame.section(arrow)
    own, now_ = (float(drawn.weights(at)[drawn.query, drawn.key]) for at in (0, drawn.chosen))
    lines.beside(t("cost.alpha_full"), notation().fixed(own, 4))
    if drawn.chosen:
        lines.beside(t("cost.alpha_bits", count=one.bits), notation().fixed(now_, 4))
    frame.section(t("cost.loss"), t("cost.loss_note"))
    sums.lines(written.loss(one, w))
    frame.equal_to(t("cost.loss_torch"), notation().fixed(one.library_loss, 4), one.difference)
    if drawn.chosen:
        frame.section(t("cost.size"))
        sums.lines(written.bytes_of(one, w))
    frame.section(t("cost.next"))
    _next(drawn)


def _next(drawn: BitsCompared) -> None:
    """The likeliest next tokens of the model as it is, and what they have now."""
    both = [drawn.found[0].logits[-1], *([drawn.one.logits[-1]] if drawn.chosen else [])]
    rows = [
        (one.word.replace("▁", ""), one.probabilities)
        for one in likeliest(both, drawn.words, most=_NEXT)
    ]
    style = _look()
    heads = [named(one.bits, style) for one in (drawn.found[0], drawn.one)][: len(both)]
    symbols.show(bars(rows, heads=heads, notation=notation()))
