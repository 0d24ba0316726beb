"""The translator's pictures and sums: every number worked out anew from the weights in float64."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from typing import Any

import numpy as np
import pytest

from models.catalog import load
from models.core.attention import window_mask
from models.translation.reference import Cells
from models.translator.blocks import double
from tests.closeness import CLOSE, assert_close
from tests.viz.figures import cells, checked, plain, words
from tests.viz.stepping import labels, stepping, style, trace, tree
from tests.viz.translations import Ledger
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT
from viz.formula.writer import Writer
from viz.translator import stages_formulas as formulas
from viz.translator.attentions import translation
from viz.translator.beam import Looked, beam_step, beam_tree
from viz.translator.beam_formulas import score
from viz.translator.block_strips import Strip, strips
from viz.translator.diagram import payload
from viz.translator.score_table import shares, table
from viz.translator.stage_names import STAGES, Stage
from viz.translator.stages import Stepping

ALL = pytest.mark.parametrize("stage", STAGES)


def weights(name: str) -> Any:
    """A parameter of the shipped model in float64."""
    return load("translator").model.state_dict()[name].double().numpy()


def softmax(scores: Any) -> Any:
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def norm(x: Any, name: str) -> Any:
    centred = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5)
    return centred / spread * weights(f"{name}.weight") + weights(f"{name}.bias")


def attend(x: Any, memory: Any, name: str, *, causal: bool = False) -> Any:
    def heads(part: str, y: Any) -> Any:
        made = y @ weights(f"{name}.{part}.weight").T + weights(f"{name}.{part}.bias")
        return made.reshape(len(y), 4, 32).transpose(1, 0, 2)

    q, k, v = heads("q_proj", x), heads("k_proj", memory), heads("v_proj", memory)
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(32)
    if causal:
        scores = np.where(np.tri(len(x), dtype=bool), scores, -np.inf)
    joined = (softmax(scores) @ v).transpose(1, 0, 2).reshape(len(x), 128)
    return joined @ weights(f"{name}.out_proj.weight").T + weights(f"{name}.out_proj.bias")


def feed(x: Any, name: str) -> Any:
    u = x @ weights(f"{name}.fc1.weight").T + weights(f"{name}.fc1.bias")
    a = u / (1 + np.exp(-u))
    return a @ weights(f"{name}.fc2.weight").T + weights(f"{name}.fc2.bias")


def embed(ids: Any) -> Any:
    pos, i = np.arange(len(ids))[:, None], np.arange(64)[None]
    angle = pos / 10000 ** (2 * i / 128)
    waves = np.concatenate((np.sin(angle), np.cos(angle)), axis=1)
    return np.sqrt(128) * weights("model.shared.weight")[list(ids)] + waves


def anew() -> dict[Stage, Any]:
    """What each stage of layer 1 puts out, from the weights alone: the whole model in numpy."""
    one = trace()
    loaded = load("translator")
    source = loaded.encode(one.text).ids
    read = (0, *one.ids[:-1])
    made: dict[Stage, Any] = {"source": embed(source), "target": embed(read)}
    x = made["source"]
    for n in range(2):
        name = f"model.encoder.layers.{n}"
        made["encoder"] = attend(x, x, f"{name}.self_attn")
        made["encoder_norm"] = norm(x + made["encoder"], f"{name}.self_attn_layer_norm")
        made["encoder_feed"] = feed(made["encoder_norm"], name)
        x = norm(made["encoder_norm"] + made["encoder_feed"], f"{name}.final_layer_norm")
    memory = made["encoder_feed_norm"] = x
    x = made["target"]
    for n in range(2):
        name = f"model.decoder.layers.{n}"
        made["decoder"] = attend(x, x, f"{name}.self_attn", causal=True)
        made["decoder_norm"] = norm(x + made["decoder"], f"{name}.self_attn_layer_norm")
        made["cross"] = attend(made["decoder_norm"], memory, f"{name}.encoder_attn")
        made["cross_norm"] = norm(
            made["decoder_norm"] + made["cross"], f"{name}.encoder_attn_layer_norm"
        )
        made["feed"] = feed(made["cross_norm"], name)
        x = norm(made["cross_norm"] + made["feed"], f"{name}.final_layer_norm")
    made["feed_norm"] = x
    logits = x @ weights("model.shared.weight").T + weights("final_logits_bias")[0]
    made["linear"], made["softmax"] = logits, softmax(logits)
    return made


@ALL
def test_the_number_of_every_stage_is_the_whole_models_worked_out_in_numpy(stage: Stage) -> None:
    made = anew()[stage]
    for step, dim in ((0, 3), (4, 7), (11, 120)):
        one = stepping(stage, step, dim=dim, key=0)
        column = one.trace.ids[step] if stage in ("linear", "softmax") else dim
        assert_close(one.own_value(), made[one.row, column])


def lines(one: Stepping, ledger: Ledger) -> str:
    """The lit stage's formulas, every number kept."""
    write = {
        "attention": formulas.attention, "embedding": formulas.embedding, "norm": formulas.norm,
        "feed": formulas.feed_forward, "linear": formulas.linear, "softmax": formulas.probability,
    }  # fmt: skip
    return "".join(write[one.family](one, Writer(style(notation=ledger), 2, formulas.MOST)))


@ALL
def test_the_formulas_come_to_the_stages_number_and_fit_katex(stage: Stage) -> None:
    one = stepping(stage, key=0)
    ledger = Ledger()
    made = lines(one, ledger)
    assert ledger.wrote(one.own_value())
    assert made.count("{") == made.count("}")
    assert r"\begin{array}" not in made


def test_the_terms_written_out_and_the_rest_add_up() -> None:
    one = stepping("linear")
    made = "".join(formulas.linear(one, Writer(style(), 4, formulas.MOST)))
    head, _, _ = made.partition(r"\underbrace")
    products = re.findall(r"\(?(-?\d+\.\d+)\)? \\cdot \(?(-?\d+\.\d+)\)?", head)
    assert len(products) == formulas.MOST
    rest, bias = (float(n) for n in re.findall(r"underbrace\{\(?(-?\d+\.\d+)\)?\}", made))
    total = sum(float(a) * float(b) for a, b in products) + rest + bias
    assert abs(total - one.own_value()) < 5e-3


def test_mean_and_variance_are_those_of_the_residual() -> None:
    one = stepping("cross_norm")
    ledger = Ledger()
    formulas.norm(one, Writer(style(notation=ledger)))
    r = double(one.norm.x[one.row]) + double(one.norm.added[one.row])
    assert ledger.wrote(float(r.mean()))
    assert ledger.wrote(float(((r - r.mean()) ** 2).mean()))


@pytest.mark.parametrize("stage", ["encoder", "decoder", "cross"])
def test_an_attention_recomputed_behind_w_o_is_the_models_own(stage: Stage) -> None:
    one = stepping(stage, key=0)
    assert one.attention_difference().relative <= 1e-6
    block = one.lit
    wrong = replace(block, q=block.q * np.float32(1.01))
    blocks = tuple(wrong if b is block else b for b in one.trace.attention.blocks)
    broken = replace(one.trace, attention=replace(one.trace.attention, blocks=blocks))
    assert replace(one, trace=broken).attention_difference().relative > CLOSE


@pytest.mark.parametrize("stage", ["encoder", "decoder", "cross"])
def test_the_tables_scores_and_weights_are_the_heads_and_add_up(stage: Stage) -> None:
    one = stepping(stage, key=1)
    steps, row = one.steps, one.row
    made = table(steps, one.keys, (row, 1), Style(LIGHT, Notation(), labels("translator.table")))
    scores = double(steps.q[row]) @ double(steps.k).T
    open_keys = range(row + 1) if stage == "decoder" else range(len(scores))
    assert made.count("<tr") >= min(len(open_keys), 8) + 2
    for j in open_keys:
        if made.count(f"<bdi>{one.keys[j]}</bdi>") == 1:
            assert f"<td>{Notation().fixed(float(scores[j]), 1)}</td>" in made
    shown = [float(n) for n in re.findall(r"alpha'>(\d\.\d+)<", made)]
    assert shown[-1] == 1.0
    if stage == "decoder":
        assert f"<bdi>{one.keys[row + 1]}</bdi>" not in made


def test_the_shares_of_the_whole_vocabulary_are_stated() -> None:
    step = trace().step(4)
    made = shares(step, 1199, Style(LIGHT, Notation(), labels("translator.table")))
    logits = double(trace().logits[4])
    whole = np.exp(logits - logits.max()).sum()
    assert "1189 others" in made
    assert f"<td>{Notation().small(float(whole), 2)}</td>" in made
    assert made.count("<tr") == 13


def maps(one: Stepping, **more: Any) -> Any:
    figure = translation(one, style(**more))
    checked(figure)
    return figure


@pytest.mark.parametrize("step", [0, 4, 11])
def test_the_picture_holds_all_three_attentions_up_to_the_step(step: int) -> None:
    one = stepping(step=step, key=0)
    figure = maps(one)
    drawn = [np.array(t.z) for t in figure.data if t.type == "heatmap" and t.z.shape != (1, 64)]
    made = {name: one.block(name).head(0).weights for name in ("encoder", "decoder", "cross")}
    assert [z.shape for z in drawn] == [(step + 1, 14), (14, 14), (step + 1, 12)]
    assert_close(drawn[0], made["cross"][: step + 1])
    assert_close(drawn[1], made["encoder"])
    seen = np.tri(step + 1, 12, dtype=bool)
    assert np.isnan(drawn[2][~seen]).all()
    assert np.abs(drawn[2] - made["decoder"][: step + 1])[seen].max() <= CLOSE


def test_what_the_decoder_hatches_is_the_recordings_own_mask() -> None:
    one = stepping(step=11)
    own = one.block("decoder")
    mask = window_mask(12, 12, 2).astype(np.float32)  # no triangle
    attention = one.trace.attention
    blocks = tuple(replace(b, mask=mask[None]) if b is own else b for b in attention.blocks)
    trace = replace(one.trace, attention=replace(attention, blocks=blocks))
    figure = maps(replace(one, trace=trace))
    drawn = [np.array(t.z) for t in figure.data if t.type == "heatmap" and t.z.shape == (12, 12)]
    np.testing.assert_array_equal(np.isnan(drawn[-1]), np.isneginf(mask))


def test_one_place_is_named_by_what_it_reads_and_by_what_it_writes() -> None:
    said = [plain(word.text) for word in words(maps(stepping(step=4))) if "<b>" in word.text]
    assert "the" in said
    assert said.count("big") == 2  # on its chip and before its row
    later = [plain(word.text) for word in words(maps(stepping(step=4)))]
    assert "village" not in later


def test_clicks_carry_what_they_choose_and_a_masked_cell_none() -> None:
    ids = [tuple(i) for t in cells(maps(stepping(step=4))) for i in t.customdata]
    assert ("d", 4, 4) in ids
    assert ("d", 3, 4) not in ids
    assert ("e", 13, 0) in ids
    assert (4, 6) in ids


def test_gold_rings_are_laid_over_written_rows_only() -> None:
    gold = Cells(frozenset({(0, 11), (4, 6), (9, 3)}), frozenset({(3, 7)}), 12)
    rings = [s for s in maps(stepping(step=4, gold=gold)).layout.shapes if s.type == "circle"]
    assert len(rings) == 2 * 3


def test_a_long_text_an_unknown_word_and_hostile_tokens_are_drawn() -> None:
    for text in ("kedi " * 60, "Bilgisayar <b>uyudu</b>.", "مرحبا kedi \u202e uyudu."):
        found = trace(text)
        one = Stepping(found, 0, 1, 0, strange=frozenset({1}))
        for theme in (LIGHT, DARK):
            figure = maps(one, theme=theme)
        assert "<b>uyudu" not in figure.to_json()


@ALL
def test_the_diagram_has_every_stage_once_and_lights_the_current_one(stage: Stage) -> None:
    made = payload(stepping(stage, key=0), labels("translator.diagram"))
    boxes = [box["id"] for side in ("encoder", "decoder") for box in made[side]["boxes"]]
    assert boxes == list(STAGES)
    assert made["now"] == stage
    assert made["writes"] == "big"
    assert made["decoder"]["reads"] == "You went to the"
    assert payload(stepping(step=0), labels("translator.diagram"))["decoder"]["reads"] == "<pad>"


def test_a_strip_shows_its_numbers_and_a_click_chooses_the_dimension() -> None:
    values = np.linspace(-1, 1, 130, dtype=np.float32)
    figure = strips([Strip("a", values, mark=5), Strip("b", values[:32], "+")], style())
    checked(figure)
    first, second = [t for t in figure.data if t.type == "heatmap"][:2]
    assert np.allclose(np.array(first.z).ravel()[:130], values)
    assert np.isnan(np.array(first.z).ravel()[130:]).all()
    assert np.array(second.z).shape == (1, 32)
    ids = [tuple(i) for i in cells(figure)[0].customdata]
    assert ids == [(i,) for i in range(130)]
    assert any("[5] = " in word.text for word in words(figure))


def test_an_outlier_does_not_pale_a_strip_and_the_clip_is_said() -> None:
    values = np.append(np.linspace(-1, 1, 127), 30.0).astype(np.float32)
    figure = strips([Strip("a", values)], style())
    assert next(t for t in figure.data if t.type == "heatmap").zmax < 2
    assert any("end at" in word.text for word in words(figure))
    calm = strips([Strip("a", values[:127])], style())
    assert not any("end at" in word.text for word in words(calm))


@pytest.mark.parametrize("step", [0, 6])
def test_every_weighed_node_is_in_the_tree_with_its_own_sum(step: int) -> None:
    search = tree()
    figure = beam_tree(Looked(search, step, search.best.node), style())
    checked(figure)
    (points,) = cells(figure)
    shown = {number for _, number in points.customdata}
    columns = Looked(search, step, 0).columns
    assert shown == {i for depth in columns for i in search.at(depth)}
    said = [plain(word.text) for word in words(figure)]
    for number in shown:
        node = search.nodes[number]
        value = node.score if node.state == "finished" else node.total
        assert any(Notation().significant(value, 3) in word for word in said)
        assert escape(node.piece, quote=False) in said or len(node.piece) > 14


def test_a_long_search_shows_the_columns_around_the_step_and_says_so() -> None:
    search = tree("Şimdi Umut'un oğlu şu gömleği istiyor ama onlar yeni bir bahçede oturdular.")
    assert search.depth > 12
    for step in (0, search.depth - 1):
        looked = Looked(search, step, 0)
        assert len(looked.columns) == 12
        assert step + 1 in looked.columns
        figure = beam_tree(looked, style())
        assert any(f"of {search.depth}" in word.text for word in words(figure))
        top = beam_step(looked, style())
        checked(top)
        (now,) = (word.text for word in words(top) if "<b>" in word.text)
        assert str(step) in now


def test_a_score_is_the_sum_over_its_length_to_the_penalty() -> None:
    search = tree()
    for one in search.finished:
        ledger = Ledger()
        made = score(search, one.node, Writer(style(notation=ledger), 3))
        shares_ = [search.nodes[i].log_probability for i in search.path(one.node)]
        assert ledger.wrote(sum(shares_))
        assert ledger.wrote(sum(shares_) / len(shares_) ** search.penalty)
        assert len(made) == 2
    dropped = next(i for i, node in enumerate(search.nodes) if node.state == "pruned")
    assert len(score(search, dropped, Writer(style(), 3))) == 1


def test_what_is_not_there_is_refused() -> None:
    wrongs: tuple[dict[str, Any], ...] = (
        *({"step": 99}, {"layer": 2}, {"head": 4}, {"place": -1}, {"source": 14}),
    )
    for wrong in wrongs:
        with pytest.raises(ValueError, match="is not in 0"):
            replace(stepping(), **wrong)
