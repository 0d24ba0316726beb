"""The gpt page's third view: keys and values that are kept, and what that saves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from models.gpt.cache import Cached, Size, attended, cached, held
from models.trace import AttentionBlock
from pages.gpt import controls
from pages.gpt.controls import Seen
from pages.ui import caches, charts, frame, lines, state, sums
from pages.ui.text import notation, t
from viz.formula.writer import Writer
from viz.gpt import cache_formulas as written
from viz.gpt import now
from viz.gpt.cache import HEIGHT, Kept, cache_blocks

_SAID = ("latent", "shared", "unknown")  # what is kept in place of a head's K and V
style = partial(charts.style, "scores.figure", "gpt.cache.figure")
_cached = caches.of_model(cached, entries=caches.TRACES)


def view(seen: Seen, less: int) -> None:
    """The blocks at the left; what is kept, computed and saved at the right."""
    ids = seen.written.ids
    trace = controls.pass_over(seen.written.model_id, ids)
    block = trace.block("decoder", int(state.get("layer")))
    head = block.kv_head(int(state.get("head")))
    kept = _cached(seen.written.model_id, ids)
    blocks = trace.layers("decoder")
    found = [held(kept, one, int(state.get("head"))) for one in blocks]
    shown = Kept(
        [one.q[int(state.get("head")), -1] for one in blocks],
        [each.keys for each in found],
        [each.values for each in found],
        trace.typed,
        full=not seen.written.room,
        attended=tuple(attended(one) for one in blocks),
        numbers=trace.numbers("decoder"),
        sorts=tuple(each.sort for each in found),
    )
    frame.now(*now.cache(shown, seen.after, controls.speak()))
    figure, right = frame.picture_and_sums(controls.WIDTHS, gaps=frame.CLOSE)
    with figure:
        controls.text_so_far(seen)
        if shown.latent:
            frame.section(t("gpt.cache.kept_latent"))
        else:
            frame.section(t("gpt.cache.kept", head=head), t("gpt.cache.kept_note"))
        height = HEIGHT - less
        charts.told(cache_blocks(shown, style(), height=height), "kept")
        for name in _SAID:
            if name in shown.sorts:
                lines.hint(t(f"gpt.cache.{name}"))
        if any(len(each) < shown.tokens for each in shown.keys if len(each)):
            lines.hint(t("gpt.cache.window"))
    with right:
        controls.buttons(seen)
        if kept is None:
            lines.remark(t("gpt.cache.none", model=caches.title(seen.written.model_id)))
            heads, _, d = block.k.shape
            sizes: tuple[Size, ...] = (Size(len(blocks), heads, len(ids), d, 4),)
        else:
            sizes = kept.sizes
        _counts(sizes, shown, blocks)
        if kept is not None:
            _check(kept, sum(size.bytes for size in sizes))
    frame.provenance(
        "live",
        *controls.where(seen),
        difference=caches.difference(trace) if kept is None else kept.difference,
        against="frame" if kept is None else "gpt.cache",
    )


def _counts(sizes: Sequence[Size], shown: Kept, blocks: Sequence[AttentionBlock]) -> None:
    w = Writer(style())
    rows, shared = sum(one.heads for one in blocks), sum(len(one.k) for one in blocks)
    dots = sum(one.heads * seen for one, seen in zip(blocks, shown.attended, strict=True))
    kept = [(size.layers, size.heads, size.tokens, size.widths) for size in sizes]
    for name, formula in (
        ("memory", written.memory(kept, sizes[0].number_bytes, w, latent=shown.latent)),
        ("rows", written.rows(rows, shown.tokens, w, shared=shared)),
        ("dots", written.dots(dots, rows * shown.tokens, shown.tokens, w)),
    ):
        frame.section(t(f"gpt.cache.{name}"))
        sums.lines(formula)
    lines.hint(t("gpt.cache.dots_note"))


def _check(kept: Cached, total: int) -> None:
    """The model's own cache weighed, and its own probabilities with and without it."""
    same = lines.sign(kept.bytes == total)
    lines.equal(t("gpt.cache.own_bytes"), notation().grouped(kept.bytes), same)
    frame.equal_to(t("gpt.cache.own_p"), "", kept.difference)
