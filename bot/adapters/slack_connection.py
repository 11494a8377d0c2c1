"""HTTP connections with one deadline for the whole request, which say whether any of it has left.

A client's timeout bounds each socket operation, so a server that trickles bytes holds a request for ever (P6); and
urllib wraps "never connected" and "lost after sending" in the same error, though only the first is known not to be
posted (P5). Guessing from the exception's type cannot tell a timeout while connecting from one while waiting; here
`connect` itself says so.
"""

import functools
import io
import socket
import ssl
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from json import JSONDecodeError
from typing import Any, Final
from urllib.error import URLError
from urllib.request import HTTPHandler, HTTPSHandler, Request

from bot.adapters.clock import tick

_RECORD: Final = 16_384  # bytes of one TLS record: a larger write would wait once per record, not once

_FAULTS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (socket.gaierror, "name_not_found"),
    (ssl.SSLCertVerificationError, "certificate_refused"),
    (ssl.SSLError, "tls_failed"),
    (TimeoutError, "timeout"),
    (ConnectionRefusedError, "connection_refused"),
    (ConnectionError, "connection_lost"),
    (HTTPException, "answer_broken"),
    (JSONDecodeError, "not_json"),
    (OSError, "not_connected"),
)


class NeverSent(Exception):  # noqa: N818 - a fact about the request, in the words of P5
    """The connection could not be made (name, TCP, proxy or TLS): no byte of the request has left. Its text: a word."""


def fault(error: BaseException) -> str:
    """Return a word for an error. Never its text: http.client quotes headers, and one of them is the token."""
    cause = error.reason if isinstance(error, URLError) and isinstance(error.reason, Exception) else error
    return next((word for kind, word in _FAULTS if isinstance(cause, kind)), type(cause).__name__)


class Plain(HTTPHandler):
    """urllib's handler for `http:`, over bounded connections."""

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_Bounded, req)


class Secure(HTTPSHandler):
    """urllib's handler for `https:`. The trusted authorities are read once, that takes longer than a request."""

    def __init__(self) -> None:
        self._trust = ssl.create_default_context()  # knows SSL_CERT_FILE
        super().__init__(context=self._trust)

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_BoundedTls, req, context=self._trust)


class _Bounded(HTTPConnection):
    """A connection with one deadline over everything; its time starts when urllib makes it."""

    def __init__(self, host: str, **options: Any) -> None:
        super().__init__(host, **options)
        self._deadline: float = tick() + options["timeout"]
        self._create_connection = self._reach
        self.response_class = functools.partial(_response, self._left)  # type: ignore[assignment]  # it is only called

    def connect(self) -> None:
        # Everything before the request's first byte happens in here: lookup, TCP, the proxy's CONNECT, TLS.
        try:
            super().connect()
            self._left()
        except Exception as error:
            raise NeverSent(f"not_sent:{fault(error)}") from error

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        for start in range(0, len(data), _RECORD):
            self.sock.settimeout(self._left())
            self.sock.sendall(data[start : start + _RECORD])

    def _left(self) -> float:
        left = self._deadline - tick()
        if left <= 0:
            raise TimeoutError
        return left

    def _reach(self, address: tuple[str, int], *_: object) -> socket.socket:
        # Each address gets its share, so that a dead first one (IPv6 into nowhere) leaves time for the next.
        places = [place[4][:2] for place in socket.getaddrinfo(*address, type=socket.SOCK_STREAM)]
        for untried, (host, port) in zip(range(len(places), 0, -1), places, strict=True):
            try:
                reached = socket.create_connection((str(host), int(port)), self._left() / untried)
            except OSError:
                if untried == 1:
                    raise
            else:
                reached.settimeout(self._left())
                return reached
        raise socket.gaierror


class _BoundedTls(_Bounded, HTTPSConnection):
    """The same over TLS."""


def _response(left: Callable[[], float], sock: socket.socket, *arguments: Any, **options: Any) -> HTTPResponse:
    return HTTPResponse(_Readable(sock, left), *arguments, **options)  # type: ignore[arg-type]  # it only calls makefile


class _Readable:
    """Stands in for the socket where http.client asks for something to read from."""

    def __init__(self, sock: socket.socket, left: Callable[[], float]) -> None:
        self._sock = sock
        self._left = left

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._sock, self._left))


class _Reader(io.RawIOBase):
    """Read from a socket, each time with no more than what is left of the whole request's time."""

    def __init__(self, sock: socket.socket, left: Callable[[], float]) -> None:
        self._sock = sock
        self._left = left
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
