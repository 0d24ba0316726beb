"""Which languages a multilingual translator reads and writes, where its files leave that open."""

from __future__ import annotations

from typing import Any

from models.core.loaded import Languages
from models.core.tokens import language_ids

ENGLISH = ("en", "en_XX", "eng_Latn")


def settled(tokenizer: Any, model: Any) -> Languages | None:
    """The two languages, both set in the tokenizer and in what the model writes first.

    The target is the tokenizer's own, else what the model is told to write first, else English.
    None: no tokenizer with a language for each side.
    """
    source = getattr(tokenizer, "src_lang", None)
    if source is None or not hasattr(tokenizer, "tgt_lang"):
        return None
    codes = language_ids(tokenizer)
    named = tokenizer.tgt_lang or _written_first(model, codes)
    target = named or next((code for code in ENGLISH if code in codes), source)
    if target not in codes:
        return None
    tokenizer.tgt_lang = target
    _write_first(tokenizer, model, codes[target])
    said = tokenizer.init_kwargs.get("src_lang")
    return Languages(source, target, chosen=named is None or said is None)


def _written_first(model: Any, codes: dict[str, int]) -> str | None:
    """The language among the tokens that the model's settings put first."""
    names = {number: code for code, number in codes.items()}
    for said in (getattr(model, "generation_config", None), model.config):
        for name in ("forced_bos_token_id", "decoder_start_token_id"):
            if (number := getattr(said, name, None)) in names:
                return names[number]
    return None


def _write_first(tokenizer: Any, model: Any, number: int) -> None:
    """The model begins with the target's token: MBart reads it in place of a start token, others
    write it as their first word."""
    ids = tokenizer(text_target="a")["input_ids"]
    if ids[-1] == number:
        model.generation_config.decoder_start_token_id = number
    elif ids[0] == number:
        model.generation_config.forced_bos_token_id = number
