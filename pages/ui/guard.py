"""What every answer tells the browser it may do, and whom the app answers at all."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.core.environment import environment
from pages.ui.own import uploads

# Of Streamlit's front end: components come as texts that it turns into modules (blob:), figures
# set styles of their own, and the page says in a script of its own where its server is. No eval,
# and nothing of anybody else's.
_POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "frame-src": "'self' blob: data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}


def policy() -> str:
    """The content policy (CSP level 3) of pages; the settings say who may show them in a frame."""
    ancestors = " ".join(["'self'", *sorted(environment().frames)])
    rules = _POLICY | {"frame-ancestors": ancestors}
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def headers() -> dict[str, str]:
    """What every answer says that does not say otherwise."""
    return {
        "Content-Security-Policy": policy(),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


class Guard:
    """ASGI middleware around the whole app.

    A host that the settings do not name is refused with 400, a websocket closed.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._said = headers()
        hosts = environment().hosts
        # A health check of the machine itself comes by its own name.
        own = {"localhost", "127.0.0.1", "[::1]"}
        allowed = sorted(hosts | own) if hosts else ["*"]
        self._inner = TrustedHostMiddleware(self._answer, allowed, www_redirect=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI says."""
        await self._inner(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in self._said.items():
                    answer.setdefault(name, value)
            await send(message)

        if (why := uploads.refused(scope)) is not None:
            await PlainTextResponse(why.phrase, why)(scope, receive, sent)
            return
        await self._app(scope, receive, sent if scope["type"] == "http" else send)
