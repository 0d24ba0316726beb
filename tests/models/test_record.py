"""What record takes, refuses and keeps, on the real model and on tiny ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from transformers import AutoModel

from models import catalog
from models.catalog import load
from models.core.loaded import LoadedModel
from models.errors import InputError, NotCapturable, TextTooLong
from models.record import MAX_WRITTEN, compressed, record
from models.recording import capture
from models.trace import AttentionTrace
from tests.closeness import CLOSE, assert_close
from tests.models import tiny

Load = Callable[[str], LoadedModel]

SENTENCES = (
    "The animal didn't cross the street because it was too tired.",
    "Bulutlar gökyüzünde, çocuklar bahçede şarkı söylüyor.",
    "İstanbul'da ılık bir akşam, Işıl şiir okuyor.",
    "Yüz kişi yüz maskesi ile denizdeki adama yüz diye bağırdı",
    "I love pizza 🍕 and 😀 on Sundays 👩‍👩‍👧!",
    "הכלב רץ אחרי החתול and came back",
    "السلام عليكم my friend",
    "</script><img src=x onerror=alert(1)> <b>bold</b>",
    "z̷̢a̶l̵g̴o e\u0301te\u0301 n\u0303",
    "x = softmax(q @ k.T / d**0.5) @ v  # 3.14",
    "a",
)
LONG = ("the cat sat down because it was tired " * 64, "çocuklar bahçede oynuyor " * 50)


def _rows_sum_to_one(trace: AttentionTrace) -> bool:
    sums = [block.weights.sum(axis=-1) for block in trace.blocks]
    return all(bool(np.allclose(s, 1, atol=1e-5)) for s in sums)


@pytest.fixture(scope="module")
def eager() -> torch.nn.Module:
    """MiniLM as transformers loads it, with its own eager attention."""
    folder = catalog.card_folder(catalog.CATALOG["minilm"])
    return AutoModel.from_pretrained(folder, attn_implementation="eager").eval()  # type: ignore[no-any-return]


def _difference(trace: AttentionTrace, loaded: LoadedModel, eager: torch.nn.Module) -> float:
    ids = torch.tensor([loaded.tokenizer.convert_tokens_to_ids(list(trace.tokens))])
    segments = torch.tensor([trace.segments])
    with torch.inference_mode():
        result = eager(input_ids=ids, token_type_ids=segments, output_attentions=True)
    own = (layer[0].numpy() for layer in result.attentions)
    pairs = zip(trace.layers("encoder"), own, strict=True)
    return max(float(np.abs(block.weights - weights).max()) for block, weights in pairs)


@pytest.mark.parametrize("text", SENTENCES)
def test_minilm_is_recorded_as_it_is(
    text: str, minilm: LoadedModel, eager: torch.nn.Module
) -> None:
    trace = record(minilm, text)
    assert [len(trace.layers("encoder")), trace.block("encoder", 0).heads] == [6, 12]
    assert _difference(trace, minilm, eager) < CLOSE
    assert trace.difference().relative <= CLOSE


def _mixed() -> Iterator[str]:
    yield from SENTENCES
    for i in range(50):
        first, second = SENTENCES[i % 9], SENTENCES[(i * 3 + 1) % 9]
        yield " ".join([first, second, str(i)] * (1 + i % 5))
    yield from LONG


@pytest.mark.slow
def test_fifty_mixed_texts_are_recorded_as_they_are(
    minilm: LoadedModel, eager: torch.nn.Module
) -> None:
    texts = [*islice(_mixed(), 48), *LONG]
    assert len(set(texts)) == 50
    for text in texts:
        trace = record(minilm, text, cut=True)
        assert trace.difference().relative <= CLOSE, text
        assert _difference(trace, minilm, eager) < CLOSE, text


def test_the_longest_text_is_recorded_as_it_is(minilm: LoadedModel, eager: torch.nn.Module) -> None:
    trace = record(minilm, LONG[0], cut=True)
    assert len(trace.tokens) == 512
    assert trace.cut
    assert trace.difference().relative <= CLOSE
    assert _difference(trace, minilm, eager) < CLOSE


def test_a_pair_is_recorded_with_its_segments(minilm: LoadedModel, eager: torch.nn.Module) -> None:
    trace = record(minilm, "Ayşe went shopping.", text_pair="She bought a shirt.")
    assert trace.tokens.count("[SEP]") == 2
    assert trace.segments[0] == 0
    assert trace.segments[-1] == 1
    assert _difference(trace, minilm, eager) < CLOSE


def test_a_trace_carries_what_was_typed(minilm: LoadedModel) -> None:
    trace = record("minilm", "Şair \x07uyudu", text_pair=" ")
    assert (trace.model_id, trace.text, trace.text_pair) == ("minilm", "Şair uyudu", None)
    assert trace.typed[:3] == ("[CLS]", "Şai", "##r")
    assert trace.tokens[1:3] == ("sai", "##r")
    assert trace.special == (True, *[False] * (len(trace.tokens) - 2), True)
    assert not trace.cut


def test_the_same_text_gives_the_same_numbers_on_every_thread(
    minilm: LoadedModel, tiny_model: Load
) -> None:
    others = [tiny_model("marian"), tiny_model("gemma2")]
    jobs = [(minilm, text) for text in SENTENCES[:6]] + [(m, tiny.SENTENCE) for m in others]
    alone = [record(model, text, surroundings=True) for model, text in jobs]
    with ThreadPoolExecutor(8) as threads:
        for _ in range(3):
            together = list(threads.map(lambda job: record(*job, surroundings=True), jobs))
            for a, b in zip(alone, together, strict=True):
                _assert_equal(a, b)


def _assert_equal(a: AttentionTrace, b: AttentionTrace) -> None:
    assert (a.tokens, a.target_tokens) == (b.tokens, b.target_tokens)
    assert len(a.blocks) == len(b.blocks)
    for one, other in zip(a.blocks, b.blocks, strict=True):
        # Bit for bit would ask the threads to add in the same order.
        for name in ("q", "k", "v", "output"):
            assert_close(getattr(one, name), getattr(other, name))
        assert one.surroundings is not None
        assert other.surroundings is not None
        assert_close(one.surroundings.x, other.surroundings.x)


def test_a_forward_pass_outside_a_recording_leaves_nothing(minilm: LoadedModel) -> None:
    ids = torch.tensor([[101, 102]])
    sink = capture.run(minilm.model, {"input_ids": ids})
    kept = list(sink.records)
    with torch.inference_mode():
        minilm.model(input_ids=ids)
    assert sink.records == kept
    assert len(kept) == minilm.card.layers
    assert sink.flow is None


def test_a_module_without_a_mask_sees_everything_even_if_it_calls_itself_causal() -> None:
    module = torch.nn.Module()
    module.is_causal = True  # type: ignore[assignment]
    q, k, v = torch.randn(3, 1, 2, 5, 4, generator=torch.Generator().manual_seed(0))
    output, _ = capture.attention(module, q, k, v, None)
    weights = torch.softmax(q @ k.mT / 4**0.5, dim=-1)
    assert torch.allclose(output.transpose(1, 2), weights @ v, atol=1e-6)


def test_surroundings_are_kept_on_request_only(minilm: LoadedModel) -> None:
    inputs = {"input_ids": torch.tensor([[101, 102]])}
    assert not any(r.origins for r in capture.run(minilm.model, inputs).records)
    assert all(b.surroundings is None for b in record(minilm, "a key").blocks)
    assert all(b.surroundings for b in record(minilm, "a key", surroundings=True).blocks)


def test_a_recording_keeps_a_quarter_of_the_weights_at_most(minilm: LoadedModel) -> None:
    blocks = record(minilm, LONG[0], cut=True).blocks
    kept = sum(a.nbytes for b in blocks for a in (b.q, b.k, b.v, b.output))
    assert all(b.mask is None and not b.terms for b in blocks)
    assert kept * 4 <= sum(block.weights.nbytes for block in blocks)


def test_q_k_v_are_the_models_own_memory_not_copies(minilm: LoadedModel) -> None:
    for block in record(minilm, "a key asks").blocks:
        for array in (block.q, block.k, block.v):
            owner = array
            while isinstance(owner.base, np.ndarray):
                owner = owner.base
            assert owner.base is not None, "numpy owns it: somebody copied"


def test_masks_are_kept_as_small_as_they_are() -> None:
    low = np.finfo(np.float32).min
    assert compressed(np.zeros((1, 4, 4), "f4")) is None
    padded = compressed(np.broadcast_to(np.array([0, 0, low], "f4"), (1, 3, 3)))
    assert padded is not None
    assert padded.tolist() == [[[0, 0, -np.inf]]]
    causal = np.where(np.tri(3, dtype=bool), 0, low).astype("f4")[None]
    kept = compressed(causal)
    assert kept is not None
    assert np.array_equal(np.isneginf(kept[0]), ~np.tri(3, dtype=bool))
    soft = compressed(np.array([[[0, -3.5]]], "f4"))
    assert soft is not None
    assert soft.tolist() == [[[0, -3.5]]]


def test_fewer_records_than_layers_are_refused(
    minilm: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Forgetful(capture.Sink):
        @property
        def calls(self) -> list[capture.Record]:
            return []

        @calls.setter
        def calls(self, _: object) -> None:
            pass

    monkeypatch.setattr(capture, "Sink", Forgetful)
    with pytest.raises(NotCapturable) as refused:
        record(minilm, "a key")
    assert refused.value.details == {"family": "bert"}


@pytest.mark.parametrize("family", ["marian", "bart", "t5"])
def test_the_models_own_translation_is_its_likeliest_token_at_every_step(
    family: str, tiny_model: Load
) -> None:
    loaded = tiny_model(family)
    trace = record(loaded, tiny.SENTENCE)
    assert trace.target_tokens is not None
    assert 1 <= len(trace.target_tokens) <= MAX_WRITTEN + 1
    assert trace.target is None
    written = loaded.tokenizer.convert_tokens_to_ids(list(trace.target_tokens))
    source = torch.tensor([loaded.tokenizer.convert_tokens_to_ids(list(trace.tokens))])
    with torch.inference_mode():
        logits = loaded.model(input_ids=source, decoder_input_ids=torch.tensor([written])).logits
    assert logits[0, :-1].argmax(dim=-1).tolist() == written[1:]
    ended = int(logits[0, -1].argmax()) == loaded.model.config.eos_token_id
    assert ended or len(written) == min(MAX_WRITTEN + 1, loaded.limit)


@pytest.mark.parametrize("family", ["marian", "t5"])
def test_a_given_target_is_read_one_place_to_the_right(family: str, tiny_model: Load) -> None:
    loaded = tiny_model(family)
    trace = record(loaded, "a key answers", target="a question asks")
    words = loaded.tokenizer("a question asks").input_ids
    assert trace.target_tokens is not None
    ids = loaded.tokenizer.convert_tokens_to_ids(list(trace.target_tokens))
    assert ids == [loaded.model.config.decoder_start_token_id, *words[:-1]]
    assert trace.target == "a question asks"
    assert trace.target_special == (True, *[False] * (len(words) - 1))
    assert trace.target_typed is not None
    assert "".join(trace.target_typed[1:]).replace("␣", "") == "aquestionasks"
    assert trace.axes("cross") == (trace.target_tokens, trace.tokens)


def test_a_target_that_is_too_long_is_refused_or_cut(tiny_model: Load) -> None:
    loaded = tiny_model("marian")
    with pytest.raises(TextTooLong):
        record(loaded, "a key", target="a question " * 40)
    trace = record(loaded, "a key", target="a question " * 40, cut=True)
    assert trace.cut
    assert len(trace.target_tokens or ()) == loaded.limit


def test_a_target_for_a_model_with_one_side_changes_nothing(minilm: LoadedModel) -> None:
    trace = record(minilm, "a key", target="a question")
    assert (trace.target, trace.target_tokens) == (None, None)


texts = st.text(st.characters(), max_size=80) | st.sampled_from(SENTENCES)
odd = ["\ud800", "</script>", "e\u0301\u0302", "\u202eabc", "[CLS]", "[PAD] [MASK] </s>", "\0"]


@pytest.mark.parametrize("name", ["minilm", "gpt2", "marian"])
def test_any_text_is_recorded_or_refused_politely(name: str, tiny_model: Load) -> None:
    loaded = load(name) if name == "minilm" else tiny_model(name)

    refused: list[str] = []

    @given(texts)
    def check(text: str) -> None:
        try:
            trace = record(loaded, text, cut=True)
        except InputError as error:
            refused.append(error.code)
            return
        assert _rows_sum_to_one(trace)
        assert len(trace.typed) == len(trace.tokens) == len(trace.special) == len(trace.segments)

    for text in odd:
        check = example(text)(check)
    check()
    assert "input" not in refused  # each says what is wrong
