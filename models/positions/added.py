"""Why positions are added: (x + p)·W = x·W + p·W, in the first layer's queries of a loaded model.

Where a layer norm stands between the sum and W_Q (Ba et al. 2016), it subtracts a mean, which is a
sum's too, and divides both parts by the same σ: what enters W_Q still is one part of the token and
one of the position. Joining, [x; p]·[W; W′] = x·W + p·W′, is the same sum with a matrix of its own
for p. Imports no torch by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.catalog import soundless
from models.core.arrays import Difference, difference
from models.core.loaded import LoadedModel
from models.core.surroundings import Projection
from models.core.text_record import TextRecord
from models.core.tokens import Encoded
from models.errors import NotSummed
from models.positions.learned import first_row, tables
from models.record import as_numpy, finite, inputs_of, record
from models.trace import Floats, read_only

_SEGMENTS = "token_type_embeddings"
_IN_A_LAYER = re.compile(r"\.\d+\.")


@dataclass(frozen=True, slots=True)
class Cost:
    """Weights as the model has them. first: of layer 0's W_Q, W_K and W_V; layers: of all matrices
    of all layers, each of which has one side on the residual path.

    Joined, every one of these has twice as many: its side on the path is twice as wide.
    """

    first: int
    layers: int


@dataclass(frozen=True, slots=True, eq=False)
class AddedPositions(TextRecord):
    """What the first layer's queries are of token and of position.

    token, position: (token, width) the two vectors that the model adds, a segment's row among the
    token's. token_in, position_in: (token, width) the parts of what enters W_Q; shift: (width,)
    what the norm adds to their sum, zeros without one; deviations: (token,) the σ by which it
    divided both, None: there is no norm. w_q: width → heads·d; queries: (token, heads·d) the
    model's own.
    """

    model_id: str
    text: str
    source: Encoded
    token: Floats
    position: Floats
    token_in: Floats
    position_in: Floats
    shift: Floats
    deviations: Floats | None
    w_q: Projection
    queries: Floats
    heads: int
    cost: Cost

    @property
    def width(self) -> int:
        """d, of x and of p."""
        return int(self.token.shape[1])

    @property
    def constant(self) -> Floats:
        """(heads·d,): what every query has besides: the norm's shift through W_Q, W_Q's bias."""
        return np.asarray(self.w_q(self.shift.astype(np.float64)))

    @property
    def parts(self) -> tuple[Floats, Floats]:
        """(token, heads·d) twice, in float64: x·W_Q and p·W_Q."""
        weight = self.w_q.weight.astype(np.float64)
        return self.token_in @ weight, self.position_in @ weight

    @property
    def shares(self) -> Floats:
        """(head,): |p·W|² as a share of |x·W|² + |p·W|², over all tokens."""
        sizes = [(part**2).reshape(len(part), self.heads, -1).sum((0, 2)) for part in self.parts]
        total = sizes[0] + sizes[1]
        return np.asarray(np.divide(sizes[1], total, out=np.zeros(self.heads), where=total > 0))

    @property
    def at_once(self) -> Floats:
        """(token, heads·d), in float64: (x + p)·W_Q with all that is added to it."""
        return np.asarray(self.w_q(self.token_in + self.position_in + self.shift))

    @property
    def joined(self) -> Floats:
        """(token, heads·d), in float64: [x; p]·[W_Q; W_Q], in one product of 2·width terms."""
        both = np.concatenate((self.token_in, self.position_in), axis=1)
        stacked = np.concatenate((self.w_q.weight, self.w_q.weight)).astype(np.float64)
        return np.asarray(both @ stacked + self.constant)

    def columns(self, head: int) -> slice:
        """A head's columns of W_Q. IndexError: no such head."""
        if not 0 <= head < self.heads:
            raise IndexError(f"head {head} is not in 0..{self.heads - 1}")
        d = self.queries.shape[1] // self.heads
        return slice(head * d, (head + 1) * d)

    def difference(self) -> Difference:
        """x·W_Q + p·W_Q + what is added to every query, to the model's own queries."""
        token, position = self.parts
        return difference(token + position + self.constant, self.queries)

    def difference_at_once(self) -> Difference:
        """(x + p)·W_Q to the model's own queries."""
        return difference(self.at_once, self.queries)

    def difference_joined(self) -> Difference:
        """[x; p]·[W_Q; W_Q] to the model's own queries."""
        return difference(self.joined, self.queries)


def added(model: LoadedModel | str, text: str, *, cut: bool = False) -> AddedPositions:
    """The text's first layer of queries, in parts; of an encoder-decoder the encoder's.

    Raises errors.NoPositions, FixedPositions, NotSummed (what enters W_Q is not token + position),
    BrokenNumbers, and what models.record.record and load raise.
    """
    from models.recording import layer_calls

    loaded = soundless(model)
    table = next(iter(tables(loaded).values()))
    trace = record(loaded, text, cut=cut, surroundings=True)
    block = trace.layers(trace.kinds[0])[0]
    around = block.surroundings
    if around is None or not around.recorded("q") or "q" in around.latent:
        raise _unknown(loaded)
    encoded = loaded.encode(text, cut=cut)
    watched = _watched(loaded, table)
    stack = loaded.model.get_encoder() if loaded.is_encoder_decoder else loaded.model
    _, calls = layer_calls.forward(stack, inputs_of(loaded, encoded), watched)
    x = around.x.astype(np.float64)
    entering, norm = _before_norm(watched, calls, x)
    token, position = _summands(loaded, table, calls, entering)
    shift, deviations, entered = np.zeros(x.shape[1]), None, (token, position)
    if norm is not None:
        deviations = np.sqrt(entering.var(axis=1) + norm.eps)
        entered = _scaled(token, norm, deviations), _scaled(position, norm, deviations)
        shift = as_numpy(norm.bias).astype(np.float64) if norm.bias is not None else shift
    return AddedPositions(
        model_id=loaded.card.id,
        text=text,
        source=encoded,
        token=read_only(token),
        position=read_only(position),
        token_in=read_only(entered[0]),
        position_in=read_only(entered[1]),
        shift=read_only(shift),
        deviations=deviations,
        w_q=around.w_q,
        queries=finite(loaded, around.q_before),
        heads=block.heads,
        cost=_cost(loaded, around.w_q, around.w_k, around.w_v),
    )


def _unknown(loaded: LoadedModel) -> NotSummed:
    said = f"{loaded.card.id}: layer 0 does not read token + position"
    return NotSummed(said, model=loaded.card.title)


def _watched(loaded: LoadedModel, table: Any) -> dict[str, Any]:
    """The tables that are added up, and every layer norm under its path."""
    import torch

    modules = dict(loaded.model.named_modules())
    stack = loaded.model.get_encoder() if loaded.is_encoder_decoder else loaded.model
    layers = {path: one for path, one in modules.items() if isinstance(one, torch.nn.LayerNorm)}
    layers |= {"position": table, "token": stack.get_input_embeddings()}
    segments = [one for path, one in modules.items() if path.endswith(_SEGMENTS)]
    if segments:
        layers["segment"] = segments[0]
    kinds = torch.nn.Embedding | torch.nn.LayerNorm
    return {path: one for path, one in layers.items() if isinstance(one, kinds)}


def _before_norm(
    watched: Mapping[str, Any], calls: Mapping[str, Any], x: Floats
) -> tuple[Floats, Any]:
    """(token, width) what became W_Q's input, and the norm that made it so; None: there is none."""
    for path, call in calls.items():
        if path in ("token", "position", "segment"):
            continue
        gave = as_numpy(call.gave)[0]
        if gave.shape == x.shape and np.array_equal(gave, x):
            return as_numpy(call.given)[0].astype(np.float64), watched[path]
    return x, None


def _summands(
    loaded: LoadedModel, table: Any, calls: Mapping[str, Any], entering: Floats
) -> tuple[Floats, Floats]:
    """(token, width) twice: token with its segment, and position, whose sum is what entered."""
    n = len(entering)
    if "token" not in calls:
        raise _unknown(loaded)
    if "position" in calls:
        position = _rows(as_numpy(calls["position"].gave), n)
    else:  # a table that is read without being called
        position = as_numpy(table.weight)[first_row(table) :][:n].astype(np.float64)
    token = _rows(as_numpy(calls["token"].gave), n)
    if token.shape != entering.shape or position.shape != entering.shape:
        raise _unknown(loaded)
    token = token * _factor(token, entering - position)  # Marian's words are √d times as long
    if "segment" in calls:
        token = token + _rows(as_numpy(calls["segment"].gave), n)
    if not difference(token + position, entering).rounding:
        raise _unknown(loaded)
    return token, position


def _rows(gave: Floats, n: int) -> Floats:
    """(1 or nothing, token or 1, d) → (token, d), in float64."""
    part = gave[0] if gave.ndim == 3 else gave
    return np.broadcast_to(part[:n], (n, part.shape[-1])).astype(np.float64)


def _factor(token: Floats, rest: Floats) -> float:
    """√d where the model stretches its words so (Vaswani et al. 2017, section 3.4), else 1."""
    stretched = float(np.sqrt(token.shape[1]))
    return stretched if difference(token * stretched, rest).rounding else 1.0


def _scaled(part: Floats, norm: Any, deviations: Floats) -> Floats:
    """(token, width) → the same: a part less its mean, by the sum's σ, times the norm's scale."""
    centred = part - part.mean(axis=1, keepdims=True)
    return np.asarray(centred / deviations[:, None] * as_numpy(norm.weight).astype(np.float64))


def _cost(loaded: LoadedModel, *first: Projection) -> Cost:
    parameters = loaded.model.named_parameters()
    layers = [one for path, one in parameters if one.ndim == 2 and _IN_A_LAYER.search(path)]
    count = sum(int(one.numel()) for one in layers)
    return Cost(first=sum(part.weight.size for part in first), layers=count)
