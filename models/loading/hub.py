"""A model of the Hugging Face hub as a local folder: safetensors, configuration, tokenizer."""

from __future__ import annotations

import logging
import re
from pathlib import Path

_ID = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")
FILES = [
    "config.json",
    "generation_config.json",
    "*.safetensors",
    "*.safetensors.index.json",
    "tokenizer*.json",
    "special_tokens_map.json",
    "vocab.*",
    "merges.txt",
    "*.spm",
    "*.model",
]
_PATIENCE = 3.0  # seconds for the hub's first answer: a lecture hall without network must not hang

log = logging.getLogger("dikkat")


def snapshot(model_id: str, *, download: bool) -> Path | None:
    """The folder in the hub's cache, downloaded where allowed; None: no such model, no network."""
    if not _ID.fullmatch(model_id):
        return None
    from huggingface_hub import snapshot_download

    for offline in (True, False) if download else (True,):  # what lies here needs no network
        try:
            folder = snapshot_download(
                model_id, allow_patterns=FILES, local_files_only=offline, etag_timeout=_PATIENCE
            )
        except Exception as error:  # the library's errors are many, and none is the visitor's
            log.info("hub model %r: %s", model_id, error)
            continue
        if (Path(folder) / "config.json").is_file():
            return Path(folder)
    return None
