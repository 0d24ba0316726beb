"""What the LSTM page shows now: what the chosen unit does at this step, in a sentence."""

from __future__ import annotations

from viz.board.markup import Safe, joined
from viz.board.sentence import LONGEST_TOKEN, Now, number, percent, say, tinted, token
from viz.board.style import Style
from viz.lstm.step import Reading


def reading(seen: Reading, style: Style) -> Now:
    """One unit's step; that it reads from the end, where it does; first what the network is."""
    word = token(seen.words[seen.step], "ink", LONGEST_TOKEN)
    kind, begins = "rnn" if seen.layer.c is None else "lstm", seen.before is None
    if seen.unit in seen.silenced:
        said = say(style, "silent", word=word, unit=seen.unit)
    else:
        name = "lstm_begins" if begins and kind == "lstm" else kind
        said = say(style, name, word=word, **_numbers(seen, style))
    if begins:
        said = joined((say(style, f"what_{kind}"), said), " ")
    if seen.backwards:
        said = joined((said, say(style, "backwards")), " ")
    return Now(said, _then(seen, style))


def _numbers(seen: Reading, style: Style) -> dict[str, object]:
    """The sentence's numbers in the colours of what they are."""
    terms = seen.layer.terms(seen.step, seen.unit)
    if terms.c_before is None:
        before = 0.0 if seen.before is None else float(seen.values("h")[seen.before, seen.unit])
        states = {"before": before, "h": seen.value("h")}
        return {"unit": seen.unit} | {
            name: number(style, value, "state_h") for name, value in states.items()
        }
    return {
        "unit": seen.unit,
        "keep": percent(style, seen.value("f"), "gate_f"),
        "show": percent(style, seen.value("o"), "gate_o"),
        "c": number(style, float(terms.c_before), "state_c"),
        "i": number(style, seen.value("i"), "gate_i"),
        "g": number(style, seen.value("g"), "gate_g"),
    }


def _then(seen: Reading, style: Style) -> Safe:
    following = seen.step + 1
    if following == seen.shape[0]:
        return say(style, "last")
    return say(style, "then", word=token(seen.words[following], "ink", LONGEST_TOKEN))


def closest(unit: int, r: float, what: str, style: Style) -> Safe:
    """Why this unit is shown first. r: its correlation; what: the property, in words."""
    return say(style, "why", unit=unit, property=what, r=tinted(style.notation.fixed(r), "ink"))
