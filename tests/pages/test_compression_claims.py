"""What the cost page's lesson says of quantisation and LoRA is right, on its stages."""

from __future__ import annotations

from models.catalog import CATALOG, load
from models.cost import finetuning, finetuning_run, lora
from models.cost.bits import Quantised, quantised
from models.cost.block_source import block
from models.cost.quantisation import BITS, SIZE
from tests.pages.claims import both


def test_a_block_of_4_bits_takes_5_a_weight() -> None:
    asked, shown = both("cost", 7, "5 bits")
    found = block(asked.stored, asked.projection, asked.block_layer, asked.output, asked.block)
    assert 8 * len(found.data) / SIZE == 5
    assert asked.weight % 16 == shown.weight % 16 != asked.weight


def test_4_bits_cost_less_than_a_hundredth_of_the_loss_and_2_bits_more() -> None:
    asked, shown = both("cost", 8, "It rises by less than 1 %")
    loaded = load("gpt-mini")

    def with_bits(bits: int) -> Quantised:
        return quantised(loaded, asked.prompt, bits)

    full, four, two = with_bits(asked.bits), with_bits(4), with_bits(shown.bits)
    assert [round(one.held_out, 3) for one in (full, four, two)] == [2.448, 2.459, 2.754]
    assert 1 < four.held_out / full.held_out < 1.01
    assert round(full.bytes / four.bytes, 1) == 6.2
    assert round(two.error, 2) == 0.40
    weights = [one.trace.blocks[asked.block_layer].weights[asked.map_head] for one in (full, four)]
    assert round(float(abs(weights[0] - weights[1]).max()), 2) == 0.15


def test_rank_2_keeps_most_of_what_the_adapter_learned_and_rank_1_does_not() -> None:
    asked, shown = both("cost", 9, "More than four fifths")
    rows = lora.by_rank()
    assert rows is not None
    exact = {one.rank: one.exact for one in rows}
    assert round(exact[asked.rank], 2) == 0.95
    assert round(exact[2], 2) == 0.86
    assert round(exact[shown.rank], 2) == 0.18
    trained = {one.rank: one for one in lora.trained() or ()}
    assert round(trained[shown.rank].exact, 2) == 0.82
    assert trained[None].parameters == lora.everything() == 848_768
    assert trained[None].exact <= trained[asked.rank].exact


def test_the_first_step_of_an_adapters_training_moves_b_alone() -> None:
    asked, _ = both("cost", 12, "Only B")
    loaded = load("translator")
    start = finetuning_run.prepared(loaded, asked.train_rank)[1]
    for steps, moves in ((1, False), (2, True)):
        model, put = finetuning_run.prepared(loaded, asked.train_rank)
        list(finetuning_run.train(loaded, model, steps=steps, batch=4))
        for name, one in put.items():
            assert not start[name].b.any()
            assert one.b.any()
            assert (not one.a.equal(start[name].a)) == moves


def test_what_the_lesson_says_of_smollm2_and_of_a_training_here() -> None:
    weights = CATALOG["smollm2"].sizes["parameters"]
    assert round(weights / 1e6, 1) == 134.5
    assert round(weights * 4 / 1e6) == 538
    assert round((1 + len(BITS)) * weights * 4 / 1e9, 1) == 2.7
    trained = finetuning.STEPS, finetuning.BATCH, finetuning.SENTENCES
    assert trained == (240, 16, 100)
