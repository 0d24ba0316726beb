"""One replica of models.serving behind Ray Serve. Needs the environment of requirements-ray.txt."""

from __future__ import annotations

import asyncio
import hmac
from pathlib import Path
from typing import Any

from ray import serve
from starlette.requests import Request
from starlette.responses import Response

from models.catalog import CATALOG, load
from models.core.environment import environment
from models.core.loaded import LoadedModel
from models.serving import answer
from models.serving.cluster import MODEL

ROOT = Path(__file__).resolve().parents[1]
AT_ONCE = 16  # questions that a replica has taken on; one pass at a time has all its cores
WAITING = 64  # that a proxy keeps for all replicas; for one more there is a 503
TOGETHER = 8  # texts of one pass
GRACE = 10.0  # seconds in which running passes may end


class Models:
    """All models of the catalogue fit into one replica: what was loaded stays."""

    def __init__(self, token: str) -> None:
        self._token = f"Bearer {token}".encode()
        self._running: dict[bytes, asyncio.Future[tuple[int, bytes]]] = {}
        self._one = asyncio.Semaphore(1)

    async def __call__(self, request: Request) -> Response:
        """An HTTP request → models.serving.answer's status and bytes; 401: not with our token."""
        told = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(told, self._token):
            return Response(status_code=401)
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > answer.LARGEST_QUESTION:
                return Response(status_code=answer.NO_QUESTION)
        if (model_id := request.headers.get(MODEL, "")) in CATALOG:
            await self.hold(model_id)
        # Equal questions that come together are computed once.
        if body not in self._running:
            made = self._together(body) if answer.joins(body) else self._alone(body)
            self._running[body] = asyncio.ensure_future(made)
            self._running[body].add_done_callback(lambda _: self._running.pop(body, None))
        status, said = await asyncio.shield(self._running[body])
        return Response(said, status, media_type="application/octet-stream")

    @serve.multiplexed(max_num_models_per_replica=len(CATALOG))  # type: ignore[untyped-decorator]
    async def hold(self, model_id: str) -> LoadedModel | None:
        """Have a model in memory; Ray is told, and asks this replica for it first."""
        try:
            return await asyncio.to_thread(load, model_id)
        except Exception:  # the question's own answer says why
            return None

    async def _alone(self, body: bytes) -> tuple[int, bytes]:
        async with self._one:
            return await asyncio.to_thread(answer.answer, body)

    @serve.batch(max_batch_size=TOGETHER, batch_wait_timeout_s=0.0)  # type: ignore[untyped-decorator]
    async def _together(self, bodies: list[bytes]) -> list[tuple[int, bytes]]:
        async with self._one:
            return await asyncio.to_thread(answer.answers, bodies)


def application(least: int, most: int, cores: float) -> Any:
    """What Ray Serve runs: least to most replicas, each with so many cores."""
    scaling = {"min_replicas": least, "max_replicas": most, "target_ongoing_requests": 2}
    count = {"autoscaling_config": scaling} if most > least else {"num_replicas": least}
    # Another machine's process has neither from here.
    said = {"OMP_NUM_THREADS": str(max(1, int(cores))), "PYTHONPATH": str(ROOT)}
    made = serve.deployment(
        name="models",
        **count,
        ray_actor_options={"num_cpus": cores, "runtime_env": {"env_vars": said}},
        logging_config={"enable_access_log": False},
        max_ongoing_requests=AT_ONCE,
        max_queued_requests=WAITING,
        health_check_period_s=5,
        graceful_shutdown_timeout_s=GRACE,
    )
    return made(Models).bind(environment().cluster_token)
