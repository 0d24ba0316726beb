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


class TextTooShort(InputError):
    """Too few tokens for a model that pools them; details: ``model``, ``length`` (tokens)."""


class TooManyCharacters(InputError):
    """Refused before tokenising; details: ``length``, ``limit`` (characters)."""


class UnknownModel(InputError):
    """No such model in the catalogue, on disk or where this mode may look; details: ``model``."""


class NoConfiguration(UnknownModel):
    """A folder without a config.json that can be read; details: ``files`` (what lies there)."""


class NoTokenizer(UnknownModel):
    """A folder without a tokenizer that can be read; details: ``files`` (what lies there)."""


class TokenWithoutEmbedding(UnknownModel):
    """The tokenizer gives a number that the model has no row for; details: ``token, id, last``."""


class OtherTokens(UnknownModel):
    """tokenizer.json and the named class read a text in two ways; details: ``name, text``."""


class SizeOutOfRange(InputError):
    """A size in config.json that no model has; details: ``name, value, least, most``."""


class WrongSetting(InputError):
    """A value in config.json that cannot be meant; details: ``name, value``."""


class OpenBuckets(WrongSetting):
    """Reformer's number of buckets, which its first text would decide; details: none."""


class NotBuildable(InputError):
    """No model can be made from this config.json; details: ``family, values``."""


class UnsafeWeights(InputError):
    """A weight file that does not match its own header, or is no ordinary file."""


class BrokenFile(UnsafeWeights):
    """One of the small files beside the weights is no table in JSON; details: ``file``."""


class NoWeights(UnsafeWeights):
    """A checkpoint without safetensors; details: ``files`` (what lies there instead)."""


class AdapterFound(UnsafeWeights):
    """What was trained on top of another model lies there; details: ``base`` (that model)."""


class QuantizedWeights(UnsafeWeights):
    """Weights kept as small whole numbers; details: ``method`` (by which they were made so)."""


class PrunedHeads(UnsafeWeights):
    """Heads were cut out of some layers; details: ``layers`` (their numbers)."""


class HalfAModel(UnsafeWeights):
    """Only the encoder of an encoder-decoder; details: ``family``."""


class MissingWeights(UnsafeWeights):
    """The model has parameters that the file does not bring; details: ``name, count``."""


class UnexpectedWeights(UnsafeWeights):
    """The file has weights that the model does not take; details: ``name, count``."""


class WrongShape(UnsafeWeights):
    """A weight of another shape than the configuration's; details: ``name, found, wanted``."""


class WrongSize(UnsafeWeights):
    """The configuration asks for far more numbers than there are; details: ``found, wanted``."""


class ChangedFiles(UnsafeWeights):
    """The folder was written to while it was read; details: none."""


class LoadingFailed(UnsafeWeights):
    """Files that do not fit together in a way that nothing here names; details: ``family``."""


class DamagedWeights(InputError):
    """Weights whose checksum is not the pinned one; details: ``model``."""


class NotInstalled(DamagedWeights):
    """The package that carries a model is not there; details: ``model, package``."""


class BrokenNumbers(InputError):
    """The model computes NaN or infinity from this text; details: ``model``."""


class NotCapturable(InputError):
    """A family whose attention does not pass through the interface; details: ``family``."""


class WeightsOnly(NotCapturable):
    """A model recorded without q, k and v, where one of them is needed; details: ``model``."""


class UnknownFamily(NotCapturable):
    """A model_type that transformers does not have; details: ``family``."""


class ReadsPictures(NotCapturable):
    """A family of pictures that cannot be opened yet; details: ``family``."""


class ReadsVideos(NotCapturable):
    """A family of videos alone; details: ``family``."""


class SeesPictures(NotCapturable):
    """A model of pictures that can be opened, where a text is to be read; details: ``family``."""


class ReadsText(NotCapturable):
    """A family of text, where a picture is to be read; details: ``family``."""


class ReadsSounds(NotCapturable):
    """A family of sounds that cannot be opened; details: ``family``."""


class ReadsBoth(NotCapturable):
    """A family of text together with pictures or sounds; details: ``family``."""


class WithoutAttention(NotCapturable):
    """A model that has no attention layer at all; details: ``family, layers`` (of any kind)."""


class CrossAttentionAlone(NotCapturable):
    """Cross-attention without an encoder whose words it could read; details: ``family``."""


class ForwardFails(NotCapturable):
    """The family's own code fails on a first input with this checkpoint; details: ``family``."""


class NotRecurrent(NotCapturable):
    """A model without a recurrent layer, where one is to be looked into; details: ``family``."""


class NoPair(InputError):
    """A second sentence for a model that reads only one; details: ``model``."""


class UnknownLanguage(InputError):
    """A language that a translator does not mark; details: ``model, language`` (its code)."""


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


class NotComparable(InputError):
    """A model without the kind of attention to compare; details: ``model``."""


class WordNotFound(InputError):
    """A word that stands in none of the sentences; details: ``word``."""


class NoPositions(InputError):
    """A model without a table of positions, where one is to be seen; details: ``model``."""


class FixedPositions(NoPositions):
    """A model whose table of positions was computed, not learned; details: ``model``."""


class NotSummed(NoPositions):
    """A model whose first queries are not made of token + position; details: ``model``."""


class OutOfRange(InputError):
    """A layer, head, query or key that is not there; details: ``name, value, last``."""


class NoProcessor(InputError):
    """How a picture becomes this model's numbers is not said; details: ``file``."""


class OtherSize(NoProcessor):
    """The processor makes pictures of another size; details: ``found, wanted``."""


class ProcessorSetting(NoProcessor):
    """A size that no picture here has; details: ``file, name, value, least, most``."""


class ProcessorNotInstalled(NoProcessor):
    """The processor needs a package that is not installed; details: ``file, name`` (of it)."""


class PictureError(InputError):
    """A visitor's picture that cannot be read: one of the kinds below."""


class TooManyBytes(PictureError):
    """Refused before decoding; details: ``size, limit`` (MB)."""


class TooManyPixels(PictureError):
    """Refused from its header alone; details: ``width, height, limit`` (millions)."""


class TooNarrow(PictureError):
    """A strip: made small, nothing of it is left; details: ``width, height, limit``."""


class NotAnImage(PictureError):
    """Neither PNG nor JPEG by its first bytes, whatever its name; details: ``found``."""


class BrokenImage(PictureError):
    """It begins as a PNG or JPEG and cannot be decoded to its end; details: ``kind``."""


class NotAPicture(InputError):
    """A link's drawing that is none; details: ``side`` (pixels), ``levels`` (of a pixel's ink)."""
