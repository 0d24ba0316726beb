"""A weighted synchronous grammar: one derivation, a sentence in each of two languages.

A rule rewrites a symbol into words and further symbols, in a Turkish order and in an
English one at once (Aho & Ullman 1969; Chiang 2007, "Hierarchical Phrase-Based
Translation"). Weights of a symbol's rules are normalised to probabilities and multiply,
so a derivation's log-probability is a plain sum.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

Side = Literal["source", "target"]
Symbol = tuple[Hashable, ...]
SOURCE: Side = "source"
TARGET: Side = "target"


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """A terminal. tag: its part of speech; equal words of a rule stay apart by identity."""

    text: str
    tag: str = "function"


@dataclass(frozen=True, slots=True, eq=False)
class Ref:
    """A symbol's place in a rule; the same Ref stands once on each side."""

    symbol: Symbol


Item = Word | Ref


@dataclass(frozen=True, slots=True)
class Link:
    """A target word and the source item it translates.

    sure: it says what a Turkish word or suffix says; otherwise English grammar alone asks
    for it (an article, do-support), and the link is only possible.
    """

    target: Word
    source: Item
    sure: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One way to rewrite a symbol.

    head: the source item and the target item that stand for the whole (its noun, its
    verb). name: what the head is called in combinations, a lemma or a Ref whose name it
    takes, "a&b" for two together. combines: pairs of such names that this rule brings
    together.
    notes: features of the sentence that this rule decides.
    """

    weight: float
    source: tuple[Item, ...]
    target: tuple[Item, ...]
    links: tuple[Link, ...] = ()
    head: tuple[Item, Item] | None = None
    name: str | Ref | None = None
    combines: tuple[tuple[str | Ref, str | Ref], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def refs(self) -> tuple[Ref, ...]:
        """Its symbols, in source order."""
        return tuple(item for item in self.source if isinstance(item, Ref))

    def side(self, side: Side) -> tuple[Item, ...]:
        """Its items in one of the two orders."""
        return self.source if side == SOURCE else self.target


@dataclass(frozen=True, slots=True, eq=False)
class Derivation:
    """A rule with a derivation for each of its symbols, in source order."""

    rule: Rule
    log_p: float  # of this rule alone
    children: tuple[Derivation, ...]

    def total(self) -> float:
        """Natural log of the derivation's probability."""
        return self.log_p + sum(child.total() for child in self.children)


@dataclass(frozen=True, slots=True)
class Yield:
    """A derivation read off: both word lists, their links, their heads, its features."""

    source: tuple[Word, ...]
    target: tuple[Word, ...]
    sure: tuple[tuple[int, int], ...]  # (target index, source index)
    possible: tuple[tuple[int, int], ...]
    head: tuple[int, int]  # (source index, target index)
    name: str
    combinations: tuple[str, ...]
    notes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """A symbol's rules with their probabilities."""

    rules: tuple[Rule, ...]
    log_p: tuple[float, ...]
    cumulative: tuple[float, ...]


@dataclass(slots=True)
class Grammar:
    """Symbols are expanded once, when first met. expand: symbol → its rules."""

    start: Symbol
    expand: Callable[[Symbol], Sequence[Rule]]
    _known: dict[Symbol, Choices] = field(default_factory=dict)

    def choices(self, symbol: Symbol) -> Choices:
        """Its rules and probabilities. ValueError: a symbol without rules, or a weight ≤ 0."""
        if symbol not in self._known:
            rules = tuple(self.expand(symbol))
            if not rules or any(rule.weight <= 0 for rule in rules):
                raise ValueError(f"{symbol} needs rules, all of positive weight")
            total = math.fsum(rule.weight for rule in rules)
            log_p = tuple(math.log(rule.weight / total) for rule in rules)
            running, cumulative = 0.0, []
            for rule in rules:
                running += rule.weight / total
                cumulative.append(running)
            self._known[symbol] = Choices(rules, log_p, tuple(cumulative))
        return self._known[symbol]

    def symbols(self) -> list[Symbol]:
        """Every symbol that can be reached, each after all that its rules mention."""
        done: dict[Symbol, None] = {}
        stack: list[tuple[Symbol, bool]] = [(self.start, False)]
        while stack:
            symbol, seen = stack.pop()
            if symbol in done:
                continue
            if seen:
                done[symbol] = None
                continue
            stack.append((symbol, True))
            below = {ref.symbol for rule in self.choices(symbol).rules for ref in rule.refs}
            stack.extend((child, False) for child in below if child not in done)
        return list(done)

    def sample(self, random_state: random.Random, symbol: Symbol | None = None) -> Derivation:
        """A random derivation, each rule drawn by its probability."""
        choices = self.choices(self.start if symbol is None else symbol)
        draw = random_state.random()
        pick = min(bisect_right(choices.cumulative, draw), len(choices.rules) - 1)
        rule = choices.rules[pick]
        children = tuple(self.sample(random_state, ref.symbol) for ref in rule.refs)
        return Derivation(rule, choices.log_p[pick], children)


def read_off(derivation: Derivation) -> Yield:
    """Both sentences of a derivation, with word alignment and features."""
    if not derivation.children:
        return _alone(derivation.rule)
    return _joined(derivation.rule, [read_off(child) for child in derivation.children])


@cache
def _alone(rule: Rule) -> Yield:
    """Of a rule without symbols: the same wherever it stands."""
    return _joined(rule, [])


def _joined(rule: Rule, parts: Sequence[Yield]) -> Yield:
    """Of a rule around what its symbols, in source order, were read off as."""
    inner = {id(ref): part for ref, part in zip(rule.refs, parts, strict=True)}
    source, source_at = _laid_out(rule.source, inner, SOURCE)
    target, target_at = _laid_out(rule.target, inner, TARGET)
    sure: list[tuple[int, int]] = []
    possible: list[tuple[int, int]] = []
    for key, part in inner.items():
        t, s = target_at[key], source_at[key]
        sure += [(t + a, s + b) for a, b in part.sure]
        possible += [(t + a, s + b) for a, b in part.possible]

    def place(item: Item, at: dict[int, int], side: int) -> int:
        here = at[id(item)]
        return here if isinstance(item, Word) else here + inner[id(item)].head[side]

    for link in rule.links:
        pair = (target_at[id(link.target)], place(link.source, source_at, 0))
        (sure if link.sure else possible).append(pair)
    head_source, head_target = rule.head or (rule.source[0], rule.target[0])
    notes = {key: value for part in inner.values() for key, value in part.notes.items()}
    combined = [name for part in inner.values() for name in part.combinations]

    def name_of(what: str | Ref | None) -> str:
        return inner[id(what)].name if isinstance(what, Ref) else what or ""

    for a, b in rule.combines:
        combined += [f"{name_of(a)}+{one}" for one in name_of(b).split("&") if one]
    return Yield(
        source,
        target,
        tuple(sorted(sure)),
        tuple(sorted(possible)),
        (place(head_source, source_at, 0), place(head_target, target_at, 1)),
        name_of(rule.name),
        tuple(combined),
        notes | dict(rule.notes),
    )


def _laid_out(
    items: tuple[Item, ...], inner: dict[int, Yield], side: Side
) -> tuple[tuple[Word, ...], dict[int, int]]:
    """All words of one side in order, and where each item of the rule begins."""
    words: list[Word] = []
    begins: dict[int, int] = {}
    for item in items:
        begins[id(item)] = len(words)
        if isinstance(item, Word):
            words.append(item)
        else:
            part = inner[id(item)]
            words.extend(part.source if side == SOURCE else part.target)
    return tuple(words), begins
