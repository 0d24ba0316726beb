"""What layers, kernels and caches cost."""

from __future__ import annotations

from pages.ui.parameters import OneOf, OneWhole, Parameter, Whole, text
from pages.ui.topic import Topic

SLIDERS = {
    "tokens": OneWhole(*(2**power for power in range(4, 13))),  # n
    "d_model": OneWhole(*(2**power for power in range(4, 11))),  # d
    "kernel": OneWhole(2, 3, 5, 7, 9),  # k
    "window_keys": OneWhole(*(2**power for power in range(3, 9))),  # r
}
TILES = OneWhole(2, 3, 4, 8, 16, 32, 64)  # B: keys read at a time
CACHED = OneWhole(*(2**power for power in range(4, 18)))  # n: tokens whose K and V are kept
SHAPES = ("smollm2", "gpt-mini", "llama-2-7b", "llama-3-8b", "gemma-2b", "deepseek-v2")
_FIRST = {"tokens": 512, "d_model": 64, "kernel": 3, "window_keys": 64}
# Attentions of the translator beside whose matrices something was learned: kind and layer.
ADAPTED = tuple(f"{kind}{layer}" for kind in ("encoder", "decoder", "cross") for layer in (0, 1))

TOPIC = Topic(
    "cost",
    "transformers",
    ":material/speed:",
    # Its maximum rises in the second tile and in the third: a test holds it.
    defaults={"layer": 1, "head": 4, "query": 6, "step": 0},
    parameters=(
        *(Parameter(name, reads, _FIRST[name]) for name, reads in SLIDERS.items()),
        Parameter("tile", TILES, 4),
        Parameter("layer_type", Whole(0, 3), 0),
        Parameter("quantity", Whole(0, 2), 0),
        Parameter("quantised", OneOf("block", "bits"), "block"),
        Parameter("stored", OneOf("smollm2", "gpt-mini"), "smollm2"),
        Parameter("projection", OneOf("q", "k", "v", "o"), "q"),
        Parameter("block_layer", Whole(0, 999), 3),
        Parameter("map_head", Whole(0, 99), 1),
        Parameter("map_query", Whole(0, 9_999)),
        Parameter("map_key", Whole(0, 9_999)),
        Parameter("output", Whole(0, 9_999), 0),
        Parameter("block", Whole(0, 999), 0),
        Parameter("weight", Whole(0, 31), 0),
        Parameter("bits", OneWhole(32, 8, 4, 3, 2), 4),
        Parameter("turkish", text, "Dün Ayşe çocuğa kitabı verdi.", typed=True),
        Parameter("adapted", OneOf(*ADAPTED), "cross1"),
        Parameter("part", OneOf("q", "v"), "q"),
        Parameter("rank", Whole(0, 8), 1),
        Parameter("input_dim", Whole(0, 9_999), 0),
        Parameter("adapter", OneOf("shipped", "here", "training"), "shipped"),
        Parameter("train_rank", OneWhole(1, 2, 4, 8), 2),
        Parameter("prompt", text, "The cat that saw the dogs", typed=True),
        Parameter("shape", OneOf(*SHAPES), "smollm2"),
        Parameter("sharing", OneOf("mha", "gqa", "mqa", "latent")),
        Parameter("kv_groups", Whole(1, 128)),
        Parameter("cached", CACHED, 4096),
        Parameter("number_bytes", OneWhole(4, 2, 1), 4),
    ),
    views=("layers", "tiles", "quantisation", "lora", "cache"),
)
