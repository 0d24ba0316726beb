"""Families of Transformers by the year they were published, and a model of each to open.

Facts only: the year is the first paper's (of preprints the first version's), the model is one that
ships here or the publisher's own on the Hugging Face Hub. Where that one is not here, a name leads
to our small model of its kind: `KINDS`. Imports no torch.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

Side = Literal["encoder", "decoder", "both"]
Reads = Literal["", "pictures", "sound"]
SIDES: tuple[Side, ...] = get_args(Side)


@dataclass(frozen=True, slots=True)
class Milestone:
    """One name on the timeline.

    family: transformers' model type; side: which half of the Transformer it is; model: an id for
    `models.catalog.load`, "": today's library has none of the family; page: what shows it; reads:
    what it reads where that is no text.
    """

    name: str
    year: int
    side: Side
    family: str
    model: str
    page: str = "heads"
    reads: Reads = ""


@dataclass(frozen=True, slots=True)
class SmallModel:
    """A model that opens with the network off: its id in the catalogue, and the page that opens."""

    model: str
    page: str


# Which half of the Transformer, what it reads → our model of that kind; of sound there is none.
KINDS: Mapping[tuple[Side, Reads], SmallModel] = MappingProxyType(
    {
        ("encoder", ""): SmallModel("bert-mini", "bert"),
        ("encoder", "pictures"): SmallModel("vit-digits", "vision"),
        ("decoder", ""): SmallModel("gpt-mini", "gpt"),
        ("both", ""): SmallModel("translator", "translator"),
    }
)


def opens(one: Milestone, here: Collection[str]) -> SmallModel | None:
    """What a name opens: its own model where that is one of `here` (catalogue ids), else ours of
    its kind; None: no model of that kind ships.
    """
    own = SmallModel(one.model, one.page) if one.model in here else KINDS.get((one.side, one.reads))
    return own if own is not None and own.model in here else None


MILESTONES = (
    Milestone("Transformer", 2017, "both", "marian", "translator", "translator"),
    Milestone("GPT", 2018, "decoder", "openai-gpt", "openai-community/openai-gpt"),
    Milestone("BERT", 2018, "encoder", "bert", "bert-mini", "bert"),
    Milestone("Transformer-XL", 2019, "decoder", "transfo-xl", ""),
    Milestone("XLM", 2019, "encoder", "xlm", "FacebookAI/xlm-mlm-en-2048"),
    Milestone("GPT-2", 2019, "decoder", "gpt2", "gpt-mini", "gpt"),
    Milestone("XLNet", 2019, "encoder", "xlnet", "xlnet/xlnet-base-cased"),
    Milestone("RoBERTa", 2019, "encoder", "roberta", "FacebookAI/roberta-base"),
    Milestone("CTRL", 2019, "decoder", "ctrl", "Salesforce/ctrl"),
    Milestone("ALBERT", 2019, "encoder", "albert", "albert/albert-base-v2"),
    Milestone("DistilBERT", 2019, "encoder", "distilbert", "distilbert/distilbert-base-uncased"),
    Milestone("T5", 2019, "both", "t5", "google-t5/t5-small"),
    Milestone("BART", 2019, "both", "bart", "facebook/bart-base"),
    Milestone("DialoGPT", 2019, "decoder", "gpt2", "microsoft/DialoGPT-small"),
    Milestone("XLM-R", 2019, "encoder", "xlm-roberta", "FacebookAI/xlm-roberta-base"),
    Milestone("PEGASUS", 2019, "both", "pegasus", "google/pegasus-xsum"),
    Milestone("Reformer", 2020, "decoder", "reformer", "google/reformer-crime-and-punishment"),
    Milestone("ProphetNet", 2020, "both", "prophetnet", "microsoft/prophetnet-large-uncased"),
    Milestone("CodeBERT", 2020, "encoder", "roberta", "microsoft/codebert-base"),
    Milestone("ELECTRA", 2020, "encoder", "electra", "google/electra-small-discriminator"),
    Milestone("Longformer", 2020, "encoder", "longformer", "allenai/longformer-base-4096"),
    Milestone("Funnel", 2020, "encoder", "funnel", "funnel-transformer/small"),
    Milestone("ConvBERT", 2020, "encoder", "convbert", "YituTech/conv-bert-base"),
    Milestone("ViT", 2020, "encoder", "vit", "vit-digits", "vision", "pictures"),
    Milestone("Switch Transformer", 2021, "both", "switch_transformers", "google/switch-base-8"),
    Milestone("DINO", 2021, "encoder", "vit", "facebook/dino-vits16", "vision", "pictures"),
    Milestone("Whisper", 2022, "both", "whisper", "openai/whisper-tiny", "heads", "sound"),
    Milestone("LLaMA", 2023, "decoder", "llama", "smollm2", "gpt"),
)
YEARS = tuple(range(MILESTONES[0].year, MILESTONES[-1].year + 1))
