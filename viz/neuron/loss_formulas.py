r"""One example's loss and its gradient by the chain rule, number by number, as LaTeX for KaTeX."""

from __future__ import annotations

from models.neuron.loss import ChainRule
from viz.formula.layout import bold, stacked
from viz.formula.writer import Writer
from viz.neuron.unit import SLOPE, SUM, VALUE
from viz.neuron.unit_formulas import near_one, tiny


def loss(rule: ChainRule, w: Writer) -> str:
    """z, a and L(a, y)."""
    a = w.tint(VALUE, near_one(w, rule.a, rule.rest))
    left = w.tint(VALUE, "a") if rule.y else rf"(1 - {w.tint(VALUE, 'a')})"
    of = near_one(w, rule.a, rule.rest) if rule.y else near_one(w, rule.rest, rule.a)
    return stacked(
        rf"{w.tint(SUM, 'z')} &= {w.number(rule.z)}, \quad "
        rf"{w.tint(VALUE, 'a')} = \sigma(z) = {a}, \quad y = {rule.y}",
        r"L &= -(y \ln a + (1 - y) \ln(1 - a))",
        rf"&= -\ln {left} = -\ln({of}) = {bold(tiny(w, rule.loss))}",
    )


def chain(rule: ChainRule, w: Writer) -> str:
    """∂L/∂a, ∂a/∂z, their product, which is a − y, and ∂z/∂w_i."""
    name = "-1/a" if rule.y else "1/(1 - a)"
    a, slope, error = (w.tint(role, body) for role, body in _factors(rule, w))
    first, *others = (
        rf"{_by('z', f'w_{n}')} {'&=' if n == 1 else '='} {w.number(x)}"
        for n, x in enumerate(rule.x.tolist(), 1)
    )
    return stacked(
        rf"{_by('L', 'a')} &= {name} = {a}",
        rf"{_by('a', 'z')} &= a(1 - a) = {slope}",
        rf"{_by('L', 'z')} &= {a} \cdot {slope} = {error} = a - y",
        r",\;\; ".join((first, *others, f"{_by('z', 'b')} = 1")),
    )


def _factors(rule: ChainRule, w: Writer) -> tuple[tuple[str, str], ...]:
    signed = w.style.notation.tex_term
    by_a = rule.by_a
    size = signed(by_a, 3) if 0.01 <= abs(by_a) < 1e4 else w.significant(by_a, 3)
    return (
        (VALUE, size if by_a > 0 or size.startswith("(") else f"({size})"),
        (SLOPE, tiny(w, rule.slope)),
        ("ink", bold(tiny(w, rule.by_z))),
    )


def gradient(rule: ChainRule, w: Writer) -> str:
    """∂L/∂w_i = ∂L/∂z · ∂z/∂w_i = (a − y)·x_i, and ∂L/∂b = a − y."""
    values, given = rule.gradient.tolist(), rule.x.tolist()
    error = tiny(w, rule.by_z)
    error = f"({error})" if rule.by_z < 0 else error
    rows = [
        rf"{_by('L', f'w_{n}')} &= (a - y)\,x_{n} = {error} \cdot {w.factor(x)} = "
        rf"{bold(tiny(w, value + 0.0))}"
        for n, (x, value) in enumerate(zip(given, values, strict=False), 1)
    ]
    return stacked(*rows, rf"{_by('L', 'b')} &= a - y = {bold(tiny(w, values[-1]))}")


def _by(what: str, of: str) -> str:
    return rf"\partial {what}/\partial {of}"
