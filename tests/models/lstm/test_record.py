"""Gates recomputed from the weights are torch's own, and a text gives a trace of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from models.architectures.recurrent_lm import RecurrentConfig, RecurrentLM
from models.catalog import load
from models.core.loaded import LoadedModel
from models.core.tokens import named
from models.errors import EmptyText, NotCapturable, OutOfRange, TextTooLong, UnsafeWeights
from models.lstm.record import Unit, run, silent, unrolled
from models.record import record
from models.trace import RecurrentLayer, RecurrentTrace
from tests.closeness import CLOSE, assert_close
from tests.models import tiny

STEPS, IN, UNITS = 40, 7, 12


def traced(module: nn.RNN | nn.GRU | nn.LSTM, x: torch.Tensor) -> RecurrentTrace:
    layers, output, final = unrolled(module, x)
    return RecurrentTrace("tiny", named("x" * len(x)), layers, output=output, final=final)


def module(
    cell: str, layers: int = 1, *, both: bool = False, bias: bool = True
) -> nn.RNN | nn.GRU | nn.LSTM:
    torch.manual_seed(layers)
    kinds: dict[str, type[nn.RNN | nn.GRU | nn.LSTM]]
    kinds = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
    made = kinds[cell](IN, UNITS, layers, bidirectional=both, bias=bias, batch_first=both)
    with torch.no_grad():  # wide: gates that reach 0 and 1
        for parameter in made.parameters():
            parameter.mul_(3)
    made.eval()
    return made


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("both", [False, True], ids=["forward", "both directions"])
def test_recomputed_states_are_torchs_own(cell: str, layers: int, both: bool) -> None:
    trace = traced(module(cell, layers, both=both), torch.randn(STEPS, IN))
    assert len(trace.layers) == len(trace.final) == layers
    assert trace.output is not None
    assert trace.layers[-1].h.shape == trace.output.shape == (STEPS, UNITS * (1 + both))
    assert trace.difference().relative <= CLOSE


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_a_module_without_biases_is_recomputed_too(cell: str) -> None:
    assert traced(module(cell, bias=False), torch.randn(STEPS, IN)).difference().relative <= CLOSE


def test_a_thousand_steps_do_not_drift() -> None:
    assert traced(module("lstm", 2), torch.randn(1000, IN)).difference().relative <= CLOSE


def test_every_gate_is_what_a_single_cell_computes() -> None:
    own, x = module("lstm"), torch.randn(STEPS, IN)
    layer = traced(own, x).layers[0]
    w, u, b_x, b_h = (p.detach() for p in own.parameters())
    h = c = torch.zeros(UNITS)
    with torch.inference_mode():
        for t in range(STEPS):
            z = w @ x[t] + u @ h + b_x + b_h
            i, f, g, o = z.chunk(4)
            i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
            c = f * c + i * g
            h = o * c.tanh()
            for name, value in {"i": i, "f": f, "g": g, "o": o, "c": c, "h": h}.items():
                assert_close(getattr(layer, name)[t], value.numpy())


def test_every_part_of_a_gru_is_what_its_equations_say() -> None:
    """h_t = (1 − z)·n + z·h_{t−1}, and r weighs U·h + b inside of the candidate."""
    own, x = module("gru"), torch.randn(STEPS, IN)
    layer = traced(own, x).layers[0]
    w, u, b_x, b_h = (p.detach() for p in own.parameters())
    cell = nn.GRUCell(IN, UNITS)
    cell.load_state_dict({n.removesuffix("_l0"): p for n, p in own.named_parameters()})
    h = torch.zeros(UNITS)
    with torch.inference_mode():
        for t in range(STEPS):
            of_x, of_h = (w @ x[t] + b_x).chunk(3), (u @ h + b_h).chunk(3)
            r, z = ((of_x[at] + of_h[at]).sigmoid() for at in (0, 1))
            n = (of_x[2] + r * of_h[2]).tanh()
            h = cell(x[t][None], h[None])[0]
            for name, value in {"r": r, "z": z, "n": n, "h": h}.items():
                assert_close(getattr(layer, name)[t], value.numpy())


def test_gates_lie_between_0_and_1_and_candidates_between_minus_1_and_1() -> None:
    layer = traced(module("lstm"), 30 * torch.randn(STEPS, IN)).layers[0]
    for gate in (layer.i, layer.f, layer.o):
        assert gate is not None
        assert 0 <= gate.min() < 0.01 < 0.99 < gate.max() <= 1
    assert layer.g is not None
    assert np.abs(layer.g).max() <= 1


def test_a_plain_rnn_has_no_gates_and_no_cell_state() -> None:
    layer = traced(module("rnn"), torch.randn(STEPS, IN)).layers[0]
    assert [layer.i, layer.f, layer.g, layer.o, layer.c] == [None] * 5


def test_fidelity_notices_a_number_that_is_not_the_models() -> None:
    layers, output, final = unrolled(module("lstm", 2), torch.randn(STEPS, IN))
    wrong = output.copy()
    wrong[3, 4] += 0.01
    assert RecurrentTrace("m", named(()), layers, output=wrong, final=final).fidelity() > 0.009
    c = final[0][1].copy()
    c[5] -= 0.01
    moved = ((final[0][0], c), final[1])
    assert RecurrentTrace("m", named(()), layers, output=output, final=moved).fidelity() > 0.009


@pytest.mark.parametrize("other", [nn.RNN(3, 4, nonlinearity="relu"), nn.LSTM(3, 4, proj_size=2)])
def test_another_kind_of_cell_is_refused(other: nn.Module) -> None:
    with pytest.raises(ValueError, match="neither"):
        unrolled(other, torch.randn(2, 3))


def folder(cell: str, place: Path) -> Path:
    words = tiny.tokenizer("wordpiece")
    torch.manual_seed(0)
    config = RecurrentConfig(vocab_size=len(words), cell=cell, num_hidden_layers=2, hidden_size=16)
    RecurrentLM(config).save_pretrained(place)
    words.save_pretrained(place)
    return place


@pytest.fixture(scope="module", params=["rnn", "gru", "lstm"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    return load(str(folder(request.param, tmp_path_factory.mktemp(request.param))))


def test_a_text_gives_a_trace_of_every_layer(model: LoadedModel) -> None:
    trace = run(model, tiny.SENTENCE)
    assert len(trace.layers) == model.card.layers == 2
    assert all(layer.h.shape == (len(trace.tokens), 16) for layer in trace.layers)
    assert trace.layers[0].cell == model.model.config.cell
    assert (trace.layers[0].c is None) == (trace.layers[0].cell != "lstm")
    assert trace.difference().relative <= CLOSE
    assert not trace.layers[0].h.flags.writeable


def test_the_scores_are_the_models_own(model: LoadedModel) -> None:
    trace = run(model, tiny.SENTENCE)
    ids = torch.tensor([model.encode(tiny.SENTENCE).ids])
    with torch.inference_mode():
        own = model.model(input_ids=ids).logits[0].numpy()
    assert trace.logits is not None
    assert_close(trace.logits, own)


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize("both", [False, True], ids=["forward", "both directions"])
def test_a_units_step_is_summed_from_its_terms(cell: str, both: bool) -> None:
    trace = traced(module(cell, 2, both=both), torch.randn(STEPS, IN))
    for layer in trace.layers:
        for step in (0, 1, STEPS // 2, STEPS - 1):
            for unit in range(UNITS * (1 + both)):
                found = layer.terms(step, unit).values()
                assert found.keys() == set({"rnn": "h", "gru": "rznh", "lstm": "ifgoch"}[cell])
                for name, value in found.items():
                    assert value == pytest.approx(getattr(layer, name)[step, unit], abs=CLOSE)


def test_terms_are_the_rows_that_torch_multiplies_by() -> None:
    own, x = module("lstm"), torch.randn(STEPS, IN)
    layer = traced(own, x).layers[0]
    terms = layer.terms(3, 5)
    w, u, b_x, b_h = (p.detach().double() for p in own.parameters())
    for block, part in enumerate("ifgo"):
        row = terms.rows[part]
        at = block * UNITS + 5
        np.testing.assert_array_equal(row.w, w[at].numpy())
        np.testing.assert_array_equal(row.u, u[at].numpy())
        z = w[at] @ x[3].double() + u[at] @ torch.tensor(layer.h[2].copy()).double()
        z = z + b_x[at] + b_h[at]
        assert terms.sums()[part] == pytest.approx(float(z), abs=CLOSE)


def test_terms_of_a_step_or_unit_that_is_not_there_are_refused() -> None:
    layer = traced(module("lstm"), torch.randn(STEPS, IN)).layers[0]
    for step, unit in ((STEPS, 0), (-1, 0), (0, UNITS), (0, -1)):
        with pytest.raises(IndexError, match="not in 0"):
            layer.terms(step, unit)
    with pytest.raises(ValueError, match="without its weights"):
        RecurrentLayer(h=layer.h).terms(0, 0)
    with pytest.raises(KeyError, match="none of i, f, g, o"):
        layer.weights[0].row("h", 0)


def held_at_zero(
    own: nn.RNN | nn.GRU | nn.LSTM, x: torch.Tensor, off: set[Unit]
) -> list[torch.Tensor]:
    """Each layer's h, (step, unit): torch's own single cells, their c and h set to 0 by hand."""
    found = []
    for layer in range(own.num_layers):
        mask = torch.ones(UNITS)
        mask[[unit for at, unit in off if at == layer]] = 0
        kinds = {"LSTM": nn.LSTMCell, "GRU": nn.GRUCell, "RNN_TANH": nn.RNNCell}
        cell = kinds[own.mode](x.shape[1], UNITS)
        ending = f"_l{layer}"
        named = {n.removesuffix(ending): p for n, p in own.named_parameters() if n.endswith(ending)}
        cell.load_state_dict(named)
        h = c = torch.zeros(1, UNITS)
        steps = []
        with torch.inference_mode():
            for row in x:
                if isinstance(cell, nn.LSTMCell):
                    h, c = (part * mask for part in cell(row[None], (h, c)))
                else:
                    h = cell(row[None], h) * mask
                steps.append(h[0])
        x = torch.stack(steps)
        found.append(x)
    return found


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize("off", [{(0, 3)}, {(1, 0)}, {(0, 0), (0, 11), (1, 7)}])
def test_a_silenced_units_states_are_0_and_all_else_follows(cell: str, off: set[Unit]) -> None:
    own, x = module(cell, 2), torch.randn(STEPS, IN)
    layers, output, final = unrolled(own, x, off)
    trace = RecurrentTrace("tiny", named(()), layers, output=output, final=final)
    assert trace.difference().relative <= CLOSE
    for layer, h in zip(layers, held_at_zero(own, x, off), strict=True):
        assert_close(layer.h, h.numpy())
    for layer_at, unit in off:
        silenced = layers[layer_at]
        assert not silenced.h[:, unit].any()
        assert silenced.c is None or not silenced.c[:, unit].any()
    free = unrolled(own, x)[1]
    assert np.abs(output - free).max() > 0.01


def test_a_backward_unit_is_silenced_in_its_own_direction() -> None:
    own, x = module("lstm", 2, both=True), torch.randn(STEPS, IN)
    unit = UNITS + 4
    layers, output, final = unrolled(own, x, {(0, unit)})
    assert (
        RecurrentTrace("tiny", named(()), layers, output=output, final=final).difference().relative
        <= CLOSE
    )
    assert not layers[0].h[:, unit].any()
    assert layers[0].h[:, unit - UNITS].all()


def test_a_silenced_unit_keeps_its_gates() -> None:
    own, x = module("lstm"), torch.randn(STEPS, IN)
    layer = unrolled(own, x, {(0, 2)})[0][0]
    assert layer.i is not None
    assert layer.g is not None
    assert (layer.i[:, 2] > 0).all()
    terms = layer.terms(7, 2)
    assert terms.values()["f"] == pytest.approx(layer.f[7, 2], abs=CLOSE)  # type: ignore[index]
    assert terms.values()["g"] == pytest.approx(layer.g[7, 2], abs=CLOSE)


def test_silencing_leaves_the_shared_module_as_it_is() -> None:
    own = module("lstm", 2)
    before = [p.clone() for p in own.parameters()]
    assert silent(own, ()) is own
    assert silent(own, {(0, 1)}) is not own
    for old, new in zip(before, own.parameters(), strict=True):
        assert torch.equal(old, new)


@pytest.mark.parametrize("unit", [(2, 0), (-1, 0), (0, UNITS), (0, -1)])
def test_a_unit_that_is_not_there_cannot_be_silenced(unit: Unit) -> None:
    with pytest.raises(OutOfRange, match="is not in 0"):
        unrolled(module("lstm", 2), torch.randn(STEPS, IN), {unit})


def test_silencing_changes_the_next_words_scores(model: LoadedModel) -> None:
    off = ((1, 3), (0, 5))
    plain, trace = run(model, tiny.SENTENCE), run(model, tiny.SENTENCE, silenced=off)
    assert plain.silenced == ()
    assert trace.silenced == ((0, 5), (1, 3))
    assert trace.difference().relative <= CLOSE
    assert trace.logits is not None
    head = model.model.lm_head
    own = trace.layers[-1].h @ head.weight.detach().numpy().T + head.bias.detach().numpy()
    assert_close(trace.logits, own)
    assert plain.logits is not None
    assert np.abs(trace.logits - plain.logits).max() > 1e-3
    np.testing.assert_array_equal(run(model, tiny.SENTENCE).logits, plain.logits)


def test_texts_are_refused_as_everywhere(model: LoadedModel) -> None:
    with pytest.raises(EmptyText):
        run(model, "  ")
    with pytest.raises(TextTooLong):
        run(model, "key " * 600)
    assert run(model, "key " * 600, cut=True).cut


def test_each_recorder_refuses_what_is_not_for_it(model: LoadedModel, minilm: LoadedModel) -> None:
    with pytest.raises(NotCapturable):
        record(model, "a key")
    with pytest.raises(NotCapturable):
        run(minilm, "a key")


def test_a_cell_of_another_name_is_refused() -> None:
    with pytest.raises(ValueError, match="qrnn"):
        RecurrentLM(RecurrentConfig(cell="qrnn"))


def test_cells_that_are_not_in_the_file_are_not_invented(tmp_path: Path) -> None:
    place = folder("lstm", tmp_path)
    weights = load_file(place / "model.safetensors")
    del weights["recurrent.weight_hh_l1"]
    save_file(weights, place / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(UnsafeWeights):
        load(str(place))
