"""How much each earlier word still moves the last state: three networks on one text.

RNN, LSTM and attention are the memory models of models.training.memory. The gradient is the
Jacobian of the last state (the RNN's and LSTM's h_n; attention's last row before the final norm)
with respect to each word's vector; its size is its 2-norm. torch.autograd computes it in float64,
on a copy of each model: in float32 the RNN's is 0 after about a hundred steps.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from models.catalog import CATALOG, card_folder, load
from models.core import tokens
from models.core.arrays import Difference, difference, largest
from models.core.cell import CellWeights, lstm
from models.core.text_record import OfTokens
from models.core.tokens import Encoded
from models.errors import OutOfRange, TextTooLong
from models.memory.jacobian_paths import CellRun, LookRun, TanhRun
from models.trace import Floats, read_only

NETWORKS = {"rnn": "memory-rnn", "lstm": "memory-lstm", "attention": "memory-attention"}
SEEDS = 3
SYMBOLS, QUESTION = "ABCDEFGH", "?"
MOST = 256  # tokens: a Jacobian a word; attention's weights grow with the square
_ROWS = 16  # of the state, at once: attention keeps n² numbers for each


@dataclass(frozen=True, slots=True, eq=False)
class Gradients(OfTokens):
    """A text through the three networks of one seed, and back again.

    norms: network → (n,) ‖∂s_n/∂x_t‖ by place in the text, float64; answers: network → the
    symbol that it names at the end; difference: the last states in float64 to the models' own in
    float32.
    """

    source: Encoded
    text: str
    seed: int
    norms: Mapping[str, Floats]
    answers: Mapping[str, str]
    rnn: TanhRun
    lstm: CellRun
    attention: LookRun
    bias: Floats
    inputs: Floats
    difference: Difference

    @property
    def key(self) -> tuple[object, ...]:
        """Everything that it was made from."""
        return (self.text, self.seed, self.cut)

    @property
    def asked(self) -> bool:
        """The text is the task itself: symbols, and one question at the end."""
        *symbols, last = self.tokens
        return last == QUESTION and bool(symbols) and set(symbols) <= set(SYMBOLS)


def drawn(distractors: int, draw: int = 0) -> str:
    """A symbol, so many distractors, the question: the same for the same two numbers."""
    source = random.Random(f"{distractors} {draw}")
    return "".join(source.choices(SYMBOLS, k=distractors + 1)) + QUESTION


def gradients(text: str, seed: int = 0, *, cut: bool = False) -> Gradients:
    """The text's gradients. cut: read only the beginning of a long text.

    Raises errors.OutOfRange (no such seed), and what LoadedModel.encode raises.
    """
    import torch

    if not 0 <= seed < SEEDS:
        raise OutOfRange(f"seed {seed}", name="seed", value=seed, last=SEEDS - 1)
    encoded = load(NETWORKS["rnn"]).encode(text, cut=cut)
    length = len(encoded.ids)
    if length > MOST and not cut:
        raise TextTooLong(f"{length} tokens, at most {MOST}", length=length, limit=MOST)
    source = encoded.first(MOST)
    ids = torch.tensor([source.ids])
    found = {name: _back(name, seed, ids) for name in NETWORKS}
    rnn, bias, inputs = _rnn(seed, ids)
    return Gradients(
        source=source,
        text=tokens.clean(text[: tokens.MAX_CHARACTERS]),
        seed=seed,
        norms={name: norms for name, (norms, _, _) in found.items()},
        answers={name: answer for name, (_, answer, _) in found.items()},
        rnn=rnn,
        lstm=_lstm(seed, ids),
        attention=_attention(seed, ids),
        bias=bias,
        inputs=inputs,
        difference=largest(apart for _, _, apart in found.values()),
    )


@cache
def _model(name: str, seed: int, exact: bool = True) -> Any:
    """One seed's network; exact: in float64. Never changed afterwards."""
    from safetensors.torch import load_file

    loaded = load(NETWORKS[name])
    folder = card_folder(CATALOG[NETWORKS[name]])
    file = f"seed-{seed}.safetensors" if seed else "model.safetensors"
    model = type(loaded.model)(loaded.model.config)
    model.load_state_dict(load_file(folder / file))
    model.requires_grad_(False)
    return (model.double() if exact else model).eval()


def network(name: str, seed: int) -> Any:
    """One of NETWORKS as a torch module in float64; never to be changed."""
    return _model(name, seed)


def _exact(tensor: Any) -> Floats:
    """torch → numpy in float64, read-only: the one border of this file."""
    return read_only(tensor.detach().double().numpy())


def _back(name: str, seed: int, ids: Any) -> tuple[Floats, str, Difference]:
    """(norms, answer, difference) of one network: see Gradients."""
    import torch

    model, own = _model(name, seed), _model(name, seed, exact=False)
    words = model.get_input_embeddings()(ids)
    with torch.inference_mode():
        exact = model.states(words)[0, -1]
        shown = own.states(own.get_input_embeddings()(ids))[0, -1]
        answer = int(own(input_ids=ids).logits[0, -1].argmax())
    norms = np.linalg.norm(jacobians(model, words), 2, axis=(1, 2))
    names = load(NETWORKS[name]).tokenizer.convert_ids_to_tokens([answer])
    return read_only(norms), str(names[0]), difference(exact.numpy(), shown.numpy())


def jacobians(model: Any, words: Any) -> Floats:
    """(n, unit, in) ∂s_n/∂x_t of a network. words: (1, n, in), a tensor.

    A copy of the text for each row of the state: one pass back gives all of them.
    """
    import torch

    with torch.inference_mode():
        units = model.states(words).shape[-1]
    parts = []
    for start in range(0, units, _ROWS):
        rows = torch.arange(start, min(start + _ROWS, units))
        copies = words.repeat(len(rows), 1, 1).requires_grad_()
        last = model.states(copies)[torch.arange(len(rows)), -1, rows]
        parts.append(torch.autograd.grad(last.sum(), copies)[0])
    return _exact(torch.cat(parts).transpose(0, 1))


def _cell(module: Any) -> CellWeights:
    """torch keeps two biases that are only added."""
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    w, u, b_x, b_h = (_exact(getattr(module, f"{name}_l0")) for name in names)
    return CellWeights(w, u, b_x + b_h)


def _rnn(seed: int, ids: Any) -> tuple[TanhRun, Floats, Floats]:
    """The run, the bias (unit,), the words' vectors (n, in)."""
    model = _model("rnn", seed)
    words = model.get_input_embeddings()(ids)
    cell = _cell(model.recurrent)
    return TanhRun(_exact(model.states(words)[0]), cell.w, cell.u), cell.b, _exact(words[0])


def _lstm(seed: int, ids: Any) -> CellRun:
    model = _model("lstm", seed)
    x = _exact(model.get_input_embeddings()(ids)[0])
    cell = _cell(model.recurrent)
    found = lstm(cell, x, np.ones(cell.units))
    return CellRun(**{name: read_only(found[name]) for name in ("i", "f", "g", "o", "c")}, w=cell.w)


def _attention(seed: int, ids: Any) -> LookRun:
    model = _model("attention", seed)
    layer = model.layers[0]
    words = model.get_input_embeddings()(ids)
    x = _exact((words + model._positions(ids.shape[1]))[0])
    centred = x - x.mean(axis=1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=1) + layer.norm.eps)
    attention = layer.attention
    q, k, v = (
        _exact(part.weight.unflatten(0, (-1, attention.d)))
        for part in (attention.q_proj, attention.k_proj, attention.v_proj)
    )
    o = _exact(attention.o_proj.weight.unflatten(1, (-1, attention.d)).transpose(0, 1))
    gamma, beta = _exact(layer.norm.weight), _exact(layer.norm.bias)
    return LookRun(centred / spread[:, None], spread, gamma, beta, q, k, v, o)
