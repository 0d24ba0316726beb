"""The picture of one choice and its sums: every number worked out anew in float64."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from models.core.sampling import Settings, draw, stages, uniform
from models.core.tokens import named
from tests.viz.figures import HOSTILE, at_row, cells, checked, close, plain, words
from viz.board.board import Figure
from viz.board.enlarged import Hall, enlarged
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT, Theme
from viz.export.readout import Saying, tables
from viz.formula.writer import Writer
from viz.gpt.sampling import MOST, Choosing, choosing
from viz.gpt.sampling_formulas import TERMS, Sums, sums
from viz.tables.pieces import chips, readable

LABELS = {
    "logit": "logit",
    "greedy": "greedy",
    "share": "all",
    "share_k": "of {k}",
    "left": "left",
    "draw": "draw",
    "top_k": "k {k}: {n}",
    "top_p": "p {p}: {n}",
    "others": "{n} others",
    "rest": "{n} rest",
    "without": "without {word}",
    "stay": "kept",
}
WAYS = (
    Settings(0.8, 10, 0.9),
    Settings(1.0, 0, 1.0),
    Settings(0.3, 4, 0.5),
    Settings(2.0, 0, 0.6),
    Settings(1.0, 1, 1.0),
    Settings(0.0),
)


def style(theme: Theme = LIGHT, decimal: str = ".") -> Style:
    return Style(theme, Notation(decimal), LABELS)


def made(way: Settings, seed: int = 0, size: int = 60) -> Choosing:
    """Random scores of a made-up vocabulary, and one token drawn."""
    logits = (np.random.default_rng(seed).normal(size=size) * 3).astype(np.float32)
    found = stages(logits, way)
    names = [f"w{i}" for i in range(size)]
    if way.greedy:
        return Choosing(found, None, int(logits.argmax()), names)
    drawn = draw(found, uniform(seed, 1))
    return Choosing(found, drawn, drawn.chosen, names)


def test_read_out_each_number_stands_below_its_head_and_the_mark_with_its_word() -> None:
    one = made(WAYS[0])
    letters = [f"{chr(97 + n // 8)}{chr(97 + n % 8)}" for n in range(len(one.words))]
    one = replace(one, words=letters)
    saying = Saying(Notation(), LIGHT, {}, "Figure", "Place", "Curve", "written")
    (table,) = tables({"main-figure": choosing(one, style())}, saying)
    assert table.columns[:5] == ("logit", "s = ℓ ÷ 0.8", "of 10", "Σ p", "left")
    found, true, write = dict(table.rows), anew(one), Notation()
    assert f"▶ {letters[one.chosen]}" in found
    for token in one.ids:
        cells = found["▶ " * (token == one.chosen) + letters[token]]
        drawable = np.isfinite(one.stages.after_k[token])
        assert cells[:5] == (
            write.fixed(float(one.stages.logits[token])),
            write.fixed(true["s"][token]),
            write.small(true["p"][token]) if true["p"][token] else "0",
            write.fixed(true["sum"][token], 3) if drawable else "s → −∞",
            write.small(true["q"][token]) if true["q"][token] else "0",
        )
    others = found[f"{len(letters) - len(one.ids)} others"]
    assert others[:2] == ("", "")
    assert others[3] == "1.000"


def anew(one: Choosing) -> dict[str, np.ndarray]:
    """Every stage in float64 from the logits alone."""
    way, z = one.stages.settings, one.stages.logits.astype(np.float64)
    s = z / (way.temperature or 1.0)
    order = np.argsort(-s)
    k = way.top_k or len(s)
    in_k = np.zeros(len(s), bool)
    in_k[order[: k if way.temperature else len(s)]] = True
    e = np.where(in_k, np.exp(s - s.max()), 0)
    p = e / e.sum()
    before = np.cumsum(p[order]) - p[order]
    stay = np.zeros(len(s), bool)
    stay[order] = in_k[order] & (before < way.top_p) if way.temperature else False
    if not way.temperature:
        stay[order[0]] = True
    q = np.where(stay, p, 0) / p[stay].sum()
    together = np.empty(len(s))
    together[order] = np.cumsum(p[order])
    return {"s": s, "p": p, "sum": together, "q": q, "in_k": in_k, "order": order}


def row_of(figure: Figure, name: str) -> list[str]:
    """The texts of a token's row, from left to right."""
    (word,) = [w for w in words(figure) if plain(w.text).split(" ")[-1] == name]
    return [plain(w.text) for w in at_row(figure, word.y) if w.text != "▶"]


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("seed", [0, 1])
def test_every_number_in_the_picture_is_recomputed(way: Settings, seed: int) -> None:
    one = made(way, seed)
    true, figure = anew(one), choosing(one, style())
    for token in one.ids:
        told = row_of(figure, f"w{token}")[1:]
        columns = ["z", "p", "sum", "q"] if way.greedy else ["z", "s", "p", "sum", "q"]
        assert len(told) == len(columns)
        values = {"z": one.stages.logits[token], **{n: true[n][token] for n in "spq"}}
        values["sum"] = true["sum"][token] if true["in_k"][token] else -np.inf
        for name, number in zip(columns, told, strict=True):
            assert close(number.removeprefix("s → "), values[name], 2 if name in "zs" else 3), (
                token,
                name,
            )


def test_a_hall_with_room_for_one_number_keeps_the_share() -> None:
    one = made(Settings(temperature=0.8, top_k=10, top_p=0.9))
    hall = enlarged(choosing(one, style()), Hall(1056, 691, type=24, cell=22)).figure
    shown = [plain(word.text) for word in words(hall)]
    for token in one.ids:
        if one.stages.of_k[token]:
            assert style().notation.small(float(one.stages.of_k[token])) in shown


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_bars_begin_at_zero_and_are_as_long_as_their_numbers(way: Settings) -> None:
    one = made(way)
    figure = choosing(one, style())
    lengths: dict[float, list[tuple[float, float]]] = {}
    for token in one.ids:
        (word,) = [w for w in words(figure) if plain(w.text).split(" ")[-1] == f"w{token}"]
        bars = [
            s
            for s in figure.layout.shapes
            if s.type == "rect" and abs((s.y0 + s.y1) / 2 - word.y) < 1e-6 and s.y1 - s.y0 == 16
        ]
        colours = (LIGHT.plus, LIGHT.minus)
        scores = [s for s in bars if s.fillcolor in colours or s.line.color in colours]
        values = [one.stages.logits[token]] + ([] if way.greedy else [one.stages.divided[token]])
        assert len(scores) == len(values)
        for bar, value in zip(sorted(scores, key=lambda s: s.x0), values, strict=True):
            colour = LIGHT.plus if value >= 0 else LIGHT.minus
            assert colour in (bar.fillcolor, bar.line.color)
            lengths.setdefault(round(float(bar.x0 > 380)), []).append((bar.x1 - bar.x0, value))
    for pairs in lengths.values():
        longest, largest = max(pairs, key=lambda pair: abs(pair[1]))
        for length, value in pairs:
            wanted = max(longest * abs(value) / abs(largest), 1.5)
            assert length == pytest.approx(wanted, abs=0.01)


def test_the_lines_stand_below_the_last_token_that_each_cut_leaves() -> None:
    one = made(Settings(0.8, 10, 0.9))
    figure, true = choosing(one, style()), anew(one)
    where = {plain(w.text): w.y for w in words(figure)}
    kept, order = int((true["q"] > 0).sum()), true["order"]
    assert 1 <= kept < 10
    for said, last in ((f"p 0.9: {kept}", kept), ("k 10: 10", 10)):
        assert where[f"w{order[last - 1]}"] < where[said] < where[f"w{order[last]}"]
        lines = [
            t
            for t in figure.data
            if t.type == "scatter" and t.mode == "lines" and t.y[0] == t.y[1] == where[said]
        ]
        assert lines
        assert all(t.line.dash == "dash" for t in lines)


def test_without_cuts_there_is_no_line_and_greedy_draws_nothing() -> None:
    for way in (Settings(1.0, 0, 1.0), Settings(0.0)):
        said = [plain(w.text) for w in words(choosing(made(way), style()))]
        assert not [w for w in said if w.startswith(("p ", "k "))]
        assert ("draw" in said) == (not way.greedy)


@pytest.mark.parametrize("way", WAYS[:4], ids=str)
def test_the_pile_holds_the_kept_shares_from_0_to_1_and_u_lies_in_the_chosen_one(
    way: Settings,
) -> None:
    one = made(way, 3)
    figure, true = choosing(one, style()), anew(one)
    assert one.drawn is not None
    pile = [s for s in figure.layout.shapes if s.type == "rect" and s.x0 == 1062]
    (whole,) = [s for s in pile if s.fillcolor == LIGHT.hatch]
    height = whole.y1 - whole.y0
    parts = sorted((s for s in pile if s.line.color == LIGHT.page), key=lambda s: s.y0)
    shares = true["q"][true["order"]]
    ends = np.concatenate(([0.0], np.cumsum(shares)))
    # Each part lies where its token's share does; those thinner than a pixel are not drawn.
    found = {(round((s.y0 - whole.y0) / height, 4), round((s.y1 - whole.y0) / height, 4))
             for s in parts}  # fmt: skip
    wanted = {(round(a, 4), round(b, 4)) for a, b in pairwise(ends) if (b - a) * height >= 1.01}
    assert wanted <= found
    assert len(found) <= len(wanted) + 2
    (black,) = [s for s in pile if s.fillcolor == LIGHT.ink]
    (arrow,) = [t for t in figure.data if t.mode == "markers" and t.marker.size == 13]
    assert black.y0 <= arrow.y[0] < black.y1 + 1e-6
    assert (arrow.y[0] - whole.y0) / height == pytest.approx(one.drawn.u, abs=1e-6)


def test_a_chosen_token_far_down_has_a_row_with_its_rank() -> None:
    found = stages(np.linspace(3, 0, 50, dtype=np.float32), Settings())
    drawn = draw(found, 0.999)
    one = Choosing(found, drawn, drawn.chosen, [f"w{i}" for i in range(50)])
    assert drawn.chosen >= MOST
    said = [plain(w.text) for w in words(choosing(one, style()))]
    assert f"{drawn.chosen + 1}. w{drawn.chosen}" in said


def test_fewer_rows_keep_the_likeliest_and_the_chosen_token() -> None:
    one = made(Settings(1.5, 0, 1.0), 3)
    few = replace(one, most=6)
    assert few.ids[:5] == one.ids[:5]
    assert one.chosen in few.ids
    assert len(few.ids) == 6
    left = sum(float(few.stages.of_k[i]) for i in few.others)
    said = [plain(w.text) for w in words(choosing(few, style(), height=430))]
    assert f"{len(few.others)} others" in said
    assert any(close(word, left, 3) for word in said if word[:2] == "0.")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_plotly_takes_the_figure_and_every_row_answers_clicks(way: Settings, theme: Theme) -> None:
    one = made(way)
    figure = choosing(one, style(theme, ","))
    checked(figure)
    (clicks,) = cells(figure)
    assert [c[0] for c in clicks.customdata] == one.ids


def test_hostile_tokens_are_text() -> None:
    found = stages(np.zeros(len(HOSTILE), np.float32), Settings())
    drawn = draw(found, 0.5)
    figure = choosing(Choosing(found, drawn, drawn.chosen, HOSTILE), style())
    checked(figure)
    said = " ".join(w.text for w in words(figure))
    assert "<script" not in said
    assert "<img" not in said


# Formulas


class Ledger(Notation):
    """A notation that remembers every number it was asked to write."""

    def __init__(self) -> None:
        super().__init__(".")
        object.__setattr__(self, "asked", [])

    def fixed(self, value: float, digits: int = 2, *, plus: bool = False) -> str:
        self.asked.append(float(value))  # type: ignore[attr-defined]
        return super().fixed(value, digits, plus=plus)

    def wrote(self, value: float) -> bool:
        """It was asked to write that number."""
        return bool(np.isclose(self.asked, value, rtol=1e-5, atol=1e-7).any())  # type: ignore[attr-defined]


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("seed", [0, 2])
def test_every_number_in_the_sums_is_recomputed(way: Settings, seed: int) -> None:
    one = made(way, seed)
    ledger, true = Ledger(), anew(one)
    written = sums(one, Writer(Style(LIGHT, ledger, LABELS), 4))
    token = one.chosen
    e = np.exp(true["s"] - true["s"].max())[true["in_k"]]
    if way.temperature not in (0, 1):
        assert written.divided is not None
        assert ledger.wrote(float(one.stages.logits[token]))
        assert ledger.wrote(true["s"][token])
    else:
        assert written.divided is None
    for value in (np.exp(true["s"][token] - true["s"].max()), e.sum(), true["p"][token]):
        assert ledger.wrote(value) or value < 1e-3
    kept = true["q"] > 0
    if not way.greedy and kept.sum() < true["in_k"].sum():
        assert written.cut is not None
        assert written.renormalised is not None
        for value in (true["p"][kept].sum(), true["q"][token]):
            assert ledger.wrote(value)
        below = true["p"][true["order"]][: kept.sum() - 1].sum()
        assert kept.sum() == 1 or (below < way.top_p and ledger.wrote(below))
    else:
        assert written.cut is written.renormalised is None
    if one.drawn is not None:
        shares = true["q"][true["order"]]
        place = int(np.flatnonzero(true["order"] == token)[0])
        for value in (one.drawn.u, shares[:place].sum(), shares[: place + 1].sum()):
            assert ledger.wrote(value) or value < 1e-3


def test_formulas_are_balanced_and_hold_no_hostile_commands() -> None:
    found = stages(np.linspace(1, 0, len(HOSTILE), dtype=np.float32), Settings(0.7, 8, 0.9))
    for place in range(6):
        drawn = draw(found, place / 10)
        one = Choosing(found, drawn, drawn.chosen, HOSTILE)
        written: Sums = sums(one, Writer(style(), 2, TERMS))
        for name in ("divided", "softmax", "cut", "renormalised", "draw"):
            formula = getattr(written, name)
            if formula is not None:
                assert formula.count("{") - formula.count(r"\{") == formula.count("}") - (
                    formula.count(r"\}")
                )
                assert "<script" not in formula


# Words


def test_pieces_read_as_words_and_suffixes() -> None:
    names = ("▁kedi", "yi", ".", "</s>", "▁", "##r")
    assert readable(names) == ("kedi", "-yi", ".", "</s>", "␣", "##r")
    assert readable(("a", "b")) == ("a", "b")


def test_chips_tell_given_from_written_and_join_a_words_pieces() -> None:
    tokens, typed = ("</s>", "▁kedi", "yi", "▁gör"), ("</s>", "kedi", "yi", "gör")
    text = replace(named(tokens, (True, False, False, False)), typed=typed)
    html = chips(text, 2, coming="-dü")
    assert html.count("class='given'") == 2
    assert "class='written on'" in html
    assert "class='coming on'><bdi>dü" in html
    long = chips(named(("▁a",) * 90), 1, most=10)
    assert long.count("<bdi>") == 10
    assert "…" in long
    hostile = chips(named(HOSTILE), 1, coming=HOSTILE[0])
    assert "<script" not in hostile
    assert "<img" not in hostile
