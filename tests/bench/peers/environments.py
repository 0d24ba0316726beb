"""A virtual environment for each peer, in .peers/: what its pins say, on top of the app's own.

A package that the pins do not name is the app's (a .pth file leads there), so that every peer runs
on the same torch and transformers; one that they name comes before the app's. The app's own
environment is never written to.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.bench.harness import ROOT

HERE = Path(__file__).parent
PEERS = ROOT / ".peers"
# In the app's own environment: BertViz is one of its packages, output_attentions transformers' own.
APP = "app"
NAMES = (APP, "transformer-lens", "nnsight", "inspectus")


def requirements(name: str) -> Path:
    """The file of a peer's exact pins."""
    return HERE / f"requirements-{name}.txt"


def python(name: str) -> Path:
    """The interpreter of a peer's environment, made where it is not there or its pins changed.

    RuntimeError with pip's last line: it could not be installed.
    """
    if name == APP:
        return Path(sys.executable)
    folder, pins = PEERS / name, requirements(name)
    executable = folder / "bin" / "python"
    made = folder / f".made-{hashlib.sha256(pins.read_bytes()).hexdigest()[:12]}"
    if made.exists():
        return executable
    print(f"installing {name} ...", file=sys.stderr, flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", folder], check=True)
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    where = subprocess.run([executable, "-c", asked], check=True, capture_output=True, text=True)
    app = sysconfig.get_path("purelib")
    (Path(where.stdout.strip()) / "app.pth").write_text(f"{app}\n", encoding="utf-8")
    pip = [
        str(executable),
        "-m",
        "pip",
        "install",
        "-qq",
        "--disable-pip-version-check",
        "--no-deps",
    ]
    done = subprocess.run([*pip, "-r", str(pins)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(last_line(done.stderr) or f"pip ended with {done.returncode}")
    made.touch()
    return executable


def last_line(text: str) -> str:
    """The last line that says anything; "" where none does."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")
