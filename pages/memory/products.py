"""The memory page's third view: what if the recurrent matrix were larger or smaller?"""

from __future__ import annotations

from functools import partial

import streamlit as st

from models.memory import products, products_autograd
from models.memory.gradients import Gradients
from models.memory.jacobian_paths import Chain
from models.memory.products import (
    FURTHEST,
    KINDS,
    NONLINEARITIES,
    REFERENCES,
    Activation,
    JacobianProducts,
)
from models.memory.steps import Nonlinearity, StepBack
from pages.memory import gradients
from pages.ui import caches, charts, controls, frame, lines, state, sums
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.memory import formulas as written
from viz.memory import now, step_formulas
from viz.memory.products import Products
from viz.memory.products import products as picture

_PLAIN = 100  # σ = 1 in hundredths, as the address has it
_CHOICES = range(10, 401, 5)

_products = caches.of_record(products.products, entries=512)
_step_back = caches.of_record(products.step_back, entries=256)
_check = caches.of_record(products_autograd.check, entries=256)


def settle(found: Gradients) -> None:
    """Keep the distance and σ where they can be; what the link asked for beyond is said."""
    controls.in_range("step", _steps(found))
    sigma = state.get("sigma")
    if sigma is not None and sigma not in _choices(found):
        first, last = _word(_CHOICES[0]), _word(_CHOICES[-1])
        state.notice("memory.no_sigma", value=_word(sigma), first=first, last=last)
        sigma = None
    usual = _own(found) if state.get("recurrent") == "own" else _PLAIN
    state.put("sigma", usual if sigma is None else sigma)


def _steps(found: Gradients) -> int:
    return min(len(found.tokens), FURTHEST + 1)


def _own(found: Gradients) -> int:
    """The trained matrix's own σ in hundredths."""
    return round(products.largest(found.rnn.u) * 100)


def _choices(found: Gradients) -> list[int]:
    own = {_own(found)} if state.get("recurrent") == "own" else set()
    return sorted({*_CHOICES, *own})


def _word(hundredths: int) -> str:
    return notation().fixed(hundredths / 100)


def changed(found: Gradients) -> bool:
    """It is not the trained RNN as it is: another matrix, or ReLU where it learned with tanh."""
    return bool(
        state.get("recurrent") != "own" or state.get("sigma") != _own(found) or _kind() != "tanh"
    )


def network(found: Gradients) -> str:
    """The key of what is said of the network: the trained one, or what was changed in it."""
    if not changed(found):
        return "memory.network_rnn"
    if _kind() == "tanh":
        return "memory.network_changed"
    return "memory.network_relu" if _scaled(found) is None else "memory.network_relu_changed"


def _kind() -> Nonlinearity:
    """The activation; the trained RNN's own where none was chosen."""
    return state.get("nonlinearity") or "tanh"


def nonlinearity(shown: Nonlinearity) -> None:
    """tanh or ReLU. shown: what holds here."""
    controls.shadow(
        st.segmented_control,
        "nonlinearity",
        "memory.nonlinearity",
        NONLINEARITIES,
        lambda name: t(f"memory.nonlinearity.{name}"),
        shown=shown,
        required=True,
    )


def cells(found: Gradients) -> list[controls.Cell]:
    """Which recurrent matrix; its largest singular value, the trained one's own among them."""
    forget = partial(state.put, "sigma", None)
    matrix = partial(controls.select, "recurrent", "memory.matrix", KINDS, on_change=forget)
    own = _own(found) if state.get("recurrent") == "own" else None

    def word(hundredths: int) -> str:
        value = _word(hundredths)
        return t("memory.sigma_own", value=value) if hundredths == own else value

    sigma = partial(controls.slider, "sigma", t("controls.sigma"), _choices(found), word)
    return [(210, matrix), (170, partial(nonlinearity, _kind())), (300, sigma)]


def _product(found: Gradients, sigma: float | None, side: Activation) -> JacobianProducts:
    return _products(found, state.get("recurrent"), sigma, activation=side)


def _scaled(found: Gradients) -> float | None:
    """σ; None: exactly the trained matrix, not one scaled to two decimals."""
    own = state.get("recurrent") == "own" and state.get("sigma") == _own(found)
    return None if own else int(state.get("sigma")) / 100


def view(found: Gradients) -> None:
    """Two panels at the left, both products and the last step's sum at the right."""
    distance, kind, wanted = int(state.get("step")), _kind(), _scaled(found)
    both: tuple[Activation, ...] = ("linear", kind)
    sides: dict[str, JacobianProducts] = {side: _product(found, wanted, side) for side in both}
    sigma = products.largest(sides["linear"].u)
    step = None
    if distance:
        step = _step_back(found, state.get("recurrent"), wanted, kind, distance)
    drawn = Products(
        sigma,
        {side: made.norms for side, made in sides.items()},
        [
            (other, {side: _product(found, other, side).norms for side in both})
            for other in REFERENCES
        ],
        distance,
        kind,
        None if step is None else step.slopes,
    )
    frame.now(*now.exploding(drawn, gradients.speak()))
    figure, right = frame.picture_and_sums(gradients.WIDTHS, gaps=("small", None))
    with figure:
        badge = t("origin.whatif") if changed(found) else ""
        frame.section(t("memory.products"), t("memory.products_note"), badge=badge)
        shown = picture(drawn, charts.style("memory.figure"))
        name, said = t("memory.products"), str(distance)
        charts.clickable(shown, "products", charts.chooses("step"), name, said=said)
    with right:
        step_buttons(range(_steps(found)), "memory.nearer", "memory.farther")
        _sums(found, sides, drawn, step)


def _sums(
    found: Gradients, sides: dict[str, JacobianProducts], drawn: Products, step: StepBack | None
) -> None:
    distance, kind = drawn.distance, _kind()
    frame.section(t("memory.back", steps=distance))
    if step is None:
        lines.remark(t("memory.no_step"))
        return
    linear, bent = sides["linear"], sides[kind]
    fixed = notation().fixed
    most = now.size(drawn.bound, gradients.speak())
    sizes = {"sigma": fixed(drawn.sigma, 3), "radius": fixed(products.radius(linear.u), 2)}
    lines.hint(t("memory.sizes", **sizes, steps=distance, most=most))
    chains = {side: products.back(made.u, made.diagonals, distance) for side, made in sides.items()}
    for side, made in sides.items():
        chain = chains[side]
        assert chain is not None
        lines.titled(t(f"memory.figure.{side}"))
        sums.lines(_written(found, side, chain, distance))
        if made is bent:
            gradients.equal(float(made.norms[distance]), chain.product, t("memory.singular"))
    _step(found, step)
    # What has become of the gradient on both sides.
    alone, after = (products.change(float(sides[side].norms[distance])) for side in drawn.sides)
    state_size = now.size(bent.size, gradients.speak())
    said = (
        t(f"memory.alone.{alone}", steps=distance),
        t(f"memory.bent_{kind}.{after}"),
        t(f"memory.state_{kind}", size=state_size, units=len(bent.last)),
    )
    lines.hint(" ".join(said))


def _step(found: Gradients, step: StepBack) -> None:
    """The last step back, one of its numbers term by term, held against torch's autograd."""
    distance, kind, w = int(state.get("step")), _kind(), gradients.writer()
    lines.titled(t("memory.one_number", unit=step.opened))
    at = len(found.tokens) - distance + 1
    sums.lines(step_formulas.step_back(step, kind, at, w))
    value = now.size(float(step.leaving[step.opened]), gradients.speak())
    check = _check(found, state.get("recurrent"), _scaled(found), kind, distance)
    frame.equal_to(t("memory.by_autograd"), value, check)


def _written(found: Gradients, side: str, chain: Chain, distance: int) -> str:
    n = len(found.tokens)
    target = written.jacobian(n, n - distance, by="h")
    if side == "linear":
        return written.powers(target, chain.matrix, chain.product, gradients.writer())
    w, prime = gradients.writer(), step_formulas.PRIMES[side]
    return written.chain(
        target, chain.matrix, chain.slope, chain.product, w, first="U", prime=prime
    )
