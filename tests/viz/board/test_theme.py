"""The table of colours: readable, ordered, symmetric, told apart without seeing red or green."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.trace import Floats
from viz.board.theme import (
    DARK,
    LIGHT,
    Theme,
    at,
    contrast,
    ink_on,
    luminance,
    rgb,
    template,
    theme,
)

BOTH = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
IDENTITIES = ("q", "k", "v", "weight", "output")
GATES = ("gate_f", "gate_i", "gate_g", "gate_o", "state_c", "state_h")
NETWORKS = ("net_rnn", "net_lstm", "weight")
TEXT = (*IDENTITIES, *GATES, *NETWORKS, "plus", "minus", "ink", "muted", "accent", "good", "bad")
ON_CHOSEN_ROW = ("k", "weight", "plus", "minus", "ink", "muted")
ENOUGH = 4.5  # WCAG 2.2, 1.4.3: ordinary text

# Linear RGB as seen without the middle, long or short cones: Machado, Oliveira and Fernandes
# 2009, severity 1.0; on paper in grey: its luminance.
NO_GREEN = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)
NO_RED = np.array(
    [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]
)
NO_BLUE = np.array(
    [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ]
)
GREY = np.tile([0.2126, 0.7152, 0.0722], (3, 1))
BLIND = {"deuteranopia": NO_GREEN, "protanopia": NO_RED, "tritanopia": NO_BLUE}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = TO_XYZ.sum(axis=1)
APART = 9.0  # CIE76; about 2.3 is just noticeable side by side


def seen(colour: str, eye: Floats) -> Floats:
    """CIE L*a*b* of a colour as that eye sees it."""
    c = np.array(rgb(colour)) / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    x = TO_XYZ @ np.clip(eye @ linear, 0, 1) / WHITE
    f = np.where(x > 216 / 24389, np.cbrt(x), (24389 / 27 * x + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@BOTH
@pytest.mark.parametrize("role", TEXT)
def test_every_text_colour_reads_on_its_page(colours: Theme, role: str) -> None:
    assert contrast(getattr(colours, role), colours.page) >= ENOUGH


@BOTH
@pytest.mark.parametrize("role", ON_CHOSEN_ROW)
def test_what_stands_on_the_chosen_row_reads_there(colours: Theme, role: str) -> None:
    assert contrast(getattr(colours, role), colours.soft) >= ENOUGH


@BOTH
def test_minus_infinity_reads_on_a_masked_cell(colours: Theme) -> None:
    assert contrast(colours.muted, colours.mask) >= ENOUGH


@BOTH
def test_a_larger_weight_is_always_farther_from_the_page(colours: Theme) -> None:
    light = [luminance(at(colours.weights, share)) for share in np.linspace(0, 1, 101)]
    steps = np.diff(light) * (1 if colours is DARK else -1)
    assert at(colours.weights, 0) == colours.page
    assert (steps > 0).all()


@BOTH
@pytest.mark.parametrize("eye", [*BLIND.values(), GREY], ids=[*BLIND, "grey"])
def test_scales_rise_in_lightness_for_every_eye(colours: Theme, eye: Floats) -> None:
    """What is larger is lighter or darker all along; of scores the size, numbers have the sign."""
    ways = (colours.weights, 0, 1), (colours.scores, 0.5, 1), (colours.scores, 0.5, 0)
    for scale, begin, end in ways:
        shades = (at(scale, share) for share in np.linspace(begin, end, 33))
        steps = np.diff([seen(shade, eye)[0] for shade in shades])
        assert (steps > 0).all() or (steps < 0).all()


@BOTH
def test_scores_are_symmetric_around_the_page_colour(colours: Theme) -> None:
    stops = [stop for stop, _ in colours.scores]
    assert stops == [1 - stop for stop in reversed(stops)]
    assert at(colours.scores, 0.5) == colours.page
    for share in np.linspace(0, 0.5, 26):
        negative, positive = rgb(at(colours.scores, share)), rgb(at(colours.scores, 1 - share))
        if share < 0.49:
            assert negative[2] > negative[0], "negative is blue"
            assert positive[0] > positive[2], "positive is orange"
    distance = [abs(luminance(at(colours.scores, s)) - luminance(colours.page)) for s in stops]
    assert distance[0] > distance[1] > distance[2] < distance[3] < distance[4]


@BOTH
@pytest.mark.parametrize("eye", BLIND.values(), ids=BLIND)
@pytest.mark.parametrize("group", [IDENTITIES, GATES, NETWORKS, ("plus", "minus"), ("good", "bad")])
def test_roles_that_stand_together_differ_for_the_colour_blind(
    colours: Theme, eye: Floats, group: tuple[str, ...]
) -> None:
    near = {
        (a, b): float(
            np.linalg.norm(seen(getattr(colours, a), eye) - seen(getattr(colours, b), eye))
        )
        for a, b in combinations(group, 2)
    }
    assert min(near.values()) >= APART, near


@BOTH
def test_a_masked_cell_has_a_colour_of_no_weight_and_no_score(colours: Theme) -> None:
    for scale in (colours.weights, colours.scores):
        shades = {at(scale, share) for share in np.linspace(0, 1, 501)}
        assert colours.mask not in shades


@given(st.sampled_from([LIGHT, DARK]), st.sampled_from(["weights", "scores"]), st.floats(0, 1))
def test_a_number_reads_on_every_shade(colours: Theme, scale: str, share: float) -> None:
    shade = at(getattr(colours, scale), share)
    assert contrast(ink_on(shade), shade) >= ENOUGH


@given(st.floats(-1, 2))
def test_a_scale_hits_its_stops_and_stays_between_its_neighbours(share: float) -> None:
    colour = rgb(at(LIGHT.weights, share))
    clipped = min(max(share, 0.0), 1.0)
    for (left, low), (right, high) in pairwise(LIGHT.weights):
        assert at(LIGHT.weights, left) == low
        if left <= clipped <= right:
            bounds = zip(colour, rgb(low), rgb(high), strict=True)
            assert all(min(a, b) <= c <= max(a, b) for c, a, b in bounds)


def test_contrast_is_the_one_that_the_standard_defines() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=5e-4)
    assert luminance("#FF0000") == pytest.approx(0.2126)


@pytest.mark.parametrize(("name", "expected"), [("dark", DARK), ("light", LIGHT), (None, LIGHT)])
def test_a_browser_that_has_not_said_gets_the_light_theme(
    name: str | None, expected: Theme
) -> None:
    assert theme(name) is expected


@BOTH
def test_the_template_takes_its_colours_from_the_table(colours: Theme) -> None:
    layout = go.Figure(layout={"template": template(colours.name)}).layout.template.layout
    assert layout.font.color == colours.ink
    assert layout.hoverlabel.bgcolor == colours.page
    assert layout.xaxis.color == layout.yaxis.color == colours.ink
