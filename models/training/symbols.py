"""Tokenizers of small closed vocabularies: a symbol or a word a token.

Imports tokenizers, transformers.
"""

from __future__ import annotations

from collections.abc import Sequence

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

UNKNOWN, START = "<unk>", "<s>"


def of_characters(characters: Sequence[str]) -> PreTrainedTokenizerFast:
    """Every character a token, `<s>` before the first; a space shows as ␣.

    Ids: 0 `<unk>`, 1 `<s>`, then the characters in order.
    """
    words = Tokenizer(_vocabulary([UNKNOWN, START, *characters]))
    words.normalizer = normalizers.Replace(" ", "␣")
    words.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), behavior="isolated")
    words.post_processor = processors.TemplateProcessing(
        single=f"{START} $A", pair=None, special_tokens=[(START, 1)]
    )
    return PreTrainedTokenizerFast(tokenizer_object=words, bos_token=START, unk_token=UNKNOWN)


def without_spaces(characters: Sequence[str]) -> PreTrainedTokenizerFast:
    """Every character a token, spaces none; ids: 0 `<unk>`, then the characters in order."""
    words = Tokenizer(_vocabulary([UNKNOWN, *characters]))
    words.normalizer = normalizers.Replace(" ", "")
    words.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), behavior="isolated")
    return PreTrainedTokenizerFast(tokenizer_object=words, unk_token=UNKNOWN)


# A capital that begins a word is read as its small letter: The and the are one token. Neither
# language's own rule would do for both (I is i in English, ı in Turkish): the table is for
# vocabularies in which no word begins with ı.
_LARGE, _SMALL = "ABCÇDEFGHIİJKLMNOÖPQRSŞTUÜVWXYZ", "abcçdefghiijklmnoöpqrsştuüvwxyz"
CAPITALS = dict(zip(_LARGE, _SMALL, strict=True))


def small(word: str) -> str:
    """The word as the tokenizer of_words knows it."""
    return CAPITALS.get(word[:1], word[:1]) + word[1:]


def of_words(words: Sequence[str]) -> PreTrainedTokenizerFast:
    """Every word a token, every mark and bracket one of its own, with or without spaces.

    words: as `small` gives them. Ids: 0 `<unk>`, then the words in order. ValueError: a word
    begins with ı, which its capital I would not find.
    """
    if any(word.startswith("ı") for word in words):
        raise ValueError("no word may begin with ı")
    made = Tokenizer(_vocabulary([UNKNOWN, *words]))
    lowered = [
        normalizers.Replace(Regex(rf"(?<!\w){capital}"), letter)
        for capital, letter in CAPITALS.items()
    ]
    made.normalizer = normalizers.Sequence([normalizers.NFC(), *lowered])
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Split(Regex(r"[^\w\s]"), behavior="isolated"),
        ]
    )
    return PreTrainedTokenizerFast(tokenizer_object=made, unk_token=UNKNOWN)


def as_written(words: Sequence[str]) -> PreTrainedTokenizerFast:
    """Every word a token, capitals as they are. Ids: 0 `<unk>`, then the words in order."""
    spaced = Tokenizer(_vocabulary([UNKNOWN, *words]))
    spaced.normalizer = normalizers.NFC()
    spaced.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(tokenizer_object=spaced, unk_token=UNKNOWN)


def _vocabulary(tokens: Sequence[str]) -> models.WordLevel:
    return models.WordLevel({token: i for i, token in enumerate(tokens)}, unk_token=UNKNOWN)
