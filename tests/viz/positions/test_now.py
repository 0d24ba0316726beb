"""The positions page's sentences: every number from its formula, worked out here."""

from __future__ import annotations

from functools import lru_cache
from math import cos, sin

import numpy as np
import pytest

from models.core import encodings as maths
from models.positions.learned import learned
from models.positions.schemes import WAYS, FourWays, of_head, recorded
from models.positions.shuffle import shuffled
from tests.closeness import assert_close
from tests.viz.sentences import BOTH, fixed, read, style, told
from viz.board.style import Style
from viz.positions import now
from viz.positions.distances import Beside, Distances
from viz.positions.schemes import Ways
from viz.positions.shuffle import Order
from viz.positions.table import Worked

WORDS = ("I", "am", "a", "Robot")


def speak(language: str) -> Style:
    return style(language, "positions.now")


def angle(pos: int, dim: int, width: int, base: float) -> float:
    """PE(pos, dim), from the paper's formula."""
    return float((cos if dim % 2 else sin)(pos / base ** ((dim - dim % 2) / width)))


@BOTH
@pytest.mark.parametrize(("pos", "dim", "divisor"), [(0, 0, "1"), (1, 2, "10"), (3, 3, "10")])
def test_a_number_of_the_table(pos: int, dim: int, divisor: str, language: str) -> None:
    worked = Worked(WORDS, maths.sinusoidal(4, 4, 100), 1 / maths.frequencies(4, 100), (pos, dim))
    said, then = now.table(worked, speak(language))
    assert read(said) == told(
        language,
        "positions.now.table",
        word=WORDS[pos],
        pos=pos,
        dim=dim,
        function="cos" if dim % 2 else "sin",
        divisor=divisor,
        value=fixed(language, angle(pos, dim, 4, 100), 3),
    )
    last = (pos, dim) == (3, 3)
    assert read(then) == told(language, f"positions.now.table_{'last' if last else 'then'}")


@BOTH
@pytest.mark.parametrize("pos", [0, 17, 63])
def test_the_drawn_waves_at_a_position(pos: int, language: str) -> None:
    dims = (0, 8, 33)
    said, then = now.waves(maths.sinusoidal(64, 64, 10_000), dims, pos, speak(language))
    parts = [
        told(
            language,
            "positions.now.wave",
            dim=dim,
            value=fixed(language, angle(pos, dim, 64, 10_000)),
        )
        for dim in dims
    ]
    waves = told(language, "now.comma").join(parts)
    assert read(said) == told(language, "positions.now.waves", pos=pos, waves=waves)
    name = "waves_last" if pos == 63 else "waves_then"
    assert read(then) == told(language, f"positions.now.{name}")


@BOTH
@pytest.mark.parametrize("pair", [(5, 5), (5, 9), (2, 63)])
def test_a_pairs_product_is_a_sum_of_cosines(pair: tuple[int, int], language: str) -> None:
    matrix = maths.products(maths.sinusoidal(64, 64, 10_000))
    shown = Distances(matrix, maths.by_offset(matrix), pair)
    said, then = now.distances(shown, speak(language))
    apart = pair[1] - pair[0]
    product = sum(cos(apart / 10_000 ** (2 * i / 64)) for i in range(32))
    name = "distances" if apart else "distances_same"
    values = {"a": pair[0], "b": pair[1], "offset": apart, "value": fixed(language, product)}
    assert read(said) == told(language, f"positions.now.{name}", **values)
    ends = "pair_last" if pair[1] == 63 else "pair_then"
    assert read(then) == told(language, f"positions.now.{ends}")


@BOTH
@pytest.mark.parametrize("offset", [0, 4])
def test_a_shift_turns_each_pair_by_its_angle(offset: int, language: str) -> None:
    said, _ = now.shift(20, offset, 1, 10.0, 256, speak(language))
    turned = "0" if not offset else fixed(language, offset / 10, 3)
    values = {"pos": 20, "to": 20 + offset, "offset": offset, "a": 2, "b": 3, "angle": turned}
    name = "shift" if offset else "shift_none"
    assert read(said) == told(language, f"positions.now.{name}", **values)


@BOTH
def test_a_learned_pairs_cosine_beside_the_sinusoids(language: str) -> None:
    table = learned("minilm").table[:64].astype("float64")
    sinusoid = maths.sinusoidal(64, 384)
    pairs = [maths.cosines(one) for one in (table, sinusoid)]
    bands = [maths.by_offset(one) for one in pairs]
    shown = Beside(table, pairs[0], bands[0], sinusoid, pairs[1], bands[1], (3, 10))
    said, _ = now.learned(shown, speak(language))
    own, other = (
        float(one[3] @ one[10] / np.linalg.norm(one[3]) / np.linalg.norm(one[10]))
        for one in (table, sinusoid)
    )
    values = {"cosine": fixed(language, own), "sinusoid": fixed(language, other)}
    assert read(said) == told(language, "positions.now.learned", a=3, b=10, **values)


@lru_cache
def four_ways() -> FourWays:
    return of_head(recorded("minilm", "I am a Robot"), 0, 2)


def ways(query: int, key: int) -> Ways:
    found = four_ways()
    return Ways(
        ("[CLS]", *WORDS, "[SEP]"),
        (query, key),
        found.seen(found.content),
        {name: found.scores(name) for name in WAYS},
        maths.offsets(4),
        {},
        (),
        float(found.content[query, key]),
    )


@BOTH
@pytest.mark.parametrize("way", ["all", *WAYS])
def test_the_pairs_score_without_positions_and_with(way: str, language: str) -> None:
    found, (query, key) = four_ways(), (4, 1)
    q, k = found.q[query], found.k[key]
    content = float(q @ k) * found.scaling
    half = len(q) // 2
    turns = (key - query) * 10_000.0 ** (-2 * np.arange(half) / len(q))
    pairs = q[:half] * k[:half] + q[half:] * k[half:]
    crossed = q[half:] * k[:half] - q[:half] * k[half:]
    scores = {
        "sinusoid": float((q + found.p_q[query]) @ (k + found.p_k[key])) * found.scaling,
        "alibi": content - found.slope * abs(key - query),
        "rope": float((pairs * np.cos(turns) + crossed * np.sin(turns)).sum()) * found.scaling,
    }
    drawn = float(found.scores("rope")[query, key])
    assert_close(np.array([scores["rope"]]), np.array([drawn]))
    scores["t5"] = float(found.scores("t5")[query, key])
    names = WAYS if way == "all" else (way,)
    called = {"rope": "RoPE", "alibi": "ALiBi", "t5": "T5"}
    parts = [
        told(
            language,
            "positions.now.way",
            way=called.get(name, told(language, "positions.now.sinusoid")),
            value=fixed(language, scores[name]),
        )
        for name in names
    ]
    said, _ = now.ways(ways(query, key), way, speak(language))
    assert read(said) == told(
        language,
        "positions.now.ways",
        query="Robot",
        key="I",
        content=fixed(language, content),
        scores=told(language, "now.comma").join(parts),
    )


@BOTH
@pytest.mark.parametrize("chosen", [1, 9])
def test_a_shuffled_words_output_is_compared_with_its_own(chosen: int, language: str) -> None:
    found = shuffled("minilm", "The cat sat down because it was tired", 0)
    pairs = [(part.before, part.after) for part in (found.off, found.on)]
    order = Order(found.typed, found.order, chosen, *pairs)
    said, _ = now.shuffle(order, speak(language))
    on = max(abs(float(a) - float(b)) for a, b in zip(*(s[chosen] for s in pairs[1]), strict=True))
    (place,) = [at for at, token in enumerate(found.order) if token == chosen]
    start = told(
        language,
        "positions.now.shuffle",
        word=found.typed[chosen],
        a=chosen,
        b=place,
        off="|",
        on=fixed(language, on, 3),
    )
    before, after = start.split("|")
    assert read(said).startswith(before)
    assert read(said).endswith(after)
    tiny = read(said).removeprefix(before).removesuffix(after)
    assert "10⁻" in tiny or tiny == "0"
