"""Records the home page's examples anew: `python -m tools.recordings`."""

from __future__ import annotations

import json
from datetime import date

from models.catalog import load
from models.home.sentence import RECORDINGS, of_text, written

# Language of the page → model that reads it, and a sentence in it.
EXAMPLES = {
    "en": ("minilm", "The cat sat down because it was tired"),
    "tr": ("bert-mini", "Büyük köpek bahçede kediyi gördü."),
}


def main() -> None:
    """Overwrites models/home/recordings.json with what the models give today."""
    day = date.today().isoformat()
    found = {
        name: written(of_text(load(model), text), day) for name, (model, text) in EXAMPLES.items()
    }
    RECORDINGS.write_text(json.dumps(found, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
