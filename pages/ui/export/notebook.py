"""The page's state as a Jupyter notebook (nbformat 4.5): it asks the models as the page did, and
asserts that the same numbers come back."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from models.export.arrays import NamedArray
from models.export.digest import Digest, digest
from pages.ui.export.drawn import Inquiry
from pages.ui.text import t

# What a module's function is called by those who import it.
_FACES = {
    ("models.lstm.record", "run"): ("models.recurrent", "run"),
}
_PLAIN = (str, int, float, bool, type(None))
_FIRST = """\
import sys
from pathlib import Path

# {folder}
above = (Path.cwd(), *Path.cwd().parents)
project = next(folder for folder in above if (folder / "models" / "catalog.py").is_file())
sys.path.insert(0, str(project))

import numpy as np

from models.catalog import load"""
_CHECK = """\
def check(name, values, shape, total, size, first):
    \"\"\"{same}\"\"\"
    assert values.shape == tuple(shape), (name, values.shape)
    kept = np.asarray(values, dtype=np.float64).ravel()
    kept = kept[np.isfinite(kept)]
    near = dict(rtol=1e-4, atol=1e-4 * max(size, 1e-12))
    np.testing.assert_allclose(kept[: len(first)], first, **near, err_msg=name)
    np.testing.assert_allclose(kept.sum(), total, atol=1e-4 * max(size, 1e-12) * max(kept.size, 1))
    np.testing.assert_allclose(np.abs(kept).max(initial=0), size, **near, err_msg=name)
    print("✓", name, values.shape)"""


def can(question: Inquiry) -> bool:
    """A notebook can ask it: a public function of the models was given plain values."""
    public = question.module.startswith("models.") and "_" not in question.function[:1]
    return public and all(map(_plain, (*question.given, *question.named.values())))


def written(
    cells: Sequence[tuple[Inquiry, Sequence[NamedArray]]], about: Mapping[str, str], title: str
) -> str:
    """JSON of the notebook: what the page shows, what it asked, and an assertion an array."""
    lines = "\n\n".join(f"**{name}:** {value}" for name, value in about.items() if name != "Dikkat")
    found = [_cell("markdown", f"# {title}\n\n{lines}\n\n{t('takealong.notebook')}")]
    found.append(_cell("code", _FIRST.format(folder=t("takealong.folder"))))
    found.append(_cell("code", _CHECK.format(same=t("takealong.same"))))
    for at, (question, arrays) in enumerate(cells):
        name = "record_1" if len(cells) == 1 else f"record_{at + 1}"
        found.append(_cell("code", asking(question, name)))
        found.append(_cell("code", "\n".join(_checks(arrays, name))))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": found}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def asking(question: Inquiry, name: str) -> str:
    """Python that asks once more. name: of the variable that takes the answer."""
    face = question.module, question.function
    module, function = _FACES.get(face, face)
    given = [*map(repr, question.given)]
    given += [f"{key}={value!r}" for key, value in question.named.items()]
    loaded = [f"load({question.model!r})"] if question.model else []
    call = ", ".join([*loaded, *given])
    return f"from {module} import {function}\n\n{name} = {function}({call})"


def _checks(arrays: Sequence[NamedArray], name: str) -> Iterator[str]:
    for each in arrays:
        own: Digest = digest(each.values)
        numbers = [list(own.shape), own.total, own.largest, list(own.first)]
        yield f"check({each.name!r}, {name}{each.path}, {', '.join(map(repr, numbers))})"


def _plain(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return all(map(_plain, value))
    return isinstance(value, _PLAIN)


def _cell(kind: str, source: str) -> dict[str, Any]:
    """One cell, without what it printed."""
    name = uuid.uuid5(uuid.NAMESPACE_URL, source).hex[:8]
    cell: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {}}
    more: dict[str, Any] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {**cell, **more, "source": source.splitlines(keepends=True)}
