"""The bert page's sentences: sums, shares, logits and cosines worked out anew."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from models.bert import between as numbers
from models.bert.input import embedded
from models.bert.mask import masked_text
from models.bert.next import judged
from models.bert.senses import occurrences
from models.bert.trace import MaskedText
from models.record import record
from models.trace import AttentionTrace
from tests.present import present
from tests.viz.sentences import BOTH, fixed, per_cent, quoted, read, style, told, weights, whom
from viz.bert import now
from viz.bert.between import part
from viz.bert.senses import Senses
from viz.tables.pieces import readable

A, B = "There was a big lion in the garden.", "The big lion ran quickly."


def added(language: str, terms: list[float]) -> str:
    """A sum as one writes it by hand."""
    first, *others = (fixed(language, term, 3) for term in terms)
    return " + ".join([first, *(f"({one})" if one.startswith("−") else one for one in others)])


@BOTH
@pytest.mark.parametrize("place", [0, 5, -1])
def test_a_tokens_number_is_the_sum_of_its_rows(place: int, language: str) -> None:
    found = embedded("bert-mini", A, B)
    place = range(len(found.tokens))[place]
    rows = (found.token, present(found.segment), found.position)
    terms = [float(one[place, 9]) for one in rows]
    said, then = now.entrance(found, place, 9, style(language, "bert.now"))
    values = {"word": found.typed[place], "dim": 9, "value": fixed(language, sum(terms), 3)}
    shown = added(language, terms)
    assert read(said) == told(language, "bert.now.input", terms=shown, **values)
    last = place == len(found.tokens) - 1
    assert read(then) == told(language, f"bert.now.input_{'last' if last else 'then'}")


@BOTH
def test_without_segments_there_are_two_terms(language: str) -> None:
    found = replace(embedded("bert-mini", A), segment=None)
    said = now.entrance(found, 3, 0, style(language, "bert.now")).said
    terms = [float(one[3, 0]) for one in (found.token, found.position)]
    shown = added(language, terms)
    values = {"word": found.typed[3], "dim": 0, "value": fixed(language, sum(terms), 3)}
    assert read(said) == told(language, "bert.now.input_two", terms=shown, **values)


@lru_cache
def masked(*places: int, text: str = A) -> MaskedText:
    found: MaskedText = masked_text("bert-mini", text, B, masked=places)
    return found


def softmax(logits: np.ndarray) -> np.ndarray:
    raised = np.exp(logits.astype(np.float64) - logits.max())
    made: np.ndarray = raised / raised.sum()
    return made


@BOTH
@pytest.mark.parametrize("place", [4, 5, 9])
@pytest.mark.parametrize("hidden", [True, False])
def test_what_is_expected_at_a_place(place: int, hidden: bool, language: str) -> None:
    found = masked(*((place,) if hidden else ()))
    answer, stood = softmax(found.hidden[place].logits), found.stood[place]
    guess = int(answer.argmax())
    values = {
        "word": quoted(found.typed[place]),
        "share": per_cent(language, answer[stood]),
        "guess": quoted(readable(found.vocabulary)[guess]),
        "best": per_cent(language, answer[guess]),
        "rank": 1 + int((answer > answer[stood]).sum()),
        "count": len(answer),
        "read": per_cent(language, softmax(found.read[place].logits)[stood]),
    }
    name = "mask_read" if not hidden else "mask_right" if guess == stood else "mask"
    said, then = now.mask(found, place, style(language, "bert.now"))
    assert read(said) == told(language, f"bert.now.{name}", **values)
    assert read(then) == told(language, "bert.now.mask_then")


@BOTH
def test_special_and_typed_masks_are_called_so(language: str) -> None:
    said = now.mask(masked(), 0, style(language, "bert.now")).said
    assert read(said) == told(language, "bert.now.mask_special", word="[CLS]")
    found = masked(text="There was a [MASK] lion.")
    answer = softmax(found.hidden[4].logits)
    guess = int(answer.argmax())
    values = {"guess": readable(found.vocabulary)[guess], "best": per_cent(language, answer[guess])}
    said = now.mask(found, 4, style(language, "bert.now")).said
    assert read(said) == told(language, "bert.now.mask_typed", **values)


@BOTH
@pytest.mark.parametrize("dim", [0, 77])
def test_a_pair_is_judged_by_two_logits(dim: int, language: str) -> None:
    found = judged("bert-mini", A, B)
    biases = present(found.pooler.bias), present(found.judge.bias)
    pooled = np.tanh(found.first.astype(np.float64) @ found.pooler.weight + biases[0])
    yes, no = pooled @ found.judge.weight + biases[1]
    apart = float(pooled[dim] * (found.judge.weight[dim, 0] - found.judge.weight[dim, 1]))
    sign = "+" if apart > 0 else ""
    said = now.judged(found, dim, style(language, "bert.now")).said
    assert read(said) == told(
        language,
        "bert.now.next",
        share=per_cent(language, 1 / (1 + np.exp(no - yes))),
        yes=fixed(language, yes),
        no=fixed(language, no),
        dim=dim,
        part=sign + fixed(language, apart),
    )


@BOTH
@pytest.mark.parametrize(("among", "a", "b"), [("forth", 0, 1), ("back", 1, 0), ("first", 0, 0)])
def test_how_one_sentence_looks_at_the_other(among: str, a: int, b: int, language: str) -> None:
    trace: AttentionTrace = record("bert-mini", A, text_pair=B)
    layer, head = 1, 2
    own = weights(trace.blocks[layer], head)
    sides = [
        [i for i, s in enumerate(trace.segments) if s == n and not trace.special[i]] for n in (0, 1)
    ]
    mean = float(np.mean([own[i, sides[b]].sum() for i in sides[a]]))
    cell = sides[a][1], sides[b][2]
    shown = part(trace, layer, head, among, query=cell[0], key=cell[1])
    shares = numbers.between(trace.blocks[layer].weights, trace.special, trace.segments)
    said = now.between(shown, among, shares, (layer, head), style(language, "bert.now")).said
    assert read(said) == told(
        language,
        "bert.now.between",
        layer=layer,
        head=head,
        a="AB"[a],
        b="AB"[b],
        share=per_cent(language, mean),
        query=trace.typed[cell[0]],
        key=trace.typed[cell[1]],
        weight=per_cent(language, float(own[cell])),
    )


@BOTH
def test_among_all_tokens_it_tells_the_row(language: str) -> None:
    trace: AttentionTrace = record("bert-mini", A, text_pair=B)
    shown = part(trace, 0, 1, "all", query=3, key=5)
    shares = numbers.between(trace.blocks[0].weights, trace.special, trace.segments)
    said = now.between(shown, "all", shares, (0, 1), style(language, "bert.now")).said
    row = weights(trace.blocks[0], 1)[3]
    assert read(said) == whom(language, trace.typed[3], trace.typed, row, 5, own=3)


@BOTH
@pytest.mark.parametrize("told_senses", [True, False])
@pytest.mark.parametrize("layer", [0, 2])
def test_two_occurrences_cosine(layer: int, told_senses: bool, language: str) -> None:
    texts = ("Yüz kişi geldi.", "Yüzünü yıka.", "Yüz lira verdi.")
    found = occurrences("bert-mini", texts, "yüz")
    named = ("hundred", "face", "hundred") if told_senses else ("", "", "")
    senses: tuple[str, ...] = named[: len(found.found)]
    seen = Senses(
        found, senses, tuple(range(len(found.found))), layer, (0, 1), found.nearest(layer)
    )
    a, b = (found.vectors[layer, n].astype(np.float64) for n in (0, 1))
    cosine = float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
    near = [
        max(
            (n for n in range(len(senses)) if n != own),
            key=lambda n, own=own: found.cosines(layer)[own, n],  # type: ignore[misc]
        )
        for own in range(len(senses))
    ]
    right = sum(senses[own] == senses[n] for own, n in enumerate(near))
    values = {"layer": layer, "row": 1, "column": 2, "cosine": fixed(language, cosine)}
    values |= {"word": "yüz", "right": right, "count": len(senses)}
    name = "senses" if told_senses else "senses_bare"
    said = now.senses(seen, style(language, "bert.now")).said
    assert read(said) == told(language, f"bert.now.{name}", **values)
