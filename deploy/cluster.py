"""`python -m deploy.cluster`: the catalogue's models behind Ray Serve, asked over HTTP.

Replicas are processes that hold models and answer models.serving's questions; Ray sends each to one
that has its model in memory, starts more while many wait, and a new one where one ends. Needs the
environment of requirements-ray.txt; the app needs nothing of it, only the address and the token.
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
import threading

from models.core.environment import environment
from models.serving.cluster import PATH


def closed(joined: bool) -> None:
    """Before Ray is imported: it asks for a token everywhere, and tells nobody that it is used.

    joined: `ray start` made the cluster, and its token is known (RAY_AUTH_TOKEN, or its file).
    """
    os.environ["RAY_AUTH_MODE"] = "token"
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    if not joined:  # of this machine alone: nobody else has to know it
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))


def main(given: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m deploy.cluster", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--replicas", type=int, default=1, help="always there")
    parser.add_argument("--most", type=int, default=0, help="while many wait; 0: as many")
    parser.add_argument("--cores", type=float, default=1, help="that a replica has")
    parser.add_argument("--join", action="store_true", help="a cluster that `ray start` made")
    asked = parser.parse_args(given)
    if not environment().cluster_token:
        print("DIKKAT_CLUSTER_TOKEN: an app is known by it", file=sys.stderr)
        return 1
    closed(asked.join)
    import ray
    from ray import serve

    from deploy.replica import application

    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    most = max(asked.most, asked.replicas)
    if asked.join:
        ray.init(address="auto")
    else:
        cpus = int(most * asked.cores) + 1
        ray.init("local", num_cpus=cpus, include_dashboard=False)
    serve.start(http_options={"host": asked.host, "port": asked.port}, proxy_location="EveryNode")
    serve.run(application(asked.replicas, most, asked.cores), name="models", route_prefix=PATH)
    print(f"Models: http://{asked.host}:{asked.port}  ({asked.replicas} to {most})", flush=True)
    over.wait()
    serve.shutdown()
    ray.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
