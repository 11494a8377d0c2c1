"""The HTTP server of /healthz, /readyz and /metrics: small, bounded, and no way in.

A probe that hangs must not hold the next one, nor the stop of the bot: every connection has a thread and a deadline,
and there are never more than a few of them.
"""

import contextlib
import json
import logging
import socket
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any, Final
from urllib.parse import urlsplit

from bot.adapters.clock import tick
from bot.domain.errors import BotError
from bot.operations.health import Report

CONNECTION_WITHIN: Final = 5.0  # seconds for one connection, however slowly it asks or reads
AT_ONCE: Final = 32  # connections; more are closed unread
STOP_WITHIN: Final = 2.0  # seconds
_GLANCE: Final = 0.2  # seconds between two looks for a stop and for connections whose time is over
_JSON: Final = "application/json; charset=utf-8"

Page = Callable[[], tuple[HTTPStatus, str, bytes]]  # status, content type, body

_log = logging.getLogger(__name__)


class CannotListen(BotError):  # noqa: N818 - it says what happened
    """Health and metrics cannot be served at {host} port {port}: {why}.
    The bot does not start without them. End the other program on that port, or set PREWARM_HTTP_HOST and
    PREWARM_HTTP_PORT to a free place; PREWARM_HTTP_PORT=0 turns them off.
    """


class HealthServer:
    """Serves reports and metrics over HTTP. What it is given is called on a thread per request, and must not block."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        healthz: Callable[[], Report],
        readyz: Callable[[], Report],
        metrics: Callable[[], bytes],
        metrics_type: str = "text/plain; version=0.0.4; charset=utf-8",
    ) -> None:
        self._place = (host, port)
        self._pages: dict[str, Page] = {
            "/healthz": lambda: _report(healthz()),
            "/readyz": lambda: _report(readyz()),
            "/metrics": lambda: (HTTPStatus.OK, metrics_type, metrics()),
        }
        self._server: _Server | None = None
        self._thread = threading.Thread(target=self._serve, name="health", daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on, once started: another than asked for when that was 0."""
        return self._place[1] if self._server is None else int(self._server.server_address[1])

    def start(self) -> None:
        """Listen, and return at once. Raise CannotListen if the place is taken or does not exist."""
        if self._server is not None:
            return
        host, port = self._place
        try:
            self._server = _Server(host, port, self._pages)
        except OSError as error:
            raise CannotListen(host=host, port=port, why=error.strerror or error) from error
        self._thread.start()

    def stop(self) -> None:
        """Close everything within STOP_WITHIN seconds; before `start` and twice is fine."""
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()
            self._thread.join(STOP_WITHIN)

    def _serve(self) -> None:
        if self._server is not None:
            self._server.serve_forever(_GLANCE)


class _Server(ThreadingHTTPServer):
    """A thread per connection, a deadline for each, and no more than AT_ONCE of them."""

    def __init__(self, host: str, port: int, pages: Mapping[str, Page]) -> None:
        self.pages = pages
        self._opened: dict[socket.socket, float] = {}
        self._lock = threading.Lock()
        self.address_family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        super().__init__((host, port), _Handler)

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer's asks the resolver for our own name, which may take its time
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ARG002 - the signature is socketserver's
        with self._lock:
            if len(self._opened) >= AT_ONCE:
                return False
            self._opened[request] = tick()
        return True

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._opened.pop(request, None)
        super().shutdown_request(request)

    def service_actions(self) -> None:
        self._cut(tick() - CONNECTION_WITHIN)

    def server_close(self) -> None:
        super().server_close()
        self._cut(tick())

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the signature is socketserver's
        _log.debug("A connection to the health server ended early.", exc_info=True)

    def _cut(self, before: float) -> None:
        """End the connections that were opened until then; their threads end by themselves."""
        with self._lock:
            overdue = [link for link, opened in self._opened.items() if opened <= before]
        for link in overdue:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    """Answers one request, then closes."""

    server: _Server
    timeout = CONNECTION_WITHIN
    error_message_format = "%(code)d %(message)s\n"
    error_content_type = "text/plain; charset=utf-8"

    def do_GET(self) -> None:
        self._say(*self._page())

    do_HEAD = do_GET  # noqa: N815 - the names are http.server's

    def do_POST(self) -> None:
        self._say(*_trouble(HTTPStatus.METHOD_NOT_ALLOWED, "Only GET and HEAD are answered here."), allow="GET, HEAD")

    do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_POST  # noqa: N815 - as above

    def _page(self) -> tuple[HTTPStatus, str, bytes]:
        page = self.server.pages.get(urlsplit(self.path).path)
        if page is None:
            names = ", ".join(self.server.pages)
            return _trouble(HTTPStatus.NOT_FOUND, f"There is no such page. There are: {names}.")
        try:
            return page()
        except Exception:  # noqa: BLE001 - whatever it is, the one who asks gets an answer
            _log.exception("The health server could not answer %s.", self.path)
            return _trouble(HTTPStatus.INTERNAL_SERVER_ERROR, "A fault of the bot. Its log says more.")

    def _say(self, status: HTTPStatus, kind: str, body: bytes, allow: str = "") -> None:
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Length": str(len(body)), "Cache-Control": "no-store", "Allow": allow}
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def version_string(self) -> str:
        return "prewarm-bot"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the signature is http.server's
        """Say nothing: probes come every few seconds."""


def _report(report: Report) -> tuple[HTTPStatus, str, bytes]:
    return report.status, _JSON, _encoded(report.body())


def _trouble(status: HTTPStatus, sentence: str) -> tuple[HTTPStatus, str, bytes]:
    return status, _JSON, _encoded({"error": sentence})


def _encoded(body: Mapping[str, object]) -> bytes:
    return (json.dumps(body, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "replace")
