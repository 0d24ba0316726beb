"""Words that fall apart into letters that a model never met."""

from __future__ import annotations

import pytest

from models.recording.vocabulary import broken_words

TOKENS = ("[CLS]", "▁Ayşe", "na", "z", "▁went", "▁", "s", "h", "op", ".", "[SEP]", "▁", "P", ".")
TEXT = "Ayşenaz  went shop. P."


@pytest.mark.parametrize(
    ("places", "words"),
    [
        ((), ()),
        ((3,), ("Ayşenaz",)),
        ((6, 7), ("shop",)),
        ((3, 6, 12), ("Ayşenaz", "shop", "P")),
    ],
)
def test_a_word_with_such_a_token_is_named_once_as_typed(
    places: tuple[int, ...], words: tuple[str, ...]
) -> None:
    assert broken_words(TEXT, TOKENS, places) == words


def test_a_sign_alone_is_its_own_word() -> None:
    assert broken_words("a ?", ("▁a", "▁", "?"), (2,)) == ("?",)
