"""What of one head is shown: which tokens, which cell, which rows and columns are hidden."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.core.arrays import Difference, difference
from models.core.attention import unsettled_head
from models.trace import AttentionTrace, Floats, HeadSteps, Kind, WeightsBlock
from viz.board.axes import Axes, Choice, inside
from viz.board.tokens import Bools, padding_axes, special_axes, typed_axes


@dataclass(frozen=True, slots=True, eq=False)
class HeadView:
    """One head as it is shown.

    full: all tokens, steps: all steps (query, key); axes, weights, masked: what is left when
    the `hidden` keys (and the queries at the same places) are left out; `difference`:
    recomputed to the model's own in the chosen query's output, among all the head's.
    computed: (query, key) of all tokens, False where nothing ever was; absent: what is left of
    those; None: all were. elsewhere: what the chosen query gives keys that are no tokens of the
    text, None: there are none. seed: of the layer's random buckets, None: it has none.
    """

    steps: HeadSteps
    full: Axes
    axes: Axes
    weights: Floats
    masked: Bools | None
    hidden: frozenset[int]
    difference: Difference
    computed: Bools | None = None
    absent: Bools | None = None
    elsewhere: float | None = None
    seed: int | None = None

    @property
    def uncomputed(self) -> bool:
        """The chosen cell was never computed."""
        chosen = self.full.chosen
        return self.computed is not None and not self.computed[chosen.query, chosen.key]

    @property
    def weight(self) -> float:
        """The chosen cell's attention weight."""
        return float(self.steps.weights[self.full.chosen.query, self.full.chosen.key])

    @property
    def query_token(self) -> str:
        """The chosen query as it was typed."""
        return self.full.queries[self.full.chosen.query]


def head_view(
    trace: AttentionTrace,
    kind: Kind,
    layer: int,
    head: int,
    *,
    query: int | None = None,
    key: int | None = None,
    hide: bool = False,
) -> HeadView:
    """One head of a trace, ready to draw; padding is never drawn.

    IndexError: no such layer, head, query or key.
    """
    block = trace.block(kind, layer)
    steps = block.head(head)
    queries, keys = typed_axes(trace, kind)
    special = special_axes(trace, kind)
    if not hide or special[0].all() or special[1].all():
        special = padding_axes(trace, kind)
    chosen = choose(steps.weights, special_axes(trace, kind), query, key, hide=special)
    own, masked = block.output[head], np.isneginf(steps.masked)
    computed = elsewhere = seed = None
    if isinstance(block, WeightsBlock):
        computed = block.computed[head]
        masked &= computed
        computed, seed = None if computed.all() else computed, block.seed
        elsewhere = None if block.elsewhere is None else float(block.elsewhere[head, chosen.query])
    rows, columns = (np.flatnonzero(~part) for part in special)
    kept, place = np.ix_(rows, columns), (rows < chosen.query, columns < chosen.key)
    continued = trace.continued
    start = continued.start if continued is not None and continued.count else None
    since = None if start is None else (start, start)
    return HeadView(
        steps=steps,
        full=Axes(queries, keys, chosen, since=since),
        axes=Axes(
            [queries[i] for i in rows],
            [keys[j] for j in columns],
            Choice(*(int(part.sum()) for part in place)),
            rows.tolist(),
            columns.tolist(),
            None if start is None else (int((rows < start).sum()), int((columns < start).sum())),
        ),
        weights=steps.weights[kept],
        masked=masked[kept] if masked.any() else None,
        hidden=frozenset(np.flatnonzero(special[1]).tolist()),
        difference=difference(
            steps.output[chosen.query],
            own[chosen.query],
            among=own,
            least=unsettled_head(steps) if steps.whole else None,
        ),
        computed=computed,
        absent=None if computed is None else ~computed[kept],
        elsewhere=elsewhere,
        seed=seed,
    )


def choose(
    weights: Floats,
    special: tuple[Bools, Bools],
    query: int | None,
    key: int | None,
    *,
    hide: tuple[Bools, Bools],
) -> Choice:
    """The asked-for cell, or the last word that looks most decisively at another word.

    A hidden query or key cannot be chosen. IndexError: not in the matrix.
    """
    rows, columns = weights.shape
    inside(IndexError, ("query", query or 0, rows), ("key", key or 0, columns))
    worth = np.where(special[0][:, None] | special[1][None, :], weights * 1e-3, weights)
    if rows == columns:
        worth = np.where(np.eye(rows, dtype=bool), worth * 1e-3, worth)
    worth = np.where(hide[0][:, None] | hide[1][None, :], -1.0, worth)
    if query is None or hide[0][query]:
        strong = worth.max(axis=1)
        query = int(np.flatnonzero(strong >= 0.9 * strong.max())[-1])
    if key is None or hide[1][key]:
        key = int(worth[query].argmax())
    return Choice(query, key)


def other_spellings(trace: AttentionTrace) -> list[tuple[str, str]]:
    """(typed, model's own) of tokens that differ by more than capitals, each once."""
    pairs = zip(trace.typed or trace.tokens, trace.tokens, strict=True)
    differing = {
        (typed, own): None
        for typed, own in pairs
        if typed.strip() != own.lstrip("Ġ▁")
        and typed.casefold() != own.casefold()
        and typed.strip() != own
    }
    return list(differing)
