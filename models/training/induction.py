"""Attention-only models that learn to go on with what they have seen: two layers, and one.

Task and score after Olsson et al. (2022), "In-context Learning and Induction Heads".
``python -m models.training.induction [induction | induction-1layer]`` trains.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from models.architectures.attention_only import AttentionOnlyConfig, AttentionOnlyLM
from models.recording import capture
from models.training import ablation, symbols
from models.training.plan import About, Figure, Measured, Plan, Recipe
from models.training.untrained import untrained

# All that a visitor is likely to type, so that the head can be tried on words.
CHARACTERS = (
    "abcçdefgğhıijklmnoöpqrsştuüvwxyzABCÇDEFGĞHIİJKLMNOÖPQRSŞTUÜVWXYZ0123456789␣.,;:!?'\"()-"
)
_SPECIAL = 2  # <unk> and <s>
_START = 1
VOCABULARY = _SPECIAL + len(CHARACTERS)
LENGTH = 97  # tokens of a training sequence, <s> among them
SHORTEST, LONGEST = 8, 40  # of the part that repeats: two rounds always fit
HEADS, WIDTH, BATCH = 4, 64, 32


@dataclass(frozen=True, slots=True)
class Sequences:
    """ids: (row, LENGTH), <s> first; period: (row, 1), after how many tokens it repeats."""

    ids: Tensor
    period: Tensor

    def known(self) -> Tensor:
        """(row, LENGTH − 1) bool: queries whose next token was seen a period before."""
        return torch.arange(LENGTH - 1)[None] >= self.period + 1

    def second_round(self) -> Tensor:
        """(row, LENGTH) bool: tokens with exactly one earlier occurrence."""
        t = torch.arange(LENGTH)[None]
        return (t > self.period) & (t <= 2 * self.period)


def sequences(draws: torch.Generator, rows: int) -> Sequences:
    """`<s>`, then 8..40 different characters, round and round to the end of the row.

    How many is drawn for each row: with one number for all, a single layer could look back by
    a fixed distance and pass for an induction head.
    """
    period = torch.randint(SHORTEST, LONGEST + 1, (rows, 1), generator=draws)
    shuffled = torch.rand(rows, len(CHARACTERS), generator=draws).argsort(dim=1) + _SPECIAL
    body = shuffled.gather(1, torch.arange(LENGTH - 1)[None] % period)
    return Sequences(torch.cat((torch.full((rows, 1), _START), body), dim=1), period)


def loss(model: nn.Module, draws: torch.Generator) -> Tensor:
    """Of the next token, where it can be known: from the second round on."""
    return _loss(model, sequences(draws, BATCH))


def _loss(model: nn.Module, drawn: Sequences) -> Tensor:
    logits, known = model(input_ids=drawn.ids).logits[:, :-1], drawn.known()
    return cross_entropy(logits[known], drawn.ids[:, 1:][known])


def prefix_matching(weights: Tensor, drawn: Sequences) -> Tensor:
    """(row, head, n, n) → (head,): mean weight on the token after the previous occurrence.

    The mean goes over every token of every row's second round, which has one earlier occurrence
    and not several to choose from: query t, key t − period + 1.
    """
    t = torch.arange(LENGTH)
    key = (t[None] - drawn.period + 1).clamp(min=0)  # (row, n)
    on_target = weights.gather(3, key[:, None, :, None].expand(-1, weights.shape[1], -1, 1))
    counted = drawn.second_round().float()
    return (on_target[..., 0] * counted[:, None]).sum((0, 2)) / counted.sum()


def previous_token(weights: Tensor) -> Tensor:
    """(row, head, n, n) → (head,): mean weight on the token before, over all but the first."""
    return weights.diagonal(-1, 2, 3).mean((0, 2))


def _weights(model: nn.Module, ids: Tensor) -> Iterator[Tensor]:
    """Each layer's (row, head, n, n) attention weights, from what the recording hook was given."""
    for r in capture.run(model, {"input_ids": ids}).records:
        scores = r.query @ r.key.transpose(2, 3) * r.scaling
        yield torch.softmax(scores if r.mask is None else scores + r.mask, dim=-1)


@torch.inference_mode()
def figures(model: Any, drawn: Sequences) -> tuple[dict[str, float], dict[str, Any]]:
    """(headline figures, per-head tables [layer][head]) of one model on one sample."""
    weights = list(_weights(model, drawn.ids))
    prefix = torch.stack([prefix_matching(w, drawn) for w in weights])
    before = torch.stack([previous_token(w) for w in weights])
    without = torch.tensor(
        [[_without(model, drawn, [(i, h)]) for h in range(HEADS)] for i in range(len(weights))]
    )
    layer, head = divmod(int(prefix.argmax()), HEADS)
    quality = {
        "prefix_matching": float(prefix.max()),
        "loss": _without(model, drawn, []),
        "loss_without_head": float(without[layer, head]),
        "loss_without_another": float(_others(without, layer, head)),
        "loss_without_such_heads": _without(model, drawn, _such(prefix)),
        "accuracy": _accuracy(model, drawn),
        "previous_token": float(before.max()),
    }
    tables = {"prefix_matching": prefix, "previous_token": before, "loss_without": without}
    detail: dict[str, Any] = {name: _rounded(table) for name, table in tables.items()}
    return quality, detail | {"best_head": [layer, head]}


def _others(without: Tensor, layer: int, head: int) -> Tensor:
    """Mean loss with one of the same layer's other heads off."""
    kept = [h for h in range(HEADS) if h != head]
    return without[layer, kept].mean()


def _such(prefix: Tensor) -> list[tuple[int, int]]:
    """(layer, head) of every head that matches prefixes more often than not."""
    return [(layer, head) for layer, head in (prefix >= 0.5).nonzero().tolist()]


def _without(model: Any, drawn: Sequences, off: list[tuple[int, int]]) -> float:
    """The loss with some (layer, head) pairs switched off."""
    layers = {layer: [h for at, h in off if at == layer] for layer, _ in off}
    pairs = [(model.layers[layer].attention.o_proj, heads) for layer, heads in layers.items()]
    with ablation.all_off(pairs, WIDTH // HEADS):
        return float(_loss(model, drawn))


def _accuracy(model: Any, drawn: Sequences) -> float:
    guess, known = model(input_ids=drawn.ids).logits[:, :-1].argmax(-1), drawn.known()
    return float((guess == drawn.ids[:, 1:])[known].float().mean())


def _rounded(table: Tensor) -> list[list[float]]:
    return [[round(value, 4) for value in row] for row in table.tolist()]


def build(layers: int) -> AttentionOnlyLM:
    """An untrained model."""
    model: AttentionOnlyLM = AttentionOnlyLM(
        AttentionOnlyConfig(
            vocab_size=VOCABULARY,
            hidden_size=WIDTH,
            num_hidden_layers=layers,
            num_attention_heads=HEADS,
            max_position_embeddings=LENGTH,
        )
    )
    return model


def save(models: Sequence[nn.Module], folder: Path) -> None:
    """Weights, configuration and the tokenizer of characters."""
    models[0].save_pretrained(folder)  # type: ignore[operator]
    symbols.of_characters(CHARACTERS).save_pretrained(folder)


def measure(layers: int, folder: Path, seed: int) -> Measured:
    """Figures of the folder's weights on 200 fresh sequences."""
    from models.catalog import load

    drawn = sequences(torch.Generator().manual_seed(seed), 200)
    quality, detail = figures(load(str(folder)).model, drawn)
    other = untrained(partial(build, layers), seed)
    other.set_attn_implementation(capture.IMPLEMENTATION)
    plain, _ = figures(other, drawn)
    return Measured(quality, {"untrained": plain}, detail)


_FIGURES = {
    "prefix_matching": "best head's mean attention from a token to the token after its previous "
    "occurrence, over every token of the second round",
    "loss": "cross-entropy (nats) of the next token, from the second round on",
    "loss_without_head": "the same with that head switched off (its output set to zero)",
    "loss_without_another": "the same with one other head of that layer off, their mean",
    "loss_without_such_heads": "the same with every head off whose score is at least 0.5, if any",
    "accuracy": "share of next tokens that are the most probable one, from the second round on",
    "previous_token": "best head's mean attention from a token to the one before it",
}


def _plan(model_id: str, layers: int, bound: dict[str, float]) -> Plan:
    margins = dict.fromkeys(_FIGURES, 0.05) | {
        "loss_without_head": 0.5,
        "loss_without_another": 0.5,
    }
    told = {name: Figure(text, margins[name]) for name, text in _FIGURES.items()}
    told["prefix_matching"] = Figure(_FIGURES["prefix_matching"], 0.03, **bound)
    one = "One layer of attention alone" if layers == 1 else "Two layers of attention alone"
    return Plan(
        id=model_id,
        recipe=Recipe(steps=2000, batch=BATCH, learning_rate=2e-3),
        about=About(
            what=f"{one}: no feed-forward part, {HEADS} heads a layer, width {WIDTH}, learned "
            "positions, layer norm before each layer and at the end. A token is a character.",
            data="Made on the fly and never the same twice: `<s>`, then "
            f"{SHORTEST} to {LONGEST} different characters out of {len(CHARACTERS)} in random "
            "order (how many is drawn for each row), round and round until the row has "
            f"{LENGTH} tokens. Only what can be known counts in the loss: the tokens from the "
            "second round on, but its first.",
            results="The score is prefix matching as in Olsson et al. (2022): it says where a "
            "head looks. Whether the model needs the head is said by the loss without it: where "
            "that hardly moves, other heads do the same work, and the loss without all such heads "
            "says what their kind does. All stand beside an untrained model of the same shape on "
            "the same sequences. `metrics.json` has every head's figures.",
            limits=f"It knows nothing of any language and reads at most {LENGTH} characters. In "
            "the training rows a character stands once in each round and nothing stands before "
            "the first; in text most characters have several earlier occurrences, followed by "
            "different ones, and the score does not say which of them a head prefers. One "
            "training run (one seed).",
        ),
        figures=told,
        build=partial(build, layers),
        loss=loss,
        save=save,
        measure=partial(measure, layers),
    )


PLANS = {
    "induction": _plan("induction", 2, {"at_least": 0.9}),
    "induction-1layer": _plan("induction-1layer", 1, {"at_most": 0.2}),
}

if __name__ == "__main__":
    from models.training.__main__ import main

    main(default=tuple(PLANS))
