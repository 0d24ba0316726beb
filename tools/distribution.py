"""What only a system's own package manager has: `python -m tools.distribution nginx` gets it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

# A server's program is not on every user's path.
PATH = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin"


def install(package: str) -> None:
    """Install it where this is root and apt is there; else nothing happens."""
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        return
    print(f"Installing the distribution's {package} ...", flush=True)
    quiet = {"capture_output": True, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update", "-q"], **quiet)  # type: ignore[call-overload]
    command = ["apt-get", "install", "-qy", "--no-install-recommends", package]
    subprocess.run(command, **quiet)  # type: ignore[call-overload]


def main(package: str) -> int:
    """Exit status 0 when a program of that name is there in the end."""
    if shutil.which(package, path=PATH) is None:
        install(package)
    if shutil.which(package, path=PATH) is not None:
        return 0
    print(f"{package} is not here, and could not be installed: install it first.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
