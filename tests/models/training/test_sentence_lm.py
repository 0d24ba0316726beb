"""The sentence models: what they read, and what their training asks of them."""

from __future__ import annotations

from itertools import islice

import pytest
import torch
from torch import nn

from models.catalog import load
from models.grammar.agreement import Part
from models.lstm.record import run, unrolled
from models.training import brackets, gates, mixture, sentence_lm, symbols
from models.training.mixture import END, LANGUAGES, Language
from tests.closeness import CLOSE, assert_close
from tests.models.training.lines import draw

PLANS = sentence_lm.PLANS


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The cats that the dog saw are tired.", "the cats that the dog saw are tired ."),
        ("the cats", "the cats"),
        ("([]{})", "( [ ] { } )"),
        ("( [] ).{}", "( [ ] ) . { }"),
        ("Ben dün inekleri gördüm.Biz", "ben dün inekleri gördüm . biz"),
        ("İnekleri In", "inekleri in"),
        ("In the garden, THE cat", "in the garden <unk> <unk> cat"),
        ("go\u0308rdu\u0308k Şiiri", "gördük şiiri"),
        ("ıs ınekleri", "<unk> <unk>"),
    ],
)
def test_words_marks_and_brackets_are_found_however_they_are_typed(text: str, tokens: str) -> None:
    words = load("lstm").tokenizer
    assert words.convert_ids_to_tokens(words(text)["input_ids"]) == tokens.split()


def test_a_token_shows_as_it_was_typed() -> None:
    trace = run("lstm", "The cats that Dogs saw.")
    assert trace.typed == ("The", "cats", "that", "Dogs", "saw", ".")
    assert trace.tokens[:2] == ("the", "cats")
    assert trace.tokens[3] == "dogs"


def test_a_vocabulary_whose_capitals_would_be_lost_is_refused() -> None:
    with pytest.raises(ValueError, match="ı"):
        symbols.of_words(("ılık", "in"))


def test_a_text_of_three_hundred_words_is_read_whole() -> None:
    lines = islice(mixture.mixed(3, "test"), 60)
    words = [word for line in lines for word in line.words][:300]
    trace = run("lstm", " ".join(words))
    assert trace.tokens == tuple(words)
    assert trace.difference().relative <= CLOSE


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_has_a_number_and_the_tokenizer_gives_it(language: Language) -> None:
    tokenizer, ids = symbols.of_words(mixture.vocabulary()), mixture.numbers()
    assert len(tokenizer) == len(ids)
    for line in draw(language, "train", 300):
        wanted = [ids[word] for word in line.words]
        assert symbols.UNKNOWN not in line.words
        assert tokenizer(" ".join(line.words))["input_ids"] == wanted
    said = [line.agreement for line in draw(language, "train", 100)]
    for one in said:
        assert (
            one is None or {symbols.small(form) for form in (one.right, *one.wrong)} <= ids.keys()
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_parts_share_no_beginning_that_decides(language: Language) -> None:
    def beginnings(part: Part) -> set[tuple[str, ...]]:
        found = set()
        for line in draw(language, part, 300):
            said = line.agreement
            if said is None:
                found.add(line.words)
            elif not mixture.is_everywhere(language, said):
                found.add(line.words[: said.verb])
        return found

    train, validation, test = (beginnings(p) for p in ("train", "validation", "test"))
    assert not train & validation
    assert not train & test
    assert not validation & test
    assert min(map(len, (train, validation, test))) > 30


def test_turkish_with_no_noun_between_is_too_little_to_hold_any_back() -> None:
    found = {line.words for line in islice(mixture.sentences(1, "tr", "test", 0), 3000)}
    assert len(found) == 96
    assert found == {line.words for line in islice(mixture.sentences(2, "tr", "train", 0), 3000)}


def test_a_row_is_lines_one_after_another() -> None:
    lines = mixture.mixed(5, "train")
    for row in islice(mixture.rows(5, "train", 40), 20):
        words: list[str] = []
        while len(words) < 40:
            words += next(lines).words
        assert row == tuple(words[:40])


def test_forgotten_words_are_few_and_never_marks() -> None:
    ids = torch.tensor([list(mixture.numbers().values())] * 200)
    read = sentence_lm.forgetful(ids, torch.Generator().manual_seed(0))
    gone = (read != ids)[:, 1:]
    assert (read[:, 1:][gone] == 0).all()
    assert float(gone.float().mean()) == pytest.approx(sentence_lm.FORGOTTEN, rel=0.1)
    names = list(mixture.numbers())[1:]
    for mark in (END, *brackets.OPENING, *brackets.CLOSING):
        assert not gone[:, names.index(mark)].any()


def test_both_models_are_equally_large_and_trained_alike() -> None:
    sizes = [sum(p.numel() for p in plan.build().parameters()) for plan in PLANS.values()]
    assert max(sizes) <= 1.05 * min(sizes)
    assert len({plan.recipe for plan in PLANS.values()}) == 1


@pytest.mark.parametrize("cell", ["lstm", "rnn"])
@pytest.mark.parametrize("layers", [1, 2])
def test_gates_of_many_rows_are_those_of_each_row_alone(cell: str, layers: int) -> None:
    torch.manual_seed(layers)
    kind = nn.LSTM if cell == "lstm" else nn.RNN
    own, x = kind(5, 6, layers, batch_first=True), 2 * torch.randn(3, 20, 5)
    read = gates.layers(own, x)
    h, last = own(x)
    assert_close(read[-1].h.detach(), h.detach())
    states = [layer.state()[:, -1] for layer in read]
    ends = last[1] if cell == "lstm" else last
    assert_close(torch.stack(states).detach(), ends.detach())
    for row in range(3):
        for one, alone in zip(read, unrolled(own, x[row])[0], strict=True):
            for name in ("i", "f", "g", "o", "h"):
                array = getattr(alone, name)
                if array is not None:
                    assert_close(getattr(one, name)[row].detach().numpy(), array)


def test_what_is_asked_of_gates_reaches_every_weight() -> None:
    torch.manual_seed(0)
    own, x = nn.LSTM(5, 6, batch_first=True), torch.randn(3, 20, 5)
    gates.layers(own, x)[0].written().mean().backward()  # type: ignore[no-untyped-call]
    slopes = {name: parameter.grad for name, parameter in own.named_parameters()}
    for grad in slopes.values():
        assert grad is not None
        assert (grad.reshape(4, -1).abs().sum(1) > 0).all()  # the gates f and o, too: through h
