"""Which of transformers' classes opens a checkpoint, and whether it reads what is read here."""

from __future__ import annotations

import inspect
from typing import Any

import transformers
from transformers import AutoModel, BertConfig, BertForPreTraining
from transformers.models.auto import modeling_auto

from models.card import SHOWS
from models.errors import (
    NotCapturable,
    OpenBuckets,
    ReadsBoth,
    ReadsPictures,
    ReadsSounds,
    ReadsVideos,
)
from models.loading import families
from models.recording import capture

# Masked words and next sentence. transformers' own table of such heads holds discriminators, too.
_BOTH_TASKS = {BertConfig: BertForPreTraining}
# Two models of any families in one.
_COMPOSITE = ("speech-encoder-decoder", "vision-encoder-decoder")
# Pooled tokens, or no softmax: nothing that a matrix of all queries by all keys would be true of.
_OTHERWISE = {"canine", "mra", "rwkv", "yoso"}
# Funnel's verdicts on whole texts stand on its pooled tokens, without its decoder.
_OF_FEW = ("ForSequenceClassification", "ForMultipleChoice")
# Only a part of their attention calls the interface: all of it is watched.
WATCHED = ("bigbird_pegasus",)


def hears(config: Any) -> bool:
    """It reads sounds: features for ids on the encoder's side, a text on the decoder's."""
    return SHOWS.get(config.model_type) == "sound"


def sees(config: Any) -> bool:
    """It reads pictures: no tokenizer, and patches for tokens."""
    return SHOWS.get(config.model_type) == "picture"


def known(config: Any) -> list[tuple[Any, bool]]:
    """What to load the checkpoint as, best first: as what it was saved, else without a head."""
    architecture = (getattr(config, "architectures", None) or [""])[0]
    base = AutoModel._model_mapping.get(type(config), None)
    if isinstance(base, tuple):  # Funnel has two: with its decoder, and without
        named = next((cls for cls in base if cls.__name__ == architecture), base[0])
        base = base[1] if architecture.endswith(_OF_FEW) else named
    if config.model_type in _COMPOSITE:
        return []
    if sees(config):
        return [(cls, False) for cls in (*_classifiers(config, architecture), _seeing_base(config))]
    if hears(config):
        speech = modeling_auto.MODEL_FOR_SPEECH_SEQ_2_SEQ_MAPPING[type(config)]
        return [(speech, True), (base, False)]
    heads = (
        modeling_auto.MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING,
        modeling_auto.MODEL_FOR_CAUSAL_LM_MAPPING,
        modeling_auto.MODEL_FOR_MASKED_LM_MAPPING,
        _BOTH_TASKS,
    )
    found = [mapping[type(config)] for mapping in heads if type(config) in mapping]
    if not config.is_encoder_decoder:
        found = [cls for cls in found if cls.__name__ == architecture]
    classes = [(cls, True) for cls in found[:1]] + [(base, False)]
    return [(cls, has_head) for cls, has_head in classes if isinstance(cls, type)]


def _classifiers(config: Any, architecture: str) -> list[Any]:
    """The class with a verdict on top that a model of pictures may have been saved as."""
    mapping = modeling_auto.MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING
    listed = mapping.get(type(config), ())
    # DeiT has two: with its teacher's verdict, and without.
    several = listed if isinstance(listed, tuple) else (listed,)
    named = [cls for cls in several if cls.__name__ == architecture]
    # A pair is hardly ever saved with one: its folder would be read twice for nothing.
    return named or list(several[:1] if config.model_type not in families.PAIRS else ())


def _seeing_base(config: Any) -> Any:
    own = type(families.seeing(config))
    # Some halves are on no list of transformers', and named as all others are.
    alone = AutoModel._model_mapping.get(own, None)
    return alone or getattr(transformers, own.__name__.replace("Config", "Model"))


_NO_WORDS = {"pixel_values", "pixel_values_videos", "input_features", "input_values", "bbox"}


def check_readable(config: Any, classes: list[tuple[Any, bool]]) -> None:
    """It reads words alone (or is of the families of pictures that are known here), and its
    attention is none that cannot be recorded: the others would raise, after a long load."""
    family = config.model_type
    if not classes:
        raise NotCapturable(f"transformers has no single model of {family}", family=family)
    if family in _OTHERWISE:
        raise NotCapturable(f"{family} has its own attention", family=family)
    if "lsh" in getattr(config, "attn_layers", ()) and config.num_buckets is None:
        raise OpenBuckets("num_buckets: null")
    for model_class, _ in classes:
        refusal = None if sees(config) or hears(config) else _reads(model_class, config)
        if refusal is not None:
            raise refusal(f"{family} reads more than words", family=family)


def implementation(model_class: Any) -> str:
    """Ours, or, of a family that has its own attention, the one that can be watched."""
    own = (
        model_class.config_class.model_type in WATCHED
        or not model_class._can_set_attn_implementation()
    )
    return "eager" if own else capture.IMPLEMENTATION


def _reads(model_class: Any, config: Any) -> type[NotCapturable] | None:
    """The refusal of a class that reads anything but words."""
    modalities = getattr(model_class, "input_modalities", "text")
    reads = {modalities} if isinstance(modalities, str) else set(modalities)
    # The words' half of a larger model says what the whole one reads; it takes words alone.
    takes = inspect.signature(model_class.forward).parameters.keys()
    if reads == {"text"} or ("text" in reads and not takes & _NO_WORDS):
        return None
    if reads == {"audio"} or (reads == {"audio", "text"} and config.is_encoder_decoder):
        return ReadsSounds  # the text is what it writes
    if "text" in reads:
        return ReadsBoth
    if "image" in reads:
        return ReadsPictures
    return ReadsVideos if "video" in reads else NotCapturable
