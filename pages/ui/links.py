"""Links outlive what was usual when they were written: how those of every version are read.

A link names its version, `v`, except those of the first one, which say none. Where it is silent,
what held then still holds, and names that have changed since are read as today's. Whoever changes
a default, a name or a value that links of `VERSION` may hold raises it: the old reading stays
here with what has changed since, and a new one describes the links written from then on. A test
compares the last reading with the pages. A parameter that had no default is left to its page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FIRST, VERSION = 1, 2


@dataclass(frozen=True, slots=True)
class Reading:
    """How links of one version are read; every value as an address holds it.

    usual: what held on every page; pages: page → what held there besides, or instead. A page
    that is not among them came later. names: (page, name then) → name today. values: (page, name
    then, value then) → value today.
    """

    usual: Mapping[str, str]
    pages: Mapping[str, Mapping[str, str]]
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    values: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    junk: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def today(self, page: str, then: Mapping[str, str]) -> dict[str, str]:
        """What such a link says, or said by its silence, in today's names."""
        return {
            self.names.get((page, name), name): self.values.get((page, name, value), value)
            for name, value in then.items()
        }

    def silent(self, page: str) -> dict[str, str]:
        """What held on a page where a link said nothing, in today's names."""
        if page not in self.pages:
            return {}
        return self.today(page, {**self.usual, **self.pages[page]})


_USUAL = {
    "model": "minilm",
    "text": "The cat sat down because it was tired",
    "pair": "",
    "target": "",
    "cut": "0",
    "written": "0",
    "layer": "3",
    "head": "1",
    "step": "5",
    "hide": "0",
    "dim": "0",
    "seed": "0",
    "length": "1000",
    "unit": "0",
    "gold": "0",
    "all": "0",
    "exact": "0",
}
_PAGES = {
    "home": {"text": "", "model": ""},
    "lstm": {
        "view": "cell",
        "model": "lstm",
        "text": "The cats that the man near the dog saw are tired.",
        "layer": "0",
        "step": "8",
        "unit": "1",
        "order": "similarity",
        "property": "number",
        "gate": "all",
        "silence": "none",
    },
    "memory": {
        "model": "memory-rnn",
        "text": "GFADBHDBEFFGGGHDECCAG?",
        "view": "gradients",
        "step": "21",
        "recurrent": "own",
    },
    "seq2seq": {
        "model": "seq2seq",
        "text": "Oğlunuzun sevdiği büyük köye gittiniz.",
        "step": "8",
        "sum": "every",
    },
    "heads": {
        "view": "heads",
        "against": "sentence",
        "other_text": "The cat sat down because it was raining",
        "other_model": "bert-mini",
        "distance_to": "one",
    },
    "scores": {
        "mode": "live",
        "mask": "own",
        "scale": "1",
        "matrix": "",
        "part": "q",
        "out": "0",
    },
    "positions": {
        "text": "I am a Robot",
        "view": "table",
        "step": "6",
        "length": "64",
        "layer": "0",
        "head": "0",
        "d": "4",
        "n": "100",
        "width": "64",
        "base": "10000",
        "dims": "0 8 16 32",
        "pos": "20",
        "offset": "4",
        "way": "all",
        "stored": "half",
        "turns": "half",
    },
    "translator": {
        "model": "translator",
        "text": "Oğlunuzun sevdiği büyük köye gittiniz.",
        "layer": "1",
        "head": "0",
        "step": "4",
        "stage": "cross",
        "beams": "1",
    },
    "bert": {
        "model": "bert-mini",
        "text": "There was a big lion in the garden.",
        "pair": "The big lion ran quickly.",
        "view": "input",
        "step": "5",
        "layer": "0",
        "head": "0",
        "among": "forth",
        "word": "yüz",
    },
    "gpt": {
        "model": "gpt-mini",
        "text": "The old",
        "view": "write",
        "step": "3",
        "layer": "0",
        "head": "0",
        "length": "12",
        "temperature": "0.8",
        "top_k": "10",
        "top_p": "0.9",
        "sequence": "",
        "circuit": "pair",
    },
    "vision": {
        "model": "vit-digits",
        "view": "attention",
        "layer": "2",
        "head": "0",
        "query": "0",
        "key": "6",
        "step": "4",
        "sum": "every",
        "picture": "0",
        "drawn": "",
        "by": "rollout",
        "fill": "paper",
    },
}

# The chart of the scores page once stood in the address by its key, and went on to its neighbour.
_JUNK = dict.fromkeys(("scores", "heads"), frozenset({"stage"}))
# Since links have a version pages begin at their first step, with the clearest case (each topic's
# `__init__.py` says by which measure).
_BEGINNINGS = {
    "lstm": {"step": "0", "task_shape": "many_to_one", "given": ""},
    "memory": {"step": "0", "length": "1", "gain": "1.75", "max_norm": "1.0"},
    "seq2seq": {"step": "0"},
    "heads": {"layer": "3", "head": "1", "sorted": "0", "summed": ""},
    "scores": {"layer": "3", "head": "1", "step": "1"},
    "positions": {"step": "0", "pos": "0", "offset": "0", "head": "2"},
    "translator": {
        **{"step": "0", "stage": "source"},
        **{"phase": "training", "slip": "0", "instead": "1"},
    },
    "bert": {"step": "0", "head": "3", "dim": "4"},
    "gpt": {"step": "0", "layer": "3", "head": "3", "swap": "kpt"},
    "vision": {
        **{"step": "0", "layer": "0", "head": "2"},
        **{"window": "0", "own_view": "attention"},
    },
}
_SINCE = {page: {**then, **_BEGINNINGS.get(page, {})} for page, then in _PAGES.items()}

READINGS: Mapping[int, Reading] = {
    FIRST: Reading(_USUAL, _PAGES, junk=_JUNK),
    VERSION: Reading(_USUAL, _SINCE),
}


def reading(version: str | None) -> Reading | None:
    """How links are read that say this version, None: that say none. → None: it is not known."""
    if version is None:
        return READINGS[FIRST]
    known = {str(number): found for number, found in READINGS.items()}
    return known.get(version)
