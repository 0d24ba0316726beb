"""What can go wrong with a visitor's input, as errors that a page can translate.

Every error carries a ``code`` (the catalogue key of its sentence, without the prefix: its name
in small letters, only_unknown) and ``details`` (the figures that the sentence names).
``str(error)`` is for the log.
"""

from __future__ import annotations

import re


class InputError(ValueError):
    """Something a visitor typed, chose or linked to that cannot be shown."""

    code = "input"

    def __init_subclass__(cls) -> None:
        if "code" not in vars(cls):
            cls.code = re.sub(r"\B(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.details = details


class EmptyText(InputError):
    """Nothing is left to look at once spaces and invisible characters are gone."""


class OnlyUnknown(InputError):
    """The tokenizer knows none of the characters: every token is the unknown token."""


class TextTooLong(InputError):
    """More tokens than the model reads at once; details: ``length``, ``limit`` (tokens)."""


class TooManyCharacters(InputError):
    """Refused before tokenising; details: ``length``, ``limit`` (characters)."""


class UnknownModel(InputError):
    """No such model in the catalogue, on disk or where this mode may look; details: ``model``."""


class UnsafeWeights(InputError):
    """A checkpoint without safetensors, or one that does not match its own header."""


class DamagedWeights(InputError):
    """Weights whose checksum is not the pinned one; details: ``model``."""


class BrokenNumbers(InputError):
    """The model computes NaN or infinity from this text; details: ``model``."""


class NotCapturable(InputError):
    """A family whose attention does not pass through the interface; details: ``family``."""


class NotRecurrent(NotCapturable):
    """A model without a recurrent layer, where one is to be looked into; details: ``family``."""


class NoPair(InputError):
    """A second sentence for a model that reads only one; details: ``model``."""


class NotTranslating(InputError):
    """A model whose translating cannot be opened block by block; details: ``model``."""


class NoAttention(InputError):
    """A translator without attention where its weights are to be seen; details: ``model``."""


class NoHead(InputError):
    """A question that the model was not trained to answer; details: ``model``."""


class NoEmbeddings(InputError):
    """A model whose input is not word plus position vectors, normed; details: ``model``."""


class NoEncoder(InputError):
    """A model that does not read a whole pair of sentences at once; details: ``model``."""


class WordNotFound(InputError):
    """A word that stands in none of the sentences; details: ``word``."""


class NoPositions(InputError):
    """A model without a table of positions, where one is to be seen; details: ``model``."""


class FixedPositions(NoPositions):
    """A model whose table of positions was computed, not learned; details: ``model``."""


class OutOfRange(InputError):
    """A layer, head, query or key that is not there; details: ``name, value, last``."""


class NotAPicture(InputError):
    """A link's drawing that is none; details: ``side`` (pixels), ``levels`` (of a pixel's ink)."""
