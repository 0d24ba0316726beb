"""Sparse attention, computed in bands, blocks or buckets. Imports torch.

No matrix of all queries by all keys is ever there. But what such a module gives is a sum of
values. So its own code is run again, with values that are 1 in one number of one token and 0
elsewhere: what comes out is what that token's value is multiplied by. Each weight is the module's
own in this way, and no layout is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from models.errors import NotCapturable
from models.recording.score_sum import FAR

_HEADS = ("num_heads", "num_attention_heads", "n_heads")
_CLOSE = 1e-5  # of the largest number: both are the same code on the same numbers
# Reformer's softmax is eˣ⁻ˡ with l the logarithm of the sum, and so is its sum of hash rounds.
_SOFTMAX = ("softmax", "exp")
_HIDDEN = 2.0**-20  # so many of them are still no cell that is left


@dataclass(frozen=True, slots=True)
class SparseParts:
    """A module of sparse attention, by the names of its own modules.

    values: its projections to values; output: its own projection of the heads' outputs, None:
    another module's. alike: all of its heads compute the same cells.
    """

    values: tuple[str, ...]
    output: str | None = None
    alike: bool = True


_BANDS = SparseParts(("value", "value_global"))
_BLOCKS = SparseParts(("v",), "o")
_BUCKETS = SparseParts(("value",), alike=False)
_OF_BLOCKS = SparseParts(("value",))
# Of each family the classes of such modules: bands and global tokens (Beltagy et al. 2020), blocks
# with summaries of blocks (Guo et al. 2022) or global tokens (Phang et al. 2023), buckets
# (Kitaev et al. 2020), and blocks beside global and random ones (Zaheer et al. 2020), of long texts
# alone. The other attentions of these families are recorded whole.
PARTS: Mapping[str, Mapping[str, SparseParts]] = MappingProxyType(
    {
        "longformer": {"LongformerSelfAttention": _BANDS},
        "led": {"LEDEncoderSelfAttention": _BANDS},
        "longt5": {"LongT5LocalAttention": _BLOCKS, "LongT5TransientGlobalAttention": _BLOCKS},
        "pegasus_x": {"PegasusXGlobalLocalAttention": SparseParts(("v_proj",), "out_proj")},
        "reformer": {"LSHSelfAttention": _BUCKETS, "LocalSelfAttention": _BUCKETS},
        "big_bird": {"BigBirdBlockSparseAttention": _OF_BLOCKS},
        "bigbird_pegasus": {"BigBirdPegasusBlockSparseAttention": _OF_BLOCKS},
    }
)


@dataclass(eq=False)
class CapturedWeights:
    """One call of one such module, still torch; tokens only, what was padded is left out.

    weights: (head, query, key). computed: the same, where a score was computed; hidden: where
    none was, or one that the module's mask hides. mixed, output: (head, query, dv), these weights
    times its values, and what the module itself gave. elsewhere: (head, query) what keys get that
    are no tokens of the text; None: there are none.
    """

    module: nn.Module
    weights: Tensor
    computed: Tensor
    hidden: Tensor
    mixed: Tensor
    output: Tensor
    elsewhere: Tensor | None

    @property
    def seed(self) -> int | None:
        """Of what the module draws at random; None: it draws nothing."""
        found = getattr(self.module, "hash_seed", None)
        return None if found is None else int(found)

    @property
    def shape(self) -> tuple[int, int]:
        """(queries, keys)."""
        return int(self.weights.shape[1]), int(self.weights.shape[2])

    @property
    def mask(self) -> Tensor:
        """(1, head or 1, query, key), −inf where hidden."""
        hidden = self.hidden if self.hidden.stride(0) else self.hidden[:1]
        return torch.zeros(hidden.shape).masked_fill(hidden, -torch.inf)[None]


# Of the n-th projected values (row, head·d) what is computed with in their place.
_Replaced = Callable[[int, Tensor], Tensor]


class _Instead(TorchFunctionMode):
    """A module's run, with other values where `replaced`, and with which weights: `cells`.

    cells: not what the softmax gives, but 1 at each cell, and _HIDDEN at one that a mask hides.
    known: what linear layers gave in the first run, in order: they are not asked again.
    given: the projected values (row, head·d), in order; calls: which projection's each were.
    heads: what the output projection was given last.
    """

    def __init__(
        self,
        values: list[nn.Module],
        output: nn.Module | None,
        replaced: _Replaced | None,
        known: list[Tensor],
        *,
        cells: bool,
    ) -> None:
        super().__init__()
        self._known, self._place = known, 0
        self._values = {id(one.weight): name for name, one in enumerate(values)}
        self._output = None if output is None else id(output.weight)
        self._replaced, self._cells = replaced, cells
        self.given: list[Tensor] = []
        self.calls: list[int] = []
        self.heads: Tensor | None = None

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is functional.linear:
            return self._projected(args, kwargs or {})
        result = func(*args, **(kwargs or {}))
        if self._cells and func.__name__ in _SOFTMAX:
            # Of a row that is hidden altogether it computes with all.
            left = (args[0] > FAR) | (result > 0)
            return torch.where(left, 1.0, _HIDDEN).to(result.dtype)
        return result

    def _projected(self, args: Any, kwargs: Any) -> Tensor:
        weight = id(args[1])
        if weight == self._output:  # what comes behind it is another one's
            self.heads = args[0]
            return functional.linear(*args, **kwargs)
        if self._place == len(self._known):
            self._known.append(functional.linear(*args, **kwargs))
        result = self._known[self._place].clone()  # modules divide it in place
        self._place += 1
        if weight not in self._values:
            return result
        self.given.append(result.reshape(-1, result.shape[-1]))
        self.calls.append(self._values[weight])
        if self._replaced is None:
            return result
        return self._replaced(len(self.given) - 1, self.given[-1]).reshape(result.shape)


class _Run:
    """One call of a module, to be repeated.

    output: (head, row, d), what it gave; v: (head, row, d) a projection's call; of_tokens: whether
    these are of the text's tokens.
    """

    def __init__(self, module: nn.Module, parts: SparseParts, args: Any, kwargs: Any) -> None:
        self._call, self._alike = (module, args, kwargs), parts.alike
        self._values = [getattr(module, name) for name in parts.values]
        self._output = None if parts.output is None else getattr(module, parts.output)
        self.heads = int(next(getattr(module, n) for n in _HEADS if hasattr(module, n)))
        self._linear: list[Tensor] = []
        seen = self._again(None)
        self.gave = self._given  # the module's whole answer, its projection included
        self.output, self.v = self._by_head(seen), [self.split(one) for one in seen.given]
        # A projection's first call is on the tokens, a further one on what stands for many.
        self.of_tokens = [seen.calls.index(call) == n for n, call in enumerate(seen.calls)]

    def factors(self, source: int, keys: range, *, cells: bool = False) -> Tensor:
        """(head, row, key): what these of its values are multiplied by, or which cells are there.

        cells: 1 a cell, _HIDDEN one that is hidden, 0 none.
        """
        at_once = cells and self._alike  # each head tells of other keys, and of all heads
        width = self.v[source].shape[2] * (self.heads if at_once else 1)
        found = [self.output[..., :0]]
        for start in range(keys.start, keys.stop, width):
            own = range(start, min(start + width, keys.stop))
            made = self._with(source, own, cells=cells, at_once=at_once)
            # Longformer's padded values are −1: where weights are cells, they take some _HIDDEN off
            # a row, from cells that are left or were never computed.
            found.append(made[..., : len(own)])
        return torch.cat([each.expand(self.heads, -1, -1) for each in found], -1)

    def _with(self, source: int, keys: range, *, cells: bool, at_once: bool) -> Tensor:
        """(head, row, d): the outputs where the n-th of these keys has 1 in its n-th number.

        at_once: (1, row, head·d), the n-th of all heads' numbers.
        """
        rows, width = self.v[source].shape[1:]
        ones, numbers = torch.zeros(rows, self.heads, width), list(range(len(keys)))
        if at_once:
            ones.view(rows, -1)[list(keys), numbers] = 1
        else:
            ones[list(keys), :, numbers] = 1

        def replaced(n: int, value: Tensor) -> Tensor:
            return ones.flatten(1) if n == source else torch.zeros_like(value)

        made = self._by_head(self._again(replaced, cells=cells))
        return made.transpose(0, 1).flatten(1)[None] if at_once else made

    def _again(self, replaced: _Replaced | None, *, cells: bool = False) -> _Instead:
        module, args, kwargs = self._call
        mode = _Instead(self._values, self._output, replaced, self._linear, cells=cells)
        with mode:
            answer = module.forward(*args, **kwargs)
        self._given = answer[0]
        if self._output is None:
            mode.heads = answer[0]
        return mode

    def _by_head(self, mode: _Instead) -> Tensor:
        assert mode.heads is not None
        return self.split(mode.heads.flatten(0, -2))

    def split(self, rows: Tensor) -> Tensor:
        """(row, head·d) → (head, row, d)."""
        return rows.reshape(len(rows), self.heads, rows.shape[-1] // self.heads).transpose(0, 1)


def captured(
    module: nn.Module, parts: SparseParts, args: Any, kwargs: Any, answer: Any, count: int
) -> CapturedWeights:
    """What a call's weights were; answer: what it gave; count: tokens of the text.

    NotCapturable: run again on the same it gives something else.
    """
    run = _Run(module, parts, args, kwargs)
    if not _same(run.gave, answer[0]):
        raise NotCapturable(f"{type(module).__name__} gives something else each time")
    tokens = _tokens(module, run.output.shape[1], count)
    shape = run.heads, count, count
    weights, cells = torch.zeros(shape), torch.zeros(shape)
    mixed, elsewhere = torch.zeros_like(run.output[:, : len(tokens)]), None
    kept = slice(tokens.start, tokens.stop)
    for n, (v, own) in enumerate(zip(run.v, run.of_tokens, strict=True)):
        keys = tokens if own else range(v.shape[1])
        found = run.factors(n, keys)[:, kept]
        mixed = mixed + found @ v[:, keys.start : keys.stop]
        if own:
            weights = weights + found
            cells = cells + run.factors(n, keys, cells=True)[:, kept]
        else:
            share = found.sum(-1)
            elsewhere = share if elsewhere is None else elsewhere + share
    computed, hidden = cells > _HIDDEN / 2, cells < 0.5
    # A row that is hidden as a whole is shared out evenly; any other gives such cells nothing.
    if ((weights != 0) & hidden & ~hidden.all(-1, keepdim=True)).any():
        raise NotCapturable(f"{type(module).__name__} gives weight to a hidden cell")
    output = run.output[:, kept]
    computed, hidden = _of_all_heads(computed), _of_all_heads(hidden)
    return CapturedWeights(module, weights, computed, hidden, mixed, output, elsewhere)


def _of_all_heads(cells: Tensor) -> Tensor:
    """(head, query, key), with the memory of one head where all are alike: else more than half of
    what a long text takes."""
    return cells[:1].expand_as(cells) if (cells == cells[:1]).all() else cells


def _tokens(module: nn.Module, length: int, count: int) -> range:
    """Where the text's tokens stand in a padded one: Pegasus-X pads before them, too."""
    block = int(getattr(module, "block_size", 0) or 0)
    before = block // 2 if block and length - count >= block else 0
    return range(before, before + count)


def _same(one: Tensor, other: Tensor) -> bool:
    return bool((one - other).abs().max() <= _CLOSE * other.abs().max())


def modules(model: nn.Module, family: str) -> Iterator[tuple[nn.Module, SparseParts]]:
    """Those of a model of that family that compute sparse attention."""
    known = PARTS.get(family, {})
    for module in model.modules():
        parts = known.get(type(module).__name__)
        if parts is not None:
            yield module, parts
