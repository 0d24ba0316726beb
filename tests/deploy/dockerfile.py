"""What a Dockerfile says, and its steps carried out without Docker, in roots that debootstrap made.

Only what ours uses. Unlike Docker nothing is isolated while it is built: a step sees this machine's
network, and the places where its pip finds packages.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from json import loads
from pathlib import Path
from typing import Any

SUITES = {"12": "bookworm", "13": "trixie"}  # Debian's major version → what debootstrap calls it
_SETTINGS = ("/etc/resolv.conf", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")


def read(text: str) -> list[tuple[str, str]]:
    """(instruction, what stands behind it), in their order; comments and ends of lines are gone."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n", " ", "\n".join(lines))
    steps = (line.strip().partition(" ") for line in joined.splitlines() if line.strip())
    return [(name.upper(), " ".join(rest.split())) for name, _, rest in steps]


@dataclass(slots=True)
class Stage:
    """One FROM and what was done since. root: its files."""

    base: str
    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    arguments: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "0:0"
    entry: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    def script(self, command: list[str], first: Sequence[str] = ()) -> list[str]:
        """A command inside, as its user, in its folder. first: shell commands outside of it."""
        inside = f'cd {shlex.quote(self.folder)} && exec "$0" "$@"'
        chroot = ["chroot", f"--userspec={self.user}", "--groups=", str(self.root)]
        lines = ["set -e", *first, "exec " + shlex.join([*chroot, *_SHELL, inside, *command])]
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", *_SHELL, "\n".join(lines)]

    def run(
        self, command: list[str], first: Sequence[str] = ()
    ) -> subprocess.CompletedProcess[str]:
        """The same, until its end, with nothing but its environment."""
        return subprocess.run(self.script(command, first), env=self.all(), **_QUIET)

    def all(self) -> dict[str, str]:
        """Its variables, and what every process has."""
        return {"PATH": _PATH, "HOME": "/tmp"} | self.environment


_QUIET: dict[str, Any] = {"capture_output": True, "text": True}
_SHELL = ["/bin/sh", "-c"]
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def built(text: str, context: Path, work: Path, said: Mapping[str, str]) -> Stage:
    """The last stage of a Dockerfile. said: its build arguments. RuntimeError: a step failed."""
    stages: dict[str, Stage] = {}
    top: dict[str, str] = {}
    now: Stage | None = None
    for name, rest in read(text):
        if name == "ARG" and now is None:
            top |= [_argument(rest, said)]
        elif name == "FROM":
            base, _, alias = _filled(rest, top).partition(" AS ")
            now = Stage(base, _root(base, work, len(stages)))
            stages[alias or str(len(stages))] = now
        else:
            assert now is not None
            _step(now, stages, name, rest, context, said)
    assert now is not None
    return now


def _root(base: str, work: Path, number: int) -> Path:
    """A copy of Debian's smallest root of that image's version."""
    image, _, tag = base.partition(":")
    assert image == "debian", f"no root of {base} can be made here"
    plain = work / "base"
    if not plain.exists():
        suite = SUITES[tag.partition(".")[0]]
        _checked(subprocess.run(["debootstrap", "--variant=minbase", suite, str(plain)], **_QUIET))
    root = work / f"stage-{number}"
    _checked(subprocess.run(["cp", "-a", str(plain), str(root)], **_QUIET))
    return root


def _step(
    now: Stage,
    stages: dict[str, Stage],
    name: str,
    rest: str,
    context: Path,
    said: Mapping[str, str],
) -> None:
    known = now.arguments | now.environment
    match name:
        case "ARG":
            now.arguments |= [_argument(rest, said)]
        case "ENV":
            pairs = (word.partition("=") for word in shlex.split(_filled(rest, known)))
            now.environment |= {key: value for key, _, value in pairs}
        case "WORKDIR":
            now.folder = rest
            (now.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
        case "COPY":
            _copy(now, stages, rest, context)
        case "RUN":
            inside = replace(now, environment={"PATH": _PATH} | known | _pip())
            _checked(inside.run(["/bin/sh", "-c", rest], _connected(now.root)))
        case "USER":
            now.user = rest
        case "ENTRYPOINT":
            now.entry = loads(rest)
        case "HEALTHCHECK":
            now.health = loads(rest.partition("CMD ")[2])
        case "EXPOSE" | "VOLUME" | "STOPSIGNAL":
            pass
        case _:
            raise RuntimeError(f"{name} is not known here")


def _copy(now: Stage, stages: dict[str, Stage], rest: str, context: Path) -> None:
    *names, to = rest.split()
    source = context
    if names[0].startswith("--from="):
        source = stages[names.pop(0).removeprefix("--from=")].root
    for name in names:
        found = source / name.lstrip("/")
        place = now.root / (to if to.startswith("/") else f"{now.folder}/{to}").lstrip("/")
        if found.is_dir():
            unwanted = shutil.ignore_patterns("__pycache__") if source == context else None
            shutil.copytree(found, place, symlinks=True, dirs_exist_ok=True, ignore=unwanted)
        else:
            shutil.copy2(found, place / found.name if to.endswith("/") else place)


def _argument(rest: str, said: Mapping[str, str]) -> tuple[str, str]:
    key, _, unless = rest.partition("=")
    return key, said.get(key, unless)


def _filled(text: str, known: Mapping[str, str]) -> str:
    return re.sub(r"\$\{?(\w+)\}?", lambda found: known.get(found[1], ""), text)


def _pip() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key.startswith("PIP_")}


def _connected(root: Path) -> list[str]:
    """Commands after which the network and this machine's packages are there inside.

    In a mount namespace of the step's own: whatever ends it, nothing stays mounted.
    """
    asked = subprocess.run([sys.executable, "-m", "pip", "config", "list"], **_QUIET).stdout
    named = {Path(found) for found in re.findall(r"/[\w/.-]+", asked)}
    folders = set(filter(Path.is_dir, named))
    trusted = set(filter(Path.is_file, named))  # whom pip trusts here, whatever Debian's own says
    for file in filter(Path.is_file, {*map(Path, _SETTINGS), *trusted}):
        inside = root / str(file).lstrip("/")
        # Copied, since a package that is installed may want to write there.
        if file in trusted or not inside.exists():
            inside.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, inside)
    lines = []
    for folder in sorted({*folders, Path("/proc"), Path("/dev")}):
        inside = root / str(folder).lstrip("/")
        inside.mkdir(parents=True, exist_ok=True)
        lines.append(shlex.join(["mount", "--bind", str(folder), str(inside)]))
    return lines


def _checked(done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode:
        raise RuntimeError(f"{done.args}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")


@contextmanager
def started(stage: Stage, log: Path, *options: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    """Its entry point with a root that nobody may write to, but for /tmp and /data in memory.

    options: behind the entry point; more: variables of the environment.
    """
    root, owner = shlex.quote(str(stage.root)), stage.user.partition(":")[0]
    first = [
        f"mount --bind {root} {root}",
        f"mount -o remount,bind,ro {root}",
        f"mount -t proc proc {root}/proc",
        f"mount --bind /dev {root}/dev",
        f"mount -t tmpfs -o mode=1777 tmpfs {root}/tmp",
        f"mount -t tmpfs -o uid={owner},mode=700 tmpfs {root}/data",
    ]
    command = stage.script([*stage.entry, *options], first)
    with log.open("w") as sink:
        process = subprocess.Popen(
            command, env=stage.all() | more, stdout=sink, stderr=subprocess.STDOUT, text=True
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
