"""A translation put in whole, as in training, and one written word by word → Forced, Continuation.

Teacher forcing (Williams and Zipser 1989): the decoder reads <s> w₁ … w_{n−1} and is asked for
w₁ … w_n at all n positions at once; loss = 1/n Σ −ln p(w_t | w_{<t}). The causal mask (Vaswani et
al. 2017, section 3.2.3) keeps every position from what it is asked for. All in double precision.
Imports no torch by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from models import record
from models.core import tokens
from models.core.arrays import Difference, Recomputed, difference, read_only
from models.core.loaded import LoadedModel
from models.core.tokens import Encoded
from models.record import MAX_WRITTEN
from models.recording.ranking import NextWord, likeliest
from models.recording.vocabulary import spellings
from models.trace import Floats
from models.translator.record import read_source
from models.translator.steps import MOST


@dataclass(frozen=True, slots=True, eq=False)
class Forced(Recomputed):
    """A translation that was put in, n tokens with the end token.

    reads, targets: what the decoder reads and is asked for at each position. losses: (position,)
    −ln p of each target, of one pass under the causal mask; unmasked: the same with every position
    visible to every other. copied: (position − 1,) −ln p where a position's output were the
    embedding of the token that the next one reads. oracle: the loss as torch's cross_entropy has
    it. rows: of the pass's logits to those of the same tokens read one at a time. sees, all_seen:
    (position,) how many positions, from the first on, the mask of the pass leaves to each, and that
    of the pass without one.
    """

    reads: Encoded
    targets: Encoded
    losses: Floats
    sees: tuple[int, ...]
    unmasked: Floats
    all_seen: tuple[int, ...]
    copied: Floats
    oracle: float
    rows: Difference

    @property
    def loss(self) -> float:
        """The mean of `losses`, in nats a token."""
        return float(self.losses.mean())

    @property
    def unmasked_loss(self) -> float:
        """The mean of `unmasked`."""
        return float(self.unmasked.mean())

    @property
    def copied_loss(self) -> float | None:
        """The mean of `copied`; None: there is no next token to copy."""
        return float(self.copied.mean()) if len(self.copied) else None

    def difference(self) -> Difference:
        """Of the loss to torch's own."""
        return difference(np.array([self.loss]), np.array([self.oracle]))


@dataclass(frozen=True, slots=True, eq=False)
class Continuation:
    """What the model writes word by word while it reads its own words, but for one of them.

    reads, written: what the decoder read at each step, and the likeliest token after it. losses:
    (step,) −ln p of what was written. slip: the step that read another token than the one written
    before it; 0: none did. choices: the likeliest tokens in its place. rows: as in Forced.
    """

    reads: Encoded
    written: Encoded
    losses: Floats
    slip: int
    choices: tuple[NextWord, ...]
    rows: Difference


def forced(
    loaded: LoadedModel, text: str, target: str | None = None, *, cut: bool = False
) -> Forced:
    """The text's translation put in. target: None: the model's own greedy translation.

    Raises what models.translator.record.run raises; TextTooLong: the target is.
    """
    from models.loading.checkpoint import in_double
    from models.recording import decoder

    loaded, source = read_source(loaded, text, cut)
    precise, inputs = in_double(loaded), record.inputs_of(loaded, source)
    if target is None:
        ids = tuple(token for token, _ in decoder.steps(precise, inputs, MAX_WRITTEN))
    else:
        ids = loaded.encode(target, as_target=True).ids
    reads, targets = _shifted(loaded, ids)
    logits = _logits(precise, inputs, reads.ids)
    return Forced(
        reads,
        targets,
        _losses(logits, ids),
        _sees(precise, inputs, reads.ids),
        _losses(_logits(precise, inputs, reads.ids, masked=False), ids),
        _sees(precise, inputs, reads.ids, masked=False),
        _losses(_copied(precise, reads.ids[1:]), ids[:-1]),
        _oracle(precise, inputs, ids),
        difference(logits, _one_by_one(precise, inputs, reads.ids)),
    )


def continued(
    loaded: LoadedModel, text: str, slip: int = 0, rank: int = 1, *, cut: bool = False
) -> Continuation:
    """What the model writes if its step `slip` reads another token than the one written before.

    slip: 0: none does; nor does one behind the end. rank: which of the likeliest tokens is read,
    0: the one that was written. Raises what models.translator.record.run raises; IndexError: no
    such rank.
    """
    from models.loading.checkpoint import in_double
    from models.recording import decoder

    if not 0 <= rank < MOST:
        raise IndexError(f"rank {rank} is not in 0..{MOST - 1}")
    loaded, source = read_source(loaded, text, cut)
    precise, inputs = in_double(loaded), record.inputs_of(loaded, source)
    words, step_by_step = spellings(loaded), decoder.Decoder(precise, inputs)
    reads, written = [decoder.start(loaded)], list[int]()
    rows, choices = list[Floats](), tuple[NextWord, ...]()
    for step in range(decoder.room(loaded, MAX_WRITTEN)):
        logits = step_by_step.read([reads[-1]])[0]
        rows.append(as_double(logits))
        open_ = decoder.allowed(logits, loaded.model.generation_config)
        written.append(int(open_.argmax()))
        if written[-1] in decoder.ends(loaded):
            break
        reads.append(written[-1])
        if step + 1 == slip:
            choices = tuple(likeliest([as_double(open_)], words, most=MOST))
            reads[-1] = choices[rank].id
    reads = reads[: len(written)]
    whole = _logits(precise, inputs, tuple(reads))
    with loaded.lock:
        both = (
            tokens.spell_ids(loaded.tokenizer, reads),
            tokens.spell_ids(loaded.tokenizer, written),
        )
    losses = _losses(np.stack(rows), tuple(written))
    return Continuation(
        *both, losses, slip if choices else 0, choices, difference(whole, np.stack(rows))
    )


def as_double(tensor: Any) -> Floats:
    """Torch (…) → numpy (…), read-only float64."""
    return read_only(tensor.detach().double().numpy())


def _shifted(loaded: LoadedModel, ids: tuple[int, ...]) -> tuple[Encoded, Encoded]:
    """What is read and what is asked for: the start token moves everything one place on."""
    from models.recording import decoder

    with loaded.lock:
        reads = tokens.spell_ids(loaded.tokenizer, (decoder.start(loaded), *ids[:-1]))
        return reads, tokens.spell_ids(loaded.tokenizer, ids)


def _logits(
    loaded: LoadedModel, inputs: dict[str, Any], reads: tuple[int, ...], *, masked: bool = True
) -> Floats:
    """(position, vocabulary) of one pass. masked: causally; else no position is kept from any."""
    found = as_double(record.forward(loaded, inputs, **_options(reads, masked)).logits[0])
    return record.finite(loaded, found)


def _options(reads: tuple[int, ...], masked: bool) -> dict[str, Any]:
    import torch

    options: dict[str, Any] = {"decoder_input_ids": record.batch(reads), "use_cache": False}
    if not masked:
        nothing = torch.zeros(1, 1, len(reads), len(reads), dtype=torch.float64)
        options["decoder_attention_mask"] = nothing
    return options


def _sees(
    loaded: LoadedModel, inputs: dict[str, Any], reads: tuple[int, ...], *, masked: bool = True
) -> tuple[int, ...]:
    """(position,) how many the recorded mask of such a pass leaves to each, in every layer.

    ValueError: what it leaves is not the first so many, or not the same in all layers.
    """
    from models.recording import capture

    found = capture.run(loaded.model, {**inputs, **_options(reads, masked)})
    shape, seen = (len(reads), len(reads)), set[tuple[int, ...]]()
    for block in record.blocks_of(loaded, found.calls):
        if block.kind != "decoder":
            continue
        mask = np.zeros(shape) if block.mask is None else np.broadcast_to(block.mask, (1, *shape))
        left = ~np.isneginf(mask.reshape(shape))
        if not np.array_equal(left, np.arange(len(reads)) < left.sum(1, keepdims=True)):
            raise ValueError("a mask that leaves others than the first positions")
        seen.add(tuple(left.sum(1).tolist()))
    (one,) = seen
    return one


def _one_by_one(loaded: LoadedModel, inputs: dict[str, Any], reads: tuple[int, ...]) -> Floats:
    """(position, vocabulary) of one token a pass, earlier keys and values kept."""
    from models.recording import decoder

    step_by_step = decoder.Decoder(loaded, inputs)
    return np.stack([as_double(step_by_step.read([token])[0]) for token in reads])


def _copied(loaded: LoadedModel, ahead: tuple[int, ...]) -> Floats:
    """(position, vocabulary): scores of outputs that are nothing but the next token's embedding."""
    import torch

    net = loaded.model
    part = net.model.decoder
    with torch.inference_mode():
        vectors = float(part.embed_scale) * part.embed_tokens.weight[list(ahead)]
        return as_double(net.lm_head(vectors) + net.final_logits_bias[0])


def _losses(logits: Floats, ids: tuple[int, ...]) -> Floats:
    """(position, vocabulary), a target each → (position,): −ln p of it."""
    z = logits.astype(np.float64)
    top = z.max(axis=1, keepdims=True)
    whole = np.log(np.exp(z - top).sum(axis=1)) + top[:, 0]
    return read_only(whole - z[np.arange(len(ids)), list(ids)])


def _oracle(loaded: LoadedModel, inputs: dict[str, Any], ids: tuple[int, ...]) -> float:
    """transformers' own training loss: it shifts the targets itself and asks torch's
    cross_entropy."""
    return float(record.forward(loaded, inputs, labels=record.batch(ids)).loss)
