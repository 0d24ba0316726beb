"""The tokenizers that words are cut by, as their own files describe them, and what they cost.

Opening SmolLM2's, which lies in the model's file, imports torch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tokenizers import Tokenizer

from models.catalog import CATALOG, card_folder, is_installed
from models.translation.reference import examples
from models.words.pieces import (
    UNKNOWN,
    Cut,
    Cuts,
    Merge,
    NoWord,
    Ranks,
    Segmentation,
    Step,
    TokenCost,
    matched,
    merged,
    typed,
)

STEPWISE = ("minilm", "smollm2")  # WordPiece, byte-level BPE
COMPARED = (*STEPWISE, "bert-mini")  # the last one's Unigram cut is the library's alone


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """A tokenizer opened. kind: WordPiece, BPE or Unigram; vocabulary: token → id.

    ranks: pair → its place among the merges, 0 the first; () where there are none. space: what is
    put before a word so that it is read as inside a text. lowers, strips: what the normalizer does.
    """

    id: str
    kind: str
    library: Any
    vocabulary: Mapping[str, int]
    ranks: Ranks
    space: str
    lowers: bool
    strips: bool

    def tokens(self, text: str) -> tuple[str, ...]:
        """What the library itself cuts a text into, without special tokens."""
        return tuple(self.library.encode(self.space + text, add_special_tokens=False).tokens)

    def normal(self, text: str) -> str:
        """The text as the normalizer leaves it."""
        own = self.library.normalizer
        return text if own is None else str(own.normalize_str(text))

    def chunks(self, text: str) -> tuple[str, ...]:
        """What the pre-tokenizer parts: nothing is joined across. text: a normal one."""
        return tuple(c for c, _ in self.library.pre_tokenizer.pre_tokenize_str(self.space + text))


def present(among: tuple[str, ...] = COMPARED) -> tuple[str, ...]:
    """Those that can be opened here: SmolLM2 may be missing.

    Switched off as a model it still lends its tokenizer, which needs none of its memory.
    """
    return tuple(name for name in among if is_installed(CATALOG[name]))


@lru_cache(maxsize=len(COMPARED))
def reader(name: str) -> Reader:
    """One of COMPARED. KeyError: none of them; raises NotInstalled, UnsafeWeights."""
    if name not in COMPARED:
        raise KeyError(f"{name!r} is none of {', '.join(COMPARED)}")
    library = _library(name)
    library.no_padding()
    library.no_truncation()
    library.encode_special_tokens = True  # a typed [MASK] is four signs and a word, not a mask
    said = json.loads(library.to_str())
    model, own = said["model"], said["normalizer"] or {}
    lowers, strips = bool(own.get("lowercase")), own.get("strip_accents")
    return Reader(
        id=name,
        kind=model["type"],
        library=library,
        vocabulary=library.get_vocab(with_added_tokens=False),
        ranks={(a, b): rank for rank, (a, b) in enumerate(model.get("merges", ()))},
        space=" " if model["type"] == "BPE" else "",
        lowers=lowers,
        # Left open, BERT strips accents where it lowers (BertNormalizer).
        strips=lowers if strips is None else bool(strips),
    )


def _library(name: str) -> Any:
    card = CATALOG[name]
    if not card.gguf:
        return Tokenizer.from_file(str(card_folder(card) / "tokenizer.json"))
    from models.loading import quantized

    return quantized.reader(card_folder(card) / card.gguf).backend_tokenizer


def pieces(name: str, word: str) -> Segmentation:
    """A word's way to its tokens, by one of STEPWISE. Raises NoWord, WordTooLong."""
    own, seen = reader(name), typed(word)
    normal = own.normal(seen)
    steps: list[Step] = []
    tokens: tuple[str, ...] = ()
    for chunk in own.chunks(normal):
        if own.kind == "BPE":
            signs = tuple(chunk)  # the pre-tokenizer writes bytes as their stand-ins
            last = list(merged((*tokens, *signs), own.ranks, len(tokens)))
            steps += last
            tokens = last[-1].pieces
        else:
            found = matched(chunk, own.vocabulary, tokens)
            steps += found
            cut = [UNKNOWN] if found[-1].taken is None else [m.taken or "" for m in found]
            tokens = (*tokens, *cut)
    if not steps:  # the normalizer has left nothing, as of a lone accent
        raise NoWord(f"{seen!r} is normalised to nothing")
    if own.kind == "BPE":  # between chunks nothing ends: the last step alone has nothing to merge
        steps = [
            *(s for s in steps[:-1] if isinstance(s, Merge) and s.place is not None),
            steps[-1],
        ]
    return Segmentation(name, seen, normal, tuple(steps), tokens, own.tokens(seen))


def compared(word: str) -> Cuts:
    """The word in all tokenizers that are here. Raises NoWord, WordTooLong."""
    seen = typed(word)
    own = [reader(name) for name in present()]
    return Cuts(seen, tuple(Cut(r.id, r.kind, len(r.vocabulary), r.tokens(seen)) for r in own))


@lru_cache(maxsize=len(COMPARED))
def cost(name: str) -> TokenCost:
    """How many tokens the same sentences take in both languages, marks at their ends included."""
    own, every = reader(name), tuple(examples().values())
    sides = [[p.source for p in every], [p.target for p in every]]
    words = [sum(len(text.split()) for text in side) for side in sides]
    tokens = [sum(len(own.tokens(text)) for text in side) for side in sides]
    return TokenCost(name, len(every), (words[0], words[1]), (tokens[0], tokens[1]))
