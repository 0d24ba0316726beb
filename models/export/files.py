"""Named arrays as files: a table for a spreadsheet, and numpy's own."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.export.arrays import Labels, NamedArray

# A spreadsheet would compute what begins so.
_COMPUTES = ("=", "+", "-", "@", "\t", "\r")
_PARTED = re.compile(r"([;,\t\n]\s*)(?=[=+@-])")  # … and in another country, behind its sign
_ABOUT, _TOKENS = "about", "tokens"


def as_csv(arrays: Sequence[NamedArray], about: Mapping[str, str], *, decimal: str = ".") -> bytes:
    """UTF-8 behind a byte order mark, without which Excel reads ş and ğ as two letters each.

    First what it is (`about`), then each array: a line with its name and shape, then its rows, the
    labels of its axes before and above them; of more than two axes a table for each place of the
    first ones. decimal: the sign of the numbers; where it is a comma, columns are parted by a
    semicolon, as a spreadsheet of such a country expects it. Numbers are written in as many digits
    as bring back the same float; −∞ is -inf.
    """
    written = StringIO(newline="")
    out = csv.writer(written, delimiter=";" if decimal == "," else ",", lineterminator="\r\n")
    for name, value in about.items():
        out.writerow([safe(name), safe(value)])
    for each in arrays:
        for title, values, rows, columns in _tables(each):
            out.writerow([])
            out.writerow([safe(title)])
            if columns is not None:
                out.writerow(["", *map(safe, columns)])
            for label, row in zip(rows, values, strict=True):
                out.writerow([safe(label), *(number(one, decimal) for one in row)])
    return written.getvalue().encode("utf-8-sig")


def _tables(each: NamedArray) -> Iterator[tuple[str, NDArray[Any], Sequence[str], Labels]]:
    """(title, (row, column), labels of rows, of columns) of what an array is as tables."""
    values, labels = each.values, each.labels
    shape = " × ".join(map(str, values.shape))
    if values.ndim < 2:
        yield f"{each.name} ({shape})", values.reshape(1, -1), ("",), (labels or (None,))[0]
        return
    rows = labels[-2] or tuple(map(str, range(values.shape[-2])))
    columns = labels[-1] or tuple(map(str, range(values.shape[-1])))
    for place in np.ndindex(*values.shape[:-2]):
        at = "".join(f"[{one}]" for one in place)
        yield f"{each.name}{at} ({shape})", values[place], rows, columns


def number(value: Any, decimal: str = ".") -> str:
    """One number in as many digits as bring it back; of float32 those of float32."""
    kind = np.asarray(value).dtype.kind
    written = str(int(value)) if kind in "iub" else str(np.asarray(value)[()])
    return written.replace(".", decimal)


def safe(label: str) -> str:
    """A text as a cell that no spreadsheet computes: before what begins as a formula, an '.

    One of another country parts cells at another sign.
    """
    return _PARTED.sub(r"\1'", f"'{label}" if label.startswith(_COMPUTES) else label)


def as_npz(arrays: Sequence[NamedArray], about: Mapping[str, str]) -> bytes:
    """Numpy's zip: each array under its name, an axis' labels under <name>.tokens<axis>, and
    `about` as (line, 2) text. It opens without pickle."""
    held: dict[str, NDArray[Any]] = {_ABOUT: np.array(list(about.items()), dtype=np.str_)}
    for each in arrays:
        held[each.name] = each.values
        for axis, labels in enumerate(each.labels):
            if labels is not None:
                held[f"{each.name}.{_TOKENS}{axis}"] = np.array(labels, dtype=np.str_)
    out = BytesIO()
    np.savez_compressed(out, **held)  # type: ignore[arg-type]
    return out.getvalue()
