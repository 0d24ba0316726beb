"""What the environment says: read once, refused by name and never by value."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.environment import Environment, SettingError, environment, table, variable

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("said", "mode"),
    [("", "local"), ("local", "local"), ("public", "public"), ("hosted", "public"), ("hub", "hub")],
)
def test_modes(said: str, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIKKAT_MODE", said)
    assert environment().mode == mode


@pytest.mark.parametrize("said", ["Public", "hostd", "true", "locale", "public "])
def test_a_mode_that_is_none_opens_nothing(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # It used to be "local", which opens this machine's folders to whoever comes.
    monkeypatch.setenv("DIKKAT_MODE", said)
    with pytest.raises(
        SettingError, match=r"^DIKKAT_MODE: it has to be 'local', 'public' or 'hub'$"
    ):
        environment()


@pytest.mark.parametrize(
    "said", ["secret.example", "ftp://secret", "https://secret/path", "http://"]
)
def test_an_address_that_is_none_is_not_repeated(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIKKAT_ADDRESS", said)
    with pytest.raises(SettingError, match=r"^DIKKAT_ADDRESS: ") as refused:
        environment()
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None


@given(ids=st.lists(st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True)), commas=st.booleans())
def test_models_to_leave_out(ids: list[str], commas: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIKKAT_WITHOUT", (" , " if commas else "  ").join(ids))
        assert environment().without == frozenset(ids)


def test_a_change_is_seen_and_two_faults_are_told_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert environment() is environment()
    monkeypatch.setenv("DIKKAT_MODE", "public")
    assert environment().mode == "public"
    monkeypatch.setenv("DIKKAT_MODE", "x")
    monkeypatch.setenv("DIKKAT_ADDRESS", "y")
    with pytest.raises(SettingError, match=r"DIKKAT_MODE: .*; DIKKAT_ADDRESS: "):
        environment()


def test_the_docs_hold_every_setting() -> None:
    text = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    assert table() in text
    assert len(table().splitlines()) == 2 + len(Environment.model_fields)
    # Nothing reads the environment past this table, but what others have named.
    for path in [
        ROOT / "app.py",
        *(ROOT / "pages").rglob("*.py"),
        *(ROOT / "models").rglob("*.py"),
    ]:
        named = {
            line for line in path.read_text(encoding="utf-8").splitlines() if "environ" in line
        }
        if path.name not in ("settings.py", "environment.py") and path.parent.name != "gpt":
            assert not [line for line in named if "DIKKAT" in line or "VARIABLE" in line], path


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("DIKKAT_HOSTS", "a.example; b.example"),
        ("DIKKAT_HOSTS", "*"),
        ("DIKKAT_HOSTS", "http://a.example"),
        ("DIKKAT_FRAMES", "a.example"),
        ("DIKKAT_FRAMES", "https://a.example;script-src"),
        ("DIKKAT_FRAMES", "https://*"),
        ("DIKKAT_FRAMES", "https://a.example'"),
    ],
)
def test_what_would_open_a_header_is_refused(
    name: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, said)
    with pytest.raises(SettingError, match=f"^{name}: "):
        environment()


def test_names() -> None:
    assert variable("keep_hours") == "DIKKAT_KEEP_HOURS"
