"""A beam search as a tree: every continuation that was weighed and what became of it. Frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["alive", "finished", "pruned"]


@dataclass(frozen=True, slots=True)
class Node:
    """One continuation. token, piece: of the vocabulary; depth: how many tokens it makes, from 1.

    log_probability: ln p of this token behind its parent; total: the sum from the first token on;
    score: total / depth^penalty. parent: the place of the node that it continues, None: the start.
    state: alive: read on at the next step; finished: it ends the sentence and counts; pruned:
    weighed and dropped.
    """

    token: int
    piece: str
    log_probability: float
    total: float
    score: float
    depth: int
    parent: int | None
    state: State


def path(nodes: Sequence[Node], node: int) -> tuple[int, ...]:
    """The nodes from the first word to this one."""
    found = [node]
    while (parent := nodes[found[-1]].parent) is not None:
        found.append(parent)
    return tuple(reversed(found))


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A finished sentence: its last node, its tokens with the end token, its score."""

    node: int
    ids: tuple[int, ...]
    score: float


@dataclass(frozen=True, slots=True)
class BeamSearch:
    """A whole search. nodes: step by step, at each step the best first; parents before children.

    finished: at most `width` sentences, the best first. penalty: the length's power.
    """

    width: int
    penalty: float
    nodes: tuple[Node, ...]
    finished: tuple[Hypothesis, ...]

    @property
    def best(self) -> Hypothesis:
        """What is handed out."""
        return self.finished[0]

    @property
    def depth(self) -> int:
        """Steps of the search."""
        return max(node.depth for node in self.nodes)

    def path(self, node: int) -> tuple[int, ...]:
        """The nodes from the first word to this one. IndexError: no such node."""
        if not 0 <= node < len(self.nodes):
            raise IndexError(f"node {node} is not in 0..{len(self.nodes) - 1}")
        return path(self.nodes, node)

    def words(self, node: int) -> str:
        """The pieces on that path, in one line."""
        return " ".join(self.nodes[i].piece for i in self.path(node))

    def at(self, depth: int) -> tuple[int, ...]:
        """The nodes weighed at one step, the best first."""
        return tuple(i for i, node in enumerate(self.nodes) if node.depth == depth)
