"""What the environment says to the app: one table, read and checked in one place.

Each setting is a variable DIKKAT_<NAME>; empty is as good as absent. What is none is said when the
app starts, by the variable's name and never with its value, which may hold a password.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "DIKKAT_"
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]+")
_TOKEN = re.compile(r"[!-~]{16,200}")
_DATABASES = {"postgresql": "postgresql", "postgres": "postgresql", "sqlite": "sqlite"}
Mode = Literal["local", "public", "hub"]
Log = Literal["text", "json"]


class SettingError(ValueError):
    """A variable whose value is none."""


class Environment(BaseSettings):
    """As the app was started. A field's description is its row in docs/hosting.md."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore"
    )

    mode: Mode = Field(
        default="local",
        description="`public`: the models of the catalogue only, no folders, no uploads of models "
        "(`hosted` says the same); `hub`: also models of the Hugging Face hub, which a visitor may "
        "have downloaded, and folders of this machine; `local`: also folders of this machine",
    )
    without: Annotated[frozenset[str], NoDecode] = Field(
        default=frozenset(),
        description="models to leave out, by their ids, with spaces or commas between them; "
        "`smollm2` saves the most memory",
    )
    address: str = Field(
        default="",
        description="where others reach the app, scheme and host, like `https://dikkat.example`: "
        "links, QR codes and the class's door say it",
    )

    hosts: Annotated[frozenset[str], NoDecode] = Field(
        default=frozenset(),
        description="names that browsers may reach the app by, without port, like "
        "`dikkat.example`, with spaces or commas between them; any other is refused",
    )
    frames: Annotated[frozenset[str], NoDecode] = Field(
        default=frozenset(),
        description="origins whose pages may show the app in a frame, like "
        "`https://huggingface.co`, with spaces or commas between them",
    )

    database: str = Field(
        default="",
        repr=False,
        description="where classes' answers and short links are kept, like "
        "`postgresql://user:password@host/database` or `sqlite:////folder/file.sqlite3`; unless "
        "said, an SQLite file in `DIKKAT_DATA`",
    )
    data: str = Field(
        default="",
        description="a folder of this user for that file; unless said, one in the temporary folder",
    )
    keep_hours: float = Field(
        default=24.0,
        gt=0,
        le=24 * 366,
        allow_inf_nan=False,
        description="how long a class is kept, in hours",
    )
    link_days: int = Field(
        default=180,
        gt=0,
        le=3_660,
        description="how long a short link is kept since it was last asked for, in days",
    )
    warm: bool = Field(
        default=False,
        description="`true`: a process draws what visitors open first, once, before "
        "`/health/ready` says so; `make serve` sets it unless told otherwise",
    )
    passes: int = Field(
        default=360,
        gt=0,
        le=1_000_000,
        description="new results of models that one visitor may ask for in a minute where the mode "
        "is not `local`; a visitor is an open tab, not an address, and what is kept from before "
        "counts for none",
    )
    uploads: int = Field(
        default=20,
        gt=0,
        le=1_000,
        description="files that one visitor may hand over in a minute where the mode is `hub`; "
        "`public` takes none",
    )
    cluster: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="where other machines hold the models (`make cluster`), like "
        "`http://10.0.0.2:8100`, several with spaces or commas between them; unless said, each "
        "process computes by itself",
    )
    cluster_token: str = Field(
        default="",
        repr=False,
        description="what those machines know an app by: at least 16 letters, digits or signs, "
        "the same on both sides",
    )
    cluster_seconds: float = Field(
        default=60.0,
        gt=0,
        le=3_600,
        allow_inf_nan=False,
        description="how long an answer of theirs is waited for, in seconds",
    )
    cluster_lost: Literal["refuse", "compute"] = Field(
        default="refuse",
        description="what is done while they do not answer: `refuse`: the page says so; `compute`: "
        "the process computes by itself, and the log says so",
    )
    metrics: bool = Field(
        default=False,
        description="`true`: `/metrics` answers in the text format of Prometheus; `make serve` "
        "closes it to the outside",
    )
    log: Log = Field(
        default="text",
        description="`json`: each event as a line of JSON in the field names of the Elastic Common "
        "Schema, without a word that a visitor may have typed",
    )

    @field_validator("cluster", mode="before")
    @classmethod
    def _in_turn(cls, said: object) -> object:
        return tuple(said.replace(",", " ").split()) if isinstance(said, str) else said

    @field_validator("cluster")
    @classmethod
    def _machines(cls, said: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(_origin, said))

    @field_validator("cluster_token")
    @classmethod
    def _token(cls, said: str) -> str:
        if said and not _TOKEN.fullmatch(said):
            raise ValueError("it has to be 16 to 200 letters, digits or signs of ASCII")
        return said

    @model_validator(mode="after")
    def _known(self) -> Environment:
        if self.cluster and not self.cluster_token:
            raise ValueError("a cluster is asked with a token")
        return self

    @field_validator("mode", mode="before")
    @classmethod
    def _alias(cls, said: object) -> object:
        return "public" if said == "hosted" else said

    @field_validator("without", "hosts", "frames", mode="before")
    @classmethod
    def _several(cls, said: object) -> object:
        return frozenset(said.replace(",", " ").split()) if isinstance(said, str) else said

    @field_validator("database")
    @classmethod
    def _database(cls, said: str) -> str:
        kind, sign, rest = said.strip().partition("://")
        name = _DATABASES.get(kind.partition("+")[0])
        if not said.strip():
            return ""
        if not sign or name is None or not rest.strip("/"):
            raise ValueError(
                "it is no address like postgresql://user:password@host/database"
                " or sqlite:////folder/classes.sqlite3"
            )
        if name == "sqlite":
            if not rest.startswith("/") or ":memory:" in rest or "mode=memory" in rest:
                raise ValueError("SQLite needs a file, which all processes share")
            return f"sqlite://{rest}"
        return f"postgresql+psycopg://{rest}"

    @field_validator("address")
    @classmethod
    def _address(cls, said: str) -> str:
        return _origin(said) if said.strip() else ""

    @field_validator("hosts")
    @classmethod
    def _names(cls, said: frozenset[str]) -> frozenset[str]:
        if not all(_HOST.fullmatch(name) for name in said):
            raise ValueError("it holds what is no name like dikkat.example")
        return frozenset(name.lower() for name in said)

    @field_validator("frames")
    @classmethod
    def _origins(cls, said: frozenset[str]) -> frozenset[str]:
        return frozenset(map(_origin, said))


def _origin(said: str) -> str:
    """Scheme and host of an address. ValueError: it has more, or less."""
    parts = urlsplit(said.strip().rstrip("/"))
    more = parts.query or parts.path or parts.fragment or parts.username
    # What stands in a header may hold no sign that ends it there.
    plain = parts.hostname and _HOST.fullmatch(parts.hostname)
    if parts.scheme not in ("http", "https") or not plain or more:
        raise ValueError("it is no address like http://host:8501")
    return f"{parts.scheme}://{parts.netloc}"


def environment() -> Environment:
    """What the environment says now. Raises SettingError."""
    return _read(tuple(os.environ.get(variable(name)) for name in Environment.model_fields))


def variable(name: str) -> str:
    """What the environment calls a setting."""
    return PREFIX + name.upper()


@lru_cache(maxsize=8)
def _read(_: tuple[str | None, ...]) -> Environment:
    """Read once as long as the environment stays what it is: pages ask many times a run."""
    try:
        return Environment()
    except ValidationError as error:
        raise SettingError("; ".join(map(_sentence, error.errors()))) from None


def _sentence(fault: object) -> str:
    assert isinstance(fault, dict)
    # Pydantic names a field as the environment does where it came from there, in lower case.
    name = str((fault["loc"] or ("cluster_token",))[0]).lower().removeprefix(PREFIX.lower())
    words = str(fault["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    kind = "it has to be " if fault["type"] == "literal_error" else ""
    return f"{variable(name)}: {kind}{words}"


def table() -> str:
    """Every setting as a row of Markdown: variable, what it holds unless said, what it is."""
    rows = ["| Variable | Unless said | What it is |", "|---|---|---|"]
    for name, field in Environment.model_fields.items():
        unless = field.get_default()
        shown = f"`{unless}`" if unless not in ("", frozenset(), (), None) else "nothing"
        rows.append(f"| `{variable(name)}` | {shown} | {field.description} |")
    return "\n".join(rows)
