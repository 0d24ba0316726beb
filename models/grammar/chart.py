"""Parsing with one side of a synchronous grammar: every derivation of a sentence.

Top-down with a memo on (symbol, span), so each part is analysed once. Before a symbol is
tried on a span, five cheap facts about it (which words it can hold, begin with, end with,
how short and how long it is) rule almost all of them out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from models.grammar.scfg import Derivation, Grammar, Item, Ref, Rule, Side, Symbol, Word


@dataclass(frozen=True, slots=True)
class Facts:
    """What a symbol can yield on one side. Word sets are bit masks."""

    words: int
    first: int
    last: int
    shortest: int
    longest: int


@dataclass(slots=True)
class Chart:
    """A grammar ready to parse one of its languages."""

    grammar: Grammar
    side: Side
    _bits: dict[str, int] = field(default_factory=dict)
    _facts: dict[Symbol, Facts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for symbol in self.grammar.symbols():
            rules = self.grammar.choices(symbol).rules
            self._facts[symbol] = self._joined([self._of_rule(rule) for rule in rules])

    def _bit(self, text: str) -> int:
        return self._bits.setdefault(text, 1 << len(self._bits))

    def _of_item(self, item: Item) -> Facts:
        if isinstance(item, Ref):
            return self._facts[item.symbol]
        bit = self._bit(item.text)
        return Facts(bit, bit, bit, 1, 1)

    def _of_rule(self, rule: Rule) -> Facts:
        parts = [self._of_item(item) for item in rule.side(self.side)]
        words = 0
        for part in parts:
            words |= part.words
        return Facts(
            words,
            parts[0].first,
            parts[-1].last,
            sum(part.shortest for part in parts),
            sum(part.longest for part in parts),
        )

    @staticmethod
    def _joined(facts: Sequence[Facts]) -> Facts:
        words = first = last = 0
        for fact in facts:
            words |= fact.words
            first |= fact.first
            last |= fact.last
        shortest = min(fact.shortest for fact in facts)
        return Facts(words, first, last, shortest, max(fact.longest for fact in facts))

    def vocabulary(self) -> tuple[str, ...]:
        """Every word of this side, sorted."""
        return tuple(sorted(self._bits))

    def parses(self, words: Sequence[str]) -> list[Derivation]:
        """Every derivation whose yield on this side is exactly those words."""
        known = self._bits
        if not words or any(word not in known for word in words):
            return []
        span = Span(self, tuple(words), tuple(known[word] for word in words))
        return span.derivations(self.grammar.start, 0, len(words))

    def facts(self, symbol: Symbol) -> Facts:
        """What that symbol can yield."""
        return self._facts[symbol]


@dataclass(slots=True)
class Span:
    """One sentence while it is being parsed."""

    chart: Chart
    words: tuple[str, ...]
    bits: tuple[int, ...]
    _done: dict[tuple[Symbol, int, int], list[Derivation]] = field(default_factory=dict)
    _held: dict[tuple[int, int], int] = field(default_factory=dict)

    def held(self, start: int, stop: int) -> int:
        """Which words stand in start..stop−1."""
        key = (start, stop)
        if key not in self._held:
            together = 0
            for bit in self.bits[start:stop]:
                together |= bit
            self._held[key] = together
        return self._held[key]

    def possible(self, symbol: Symbol, start: int, stop: int) -> bool:
        """Whether the cheap facts allow that symbol on that span."""
        fact = self.chart.facts(symbol)
        return bool(
            fact.shortest <= stop - start <= fact.longest
            and self.bits[start] & fact.first
            and self.bits[stop - 1] & fact.last
            and not self.held(start, stop) & ~fact.words
        )

    def derivations(self, symbol: Symbol, start: int, stop: int) -> list[Derivation]:
        """All derivations of the span from that symbol."""
        key = (symbol, start, stop)
        if key not in self._done:
            found: list[Derivation] = []
            if self.possible(symbol, start, stop):
                choices = self.chart.grammar.choices(symbol)
                for rule, log_p in zip(choices.rules, choices.log_p, strict=True):
                    for parts in self.matches(rule.side(self.chart.side), start, stop):
                        children = tuple(parts[id(ref)] for ref in rule.refs)
                        found.append(Derivation(rule, log_p, children))
            self._done[key] = found
        return self._done[key]

    def matches(
        self, items: tuple[Item, ...], start: int, stop: int
    ) -> Iterator[dict[int, Derivation]]:
        """Every way to lay those items over the span: a derivation for each Ref."""
        if not items:
            if start == stop:
                yield {}
            return
        item, rest = items[0], items[1:]
        if stop - start < len(items):
            return
        if isinstance(item, Word):
            if self.words[start] == item.text:
                yield from self.matches(rest, start + 1, stop)
            return
        ends = (stop,) if not rest else range(start + 1, stop - len(rest) + 1)
        for end in ends:
            if not self.possible(item.symbol, start, end):
                continue
            tails = list(self.matches(rest, end, stop))
            if tails:
                for head in self.derivations(item.symbol, start, end):
                    for tail in tails:
                        yield {id(item): head, **tail}
