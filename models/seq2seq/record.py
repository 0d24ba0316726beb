"""A text through a recurrent encoder-decoder, step by step → Seq2SeqTrace.

GRU (Cho et al. 2014, in torch's form, whose reset gate comes after the product with U_n):
    r, z = σ(W·x_t + b + U·h_{t−1} + b'),  n = tanh(W_n·x_t + b_n + r ⊙ (U_n·h_{t−1} + b'_n))
    h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}
Attention and what follows it: as models/architectures/seq2seq_model.py writes it. All is
computed here from the weights and held against the model's own result: Seq2SeqTrace.fidelity.
Imports no torch by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from models.catalog import showing
from models.core import tokens
from models.core.attention import softmax
from models.core.cell import sigmoid
from models.core.loaded import LoadedModel
from models.core.tokens import Encoded
from models.errors import NotCapturable
from models.record import MAX_WRITTEN, as_numpy, finite, projection
from models.recording.vocabulary import spellings
from models.seq2seq.trace import AdditiveAttention, ModelNumbers, Seq2SeqTrace
from models.trace import Floats, read_only


def translate(
    model: LoadedModel | str,
    text: str,
    *,
    target: str | None = None,
    cut: bool = False,
    max_steps: int = MAX_WRITTEN,
) -> Seq2SeqTrace:
    """The text's pass through a recurrent encoder-decoder.

    target: what the decoder is made to read, word by word (teacher forcing); without one (a
    blank one is none) it reads its own likeliest words (greedy), until the end token or for
    max_steps steps. cut: read only the beginning of a long text. Raises errors.NotCapturable,
    BrokenNumbers, ValueError (max_steps below 1), and what LoadedModel.encode and load raise.
    """
    from models.loading.checkpoint import in_double

    if max_steps < 1:
        raise ValueError(f"max_steps {max_steps} is not 1 or more")
    loaded = showing(model, "seq2seq", NotCapturable, "is no recurrent encoder-decoder")
    source = loaded.encode(text, cut=cut)
    given = None
    if target is not None and not tokens.is_blank(target):
        given = loaded.encode(target, cut=cut, as_target=True)
    written = _greedy(loaded.model, source.ids, max_steps) if given is None else given.ids
    inputs = (int(loaded.model.config.decoder_start_token_id), *written[:-1])
    own = _of_modules(in_double(loaded).model, source.ids, inputs)
    finite(loaded, own.logits)
    likeliest = written if given is None else own.logits.argmax(-1).tolist()
    said = tokens.clean(text[: tokens.MAX_CHARACTERS])
    kept = None if given is None else target
    return _trace(loaded, source, given, (inputs, likeliest), own, text=said, target=kept)


def _trace(
    loaded: LoadedModel,
    source: Encoded,
    given: Encoded | None,
    steps: tuple[tuple[int, ...], Sequence[int]],
    own: ModelNumbers,
    **said: Any,
) -> Seq2SeqTrace:
    """steps: what the decoder reads, and the likeliest word after it."""
    with loaded.lock:
        read, predicted = (tokens.spell_ids(loaded.tokenizer, ids) for ids in steps)
    return Seq2SeqTrace(
        model_id=loaded.card.id,
        source=source,
        inputs=read,
        predicted=predicted,
        expected=given,
        vocabulary=spellings(loaded),
        own=own,
        **_numbers(loaded.model, source.ids, steps[0]),
        **said,
    )


def _numbers(net: Any, source: tuple[int, ...], inputs: tuple[int, ...]) -> dict[str, Any]:
    """All arrays of a Seq2SeqTrace, computed in double precision, and their weights."""
    vectors = as_numpy(net.embedding.weight).astype(np.float64)
    units = net.encoder.hidden_size
    bridge, combine, head = (projection(part) for part in (net.bridge, net.combine, net.lm_head))
    encoder = _both_ways(net.encoder, vectors[list(source)])
    last = np.concatenate((encoder[-1, :units], encoder[0, units:]))
    first = np.tanh(bridge(last))
    h = _gru(net.decoder, "l0", vectors[list(inputs)], first)
    attention = _attention(net, h, encoder) if net.config.attention else None
    context = np.tile(last, (len(h), 1)) if attention is None else attention.context
    z = np.tanh(combine(np.concatenate((h, context), axis=1)))
    made = {"encoder": encoder, "first": first, "h": h, "z": z, "logits": head(z)}
    parts = {"bridge": bridge, "combine": combine, "head": head, "attention": attention}
    return {name: _single(array) for name, array in made.items()} | parts | {"backward": units}


def _greedy(net: Any, source: tuple[int, ...], most: int) -> tuple[int, ...]:
    """The likeliest word at every step, until the end token (which is one of them)."""
    import torch

    with torch.inference_mode():
        ids = torch.tensor([source])
        mask = torch.ones_like(ids)
        told, h = net.encode(ids, mask)
        word = net.config.decoder_start_token_id
        written: list[int] = []
        while len(written) < most:
            logits, h = net.decode(torch.tensor([[word]]), h, told, mask)
            word = int(logits[0, -1].argmax())
            written.append(word)
            if word == net.config.eos_token_id:
                break
    return tuple(written)


def _of_modules(net: Any, source: tuple[int, ...], inputs: tuple[int, ...]) -> ModelNumbers:
    """What the model's own modules make of that source and those decoder inputs."""
    import torch

    with torch.inference_mode():
        ids, read = torch.tensor([source]), torch.tensor([inputs])
        mask = torch.ones_like(ids)
        states, _ = net.read(ids, mask)
        h = net.decoder(net.embedding(read), net.encode(ids, mask)[1][None])[0]
        found = net.attend(h, states, mask) if net.config.attention else ()
        logits = net(input_ids=ids, decoder_input_ids=read).logits
    return ModelNumbers(*(as_numpy(part[0]) for part in (states, h, logits, *found)))


def _attention(net: Any, h: Floats, encoder: Floats) -> AdditiveAttention:
    """(step, units), (source, 2·units) → every step's scores, weights and context."""
    w, u = projection(net.query), projection(net.key)
    v = as_numpy(net.score.weight)[0]
    query, key = w(h), u(encoder)
    scores = np.tanh(query[:, None] + key[None]) @ v
    weights = softmax(scores)
    made = (query, key, scores, weights, weights @ encoder)
    return AdditiveAttention(w, u, v, *(_single(array) for array in made))


def _single(array: Floats) -> Floats:
    """As a record keeps it."""
    return read_only(array.astype(np.float32))


def _both_ways(module: Any, x: Floats) -> Floats:
    """x: (step, in) → (step, 2·units): forward units, then those that read back."""
    start = np.zeros(module.hidden_size, x.dtype)
    forward = _gru(module, "l0", x, start)
    backward = _gru(module, "l0_reverse", x[::-1], start)[::-1]
    return np.concatenate((forward, backward), axis=1)


def _gru(module: Any, suffix: str, x: Floats, before: Floats) -> Floats:
    """x: (step, in), the state before (units,) → the states (step, units) of one direction."""
    w, u, b_x, b_h = (
        as_numpy(getattr(module, f"{name}_{suffix}"))
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    )
    from_input = x @ w.T + b_x  # of all steps at once
    h = np.empty((len(x), len(before)), x.dtype)
    for t in range(len(x)):
        own, past = from_input[t].reshape(3, -1), (u @ before + b_h).reshape(3, -1)
        r, z = sigmoid(own[:2] + past[:2])  # torch's order: r, z, n
        n = np.tanh(own[2] + r * past[2])
        h[t] = before = (1 - z) * n + z * before
    return h
