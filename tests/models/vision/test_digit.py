"""A digit through the vision Transformer: vectors, attention, rollout, pictures in an address."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from models.catalog import load
from models.core.rollout import rollout, with_residual
from models.errors import NotAPicture, NotCapturable
from models.vision import digits
from models.vision.digit import LEVELS, SIDE, levels, packed, patches, see, unpacked
from tests.closeness import CLOSE

MODEL = "vit-digits"
PICTURES = digits.split()[1].pixels[::15]
CODES = st.text("0123456789abcdefg", min_size=SIDE**2, max_size=SIDE**2)


@pytest.mark.parametrize("place", range(0, len(PICTURES), 6))
def test_every_number_is_the_models_own(place: int) -> None:
    pixels = PICTURES[place]
    seen = see(MODEL, pixels)
    assert seen.difference().relative <= CLOSE
    assert seen.attention.model_id == MODEL
    given = torch.tensor(pixels)[None, None]
    with torch.inference_mode():
        made = load(MODEL).model.vit(given, output_hidden_states=True)
        own = load(MODEL).model(given).logits[0].softmax(-1)
    np.testing.assert_allclose(seen.embedding.own, made.hidden_states[0][0], atol=1e-6)
    np.testing.assert_allclose(seen.probabilities, own, atol=1e-6)
    e = np.exp(seen.logits.astype(np.float64))
    np.testing.assert_allclose(seen.probabilities, e / e.sum(), atol=1e-6)
    assert seen.named == seen.probabilities.argmax()


def test_a_vector_is_the_patchs_four_pixels_times_w_plus_b_and_position() -> None:
    pixels = PICTURES[3]
    seen = see(MODEL, pixels)
    parts = load(MODEL).model.vit.embeddings
    w = parts.patch_embeddings.projection.weight.detach().double().numpy()
    b = parts.patch_embeddings.projection.bias.detach().double().numpy()
    position = parts.position_embeddings.detach().double().numpy()[0]
    for row in range(4):
        for column in range(4):
            square = pixels[2 * row : 2 * row + 2, 2 * column : 2 * column + 2].astype(np.float64)
            made = (w[:, 0] * square).sum(axis=(1, 2)) + b + position[1 + 4 * row + column]
            np.testing.assert_allclose(seen.embedding.own[1 + 4 * row + column], made, atol=1e-6)


def test_patches_are_cut_row_by_row_channel_by_channel() -> None:
    picture = np.arange(2 * 4 * 6).reshape(2, 4, 6).astype(np.float32)
    cut = patches(picture, (2, 3))
    assert cut.shape == (4, 12)
    assert cut[1].tolist() == [*picture[0, :2, 3:].ravel(), *picture[1, :2, 3:].ravel()]
    assert cut[2].tolist() == [*picture[0, 2:, :3].ravel(), *picture[1, 2:, :3].ravel()]


def test_a_model_of_text_sees_no_picture() -> None:
    with pytest.raises(NotCapturable):
        see("induction", PICTURES[0])


@given(CODES)
def test_a_picture_in_an_address_comes_back_as_it_was(code: str) -> None:
    pixels = unpacked(code)
    assert pixels.shape == (SIDE, SIDE)
    assert 0 <= pixels.min() <= pixels.max() <= 1
    assert packed(pixels) == code
    assert levels(pixels) == [int(sign, 17) for sign in code]


def test_every_held_out_digit_fits_into_an_address_without_loss() -> None:
    for pixels in digits.split()[1].pixels:
        np.testing.assert_array_equal(unpacked(packed(pixels)), pixels)


@given(
    st.text(max_size=80) | CODES.map(lambda code: code[:-1]) | CODES.map(lambda code: code + "0")
)
def test_what_is_no_picture_is_refused(code: str) -> None:
    if len(code) == SIDE**2 and set(code) <= set("0123456789abcdefg"):
        return
    with pytest.raises(NotAPicture) as caught:
        unpacked(code)
    assert caught.value.details == {"side": SIDE, "levels": LEVELS}


@pytest.mark.parametrize("junk", ["h" * 64, "G" * 64, "٣" * 64, "²" * 64, "-1" * 32, "0" * 5000])
def test_sixty_four_other_signs_are_no_picture(junk: str) -> None:
    with pytest.raises(NotAPicture):
        unpacked(junk)


def test_rollout_is_the_product_of_half_attention_half_identity() -> None:
    """Abnar and Zuidema's recursion, cell by cell in float64."""
    blocks = see(MODEL, PICTURES[7]).attention.layers("encoder")
    layers = [with_residual(block.weights) for block in blocks]
    found = rollout(layers)
    expected = np.eye(17)
    for block, product in zip(blocks, found, strict=True):
        heads = block.weights.astype(np.float64)
        once = np.zeros((17, 17))
        for i in range(17):
            for j in range(17):
                once[i, j] = 0.5 * sum(heads[h, i, j] for h in range(4)) / 4 + 0.5 * (i == j)
        once /= once.sum(axis=1, keepdims=True)
        expected = np.array(
            [[sum(once[i, m] * expected[m, j] for m in range(17)) for j in range(17)]
             for i in range(17)]
        )  # fmt: skip
        np.testing.assert_allclose(product, expected, atol=1e-12)
        np.testing.assert_allclose(product.sum(axis=1), 1, atol=1e-12)


def test_rows_that_do_not_sum_to_one_are_renormalised() -> None:
    leaky = np.full((2, 3, 3), 0.2)  # a learned sink took the rest
    mixed = with_residual(leaky)
    np.testing.assert_allclose(mixed.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(mixed[0, 0] / mixed[0, 1], 1.2 / 0.2, atol=1e-12)


def test_attention_that_stays_at_home_rolls_out_to_the_identity() -> None:
    eye = np.eye(5)[None].repeat(3, axis=0)
    for product in rollout([with_residual(eye)] * 3):
        np.testing.assert_allclose(product, np.eye(5), atol=1e-12)
