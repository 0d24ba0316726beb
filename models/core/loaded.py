"""A model in memory, and how a text becomes its tokens. Imports no torch by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from models.card import ModelCard
from models.core import tokens
from models.core.kinds import Kind
from models.errors import InputError, NoPair, SeesPictures

R = TypeVar("R")
MAX_TOKENS = 512  # a matrix of more rows is no picture any more


@dataclass(frozen=True, slots=True)
class Languages:
    """What a multilingual translator reads and writes, by the codes of its own tokenizer.

    chosen: its files leave one of them open, so that it was chosen here. known: all that it marks,
    in its own order.
    """

    source: str
    target: str
    chosen: bool
    known: tuple[str, ...] = field(default=(), compare=False)

    @property
    def both(self) -> tuple[str, str]:
        """(read, written)."""
        return self.source, self.target

    def set_in(self, tokenizer: Any) -> None:
        """Have the model's one tokenizer mark these: another visitor may have chosen others."""
        tokenizer.src_lang, tokenizer.tgt_lang = self.both


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """What a model reads in place of a text.

    channels, size: of a picture, (height, width) in pixels; patch: of one of its patches; added:
    the model's own tokens before them, in order; processor: what makes such a picture of any
    other, as the checkpoint says; None: it does not say, and why is `unprocessed`, an
    errors.InputError. interpolated: its positions were learned for another grid, and are
    interpolated by the model itself. pooled: no token stands for the whole picture, and an
    attention of its own behind the last layer makes one vector of all. half: the folder holds a
    model of texts, too, which is left aside. windowed: its attention stays within windows, and
    it fills a picture up to whole patches.
    """

    channels: int
    size: tuple[int, int]
    patch: tuple[int, int]
    added: tuple[str, ...]
    processor: Any = None
    unprocessed: InputError | None = None
    interpolated: bool = False
    pooled: bool = False
    half: bool = False
    windowed: bool = False

    @property
    def grid(self) -> tuple[int, int]:
        """(rows, columns) of its patches; what makes no whole patch, most models leave out."""
        (height, width), (down, across) = self.size, self.patch
        if self.windowed:
            return -(-height // down), -(-width // across)
        return height // down, width // across

    @property
    def tokens(self) -> tuple[str, ...]:
        """The model's own, then "row,column" of each patch, row by row."""
        rows, columns = self.grid
        return (*self.added, *(f"{r},{c}" for r in range(rows) for c in range(columns)))

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channel, height, width)."""
        return (self.channels, *self.size)


@dataclass(frozen=True, slots=True, eq=False)
class Sounds:
    """What a model hears in place of a text.

    extractor: what makes its features of a sound, as the checkpoint says; rate: samples a second
    that it takes; shape: of its features, (bins, windows); frames: tokens that the encoder makes
    of them; seconds: that one frame stands for.
    """

    extractor: Any
    rate: int
    shape: tuple[int, int]
    frames: int
    seconds: float


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class LoadedModel:
    """A model in memory, shared by all sessions and threads, never changed after loading.

    model: a transformers model in float32, in eval mode, recording through
    models.recording.capture.
    tokenizer: its tokenizer, None where it reads pictures; call it through `encode`, which
    holds the lock.
    limit: the longest input in tokens. has_head: it predicts words, too.
    attention: (dotted path, kind) of each attention module in the order of the forward pass;
    sparse: the kinds of which some are recorded by their weights alone.
    languages: of a translator between many; None: it knows of none. pictures: what it reads where
    it reads those; sounds: the same of sounds; None: a text.
    """

    card: ModelCard
    model: Any
    tokenizer: Any
    limit: int
    reads_pairs: bool
    is_encoder_decoder: bool
    has_head: bool
    arguments: frozenset[str]
    attention: tuple[tuple[str, Kind], ...]
    languages: Languages | None = None
    pictures: Pictures | None = None
    sparse: frozenset[Kind] = frozenset()
    sounds: Sounds | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def memory(self) -> list[tuple[int, int]]:
        """(first, behind the last) address of what its numbers lie in, in order."""
        tensors = (*self.model.parameters(), *self.model.buffers())
        storages = {(s.data_ptr(), s.nbytes()) for s in (t.untyped_storage() for t in tensors)}
        return sorted((first, first + size) for first, size in storages)

    def encode(
        self, text: str, pair: str | None = None, *, cut: bool = False, as_target: bool = False
    ) -> tokens.Encoded:
        """The text's tokens. A blank pair counts as none.

        cut: of a text with too many characters or tokens only the beginning is read. Raises
        errors.EmptyText, OnlyUnknown, NoPair, SeesPictures (it reads no text); TooManyCharacters,
        TextTooLong (unless cut).
        """
        shortened = cut and max(len(text), len(pair or "")) > tokens.MAX_CHARACTERS
        if shortened:
            text, pair = text[: tokens.MAX_CHARACTERS], (pair or "")[: tokens.MAX_CHARACTERS]
        if self.tokenizer is None:
            family = self.card.family
            raise SeesPictures(f"{family} reads no text", family=family)
        text = tokens.clean(text)
        pair = None if tokens.is_blank(pair) else tokens.clean(cast(str, pair))
        if pair is not None and not self.reads_pairs:
            raise NoPair(f"{self.card.id} reads one text", model=self.card.title)
        with self.lock:
            if self.languages is not None:
                self.languages.set_in(self.tokenizer)
            encoded = tokens.encode(
                self.tokenizer, text, pair, limit=self.limit, cut=cut, as_target=as_target
            )
        return replace(encoded, cut=encoded.cut or shortened)


def once_a_model(make: Callable[[LoadedModel], R]) -> Callable[[LoadedModel], R]:
    """The same function, its result kept as long as the model is: a visitor's own is not held."""
    known: WeakKeyDictionary[LoadedModel, R] = WeakKeyDictionary()

    @wraps(make)
    def kept(loaded: LoadedModel) -> R:
        if loaded not in known:
            known[loaded] = make(loaded)
        return known[loaded]

    return kept
