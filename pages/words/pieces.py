"""The words page's fourth view: how a tokenizer cuts a word, one step at a time."""

from __future__ import annotations

from functools import partial

from models.errors import InputError
from models.words import tokenizers
from models.words.pieces import Segmentation, letters
from pages.ui import caches, charts, controls, frame, lines, state, sums, views
from pages.ui.stepping import step_buttons
from pages.ui.text import endonym, language, notation, t
from pages.words import TOPIC
from pages.words.shared import GAPS, SMOLLM2, WIDTHS, look, speak, writer
from viz.words import now
from viz.words.pieces import Scene
from viz.words.pieces import pieces as draw
from viz.words.pieces_formulas import step as written

_USUAL = {"tr": ("evlerimizden", "unhappiness")}
_OTHERWISE = ("unhappiness", "evlerimizden")
_LETTERS = 3  # that are written out byte by byte
cut = caches.of_values(tokenizers.pieces, entries=256)
compared = caches.of_values(tokenizers.compared, entries=256)


def view() -> None:
    """Steps and the comparison at the left, the current step at the right."""
    name = _tokenizer()
    first, other = (_word(one, place) for place, one in enumerate(("split", "second")))
    found = cut(name, first)
    step = controls.in_range("step", len(found.steps))
    cuts = compared(first), compared(other)
    scene = Scene(found, step, (cuts[0].word, cuts[1].word), (cuts[0].cuts, cuts[1].cuts))
    _controls()
    frame.notices()
    frame.now(*now.pieces(found, step, speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=GAPS)
    with figure:
        charts.told(draw(scene, look()), "pieces")
    with right:
        step_buttons(range(len(found.steps)), "words.step_before", "words.step_after")
        _read(found)
        _sums(found, step)
        _cost(name)
    frame.provenance("live", t(f"words.figure.tokenizer.{name}"), frame.quote(found.typed),
                     difference=found.check(), against="words_pieces")  # fmt: skip


def _tokenizer() -> str:
    """The chosen one; where it is not here, that is said and the first one taken."""
    name = str(state.get("tokenizer"))
    if name not in tokenizers.present(tokenizers.STEPWISE):
        state.notice("words.no_tokenizer", name=t(f"words.figure.tokenizer.{name}"))
        name = tokenizers.STEPWISE[0]
        state.put("tokenizer", name)
    return name


def _word(name: str, place: int) -> str:
    """What a visitor typed; of what cannot be cut that is said, and the usual word stays."""
    usual = _USUAL.get(language(), _OTHERWISE)[place]
    if state.get(name) is None:
        state.put(name, usual)
    typed = str(state.get(name))
    try:
        for one in tokenizers.present(tokenizers.STEPWISE):
            cut(one, typed)
    except InputError as error:
        state.notice(f"words.{error.code}", usual=usual, **error.details)
        return usual
    return typed


def _controls() -> None:
    here = tokenizers.present(tokenizers.STEPWISE)
    forget = partial(state.put, "step", 0)
    controls.row(
        (640, partial(views.switch, "words", TOPIC.views)),
        (330, partial(controls.select, "tokenizer", "words.tokenizer", here, on_change=forget)),
        (300, partial(_field, "split")),
        (300, partial(_field, "second")),
    )


def _field(name: str) -> None:
    more = {"on_change": partial(state.put, "step", 0)} if name == "split" else {}
    controls.text(name, t(f"words.field.{name}"), **more)


def _read(found: Segmentation) -> None:
    """How the word is read before anything is cut: as the normalizer leaves it, or as bytes."""
    own = tokenizers.reader(found.id)
    frame.section(t("words.read"), t("words.read_bytes" if found.merges else "words.read_normal"))
    if not found.merges:
        lines.beside(frame.token(found.typed, "ink"), frame.token(found.normal, "k"))
        changes = [t("words.lowers")] * own.lowers + [t("words.strips")] * own.strips
        changes += [t("words.dotless")] * (own.lowers and set("Iİ") & set(found.typed) != set())
        lines.hint(" ".join(changes))
        return
    for one in letters(found.typed)[:_LETTERS]:
        lines.beside(frame.token(one.letter, "ink"), f"{one.bytes} → {one.signs}")
    lines.hint(t("words.bytes", letters=found.length, bytes=found.size))


def _sums(found: Segmentation, step: int) -> None:
    frame.section(t("words.merging" if found.merges else "words.matching"), t("words.step_note"))
    sums.lines(*written(found.steps[step], writer()))
    count = notation().grouped(len(found.library))
    frame.equal_to(t("words.library"), count, found.check())


def _cost(name: str) -> None:
    """The same sentences in both languages: tokens, words, tokens a word."""
    cost = tokenizers.cost(name)
    frame.section(t("words.cost"), t("words.cost_note", pairs=cost.pairs))
    for side, spoken in enumerate(("tr", "en")):
        label = t("words.cost_each", words=cost.words[side], tokens=cost.tokens[side])
        lines.beside(f"{endonym(spoken)}: {label}", notation().fixed(cost.each(side)))
    if SMOLLM2 not in tokenizers.present():
        lines.hint(t("words.without_smollm2"))
