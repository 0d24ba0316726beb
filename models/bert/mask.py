"""Every place of a text once read and once hidden: what BERT's word head says there.

Masked language modelling: Devlin et al. 2019, section 3.1. Imports no torch by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from models.bert.heads import fills_masks, word_logits
from models.bert.trace import Answer, MaskedText
from models.catalog import soundless
from models.core import tokens
from models.core.loaded import LoadedModel
from models.errors import NoHead
from models.record import as_numpy, finite, inputs_of
from models.recording.ranking import vocabulary
from models.trace import read_only

MOST_ASKED = 64  # pieces of a text of which every place is asked
_NUMBERS = 2**24  # logits that are in memory at once


def masked_text(
    model: LoadedModel | str,
    text: str,
    pair: str | None = None,
    *,
    masked: Sequence[int] = (),
    place: int = 0,
    cut: bool = False,
) -> MaskedText:
    """Every place of a text read and hidden, some places being masked anyway.

    masked: places to mask, beside every mask that is typed in the text; a special token or a
    place that is not there is left alone. place: the one asked in a text of more than MOST_ASKED.
    Raises errors.NoHead, BrokenNumbers, and what LoadedModel.encode and load raise.
    """
    loaded = soundless(model)
    if not fills_masks(loaded):
        raise NoHead(f"{loaded.card.id} predicts no masked words", model=loaded.card.title)
    encoded = loaded.encode(text, pair, cut=cut)
    mask, n = loaded.tokenizer.mask_token_id, len(encoded.ids)
    typed = {i for i, piece in enumerate(encoded.ids) if piece == mask}
    hidden = {i for i in masked if 0 <= i < n and not encoded.special[i]} | typed
    asked = range(n) if n <= MOST_ASKED else [min(max(place, 0), n - 1)]
    answers = {}
    for as_read in (True, False):
        rows = [
            tuple(
                mask if (j in hidden and (j != i or j in typed)) or (j == i and not as_read) else p
                for j, p in enumerate(encoded.ids)
            )
            for i in asked
        ]
        answers[as_read] = dict(zip(asked, _answers(loaded, encoded, rows, asked), strict=True))
    last = loaded.model.get_output_embeddings()
    return MaskedText(
        model_id=loaded.card.id,
        source=encoded,
        masked=tuple(sorted(hidden)),
        stood=tuple(-1 if i in typed else piece for i, piece in enumerate(encoded.ids)),
        read=answers[True],
        hidden=answers[False],
        weight=as_numpy(last.weight),
        bias=as_numpy(last.bias),
        vocabulary=vocabulary(loaded),
        text=text,
        text_pair=pair or None,
    )


def _answers(
    loaded: LoadedModel,
    encoded: tokens.Encoded,
    rows: Sequence[tuple[int, ...]],
    asked: Sequence[int],
) -> Iterator[Answer]:
    """What each row of pieces has at its own place. Equal rows are read once."""
    from models.recording import layer_calls

    last = {"last": loaded.model.get_output_embeddings()}
    different = list(dict.fromkeys(rows))
    size = max(1, _NUMBERS // (len(encoded.ids) * last["last"].out_features))
    found: dict[tuple[int, ...], tuple[Any, Any, int]] = {}
    for start in range(0, len(different), size):
        some = different[start : start + size]
        out, calls = layer_calls.forward(loaded.model, _inputs(loaded, encoded, some), last)
        logits = word_logits(out)
        if "last" not in calls:
            raise NoHead(f"{loaded.card.id}: its last layer is not linear", model=loaded.card.title)
        features = as_numpy(calls["last"].given)
        found |= {row: (as_numpy(logits), features, i) for i, row in enumerate(some)}
    for row, place in zip(rows, asked, strict=True):
        logits, features, i = found[row]
        finite(loaded, logits[i, place])
        # Copied: a view would keep the logits of all places of all rows.
        yield Answer(read_only(logits[i, place].copy()), read_only(features[i, place].copy()))


def _inputs(
    loaded: LoadedModel, encoded: tokens.Encoded, rows: Sequence[tuple[int, ...]]
) -> dict[str, Any]:
    """A batch of the same text with other pieces."""
    import torch

    one = inputs_of(loaded, encoded)
    same = {
        name: value.expand(len(rows), -1) if hasattr(value, "expand") else value
        for name, value in one.items()
    }
    return same | {"input_ids": torch.tensor(rows)}
