"""Sparse attention: its weights as a matrix, what was never computed, no padding among them."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from tokenizers import processors
from transformers import AutoModel, AutoTokenizer

from models.catalog import load
from models.errors import OpenBuckets, WeightsOnly
from models.heads.eager import against_eager
from models.loading import families
from models.loading.classes import known
from models.loading.families import padded
from models.record import record
from models.recording import capture, continuation, sparse
from models.recording.eager import twin
from models.trace import AttentionTrace, WeightsBlock
from tests.models import tiny
from tests.models.families import table
from tests.models.families.measuring import save

TEXT = "the animal was too tired to cross the street"


def saved(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, **options: Any) -> str:
    """A checkpoint of the family with these settings instead of the table's."""
    monkeypatch.setitem(table.OPTIONS, name, table.options(name) | options)
    return str(save(name, folder))


def sparse_blocks(trace: AttentionTrace, kind: str = "encoder") -> list[WeightsBlock]:
    """The blocks of a kind, all of weights alone."""
    blocks = [block for block in trace.blocks if block.kind == kind]
    found = [block for block in blocks if isinstance(block, WeightsBlock)]
    assert len(found) == len(blocks) > 0
    return found


def near(trace: AttentionTrace) -> np.ndarray[Any, Any]:
    """(query, key): how far apart they stand."""
    places = np.arange(len(trace.tokens))
    apart: np.ndarray[Any, Any] = np.abs(places[:, None] - places)
    return apart


@pytest.mark.parametrize("windows", [[4, 8], [6, 6], [64, 4]])
def test_longformer_computes_a_band_as_wide_as_its_window(
    windows: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = saved("longformer", tmp_path, monkeypatch, attention_window=windows)
    trace = record(folder, TEXT)
    assert trace.kinds == ("encoder",)
    for block, window in zip(sparse_blocks(trace), windows, strict=True):
        band = near(trace) <= window // 2
        assert block.shape == band.shape
        assert (block.computed == band).all()
        assert (block.weights[:, ~band] == 0).all()
        assert np.allclose(block.weights.sum(axis=2), 1, atol=1e-5)
        assert block.elsewhere is None
    assert trace.relative_fidelity() < 1e-5
    assert against_eager(load(folder), TEXT).passed


def test_longformers_classifier_has_a_first_token_that_sees_and_is_seen_by_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = saved("longformer", tmp_path, monkeypatch, attention_window=4)
    tiny.settings(tmp_path, architectures=["LongformerForSequenceClassification"])
    loaded = load(folder)
    trace = record(loaded, TEXT)
    everywhere = near(trace) <= 2
    everywhere[0], everywhere[:, 0] = True, True
    for block in sparse_blocks(trace):
        assert (block.computed == everywhere).all()
        assert (block.weights[:, everywhere] > 0).all()
        assert np.allclose(block.weights.sum(axis=2), 1, atol=1e-5)
    assert trace.relative_fidelity() < 1e-5  # its own values, too
    assert against_eager(loaded, TEXT).passed


def two_ends(folder: Path, head: str) -> None:
    """Say that it has this head, and mark two texts as its own tokenizer does: A, two ends, B."""
    words = AutoTokenizer.from_pretrained(folder)
    backend = words.backend_tokenizer
    marks = [(word, words.convert_tokens_to_ids(word)) for word in ("[CLS]", "[SEP]")]
    backend.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] [SEP] $B [SEP]", special_tokens=marks
    )
    backend.save(str(folder / "tokenizer.json"))
    tiny.settings(folder, "tokenizer_config.json", tokenizer_class="PreTrainedTokenizerFast")
    tiny.settings(folder, architectures=[head], sep_token_id=words.sep_token_id)


@pytest.mark.parametrize("head", ["LongformerForQuestionAnswering", "LongformerForMultipleChoice"])
def test_longformers_heads_for_two_texts_make_one_of_them_global_as_their_own_forward_does(
    head: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = saved("longformer", tmp_path, monkeypatch, attention_window=4)
    two_ends(tmp_path, head)
    loaded = load(folder)
    trace = record(loaded, "the animal", text_pair=TEXT)
    ends = [n for n, token in enumerate(trace.tokens) if token == "[SEP]"]
    marked = slice(0, ends[0]) if "Question" in head else slice(ends[1] + 1, None)
    everywhere = near(trace) <= 2
    everywhere[marked], everywhere[:, marked] = True, True
    for block in sparse_blocks(trace):
        assert (block.computed == everywhere).all()
    assert trace.relative_fidelity() < 1e-5
    # The class itself, handed no global tokens.
    own = getattr(transformers, head).from_pretrained(folder, attn_implementation="eager").eval()
    ids = torch.tensor([trace.source.ids])
    asked = ids if "Question" in head else ids[None]
    with torch.no_grad():
        handed = own(asked, output_attentions=True, return_dict=True)
    for block, given in zip(sparse_blocks(trace), handed.global_attentions, strict=True):
        rows = block.weights[:, marked]  # (head, global token, key)
        assert np.allclose(rows.transpose(0, 2, 1), given[0, :, : rows.shape[2]], atol=1e-5)
    assert not families.lacks_pair(loaded.model.config, trace.source.ids)


def test_of_one_text_alone_such_a_head_has_no_global_tokens_and_that_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = saved("longformer", tmp_path, monkeypatch, attention_window=4)
    plain = load(folder)
    assert not families.lacks_pair(plain.model.config, record(plain, TEXT).source.ids)
    two_ends(tmp_path, "LongformerForQuestionAnswering")
    loaded = load(folder)
    trace = record(loaded, TEXT)
    assert all((block.computed == (near(trace) <= 2)).all() for block in sparse_blocks(trace))
    assert families.lacks_pair(loaded.model.config, trace.source.ids)


def test_leds_decoder_and_cross_attention_are_whole_beside_its_encoder_of_bands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = saved("led", tmp_path, monkeypatch, attention_window=[4, 4])
    trace = record(folder, TEXT, target="the street")
    assert trace.whole_kinds == ("decoder", "cross")
    assert trace.block("cross", 0).shape == (len(trace.target_tokens or ()), len(trace.tokens))
    assert all((block.computed == (near(trace) <= 2)).all() for block in sparse_blocks(trace))
    assert trace.relative_fidelity() < 1e-5
    assert against_eager(load(folder), TEXT, target="the street").passed


def test_led_reads_no_more_than_whole_windows_of_its_positions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = {"attention_window": [4, 12], "max_encoder_position_embeddings": 40}
    loaded = load(saved("led", tmp_path, monkeypatch, **sizes))
    assert loaded.limit == 36
    assert len(record(loaded, TEXT * 9, target="the", cut=True).tokens) == 36


def test_long_t5_computes_three_blocks_and_hides_what_lies_too_far_in_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = record(saved("longt5", tmp_path, monkeypatch, local_radius=3), TEXT, target="the")
    blocks = np.arange(len(trace.tokens)) // 4
    three = np.abs(blocks[:, None] - blocks) <= 1
    for block in sparse_blocks(trace):
        assert block.mask is not None
        assert (block.computed == three).all()
        assert (np.isneginf(block.mask) == (near(trace) > 3)).all()
        assert block.elsewhere is None


@pytest.mark.parametrize("size", [5, 200])
def test_summaries_of_blocks_get_what_the_tokens_of_a_row_do_not(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {"encoder_attention_type": "transient-global", "global_block_size": size}
    folder = saved("longt5", tmp_path, monkeypatch, **options)
    trace = record(folder, TEXT, target="the")
    for block in sparse_blocks(trace):
        assert block.elsewhere is not None
        assert (block.elsewhere > 0).all() == (size == 5)  # of 200 tokens none is full
        assert np.allclose(block.weights.sum(axis=2) + block.elsewhere, 1, atol=1e-5)
    assert trace.relative_fidelity() < 1e-5
    assert against_eager(load(folder), TEXT, target="the").passed


@pytest.mark.parametrize("size", [4, 64])
def test_pegasus_x_computes_its_own_block_and_staggers_every_other_layer(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = record(saved("pegasus_x", tmp_path, monkeypatch, block_size=size), TEXT, target="the")
    for block, shift in zip(sparse_blocks(trace), (0, size // 2), strict=True):
        blocks = (np.arange(len(trace.tokens)) + shift) // size
        assert (block.computed == (blocks[:, None] == blocks)).all()
        assert block.elsewhere is not None
        assert np.allclose(block.weights.sum(axis=2) + block.elsewhere, 1, atol=1e-5)
    assert trace.relative_fidelity() < 1e-5


def test_reformers_local_layers_look_one_chunk_back_and_no_token_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = record(saved("reformer", tmp_path, monkeypatch), TEXT)
    assert trace.kinds == ("decoder",)
    local, hashed = sparse_blocks(trace, "decoder")
    chunks = np.arange(len(trace.tokens)) // 6
    count = -(-len(trace.tokens) // 6)
    back = (chunks[:, None] - chunks) % count <= 1  # the first one looks round to the last
    assert (local.computed == back).all()
    assert local.sight.causal
    assert hashed.sight.causal
    assert not hashed.computed.all()
    assert hashed.seed == 1
    assert trace.relative_fidelity() < 1e-5


def test_reformers_buckets_are_the_same_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = load(saved("reformer", tmp_path, monkeypatch, hash_seed=None))
    torch.manual_seed(5)
    first, second = (record(loaded, TEXT).blocks[1] for _ in "12")
    assert isinstance(first, WeightsBlock)
    assert first.seed == 0
    assert np.array_equal(first.weights, second.weights)
    with pytest.raises(WeightsOnly):
        continuation.check(loaded)
    assert not continuation.writes(loaded)


def test_reformers_buckets_are_those_of_its_seed_whatever_other_threads_draw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = saved("reformer", tmp_path, monkeypatch, hash_seed=3)
    loaded = load(folder)
    alone = record(loaded, TEXT)
    fresh = type(loaded.model).from_pretrained(folder).eval()
    inputs = {"input_ids": torch.tensor([alone.source.ids])}
    with torch.inference_mode():
        plain = fresh(**inputs).logits
    seed = torch.manual_seed

    def interrupted(number: int) -> torch.Generator:
        """Another thread seeds and draws, between this one's seed and its draw."""
        found = seed(number)
        other = threading.Thread(target=lambda: (seed(99), torch.randn(7)))
        other.start()
        other.join()
        return found

    monkeypatch.setattr(torch, "manual_seed", interrupted)
    for model in (loaded.model, twin(loaded.model)):
        with torch.inference_mode():
            assert torch.allclose(model(**inputs).logits, plain, atol=1e-5)
    trace = record(loaded, TEXT)
    for block, other in zip(trace.blocks, alone.blocks, strict=True):
        assert isinstance(block, WeightsBlock)
        assert isinstance(other, WeightsBlock)
        assert np.array_equal(block.computed, other.computed)
        assert np.allclose(block.weights, other.weights, atol=1e-6)


def test_reformers_that_record_at_once_read_their_own_buckets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(table.OPTIONS, "reformer", table.options("reformer"))
    models = [
        load(saved("reformer", tmp_path / str(seed), monkeypatch, hash_seed=seed))
        for seed in (1, 2)
    ]
    wanted = [record(each, TEXT).blocks[1].weights for each in models]
    wrong: list[object] = []

    def read(n: int) -> None:
        try:
            for _ in range(8):
                found = record(models[n], TEXT).blocks[1].weights
                if not np.allclose(found, wanted[n], atol=1e-6):
                    wrong.append(n)
        except Exception as error:  # a thread's own would be lost
            wrong.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=read, args=(n,)) for n in (0, 1, 0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert not np.allclose(wanted[0], wanted[1])
    assert wrong == []


def test_a_reformer_whose_first_text_would_choose_its_buckets_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(OpenBuckets):
        load(saved("reformer", tmp_path, monkeypatch, num_buckets=None))


def test_prophetnets_rows_for_what_it_predicts_are_left_out(tmp_path: Path) -> None:
    trace = record(str(save("prophetnet", tmp_path)), TEXT, target="the street")
    assert trace.whole_kinds == ("encoder", "decoder", "cross")
    target = len(trace.target_tokens or ())
    assert trace.block("cross", 1).shape == (target, len(trace.tokens))
    assert [term.name for term in trace.block("decoder", 0).terms] == ["position_bias"]
    assert trace.streams == 3
    assert against_eager(load(str(tmp_path)), TEXT, target="the street").passed


def test_a_head_of_weights_alone_has_no_other_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = sparse_blocks(record(saved("longformer", tmp_path, monkeypatch), TEXT))[0]
    steps = block.head(1)
    assert not steps.whole
    assert steps.q.size == steps.k.size == steps.v.size == steps.raw.size == 0
    assert not np.isfinite(steps.masked).any()
    assert np.array_equal(steps.weights, block.weights[1])


def test_surroundings_are_not_made_up_for_sparse_attention(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = saved("led", tmp_path, monkeypatch)
    trace = record(folder, TEXT, target="the street", surroundings=True)
    assert all(block.surroundings is None for block in sparse_blocks(trace))
    around = trace.block("cross", 1).surroundings
    assert around is not None
    assert all(around.recorded(part) for part in "qkvo")


def test_cells_that_are_those_of_all_heads_are_kept_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = record(saved("longformer", tmp_path, monkeypatch), TEXT)
    for block in sparse_blocks(trace):
        assert block.computed.shape == block.found.shape
        assert block.computed.strides[0] == 0
        assert block.mask is not None
        assert len(block.mask) == 1


def test_other_passes_of_the_model_are_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = saved("longformer", tmp_path, monkeypatch)
    loaded = load(folder)
    inputs = {"input_ids": torch.tensor([[2, 9, 14, 8, 11, 7, 3]])}
    model_class, _ = known(loaded.model.config)[0]
    fresh = (model_class or AutoModel).from_pretrained(folder).eval()
    with torch.inference_mode():
        plain = fresh(**inputs)[0]
        assert torch.equal(loaded.model(**inputs)[0], plain)
        seen = capture.run(loaded.model, inputs, answer=True)
    assert torch.equal(seen.answer[0], plain)
    assert not seen.records
    assert len(seen.calls) == 2


def test_a_module_that_gives_something_else_each_time_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = load(saved("longformer", tmp_path, monkeypatch))
    module, parts = next(sparse.modules(loaded.model, "longformer"))
    given = torch.randn(1, 8, 32), torch.zeros(1, 8)
    more: dict[str, Any] = {"is_index_masked": torch.zeros(1, 8, dtype=torch.bool)}
    more |= {"is_index_global_attn": more["is_index_masked"], "is_global_attn": False}
    with torch.inference_mode():
        gave = module.forward(*given, **more)
        assert sparse.captured(module, parts, given, more, gave, 8).shape == (8, 8)
        with pytest.raises(Exception, match="something else"):
            sparse.captured(module, parts, given, more, (gave[0] + 1,), 8)


@pytest.mark.parametrize(
    ("window", "places", "limit"),
    [([1024], 16_384, 512), ([12, 10], 40, 36), (384, 16_384, 512), ([8], 512, 512)],
)
def test_leds_texts_are_as_long_as_whole_windows_fit(
    window: list[int] | int, places: int, limit: int
) -> None:
    config = SimpleNamespace(
        model_type="led", attention_window=window, max_encoder_position_embeddings=places
    )
    assert padded(config, min(512, places)) == limit
