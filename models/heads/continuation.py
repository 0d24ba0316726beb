"""A text and what a decoder writes behind it, recorded in one pass that is held against both."""

from __future__ import annotations

from models.core import tokens
from models.core.continued import against_pass
from models.core.loaded import LoadedModel
from models.record import as_numpy, blocks_of, finite, inputs_of, traced
from models.recording.continuation import continued
from models.trace import AttentionTrace


def record_continued(
    loaded: LoadedModel, text: str, count: int, *, cut: bool = False, surroundings: bool = False
) -> AttentionTrace:
    """As models.record.record, with up to `count` tokens that the model writes itself (greedy).

    `continued` of the result says which they are, and what the pass over the whole says of them.
    Raises errors.NoHead (it writes no text), and what record raises.
    """
    from models.recording import capture, decoder

    given = loaded.encode(text, cut=cut)
    whole, start = continued(loaded, given, count), len(given.ids)
    inputs = inputs_of(loaded, whole)
    sink = capture.run(loaded.model, inputs, surroundings=surroundings, answer=True)
    ended = len(whole.ids) > start and whole.ids[-1] in decoder.ends(loaded)
    logits = finite(loaded, as_numpy(sink.answer.logits[0]))
    found = against_pass(logits, whole.ids, start, ended=ended)
    clean = tokens.clean(text[: tokens.MAX_CHARACTERS])
    return traced(loaded, whole, None, blocks_of(loaded, sink.calls), found, text=clean)
