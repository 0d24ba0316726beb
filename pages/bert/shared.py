"""What the bert page's views share: their switch, model and texts, the place that is looked at."""

from __future__ import annotations

from functools import partial

from models.bert.heads import fills_masks, judges_pairs
from models.bert.trace import Embedded, Judgement, MaskedText
from models.core.loaded import LoadedModel
from models.trace import AttentionTrace
from pages.bert import TOPIC
from pages.ui import about, caches, charts, controls, frame, inputs, state, sums, views
from viz.formula.writer import Writer

VIEWS = TOPIC.views
WIDTHS = (1110, 700)  # picture and sums, pixels
VIEW, MODEL, SENTENCE = 640, 250, 300  # controls
style = partial(charts.style, "bert.figure")
speak = partial(charts.style, "now", "bert.now")


def head_cells(
    widths: tuple[int, int, int, int] = (VIEW, MODEL, SENTENCE, SENTENCE),
) -> list[controls.Cell]:
    """View, model and the two sentences, for a row of controls. widths: pixels."""
    draws = (
        partial(views.switch, "bert", VIEWS, wrap=False),
        partial(inputs.model, family="bert"),
        partial(inputs.sentence, "bert.first"),
        partial(inputs.text, "pair", "bert.second", "controls.pair_hint"),
    )
    return list(zip(widths, draws, strict=True))


def _heads_of(loaded: LoadedModel) -> frozenset[str]:
    """Which of BERT's two heads a model has: "words", "pairs". Raises what `fills_masks` raises."""
    has = {"words": fills_masks(loaded), "pairs": judges_pairs(loaded)}
    return frozenset(name for name, there in has.items() if there)


_heads = caches.of_model(_heads_of, entries=32)


def able(model_id: str, head: str) -> str:
    """The model itself where it has that head ("words", "pairs"), else the page's own; it is said.

    Raises errors.InputError for a model that cannot be loaded.
    """
    if head in _heads(model_id):
        return model_id
    own = str(state.default("model"))
    state.notice(f"bert.no_{head}", model=caches.title(model_id), own=caches.title(own))
    return own


def writer(few: int, digits: int = 2) -> Writer:
    """How sums are written: so many terms, or all; so many digits, or two more."""
    return sums.writer(style(), few, digits=digits)


def provenance(
    found: AttentionTrace | Embedded | MaskedText | Judgement,
    *extra: str,
    against: str,
    figure: str | None = None,
    beside: str = "",
) -> None:
    """Model, texts and largest difference of a recording; extra: words between them.

    figure, beside: which of the model's measured figures is told, beside which baseline's; None:
    none belongs here.
    """
    model_id = found.model_id
    headline = "" if figure is None else about.headline(model_id, figure, beside=beside)
    quotes = [frame.quote(text) for text in (found.text, found.text_pair) if text]
    frame.provenance(
        "live",
        caches.title(model_id),
        *extra,
        *quotes,
        headline,
        difference=caches.difference(found),
        against=against,
    )
