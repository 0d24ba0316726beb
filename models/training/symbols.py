"""Tokenizers of small closed vocabularies: a symbol a token. Imports tokenizers, transformers."""

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


def _vocabulary(tokens: Sequence[str]) -> models.WordLevel:
    return models.WordLevel({token: i for i, token in enumerate(tokens)}, unk_token=UNKNOWN)
