"""A word where it occurs in several sentences: its vector at every layer, compared by cosine.

That a word's vector depends on its context is what Peters et al. 2018 and Devlin et al. 2019
call contextual; how far it does, layer by layer, was measured by Ethayarajh 2019.
Imports no torch by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.bert.trace import Occurrence, Occurrences, ReadSentence
from models.catalog import soundless
from models.core import tokens
from models.core.loaded import LoadedModel
from models.errors import EmptyText, TooManyCharacters, WordNotFound
from models.record import as_numpy, finite, forward, inputs_of
from models.trace import Floats, read_only

MOST_SENTENCES = 24
MOST_FOUND = 32  # occurrences that are compared


def occurrences(model: LoadedModel | str, sentences: Sequence[str], word: str) -> Occurrences:
    """The word wherever its letters begin a word of a sentence and its pieces end with them.

    So yüz is found in yüzdü where the model reads yüz + dü. Blank sentences are left out.
    Raises errors.EmptyText (no word, or no sentence), WordNotFound, BrokenNumbers, and as
    LoadedModel.encode and load; TooManyCharacters also for all sentences together.
    """
    loaded = soundless(model)
    wanted = tokens.clean(word).strip()
    given = [text for text in sentences if not tokens.is_blank(text)]
    if not given:
        raise EmptyText("no sentence to look for the word in")
    if sum(map(len, given)) > tokens.MAX_CHARACTERS:
        raise TooManyCharacters(
            "too many sentences", length=sum(map(len, given)), limit=tokens.MAX_CHARACTERS
        )
    readings: list[ReadSentence] = []
    found: list[Occurrence] = []
    vectors: list[Floats] = []
    for number, text in enumerate(given[:MOST_SENTENCES]):
        reading, layers = _read(loaded, text)
        readings.append(reading)
        for start, stop in _places(reading, wanted):
            found.append(Occurrence(number, start, stop))
            vectors.append(layers[:, start:stop].mean(axis=1))
    if not found:
        raise WordNotFound(f"{wanted!r} is in none of the sentences", word=wanted)
    stacked = finite(loaded, np.stack(vectors[:MOST_FOUND], axis=1))
    holding = {one.sentence for one in found}
    return Occurrences(
        loaded.card.id,
        wanted,
        tuple(readings),
        tuple(found[:MOST_FOUND]),
        read_only(stacked),
        tuple(i for i in range(len(readings)) if i not in holding),
        len(given) - len(readings) + max(len(found) - MOST_FOUND, 0),
    )


def _read(loaded: LoadedModel, text: str) -> tuple[ReadSentence, Floats]:
    """A sentence's pieces, and (layer, piece, d)."""
    encoded = loaded.encode(text)
    answer = forward(loaded, inputs_of(loaded, encoded), output_hidden_states=True)
    layers = np.stack([as_numpy(state[0]) for state in answer.hidden_states])
    return ReadSentence(text, encoded), layers


def _places(reading: ReadSentence, word: str) -> list[tuple[int, int]]:
    """(start, stop) of the pieces that spell the word from a word's beginning on."""
    found = []
    letters = [piece.removeprefix("##") for piece in reading.typed]
    for start, begins in enumerate(_beginnings(reading, letters)):
        stop, spelled = start, ""
        while begins and stop < len(letters) and len(spelled) < len(word):
            spelled += "" if reading.special[stop] else letters[stop]
            stop += 1
        if begins and same(spelled, word):
            found.append((start, stop))
    return found


def _beginnings(reading: ReadSentence, letters: Sequence[str]) -> list[bool]:
    """Which pieces stand at the beginning of a word: behind no letter and no digit."""
    at, begins = 0, []
    for piece, special in zip(letters, reading.special, strict=True):
        here = -1 if special else reading.text.find(piece, at)
        begins.append(here == 0 or (here > 0 and not reading.text[here - 1].isalnum()))
        at = at if here < 0 else here + len(piece)
    return begins


def same(one: str, other: str) -> bool:
    """The same letters but for capitals, by Turkish or by other rules (İ and i, I and ı)."""
    return one.casefold() == other.casefold() or _turkish(one) == _turkish(other)


def _turkish(word: str) -> str:
    return word.replace("İ", "i").replace("I", "ı").casefold()
