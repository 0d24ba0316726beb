"""A vision Transformer on scikit-learn's 8 × 8 digits: 2 × 2 patches and [CLS].

``python -m models.training.vit_digits`` trains.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import affine_grid, cross_entropy, grid_sample
from transformers import ViTConfig, ViTForImageClassification

from models.training import patches
from models.training.plan import About, Figure, Measured, Plan, Recipe
from models.training.untrained import untrained
from models.vision import deletion
from models.vision.digits import Digits, split

BATCH = 64
TURN, STRETCH, SHIFT = 0.2, 0.12, 0.12  # radians; share of the size; share of half the width


def build() -> nn.Module:
    """An untrained model: 3 layers, 4 heads, width 64."""
    config = ViTConfig(
        image_size=8,
        patch_size=2,
        num_channels=1,
        hidden_size=64,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=128,
        hidden_dropout_prob=0.1,
        initializer_range=0.05,
        num_labels=10,
    )
    model: nn.Module = ViTForImageClassification(config)
    return model


@cache
def _training_part() -> tuple[Tensor, Tensor]:
    part = split()[0]
    return torch.from_numpy(part.pixels.copy())[:, None], torch.from_numpy(part.labels)


def loss(model: nn.Module, draws: torch.Generator) -> Tensor:
    """Of a batch of training digits, each a little turned, stretched and shifted."""
    pixels, labels = _training_part()
    chosen = torch.randint(len(labels), (BATCH,), generator=draws)
    logits = model(pixel_values=moved(pixels[chosen], draws)).logits
    return cross_entropy(logits, labels[chosen], label_smoothing=0.05)


def moved(pixels: Tensor, draws: torch.Generator) -> Tensor:
    """(n, 1, 8, 8) → the same, each picture by an affine map of its own."""
    n = len(pixels)
    angle, size, across, down = (torch.rand(4, n, generator=draws) * 2 - 1).unbind()
    angle, size = angle * TURN, 1 + size * STRETCH
    cos, sin = angle.cos() * size, angle.sin() * size
    theta = torch.stack((cos, -sin, across * SHIFT, sin, cos, down * SHIFT), dim=1)
    grid = affine_grid(theta.view(n, 2, 3), list(pixels.shape), align_corners=False)
    return grid_sample(pixels, grid, align_corners=False)


def save(models: Sequence[nn.Module], folder: Path) -> None:
    """Weights and configuration."""
    models[0].save_pretrained(folder)  # type: ignore[operator]


@torch.inference_mode()
def right(model: Any, digits: Digits) -> Tensor:
    """(n,) bool: which pictures are classified rightly."""
    logits = model(pixel_values=torch.from_numpy(digits.pixels.copy())[:, None]).logits
    return logits.argmax(-1) == torch.from_numpy(digits.labels)  # type: ignore[no-any-return]


def sample(seed: int) -> Digits:
    """The held-out part; with another seed than the card's, as many drawn from it, put back."""
    from models.training.evaluate import SAMPLE_SEED

    held_out = split()[1]
    if seed == SAMPLE_SEED:
        return held_out
    n = len(held_out.labels)
    chosen = np.random.default_rng(seed).integers(n, size=n)
    return Digits(held_out.pixels[chosen], held_out.labels[chosen])


def measure(folder: Path, seed: int) -> Measured:
    """Accuracy on the held-out digits; beside it an untrained model and logistic regression."""
    from models.catalog import load

    digits, model = sample(seed), load(str(folder)).model
    found = right(model, digits)
    plain = right(untrained(build, seed), digits)
    own, other = float(found.float().mean()), logistic_regression(digits)
    quality = {"accuracy": own, "above_logistic_regression": own - other}
    baselines = {
        "untrained": {"accuracy": float(plain.float().mean())},
        "logistic_regression": {"accuracy": other},
        "without_attention": {"accuracy": float(_unattended(model, digits).float().mean())},
    }
    detail = {
        "held_out": len(digits.labels),
        "right": int(found.sum()),
        "by_digit": _by(found, digits),
    }
    # Minutes, and only the evaluation needs it.
    files = {deletion.FILE: partial(patches.curves, folder, digits)}
    return Measured(quality, baselines, detail, files)


def logistic_regression(digits: Digits) -> float:
    """Accuracy of scikit-learn's, fitted to the same training part, pixels standardised."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    part = split()[0]
    fitted = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    fitted.fit(part.pixels.reshape(-1, 64), part.labels)
    return float(fitted.score(digits.pixels.reshape(-1, 64), digits.labels))


def _unattended(model: Any, digits: Digits) -> Tensor:
    """The same with all heads' outputs set to zero: [CLS] then sees no patch."""
    from models.training.ablation import all_off

    config = model.config
    pairs = [
        (layer.attention.o_proj, range(config.num_attention_heads)) for layer in model.vit.layers
    ]
    with all_off(pairs, config.hidden_size // config.num_attention_heads):
        return right(model, digits)


def _by(found: Tensor, digits: Digits) -> list[float]:
    """Accuracy of each digit, 0 to 9."""
    labels = torch.from_numpy(digits.labels)
    return [float(found[labels == digit].float().mean()) for digit in range(10)]


PLANS = {
    "vit-digits": Plan(
        id="vit-digits",
        recipe=Recipe(steps=4000, batch=BATCH, learning_rate=1.5e-3, weight_decay=0.05, warmup=200),
        about=About(
            what="A ViT as transformers builds it: 16 patches of 2 × 2 pixels and [CLS], 3 layers, "
            "4 heads, width 64. Input: (1, 8, 8), ink is 1, paper 0.",
            data="scikit-learn's bundled copy of the Optical Recognition of Handwritten Digits "
            "data (UCI; Alpaydin and Kaynak, 1998): 1,797 grey pictures of 8 × 8 pixels. Four "
            "fifths for training, one fifth held out, each digit in the same share; the split is "
            "fixed (`models/vision/digits.py`) and was chosen once. Each training picture is "
            f"turned by up to {math.degrees(TURN):.0f}°, stretched by up to {STRETCH:.0%} and "
            f"shifted by up to {SHIFT * 4:.1f} pixels.",
            results="All on the held-out digits. Logistic regression is scikit-learn's, on the "
            "same training part without the moved copies. *Without attention*: all heads' outputs "
            f"set to zero, so that [CLS] sees no patch. `{deletion.FILE}`: the probability of the "
            "class that each held-out digit is named, while its patches are replaced one by one, "
            "the most attended first, the least, the one with the most ink, or in "
            f"{deletion.RANDOM} random orders.",
            limits="The writers of the held-out digits are not kept apart from those of the "
            "training part. With a few hundred held-out pictures one picture is worth about 0.3 "
            "percentage points. Which patches a head looks at is routing, not a reason.",
        ),
        figures={
            "accuracy": Figure("share of held-out digits named rightly", 0.025, at_least=0.97),
            "above_logistic_regression": Figure(
                "that share less logistic regression's", 0.025, at_least=0.0001
            ),
        },
        build=build,
        loss=loss,
        save=save,
        measure=measure,
    )
}

if __name__ == "__main__":
    from models.training.__main__ import main

    main(default=tuple(PLANS))
