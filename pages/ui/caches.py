"""What is computed once and shared by all sessions: bounded, keyed by model and text."""

from __future__ import annotations

from typing import Any

import streamlit as st

from models.bert.heads import fills_masks, judges_pairs
from models.bert.input import embedded as embed
from models.bert.mask import hidings as hide
from models.bert.next import judged as judge
from models.bert.senses import occurrences as occur
from models.bert.trace import (
    Embedded,
    Hidings,
    Judgement,
    Occurrences,
)
from models.catalog import CATALOG, load
from models.core.arrays import Difference
from models.core.sampling import Settings
from models.gpt import generation, induction
from models.gpt.cache import Cached, cached
from models.gpt.induction import Repeated
from models.heads.metrics import HeadFigures, label, of_layer
from models.heads.metrics import between as pair_shares
from models.lstm.record import Unit, run
from models.lstm.verb_forms import groups
from models.memory import products
from models.memory import recall as measured
from models.memory.gradients import NETWORKS, Gradients, gradients
from models.positions import rotary
from models.positions.learned import Learned
from models.positions.learned import learned as own_table
from models.positions.schemes import recorded as without_order
from models.positions.shuffle import Shuffled
from models.positions.shuffle import shuffled as in_another_order
from models.record import record
from models.recording.ranking import vocabulary
from models.recording.vocabulary import target_ids, unmet
from models.seq2seq.record import translate
from models.seq2seq.trace import Seq2SeqTrace
from models.trace import AttentionTrace, Floats, Kind, RecurrentTrace
from models.translation import alignment
from models.translation import reference as known
from models.translation.accuracy_by_length import ByLength
from models.translation.accuracy_by_length import by_length as measured_by_length
from models.translator.beam_trace import BeamSearch
from models.translator.record import search
from models.translator.record import translate as write_out
from models.translator.trace import TransformerTrace
from models.vision import deletion, digits
from models.vision.digit import PictureTrace, see, unpacked
from pages.ui.text import labels, language, notation, t
from viz.board.theme import Theme
from viz.board.tokens import special_names
from viz.heads.overview import of_blocks
from viz.tables.pieces import readable

# A trace of 512 tokens is about 18 MiB without, 27 MiB with what surrounds the heads.
_TRACES = 24


@st.cache_resource(max_entries=_TRACES, show_spinner=False)
def trace(
    model_id: str, text: str, pair: str, target: str, cut: bool, surroundings: bool
) -> AttentionTrace:
    """A text's recording. Raises errors.InputError for what the model cannot read."""
    recorded: AttentionTrace = record(
        load(model_id),
        text,
        text_pair=pair or None,
        target=target or None,
        cut=cut,
        surroundings=surroundings,
    )
    return recorded


@st.cache_resource(max_entries=_TRACES, show_spinner=False)
def reading(model_id: str, text: str, cut: bool, silenced: tuple[Unit, ...] = ()) -> RecurrentTrace:
    """A text's way through a recurrent model. Raises errors.InputError for what it cannot read."""
    read: RecurrentTrace = run(load(model_id), text, cut=cut, silenced=silenced)
    return read


@st.cache_resource(max_entries=8, show_spinner=False)
def names(model_id: str) -> tuple[str, ...]:
    """The words of a model's vocabulary, by their ids."""
    words: tuple[str, ...] = vocabulary(load(model_id))
    return words


@st.cache_resource(max_entries=8, show_spinner=False)
def verbs(model_id: str) -> dict[str, list[int]]:
    """The verbs of a model's vocabulary, by number or person."""
    found: dict[str, list[int]] = groups(names(model_id))
    return found


@st.cache_resource(max_entries=64, show_spinner=False)
def translation(model_id: str, text: str, target: str, cut: bool) -> Seq2SeqTrace:
    """A text's way through a recurrent translator. Raises errors.InputError."""
    found: Seq2SeqTrace = translate(load(model_id), text, target=target or None, cut=cut)
    return found


@st.cache_resource(max_entries=64, show_spinner=False)
def written_out(model_id: str, text: str, beams: int, cut: bool) -> TransformerTrace:
    """A text's way through a Transformer that translates. Raises errors.InputError."""
    found: TransformerTrace = write_out(load(model_id), text, beams=beams, cut=cut)
    return found


@st.cache_resource(max_entries=64, show_spinner=False)
def beam_search(model_id: str, text: str, beams: int, cut: bool) -> BeamSearch:
    """A text's beam search, every step of it. Raises errors.InputError."""
    found: BeamSearch = search(load(model_id), text, beams, cut=cut)
    return found


@st.cache_resource(max_entries=8, show_spinner=False)
def heads_aligning(model_id: str) -> alignment.Aligning | None:
    """What was measured of a translator's cross-attention heads; None: nothing was."""
    found: alignment.Aligning | None = alignment.measured(model_id)
    return found


@st.cache_data(max_entries=64, show_spinner=False)
def written_ids(model_id: str, target: str, cut: bool) -> tuple[int, ...]:
    """The vocabulary's numbers of a given target."""
    return target_ids(load(model_id), target, cut=cut)


@st.cache_resource(max_entries=8, show_spinner=False)
def unmet_pieces(model_id: str) -> frozenset[str]:
    """Pieces that the model never met in training."""
    found: frozenset[str] = unmet(load(model_id))
    return found


@st.cache_resource(max_entries=256, show_spinner=False)
def gold(text: str) -> known.Gold | None:
    """What the grammar knows of a sentence; None: it is none of its sentences."""
    found: known.Gold | None = known.gold(text)
    return found


@st.cache_resource(max_entries=8, show_spinner=False)
def by_length(model_id: str) -> ByLength:
    """Accuracy by length as it was measured."""
    found: ByLength = measured_by_length(model_id)
    return found


def title(model_id: str) -> str:
    """A model's name as people know it; of our own models in the visitor's language."""
    if model_id not in CATALOG:
        return model_id
    card = CATALOG[model_id]
    return t(f"model.{model_id}") if card.source == "shipped" else card.title


_Trace = (
    AttentionTrace
    | RecurrentTrace
    | Seq2SeqTrace
    | TransformerTrace
    | Embedded
    | Hidings
    | Judgement
)


def difference(trace: _Trace) -> Difference:
    """How far a recording, computed once more, lies from the model's own outputs."""
    return _difference(_key(trace), trace)


def figures(trace: AttentionTrace, kind: Kind) -> list[tuple[HeadFigures, ...]]:
    """Measured figures of every head of a kind, [layer][head]."""
    measured: list[tuple[HeadFigures, ...]] = _figures((*_key(trace), kind), trace, kind)
    return measured


def between(trace: AttentionTrace, layer: int) -> Any:
    """How two sentences look at each other in a layer: (head, 2, 3), see models.heads.metrics."""
    return _between((*_key(trace), layer), trace, layer)


def overview(trace: AttentionTrace, kind: Kind, theme: Theme) -> dict[str, Any]:
    """What the canvas of all heads draws, in the visitor's language and theme."""
    return _overview((*_key(trace), kind, theme.name, language()), trace, kind, theme)


def _key(trace: _Trace) -> tuple[object, ...]:
    if isinstance(trace, RecurrentTrace):
        return (trace.model_id, trace.text, trace.cut, trace.silenced)
    if isinstance(trace, Seq2SeqTrace):
        return (trace.model_id, trace.text, trace.target, trace.cut)
    if isinstance(trace, Hidings):
        return (trace.model_id, trace.text, trace.text_pair, trace.cut, trace.masked, *trace.read)
    if isinstance(trace, Embedded | Judgement):
        return (type(trace).__name__, trace.model_id, trace.text, trace.text_pair, trace.cut)
    if isinstance(trace, TransformerTrace):
        return (trace.model_id, trace.text, trace.ids, trace.attention.cut)
    return (trace.model_id, trace.text, trace.text_pair, trace.target, trace.cut)


@st.cache_data(max_entries=256, show_spinner=False)
def _difference(key: tuple[object, ...], _trace: _Trace) -> Difference:
    return _trace.difference()


@st.cache_resource(max_entries=256, show_spinner=False)
def _figures(key: tuple[object, ...], _trace: AttentionTrace, _kind: Kind) -> Any:
    return [of_layer(_trace, _kind, layer) for layer in range(len(_trace.layers(_kind)))]


@st.cache_resource(max_entries=256, show_spinner=False)
def _between(key: tuple[object, ...], _trace: AttentionTrace, _layer: int) -> Any:
    weights = _trace.block("encoder", _layer).weights
    return pair_shares(weights, _trace.special, _trace.segments)


@st.cache_resource(max_entries=48, show_spinner=False)
def _overview(
    key: tuple[object, ...], _trace: AttentionTrace, _kind: Kind, _theme: Theme
) -> dict[str, Any]:
    names = special_names(_trace, _kind)
    captions = [[caption(head, names) for head in layer] for layer in figures(_trace, _kind)]
    return of_blocks(
        _trace.layers(_kind), labels=labels("overview"), theme=_theme, captions=captions
    )


def caption(head: HeadFigures, special: list[str]) -> str:
    """The head's short label, only where a figure is decisive."""
    found = label(head)
    if found is None:
        return ""
    name, value = found
    token = ", ".join(special[1:] if name == "separator" else special[:1])
    return t(f"heads.label.{name}", name=token, value=notation().fixed(value))


@st.cache_resource(max_entries=96, show_spinner=False)
def back(text: str, seed: int, cut: bool) -> Gradients:
    """A text's gradients in the three memory models: half a megabyte for 256 tokens."""
    return gradients(text, seed, cut=cut)


@st.cache_resource(show_spinner=False)
def recall() -> dict[str, measured.Recall]:
    """What was measured of the three memory models."""
    return measured.measured(NETWORKS)


@st.cache_resource(max_entries=512, show_spinner=False)
def product(
    text: str,
    seed: int,
    cut: bool,
    kind: products.Kind,
    sigma: float | None,
    linear: bool,
) -> products.Products:
    """The Jacobians' products along a text, for one recurrent matrix."""
    return products.products(back(text, seed, cut), kind, sigma, linear=linear)


@st.cache_resource(max_entries=8, show_spinner=False)
def learned(model_id: str) -> Learned:
    """A model's own table of positions. Raises errors.InputError where it has none."""
    found: Learned = own_table(load(model_id))
    return found


@st.cache_resource(max_entries=_TRACES, show_spinner=False)
def content(model_id: str, text: str, cut: bool) -> AttentionTrace:
    """A text's recording with the model's positions left out. Raises errors.InputError."""
    recorded: AttentionTrace = without_order(load(model_id), text, cut=cut)
    return recorded


@st.cache_data(max_entries=256, show_spinner=False)
def content_difference(model_id: str, text: str, cut: bool) -> Difference:
    """Of such a recording to that model's outputs, its positions left out."""
    return content(model_id, text, cut).difference()


@st.cache_resource(max_entries=64, show_spinner=False)
def moved(model_id: str, text: str, cut: bool, by: int) -> rotary.Moved | None:
    """A text further on in a rotary model; None: it is none. Raises errors.InputError."""
    loaded = load(model_id)
    if not rotary.is_rotary(loaded):
        return None
    ids = loaded.encode(text, cut=cut).ids
    by = min(by, rotary.room(loaded, len(ids)))
    return rotary.moved(loaded, ids, by) if by > 0 else None


@st.cache_resource(max_entries=_TRACES, show_spinner=False)
def moved_untrained(length: int, by: int) -> rotary.Moved:
    """So many words further on in the rotary model that is built here."""
    found: rotary.Moved = rotary.moved(None, range(length), by)
    return found


@st.cache_resource(max_entries=64, show_spinner=False)
def shuffled(model_id: str, text: str, seed: int, cut: bool) -> Shuffled:
    """A text and its words in another order through a model. Raises errors.InputError."""
    found: Shuffled = in_another_order(load(model_id), text, seed, cut=cut)
    return found


@st.cache_data(max_entries=32, show_spinner=False)
def bert_heads(model_id: str) -> frozenset[str]:
    """Which of BERT's two heads a model has: "words", "pairs". Raises errors.InputError."""
    loaded = load(model_id)
    has = {"words": fills_masks(loaded), "pairs": judges_pairs(loaded)}
    return frozenset(name for name, there in has.items() if there)


@st.cache_resource(max_entries=_TRACES, show_spinner=False)
def embedded(model_id: str, text: str, pair: str, cut: bool) -> Embedded:
    """A text at a model's entrance. Raises errors.InputError for what it cannot read."""
    found: Embedded = embed(load(model_id), text, pair, cut=cut)
    return found


# Answers for 64 places of a vocabulary of 30,000 are 16 MiB, of BERT mini's half a megabyte.
@st.cache_resource(max_entries=12, show_spinner=False)
def hidings(
    model_id: str, text: str, pair: str, cut: bool, masked: tuple[int, ...], place: int
) -> Hidings:
    """A text with places hidden. Raises errors.InputError for what cannot be shown."""
    found: Hidings = hide(load(model_id), text, pair, masked=masked, place=place, cut=cut)
    return found


@st.cache_resource(max_entries=_TRACES, show_spinner=False)
def judgement(model_id: str, text: str, pair: str, cut: bool) -> Judgement:
    """Whether one sentence follows the other. Raises errors.InputError."""
    found: Judgement = judge(load(model_id), text, pair, cut=cut)
    return found


@st.cache_resource(max_entries=_TRACES, show_spinner=False)
def occurrences(model_id: str, sentences: tuple[str, ...], word: str) -> Occurrences:
    """A word's vectors in several sentences. Raises errors.InputError."""
    found: Occurrences = occur(load(model_id), sentences, word)
    return found


@st.cache_resource(show_spinner=False)
def held_out() -> digits.Digits:
    """The digits that no training saw."""
    return digits.split()[1]


@st.cache_resource(max_entries=256, show_spinner=False)
def seen(model_id: str, code: str) -> PictureTrace:
    """A picture's way through a vision model; code: its 64 signs."""
    found: PictureTrace = see(load(model_id), unpacked(code))
    return found


@st.cache_resource(max_entries=512, show_spinner=False)
def deleted(
    model_id: str, code: str, by: deletion.By, layer: int, head: int, fill: deletion.Fill
) -> deletion.Deletion:
    """The picture's deletion curves: about four hundred pictures in one batch."""
    picture = seen(model_id, code)
    ranked = deletion.shares(picture.attention, by, layer, head)
    found: deletion.Deletion = deletion.deletion(load(model_id), picture, ranked, fill)
    return found


@st.cache_resource(max_entries=32, show_spinner=False)
def deletion_measured(model_id: str, by: str, fill: deletion.Fill) -> deletion.HeldOut:
    """The same as it was measured over the held-out digits."""
    return deletion.measured(model_id, by, fill)


@st.cache_resource(max_entries=512, show_spinner=False)
def _next_scores(model_id: str, ids: tuple[int, ...]) -> Floats:
    """Scores of the token after these: a text that grows asks for one new row a step."""
    return generation.next_logits(load(model_id), ids)


@st.cache_resource(max_entries=128, show_spinner=False)
def written(
    model_id: str, text: str, cut: bool, settings: Settings, seed: int, steps: int
) -> generation.Written:
    """A text and what a model writes after it. Raises errors.InputError."""
    return generation.write(
        load(model_id),
        text,
        settings,
        seed=seed,
        steps=steps,
        cut=cut,
        logits=lambda _, ids: _next_scores(model_id, ids),
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def pieces(model_id: str) -> tuple[str, ...]:
    """The names of a model's vocabulary as people read them."""
    return readable(names(model_id))


@st.cache_resource(max_entries=_TRACES, show_spinner=False)
def pass_over(model_id: str, ids: tuple[int, ...]) -> AttentionTrace:
    """The attention of a pass over tokens that a model wrote."""
    return generation.traced(load(model_id), ids)


@st.cache_resource(max_entries=_TRACES, show_spinner=False)
def kept(model_id: str, ids: tuple[int, ...]) -> Cached | None:
    """The model's own cache after these tokens; None: it keeps none."""
    return cached(load(model_id), ids)


@st.cache_resource(max_entries=_TRACES, show_spinner=False)
def repeated(model_id: str, part: tuple[int, ...]) -> Repeated:
    """A part that a model reads twice. Raises errors.InputError."""
    return induction.repeated(load(model_id), part)
