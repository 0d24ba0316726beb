"""The bert page's second view: words hidden by a click, and what the model expects there."""

from __future__ import annotations

from functools import partial

import streamlit as st

from models.bert.mask import masked_text
from models.bert.trace import Answer, MaskedText
from models.core.arrays import difference
from models.recording.ranking import likeliest
from pages.bert import shared
from pages.bert.shared import MODEL, SENTENCE, VIEW, WIDTHS, speak, style
from pages.ui import caches, charts, controls, frame, inputs, lines, spelling, state, sums
from pages.ui.inputs import Input
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, rich, t
from viz.bert import mask_formulas as formulas
from viz.bert import now
from viz.bert.mask import masking
from viz.board.notation import isolated, shortened
from viz.tables.pieces import named, spaced

_SEEN = "_bert_mask_seen"  # the input that the page itself chose a place for
_LAST = "_bert_mask"  # the texts that were hidden in last, and what was
NOTHING = "none"
_LETTERS = 4  # of a word that is worth hiding
_MOST = 10  # candidates
_TERMS, _ROOM = 2, 230

# Answers for 64 places of a vocabulary of 30,000 are 16 MiB, of BERT mini's half a megabyte.
_masked_text = caches.of_model(masked_text, entries=12)


def view() -> None:
    """Everything below the title."""
    found, _ = inputs.recorded(_recorded)
    place = controls.in_range("step", len(found.tokens))
    if place not in found.read:  # of a long text, kept from the last good input
        place = next(iter(found.read))
    if len(found.read) < len(found.tokens):
        state.notice("bert.one_asked", count=len(found.tokens))
    _controls(found, place)
    frame.notices()
    frame.now(*now.mask(found, place, speak()), why=_why(found, place))
    figure, right = frame.picture_and_sums(WIDTHS)
    with figure:
        drawn = masking(found, style(), place=place)
        charts.acting(
            drawn,
            "masking",
            partial(_clicked, found),
            t("bert.masking"),
            (place, 1),
            said=found.typed[place],
            walk=lambda place, _: state.put("step", int(place)),
        )
        texts = " ".join(filter(None, (found.text, found.text_pair)))
        words = spelling.spelt(found.model_id, texts, found.tokens)
        spelling.warned("bert.mask_spelt", words)
        lines.hint(t("bert.mask_note"))
    with right:
        _answers(found, place)
    shared.provenance(found, against="bert_mask", figure="masked_en")


def _recorded(wanted: Input) -> MaskedText:
    model = shared.able(wanted.model, "words")
    texts = wanted.text, wanted.pair
    _forget(wanted)

    def ask(masked: tuple[int, ...]) -> MaskedText:
        found = _masked_text(model, *texts, masked=masked, cut=wanted.cut)
        place = int(state.get("step"))
        if place not in found.read and place < len(found.tokens):  # a long text: one at a time
            found = _masked_text(model, *texts, masked=masked, place=place, cut=wanted.cut)
        return found

    chosen = _chosen()
    if chosen is None:
        first = _worth(ask(()))
        chosen = (first,)
        if st.session_state.get(_SEEN) != wanted:
            st.session_state[_SEEN] = wanted
            if state.get("step") == state.unasked("step"):  # nobody asked for another place
                state.put("step", first)
    found = ask(chosen)
    if set(chosen) - set(found.masked):
        state.notice("bert.cannot_hide")
    return found


def _forget(wanted: Input) -> None:
    """Places hidden in another text are other words: then the page's own choice again."""
    texts, hidden = (wanted.text, wanted.pair), state.get("hidden")
    last = st.session_state.get(_LAST)
    if last is not None and last[0] != texts and last[1] == hidden:
        state.put_all(hidden=None, step=None)
    st.session_state[_LAST] = (texts, state.get("hidden"))


def _chosen() -> tuple[int, ...] | None:
    """The hidden places in the address; None: nobody said."""
    said = state.get("hidden")
    if said is None:
        return None
    if said == NOTHING:
        return ()
    numbers = str(said).split(".")
    if len(numbers) > 512 or not all(n.isascii() and n.isdigit() and len(n) < 4 for n in numbers):
        state.notice("error.address", name="hidden")
        state.put("hidden", None)
        return None
    return tuple(sorted({int(n) for n in numbers}))


def _worth(found: MaskedText) -> int:
    """The place whose word is guessed best once hidden, among words of some letters.

    What begins a sentence is left out: a word of a few that sentences begin with.
    """
    shares = {
        place: own[1]
        for place in found.read
        if (own := found.shares(place)) is not None and _is_word(found, place)
    }
    return max(shares, key=shares.__getitem__, default=next(iter(found.read)))


def _is_word(found: MaskedText, place: int) -> bool:
    first = place == 0 or found.special[place - 1]
    letters = sum(map(str.isalpha, found.typed[place]))
    return not (first or found.special[place]) and letters >= _LETTERS


def _why(found: MaskedText, place: int) -> str:
    """Why the page itself masked this place; "": a visitor did."""
    own = state.get("hidden") is None and place in found.masked
    return t("bert.now.mask_why", letters=_LETTERS) if own else ""


def _put(found: MaskedText, hidden: set[int]) -> None:
    typed = {place for place, word in enumerate(found.stood) if word < 0}
    said = ".".join(map(str, sorted(hidden - typed))) or NOTHING
    state.put("hidden", said)
    st.session_state[_LAST] = ((found.text, found.text_pair or ""), said)


def _toggle(found: MaskedText, place: int) -> None:
    state.put("step", place)
    if not found.special[place]:
        _put(found, set(found.masked) ^ {place})


def _clicked(found: MaskedText, place: int, toggles: int) -> None:
    """A chip hides its piece or shows it again; what stands below only chooses it."""
    if toggles:
        _toggle(found, int(place))
    else:
        state.put("step", int(place))


def _controls(found: MaskedText, place: int) -> None:
    words = t("bert.show" if place in found.masked else "bert.hide")
    fixed = found.special[place] or found.stood[place] < 0
    toggle = partial(controls.button, words, "toggle", _toggle, found, place)
    show_all = partial(controls.button, t("bert.show_all"), "show-all", _put, found, set())
    steps = range(len(found.tokens))
    controls.row(
        *shared.head_cells((VIEW - 10, MODEL - 60, SENTENCE - 60, SENTENCE - 90)),
        (160, partial(toggle, shortcut="M", type="primary", disabled=fixed)),
        (150, partial(show_all, disabled=not found.masked)),
        (260, partial(step_buttons, steps, "bert.back", "bert.on", primary=False)),
    )


def _answers(found: MaskedText, place: int) -> None:
    """Candidates before and after, the rank of what stood there, and the sums of one of them."""
    word = frame.token(found.typed[place], "ink", 14)
    note = ""
    if found.special[place]:
        note = t("bert.special_place")
    elif found.stood[place] < 0:
        note = t("bert.nobody_knows")
    frame.section(rich("bert.in_place", word=word), note)
    marked = spaced(found.vocabulary)
    stood = found.stood[place]
    names = [named(raw, marked) for raw in found.vocabulary]
    columns = st.columns(2, gap="medium")
    for column, key, answer in zip(
        columns, ("read", "hidden"), (found.read[place], found.hidden[place]), strict=True
    ):
        with column, st.container(key=f"candidates-{key}", gap="xxsmall"):
            frame.section(t(f"bert.candidates.{key}"), _rank(found, place, answer))
            _list(answer, names, stood)
    _sums(found, place, names)


def _list(answer: Answer, names: list[str], stood: int) -> None:
    """The ten likeliest; and what stood there, where it is none of them, in an eleventh row."""
    own = stood if stood >= 0 else None
    most = _MOST + (own is not None and answer.rank(own) > _MOST)
    found = likeliest([answer.logits], names, most=most, also=own)
    lines.next_words(found, own, 5 if sums.finer() else 3)


def _rank(found: MaskedText, place: int, answer: Answer) -> str:
    """Which place what stood there takes among all rows of the vocabulary."""
    stood = found.stood[place]
    if stood < 0:
        return ""
    word = isolated(shortened(found.typed[place], 12))
    return t("bert.rank", word=word, rank=answer.rank(stood), count=len(found.vocabulary))


def _sums(found: MaskedText, place: int, names: list[str]) -> None:
    """How the logit of what stood there (else of the likeliest word) is made, and its share."""
    answer = found.hidden[place]
    word = found.stood[place] if found.stood[place] >= 0 else answer.likeliest
    w = shared.writer(_TERMS)
    row = answer.features, found.weight[word], float(found.bias[word])
    logit = formulas.logit(*row, w, names[word])
    sums.lines(logit.general)
    sums.opened(logit, _ROOM)
    sums.whole(formulas.softmax(answer.logits, word, w, names[word]))
    sums.switches()
    made, own = found.logit(answer, word), float(answer.logits[word])
    apart = difference(made, own, among=answer.logits)
    frame.equal_to(t("bert.own_logit"), notation().fixed(own, w.digits + 2), apart)
