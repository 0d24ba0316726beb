"""A visitor's text: cleaned before a tokenizer sees it, and spelled back token by token."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Any

from models.errors import EmptyText, OnlyUnknown, TextTooLong, TooManyCharacters

MAX_CHARACTERS = 10_000  # before tokenising: a tokenizer's time grows with the text

# Letters and symbols by their category that nevertheless draw nothing.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_BY_TOKEN = ("ids", "tokens", "typed", "special", "segments", "unknown")
_SPACES = {"\n": "⏎", "\r": "⏎", "\t": "⇥"}
_NO_LANGUAGE = ("bos", "eos", "unk", "sep", "pad", "cls", "mask")
_WORD_START = str.maketrans({"▁": " ", "Ġ": " ", "Ċ": "\n", "ĉ": "\t"})


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text as a model reads it; every tuple has one entry a token.

    tokens: the tokenizer's own; typed: the same places as the visitor typed them;
    special: which ones the tokenizer added itself; segments: 0, or 1 in the second sentence.
    inputs: what the model is called with, name → one integer a token.
    cut: the text was longer than the model reads and ends early here.
    unknown: which ones are the tokenizer's token for what it does not know; (): nobody asked.
    """

    ids: tuple[int, ...]
    tokens: tuple[str, ...]
    typed: tuple[str, ...]
    special: tuple[bool, ...]
    segments: tuple[int, ...]
    inputs: Mapping[str, tuple[int, ...]]
    cut: bool = False
    unknown: tuple[bool, ...] = ()

    def first(self, count: int) -> Encoded:
        """The same text, ending after so many tokens at the latest."""
        if count >= len(self.ids):
            return self
        inputs = {name: values[:count] for name, values in self.inputs.items()}
        parts: dict[str, Any] = {name: getattr(self, name)[:count] for name in _BY_TOKEN}
        return Encoded(**parts, inputs=inputs, cut=True)

    def followed_by(self, more: Encoded) -> Encoded:
        """One text after the other, all of it in the first one's sentence; without `inputs`."""
        parts: dict[str, Any] = {n: getattr(self, n) + getattr(more, n) for n in _BY_TOKEN}
        return Encoded(**parts, inputs={}, cut=self.cut)


def named(names: Sequence[str], special: Sequence[bool] = ()) -> Encoded:
    """Places that no tokenizer made, by their names, numbered from 0; special: () is none."""
    every = tuple(names)
    marks = tuple(special) or (False,) * len(every)
    return Encoded(tuple(range(len(every))), every, every, marks, (0,) * len(every), {})


def clean(text: str) -> str:
    """The text without what no tokenizer should meet: lone surrogates, control characters.

    A lone surrogate becomes U+FFFD, two that make a pair their character. White space stays.
    Raises TooManyCharacters, or EmptyText when nothing visible is left.
    """
    if len(text) > MAX_CHARACTERS:
        raise TooManyCharacters(
            f"{len(text)} characters, at most {MAX_CHARACTERS}",
            length=len(text),
            limit=MAX_CHARACTERS,
        )
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    kept = "".join(c for c in whole if c.isspace() or unicodedata.category(c) != "Cc")
    if is_blank(kept):
        raise EmptyText("nothing visible in the text")
    return kept


def is_blank(text: str | None) -> bool:
    """Nothing there that draws anything: spaces, format characters, variation selectors."""
    return not any(_is_visible(c) for c in text or "")


def _is_visible(c: str) -> bool:
    category = unicodedata.category(c)
    if category[0] == "Z" or category in ("Cc", "Cf", "Cs") or c in _BLANK:
        return False
    return not ("\ufe00" <= c <= "\ufe0f" or "\U000e0100" <= c <= "\U000e01ef")


def encode(
    tokenizer: Any,
    text: str,
    pair: str | None = None,
    *,
    limit: int,
    cut: bool = False,
    as_target: bool = False,
) -> Encoded:
    """Tokens of a cleaned text, with the tokenizer's own special tokens around them.

    tokenizer: its call is not thread-safe, so hold a lock. as_target: the text is in the language
    that is written. Raises TextTooLong (unless cut), EmptyText (no token is left), OnlyUnknown.
    """
    result = _tokenised(tokenizer, text, pair, as_target)
    length = len(result["input_ids"])
    too_long = length > limit
    if too_long and not cut:
        raise TextTooLong(f"{length} tokens, at most {limit}", length=length, limit=limit)
    if too_long:
        result = _tokenised(
            tokenizer, text, pair, as_target, truncation="longest_first", max_length=limit
        )
    encoded = _encoded(tokenizer, result, (text, pair or ""), too_long)
    _check_words(tokenizer, encoded)
    return encoded


def _tokenised(tokenizer: Any, text: str, pair: str | None, as_target: bool, **options: Any) -> Any:
    given = {"text_target": text} if as_target else {"text": text, "text_pair": pair}
    return tokenizer(**{"truncation": False, **given, **options}, padding=False, verbose=False)


def _check_words(tokenizer: Any, encoded: Encoded) -> None:
    pieces = zip(encoded.ids, encoded.tokens, encoded.special, strict=True)
    words = [(i, token) for i, token, special in pieces if not special]
    if not words:
        raise EmptyText("the tokenizer leaves nothing of the text")
    unknown = tokenizer.unk_token_id
    # A word's beginning can be a piece of its own (▁): it says nothing of the word.
    said = (i == unknown for i, token in words if not is_blank(token.translate(_WORD_START)))
    if next(said, False) and all(said):
        raise OnlyUnknown("every token is the unknown token")


def _encoded(tokenizer: Any, result: Any, sources: tuple[str, str], cut: bool) -> Encoded:
    ids = tuple(result["input_ids"])
    inputs = {name: tuple(values) for name, values in result.items()}
    tokens = tuple(tokenizer.convert_ids_to_tokens(ids))
    unknown_id = getattr(tokenizer, "unk_token_id", None)  # looked up anew at every asking
    unknown = tuple(i == unknown_id for i in ids)
    if not result.encodings:  # a tokenizer written in Python: it keeps no offsets
        marks = tokenizer.get_special_tokens_mask(ids, already_has_special_tokens=True)
        own = set(language_ids(tokenizer).values())
        special = tuple(bool(mark) or i in own for mark, i in zip(marks, ids, strict=True))
        typed = tuple(
            token if mark else _without_offset(token)
            for token, mark in zip(tokens, special, strict=True)
        )
        return Encoded(ids, tokens, typed, special, (0,) * len(ids), inputs, cut, unknown)
    encoding = result.encodings[0]
    special = tuple(map(bool, encoding.special_tokens_mask))
    typed = spell(tokens, encoding.offsets, encoding.sequence_ids, sources)
    segments = _segments(encoding.sequence_ids)
    return Encoded(ids, tokens, typed, special, segments, inputs, cut, unknown)


def _segments(sequences: Sequence[int | None]) -> tuple[int, ...]:
    """A special token belongs to the sentence before it, [CLS] to the first."""
    known = accumulate(sequences, lambda last, now: last if now is None else now, initial=0)
    return tuple(known)[1:]


def spell(
    tokens: Sequence[str],
    offsets: Sequence[tuple[int, int]],
    sequences: Sequence[int | None],
    sources: Sequence[str],
) -> tuple[str, ...]:
    """Each token as the visitor typed it: sai, ##r of "Şair" → Şai, ##r.

    offsets: (start, stop) of each token in its source; sequences: which source, or None
    for a special token, which keeps its own name. A character that takes several tokens
    carries their count: ş·1/2, ş·2/2. A space alone is ␣.
    """
    spelled: list[str] = []
    places = list(zip(sequences, offsets, strict=True))
    for (sequence, (start, stop)), group in groupby(
        zip(places, tokens, strict=True), key=lambda item: item[0]
    ):
        members = [token for _, token in group]
        if sequence is None or start == stop:
            spelled += [token if sequence is None else _without_offset(token) for token in members]
            continue
        after = len(spelled) + len(members)
        following = places[after] if after < len(places) else (None, (0, 0))
        end = following[1][0] if following[0] == sequence else len(sources[sequence])
        piece = _with_marks(sources[sequence], start, stop, end)
        spelled += _numbered(piece, members)
    return tuple(spelled)


def _with_marks(source: str, start: int, stop: int, end: int) -> str:
    """source[start:stop] and the combining marks right behind it that no token claims."""
    while stop < end and unicodedata.combining(source[stop]):
        stop += 1
    return source[start:stop]


def _numbered(piece: str, tokens: Sequence[str]) -> list[str]:
    shown = _shown(piece)
    if len(tokens) > 1:
        return [f"{shown}·{i}/{len(tokens)}" for i in range(1, len(tokens) + 1)]
    # WordPiece marks a word's continuation; a text that itself begins with ## is no mark.
    continues = tokens[0].startswith("##") and not piece.startswith("##")
    return [f"##{shown}" if continues else shown]


def _shown(piece: str) -> str:
    """The piece without spaces around it; one made of spaces only as visible signs."""
    return piece.strip() or "".join(_SPACES.get(c, "␣") for c in piece) or "␣"


def _without_offset(token: str) -> str:
    """A token that stands for no place in the text, with its word-start sign as a space."""
    return _shown(token.translate(_WORD_START))


def language_ids(tokenizer: Any) -> dict[str, int]:
    """code → number of its token, of every language that a multilingual tokenizer marks."""
    if not hasattr(tokenizer, "tgt_lang"):
        return {}
    table = getattr(tokenizer, "lang_code_to_id", None)
    if table is not None:
        return dict(table)
    names = {*tokenizer.all_special_tokens} - {
        *(getattr(tokenizer, f"{name}_token", None) for name in _NO_LANGUAGE)
    }
    # Beside the class itself lie its codes: a fine-tune's further marks are no languages, but for
    # what its own files say that it reads and writes.
    codes = getattr(sys.modules[type(tokenizer).__module__], "FAIRSEQ_LANGUAGE_CODES", names)
    names &= {*codes, *(tokenizer.init_kwargs.get(f"{end}_lang") for end in ("src", "tgt"))}
    return {name: tokenizer.convert_tokens_to_ids(name) for name in names}


def spell_ids(tokenizer: Any, ids: Sequence[int]) -> Encoded:
    """What a model wrote itself: each token's own letters, since nobody typed them."""
    # A model's table may have more rows than its tokenizer has names.
    named = zip(tokenizer.convert_ids_to_tokens(list(ids)), ids, strict=True)
    tokens = tuple(f"<{i}>" if token is None else token for token, i in named)
    own = {*tokenizer.all_special_ids, *language_ids(tokenizer).values()}
    special = tuple(i in own for i in ids)
    typed = tuple(
        token if mark else _letters(tokenizer, i, token)
        for i, token, mark in zip(ids, tokens, special, strict=True)
    )
    return Encoded(tuple(ids), tokens, typed, special, (0,) * len(ids), {})


def _letters(tokenizer: Any, token_id: int, token: str) -> str:
    """A byte-level token decoded; one that is only part of a character stays as it is named."""
    if token.startswith("##"):
        return token
    letters = tokenizer.decode([token_id], clean_up_tokenization_spaces=False)
    return _without_offset(token) if not letters or "\ufffd" in letters else _shown(letters)
