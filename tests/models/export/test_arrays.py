"""A record's own arrays: the chosen head's steps, a layer's gates, whatever else holds numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from models.core.tokens import Encoded
from models.export.arrays import MOST, NamedArray, Selection, named, within
from models.export.digest import digest
from models.trace import AttentionTrace, Floats, RecurrentLayer, RecurrentTrace
from tests.viz.figures import trace_of

TOKENS = ("[CLS]", "ığ", "şey", "[SEP]")


@pytest.fixture(scope="module")
def trace() -> AttentionTrace:
    return trace_of(TOKENS, (True, False, False, True))


def test_the_chosen_heads_weights_are_the_softmax_of_its_scores(trace: AttentionTrace) -> None:
    """Against a softmax in float64 from the q and k of the block, written out here."""
    found = {one.name: one for one in named(trace, Selection("encoder", 0, 1))}
    assert list(found)[:3] == ["q", "k", "v"]
    block = trace.blocks[0]
    q, k, v = (a[1].astype(np.float64) for a in (block.q, block.k, block.v))
    scores = q @ k.T * float(np.ravel(block.scaling)[0])
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    weights = powers / powers.sum(-1, keepdims=True)
    np.testing.assert_allclose(found["weights"].values, weights, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(found["output"].values, weights @ v, rtol=1e-4, atol=1e-6)
    assert found["weights"].labels == (TOKENS, TOKENS)
    assert found["q"].labels == (TOKENS, None)


def test_a_path_leads_from_the_record_to_the_array(trace: AttentionTrace) -> None:
    for one in named(trace, Selection("encoder", 0, 1)):
        held = eval(f"record{one.path}", {"record": trace})
        np.testing.assert_array_equal(held, one.values)


def test_without_a_chosen_head_all_of_a_layer_are_given(trace: AttentionTrace) -> None:
    (one,) = named(trace, Selection(layer=0))
    assert one.values.shape == (trace.blocks[0].heads, len(TOKENS), len(TOKENS))


def recurrent(layers: int) -> RecurrentTrace:
    rng = np.random.default_rng(0)
    made = rng.normal(size=(layers, 2, len(TOKENS), 3)).astype(np.float32)
    source = trace_of(TOKENS, (True, False, False, True)).source
    assert isinstance(source, Encoded)
    return RecurrentTrace("lstm", source, tuple(RecurrentLayer(h=h, c=c) for h, c in made))


def test_a_recurrent_record_gives_the_chosen_layers_states() -> None:
    record = recurrent(2)
    found = named(record, Selection(layer=1))
    assert [one.name for one in found] == ["c", "h"]
    np.testing.assert_array_equal(found[1].values, record.layers[1].h)
    assert [one.name for one in named(record)] == ["layer0.c", "layer0.h", "layer1.c", "layer1.h"]


@dataclass(frozen=True)
class Other:
    tokens: tuple[str, ...]
    parts: dict[str, Floats]
    pair: tuple[Floats, str]


def test_any_other_record_gives_what_it_holds_with_its_tokens() -> None:
    record = Other(TOKENS, {"sums": np.ones(4)}, (np.ones((2, 4)), "words"))
    found = {one.name: one for one in named(record)}
    assert found.keys() == {"parts.sums", "pair.0"}
    assert found["pair.0"].labels == (None, TOKENS)
    assert found["parts.sums"].path == ".parts['sums']"


def test_what_holds_no_numbers_gives_none() -> None:
    assert named(("a", "b")) == named(None) == named(3.5) == ()


def test_labels_fit_the_places() -> None:
    with pytest.raises(ValueError, match="labels"):
        NamedArray("a", np.ones((2, 3)), (("x",), None))


def test_what_is_too_large_is_named() -> None:
    small, large = (NamedArray(n, np.zeros(s), (None,)) for n, s in (("a", 3), ("b", 5)))
    kept, left = within([large, small], 4)
    assert ([one.name for one in kept], left) == (["a"], ("b",))
    assert MOST > 10**6


def test_a_digest_leaves_out_what_is_not_finite() -> None:
    told = digest(np.array([[-np.inf, 1.5], [-2.0, 0.25]]))
    assert (told.shape, told.total, told.largest) == ((2, 2), -0.25, 2.0)
    assert told.first == (1.5, -2.0, 0.25)
