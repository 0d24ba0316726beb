"""The training side of the view of LoRA: an adapter of the visitor's own, trained here."""

from __future__ import annotations

import streamlit as st

from models.catalog import accepts_local
from models.cost import adapter as adapters
from models.cost import finetuning as trainings
from models.cost import lora
from models.cost.finetuning import RANKS, STEPS, AdapterTraining, TrainedAdapter
from pages.cost.shared import GAPS, WIDTHS
from pages.ui import caches, charts, controls, frame, lines, state, sums, symbols
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.cost.finetuning import HERE, TrainingShown, loss_curves
from viz.cost.finetuning_formulas import learned
from viz.cost.finetuning_now import finetuning
from viz.formula.writer import Writer
from viz.tables.next_words import bars

POLL = 1.0  # seconds between two looks how far it is
_TICKET, _DONE = "_cost_training", "_cost_trained"  # in the session: what was begun, what it gave


def outcome() -> TrainedAdapter | None:
    """What this visitor trained last, for as long as the visit lasts."""
    _run()  # it may have ended while another view was looked at
    found: TrainedAdapter | None = st.session_state.get(_DONE)
    return found


def view() -> None:
    """The loss at the left, live; rank, button and what it came to at the right."""
    drawn = _shown()
    run, rank = drawn.run, drawn.rank if drawn.run is None else drawn.run.rank
    shipped = adapters.shipped()
    matrices, everything = len(shipped.matrices), lora.everything()
    speak = charts.style("now", "cost.tune.now")
    frame.now(*finetuning(drawn, shipped.learned(rank), everything, accepts_local(), speak))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=GAPS)
    busy = run is not None and run.busy
    with figure:
        frame.section(t("cost.tune.title"), t("cost.tune.note"))
        st.fragment(_curve, run_every=POLL if busy else None)(run.stage if run else "")
    with right:
        step_buttons(RANKS, "cost.lora.less", "cost.lora.more", name="train_rank", primary=False)
        frame.section(t("cost.tune.rank", rank=drawn.rank), t("cost.tune.matrices", n=matrices))
        w = Writer(charts.style("cost.lora.formula"))
        sums.lines(learned(drawn.rank, shipped.shape, matrices, everything, w))
        _button(run)
        if run is not None and run.outcome is not None:
            _outcome(run.rank, run.outcome)
    _provenance(run)


def _shown() -> TrainingShown:
    shipped = adapters.shipped()
    return TrainingShown(
        _run(), int(state.get("train_rank")), trainings.shipped_curve(), shipped.rank
    )


def _run() -> AdapterTraining | None:
    """This visitor's own; once it is done, what it gave is kept in the session."""
    name = st.session_state.get(_TICKET)
    if isinstance(name, AdapterTraining):
        return name
    found = None if name is None else trainings.seen(name)
    if found is not None and found.outcome is not None:
        st.session_state[_TICKET], st.session_state[_DONE] = found, found.outcome
    return found


def _curve(stage: str) -> None:
    """By itself, as often as there may be something new; another stage is another run."""
    drawn = _shown()
    run = drawn.run
    if (run.stage if run else "") != stage:
        st.rerun()
    if run is not None and run.busy:
        words = {"count": run.before, "n": len(run.losses), "last": STEPS}
        st.progress(run.share, t(f"cost.tune.stage.{run.stage}", **words))
    charts.still(loss_curves(drawn, charts.style("cost.tune.figure")), "tuning")


def _button(run: AdapterTraining | None) -> None:
    if not accepts_local():
        lines.remark(t("cost.tune.hosted"))
    elif run is not None and run.busy:
        controls.button(t("cost.tune.stop"), "stop-training", _stop)
    else:
        controls.button(t("cost.tune.begin"), "train", _begin, type="primary",
                        help=t("cost.tune.help"))  # fmt: skip


def _begin() -> None:
    run = _run()
    if run is not None and run.busy:  # a second click came before the first one's run
        return
    name = trainings.begin(int(state.get("train_rank"))) if accepts_local() else None
    if name is None:
        state.notice("cost.tune.full", count=trainings.WAITING)
    else:
        st.session_state[_TICKET] = name


def _stop() -> None:
    name = st.session_state.get(_TICKET)
    if isinstance(name, str):
        trainings.stop(name)


def _outcome(rank: int, one: TrainedAdapter) -> None:
    exact_rows(rank, one)
    lines.equal(t("cost.tune.untouched"), "", lines.sign(one.untouched))
    controls.button(t("cost.tune.look"), "look-at-it", _look)


def exact_rows(rank: int, one: TrainedAdapter) -> None:
    """Its exact test translations beside the shipped adapter's, of the same sentences."""
    frame.section(t("cost.lora.exact"), t("cost.tune.same", count=one.sentences))
    most = adapters.shipped().rank
    rows = (
        (t("cost.lora.figure.without"), (one.without,)),
        (t("cost.tune.here", rank=rank), (one.exact,)),
        (t("cost.tune.shipped", rank=most), (one.shipped,)),
    )
    symbols.show(bars(rows, notation=notation()))


def _look() -> None:
    one = outcome()
    if one is not None:
        state.put_all(adapter="here", rank=one.adapter.rank)


def _provenance(run: AdapterTraining | None) -> None:
    base = caches.title(adapters.shipped().base)
    if run is None or not run.losses:
        frame.provenance("measured", base, t("cost.tune.whose"))
        return
    one = run.outcome
    took = "" if one is None else t("cost.tune.took", seconds=notation().fixed(one.seconds, 0))
    parts = frame.tinted(t("cost.tune.just_now", rank=run.rank, n=len(run.losses)), HERE), took
    apart = None if one is None else one.merged
    frame.provenance("live", base, *parts, difference=apart, against="cost_tune")
