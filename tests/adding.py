"""The examples of docs/adding.md, and copies of the project into which they are put."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "docs" / "adding.md"
_BLOCK = re.compile(r"^`([^`]+)`(, at the end)?:\n```(\w+)\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Block:
    """A code block of the guide. file: where it belongs; kind: how it is fenced."""

    file: str
    kind: str
    code: str
    at_end: bool


def guide() -> dict[str, list[Block]]:
    """The blocks below each of the guide's headings, in its order."""
    found = {}
    for part in GUIDE.read_text(encoding="utf-8").split("\n## ")[1:]:
        heading, _, body = part.partition("\n")
        found[heading] = [
            Block(file, kind, code, bool(at_end))
            for file, at_end, kind, code in _BLOCK.findall(body)
        ]
        assert len(found[heading]) == body.count("```") / 2, f"{heading}: a block without its file"
    return found


def put(block: Block, tree: Path) -> None:
    """Write one block into a copy of the project; AssertionError: it does not fit there."""
    path = tree / block.file
    there = path.is_file()
    assert there == (block.at_end or block.kind == "diff"), f"{block.file}: there? {there}"
    if block.kind == "diff":
        path.write_text(changed(path.read_text("utf-8"), block.code), encoding="utf-8")
    elif block.at_end:
        path.write_text(path.read_text("utf-8") + block.code, encoding="utf-8")
    else:
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(block.code, encoding="utf-8")
        if path.suffix == ".py":
            (path.parent / "__init__.py").touch()


def changed(source: str, diff: str) -> str:
    """A file after the changes of a diff, whose old lines stand there exactly once."""
    for hunk in re.split(r"^@@\n", diff, flags=re.M):
        lines = hunk.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] != "+")
        new = "".join(line[1:] for line in lines if line[0] != "-")
        assert source.count(old) == 1, f"stands there {source.count(old)} times:\n{old}"
        source = source.replace(old, new)
    return source


def copied(copy: Path, headings: Sequence[str]) -> Path:
    """A copy of the project in an empty folder, with what these parts of the guide add."""
    left_out = shutil.ignore_patterns("__pycache__", "checkpoints", "__snapshots__", "fixtures")
    for name in ("pages", "viz", "models", "text", "tests", ".streamlit"):
        shutil.copytree(ROOT / name, copy / name, ignore=left_out)
    for name in ("app.py", "pyproject.toml"):
        shutil.copy(ROOT / name, copy / name)
    # The weights are borrowed from here, folder by folder, so that one may be added.
    (copy / "models" / "checkpoints").mkdir()
    for folder in (ROOT / "models" / "checkpoints").iterdir():
        (copy / "models" / "checkpoints" / folder.name).symlink_to(folder)
    blocks = guide()
    for heading in headings:
        for block in blocks[heading]:
            put(block, copy)
    return copy


def run_in(tree: Path, *command: str) -> str:
    """What a fresh Python prints in the copy."""
    done = subprocess.run([sys.executable, *command], cwd=tree, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout
