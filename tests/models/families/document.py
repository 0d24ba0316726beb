"""`python -m tests.models.families.document`: measures the table, writes docs/families.md."""

from __future__ import annotations

import logging
import re
import sys
import tempfile
import warnings
from pathlib import Path

import torch
import transformers

from models.catalog import load
from models.errors import InputError
from models.trace import AttentionBlock, AttentionTrace, Kind
from pages.ui.text import catalogue
from tests.models.families import pictures, table
from tests.models.families.measuring import Measured, measured, save

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "families.md"

_HEAD = """# Families of models

Written by `python -m tests.models.families.document`, from the table in
`tests/models/families/table.py`; `make test-all` runs the same comparison.

Of each model type a small checkpoint with random weights is saved, opened as a visitor's own
folder is, and recorded on a text of letters, marks and an emoji (Whisper on two tones). Each
head's weights and the model's answer are compared with the same folder under transformers' eager
attention, each head's output with the model's own. The largest relative difference stands in the
last column; up to 1e-5 is rounding.
Measured with transformers {transformers} and torch {torch}.

## Recorded: {count}

| model type | attention | beside q, k, v | other layers | heads that agree | largest difference |
|---|---|---|---|---|---|
"""
_WEIGHTS = """
## Weights only: {count}

Recorded, too, but without q, k and v where the encoder (Reformer: all of it) has sparse
attention: windows, blocks or buckets. The weights are taken from the modules' own run
and compared with what eager attention hands out, laid out as a matrix by each family's own
description. Of Reformer's hashed layers it hands out parts without saying of which tokens they
are: those are compared by the heads' outputs alone.

| model type | attention | beside q, k, v | weights alone | heads that agree | largest difference |
|---|---|---|---|---|---|
"""
_REFUSED = """
## Not recorded: {count}

Each is refused while it is opened, with this sentence.

| model type | sentence |
|---|---|
"""
_MASKS = {"other": "mask of single cells"}
_PICTURES = "## Recorded from pictures"
_ROW = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)


def listed(text: str) -> tuple[list[str], list[str], list[str]]:
    """The families that a document says are recorded, by weights alone, or not at all."""
    recorded, _, rest = text.partition(_PICTURES)[0].partition("## Weights only")
    weights, _, refused = rest.partition("## Not recorded")
    return _ROW.findall(recorded), _ROW.findall(weights), _ROW.findall(refused)


def listed_pictures(text: str) -> list[str]:
    """The families that it says are recorded from pictures."""
    return _ROW.findall(text.partition(_PICTURES)[2])


def row(name: str, found: Measured) -> str:
    """A recorded family's line."""
    trace = found.trace
    kinds = "; ".join(_kind(trace, kind) for kind in trace.kinds)
    alone = ", ".join(kind for kind in trace.kinds if kind not in trace.whole_kinds)
    agree = f"{found.agree} of {found.heads}"
    if found.compared < found.heads:
        agree = f"{found.agree} of {found.compared} handed out, {found.heads} in all"
    cells = (kinds, _beside(trace), alone or _others(trace), agree)
    return f"| `{name}` | {' | '.join(cells)} | {found.largest:.0e} |"


def sentence(error: InputError) -> str:
    """What a visitor reads, in English."""
    details = {"kept": "", "model": "…", **error.details}
    return catalogue("en")[f"error.{error.code}"].format(**details).strip()


def _kind(trace: AttentionTrace, kind: Kind) -> str:
    blocks = [block for block in trace.all_blocks if block.kind == kind]
    heads = sorted({(block.heads, len(block.k)) for block in blocks})
    said = ", ".join(f"{q} heads" if q == k else f"{q} over {k} heads" for q, k in heads)
    return f"{kind}: {len(blocks)} × {said}"


def _beside(trace: AttentionTrace) -> str:
    found = [part for block in trace.blocks for part in _parts(block)]
    return ", ".join(dict.fromkeys(found)) or "–"


def _parts(block: AttentionBlock) -> list[str]:
    sight = block.sight
    found = [term.name.replace("_", " ") for term in block.terms]
    found += [_MASKS.get(sight.name, f"{sight.name} mask")] if block.mask is not None else []
    found += ["soft cap"] if block.softcap is not None else []
    found += ["sink"] if block.sinks is not None else []
    return found + ([] if block.kv_layer is None else ["k and v of another layer"])


def _others(trace: AttentionTrace) -> str:
    names = [what.replace("_", " ") for _, what in trace.others]
    return ", ".join(f"{names.count(name)} × {name}" for name in dict.fromkeys(names)) or "–"


def main() -> int:
    """Exit status 1 where a family is not as the table says."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(1)
    recorded: list[str] = []
    weights: list[str] = []
    refused, wrong = [], []
    for name in sorted(table.ALL_RECORDED | table.REFUSED):
        with tempfile.TemporaryDirectory() as folder:
            save(name, Path(folder))
            try:
                if name in table.REFUSED:
                    load(folder)
                    wrong.append(name)
                    continue
                rows = weights if name in table.WEIGHTS_ONLY else recorded
                rows.append(row(name, measured(Path(folder))))
            except InputError as error:
                refused.append(f"| `{name}` | {sentence(error)} |")
                wrong += [name] if type(error) is not table.REFUSED.get(name) else []
    versions = {"transformers": transformers.__version__, "torch": torch.__version__.split("+")[0]}
    text = _HEAD.format(count=len(recorded), **versions) + "\n".join(recorded) + "\n"
    text += _WEIGHTS.format(count=len(weights)) + "\n".join(weights) + "\n"
    text += _REFUSED.format(count=len(refused)) + "\n".join(refused) + "\n"
    DOCUMENT.write_text(text + pictures.section(), encoding="utf-8")
    counts = f"{len(recorded)} recorded, {len(weights)} by weights, {len(refused)} refused"
    print(f"{counts}; not as the table says: {wrong}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
