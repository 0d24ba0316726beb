"""What the seq2seq page shows now: what the decoder reads, looks at and writes at this step."""

from __future__ import annotations

from viz.board.markup import joined
from viz.board.sentence import LONGEST_TOKEN, Now, percent, say, token
from viz.board.style import Style
from viz.seq2seq.step import Decoding


def step(decoding: Decoding, style: Style) -> Now:
    """The chosen step; the chosen source token's share, too, where another weighs most."""
    heaviest, weights = decoding.heaviest, decoding.weights
    written = decoding.written[decoding.step]
    values = {
        "n": decoding.step,
        "read": token(decoding.read, "q", LONGEST_TOKEN),
        "written": token(written, "q", LONGEST_TOKEN),
        "source": token(decoding.sources[heaviest], "k", LONGEST_TOKEN),
        "share": percent(style, float(weights[heaviest])),
    }
    if decoding.source == heaviest:
        said = say(style, "step", **values)
    else:
        chosen = token(decoding.sources[decoding.source], "k", LONGEST_TOKEN)
        share = percent(style, float(weights[decoding.source]))
        said = say(style, "step_chosen", key=chosen, key_share=share, **values)
    predicted = decoding.trace.predicted.typed[decoding.step]
    if decoding.trace.forced and predicted != written:
        would = say(style, "would", word=token(predicted, "output", LONGEST_TOKEN))
        said = joined((said, would), " ")
    return Now(said, say(style, "last" if decoding.step == decoding.steps - 1 else "then"))
