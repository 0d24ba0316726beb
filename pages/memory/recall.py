"""The memory page's second view: measured recall by distance, and a claim held against it."""

from __future__ import annotations

from models.memory import recall as measured
from models.memory.gradients import NETWORKS
from models.memory.recall import CLAIMED_TO_COPE, CLAIMED_TO_FAIL, COPES, Recall
from pages.memory import gradients
from pages.ui import charts, frame, lines, state, sums
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.memory import formulas as written
from viz.memory import now
from viz.memory.recall import recall


def settle() -> None:
    """A length that was not measured is said, and the default taken."""
    recalls = measured.measured(NETWORKS)
    if recalls is None:
        return
    lengths = recalls["lstm"].distractors
    if state.get("length") not in lengths:
        said = ", ".join(map(str, lengths))
        state.notice("memory.no_length", value=state.get("length"), lengths=said)
        state.put("length", state.default("length"))
    state.put("length", state.get("length"))


def view() -> None:
    """Curves at the left; counts, means and the verdict at the right."""
    recalls = measured.measured(NETWORKS)
    if recalls is None:
        lines.hint(t("frame.not_measured"))
        return
    one = recalls["lstm"]
    place = one.distractors.index(state.get("length"))
    frame.now(*now.recall(recalls, place, gradients.speak()))
    figure, right = frame.picture_and_sums(gradients.WIDTHS, gaps=frame.TIGHT)
    with figure:
        frame.section(t("memory.recall"), t("memory.recall_note"))
        means = {name: _three(float(found.mean[place])) for name, found in recalls.items()}
        gradients.legend(means)
        drawn = recall(recalls, place, charts.style("memory.figure"))
        said = t("memory.after", n=one.distractors[place])
        charts.clickable(drawn, "curves", charts.chooses("length"), t("memory.recall"), said=said)
    with right:
        step_buttons(one.distractors, "memory.nearer", "memory.farther", name="length")
        _shares(recalls, place)
        _verdicts(recalls)


def _shares(recalls: dict[str, Recall], place: int) -> None:
    one = recalls["lstm"]
    frame.section(t("memory.after", n=one.distractors[place]))
    for name in NETWORKS:
        found = recalls[name]
        spread = t(
            "memory.spread",
            low=_three(found.spread(place)[0]),
            high=_three(found.spread(place)[1]),
            error=_three(found.error(place)),
        )
        gradients.named(name, spread)
        sums.lines(written.share_right(found.right(place), found.rows, gradients.writer(), name))
    lines.hint(t("memory.chance", chance=_three(one.chance)))


def _verdicts(recalls: dict[str, Recall]) -> None:
    frame.section(t("memory.claim"))
    found = measured.verdict(recalls["lstm"])
    words = _against(recalls["lstm"], "verdict")
    lines.judged(found, "✓" if found == "held" else "✗", words)
    for name in ("rnn", "attention"):
        gradients.named(name, _against(recalls[name], "fits"))
    least = notation().fixed(COPES, 1)
    lines.hint(t("memory.rule", least=least, cope=CLAIMED_TO_COPE, fail=CLAIMED_TO_FAIL))


def _against(found: Recall, said: str) -> str:
    """How a network stands to the claim. said: "verdict" or "fits", as the words are called."""
    return t(
        f"memory.{said}.{measured.verdict(found)}",
        cope=CLAIMED_TO_COPE,
        fail=CLAIMED_TO_FAIL,
        near=_share(found, CLAIMED_TO_COPE),
        far=_share(found, CLAIMED_TO_FAIL),
    )


def _share(found: Recall, distractors: int) -> str:
    return _three(float(found.mean[found.distractors.index(distractors)]))


def _three(value: float) -> str:
    return notation().fixed(value, 3)
