"""Train an adapter for a visitor: `python -m models.cost.finetuning_run RANK`.

The shipped adapter's task (models.grammar.verb_last) with fewer and smaller steps: B A beside W_Q
and W_V of every attention (Hu et al. 2021, equation 3), α = 2 r, B = 0 at first. All that is drawn
comes from generators of its own, and there is no dropout: the same rank gives the same adapter.
Imports torch.
"""

from __future__ import annotations

import hashlib
import math
import random
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import torch
from torch import Tensor, nn

from models.catalog import load
from models.core import child, low_rank
from models.core.arrays import as_numpy, difference
from models.core.loaded import LoadedModel
from models.cost.adapter import Adapter, description, of_arrays, shipped
from models.cost.finetuning import BATCH, RANKS, SECONDS, SENTENCES, STEPS
from models.cost.lora import with_rank
from models.grammar import verb_last
from models.grammar.grammar import Pair
from models.grammar.typed import as_typed
from models.loading.checkpoint import copy_of

SCALE = 2.0  # α/r, as the shipped adapter's
RATE, WARMUP, CLIP = 5e-3, 10, 1.0
SEED, TEST_SEED = 31, 1000  # training sentences; those that the shipped adapter was tested on
LONGEST = 32  # tokens of a translation


def prepared(loaded: LoadedModel, rank: int) -> tuple[Any, dict[str, low_rank.LowRank]]:
    """A copy of the model with updates of that rank, zero still; place → update."""
    model = copy_of(loaded).model
    names = tuple(description()["adapted"])
    draws = torch.Generator().manual_seed(SEED)
    return model, low_rank.adapt(model, names, rank, SCALE * rank, draws)


def train(
    loaded: LoadedModel, model: nn.Module, *, steps: int = STEPS, batch: int = BATCH
) -> Iterator[float]:
    """The loss of each step before it is taken, in nats a token: new sentences every time."""
    moved = [one for one in model.parameters() if one.requires_grad]
    # Weight decay would move A while B is still 0, and so no gradient reaches it.
    optimizer = torch.optim.AdamW(moved, lr=RATE, weight_decay=0.0)
    for step, rows in zip(range(steps), _batches(batch), strict=False):
        for group in optimizer.param_groups:
            group["lr"] = rate(step, steps)
        loss = loss_of(loaded, model, rows)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(moved, CLIP)
        optimizer.step()
        yield float(loss.detach())


def rate(step: int, steps: int) -> float:
    """The learning rate: a straight rise, then half a cosine down to zero."""
    rise = min(1.0, (step + 1) / WARMUP)
    return RATE * rise * 0.5 * (1 + math.cos(math.pi * step / steps))


def loss_of(loaded: LoadedModel, model: nn.Module, rows: Sequence[tuple[str, str]]) -> Tensor:
    """() mean −ln p of the tokens of the translations, in nats. rows: (Turkish, English)."""
    source, target = (loaded.tokenizer(list(side), padding=True, return_tensors="pt")
                      for side in zip(*rows, strict=True))  # fmt: skip
    labels = target["input_ids"].masked_fill(target["attention_mask"] == 0, -100)
    found: Tensor = model(
        input_ids=source["input_ids"], attention_mask=source["attention_mask"], labels=labels
    ).loss
    return found


def _batches(size: int) -> Iterator[list[tuple[str, str]]]:
    """Sentences as people type them, as the shipped adapter's were."""
    pairs, state = verb_last.pairs(SEED, "train"), random.Random(SEED)
    shares = {"unmarked": verb_last.UNMARKED, "uncapped": verb_last.UNCAPPED}
    while True:
        yield [as_typed(pair, state, **shares) for pair in islice(pairs, size)]


def exact(loaded: LoadedModel, pairs: Sequence[Pair]) -> float:
    """Share of the pairs that the model itself translates greedily, letter by letter."""
    words = loaded.tokenizer
    rows = words([pair.source for pair in pairs], padding=True, return_tensors="pt")
    with torch.inference_mode():
        ids = loaded.model.generate(**rows, max_new_tokens=LONGEST, num_beams=1, do_sample=False)
    texts = words.batch_decode(ids, skip_special_tokens=True)
    right: list[bool] = [text == pair.target for text, pair in zip(texts, pairs, strict=True)]
    return sum(right) / len(right)


def digest(model: nn.Module) -> str:
    """Of the bits of all weights but the updates'."""
    found = hashlib.sha256()
    for name, one in sorted(model.state_dict().items()):
        if not name.endswith((".a", ".b")):
            found.update(as_numpy(one).tobytes())
    return found.hexdigest()


def of_updates(loaded: LoadedModel, put: dict[str, low_rank.LowRank]) -> Adapter:
    """What has been learned so far."""
    arrays = {name: as_numpy(one).copy() for name, one in low_rank.tensors(put).items()}
    rank = len(next(iter(put.values())).a)
    return of_arrays(loaded.card.id, rank, SCALE, arrays)


def beside(loaded: LoadedModel, model: nn.Module, adapter: Adapter, text: tuple[str, str]) -> Any:
    """Logits of one pair with W + (α/r) B A, to those with B A beside W."""
    source, target = (torch.tensor([loaded.encode(one).ids]) for one in text)
    inputs = {"input_ids": source, "decoder_input_ids": target}
    with torch.inference_mode():
        one = with_rank(loaded, adapter, adapter.rank).model(**inputs).logits
        other = model(**inputs).logits
    return difference(as_numpy(one), as_numpy(other))


def main(rank: int) -> None:
    """Train, test, and say how it goes: see models.cost.finetuning."""
    from safetensors.numpy import save

    child.behind()
    torch.set_num_threads(1)
    loaded = load(shipped().base)
    model, put = prepared(loaded, rank)
    before, begun = digest(model), time.monotonic()
    for loss in train(loaded, model):
        child.say(loss=loss)
        if time.monotonic() - begun > SECONDS:
            break
    seconds = time.monotonic() - begun
    child.say(testing=True)
    learned = of_updates(loaded, put)
    pairs = list(islice(verb_last.pairs(TEST_SEED, "test"), SENTENCES))
    shares = [
        exact(with_rank(loaded, one, kept), pairs)
        for one, kept in ((learned, rank), (shipped(), shipped().rank), (shipped(), 0))
    ]
    apart = beside(loaded, model, learned, (pairs[0].source, pairs[0].target))
    arrays = {f"{n}.{part}": pair[at] for n, pair in learned.matrices.items()
              for at, part in enumerate("AB")}  # fmt: skip
    child.say(
        **dict(zip(("exact", "shipped", "without"), shares, strict=True)),
        base=learned.base,
        scale=learned.scale,
        sentences=len(pairs),
        merged=[apart.absolute, apart.relative],
        untouched=digest(model) == before,
        seconds=seconds,
        tensors=b64encode(save({name: one.copy() for name, one in arrays.items()})).decode(),
    )


if __name__ == "__main__":
    asked = int(sys.argv[1])
    if asked not in RANKS:
        raise SystemExit(f"rank {asked} is none of {RANKS}")
    main(asked)
