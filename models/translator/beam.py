"""Beam search, with every continuation that it weighs and what becomes of it → BeamSearch.

The rules are those of transformers' own beam search, so that the best sentence is the one that
`generate` hands out: of all continuations of the k sentences that are alive the 2k with the largest
sum of ln p are weighed; those of the first k that end are finished, the best k others go on. A
finished sentence counts by its sum divided by length^penalty, the end token counted.
Imports no torch by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from models.core.loaded import LoadedModel
from models.recording.vocabulary import spellings
from models.translator.beam_trace import BeamSearch, Hypothesis, Node, State, path

_NONE = -1e9  # the sum of a beam that is not there


def own_penalty(loaded: LoadedModel) -> float:
    """The power of the length that the model's own configuration asks for; 1 where it is silent."""
    settings = getattr(loaded.model, "generation_config", None)  # what writes nothing has none
    penalty = getattr(settings, "length_penalty", None)
    return 1.0 if penalty is None else float(penalty)


def searched(
    loaded: LoadedModel,
    inputs: Mapping[str, Any],
    width: int,
    limit: int,
    penalty: float | None = None,
) -> BeamSearch:
    """The search of one text. inputs: name → (1, token). ValueError: width below 1.

    penalty: the power of the length that a finished sentence's sum is divided by, transformers'
    length_penalty; None: the model's own.
    """
    if width < 1:
        raise ValueError(f"a beam of {width}: 1 or more")
    power = own_penalty(loaded) if penalty is None else penalty
    return _Search(loaded, inputs, width, limit, power).run()


class _Search:
    """The search while it goes on. alive: (node or None for the start, total) of each beam."""

    def __init__(
        self,
        loaded: LoadedModel,
        inputs: Mapping[str, Any],
        width: int,
        limit: int,
        penalty: float,
    ) -> None:
        from models.recording import decoder

        settings = loaded.model.generation_config
        self.loaded, self.width, self.settings = loaded, width, settings
        self.penalty = penalty
        self.early = settings.early_stopping or False
        self.longest = decoder.room(loaded, limit)
        self.decoder = decoder.Decoder(loaded, inputs, width)
        self.ends, self.words = decoder.ends(loaded), spellings(loaded)
        self.nodes: list[Node] = []
        self.alive: list[tuple[int | None, float]] = [(None, 0.0)]
        self.alive += [(None, _NONE)] * (width - 1)
        self.finished: list[tuple[float, int]] = []

    def run(self) -> BeamSearch:
        """Until nothing can become better, or everything has ended."""
        from models.recording import decoder

        read = [decoder.start(self.loaded)] * self.width
        for depth in range(1, self.longest + 1):
            weighed = self._weighed(self.decoder.read(read), first=depth == 1)
            beams = self._sorted_out(weighed, depth)
            if depth == self.longest or not self._can_improve(depth):
                break
            self.decoder.go_on_from(beams)
            read = [0 if node is None else self.nodes[node].token for node, _ in self.alive]
        sentences = tuple(self._hypothesis(node, score) for score, node in self.finished)
        return BeamSearch(self.width, self.penalty, self._settled(depth), sentences)

    def _weighed(self, logits: Any, *, first: bool) -> list[tuple[int, int, float, float]]:
        """(beam, vocabulary) logits → (beam, token, ln p, total) of the best 2k, the best first."""
        import torch

        from models.recording import decoder

        shares = decoder.allowed(torch.log_softmax(logits.float(), dim=-1), self.settings)
        if first and self.settings.forced_bos_token_id is not None:
            forced = torch.full_like(shares, -torch.inf)
            forced[:, self.settings.forced_bos_token_id] = 0
            shares = forced
        totals = shares + torch.tensor([total for _, total in self.alive])[:, None]
        values, places = totals.flatten().topk(max(2, 1 + len(self.ends)) * self.width)
        vocabulary = shares.shape[1]
        return [
            (at // vocabulary, at % vocabulary, float(shares.flatten()[at]), total)
            for at, total in zip(places.tolist(), values.tolist(), strict=True)
        ]

    def _sorted_out(self, weighed: list[tuple[int, int, float, float]], depth: int) -> list[int]:
        """What becomes of each continuation; the beams that the ones alive go on from."""
        going: list[tuple[int, int, float]] = []  # beam, node, total
        for rank, (beam, token, share, total) in enumerate(weighed):
            ended = token in self.ends or depth == self.longest
            state: State = "pruned"
            if ended and rank < self.width:
                state = "finished"
            elif not ended and len(going) < self.width:
                state = "alive"
            if total <= _NONE / 2:  # of a beam that is not there
                continue
            score = total / depth**self.penalty
            parent = self.alive[beam][0]
            node = Node(token, self.words[token], share, total, score, depth, parent, state)
            self.nodes.append(node)
            if state == "finished":
                self._finish(score, len(self.nodes) - 1)
            elif state == "alive":
                going.append((beam, len(self.nodes) - 1, total))
        missing = [(0, None, _NONE)] * (self.width - len(going))
        self.alive = [(node, total) for _, node, total in [*going, *missing]]
        return [beam for beam, _, _ in [*going, *missing]]

    def _finish(self, score: float, node: int) -> None:
        """Among the k best finished ones, if it is one of them."""
        if self.early is True and len(self.finished) == self.width:
            return
        self.finished = sorted([*self.finished, (score, node)], key=lambda one: -one[0])
        self.finished = self.finished[: self.width]

    def _can_improve(self, depth: int) -> bool:
        """Whether the best sentence alive may still beat the worst of k finished ones."""
        if len(self.finished) < self.width:
            return True
        if self.early is True:
            return False
        longest = self.longest if self.early == "never" and self.penalty > 0 else depth
        return bool(self.alive[0][1] / longest**self.penalty > self.finished[-1][0])

    def _settled(self, last: int) -> tuple[Node, ...]:
        """All nodes; where the search ends nothing is read on."""
        return tuple(
            replace(node, state="pruned") if (node.depth, node.state) == (last, "alive") else node
            for node in self.nodes
        )

    def _hypothesis(self, node: int, score: float) -> Hypothesis:
        return Hypothesis(node, tuple(self.nodes[i].token for i in path(self.nodes, node)), score)
