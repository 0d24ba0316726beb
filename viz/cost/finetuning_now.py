"""What the training side of the view of low-rank updates shows now."""

from __future__ import annotations

from models.cost.finetuning import STEPS
from viz.board.sentence import Now, now, number, percent
from viz.board.style import Style
from viz.cost.finetuning import HERE, SHIPPED, TrainingShown

_GOES = ("starting", "training", "testing")


def finetuning(drawn: TrainingShown, learned: int, everything: int, may: bool, style: Style) -> Now:
    """Which stage it is at, and of a finished one what it came to.

    learned: numbers of the update that is trained; everything: the model's. may: training is
    allowed here.
    """
    run, curve = drawn.run, drawn.shipped
    then = "then_ready" if may else "then_hosted"
    grouped = style.notation.grouped
    if run is not None and run.outcome is not None:
        one = run.outcome
        return now(
            style, "done", "then_done", rank=run.rank, count=one.sentences,
            exact=percent(style, one.exact, HERE), shipped=percent(style, one.shipped, SHIPPED),
            shipped_rank=drawn.shipped_rank,
        )  # fmt: skip
    if run is not None and run.busy:
        stage, then = ("goes", "then_goes") if run.stage in _GOES else ("waiting", "then_waits")
        values = {"learned": grouped(learned), "everything": grouped(everything)}
        return now(style, stage, then, rank=run.rank, **values)
    if run is not None:
        return now(style, run.stage, then, n=len(run.losses))
    if curve is None:
        return now(style, "unknown", then)
    points = [loss for step, loss in curve.points if step <= STEPS]
    ends = {"first": number(style, points[0], SHIPPED), "last": number(style, points[-1], SHIPPED)}
    return now(style, "before", then, rank=drawn.shipped_rank, n=STEPS, **ends)
