"""The picture that the pictures' page is about: a held-out digit or the visitor's own drawing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from models.core.loaded import LoadedModel
from models.errors import NotAPicture
from models.vision.digit import SIDE, packed, see, unpacked
from models.vision.digits import split
from models.vision.trace import PictureTrace
from pages.ui import about, caches, charts, controls, frame, lines, state
from pages.ui.stepping import step_buttons
from pages.ui.text import labels, t
from pages.vision.pad import drawing_pad
from viz.board.markup import joined
from viz.vision import pad
from viz.vision.attention import Asking, Look

MODEL = "vit-digits"
PATCH = 2  # pixels a side
WIDTHS = (840, 560)  # a view's figure and its sums
style = partial(charts.style, "figure", "scores.figure", "vision.figure")
speak = partial(charts.style, "now", "vision.now")


def _seen(loaded: LoadedModel, code: str) -> PictureTrace:
    """A picture's way through a vision model; code: its 64 signs."""
    return see(loaded, unpacked(code))


seen = caches.of_model(_seen, entries=256)


@dataclass(frozen=True, slots=True, eq=False)
class Shown(Look):
    """What the page shows. code: the picture's signs; label: which digit it is, None: unknown."""

    code: str
    number: int
    label: int | None

    @property
    def own(self) -> bool:
        """The visitor's drawing: nobody knows which digit it is."""
        return self.label is None


def chosen() -> Shown:
    """The picture and place in the address; what is not there is said."""
    digits = split()[1]
    number = controls.in_range("picture", len(digits.labels))
    example = packed(digits.pixels[number])
    code = _drawn(example)
    trace = seen(MODEL, code)
    found = trace.attention.layers("encoder")
    tokens = len(trace.attention.tokens)
    controls.in_range("dim", int(found[0].v.shape[2]))
    controls.in_range("unit", int(trace.embedding.own.shape[1]))
    return Shown(
        trace,
        controls.in_range("layer", len(found)),
        controls.in_range("head", found[0].heads),
        controls.in_range("query", tokens),
        controls.in_range("key", tokens),
        code,
        number,
        int(digits.labels[number]) if code == example else None,
    )


def _drawn(example: str) -> str:
    """The visitor's drawing when there is one, else the example."""
    code = str(state.get("drawn"))
    try:
        code = packed(unpacked(code)) if code else example
    except NotAPicture as error:
        state.notice(f"error.{error.code}", **error.details)
        code = example
    state.put("drawn", "" if code == example else code)
    return code


def picture_control() -> None:
    """Which held-out digit; another one takes the drawing away."""
    undraw, why = partial(state.put, "drawn", ""), t("vision.picture_help")
    controls.counted("picture", len(split()[1].labels), on_change=undraw, help=why)


def back_control(shown: Shown) -> None:
    """Away with the drawing, back to the digit that it began with."""
    words = t("vision.back_to", number=shown.number)
    controls.button(words, "undraw", state.put, "drawn", "", disabled=not shown.own)


def steps(shown: Asking) -> None:
    """One token on, one back."""
    step_buttons(range(len(shown.row)), "vision.back", "vision.on", name="key")


def panel(shown: Shown) -> None:
    """The picture to draw in, and below it what the model names it."""
    digit = t("vision.digit", number=shown.number, label=shown.label)
    name, badge = (t("vision.drawing"), t("vision.own")) if shown.own else (digit, "")
    frame.section(name, badge=badge)
    row, column = divmod(max(shown.key - 1, 0), SIDE // PATCH)
    payload = pad.payload(
        shown.code,
        SIDE,
        marked=(row * PATCH, column * PATCH, PATCH, PATCH) if shown.key else None,
        labels=labels("vision.pad"),
        theme=frame.current_theme(),
    )
    drawing_pad(payload, on_draw=lambda code: state.put("drawn", code))
    # What the model says, with a sign where the digit is known.
    trace = shown.trace
    words, right = t("vision.says", named=trace.named), lines.sign(shown.label == trace.named)
    frame.section(words if shown.own else joined((words, right), " "))
    pairs = zip(trace.logits.tolist(), trace.probabilities.tolist(), strict=True)
    rows = [(str(digit), logit, share) for digit, (logit, share) in enumerate(pairs)]
    lines.logits(rows, trace.named)


def provenance(shown: Shown) -> None:
    """Model, picture and how well the model does."""
    own = t("vision.from_own", number=shown.number)
    example = t("vision.from_held_out", number=shown.number, label=shown.label)
    frame.provenance(
        "live",
        caches.title(MODEL),
        own if shown.own else example,
        about.headline(MODEL, beside="logistic_regression"),
        difference=shown.trace.difference(),
        against="vision",
    )
