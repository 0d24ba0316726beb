"""What `make lint` installs from npm: pinned exactly, by hash, from wherever a machine gets it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tools" / "lint"


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return found


def test_each_package_is_pinned_exactly_and_by_its_hash() -> None:
    wanted: dict[str, str] = read("package.json")["devDependencies"]
    locked = read("package-lock.json")["packages"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert locked[""]["devDependencies"] == wanted
    packages = {path: package for path, package in locked.items() if path}
    assert all(p["integrity"].startswith("sha512-") for p in packages.values())
    assert all(packages[f"node_modules/{name}"]["version"] == v for name, v in wanted.items())


def test_the_lock_names_no_registry_and_runs_no_script() -> None:
    packages = read("package-lock.json")["packages"].values()
    assert not [p for p in packages if "resolved" in p or "hasInstallScript" in p]


def test_its_licence_is_listed() -> None:
    table = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    wanted: dict[str, str] = read("package.json")["devDependencies"]
    assert all(f"| {name} | {version} |" in table for name, version in wanted.items())
