"""The states that are held still: a page, what its address says, a theme.

Few texts, shared by many states: every text of every model is a recording in `fixtures/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from viz.translator.stage_names import STAGES


@dataclass(frozen=True, slots=True)
class State:
    """One visit. name: what its snapshot is called; address: the query's parameters."""

    name: str
    page: str
    address: dict[str, str] = field(default_factory=dict)
    theme: str = "light"

    @property
    def look(self) -> tuple[str | None, ...]:
        """States of one look share their prose and choices."""
        names = ("lang", "model", "view", "mode", "kind")
        return (self.page, *(self.address.get(name) for name in names))


def _on(page: str, name: str, *, dark: object = False, **address: object) -> State:
    given = {"lang": "en", **{key: str(value) for key, value in address.items()}}
    return State(f"{page}-{name}", page, given, "dark" if dark else "light")


_CAT = {"text": "The cat sat"}
_TURKISH = {"lang": "tr", "dark": True}
_CAUSAL = {"model": "gpt-mini", "text": "The old dog saw a cat"}
_ALIGNED = "Kedi balığı yedi."
_BOTH = {"model": "translator", "text": _ALIGNED}
_PAIR = {"model": "bert-mini", "text": "The big lion ran.", "pair": "It was quick."}
_HALF = {"text": _PAIR["text"], "pair": ""}
# 64 letters: 65 tokens and more for a model that reads letters.
_LONG = {"model": "induction", "text": "abcdefgh" * 8, "layer": 1, "head": 0}
_FEW = "the old dog saw"
_STORY = " ".join(["The cats that the man near the dog saw are tired."] * 3)
_RUN = {"text": "GFADBHDBEF?"}
_MINE = "0000gg0000000000" + "000gg000" * 5 + "00000000"


def _home() -> Iterator[State]:
    yield _on("home", "english")
    yield _on("home", "turkish", **_TURKISH)


def _glossary() -> Iterator[State]:
    yield _on("glossary", "english")
    yield _on("glossary", "turkish", **_TURKISH)
    yield _on("glossary", "search", search="softmax", listing="alphabet")


def _scores() -> Iterator[State]:
    for step in range(1, 9):
        yield _on("scores", f"step-{step}", step=step, query=2, key=1, **_CAT)
    for step in (5, 8):
        yield _on("scores", f"turkish-{step}", step=step, **_CAT, **_TURKISH)
    for mask in ("none", "causal", "padding", "window"):
        yield _on("scores", f"mask-{mask}", step=4, mask=mask, scale=0, **_PAIR)
    yield _on("scores", "causal-softmax", step=5, mask="causal", exact=1, **_PAIR)
    for part in "kv":
        yield _on("scores", f"part-{part}", step=1, part=part, dim=7, layer=1, **_PAIR)
    for step in (1, 2, 4, 5, 6, 7):
        yield _on("scores", f"hand-{step}", mode="hand", step=step, query=1, key=0)
    yield _on("scores", "hand-turkish", mode="hand", step=3, mask="causal", **_TURKISH)
    yield _on("scores", "hand-own", mode="hand", step=5, matrix="a,b~1,0;0,1.5", scale=0)
    yield _on("scores", "hand-large", mode="hand", step=5, matrix="a,b~90,0;0,-70", scale=0)
    for step in (1, 4, 5, 8):
        yield _on("scores", f"gpt-{step}", step=step, query=3, key=1, layer=2, **_CAUSAL)
    yield _on("scores", "long", step=5, query=40, key=32, **_LONG)
    for kind, step in (("encoder", 6), ("decoder", 4), ("cross", 1), ("cross", 5), ("cross", 7)):
        yield _on("scores", f"{kind}-{step}", kind=kind, step=step, layer=1, **_BOTH)
    yield _on("scores", "no-layer", layer=99, step=0, mask="sideways", **_PAIR)
    yield _on("scores", "no-model", model="no-such-model", **_CAT, **_TURKISH)


def _heads() -> Iterator[State]:
    yield _on("heads", "default", **_CAT)
    yield _on("heads", "turkish", layer=5, head=11, query=4, key=3, **_CAT, **_TURKISH)
    yield _on("heads", "hide", hide=1, layer=2, head=7, **_CAT)
    yield _on("heads", "pair", layer=1, head=2, query=1, key=2, **_PAIR)
    yield _on("heads", "pair-dark", dark=True, layer=3, head=0, **_PAIR)
    yield _on("heads", "gpt", layer=2, head=1, **_CAUSAL)
    yield _on("heads", "long", **_LONG)
    yield _on("heads", "long-turkish", query=40, **{**_LONG, **_TURKISH})
    for kind in ("encoder", "decoder", "cross"):
        yield _on("heads", kind, kind=kind, layer=1, **_BOTH)
    yield _on("heads", "head-view", view="head_view", **_PAIR)
    yield _on("heads", "model-view", view="model_view", dark=True, **_CAUSAL)
    yield _on("heads", "cross-view", view="head_view", kind="cross", **_BOTH)
    yield _on("heads", "no-query", query=99, kind="sideways", view="x", **_CAT)


def _positions() -> Iterator[State]:
    for view in ("table", "waves", "distances", "shift"):
        yield _on("positions", view, view=view)
        yield _on("positions", f"{view}-turkish", view=view, dim=3, **_TURKISH)
    yield _on("positions", "waves-own", view="waves", pos=5, dims="3 40", base=500, width=48)
    yield _on("positions", "learned", view="learned", model="bert-mini")
    yield _on("positions", "learned-gpt", view="learned", model="gpt-mini", pos=3, offset=9)
    yield _on("positions", "too-long", text="w " * 600, offset="x")
    for way in ("all", "sinusoid", "rope", "alibi", "t5"):
        cell = {"layer": 1, "head": 2, "query": 3, "key": 1, "text": _FEW}
        yield _on("positions", f"ways-{way}", view="ways", way=way, model="bert-mini", **cell)
    yield _on(
        "positions",
        "ways-gpt",
        view="ways",
        model="gpt-mini",
        query=1,
        key=3,
        text=_FEW,
        **_TURKISH,
    )
    order = {"view": "shuffle", "text": _FEW, "query": 2}
    yield _on("positions", "shuffle", model="bert-mini", **order)
    yield _on("positions", "shuffle-gpt", model="gpt-mini", seed=3, **order, **_TURKISH)


def _lstm() -> Iterator[State]:
    yield _on("lstm", "default")
    yield _on("lstm", "turkish", step=3, **_TURKISH)
    for gate in "fg":
        yield _on("lstm", f"gate-{gate}", gate=gate, unit=3, step=5)
    yield _on("lstm", "first-step", step=0, order="index")
    yield _on("lstm", "depth", order="property", property="depth", exact=1)
    yield _on("lstm", "best-silent", silence="best", property="turkish_number", lang="tr")
    yield _on("lstm", "rnn", model="rnn", unit=3)
    yield _on("lstm", "long", text=_STORY, step=20)
    yield _on("lstm", "too-long", text="The dog ran. " * 200)
    yield _on("lstm", "no-unit", unit=999, gate="x")
    yield _on("lstm", "gru", model="gru", unit=3, step=5)
    yield _on("lstm", "returned", view="returned", model="tagger")
    yield _on("lstm", "bias", view="bias", after=5, **_TURKISH)


def _neuron() -> Iterator[State]:
    for view in ("unit", "loss", "xor"):
        yield _on("neuron", view, view=view)
        yield _on("neuron", f"{view}-turkish", view=view, step=2, trained=300, **_TURKISH)
    yield _on("neuron", "depth", view="depth")
    yield _on("neuron", "prelu", activation="prelu", x1=-2.0)
    yield _on("neuron", "one-layer", view="xor", hidden="none", trained=2000, point=2)


def _words() -> Iterator[State]:
    for view in ("table", "neighbours", "analogies"):
        yield _on("words", view, view=view)
        yield _on("words", f"{view}-turkish", view=view, step=2, dim=3, question=2, **_TURKISH)
    yield _on("words", "own", view="analogies", relation="own", a="ate", b="eat", c="read")
    yield _on("words", "pieces", view="pieces", split="Öğretmenlerimizden", **_TURKISH)


def _cost() -> Iterator[State]:
    yield _on("cost", "tiles", view="tiles", step=1)
    yield _on("cost", "tiles-turkish", view="tiles", step=3, **_TURKISH)
    yield _on("cost", "cache", view="cache", sharing="latent", shape="deepseek-v2")
    yield _on("cost", "bits", view="quantisation", quantised="bits", stored="gpt-mini")


def _memory() -> Iterator[State]:
    for view in ("gradients", "recall", "exploding"):
        yield _on("memory", view, view=view, step=10, **_RUN)
        yield _on("memory", f"{view}-turkish", view=view, step=2, **_RUN, **_TURKISH)
    yield _on("memory", "exact", step=3, exact=1, **_RUN)
    for kind in ("rotation", "random"):
        yield _on("memory", kind, view="exploding", recurrent=kind, sigma=120, step=10, **_RUN)


def _seq2seq() -> Iterator[State]:
    yield _on("seq2seq", "every", text=_ALIGNED)
    yield _on("seq2seq", "turkish", text=_ALIGNED, **_TURKISH)
    for chosen in ("score", "weight", "context", "word"):
        yield _on("seq2seq", chosen, sum=chosen, step=1, text=_ALIGNED)
    yield _on("seq2seq", "gold", gold=1, text=_ALIGNED, exact=1)
    yield _on("seq2seq", "fixed", model="seq2seq-fixed", step=1, text=_ALIGNED)
    forced = {"feed": "forced", "target": "The cat ate the fish."}
    yield _on("seq2seq", "forced", text=_ALIGNED, step=2, **forced, **_TURKISH)


def _translator() -> Iterator[State]:
    for stage in STAGES:
        yield _on("translator", stage, stage=stage, text=_ALIGNED, step=2, dim=5)
    yield _on("translator", "turkish", text=_ALIGNED, **_TURKISH)
    yield _on("translator", "gold", gold=1, layer=0, head=3, exact=1, text=_ALIGNED)
    yield _on("translator", "forced", target="The dog ran.", text=_ALIGNED, feed="forced")
    yield _on("translator", "beams", stage="softmax", beams=3, text=_ALIGNED)
    yield _on("translator", "beams-turkish", stage="softmax", beams=2, text=_ALIGNED, **_TURKISH)
    yield _on("translator", "beams-node", stage="softmax", beams=3, node=7, text=_ALIGNED)


def _bert() -> Iterator[State]:
    for view in ("input", "mask", "next", "between", "senses"):
        # Below the first layer equal words have equal vectors: which is nearest is chance there.
        given = {"view": view, "layer": 3 if view == "senses" else 0}
        given |= _PAIR if view != "mask" else _HALF
        yield _on("bert", view, **given)
        yield _on("bert", f"{view}-turkish", exact=1, **given, **_TURKISH)
    yield _on("bert", "two-masks", view="mask", hidden="2 4", step=4, **_HALF)
    for among in ("all", "first", "second", "back"):
        yield _on("bert", f"between-{among}", view="between", among=among, layer=2, head=3, **_PAIR)
    yield _on("bert", "default")
    yield _on("bert", "long", text=_STORY[:100], pair="", step=12)
    yield _on("bert", "no-pair", view="next", **_HALF)
    yield _on("bert", "bad-places", view="mask", hidden="x", **_HALF)


def _gpt() -> Iterator[State]:
    yield _on("gpt", "write")
    yield _on("gpt", "write-turkish", **_TURKISH)
    yield _on("gpt", "greedy", temperature=0, all=1, step=1)
    yield _on("gpt", "hot", temperature="1.5", top_k=0, top_p="1", step=1)
    yield _on("gpt", "top-p", top_k=0, top_p="0.5", temperature="1", exact=1, step=1)
    for view in ("mask", "cache", "induction"):
        yield _on("gpt", view, view=view, layer=1, head=2)
        yield _on("gpt", f"{view}-turkish", view=view, **_TURKISH)
    yield _on("gpt", "typed", view="induction", sequence="abcd", circuit="model")
    yield _on("gpt", "no-writer", model="bert-mini")


def _vision() -> Iterator[State]:
    for view in ("attention", "rollout", "deletion"):
        yield _on("vision", view, view=view)
        yield _on("vision", f"{view}-turkish", view=view, exact=1, **_TURKISH)
    for chosen in ("patch", "mix", "score", "weight", "context"):
        yield _on("vision", chosen, sum=chosen, layer=1, head=3, key=10)
    yield _on("vision", "drawn", drawn=_MINE)
    yield _on("vision", "by-layer", view="deletion", by="layer", fill="mean", drawn=_MINE)
    yield _on("vision", "no-picture", drawn="zz", picture=99_999)


STATES = (
    *_home(),
    *_glossary(),
    *_scores(),
    *_heads(),
    *_positions(),
    *_lstm(),
    *_neuron(),
    *_words(),
    *_cost(),
    *_memory(),
    *_seq2seq(),
    *_translator(),
    *_bert(),
    *_gpt(),
    *_vision(),
)

# The first of each look is written with all its prose.
WHOLE = frozenset({state.look: state.name for state in reversed(STATES)}.values())
