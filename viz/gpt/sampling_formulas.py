r"""One choice as LaTeX: ÷ T, softmax, what top-p adds up, renormalising, the draw.

Computed in float64 from the model's scores, shown rounded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.trace import Floats
from viz.board.notation import for_tex
from viz.formula.layout import STRUT, bold, equal, stacked
from viz.formula.softmax import share_of_many
from viz.formula.width import packed
from viz.formula.writer import Writer
from viz.gpt.sampling import Choosing, plain

TERMS, _MOST = 4, 12  # of a sum that are written out, and at the most
_SIGNIFICANT = 4  # digits of an eˢ


@dataclass(frozen=True, slots=True)
class Sums:
    """Each a formula with its numbers. divided, cut: None where nothing is divided or cut.

    draw: None where nothing is drawn.
    """

    divided: str | None
    softmax: str
    cut: str | None
    renormalised: str | None
    draw: str | None


def sums(shown: Choosing, w: Writer) -> Sums:
    """Every sum behind the chosen token. w.style.labels: rest (n), without (word), stay."""
    found = shown.stages
    if found.settings.greedy:
        return Sums(None, _softmax(w, shown, found.logits, r"\ell"), None, None, None)
    scores, name = (
        (found.divided, "s") if found.settings.temperature != 1 else (found.logits, r"\ell")
    )
    cut = len(found.kept) < found.kept_by_k
    allowed = np.where(np.isfinite(found.after_k), scores, -np.inf)
    return Sums(
        _divided(w, shown) if name == "s" else None,
        _softmax(w, shown, allowed, name),
        _cut(w, shown) if cut else None,
        _renormalised(w, shown) if cut else None,
        _draw(w, shown),
    )


def _word(w: Writer, shown: Choosing, token: int | None = None) -> str:
    """The chosen token, or another."""
    return w.text(shown.words[shown.chosen if token is None else token], longest=12)


def _divided(w: Writer, shown: Choosing) -> str:
    found, token = shown.stages, shown.chosen
    z, t = float(found.logits[token]), found.settings.temperature
    ratio = rf"{w.score(z)} \div {_plain(w, t)}"
    name, made = f"s_{{{_word(w, shown)}}}", w.score(float(found.divided[token]))
    return equal(name, r"\ell \div T", ratio, made)


def _plain(w: Writer, value: float) -> str:
    """A setting as it was set."""
    return plain(value, w.style).replace(",", "{,}")


def _softmax(w: Writer, shown: Choosing, scores: Floats, name: str) -> str:
    """p = e^(s − m) / Σ e^(s − m), m the largest score; below it the sum's terms."""
    found = share_of_many(scores, shown.chosen)
    general = rf"\frac{{e^{{{name} - m}}}}{{\sum_j e^{{{name}_j - m}}}}"
    filled = rf"\frac{{e^{{{found.exponent(w)}}}}}{{\Sigma}}"
    share = equal(general, filled, found.fraction(w, _SIGNIFICANT), w.share(found.value))
    first, *others = _largest_powers(w, np.sort(found.e)[::-1])
    rows = [rf"\Sigma = {first}", *(rf"\phantom{{\Sigma = {{}}}} {row}" for row in others)]
    rows[-1] += f" = {w.significant(found.total, _SIGNIFICANT)}"
    return _lines(rf"{STRUT}p_{{{_word(w, shown)}}} = {share}", *rows)


def _largest_powers(w: Writer, e: Floats) -> list[str]:
    """Rows of the sum of all eˢ, (token,) in falling order: the first ones, the rest as one."""
    most = _MOST if w.most is None else min(max(w.most, 1), _MOST)
    pieces = [w.significant(power, _SIGNIFICANT) for power in e[:most]]
    if len(e) > most:
        rest = w.significant(float(e[most:].sum()), _SIGNIFICANT)
        pieces.append(w.rest(len(e) - most, rest))
    return packed(pieces, w.room)


def _cut(w: Writer, shown: Choosing) -> str:
    found = shown.stages
    last = _word(w, shown, int(found.kept[-1]))
    return reached(w, found.of_k[found.kept], found.settings.top_p, last)


def reached(w: Writer, shares: Floats, top_p: float, last: str) -> str:
    """The likeliest tokens' sum just below p, and with the one that reaches it.

    shares: (kept by top-p,), the largest first; last: the token that reaches p, LaTeX.
    w.style.labels: rest (n), without (word).
    """
    rows, p = _in_order(w, shares), _plain(w, top_p)
    if len(shares) == 1:
        return _lines(rf"{rows[0]} \ge {p}")
    rows[-1] += rf" = {w.share(float(shares.sum()))} \ge {p}"
    head, tail = (for_tex(part) for part in w.style.labels["without"].split("{word}"))
    without = rf"\text{{{head}}}{last}\text{{{tail}}}"
    return _lines(*rows, rf"{without}:\quad {w.share(float(shares[:-1].sum()))} < {p}")


def _in_order(w: Writer, shares: Floats) -> list[str]:
    """The first terms, what lies between, and the last: the one that reaches p."""
    written = [w.share(float(share)) for share in shares]
    most = TERMS if w.most is None else w.most
    if len(written) > most + 2:
        between = w.rest(len(written) - most - 1, w.share(float(shares[most:-1].sum())))
        written = [*written[:most], between, written[-1]]
    return packed(written, w.room)


def _renormalised(w: Writer, shown: Choosing) -> str:
    found, word = shown.stages, _word(w, shown)
    numbers = found.of_k[shown.chosen], found.of_k[found.kept].sum()
    above, below = (w.share(float(number)) for number in numbers)
    value = w.share(float(found.probabilities[shown.chosen]))
    general = rf"\frac{{p_{{{word}}}}}{{\sum_{{{w.words('stay')}}} p}}"
    return equal(f"q_{{{word}}}", general, rf"\frac{{{above}}}{{{below}}}", value)


def _draw(w: Writer, shown: Choosing) -> str | None:
    if (drawn := shown.drawn) is None:
        return None
    u = equal(*(w.tint("output", body) for body in ("u", bold(w.share(drawn.u)))))
    chosen = bold(_word(w, shown))
    return rf"{w.share(drawn.start)} \le {u} < {w.share(drawn.end)} \;\Rightarrow\; {chosen}"


def _lines(*rows: str) -> str:
    return stacked(*(f"&{row}" for row in rows), gap=0.25)
