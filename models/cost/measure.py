"""Run five layers at growing lengths and measure them: `make measure-cost`.

One head, one text, float32, random numbers, one thread; its own time, which other programs on the
machine lengthen little. Full attention: Vaswani et al. 2017, eq. 1; the fused kernel: Dao et al.
2022, as torch's scaled_dot_product_attention has it; overlapping blocks: Beltagy, Peters & Cohan
2020; linear attention with φ = elu + 1: Katharopoulos et al. 2020, eq. 5; RNN: torch.nn.RNN.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from models.core.arrays import read_only
from models.core.child import Child, say
from models.cost.timings import FILE, RUNS, Run, TimedCurve, Timings, read, written

LENGTHS = tuple(2**n for n in range(4, 13))
WIDTH, WINDOW = 64, 64
ROUNDS, ENOUGH, FEWEST = 5, 0.1, 5  # of all; seconds and runs of each, the quickest counts
_ANEW, _SHORT = 4.0, 0.01  # seconds: of all runs together, and of one, for a visitor
_LONGEST = 120.0  # seconds after which a visitor's measurement is ended, whatever it does
_QUICK = "quick"  # as a visitor asks for it: what is measured is said, not written to the file
_turn = threading.Lock()  # one at a time in a process; others wait for their turn


def anew(limit: float = _ANEW) -> Timings:
    """All of them on this machine, within some seconds; lengths beyond these drop out.

    In a process of its own, since threads and seed are set for all of one. limit: seconds, behind
    which no further length is begun. OSError: it ended without a result.
    """
    with _turn:
        child = Child("models.cost.measure", _QUICK, str(limit), seconds=_LONGEST)
        try:
            (answer,) = child.answers()
        except (subprocess.CalledProcessError, ValueError) as error:
            raise OSError("nothing was measured") from error
    return read(answer)


def _quick(limit: float) -> Timings:
    return measure(LENGTHS, 1, enough=_SHORT, fewest=2, limit=limit)


def measure(
    lengths: Sequence[int],
    rounds: int = ROUNDS,
    *,
    enough: float = ENOUGH,
    fewest: int = FEWEST,
    limit: float = np.inf,
) -> Timings:
    """Every layer at every length, (length,) a curve. rounds: how often all of it; enough, fewest:
    seconds and runs of each; limit: seconds, behind which no further length is begun."""
    import torch

    threads, begun = torch.get_num_threads(), time.monotonic()
    seconds = np.full((len(RUNS), len(lengths)), np.inf)
    taken = np.zeros(seconds.shape)
    torch.set_num_threads(1)
    try:
        with torch.inference_mode():
            for _, place in product(range(rounds), range(len(lengths))):
                if time.monotonic() - begun > limit:
                    break
                for row, name in enumerate(RUNS):
                    run = layer(name, lengths[place])
                    at = row, place
                    seconds[at] = min(seconds[at], _seconds(run, enough, fewest))
                    taken[at] = taken[at] or _bytes(run)
    finally:
        torch.set_num_threads(threads)
    done = int(np.isfinite(seconds).all(axis=0).sum())
    curves = {
        name: TimedCurve(*(read_only(part[row, :done]) for part in (seconds, taken)))
        for row, name in enumerate(RUNS)
    }
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    return Timings(tuple(lengths[:done]), WIDTH, WINDOW, _machine(), torch.__version__, day, curves)


def layer(name: Run, n: int, d: int = WIDTH, r: int = WINDOW) -> Callable[[], Any]:
    """() → (1, 1, n, d), of an RNN (n, d): a pass over random q, k, v. KeyError: no such layer."""
    import torch

    torch.manual_seed(0)
    q, k, v = torch.randn(3, 1, 1, n, d).unbind(0)
    if name == "rnn":
        network, x = torch.nn.RNN(d, d), q[0, 0]
        return lambda: network(x)[0]
    run = {"full": _full, "fused": _fused, "linear": _linear, "windowed": _windowed}[name]
    return lambda: run(torch, q, k, v, min(r, n))


def _full(torch: Any, q: Any, k: Any, v: Any, _: int) -> Any:
    return torch.softmax(q @ k.mT * q.shape[-1] ** -0.5, -1) @ v


def _fused(torch: Any, q: Any, k: Any, v: Any, _: int) -> Any:
    from torch.nn.attention import SDPBackend, sdpa_kernel

    with sdpa_kernel(SDPBackend.FLASH_ATTENTION):
        return torch.nn.functional.scaled_dot_product_attention(q, k, v)


def _linear(torch: Any, q: Any, k: Any, v: Any, _: int) -> Any:
    """Every token sees every other: φ(k)ᵀv is summed once for all queries."""
    q, k = torch.nn.functional.elu(q) + 1, torch.nn.functional.elu(k) + 1
    return q @ (k.mT @ v) / (q @ k.sum(-2, keepdim=True).mT)


def _windowed(torch: Any, q: Any, k: Any, v: Any, r: int) -> Any:
    """Each query sees itself and r − 1 keys before it; n is a whole number of blocks of r."""
    n, d = q.shape[-2:]
    own = [torch.nn.functional.pad(part, (0, 0, r, 0)).unfold(2, 2 * r, r) for part in (k, v)]
    scores = q.view(1, 1, n // r, r, d) @ own[0] * d**-0.5
    place = torch.arange(2 * r) - torch.arange(r)[:, None]
    hidden = ((place <= 0) | (place > r)).expand(n // r, r, 2 * r).clone()
    hidden[0, :, :r] = True  # there is nothing before the first block
    weights = torch.softmax(scores.masked_fill_(hidden, -torch.inf), -1)
    return (weights @ own[1].mT).view(1, 1, n, d)


def _seconds(run: Callable[[], Any], enough: float, fewest: int) -> float:
    """Of the quickest run after a first one that does not count."""
    run()
    taken: list[float] = []
    while len(taken) < fewest or sum(taken) < enough:
        start = time.thread_time()
        run()
        taken.append(time.thread_time() - start)
    return min(taken)


def _bytes(run: Callable[[], Any]) -> int:
    """The most that torch's allocator has handed out at once during a run."""
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as seen:
        result = run()
    found = [e for e in seen.profiler.kineto_results.events() if e.name() == "[memory]"]
    taken = np.cumsum([e.nbytes() for e in sorted(found, key=lambda e: e.start_ns())])
    del result
    return int(taken.max(initial=0))


def _machine() -> str:
    """The processor's name."""
    file = Path("/proc/cpuinfo")
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


if __name__ == "__main__":
    if sys.argv[1:2] == [_QUICK]:
        say(**written(_quick(float(sys.argv[2]))))
        raise SystemExit
    FILE.write_text(json.dumps(written(measure(LENGTHS)), indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{FILE.name}\n")
