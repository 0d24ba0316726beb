"""The memory page's third view: what if the recurrent matrix were larger or smaller?"""

from __future__ import annotations

from functools import partial

from models.memory import products
from models.memory.gradients import Gradients
from models.memory.jacobian_paths import Chain
from models.memory.products import FURTHEST, KINDS, REFERENCES, JacobianProducts
from pages.memory import gradients
from pages.ui import caches, charts, controls, frame, lines, state, sums
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.memory import formulas as written
from viz.memory import now
from viz.memory.products import SIDES, Products
from viz.memory.products import products as picture

_PLAIN = 100  # σ = 1 in hundredths, as the address has it
_CHOICES = range(10, 401, 5)

_products = caches.of_record(products.products, entries=512)


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
    """It is not the trained matrix as it is."""
    return bool(state.get("recurrent") != "own" or state.get("sigma") != _own(found))


def cells(found: Gradients) -> list[controls.Cell]:
    """Which recurrent matrix; its largest singular value, the trained one's own among them."""
    forget = partial(state.put, "sigma", None)
    matrix = partial(controls.select, "recurrent", "memory.matrix", KINDS, on_change=forget)
    own = _own(found) if state.get("recurrent") == "own" else None

    def word(hundredths: int) -> str:
        value = _word(hundredths)
        return t("memory.sigma_own", value=value) if hundredths == own else value

    sigma = partial(controls.slider, "sigma", t("controls.sigma"), _choices(found), word)
    return [(240, matrix), (330, sigma)]


def _product(found: Gradients, sigma: float | None, side: str) -> JacobianProducts:
    kind = state.get("recurrent")
    return _products(found, kind, sigma, linear=side == "linear")


def view(found: Gradients) -> None:
    """Two panels at the left, both products at the right."""
    distance = int(state.get("step"))
    # None: exactly the trained matrix, not one scaled to two decimals.
    wanted = int(state.get("sigma")) / 100 if changed(found) else None
    sides = {side: _product(found, wanted, side) for side in SIDES}
    sigma = products.largest(sides["linear"].u)
    drawn = Products(
        sigma,
        {side: made.norms for side, made in sides.items()},
        [
            (other, {side: _product(found, other, side).norms for side in SIDES})
            for other in REFERENCES
        ],
        distance,
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
        _sums(found, sides, sigma, distance)


def _sums(
    found: Gradients, sides: dict[str, JacobianProducts], sigma: float, distance: int
) -> None:
    frame.section(t("memory.back", steps=distance))
    radius = notation().fixed(products.radius(sides["linear"].u), 2)
    lines.hint(t("memory.sizes", sigma=notation().fixed(sigma, 3), radius=radius))
    if distance == 0:
        lines.remark(t("memory.no_step"))
        return
    lines.titled(t("memory.bound_words"))
    sums.lines(written.bound(sigma, distance, gradients.writer()))
    for side in SIDES:
        made = sides[side]
        chain = products.back(made.u, made.diagonals, distance)
        assert chain is not None
        lines.titled(t(f"memory.figure.{side}"))
        sums.lines(_written(found, side, chain, distance))
        gradients.equal(float(made.norms[distance]), chain.product, t("memory.singular"))
    # What has become of the gradient on both sides.
    alone, bent = (products.change(float(sides[side].norms[distance])) for side in SIDES)
    said = t(f"memory.alone.{alone}", steps=distance), t(f"memory.bent.{bent}")
    lines.hint(" ".join(said))


def _written(found: Gradients, side: str, chain: Chain, distance: int) -> str:
    n = len(found.tokens)
    target = written.jacobian(n, n - distance, by="h")
    if side == "linear":
        return written.powers(target, chain.matrix, chain.product, gradients.writer())
    return written.chain(
        target, chain.matrix, chain.slope, chain.product, gradients.writer(), first="U"
    )
