"""A word cut into subword tokens, one step at a time, as the tokenizers of models here do it.

WordPiece, greedy longest match: Schuster & Nakajima (2012), as BERT applies it. Byte-pair encoding:
Sennrich, Haddow & Birch (2016), algorithm 1; over bytes: Radford et al. (2019), section 2.2. The
vocabularies, merges and normalizers are the tokenizers' own; the `tokenizers` library is asked only
what it comes to itself. Imports no torch by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from models.core.arrays import Difference
from models.errors import InputError

LONGEST, MOST_BYTES = 40, 48
UNKNOWN, CONTINUES = "[UNK]", "##"
Ranks = Mapping[tuple[str, str], int]


class NoWord(InputError):
    """Nothing is left of what was typed once spaces and invisible characters are gone."""


class WordTooLong(InputError):
    """More than is cut step by step; details: ``limit`` (characters), ``bytes`` (UTF-8)."""


@dataclass(frozen=True, slots=True)
class Match:
    """One step of WordPiece. done: the tokens before it; rest: the characters that are left.

    rejected: prefixes of the rest that the vocabulary lacks, the longest first; taken: the longest
    one that it has, as the vocabulary writes it; None: it has none, and the word is unknown.
    """

    done: tuple[str, ...]
    rest: str
    rejected: tuple[str, ...]
    taken: str | None

    @property
    def left(self) -> str:
        """The characters behind the token that was taken."""
        return self.rest if self.taken is None else self.rest[len(bare(self.taken)) :]


@dataclass(frozen=True, slots=True)
class Merge:
    """One step of byte-pair encoding. pieces: as they stand before it.

    ranks: place of a pair's left piece → its rank among the merges, None: it is none of them;
    place: of the pair of the lowest rank, the first of several; None: no pair is a merge.
    """

    pieces: tuple[str, ...]
    ranks: Mapping[int, int | None]
    place: int | None

    @property
    def rank(self) -> int | None:
        """The lowest rank; None: nothing is left to merge."""
        return None if self.place is None else self.ranks[self.place]


Step = Match | Merge


@dataclass(frozen=True, slots=True)
class Segmentation:
    """A word's way to its tokens. id: of the model; typed: the word; normal: as it is read.

    steps: at least one; tokens: what they come to; library: what the `tokenizers` library says.
    """

    id: str
    typed: str
    normal: str
    steps: tuple[Step, ...]
    tokens: tuple[str, ...]
    library: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        """What it may be cached by."""
        return self.id, self.typed

    @property
    def merges(self) -> bool:
        """Byte-pair encoding, else WordPiece."""
        return isinstance(self.steps[0], Merge)

    @property
    def length(self) -> int:
        """How many characters were typed."""
        return len(self.typed)

    @property
    def size(self) -> int:
        """How many bytes they take in UTF-8."""
        return len(self.typed.encode("utf-8"))

    def check(self) -> Difference:
        """How many of the tokens are not the library's, and their share."""
        most = max(len(self.tokens), len(self.library))
        same = sum(a == b for a, b in zip(self.tokens, self.library, strict=False))
        return Difference(float(most - same), (most - same) / most if most else 0.0)


@dataclass(frozen=True, slots=True)
class Cut:
    """What one tokenizer makes of a word.

    kind: WordPiece, BPE or Unigram; size: rows of its vocabulary.
    """

    id: str
    kind: str
    size: int
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cuts:
    """A word, and what each tokenizer that is here makes of it."""

    word: str
    cuts: tuple[Cut, ...]


@dataclass(frozen=True, slots=True)
class TokenCost:
    """The grammar's example pairs in one tokenizer. words, tokens: Turkish, English."""

    id: str
    pairs: int
    words: tuple[int, int]
    tokens: tuple[int, int]

    def each(self, side: int) -> float:
        """Tokens a word. side: 0 Turkish, 1 English."""
        return self.tokens[side] / self.words[side]


def typed(word: str) -> str:
    """The word without spaces around it and without what cannot be seen.

    Raises NoWord, WordTooLong.
    """
    seen = " ".join("".join(c if c.isprintable() else " " for c in word).split())
    if not seen:
        raise NoWord(f"{word[:20]!r} holds nothing to cut")
    if len(seen) > LONGEST or len(seen.encode("utf-8")) > MOST_BYTES:
        raise WordTooLong(f"{len(seen)} characters", limit=LONGEST, bytes=MOST_BYTES)
    return seen


def bare(token: str) -> str:
    """A WordPiece token without the mark that it continues a word."""
    return token.removeprefix(CONTINUES)


def matched(
    word: str, vocabulary: Mapping[str, int], before: tuple[str, ...] = (), most: int = 100
) -> tuple[Match, ...]:
    """Greedy longest match from the left.

    before: tokens of what stands before the word; most: characters, a longer word is unknown.
    """
    found: list[Match] = []
    done, at = before, 0
    while at < len(word):
        mark = CONTINUES if at else ""
        ends = range(len(word), at, -1) if len(word) <= most else ()
        end = next((e for e in ends if mark + word[at:e] in vocabulary), None)
        rejected = tuple(mark + word[at:e] for e in ends if end is None or e > end)
        taken = None if end is None else mark + word[at:end]
        found.append(Match(done, word[at:], rejected, taken))
        if taken is None or end is None:
            break
        done, at = (*done, taken), end
    return tuple(found)


def merged(pieces: tuple[str, ...], ranks: Ranks, start: int = 0) -> Iterator[Merge]:
    """One merge after the other, of pairs from `start` on; the last one has nothing to merge."""
    while True:
        places = range(start, len(pieces) - 1)
        pairs = {at: ranks.get((pieces[at], pieces[at + 1])) for at in places}
        known = [(rank, at) for at, rank in pairs.items() if rank is not None]
        place = min(known)[1] if known else None
        yield Merge(pieces, pairs, place)
        if place is None:
            return
        pieces = (*pieces[:place], pieces[place] + pieces[place + 1], *pieces[place + 2 :])


def stand_ins() -> dict[int, str]:
    """Byte → the character that byte-level vocabularies write for it (Radford et al., 2019).

    What can be printed stands for itself, the others for the characters from 256 on.
    """
    printed = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printed]
    return {b: chr(b) for b in printed} | {b: chr(256 + n) for n, b in enumerate(others)}


@dataclass(frozen=True, slots=True)
class Letter:
    """A character, its UTF-8 bytes in hexadecimal, and what a byte-level vocabulary writes."""

    letter: str
    bytes: str
    signs: str


def letters(text: str) -> tuple[Letter, ...]:
    """The space before a text and its characters of several bytes, each once."""
    several = dict.fromkeys(c for c in text if len(c.encode("utf-8")) > 1)
    return tuple(_letter(c) for c in (" ", *several))


def _letter(character: str) -> Letter:
    signs, own = stand_ins(), character.encode("utf-8")
    return Letter(character, own.hex(" ").upper(), "".join(signs[byte] for byte in own))
