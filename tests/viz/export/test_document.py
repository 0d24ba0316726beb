r"""The sums as a document: of all that the snapshots' pages write, in either theme and language."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from viz.board.theme import DARK, LIGHT
from viz.export.document import LETTERS, colours, converted, document, words

SNAPSHOTS = Path(__file__).parents[2] / "snapshots" / "__snapshots__" / "test_snapshots"
ENGINES = ("pdflatex", "xelatex")
TOKEN = "“ş ğ ı İ ö ü ç” → 中 <a> 50% #1 a_b ~ ^ \\ {x} $5 & ▁x Ġy"


@cache
def sums() -> list[str]:
    """All sums that the snapshots hold: lines of LaTeX."""
    lines = [line.strip() for path in sorted(SNAPSHOTS.glob("*.txt"))
             for line in path.read_text(encoding="utf-8").splitlines()]  # fmt: skip
    found = [one for one in lines if '"' not in one and (one[:1] == "\\" or " = \\" in one)]
    return list(dict.fromkeys(one for one in found if re.search(r"\\(textcolor|frac|mathbf)", one)))


@cache
def whole() -> str:
    return document(sums(), title=f"Kaç? {TOKEN}", file="a.tex", now=TOKEN, lines=[TOKEN])


def test_there_are_sums_to_look_at() -> None:
    assert len(sums()) > 200


def test_braces_and_environments_are_balanced() -> None:
    for one in (whole(), *map(converted, sums())):
        bare = re.sub(r"\\[\\{}%]", "", one)
        assert bare.count("{") == bare.count("}"), one
        open_ = []
        for kind, name in re.findall(r"\\(begin|end)\{(\w+)\}", one):
            if kind == "begin":
                open_.append(name)
            else:
                assert open_.pop() == name
        assert not open_


def test_no_character_is_outside_the_declared_set() -> None:
    assert {c for c in whole() if not c.isascii()} <= LETTERS
    assert set("şğıİöüç") <= LETTERS


def test_every_colour_is_defined_and_of_the_light_theme() -> None:
    used = set(re.findall(r"\\textcolor\{c(\w{6})\}", whole()))
    assert used == set(re.findall(r"\\definecolor\{c(\w{6})\}", whole()))
    assert not re.search(r"\\textcolor\{#", whole())
    assert colours([rf"\textcolor{{{DARK.q}}}{{q}}"]) == [LIGHT.q[1:].upper()]


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"\text{ığ·}", r"\text{ığ\ensuremath{\cdot}}"),
        (r"a − ş", r"a - \text{ş}"),
        (r"x_{\text{中}}", r"x_{\text{\texttt{U+4E2D}}}"),
        (r"\frac{\text{a}}{→}", r"\frac{\text{a}}{\to }"),
    ],
)
def test_a_sign_gets_its_command_in_text_and_in_mathematics(tex: str, expected: str) -> None:
    assert converted(tex) == expected


def test_a_sentence_has_no_command_of_its_own() -> None:
    assert words(r"\input{x} 5% $a_b$") == r"\textbackslash input\{x\} 5\% \$a\_b\$"


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_it_compiles(engine: str, tmp_path: Path) -> None:
    """Every sum of every snapshot, and a sentence of hostile tokens."""
    if shutil.which(engine) is None:
        pytest.skip(f"no {engine}: Debian has it in texlive-latex-recommended or texlive-xetex")
    (tmp_path / "a.tex").write_text(whole(), encoding="utf-8")
    command = [engine, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "a.tex"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace")
    assert ran.returncode == 0, ran.stdout[-3000:]
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
