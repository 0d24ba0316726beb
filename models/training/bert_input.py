"""What the small BERT reads: the project's pieces between [CLS] and [SEP], in padded rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import torch
from tokenizers import AddedToken, Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers import models as piece_models
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from models.training import homonyms, tokenizer
from models.training.padding import padded

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PADDING, UNKNOWN, BEGIN, BREAK, MASK = range(len(SPECIAL))
LENGTH = 64  # pieces that the model reads at most
IGNORED = -100  # what transformers' losses leave out


@cache
def words() -> PreTrainedTokenizerFast:
    """The project's pieces between BERT's marks: [CLS] A [SEP] B [SEP].

    [MASK] may be typed: the space before it is its own, and what follows it is no new word
    unless there is a space.
    """
    pieces = tokenizer.corpus_vocabulary()[len(tokenizer.SPECIAL) :]
    known = {piece for piece, _ in pieces}
    own = [(piece, math.log(1e-4)) for piece in homonyms.OWN_PIECES if piece not in known]
    vocabulary = [*((name, 0.0) for name in SPECIAL), *pieces, *own]
    made = Tokenizer(piece_models.Unigram(vocabulary, unk_id=UNKNOWN, byte_fallback=False))
    made.normalizer = normalizers.NFC()
    start = tokenizer.START
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement=start, prepend_scheme="first")
    made.decoder = decoders.Metaspace(replacement=start, prepend_scheme="first")
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", BEGIN), ("[SEP]", BREAK)],
    )
    made.add_special_tokens([*SPECIAL[:-1], AddedToken("[MASK]", lstrip=True, normalized=False)])
    named = dict(zip(("pad", "unk", "cls", "sep", "mask"), SPECIAL, strict=True))
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        **{f"{name}_token": token for name, token in named.items() if name != "mask"},
        mask_token=AddedToken("[MASK]", lstrip=True, normalized=False),
        model_max_length=LENGTH,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
        clean_up_tokenization_spaces=False,
    )


@dataclass(frozen=True, slots=True)
class Rows:
    """Padded rows. ids, segments: (row, n). follows: (row,) 0: B is the next sentence,
    1: it is not (as transformers counts), IGNORED: there is no B."""

    ids: Tensor
    segments: Tensor
    follows: Tensor

    def real(self) -> Tensor:
        """(row, n) bool: no padding."""
        return self.ids != PADDING


def rows(texts: Sequence[tuple[str, str | None]], follows: Sequence[int]) -> Rows:
    """Of texts and pairs of texts."""
    encoded = [words()(first, second) for first, second in texts]
    ids, segments = (
        padded([one[name] for one in encoded]) for name in ("input_ids", "token_type_ids")
    )
    return Rows(ids, segments, torch.tensor(follows))
