"""The gpt page's sentences: shares, masks and places worked out anew from the logits."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from models.core.sampling import Settings, draw, stages
from models.record import record
from models.trace import AttentionTrace
from tests.viz.gpt.test_cache import made as kept
from tests.viz.gpt.test_induction import made as twice
from tests.viz.sentences import BOTH, fixed, per_cent, read, style, told, weights, whom
from viz.board.axes import Axes, Choice
from viz.gpt import now
from viz.gpt.now import After
from viz.gpt.sampling import Choosing
from viz.steps.figure import Scene
from viz.steps.head import of_block

LOGITS = (np.random.default_rng(3).normal(size=40) * 2).astype(np.float32)
WORDS = tuple(f"w{n}" for n in range(40))


@BOTH
@pytest.mark.parametrize("k", [1, 5, 40])
def test_a_sampled_token_and_what_it_had(k: int, language: str) -> None:
    found = stages(LOGITS, Settings(0.5, k, 1.0))
    drawn = draw(found, 0.7)
    kept_ids = np.argsort(-LOGITS)[:k]
    shares = np.exp((LOGITS[kept_ids].astype(np.float64) - LOGITS.max()) / 0.5)
    own = dict(zip(kept_ids.tolist(), shares / shares.sum(), strict=True))
    shown = Choosing(found, drawn, drawn.chosen, WORDS)
    said, then = now.write(shown, 4, After("next"), style(language, "gpt.now"))
    best = int(LOGITS.argmax())
    assert read(said) == told(
        language,
        "gpt.now.write",
        n=4,
        kept=k,
        all=40,
        u=fixed(language, 0.7, 4),
        word=WORDS[drawn.chosen],
        share=per_cent(language, own[drawn.chosen]),
        best=WORDS[best],
        best_share=per_cent(language, own[best]),
    )
    assert read(then) == told(language, "gpt.now.then", word="next")


@BOTH
@pytest.mark.parametrize("over", ["ended", "full"])
def test_a_greedy_choice_and_an_end(over: str, language: str) -> None:
    best = int(LOGITS.argmax())
    shown = Choosing(stages(LOGITS, Settings(0.0)), None, best, WORDS)
    said, then = now.write(shown, 1, After(over=over), style(language, "gpt.now"))
    greedy = told(language, "gpt.now.greedy", n=1, word=WORDS[best])
    assert read(said) == f"{greedy} {told(language, f'gpt.now.over_{over}')}"
    assert read(then) == told(language, "gpt.now.last")


@lru_cache
def trace() -> AttentionTrace:
    found: AttentionTrace = record("gpt-mini", "The old cat sleeps")
    return found


@BOTH
@pytest.mark.parametrize("query", [0, 1, -1])
def test_whom_a_token_looks_at_and_how_many_it_may_not(query: int, language: str) -> None:
    words = trace().typed
    query = range(len(words))[query]
    row = weights(trace().blocks[0], 1)[query]
    key = int(row.argmax())
    scene = Scene(of_block(trace().blocks[0], 1), Axes(words, words, Choice(query, key)))
    later = len(words) - 1 - query
    name = "sees_not" if later else "sees_all"
    masked = told(language, f"gpt.now.{name}", count=later)
    said = read(now.mask(scene, After(), style(language, "gpt.now")).said)
    assert said == f"{whom(language, words[query], words, row, key, own=query)} {masked}"


@BOTH
@pytest.mark.parametrize("tokens", [1, 6])
def test_the_cache_holds_all_tokens_before(tokens: int, language: str) -> None:
    said = read(now.cache(kept(tokens), After(), style(language, "gpt.now")).said)
    name = "cache" if tokens > 1 else "cache_first"
    word = kept(tokens).words[-1]
    assert said == told(language, f"gpt.now.{name}", token=word, before=tokens - 1)


@BOTH
@pytest.mark.parametrize("models", [1, 2])
def test_what_stood_after_the_token_the_first_time(models: int, language: str) -> None:
    shown = twice(6, models, query=9)
    looks = []
    for one in shown.rounds:
        s = one.steps.q[9].astype(np.float64) @ one.steps.k[:10].astype(np.float64).T * 0.5
        row = np.exp(s - s.max()) / np.exp(s - s.max()).sum()
        share = per_cent(language, row[4])
        looks.append(told(language, "gpt.now.twice_head", name=one.name, share=share))
    said = read(now.induction(shown, style(language, "gpt.now")).said)
    together = told(language, "now.comma").join(looks)
    values = {"a": "w9", "b": "w4", "earlier": 3, "place": 4, "looks": together}
    assert said == told(language, "gpt.now.twice", **values)
    first = read(now.induction(twice(6, models, query=2), style(language, "gpt.now")).said)
    assert first == told(language, "gpt.now.twice_first", token="w2")
