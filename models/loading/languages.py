"""Which languages a multilingual translator reads and writes: its files', ours, or a visitor's."""

from __future__ import annotations

from copy import copy, deepcopy
from dataclasses import replace
from typing import Any

from models.core.loaded import Languages, LoadedModel
from models.core.tokens import language_ids
from models.errors import UnknownLanguage

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
    said = tokenizer.init_kwargs.get("src_lang")
    found = Languages(source, target, chosen=named is None or said is None, known=tuple(codes))
    found.set_in(tokenizer)
    _write_first(tokenizer, model, codes, target)
    return found


def speaking(loaded: LoadedModel, source: str, target: str) -> LoadedModel:
    """The same weights and tokenizer between other languages, by their codes; nothing is copied.

    UnknownLanguage: one of them is none of those that the model marks.
    """
    known = () if loaded.languages is None else loaded.languages.known
    for code in (source, target):
        if code not in known:
            title = loaded.card.title
            raise UnknownLanguage(f"{loaded.card.id} has no {code!r}", model=title, language=code)
    model = copy(loaded.model)  # the modules are shared, what it is told to write first is not
    model.generation_config = deepcopy(getattr(loaded.model, "generation_config", None))
    languages = Languages(source, target, chosen=False, known=known)
    with loaded.lock:
        languages.set_in(loaded.tokenizer)
        _write_first(loaded.tokenizer, model, language_ids(loaded.tokenizer), target)
    return replace(loaded, model=model, languages=languages)


def _written_first(model: Any, codes: dict[str, int]) -> str | None:
    """The language among the tokens that the model's settings put first."""
    names = {number: code for code, number in codes.items()}
    for said in (getattr(model, "generation_config", None), model.config):
        for name in ("forced_bos_token_id", "decoder_start_token_id"):
            if (number := getattr(said, name, None)) in names:
                return names[number]
    return None


def _write_first(tokenizer: Any, model: Any, codes: dict[str, int], target: str) -> None:
    """The model begins with the target's token: MBart reads it in place of a start token, others
    write it as their first word. Where its file names a language for the other of the two, that is
    the target, too. Without a head it writes nothing.
    """
    said, number = getattr(model, "generation_config", None), codes[target]
    if said is None:
        return
    ids = tokenizer(text_target="a")["input_ids"]
    first = {"decoder_start_token_id": ids[-1], "forced_bos_token_id": ids[0]}
    own = next((name for name, each in first.items() if each == number), None)
    for name in first:
        if name == own or getattr(said, name, None) in codes.values():
            setattr(said, name, number)
