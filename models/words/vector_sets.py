"""The sets of word vectors that can be looked at: trained here, counted here, and input tables.

Imports no torch by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from safetensors.numpy import load_file

from models.catalog import CATALOG, card_folder, is_installed, load, offered
from models.core.arrays import Floats, as_numpy, read_only
from models.core.loaded import LoadedModel
from models.words.pieces import stand_ins
from models.words.space import VectorSpace

SKIPGRAM = "skipgram"
COUNTED = "counted"
COUNTED_FILE = "counted.safetensors"
SETS = (SKIPGRAM, COUNTED, "minilm", "smollm2")
_START = "Ġ▁"  # how tokenizers write the space before a word
_SPACE = "Ġ"  # over bytes
_BLANKS = " \n\t\r"
_BYTES = {sign: byte for byte, sign in stand_ins().items()}


def present() -> tuple[str, ...]:
    """Those of SETS that can be opened here: SmolLM2 may be missing or switched off."""
    here = {card.id for card in offered() if is_installed(card)}
    return tuple(name for name in SETS if name == COUNTED or name in here)


@lru_cache(maxsize=len(SETS))
def space(name: str) -> VectorSpace:
    """One of SETS. KeyError: none of them; raises as `load` does."""
    if name not in SETS:
        raise KeyError(f"{name!r} is none of {', '.join(SETS)}")
    names, table = input_table(load(SKIPGRAM if name == COUNTED else name))
    if name == COUNTED:
        table = counted(card_folder(CATALOG[SKIPGRAM]))
    return of_table(name, names, table)


def input_table(loaded: LoadedModel) -> tuple[tuple[str, ...], Floats]:
    """The names of the rows of a model's embedding, and the rows themselves: (row, D)."""
    table = as_numpy(loaded.model.get_input_embeddings().weight)
    return row_names(loaded, len(table)), table


def counted(folder: Path) -> Floats:
    """(word, D): the vectors made by counting, which lie beside the trained ones."""
    return read_only(load_file(folder / COUNTED_FILE)["vectors"])


def of_table(name: str, names: Sequence[str], table: Floats) -> VectorSpace:
    """A table whose rows have names. table: (row, D)."""
    return VectorSpace(name, tuple(names), table, _typed(names))


def row_names(loaded: LoadedModel, rows: int) -> tuple[str, ...]:
    """The tokenizer's name of each row; of one over bytes with the letters that they are."""
    tokenizer: Any = loaded.tokenizer
    with loaded.lock:
        named = tokenizer.convert_ids_to_tokens(list(range(rows)))
        special = set(tokenizer.all_special_tokens)
    library = getattr(tokenizer, "backend_tokenizer", None)
    over_bytes = type(getattr(library, "decoder", None)).__name__ == "ByteLevel"
    names = (f"<{i}>" if token is None else token for i, token in enumerate(named))
    return tuple(lettered(n) if over_bytes and n not in special else n for n in names)


def lettered(name: str) -> str:
    """A byte-level token with its bytes as letters: ĠcafÃ© → Ġcafé.

    The Ġ of a word's beginning stays, and so does a token of spaces and new lines. Bytes that are
    only part of a letter, or cannot be seen, stand in hexadecimal: Ã → <C3>.
    """
    start = name[:1] if name[:1] == _SPACE else ""
    try:
        raw = bytes(_BYTES[sign] for sign in name[len(start) :])
    except KeyError:  # an added token, which no byte stands behind
        return name
    try:
        word = raw.decode("utf-8")
    except UnicodeDecodeError:
        word = "\0"
    if any(letter in _BLANKS for letter in word):
        return name
    return start + (word if word.isprintable() else f"<{raw.hex(' ').upper()}>")


def _typed(names: Sequence[str]) -> Mapping[str, int]:
    """Word → row: where a word's beginning is marked, only rows with that mark are words."""
    marked = any(name[:1] in _START for name in names if name)
    if not marked:
        return {name: i for i, name in enumerate(names) if not name.startswith("##")}
    return {name[1:]: i for i, name in enumerate(names) if name[:1] in _START and len(name) > 1}


def row_of(one: VectorSpace, word: str) -> int | None:
    """The row of what a visitor typed; a capital that begins it may be a small letter there."""
    typed = word.strip()
    small = typed[:1].lower() + typed[1:] if typed[:1].isascii() else typed
    return next((row for row in map(one.row, (typed, small)) if row is not None), None)
