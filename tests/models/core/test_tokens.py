"""A visitor's text, cleaned and spelled back as it was typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core import tokens
from models.core.tokens import MAX_CHARACTERS, clean, encode, is_blank, spell, spell_ids
from models.errors import EmptyText, OnlyUnknown, TextTooLong, TooManyCharacters
from tests.models import tiny


def typed(kind: str, text: str, pair: str | None = None) -> tuple[str, ...]:
    return encode(tiny.tokenizer(kind), text, pair, limit=512).typed


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\ud800b", "a\ufffdb"),
        ("\udc00\ud800a", "\ufffd\ufffda"),
        ("\ud83d\ude00", "😀"),  # two halves that belong together
        ("a\x00b\x07\x7f\x9fc", "abc"),
        ("a\tb\nc", "a\tb\nc"),
        ("İIıi şğçöü", "İIıi şğçöü"),
        ("</script>", "</script>"),
    ],
)
def test_cleaning_takes_only_what_no_tokenizer_should_meet(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\t", "\u200b\u200d\ufeff", "\xa0\u3000", "\x00\x01", "\u3164\ufe0f"]
)
def test_a_text_that_draws_nothing_is_empty(text: str) -> None:
    assert is_blank(text)
    with pytest.raises(EmptyText):
        clean(text)


def test_nothing_typed_at_all_is_blank() -> None:
    assert is_blank(None)
    assert not is_blank("\u200b.")


def test_too_many_characters_are_refused_with_the_figures() -> None:
    assert len(clean("a" * MAX_CHARACTERS)) == MAX_CHARACTERS
    with pytest.raises(TooManyCharacters) as refused:
        clean("a" * (MAX_CHARACTERS + 1))
    assert refused.value.details == {"length": MAX_CHARACTERS + 1, "limit": MAX_CHARACTERS}


@given(st.text(st.characters()))
def test_a_cleaned_text_can_be_written_anywhere_and_stays_clean(text: str) -> None:
    try:
        cleaned = clean(text)
    except EmptyText:
        return
    cleaned.encode("utf-8")
    assert all(c.isspace() or unicodedata.category(c) != "Cc" for c in cleaned)
    assert clean(cleaned) == cleaned


def test_an_uncased_model_shows_the_letters_that_were_typed() -> None:
    shown = typed("wordpiece", "Şarkı İstanbul")
    assert "".join(token.removeprefix("##") for token in shown[1:-1]) == "Şarkıİstanbul"
    model_tokens = encode(tiny.tokenizer("wordpiece"), "Şarkı İstanbul", limit=512).tokens
    assert [t.startswith("##") for t in shown] == [t.startswith("##") for t in model_tokens]
    assert "Ş" not in "".join(model_tokens)


def test_letters_typed_with_loose_marks_keep_them() -> None:
    loose = unicodedata.normalize("NFD", "çöş")
    assert "".join(t.removeprefix("##") for t in typed("wordpiece", loose)[1:-1]) == loose


@pytest.mark.parametrize("kind", ["bytes", "pieces"])
def test_no_token_shows_the_tokenizers_own_signs(kind: str) -> None:
    shown = typed(kind, "Işıl şiir  okuyor")
    assert not set("ĠÅŁÄ▁") & set("".join(shown))
    assert (
        "".join(t.split("·")[0].strip("␣") for t in shown if "·2" not in t)
        .replace("<s>", "")
        .replace("</s>", "")
        == "Işılşiirokuyor"
    )


def test_a_character_of_several_tokens_is_counted_out() -> None:
    assert typed("bytes", "😀") == ("<s>", *(f"😀·{i}/4" for i in range(1, 5)))


def test_a_typed_double_hash_is_no_continuation() -> None:
    assert typed("bytes", "##")[1:] in {("##",), ("#", "#")}
    assert spell(["##"], [(0, 2)], [0], ["##"]) == ("##",)


def test_spaces_alone_are_drawn() -> None:
    tokens_, spans = ["Ġ", "Ċ", "ĉ", "▁"], [(0, 1), (1, 2), (2, 3), (3, 3)]
    assert spell(tokens_, spans, [0] * 4, [" \n\t"]) == ("␣", "⏎", "⇥", "␣")


def test_special_tokens_keep_their_names_and_belong_to_the_sentence_before() -> None:
    encoded = encode(tiny.tokenizer("wordpiece"), "the key", "the question", limit=512)
    marks = [t for t, special in zip(encoded.typed, encoded.special, strict=True) if special]
    assert marks == ["[CLS]", "[SEP]", "[SEP]"]
    middle = encoded.tokens.index("[SEP]")
    assert encoded.segments == (0,) * (middle + 1) + (1,) * (len(encoded.ids) - middle - 1)


def test_a_typed_special_token_is_the_visitors_not_the_models() -> None:
    encoded = encode(tiny.tokenizer("wordpiece"), "the [SEP] key", limit=512)
    assert encoded.tokens.count("[SEP]") == 2
    assert sum(encoded.special) == 2


def test_a_long_text_is_refused_with_its_length_or_cut() -> None:
    words = "key " * 40
    with pytest.raises(TextTooLong) as refused:
        encode(tiny.tokenizer("wordpiece"), words, limit=16)
    assert refused.value.details["limit"] == 16
    whole = encode(tiny.tokenizer("wordpiece"), words, limit=512)
    assert refused.value.details["length"] == len(whole.ids)
    cut = encode(tiny.tokenizer("wordpiece"), words, limit=16, cut=True)
    assert (len(cut.ids), cut.cut, whole.cut) == (16, True, False)
    assert cut.tokens[-1] == "[SEP]"
    # One visitor's cut must not shorten the next one's text.
    assert encode(tiny.tokenizer("wordpiece"), words, limit=512).ids == whole.ids


@pytest.mark.parametrize("kind", ["wordpiece", "pieces"])  # ▁ alone is a piece: no word
def test_a_text_of_unknown_characters_only_is_refused(kind: str) -> None:
    with pytest.raises(OnlyUnknown):
        typed(kind, "☃ ☕")
    assert "☃" in typed(kind, "the ☃")
    assert "☃" in "".join(typed(kind, "☃ the"))


def test_a_text_of_which_the_tokenizer_leaves_nothing_is_empty() -> None:
    with pytest.raises(EmptyText):
        typed("wordpiece", "\u0301")


def test_what_a_model_wrote_is_spelled_in_letters() -> None:
    bpe = tiny.tokenizer("bytes")
    ids = bpe("Işıl okuyor").input_ids
    shown = spell_ids(bpe, ids)
    assert shown.special[0]
    assert not shown.special[1]
    whole = [t for t, mark in zip(shown.typed, shown.special, strict=True) if not mark]
    assert "okuyor" in "".join(whole)


def test_an_id_without_a_name_is_shown_as_a_number() -> None:
    assert spell_ids(tiny.tokenizer("pieces"), [100_000]).tokens == ("<100000>",)


@given(st.text(st.characters(), min_size=1, max_size=60), st.sampled_from(["bytes", "pieces"]))
def test_any_text_is_spelled_one_entry_a_token(text: str, kind: str) -> None:
    try:
        encoded = encode(tiny.tokenizer(kind), clean(text), limit=tokens.MAX_CHARACTERS)
    except (EmptyText, OnlyUnknown):
        return
    assert len(encoded.typed) == len(encoded.tokens) == len(encoded.ids)
    assert all(encoded.typed)
