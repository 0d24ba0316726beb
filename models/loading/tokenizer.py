"""A folder's tokenizer: the one that its own file describes, for the rows that the model has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from models.errors import InputError, NoTokenizer, OtherTokens, TokenWithoutEmbedding
from models.loading.weights import listing

_FILE = "tokenizer.json"
_SETTINGS = "tokenizer_config.json"
# What tokenizers differ in: digits, Turkish letters, spaces, capitals, signs, other scripts.
PROBES = (
    "in 2024",
    "1,234.56 % 007",
    "the animal",
    "  two  spaces   before",
    "Capitals CAPITALS miXed",
    "Yüz kişi, İstanbul'da ılık; IŞIL çğöşü",
    "don't  we'll (“quoted”) — e.g. x_y/z@a.b",
    "tab\tnew\nline\r\n",
    "naïve e\u0301 ﬁ ① ½ ²",
    "😀 👩‍👩‍👧 日本語 العربية שלום",
)
# Settings with which a class puts other tokens around a text than its file does, as is meant.
_AROUND = ("add_bos_token", "add_eos_token", "src_lang", "tgt_lang", "language")


def tokenizer(folder: Path, rows: int, model_id: str) -> Any:
    """The tokenizer of a checkpoint whose model has so many embeddings.

    Its class's where that reads as tokenizer.json does, else the one of the file alone. Raises
    NoTokenizer, OtherTokens (neither reads as the file does), TokenWithoutEmbedding.
    """
    refused: InputError | None = None
    for make in (AutoTokenizer, PreTrainedTokenizerFast):
        try:
            found = make.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
            _check(found, folder, rows, model_id)
        except InputError as error:
            refused = refused or error
        except Exception as error:  # a missing file, a missing optional library, a broken file
            refused = refused or NoTokenizer(f"{model_id}: {error}", files=listing(folder))
        else:
            return found
        if not (folder / _FILE).is_file():
            break
    assert refused is not None
    raise refused


def _check(found: Any, folder: Path, rows: int, model_id: str) -> None:
    # A folder without tokenizer files gives one that knows nothing but special tokens.
    if len(found.all_special_ids) >= len(found):
        raise NoTokenizer(f"{model_id}: only special tokens", files=listing(folder))
    if (folder / _FILE).is_file():
        text = _difference(found, folder)
        if text is not None:
            name = str(_settings(folder).get("tokenizer_class") or type(found).__name__)
            raise OtherTokens(f"{model_id}: {name} reads {text!r} its way", name=name, text=text)
    token, last = max(_numbers(found), key=lambda one: one[1])
    if last >= rows:
        raise TokenWithoutEmbedding(
            f"{model_id}: token {last} of {rows} embeddings", token=token, id=last, last=rows - 1
        )


def _difference(found: Any, folder: Path) -> str | None:
    """The first probe that tokenizer.json reads in another way; None: it reads all of them so."""
    written = Tokenizer.from_file(str(folder / _FILE))
    written.no_truncation()
    written.no_padding()
    settings = _settings(folder)
    around = hasattr(found, "tgt_lang") or any(settings.get(name) is not None for name in _AROUND)
    for special in (False,) if around else (False, True):
        for text in PROBES:
            ids = found(text, add_special_tokens=special, verbose=False)["input_ids"]
            if list(ids) != written.encode(text, add_special_tokens=special).ids:
                return text
    return None


def _settings(folder: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((folder / _SETTINGS).read_text("utf-8")))
    except OSError:
        return {}


def _numbers(found: Any) -> Iterator[tuple[str, int]]:
    """(token, number) of all that it can give: its vocabulary, and what it puts around texts."""
    yield from found.get_vocab().items()
    for texts in (("a",), ("a", "b")):
        ids = found(*texts, verbose=False)["input_ids"]
        names = (found.decode([i]) or f"<{i}>" for i in ids)
        yield from zip(names, ids, strict=True)
