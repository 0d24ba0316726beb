"""What is known of a model without loading it. Imports no torch: the landing page reads cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from models.measured import CHECKPOINTS, read

__all__ = ["LICENCE", "SHIPPED", "SHOWS", "ModelCard", "Shipped", "Shows", "Source", "shipped"]

Source = Literal["shipped", "package", "hub", "local"]
Shows = Literal["attention", "picture", "sound", "recurrent", "seq2seq", "vectors"]

# Families that are more, or other, than attention layers over text. Of those that read pictures:
# whose tokens are patches in rows, behind a few of the model's own (models.loading.pictures).
SHOWS: Mapping[str, Shows] = MappingProxyType(
    {
        **dict.fromkeys(("vit", "vit_msn", "deit", "beit", "ijepa"), "picture"),
        **dict.fromkeys(("dinov2", "dinov2_with_registers"), "picture"),
        "whisper": "sound",
        **dict.fromkeys(("dinov3_vit", "data2vec-vision", "pixio", "sapiens2"), "picture"),
        **dict.fromkeys(("mlcd_vision_model", "tipsv2_vision_model"), "picture"),
        **dict.fromkeys(("internvl_vision", "qianfan_ocr_vision"), "picture"),
        # Of a pair the half that reads pictures is opened.
        **dict.fromkeys(("clip", "clip_vision_model"), "picture"),
        **dict.fromkeys(("chinese_clip", "chinese_clip_vision_model"), "picture"),
        **dict.fromkeys(("altclip", "altclip_vision_model"), "picture"),
        **dict.fromkeys(("metaclip_2", "metaclip_2_vision_model"), "picture"),
        **dict.fromkeys(("siglip", "siglip_vision_model"), "picture"),
        **dict.fromkeys(("swin", "swinv2"), "picture"),
        **{"dikkat_recurrent": "recurrent", "dikkat_seq2seq": "seq2seq"},
        "dikkat_skipgram": "vectors",
    }
)
LICENCE = "MIT"  # of the project, and so of what it trained


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is known of a model without loading it.

    task, trained_on: keys that pages translate; language: an ISO 639 code, None: unknown or none.
    baselines: of what (an untrained model, chance …) → the same figures, where they make sense.
    layers: of the encoder, or of a model that is only a decoder; decoder_layers: of an
    encoder-decoder's second half. sizes: parameters, vocabulary and positions as counts,
    bytes of the weight file. quality: measured, name → figure, None where nothing was measured.
    sha256: of the weight file. package: the Python package that carries the folder; gguf: the
    name of the weight file where it is one of that format.
    """

    id: str
    title: str
    family: str
    task: str
    language: str | None
    source: Source
    layers: int
    heads: int
    width: int
    sizes: Mapping[str, int]
    licence: str | None = None
    trained_on: str | None = None
    quality: Mapping[str, float] | None = None
    baselines: Mapping[str, Mapping[str, float]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    decoder_layers: int = 0
    sha256: str | None = None
    package: str | None = None
    gguf: str | None = None

    @property
    def shows(self) -> Shows:
        """What there is to see in it, and so which function records it."""
        return SHOWS.get(self.family, "attention")


@dataclass(frozen=True, slots=True)
class Shipped:
    """What a card of a model trained here says that its metrics.json does not."""

    title: str
    task: str
    trained_on: str
    language: str | None = None


SHIPPED: Mapping[str, Shipped] = MappingProxyType(
    {
        "bert-mini": Shipped("BERT mini, Turkish and English", "masked_words", "grammar"),
        "gpt-mini": Shipped("GPT mini, Turkish and English", "next_token", "grammar"),
        "induction": Shipped("Induction, 2 layers", "next_token", "repeated_characters"),
        "induction-1layer": Shipped("Induction, 1 layer", "next_token", "repeated_characters"),
        "lstm": Shipped("Sentences, LSTM", "next_token", "sentences_and_brackets"),
        "gru": Shipped("Sentences, GRU", "next_token", "sentences_and_brackets"),
        "rnn": Shipped("Sentences, RNN", "next_token", "sentences_and_brackets"),
        "tagger": Shipped("Tagger, LSTM, both directions", "tags", "tagged_sentences"),
        "tagger-forward": Shipped("Tagger, LSTM, left to right", "tags", "tagged_sentences"),
        "memory-rnn": Shipped("Memory, RNN", "recall", "recall"),
        "memory-lstm": Shipped("Memory, LSTM", "recall", "recall"),
        "memory-attention": Shipped("Memory, attention", "recall", "recall"),
        "one-head": Shipped("Four places, one head", "places", "shuffled_letters"),
        "four-heads": Shipped("Four places, four heads", "places", "shuffled_letters"),
        "seq2seq": Shipped("Seq2seq, with attention", "translation", "grammar_pairs", "tr"),
        "seq2seq-fixed": Shipped("Seq2seq, one vector", "translation", "grammar_pairs", "tr"),
        "skipgram": Shipped("Embeddings, skip-gram", "word_vectors", "grammar_english", "en"),
        "translator": Shipped(
            "Translator, Turkish → English", "translation", "grammar_pairs", "tr"
        ),
        "vit-digits": Shipped("ViT, 8 × 8 digits", "digits", "digits"),
    }
)


def shipped(folder: Path = CHECKPOINTS) -> tuple[ModelCard, ...]:
    """The cards of all models trained here; every figure is read from its metrics.json.

    A model that has been trained but not measured yet is not listed.
    """
    cards = (read(name, "metrics.json", partial(_card, name), folder) for name in SHIPPED)
    return tuple(card for card in cards if card is not None)


def _card(model_id: str, metrics: Mapping[str, Any]) -> ModelCard:
    shape = metrics["shape"]
    return ModelCard(
        **asdict(SHIPPED[model_id]),
        **shape | {"sizes": MappingProxyType(shape["sizes"])},
        id=model_id,
        source="shipped",
        licence=LICENCE,
        quality=MappingProxyType(metrics["quality"]),
        baselines=MappingProxyType(
            {of: MappingProxyType(figures) for of, figures in metrics["baselines"].items()}
        ),
        sha256=metrics["sha256"],
    )
