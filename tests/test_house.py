"""The house's rules: what runs before a commit."""

from __future__ import annotations

import re

import yaml

from tests.test_layout import ROOT


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
