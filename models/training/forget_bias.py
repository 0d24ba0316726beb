"""How an LSTM learns to recall, by the bias that its forget gate begins with.

σ(0) = 0.5 keeps half of a cell state a step, σ(1) = 0.73, σ(2) = 0.88: what is kept at first
decides how far gradients reach (Gers et al. 2000; Jozefowicz et al. 2015, section 2.2).
``python -m models.training.forget_bias`` trains each bias with several seeds and writes
forget_bias.json beside the model of that task.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from models.measured import CHECKPOINTS
from models.training import memory
from models.training.untrained import untrained

BIASES, SEEDS = (0.0, 1.0, 2.0), (0, 1, 2)
DISTRACTORS, STEPS, EVERY = 20, 900, 30
RATE, CLIP = 2e-3, 1.0  # as the memory models' own
FILE = CHECKPOINTS / "memory-lstm" / "forget_bias.json"


def begun(bias: float, seed: int) -> nn.Module:
    """The memory task's untrained LSTM, all its forget gates' biases at that number."""
    model = untrained(memory.lstm, seed)
    with torch.no_grad():
        for name, parameter in model.recurrent.named_parameters():  # type: ignore[union-attr]
            if name.startswith("bias"):  # torch adds two biases: i, f, g, o in a row
                parameter.view(4, -1)[1] = bias / 2
    return model


def learned(bias: float, seed: int) -> list[float]:
    """Share of right answers before training and after every EVERY steps of it."""
    model, draws = begun(bias, seed).train(), torch.Generator().manual_seed(seed)
    mover = torch.optim.AdamW(model.parameters(), RATE, weight_decay=0.0)
    found = [memory.accuracy(model, DISTRACTORS, seed)]
    for step in range(1, STEPS + 1):
        ids = memory.examples(DISTRACTORS, memory.BATCH, draws)
        loss = cross_entropy(model(input_ids=ids).logits[:, -1], ids[:, 0])
        model.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        mover.step()
        if step % EVERY == 0:
            found.append(memory.accuracy(model, DISTRACTORS, seed))
    return found


def measured() -> dict[str, Any]:
    """Every bias with every seed: accuracy by step, and how it was measured."""
    started = time.monotonic()
    curves = {f"{bias:g}": [learned(bias, seed) for seed in SEEDS] for bias in BIASES}
    return {
        "distractors": DISTRACTORS,
        "steps": list(range(0, STEPS + 1, EVERY)),
        "accuracy": curves,
        "rows": memory.ROWS,
        "seeds": list(SEEDS),
        "chance": 1 / len(memory.SYMBOLS),
        "seconds": round(time.monotonic() - started, 1),
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
    }


def main(file: Path = FILE) -> None:
    """Measure on one thread, so that the same numbers come of it, and write the file."""
    torch.set_num_threads(1)
    file.write_text(json.dumps(measured()) + "\n", "utf-8")


if __name__ == "__main__":
    main()
