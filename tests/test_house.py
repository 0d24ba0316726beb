"""The house's rules: how long a file may be, what the contracts see, what runs before a commit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.test_layout import OURS, ROOT, python_files

LONGEST = {"source": 300, "tests": 400}
SOURCE = {".py", ".js", ".css"}


def sources(kind: str) -> list[Path]:
    """Code below the project's top-level names: that of the tests, or all else."""
    tops = [ROOT / top for top in OURS if (top == "tests") == (kind == "tests")]
    below = (p for top in tops for p in ([top] if top.is_file() else top.rglob("*")))
    return sorted(path for path in below if path.suffix in SOURCE)


@pytest.mark.parametrize("kind", LONGEST)
def test_no_file_is_too_long_to_be_read_at_once(kind: str) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in sources(kind)
    }
    assert lengths
    assert not {name: n for name, n in lengths.items() if n > LONGEST[kind]}


def test_no_folder_hides_from_the_contracts() -> None:
    """Import contracts do not look into a folder that is no package."""
    folders = {path.parent for path in python_files("pages", "viz", "models")}
    hidden = [f for f in folders if not (f / "__init__.py").is_file()]
    assert not sorted(str(folder.relative_to(ROOT)) for folder in hidden)


def test_hooks_are_local_and_call_what_the_makefile_has() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert {repo["repo"] for repo in hooks["repos"]} == {"local"}
    called = [hook for repo in hooks["repos"] for hook in repo["hooks"]]
    assert "make lint" in {hook["entry"] for hook in called}
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    for hook in called:
        program, target = hook["entry"].split()
        assert program == "make"
        assert target in targets
        assert hook["language"] == "system"
        assert hook["pass_filenames"] is False


def test_every_command_that_is_described_is_there() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    for name in ("CONTRIBUTING.md", "README.md"):
        named = set(re.findall(r"`make ([a-z-]+)", (ROOT / name).read_text(encoding="utf-8")))
        assert named
        assert named <= set(targets)


@pytest.mark.parametrize(("folder", "most"), [("viz", 2), ("models", 8), ("pages", 3)])
def test_few_files_lie_loose_beside_the_folders(folder: str, most: int) -> None:
    assert 1 <= len(list((ROOT / folder).glob("*.py"))) <= most
