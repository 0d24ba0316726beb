"""What the LSTM page shows now: what the chosen unit does at this step, in a sentence."""

from __future__ import annotations

from models.lstm.forget_bias import BiasCurves
from viz.board.markup import Safe, joined
from viz.board.sentence import LONGEST_TOKEN, Now, number, percent, say, tinted, token
from viz.board.style import Style
from viz.lstm.forget_bias import CURVES
from viz.lstm.returned import Handed
from viz.lstm.shapes import Seen
from viz.lstm.step import Reading


def reading(seen: Reading, style: Style) -> Now:
    """One unit's step; that it reads from the end, where it does; first what the network is."""
    word = token(seen.words[seen.step], "ink", LONGEST_TOKEN)
    kind, begins = seen.layer.cell, seen.before is None
    if seen.unit in seen.silenced:
        said = say(style, "silent", word=word, unit=seen.unit)
    else:
        name = f"{kind}_begins" if begins and kind != "rnn" else kind
        said = say(style, name, word=word, **_numbers(seen, style))
    if begins:
        said = joined((say(style, f"what_{kind}"), said), " ")
    if seen.backwards:
        said = joined((said, say(style, "backwards")), " ")
    return Now(said, _then(seen, style))


def _numbers(seen: Reading, style: Style) -> dict[str, object]:
    """The sentence's numbers in the colours of what they are."""
    terms = seen.layer.terms(seen.step, seen.unit)
    if seen.layer.cell == "gru":
        states = {"before": terms.own_before, "h": seen.value("h")}
        return {
            "unit": seen.unit,
            "keep": percent(style, seen.value("z"), "gate_f"),
            "new": percent(style, 1 - seen.value("z"), "gate_f"),
            "n": number(style, seen.value("n"), "gate_g"),
        } | {name: number(style, value, "state_h") for name, value in states.items()}
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


def handed_out(handed: Handed, style: Style) -> Now:
    """What is handed out at the chosen place, and where each direction's last state stands."""
    found, last = handed.returned, handed.step == handed.returned.steps - 1
    row = len(found.h) - found.directions
    said = say(
        style,
        "both_handed" if found.directions == 2 else "handed",
        word=token(handed.words[handed.step], "ink", LONGEST_TOKEN),
        unit=handed.unit,
        h=number(style, float(found.h[row, handed.step, handed.unit]), "output"),
        last=number(style, float(found.h_n[row, handed.unit]), "state_h"),
        end=token(handed.words[-1], "ink", LONGEST_TOKEN),
        first=token(handed.words[0], "ink", LONGEST_TOKEN),
    )
    if last:
        return Now(said, say(style, "handed_last"))
    following = token(handed.words[handed.step + 1], "ink", LONGEST_TOKEN)
    return Now(said, say(style, "then", word=following))


def shaped(seen: Seen, style: Style) -> Now:
    """What the chosen step of a shape reads, and what it answers; at the first step the shape."""
    found, answer = seen.found, seen.answer
    values: dict[str, object] = {
        "word": token(found.inputs[seen.step], "ink", LONGEST_TOKEN),
        "n": len(found.states(seen.step)[-1]) if found.vector is None else len(found.vector),
    }
    name = f"{found.shape}_reads"
    if answer is None:
        values["unit"] = seen.unit
        values["h"] = number(style, seen.value(found.states(seen.step)[-1]), "state_h")
    else:
        name = f"{found.shape}_answers"
        values["answer"] = token(seen.said[answer], "output", LONGEST_TOKEN + 8)
        values["share"] = percent(style, seen.share(answer), "output")
        if found.weights is not None:
            source = int(found.weights[answer].argmax())
            values["source"] = token(found.inputs[source], "ink", LONGEST_TOKEN)
            values["weight"] = percent(style, float(found.weights[answer, source]))
    said = say(style, name, **values)
    if seen.step == 0:
        said = joined((say(style, f"what_{found.shape}", **values), said), " ")
    if seen.step == found.steps - 1:
        return Now(said, say(style, "shaped_last"))
    if found.decoder is not None and seen.step + 1 >= found.encoded:
        return Now(said, say(style, "shaped_then"))
    following = token(found.inputs[seen.step + 1], "ink", LONGEST_TOKEN)
    return Now(said, say(style, "then", word=following))


def learned(found: BiasCurves, place: int, style: Style) -> Now:
    """What share is right at one point of training, of each bias that was measured."""
    shares = [
        percent(style, float(found.mean(bias)[place]), role)
        for bias, role in zip(found.accuracy, CURVES, strict=True)
    ]
    said = say(
        style,
        "learned",
        steps=found.steps[place],
        count=found.distractors,
        chance=percent(style, found.chance, "ink", 1),
        **dict(zip(("zero", "one", "two"), shares, strict=True)),
    )
    last = place == len(found.steps) - 1
    return Now(said, say(style, "learned_last" if last else "learned_then"))
