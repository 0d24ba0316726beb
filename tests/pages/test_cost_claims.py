"""What the cost page calls right is right, on its stages."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from models.catalog import load
from models.core.arrays import difference
from models.cost.cache import KeyValueCache
from models.cost.cache_library import counted, shape
from models.cost.layers import LAYERS, MEASURES, LayerSizes, count, operations, projections
from models.cost.tiles import Tiled, of_query
from models.cost.timings import stored
from models.record import record
from pages.ui import state
from tests.pages.claims import both


def sizes(stage: SimpleNamespace) -> LayerSizes:
    return LayerSizes(stage.tokens, stage.d_model, stage.kernel, stage.window_keys)


def ratio(stage: SimpleNamespace) -> float:
    """Self-attention's operations to the recurrent layer's."""
    attention, recurrent = (operations(layer, sizes(stage)) for layer in ("attention", "recurrent"))
    return attention / recurrent


def test_self_attention_is_cheaper_while_n_is_less_than_d() -> None:
    asked, shown = both("cost", 1, "Self-attention")
    assert (asked.tokens, asked.d_model, ratio(asked)) == (16, 64, 1 / 4)
    assert (shown.tokens, ratio(shown)) == (1024, 16)


def test_full_attention_was_quicker_with_eight_times_the_operations() -> None:
    asked, shown = both("cost", 2, "Full attention")
    assert ratio(asked) == 8
    one = stored()
    assert one.d == asked.d_model
    assert one.seconds("full", asked.tokens) < one.seconds("rnn", asked.tokens)
    assert one.seconds("full", shown.tokens) > one.seconds("rnn", shown.tokens)
    crossed = one.crossing("full", "rnn")
    assert crossed is not None
    assert crossed > 5 * one.d


def test_the_fused_kernel_holds_less_than_a_fiftieth() -> None:
    asked, shown = both("cost", 3, "Less than a fiftieth")
    one, n = stored(), asked.tokens
    assert round(one.bytes("full", n) / 1e6) == round(2 * n * n * 4 / 1e6) == 134
    assert one.bytes("fused", n) < one.bytes("full", n) / 50
    result = n * one.d * 4
    assert result > one.bytes("fused", n) / 2
    assert one.seconds("fused", n) < one.seconds("full", n)
    short = shown.tokens
    assert 0.8 < one.seconds("fused", short) / one.seconds("full", short) < 1.25


def test_a_window_of_64_takes_65_layers() -> None:
    asked, shown = both("cost", 4, "65 layers")
    layer, measure = LAYERS[shown.layer_type], MEASURES[shown.quantity]
    assert (layer, measure) == ("restricted", "path")
    assert count(layer, measure, sizes(asked)) == 65
    assert asked.tokens - 1 == 65 * 63
    assert count("convolutional", "path", sizes(asked)) == 8


def test_projections_are_more_than_half_below_2d() -> None:
    below, same = LayerSizes(127, 64, 3, 64), LayerSizes(128, 64, 3, 64)
    assert projections(below) > operations("attention", below)
    assert projections(same) == operations("attention", same)


def row(stage: SimpleNamespace) -> Tiled:
    steps = record(load(stage.model), stage.text).block("encoder", stage.layer).head(stage.head)
    return of_query(steps, stage.query, stage.tile)


def test_a_larger_score_multiplies_the_sum_by_one_number() -> None:
    asked, shown = both("cost", 5, "It is multiplied by one number")
    first, second = row(asked).tiles[asked.step], row(shown).tiles[shown.step]
    assert (asked.step, shown.step, asked.tile) == (0, 1, 4)
    assert [round(one, 2) for one in (first.after.m, float(second.scores.max()))] == [2.73, 3.57]
    assert round(second.kept, 2) == 0.43
    assert second.after.l == pytest.approx(second.kept * first.after.l + second.e.sum())


def test_another_tile_size_changes_nothing_but_rounding() -> None:
    asked, shown = both("cost", 6, "Nothing but rounding")
    four, two = row(asked), row(shown)
    assert (asked.tile, asked.step, shown.tile, shown.step) == (4, len(four.tiles), 2, 5)
    assert len(two.tiles) == 5
    assert difference(two.end.output, four.end.output).relative < 1e-12
    assert [tile.kept for tile in two.tiles] != [tile.kept for tile in four.tiles]


def test_the_page_opens_where_the_maximum_rises_twice() -> None:
    usual = {name: one.default for name, one in state.parameters("cost").items()}
    assert row(SimpleNamespace(**usual)).raises == 2


def cache(stage: SimpleNamespace) -> KeyValueCache:
    sizes = shape(stage.shape), stage.sharing, stage.kv_groups, stage.cached, stage.number_bytes
    return KeyValueCache(*sizes)


def test_a_key_and_a_value_a_query_head_take_four_times_as_much() -> None:
    asked, shown = map(cache, both("cost", 10, "4.29 GB"))
    assert (asked.shape.heads, asked.kv_heads, asked.native) == (32, 8, True)
    assert round(asked.bytes / 1e9, 2) == 1.07
    assert round(shown.bytes / 1e9, 2) == 4.29
    assert shown.bytes == 4 * asked.bytes == counted(shown)


def test_mla_keeps_as_much_as_between_2_and_3_groups() -> None:
    asked, shown = map(cache, both("cost", 11, "Between 2 and 3"))
    one = asked.shape
    assert (one.heads, one.d, one.latent_widths, asked.layer_numbers) == (128, 128, (512, 64), 576)
    assert asked.layer_numbers / (2 * one.d) == 2.25
    assert (shown.kv_heads, shown.layer_numbers) == (2, 512)
    assert KeyValueCache(one, "mha", 2, 1, 2).layer_numbers == 32_768
