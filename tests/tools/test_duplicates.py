"""Places that say the same twice: what is found, passed over, excused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.duplicates import Run, main, runs, unexplained
from tools.shapes import lines

ONE = '''"""A module."""

def area(board, edges):
    """Its size."""
    inner = [edge for edge in edges if edge.length > 3]
    total = sum(edge.length * board.scale for edge in inner)
    if total > board.limit:
        raise ValueError(f"too large: {total}")
    return total / len(inner)
'''
# The same shape: other names, strings and numbers, another comment, another blank line.
OTHER = """import math

def mean(panel, lines):
    # what is drawn
    long = [line for line in lines if line.width > 7]

    found = sum(line.width * panel.ratio for line in long)
    if found > panel.most:
        raise ValueError("no room")
    return found / len(long)
"""
FIELDS = """
@dataclass(frozen=True, slots=True)
class {}:
    query: int
    keys: tuple[int, ...]
    weights: tuple[tuple[float, ...], ...]
    scores: dict[str, tuple[float, ...]]
    mask: Floats
    names: tuple[str, ...]
"""


def found(**sources: str) -> list[Run]:
    named = {name.replace("_", "."): source for name, source in sources.items()}
    return runs({name: lines(source, name) for name, source in named.items()})


def test_the_same_shape_under_other_names_is_found() -> None:
    (run,) = found(a_py=ONE, b_py=OTHER)
    assert run.places == ("a.py::area", "b.py::mean")
    assert (run.first[0].number, run.first[-1].number) == (3, 9)
    assert (run.second[0].number, run.second[-1].number) == (3, 10)
    assert not run.same


def test_lines_equal_to_the_letter_are_found_however_little_they_say() -> None:
    (run,) = found(a_py="x = 1\n" * 6, b_py="x = 1\n" * 6)
    assert run.same
    assert not found(a_py="x = 1\n" * 5, b_py="x = 1\n" * 6)


def test_a_place_may_stand_twice_in_one_file() -> None:
    (run,) = found(a_py=ONE + OTHER.replace("import math\n", ""))
    assert run.places == ("a.py::area", "a.py::mean")


def test_lines_that_overlap_are_not_a_second_place() -> None:
    assert not found(a_py="x = 1\n" * 11)
    assert {len(run.first) for run in found(a_py="x = 1\n" * 13)} == {6}
    body = ONE.splitlines()[4:8]
    assert not found(a_py="\n".join(["def area(board, edges):", *body * 3]))


def test_another_operator_is_another_shape() -> None:
    assert not found(a_py=ONE, b_py=OTHER.replace("line.width * panel", "line.width + panel"))


def test_fields_of_one_dataclass_do_not_resemble_those_of_another() -> None:
    other = FIELDS.replace("query", "row").replace("mask", "bias")
    assert not found(a_py=FIELDS.format("Steps"), b_py=other.format("Cells"))
    assert found(a_py=FIELDS.format("Steps"), b_py=FIELDS.format("Steps"))


@pytest.mark.parametrize("line", ["import {}", "from x import {}", "# {}", '"""{}"""', ""])
def test_what_says_nothing_is_passed_over(line: str) -> None:
    source = "\n".join(line.format(name) for name in "abcdefgh")
    assert lines(source, "a.py") == []


def test_a_string_is_one_token_whatever_it_holds() -> None:
    shapes = {lines(f"x = {text}", "a.py")[0].shape for text in ['"a"', "f'{b!r}'", 'rb"\\""']}
    assert shapes == {"<name> = <text>"}
    assert lines('x = """a # b\nc\n"""\ny = 1', "a.py")[1].number == 4


def test_scripts_and_sheets_are_read_too() -> None:
    assert (
        lines("const a = b(`${c} // d`); // e", "a.js")[0].shape
        == "const <name> = <name> ( <text> ) ;"
    )
    assert lines("gap: 4px; /* b */", "a.css")[0].shape == "gap : <number> ;"


def test_a_reason_excuses_its_own_pair_only() -> None:
    found_runs = found(a_py=ONE, b_py=OTHER)
    reason = {"places": ["a.py::area", "b.py::mean"], "why": "two papers, two formulas"}
    assert unexplained(found_runs, [reason]) == []
    assert unexplained(found_runs, [reason | {"places": ["a.py::area", "b.py::other"]}])
    assert unexplained(found_runs, [reason | {"why": " "}])
    assert unexplained(found_runs, [reason | {"places": ["a.py::area"]}])


def test_a_reason_that_nothing_needs_is_told() -> None:
    reason = {"places": ["a.py::area", "b.py::mean"], "why": "two papers, two formulas"}
    assert unexplained([], [reason]) == ["no longer alike: a.py::area, b.py::mean"]


def test_what_pyproject_names_is_read_and_excused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = '[tool.dikkat.duplicates]\nread = ["a.py", "b"]\n'
    places = 'places = ["a.py::area", "b/c.py::mean"]\n'
    reason = f'[[tool.dikkat.duplicates.alike]]\n{places}why = "two"\n'
    (tmp_path / "b").mkdir()
    (tmp_path / "a.py").write_text(ONE)
    (tmp_path / "b" / "c.py").write_text(OTHER)
    (tmp_path / "b" / "notes.md").write_text(OTHER)
    (tmp_path / "pyproject.toml").write_text(settings)
    monkeypatch.setattr("tools.duplicates.ROOT", tmp_path)
    assert main() == 1
    told = "6 lines of one shape: a.py::area (3-9) ~ b/c.py::mean (3-10)\n"
    assert capsys.readouterr().out == told
    (tmp_path / "pyproject.toml").write_text(settings + reason)
    assert main() == 0
    assert not capsys.readouterr().out
