"""A translator block by block: each recomputed by hand, and held against the library's own run."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, replace
from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch

from models.catalog import load
from models.core.loaded import LoadedModel
from models.errors import EmptyText, NotTranslating, OnlyUnknown, TextTooLong
from models.grammar.grammar import generate
from models.loading.checkpoint import in_double
from models.record import record
from models.translation.reference import examples
from models.translator import record as transformer
from models.translator.blocks import ACTIVATIONS, double
from models.translator.trace import TransformerTrace
from tests.closeness import CLOSE, assert_close

LOGITS = 10.0  # the size of what log-probabilities are made from

SENTENCE = examples()["crossing"].source


@pytest.fixture(scope="module")
def translator() -> LoadedModel:
    return load("translator")


@pytest.fixture(scope="module")
def trace(translator: LoadedModel) -> TransformerTrace:
    return transformer.translate(translator, SENTENCE)


def sentences(count: int) -> list[str]:
    """Test sentences of the grammar, some without their mark, and words it has never met."""
    found = [pair.source for pair in islice(generate(seed=7, split="test"), count - 4)]
    return [*found, "Bilgisayar uyudu.", "kedi", "ÇOCUK KEDİYİ GÖRDÜ", found[0].rstrip(".?")]


def generated(loaded: LoadedModel, text: str, **options: Any) -> Any:
    """What the library's own generate makes of a text."""
    ids = torch.tensor([loaded.encode(text).ids])
    with torch.inference_mode():
        return loaded.model.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            return_dict_in_generate=True,
            output_scores=True,
            output_logits=True,
            **options,
        )


def test_a_greedy_run_writes_what_generate_writes_with_the_same_logits(
    translator: LoadedModel,
) -> None:
    for text in sentences(60):
        run = transformer.run(translator, text)
        theirs = generated(translator, text, num_beams=1)
        assert run.ids == tuple(theirs.sequences[0, 1:].tolist())
        for step, logits in zip(run.steps, theirs.logits, strict=True):
            row = double(logits[0].numpy())
            best = np.sort(row)[::-1][:10]
            assert_close([one.logits[0] for one in step.best], best)
            assert_close(step.log_sum_exp, np.log(np.exp(row).sum()), among=row)


@pytest.mark.parametrize("beams", [2, 3, 4, 5])
def test_a_beam_search_finds_what_generate_finds_with_the_same_scores(
    translator: LoadedModel, beams: int
) -> None:
    for text in sentences(52 if beams in (2, 4) else 12):
        found = transformer.search(translator, text, beams)
        theirs = generated(translator, text, num_beams=beams, num_return_sequences=beams)
        fill = translator.model.config.eos_token_id  # behind sentences shorter than the longest
        rows = [tuple(row[1:].tolist()) for row in theirs.sequences]
        for ours, row, score in zip(
            found.finished, rows, theirs.sequences_scores.tolist(), strict=True
        ):
            assert ours.ids + (fill,) * (len(row) - len(ours.ids)) == row
            assert_close(ours.score, score, among=LOGITS)


@pytest.mark.parametrize(
    "options",
    [{"length_penalty": 0.0}, {"length_penalty": 2.0, "early_stopping": True}],
    ids=["no penalty", "early"],
)
def test_the_length_penalty_and_the_early_stop_are_the_librarys(
    translator: LoadedModel, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in options.items():
        monkeypatch.setattr(translator.model.generation_config, name, value)
    for text in sentences(12):
        found = transformer.search(translator, text, 3)
        theirs = generated(translator, text, num_beams=3)
        assert found.best.ids == tuple(theirs.sequences[0, 1:].tolist())
        assert_close(found.best.score, float(theirs.sequences_scores[0]), among=LOGITS)


@pytest.mark.parametrize("penalty", [0.0, 0.4, 1.0, 1.5, 2.0])
def test_a_length_penalty_that_is_asked_for_ranks_as_generate_does_with_it(
    translator: LoadedModel, penalty: float
) -> None:
    """sequences_scores: the sum over what was generated, the end token counted, the start not."""
    for text in ("Bilgisayar köye gitti.", "kedi", "Telefon çaldı.", *sentences(6)[:2]):
        found = transformer.search(translator, text, 3, penalty=penalty)
        theirs = generated(
            translator, text, num_beams=3, num_return_sequences=3, length_penalty=penalty
        )
        assert found.penalty == penalty
        rows = theirs.sequences[:, 1:].tolist()
        for one, row, score in zip(
            found.finished, rows, theirs.sequences_scores.tolist(), strict=True
        ):
            assert list(one.ids) == row[: len(one.ids)]
            total = found.nodes[one.node].total
            assert_close(total / len(one.ids) ** penalty, score, among=LOGITS)
            assert_close(one.score, score, among=LOGITS)
        written = transformer.translate(translator, text, beams=3, penalty=penalty)
        assert written.ids == found.best.ids


def test_a_length_penalty_can_change_which_sentence_wins(translator: LoadedModel) -> None:
    text = "Bilgisayar köye gitti."
    winners = [len(transformer.search(translator, text, 3, penalty=one).best.ids) for one in (0, 1)]
    assert winners == [10, 13]
    own = transformer.search(translator, text, 3)
    assert own.penalty == 1
    assert own.best.ids == transformer.search(translator, text, 3, penalty=1).best.ids


def test_every_node_of_the_tree_adds_up_and_the_states_are_as_many_as_the_rule_says(
    translator: LoadedModel,
) -> None:
    for text in sentences(8):
        tree = transformer.search(translator, text, 3)
        for node in tree.nodes:
            before = 0.0 if node.parent is None else tree.nodes[node.parent].total
            assert_close(before + node.log_probability, node.total, among=LOGITS)
            assert node.score == pytest.approx(node.total / node.depth**tree.penalty)
            assert node.parent is None or tree.nodes[node.parent].state == "alive"
        for depth in range(1, tree.depth + 1):
            here = [tree.nodes[i] for i in tree.at(depth)]
            assert len(here) == 6
            assert sum(node.state == "alive" for node in here) == (3 if depth < tree.depth else 0)
            assert [n.total for n in here] == sorted((n.total for n in here), reverse=True)
        for one in tree.finished:
            assert tuple(tree.nodes[i].token for i in tree.path(one.node)) == one.ids
            assert tree.nodes[one.node].state == "finished"
        assert list(tree.finished) == sorted(tree.finished, key=lambda one: -one.score)


def test_stepping_with_a_cache_gives_the_logits_of_one_pass_without(
    translator: LoadedModel, trace: TransformerTrace
) -> None:
    run = transformer.run(translator, SENTENCE)
    once = [trace.step(at) for at in range(len(trace.ids))]
    assert run.ids == trace.ids
    for one, other in zip(run.steps, once, strict=True):
        assert [word.id for word in one.best] == [word.id for word in other.best]
        for word, same in zip(one.best, other.best, strict=True):
            assert_close(word.logits[0], same.logits[0], among=LOGITS)


def test_the_attentions_are_those_that_record_gives_for_that_target(
    translator: LoadedModel, trace: TransformerTrace
) -> None:
    target = translator.tokenizer.decode(list(trace.ids), skip_special_tokens=True)
    other = record(translator, SENTENCE, target=target)
    assert other.target_tokens == trace.attention.target_tokens
    assert other.kinds == trace.attention.kinds == ("encoder", "decoder", "cross")
    for one, same in zip(trace.attention.blocks, other.blocks, strict=True):
        assert (one.kind, one.layer) == (same.kind, same.layer)
        assert_close(one.weights, same.weights)


def hidden_states(loaded: LoadedModel, trace: TransformerTrace) -> Any:
    """The library's own hidden states and logits of the same words, in double precision."""
    source = torch.tensor([loaded.encode(SENTENCE).ids])
    start = loaded.model.config.decoder_start_token_id
    with torch.inference_mode():
        return in_double(loaded).model(
            input_ids=source,
            attention_mask=torch.ones_like(source),
            decoder_input_ids=torch.tensor([[start, *trace.ids[:-1]]]),
            output_hidden_states=True,
        )


def test_every_layer_ends_where_the_librarys_own_hidden_states_are(
    translator: LoadedModel, trace: TransformerTrace
) -> None:
    own = hidden_states(translator, trace)
    for side, embedded in (("encoder", trace.source), ("decoder", trace.target)):
        states = own[f"{side}_hidden_states"]
        assert_close(embedded.recomputed, states[0][0].numpy())
        for layer, state in zip(getattr(trace, side), states[1:], strict=True):
            assert_close(layer.feed_norm.recomputed, state[0].numpy())
            assert_close(layer.feed_norm.own, state[0].numpy())
    assert_close(trace.output.recomputed, own.logits[0].numpy())


def test_each_block_follows_from_the_one_before(trace: TransformerTrace) -> None:
    for side, embedded in (("encoder", trace.source), ("decoder", trace.target)):
        x = embedded.own
        for layer in getattr(trace, side):
            assert np.array_equal(layer.attention.surroundings.x, x)
            assert np.array_equal(layer.norm.added, layer.attention.surroundings.projected)
            after = layer.norm.own
            if layer.cross is not None:
                assert np.array_equal(layer.cross.surroundings.x, after)
                assert np.array_equal(
                    layer.cross.surroundings.x_kv, trace.encoder[-1].feed_norm.own
                )
                after = layer.cross_norm.own
            assert np.array_equal(layer.feed.x, after)
            assert np.array_equal(layer.feed_norm.x, after)
            x = layer.feed_norm.own
    assert np.array_equal(trace.output.x, x)


def test_all_of_it_recomputed_lies_within_the_tolerance(translator: LoadedModel) -> None:
    for text in sentences(12):
        assert transformer.translate(translator, text).difference().relative <= CLOSE


def test_a_wrong_number_in_any_block_is_told(trace: TransformerTrace) -> None:
    layer = trace.decoder[1]
    broken = [
        replace(trace, source=replace(trace.source, scale=trace.source.scale * 1.001)),
        replace(trace, output=replace(trace.output, x=trace.output.x * np.float32(1.001))),
    ]
    for name in ("norm", "cross_norm", "feed_norm", "feed"):
        part = getattr(layer, name)
        wrong = replace(layer, **{name: replace(part, own=part.own + np.float32(0.01))})
        broken.append(replace(trace, decoder=(trace.decoder[0], wrong)))
    assert all(one.difference().relative > 10 * CLOSE for one in broken)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_torchs(name: str) -> None:
    u = np.linspace(-40, 40, 401)
    theirs = {"swish": "silu"}.get(name, name)
    own = getattr(torch.nn.functional, theirs)(torch.tensor(u)).numpy()
    assert np.abs(ACTIVATIONS[name](u) - own).max() <= 1e-12


def test_a_beam_of_two_is_recorded_with_its_own_best_words(translator: LoadedModel) -> None:
    for text in sentences(8):
        tree = transformer.search(translator, text, 2)
        assert transformer.translate(translator, text, beams=2).ids == tree.best.ids


def test_recordings_of_many_threads_do_not_mix(translator: LoadedModel) -> None:
    texts = sentences(16)
    alone = [transformer.translate(translator, text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: transformer.translate(translator, text), texts))
    for one, other in zip(alone, together, strict=True):
        assert one.ids == other.ids
        assert np.array_equal(one.decoder[1].feed.inner_own, other.decoder[1].feed.inner_own)
        assert np.array_equal(one.logits, other.logits)


def test_a_plain_forward_pass_keeps_nothing(translator: LoadedModel) -> None:
    from models.recording import capture

    ids = torch.tensor([[3, 4, 1]])
    inputs = {"input_ids": ids, "decoder_input_ids": ids}
    assert not capture.run(translator.model, inputs).passed
    assert len(capture.run(translator.model, inputs, between=True).passed) == 4 * 2 + 5 * 2 + 1


def test_another_marian_can_be_opened_too(tiny_model: Callable[[str], LoadedModel]) -> None:
    tiny = tiny_model("marian")
    trace = transformer.translate(tiny, "the animal was tired")
    assert (len(trace.encoder), len(trace.decoder)) == (3, 2)
    assert trace.difference().relative <= CLOSE
    assert len(trace.ids) <= 63


@pytest.mark.parametrize("family", ["bert", "gpt2", "t5", "bart"])
def test_what_is_no_marian_is_refused(
    tiny_model: Callable[[str], LoadedModel], family: str
) -> None:
    with pytest.raises(NotTranslating):
        transformer.translate(tiny_model(family), "the animal")


@pytest.mark.parametrize(
    ("text", "error"),
    [("", EmptyText), (" \n\u200b", EmptyText), ("日本語", OnlyUnknown), ("a " * 200, TextTooLong)],
)
def test_what_cannot_be_read_is_refused(
    translator: LoadedModel, text: str, error: type[Exception]
) -> None:
    for make in (transformer.run, transformer.translate):
        with pytest.raises(error):
            make(translator, text)


def test_a_long_text_can_be_cut(translator: LoadedModel) -> None:
    trace = transformer.translate(translator, "kedi " * 300, cut=True)
    assert trace.attention.cut
    assert len(trace.typed) == translator.limit


def test_records_cannot_be_changed(trace: TransformerTrace) -> None:
    with pytest.raises(FrozenInstanceError):
        trace.written = trace.written  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        trace.output.own[0, 0] = 1
    with pytest.raises(ValueError, match="rows of logits"):
        replace(trace, written=trace.written.first(len(trace.ids) - 1))
