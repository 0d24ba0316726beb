r"""One step of a subword tokenizer as LaTeX: what is in the vocabulary, which pair ranks lowest."""

from __future__ import annotations

from models.words.pieces import UNKNOWN, Match, Merge, Step
from viz.formula.layout import bold, stacked
from viz.formula.writer import Writer

MOST = 6  # rows, the one that is taken not counted
_LONGEST = 24


def step(found: Step, w: Writer) -> tuple[str, str]:
    """The rule in general, then the step's own prefixes or ranks."""
    return _merge(found, w) if isinstance(found, Merge) else _match(found, w)


def _match(found: Match, w: Writer) -> tuple[str, str]:
    general = r"\max \{\, n : w_1 \dots w_n \in V \,\}"
    rows = [rf"&{w.text(one, longest=_LONGEST)} \notin V" for one in found.rejected]
    if len(rows) > MOST:
        rows = [*rows[: MOST - 2], r"&\;\vdots", rows[-1]]
    if found.taken is None:
        rows.append(rf"&\to {w.text(UNKNOWN, 'k')}")
    else:
        rows.append(rf"&{bold(w.text(found.taken, 'k', _LONGEST))} \in V")
    return general, stacked(*rows)


def _merge(found: Merge, w: Writer) -> tuple[str, str]:
    general = r"\operatorname{argmin}_i \; r(p_i, p_{i+1})"
    pairs: dict[tuple[str, str], int | None] = {}
    for at, rank in found.ranks.items():
        pairs.setdefault((found.pieces[at], found.pieces[at + 1]), rank)
    known = sorted((rank, pair) for pair, rank in pairs.items() if rank is not None)
    rows = []
    for n, (rank, pair) in enumerate(known[:MOST]):
        value = w.style.notation.tex_grouped(rank)
        rows.append(rf"&{_pair(pair, w, n == 0)} = {bold(value) if n == 0 else value}")
    without = [pair for pair, rank in pairs.items() if rank is None]
    if without and len(rows) < MOST:
        rows += [rf"&{_pair(pair, w, False)} = \infty" for pair in without[: MOST - len(rows)]]
    if len(rows) < len(pairs):
        rows.append(r"&\;\vdots")
    return general, stacked(*rows) if rows else r"\emptyset"


def _pair(pair: tuple[str, str], w: Writer, chosen: bool) -> str:
    role = "k" if chosen else None
    left, right = (w.text(piece, role, 12) for piece in pair)
    return rf"r({left}, {right})"
