"""What the bert page shows now, a sentence for each of its views."""

from __future__ import annotations

from models.bert.trace import Embedded, Judgement, MaskedText
from models.trace import Floats
from viz.bert.between import WAYS, Part
from viz.bert.next import tipping
from viz.bert.senses import Senses
from viz.board.markup import Safe, joined
from viz.board.notation import MINUS
from viz.board.sentence import (
    LONGEST_TOKEN,
    Now,
    gives,
    now,
    number,
    percent,
    query_key,
    say,
    tinted,
    token,
)
from viz.board.style import Style
from viz.tables.pieces import named, spaced

_SENTENCES = ("A", "B")
_DIGITS = 3  # of the terms of a sum


def entrance(found: Embedded, place: int, dim: int, style: Style) -> Now:
    """One number of a token's vector: the rows of the tables that add up to it."""
    terms = [
        _term(style, float(part[place, dim]), n) for n, part in enumerate(found.parts.values())
    ]
    return now(
        style,
        "input" if len(terms) == 3 else "input_two",
        "input_last" if place == len(found.tokens) - 1 else "input_then",
        word=_word(found.typed[place]),
        dim=dim,
        terms=joined(terms, " + "),
        value=number(style, float(found.total[place, dim]), digits=_DIGITS),
    )


def _term(style: Style, value: float, n: int) -> Safe:
    """The n-th term of a sum: a later one in brackets where it is negative."""
    text = style.notation.fixed(value, _DIGITS)
    return tinted(f"({text})" if n and text.startswith(MINUS) else text, "ink")


def _word(typed: str, role: str = "ink") -> Safe:
    return token(typed, role, LONGEST_TOKEN)


def mask(found: MaskedText, place: int, style: Style) -> Now:
    """What the model expects at one place, masked or read."""
    then = "mask_last" if place == len(found.tokens) - 1 else "mask_then"
    if found.special[place]:
        return now(style, "mask_special", then, word=_word(found.typed[place]))
    answer, stood = found.hidden[place], found.stood[place]
    guess = answer.likeliest
    values = {
        "guess": _word(named(found.vocabulary[guess], spaced(found.vocabulary)), "output"),
        "best": percent(style, answer.share(guess), "output"),
    }
    if stood < 0:
        return now(style, "mask_typed", then, **values)
    values["word"] = _word(found.typed[place])
    values["share"] = percent(style, answer.share(stood), "ink")
    if place not in found.masked:
        read = percent(style, found.read[place].share(stood), "ink")
        return now(style, "mask_read", then, read=read, **values)
    rank, count = answer.rank(stood), len(found.vocabulary)
    return now(style, "mask_right" if rank == 1 else "mask", then, rank=rank, count=count, **values)


def judged(found: Judgement, dim: int, style: Style) -> Now:
    """How probable it is that B follows A, from which two logits; one number's part in it."""
    yes, no = map(float, found.logits)
    return now(
        style,
        "next",
        "next_then",
        share=percent(style, found.probability, "output"),
        yes=number(style, yes),
        no=number(style, no),
        dim=dim,
        part=tinted(style.notation.fixed(float(tipping(found)[dim]), plus=True), "ink"),
    )


def between(part: Part, among: str, shares: Floats, place: tuple[int, int], style: Style) -> Now:
    """How a head looks from one sentence to the other. shares: (head, 2, 3) of the head's layer.

    place: (layer, head); among: a name of WAYS, or "all".
    """
    row, column = part.axes.chosen.query, part.axes.chosen.key
    both = query_key(part.axes.queries[row], part.axes.keys[column])
    if among == "all":
        said = gives(
            style, part.full[part.query], both["query"], part.axes.keys, part.key, own=part.query
        )
        return Now(said, say(style, "between_then"))
    a, b = WAYS[among]
    return now(
        style,
        "between",
        "between_then",
        layer=place[0],
        head=place[1],
        a=_SENTENCES[a],
        b=_SENTENCES[b],
        share=percent(style, float(shares[place[1], a, b])),
        weight=percent(style, float(part.weights[row, column])),
        **both,
    )


def senses(seen: Senses, style: Style) -> Now:
    """The chosen pair's cosine; how many occurrences find their own sense."""
    row, column = seen.chosen
    right, count = seen.right
    return now(
        style,
        "senses" if count else "senses_bare",
        "senses_last" if seen.layer == seen.found.layers - 1 else "senses_then",
        layer=seen.layer,
        row=seen.order.index(row) + 1,
        column=seen.order.index(column) + 1,
        cosine=number(style, float(seen.found.cosines(seen.layer)[row, column])),
        right=right,
        count=count,
        word=_word(seen.found.word),
    )
