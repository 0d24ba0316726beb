"""A tokenizer whose pieces are stems and suffixes, trained on the grammar's sentences.

A unigram model (Kudo 2018): a word is cut so that the product of its pieces' probabilities
is largest. The probabilities are counted, not searched for: the grammar knows where each
Turkish word's morphs begin, so pieces are morphs with their frequencies, English words
whole but for 's; every single letter is there too, far less probable, so that any word can
be written. Cased; no letter is ever changed to another (İ, ı, I and i stay four letters).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from models.grammar.grammar import Pair, generate
from models.grammar.writing_out import MARKS, written
from models.training.morphs import segmented

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import PreTrainedTokenizerFast

PAD, END, UNKNOWN = "<pad>", "</s>", "<unk>"
SPECIAL = (PAD, END, UNKNOWN)
START = "▁"  # stands for the space before a word
LETTERS = (
    "abcçdefgğhıijklmnoöpqrsştuüvwxyzABCÇDEFGĞHIİJKLMNOÖPQRSŞTUÜVWXYZâîûÂÎÛ"
    "0123456789.,?!'’:;-–()\"&%/"
)
CORPUS = 40_000  # pairs
SEED = 1


def pieces(words: Sequence[str], *, turkish: bool) -> list[str]:
    """A sentence's words as gold pieces: the mark alone, each other word after a START."""
    found: list[str] = []
    for word in words:
        if word in MARKS:
            found.append(word)
            continue
        head, *rest = segmented(word) if turkish else english_parts(word)
        found += [START + head, *rest]
    return found


def english_parts(word: str) -> tuple[str, ...]:
    """teacher + 's; every other word is whole."""
    return (word[:-2], word[-2:]) if word.endswith("'s") else (word,)


def counted(pairs: Iterable[Pair]) -> Counter[str]:
    """How often each piece stands in those pairs."""
    counts: Counter[str] = Counter()
    for pair in pairs:
        counts.update(pieces_of(pair))
    return counts


def pieces_of(pair: Pair) -> list[str]:
    """Both sentences' gold pieces."""
    source, target = pair.source_words, pair.target_words
    return pieces(source, turkish=True) + pieces(target, turkish=False)


def vocabulary(counts: Counter[str]) -> list[tuple[str, float]]:
    """(piece, log-probability): special ones, then pieces by frequency, then letters."""
    total = sum(counts.values())
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    known = [(piece, math.log(number / total)) for piece, number in ordered]
    rare = math.log(1 / total) - 5.0
    letters = [(letter, rare) for letter in (START, *LETTERS) if letter not in counts]
    return [*((name, 0.0) for name in SPECIAL), *known, *letters]


@lru_cache(maxsize=2)
def corpus_vocabulary(pairs: int = CORPUS, seed: int = SEED) -> tuple[tuple[str, float], ...]:
    """The vocabulary of the first `pairs` training pairs of a seed; counted once a process."""
    return tuple(vocabulary(counted(islice(generate(seed, "train"), pairs))))


def build(vocab: list[tuple[str, float]]) -> Tokenizer:
    """The tokenizer with that vocabulary; it ends every text with </s>."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    made = Tokenizer(models.Unigram(vocab, unk_id=SPECIAL.index(UNKNOWN), byte_fallback=False))
    made.normalizer = normalizers.NFC()
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement=START, prepend_scheme="always")
    made.decoder = decoders.Metaspace(replacement=START, prepend_scheme="always")
    made.post_processor = processors.TemplateProcessing(
        single=f"$A {END}", pair=f"$A {END} $B {END}", special_tokens=[(END, SPECIAL.index(END))]
    )
    made.add_special_tokens(list(SPECIAL))
    return made


def train(pairs: int = CORPUS, seed: int = SEED) -> PreTrainedTokenizerFast:
    """The tokenizer of the first `pairs` training pairs of a seed; the same every time."""
    return _of(corpus_vocabulary(pairs, seed))


def of_counts(counts: Counter[str]) -> PreTrainedTokenizerFast:
    """The tokenizer of pieces that were counted."""
    return _of(vocabulary(counts))


def _of(vocab: Sequence[tuple[str, float]]) -> PreTrainedTokenizerFast:
    from transformers import PreTrainedTokenizerFast

    fast: PreTrainedTokenizerFast = PreTrainedTokenizerFast(
        tokenizer_object=build(list(vocab)),
        pad_token=PAD,
        eos_token=END,
        unk_token=UNKNOWN,
        clean_up_tokenization_spaces=False,
        model_max_length=128,
    )
    return fast


@lru_cache(maxsize=2)
def of_folder(folder: Path) -> PreTrainedTokenizerFast:
    """The tokenizer that lies in a checkpoint's folder."""
    from transformers import PreTrainedTokenizerFast

    found: PreTrainedTokenizerFast = PreTrainedTokenizerFast.from_pretrained(folder)
    return found


def save(tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """A Hugging Face tokenizer folder, which `AutoTokenizer.from_pretrained` reads."""
    tokenizer.save_pretrained(str(folder))


def word_of_pieces(
    tokenizer: PreTrainedTokenizerFast, words: Sequence[str]
) -> tuple[list[int], list[int | None]]:
    """(piece numbers, the word that each belongs to); None for </s>.

    words: a sentence's, its mark one of them, as a Pair has them.
    """
    text = written(tuple(words))
    encoded = tokenizer(text, return_offsets_mapping=True, return_special_tokens_mask=True)
    ends: list[int] = []
    at = 0
    for word in words:
        at = text.index(word, at) + len(word)
        ends.append(at)
    owners: list[int | None] = []
    for (_, stop), special in zip(
        encoded["offset_mapping"], encoded["special_tokens_mask"], strict=True
    ):
        owners.append(None if special else next(i for i, end in enumerate(ends) if stop <= end))
    return list(encoded["input_ids"]), owners
