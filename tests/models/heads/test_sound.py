"""Whisper: features, frames, transcript and weights are those of transformers itself."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from transformers import WhisperFeatureExtractor, WhisperForConditionalGeneration, WhisperModel

from models.catalog import load
from models.core.loaded import LoadedModel, Sounds
from models.errors import NotCapturable, SizeOutOfRange, TextTooLong
from models.heads.sound import PAD, SoundTrace, _frames, against_eager, record_sound
from models.heads.wav import Sound, example
from models.loading import sounds
from models.loading.sound_errors import HearsSounds, NoExtractor, SoundTooLong
from models.record import record
from tests.models import tiny
from tests.models.heads import whisper
from tests.models.heads.whisper import BINS, FRAMES, save

BEGINNING = ("<|startoftranscript|>", "<|en|>", "<|transcribe|>", "<|notimestamps|>")
RATE = 16_000
SOUND = example(RATE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(tmp_path_factory.mktemp("whisper"))


@pytest.fixture(scope="module")
def loaded(folder: Path) -> LoadedModel:
    return load(str(folder))


@pytest.fixture(scope="module")
def recorded(loaded: LoadedModel) -> SoundTrace:
    return record_sound(loaded, SOUND)


def eager(folder: Path, found: SoundTrace) -> object:
    model = WhisperForConditionalGeneration.from_pretrained(folder, attn_implementation="eager")
    extractor = WhisperFeatureExtractor.from_pretrained(folder)
    features = extractor(SOUND.samples, sampling_rate=RATE, return_tensors="pt")["input_features"]
    assert found.attention.target_side is not None
    ids = torch.tensor([found.attention.target_side.ids])
    with torch.inference_mode():
        return model.eval()(features, decoder_input_ids=ids, output_attentions=True)


@pytest.mark.parametrize("hop", [400, 160, 80, 40, 17])
def test_no_two_frames_have_one_name(hop: int, tmp_path: Path) -> None:
    """Of hops of 25, 10, 5, 2.5 and about 1 ms."""
    seconds = 2 * hop / RATE
    heard = Sounds(None, RATE, (BINS, 2 * FRAMES), FRAMES, seconds)
    names, padding = _frames(heard, FRAMES * 2 * hop, ".")
    assert padding == 0
    assert len(set(names.tokens)) == FRAMES
    begins = [float(name.removesuffix(" s")) for name in names.tokens]
    assert begins == pytest.approx([n * seconds for n in range(FRAMES)], abs=seconds / 2)


def test_every_weight_is_that_of_the_eager_model(folder: Path, recorded: SoundTrace) -> None:
    found = eager(folder, recorded)
    trace = recorded.attention
    for kind, name in (("encoder", "encoder"), ("decoder", "decoder"), ("cross", "cross")):
        handed = getattr(found, f"{name}_attentions")
        blocks = trace.layers(kind)  # type: ignore[arg-type]
        assert len(blocks) == len(handed) == 2
        for block, weights in zip(blocks, handed, strict=True):
            np.testing.assert_allclose(block.weights, weights[0].numpy(), atol=2e-6)
    assert trace.relative_fidelity() < 1e-5


def test_frames_are_named_by_the_second_and_padding_is_told_apart(recorded: SoundTrace) -> None:
    trace = recorded.attention
    assert len(trace.tokens) == FRAMES
    assert recorded.frames == 60  # 1.2 s of 20 ms each
    assert trace.tokens[:3] == ("0.00 s", "0.02 s", "0.04 s")
    assert trace.tokens[59:61] == ("1.18 s", PAD)
    assert trace.padding == FRAMES - 60
    assert sum(trace.special) == trace.padding
    assert trace.block("encoder", 0).shape == (FRAMES, FRAMES)
    turkish = record_sound(recorded.attention.model_id, SOUND, decimal=",").attention
    assert turkish.tokens[1] == "0,02 s"


def test_the_transcript_is_the_models_own(folder: Path, recorded: SoundTrace) -> None:
    model = WhisperForConditionalGeneration.from_pretrained(folder).eval()
    made = model.generate(
        torch.tensor(recorded.features[None]),
        do_sample=False,
        max_new_tokens=56,
        return_dict_in_generate=True,
        force_unique_generate_call=True,
    )
    ids = made.sequences[0].tolist()
    side = recorded.attention.target_side
    assert side is not None
    assert list(side.ids) == ids[: len(side.ids)]
    assert len(side.ids) > recorded.start == 4
    assert side.tokens[:4] == BEGINNING or side.tokens[:4] == (
        BEGINNING[0],
        "<|tr|>",
        *BEGINNING[2:],
    )
    assert not recorded.given
    assert recorded.cut == (ids[-1] != model.generation_config.eos_token_id)


def test_the_model_finds_the_language_by_its_own_scores(folder: Path, recorded: SoundTrace) -> None:
    model = WhisperForConditionalGeneration.from_pretrained(folder).eval()
    features = torch.tensor(recorded.features[None])
    found = model.detect_language(features)[0]
    side = recorded.attention.target_side
    assert side is not None
    assert side.ids[1] == int(found)


def test_a_typed_text_stands_behind_the_models_beginning(
    loaded: LoadedModel, recorded: SoundTrace
) -> None:
    found = record_sound(loaded, SOUND, target="the animal")
    side, own = found.attention.target_side, recorded.attention.target_side
    assert side is not None
    assert own is not None
    assert side.ids[:4] == own.ids[:4]
    assert loaded.tokenizer.decode(side.ids[4:]) == "the animal"
    assert side.special == (True,) * 4 + (False,) * (len(side.ids) - 4)
    assert found.given
    assert found.key != recorded.key
    with pytest.raises(TextTooLong):
        record_sound(loaded, SOUND, target="the animal was too tired " * 20)


def test_another_sound_is_another_recording(loaded: LoadedModel, recorded: SoundTrace) -> None:
    other = record_sound(loaded, Sound(SOUND.samples[::-1].copy(), RATE))
    assert other.key != recorded.key
    assert record_sound(loaded, SOUND).key == recorded.key


def test_it_agrees_with_eager_a_layer_at_a_time(loaded: LoadedModel) -> None:
    for target in (None, "the animal"):
        found = against_eager(loaded, SOUND, target)
        assert found.agree == found.compared == found.heads == 2 * 4 + 2 * 4 + 2 * 4
        assert found.passed


def test_a_sound_longer_than_the_model_hears_is_refused(loaded: LoadedModel) -> None:
    long = Sound(np.zeros(RATE * 2 + 1, np.float32), RATE)
    with pytest.raises(SoundTooLong) as refused:
        record_sound(loaded, long)
    assert refused.value.details == {"seconds": 3, "limit": 2}
    exactly = record_sound(loaded, Sound(np.zeros(RATE * 2, np.float32), RATE))
    assert exactly.attention.padding == 0


def test_a_single_sample_covers_one_frame(loaded: LoadedModel) -> None:
    found = record_sound(loaded, Sound(np.ones(1, np.float32), RATE))
    assert found.frames == 1
    assert found.attention.relative_fidelity() < 1e-5


def test_a_model_of_sounds_reads_no_text_and_others_no_sound(
    loaded: LoadedModel, tmp_path: Path
) -> None:
    with pytest.raises(HearsSounds):
        record(loaded, "the cat")
    with pytest.raises(NotCapturable):
        record_sound(str(tiny.save("bert", tmp_path)), SOUND)


def test_a_model_without_its_head_reads_the_beginning_alone(tmp_path: Path) -> None:
    save(tmp_path)
    words = whisper.tokenizer()
    WhisperModel.from_pretrained(tmp_path).save_pretrained(tmp_path)
    tiny.settings(tmp_path, tie_word_embeddings=False)  # tied, it would be the table of tokens
    found = record_sound(str(tmp_path), SOUND)
    assert found.attention.target_tokens == BEGINNING[:1]
    assert len(words) == load(str(tmp_path)).card.sizes["vocabulary"]


@pytest.mark.parametrize(
    "changed",
    [
        {"feature_size": BINS + 1},
        {"chunk_length": 3},
        {"hop_length": 0},
        {"sampling_rate": 10**9},
        {"n_fft": "many"},
        {"padding_side": "left"},
        {"padding_value": 1.0},
        {"dither": 1.0},
    ],
)
def test_an_extractor_that_does_not_fit_is_refused(
    changed: dict[str, object], tmp_path: Path
) -> None:
    tiny.settings(save(tmp_path), "preprocessor_config.json", **changed)
    with pytest.raises(NoExtractor):
        load(str(tmp_path))


def test_an_extractor_is_found_in_the_processors_file_too(tmp_path: Path) -> None:
    save(tmp_path)
    file = tmp_path / "preprocessor_config.json"
    whole = {"feature_extractor": json.loads(file.read_text())}
    (tmp_path / "processor_config.json").write_text(json.dumps(whole))
    file.unlink()
    assert record_sound(str(tmp_path), SOUND).frames == 60
    (tmp_path / "processor_config.json").unlink()
    with pytest.raises(NoExtractor):
        load(str(tmp_path))


def test_a_size_that_no_model_has_is_refused_before_it_is_built(tmp_path: Path) -> None:
    tiny.settings(save(tmp_path), max_source_positions=10**9)
    with pytest.raises(SizeOutOfRange):
        load(str(tmp_path))


def test_silence_behind_a_sound_is_another_recording(loaded: LoadedModel) -> None:
    longer = Sound(np.concatenate((SOUND.samples, np.zeros(RATE // 10, np.float32))), RATE)
    one, other = (record_sound(loaded, sound) for sound in (SOUND, longer))
    assert one.attention.source.ids == other.attention.source.ids
    assert one.attention.padding != other.attention.padding
    assert one.key != other.key
    assert one.model_id == loaded.card.id  # by which caches ask for its files


def test_more_frames_than_can_be_kept_are_refused(tmp_path: Path) -> None:
    config = SimpleNamespace(max_source_positions=sounds.MOST_FRAMES + 1, num_mel_bins=BINS)
    with pytest.raises(SizeOutOfRange):
        sounds.described(tmp_path, None, config)
