"""Notices: true of what is shown, literal in what a visitor gave, and one or several as it is."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from pages.ui import frame, text
from pages.ui.text import LANGUAGES, catalogue
from tests.pages.visiting import healthy, literally, said, visit
from viz.board.notation import visible

BOTH = pytest.mark.parametrize("language", LANGUAGES)
COUNTING = sorted(k for k, s in catalogue("en").items() if isinstance(s, text.Counted))
HOSTILE = (
    ":material/home:", ":red[x]", ":smile:", "$x^2$", "`code`", "``", "`", " ` ", "**bold**",
    "[a](http://b)", "![a](b)", "<b>x</b>", "a\nb", "# a", "1. a", "|a|b|", "\\", "&amp;", " a ",
)  # fmt: skip


def code_spans(markdown: str) -> list[str]:
    """What stands as code in Markdown, as CommonMark reads it."""
    found = [m[2] for m in re.finditer(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", markdown)]
    return [s[1:-1] if s.startswith(" ") and s.endswith(" ") and s.strip() else s for s in found]


@pytest.mark.parametrize("value", HOSTILE)
def test_what_a_visitor_gave_stands_in_a_notice_letter_by_letter(value: str) -> None:
    spoken = frame.told("error.unknown_model", model=value, kept="Kept.")
    *own, shown = code_spans(spoken)
    assert ("/".join(own), shown) == (value.replace("\n", "⏎"), "Kept.")
    assert ":material/" not in spoken, "Streamlit reads that before it reads Markdown"


@given(st.text(min_size=1, max_size=60))
def test_no_value_leaves_its_code(value: str) -> None:
    (shown,) = code_spans(frame.literal(value))
    assert shown == visible(value)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_models_name_in_a_link_is_echoed_as_it_is(value: str) -> None:
    at = visit("heads", model=value)
    healthy(at)
    (words,) = said(at)
    assert value.replace("\n", "⏎") in words
    assert literally(at.warning[0].value) == words


@BOTH
@pytest.mark.parametrize(
    ("page", "link", "kept"),
    [
        ("heads", {"text": "   "}, "kept.example"),
        ("heads", {"model": "nowhere"}, "kept.model"),
        ("heads", {"model": "nowhere", "text": "   "}, "kept.example"),
        ("bert", {"view": "senses", "word": "xyz"}, "kept.example"),
        ("memory", {"text": "  "}, "kept.example"),
        ("scores", {"mode": "hand", "matrix": "a~x"}, "kept.example"),
        ("vision", {"model": "nowhere"}, "kept.model"),
        ("gpt", {"view": "induction", "circuit": "model", "model": "nowhere"}, "kept.model"),
    ],
)
def test_a_fresh_visitor_is_not_told_of_a_last_sentence(
    page: str, link: dict[str, str], kept: str, language: str
) -> None:
    at = visit(page, lang=language, **link)
    healthy(at)
    expected = catalogue(language)[kept].partition("{model}")
    (words,) = said(at)
    assert words.endswith(expected[2] or expected[0])
    assert catalogue(language)["kept.last"] not in words


@BOTH
def test_whoever_had_a_sentence_keeps_it_and_is_told_so(language: str) -> None:
    at = visit("heads", lang=language, text="Dogs chase cats")
    at.text_input(key="text").set_value("   ").run()
    (words,) = said(at)
    assert words.endswith(catalogue(language)["kept.last"])


@BOTH
def test_one_thing_wrong_is_told_once(language: str) -> None:
    at = visit("heads", lang=language, model="nowhere", layer="99", head="-1", foo="1")
    healthy(at)
    assert len(said(at)) == len(set(said(at))) == 4


@pytest.mark.parametrize("key", COUNTING)
def test_a_sentence_that_counts_has_a_form_for_one_and_for_several(key: str) -> None:
    english, turkish = catalogue("en")[key], catalogue("tr")[key]
    gaps = {name: 2 for _, name, _, _ in Formatter().parse(english) if name}
    one, two = (english.format(**gaps | {english._gap: n}) for n in (1, 2))  # type: ignore[attr-defined]
    assert one != two.replace("2", "1")
    assert isinstance(turkish, text.Counted)
    assert len(turkish._forms) == 1


def test_babel_knows_as_many_forms_as_the_catalogues_have() -> None:
    for language in LANGUAGES:
        forms = len({Locale(language).plural_form(n) for n in range(200)})
        counting = [catalogue(language)[key] for key in COUNTING]
        expected = 1 if language == "tr" else forms  # a noun behind a number takes no plural
        assert {len(one._forms) for one in counting} == {expected}  # type: ignore[attr-defined]
    assert len(COUNTING) > 20


# What is never 1: where it is said, there is more than one.
NEVER_ONE = {
    "memory.figure.slopes_tanh",  # 106 units
    "memory.figure.slopes_relu",
    "memory.clipping_batch",  # 64 texts
    "scores.values.said.measured",
    "gpt.units.nonlinear",
    "bert.one_asked",  # a text of more than 64
    "bert.figure.grouped",
    "error.no_such_layer",  # a layer's number
    "error.several_checkpoints",
    "error.text_too_long",  # more than a limit, which is at least 1
    "error.too_many_characters",
    "gpt.twice.rounds",
    "positions.of_size",
    "positions.every",  # a wavelength, with decimals
    "scores.remark.grouped",
    "vision.deletion_note",  # as many as were measured
    "vision.held_out",
    "vision.rule",
    *(
        f"vision.{said}.{v}"
        for said in ("measured", "verdict")
        for v in ("less", "more", "unclear")
    ),
    "bert.here",  # counts none: "of {count} it has"
    *("bert.now.mask_right", "error.row_too_long"),  # a vocabulary, more than a limit
    # Heads of a whole model; tokens of a text, whose model adds its own.
    *(f"{page}.now.{why}" for page, why in (("bert", "between_why"), ("gpt", "mask_why"))),
    *(f"heads.now.compare_why{kind}" for kind in ("", "_head", "_model")),
    "figure.all_keys",  # of a text that is too long for a figure
    *("heads.now.why", "heads.now.model_view", "translator.now.why", "vision.now.attention_why"),
    # A head has several dimensions; several queries are summed.
    *("heads.now.products", "heads.now.products_summed", "heads.products_summed"),
    *("scores.now.4", "scores.now.4_masked", "scores.now.4_some", "scores.now.7_one"),
    "bert.now.senses",  # two rows are compared
    # Bits of a weight are 2 and more; a model's weights; a block's bytes; a weight's number.
    *(
        f"cost.quantisation.now.{said}"
        for said in ("bits_full", "bits_worse", "bits_as_good", "lower", "upper")
    ),
    *("cost.lora.whole", "cost.held_out_how", "cost.byte", "cost.weight"),
    "neuron.depth.now.said",  # 2 blocks at least
    # Three seeds; training steps by thirties; a candidate named n; a model's weights; 1,000 rows.
    *("lstm.bias_measured", "lstm.trained_steps", "lstm.left_after", "lstm.now.learned"),
    *("lstm.now.gru", "positions.figure.weights", "scores.places.measured"),
    # A network's units, of which there are dozens.
    *("lstm.shaped.vector", "lstm.now.what_one_to_many", "lstm.now.many_to_one_answers"),
    *("neuron.xor.figure.labellings", "neuron.xor.figure.tally"),  # 16 labellings, 100 seeds
    # A table has many rows, a lexicon many questions; one term is never left out alone.
    *(
        "words.size",
        "words.figure.rates",
        "words.figure.size",
        "words.figure.all_cosines",
        "words.formula.rest",
    ),
    # 16 tokens at least; 64 that are counted.
    *(f"cost.now.layers_{kind}" for kind in ("less", "more", "same")),
    "cost.flops_part",
    # 16 tokens at least; a model has more heads than one.
    *(f"cost.cache.now.{kind}" for kind in ("mha", "gqa", "mqa", "latent")),
    *("cost.cache.after", "cost.cache.too_long"),
    # 100 test sentences, 12 matrices, 240 steps.
    *("cost.tune.now.done", "cost.tune.matrices", "cost.tune.now.before"),
}


def test_no_english_sentence_can_count_one_things() -> None:
    counts = "count|n|steps|length|rows|sentences|asked|before|value|shared|layers|units"
    several = re.compile(rf"\{{({counts})\}} (?:[a-z-]+ )?[a-z]+[a-rt-z]s\b")
    found = {key for key, words in catalogue("en").items() if several.search(words)}
    assert found - set(COUNTING) <= NEVER_ONE


def test_no_turkish_noun_is_plural_behind_a_number() -> None:
    behind = re.compile(r"\{(?:count|n|steps|length|rows|limit)\} \w+(?:lar|ler)\b")
    assert not {k: s for k, s in catalogue("tr").items() if behind.search(s)}
