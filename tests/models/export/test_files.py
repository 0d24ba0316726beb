"""Arrays as files: every number comes back as it was, and a spreadsheet computes nothing."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as arrays

from models.export.arrays import NamedArray
from models.export.files import as_csv, as_npz, number, safe

LETTERS = ("ş", "ğ", "ı", "İ")
ABOUT = {"Kaynak": "canlı · “İğne”"}


def read(written: bytes, decimal: str) -> list[list[str]]:
    text = written.decode("utf-8")
    assert text.startswith("\ufeff"), "Excel takes a file without it for another encoding"
    return list(csv.reader(StringIO(text[1:]), delimiter=";" if decimal == "," else ","))


@pytest.mark.parametrize("decimal", [".", ","])
@given(values=arrays.arrays(np.float32, (4, 3)))
def test_every_number_of_a_table_comes_back_to_the_last_bit(
    decimal: str, values: np.ndarray
) -> None:
    rows = read(as_csv([NamedArray("w", values, (LETTERS, None))], ABOUT, decimal=decimal), decimal)
    assert rows[:4] == [[*next(iter(ABOUT.items()))], [], ["w (4 × 3)"], ["", "0", "1", "2"]]
    assert [row[0] for row in rows[4:]] == list(LETTERS)
    back = [[float(cell.replace(decimal, ".")) for cell in row[1:]] for row in rows[4:]]
    np.testing.assert_array_equal(np.array(back, np.float32), values)


@pytest.mark.parametrize("token", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_a_spreadsheet_computes_no_token(token: str) -> None:
    rows = read(as_csv([NamedArray("w", np.zeros((1, 1)), ((token,), (token,)))], {}), ".")
    assert rows[2][1] == rows[3][0] == f"'{token}"


def test_more_axes_are_a_table_for_each_place() -> None:
    rows = read(as_csv([NamedArray("w", np.zeros((2, 4, 4)), (None, LETTERS, LETTERS))], {}), ".")
    assert [row[0] for row in rows if row and "w" in row[0]] == [
        "w[0] (2 × 4 × 4)",
        "w[1] (2 × 4 × 4)",
    ]


def test_a_masked_score_reads_as_infinite() -> None:
    assert number(np.float32(-np.inf), ",") == "-inf"
    assert number(np.float32(0.1), ",") == "0,1"
    assert number(np.int64(7), ",") == "7"


def test_numpys_file_opens_without_pickle_and_keeps_letters() -> None:
    values = np.arange(4, dtype=np.float32)
    with np.load(BytesIO(as_npz([NamedArray("w", values, (LETTERS,))], ABOUT))) as held:
        np.testing.assert_array_equal(held["w"], values)
        assert tuple(held["w.tokens0"]) == LETTERS
        assert dict(held["about"]) == ABOUT


def test_a_spreadsheet_of_another_country_computes_none_either() -> None:
    for sign in ";,\t":
        assert safe(f"x{sign} =cmd|' /C calc'!A1") == f"x{sign} '=cmd|' /C calc'!A1"
    assert safe("a, b; c = 1") == "a, b; c = 1"
