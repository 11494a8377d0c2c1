"""The one HTTP transport, under Slack's Web API and under the vendor's list: httpx over httpcore, with two things more.

One deadline bounds a whole exchange, from the name lookup to the last byte: a client's timeouts bound single
operations, so a server that trickles would hold a request for ever (P6). And a request that certainly never left is
told from one that may have been carried out (P5): the error alone cannot say it, since a proxy that hangs and a server
that hangs look alike. httpcore hands the timeout of an operation to the network untouched, so here it is not a number
but what knows how much is left; and httpcore's trace says when the real request's headers go out, not a CONNECT's.
"""

import ipaddress
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from bot.adapters.clock import tick

_KEPT: Final = 5.0  # seconds that an idle connection is kept for the next request, where any is
_SLICE: Final = 16_384  # bytes written at a time: httpcore's own loop over one write knows no deadline

_FAULTS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (socket.gaierror, "name_not_found"),
    (ssl.SSLCertVerificationError, "certificate_refused"),
    (ssl.SSLError, "tls_failed"),
    (TimeoutError, "timeout"),
    (httpx.TimeoutException, "timeout"),
    (ConnectionRefusedError, "connection_refused"),
    (ConnectionError, "connection_lost"),
    (httpx.RemoteProtocolError, "answer_broken"),
    (httpx.DecodingError, "answer_broken"),
    (httpx.ProxyError, "not_connected"),
    (OSError, "not_connected"),
)

Resolve = Callable[..., list[Any]]  # as socket.getaddrinfo


class NeverSent(httpx.TransportError):
    """No byte of the request has left, only of a lookup, a proxy's CONNECT or a handshake. Its cause says why."""


def fault(error: BaseException) -> str:
    """Return a word for an error. Never its text: libraries quote headers, and one of them is the token."""
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(cause)
    return next((word for kind, word in _FAULTS if any(isinstance(each, kind) for each in chain)), type(error).__name__)


class Transport(httpx.BaseTransport):
    """Carry out each exchange within `within` seconds, or within the request's own timeouts if they are shorter.

    Raises httpx.TransportError: NeverSent, or another one when the request may have been carried out. Nothing is sent
    twice and no redirect is followed. A connection is used once, unless `keep_alive`: a kept one that the server has
    closed meanwhile would turn a plain send into a doubt. HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY, SSL_CERT_FILE
    count. Safe for many threads.
    """

    def __init__(self, within: float, *, keep_alive: bool = False, resolve: Resolve = socket.getaddrinfo) -> None:
        self.within, self._keep_alive = within, keep_alive
        self._trust = _trust(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
        self._network = _Network(resolve)
        self._direct = self._pool(None)
        wanted = {scheme: url for scheme, url in getproxies().items() if scheme in ("http", "https", "all")}
        self._proxied = {scheme: self._pool(url) for scheme, url in wanted.items()}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and read the head of the answer; the deadline goes on while its body is read."""
        exchange = _Exchange(tick() + self.within)
        limits = request.extensions.get("timeout", {})
        url = request.url
        wanted = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=[*request.headers.raw, *([] if self._keep_alive else [(b"Connection", b"close")])],
            content=request.stream,
            extensions={
                "timeout": {name: _Limit(exchange, limits.get(name)) for name in ("connect", "read", "write")},
                "trace": exchange.trace,
            },
        )
        try:
            answer = self._pool_for(url).handle_request(wanted)
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller hears whether anything has left
            known = _as_httpx(error, answered=exchange.answered)
            if exchange.sent:
                raise known from known.__cause__
            raise NeverSent(f"not_sent:{fault(known)}") from known
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream))

    def close(self) -> None:
        """Close the connections that are kept."""
        for pool in (self._direct, *self._proxied.values()):
            pool.close()

    def _pool_for(self, url: httpx.URL) -> httpcore.ConnectionPool:
        proxied = self._proxied.get(url.scheme) or self._proxied.get("all")
        return self._direct if proxied is None or proxy_bypass(url.netloc.decode()) else proxied

    def _pool(self, proxy_url: str | None) -> httpcore.ConnectionPool:
        proxy = None
        if proxy_url:
            via = httpx.Proxy(proxy_url if "://" in proxy_url else f"http://{proxy_url}")
            url = httpcore.URL(scheme=via.url.raw_scheme, host=via.url.raw_host, port=via.url.port, target=b"/")
            proxy = httpcore.Proxy(url, via.raw_auth, ssl_context=self._trust if via.url.scheme == "https" else None)
        return httpcore.ConnectionPool(
            ssl_context=self._trust,
            proxy=proxy,
            max_connections=None,
            keepalive_expiry=_KEPT,
            network_backend=self._network,
        )


@cache
def _trust(*_where: str | None) -> ssl.SSLContext:
    """Return whom to trust, read once: that takes longer than a request."""
    context = httpx.create_ssl_context()  # SSL_CERT_FILE or SSL_CERT_DIR, else the authorities that certifi brings
    context.load_default_certs()  # and the host's
    return context


@dataclass
class _Exchange:
    """One request and its answer."""

    deadline: float  # by `tick`
    sent: bool = False  # whether any of the request itself may have left
    answered: bool = False  # whether anything came back

    def left(self) -> float:
        """Return the seconds that are left; raise when there are none."""
        left = self.deadline - tick()
        if left <= 0:
            raise httpcore.TimeoutException("timed out")
        return left

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Hear what httpcore is about to do."""
        if event == "http11.send_request_headers.started" and info["request"].method != b"CONNECT":
            self.left()  # when time is over before the first byte, that is not sent either
            self.sent, self.answered = True, False


@dataclass(frozen=True)
class _Limit:
    """How long one operation may take. It travels where httpcore expects seconds, which it does not look at."""

    exchange: _Exchange
    seconds: float | None

    def left(self) -> float:
        left = self.exchange.left()
        return left if self.seconds is None else min(left, self.seconds)


class _Network(httpcore.NetworkBackend):
    """Connects within a deadline."""

    def __init__(self, resolve: Resolve) -> None:
        self._tcp = httpcore.SyncBackend()
        self._resolve = resolve
        self._lock = threading.Lock()
        self._lookups: dict[str, Future[list[str]]] = {}

    def connect_tcp(
        self, host: str, port: int, timeout: Any = None, local_address: str | None = None, socket_options: Any = None
    ) -> httpcore.NetworkStream:
        # Each address gets its share, so that a dead first one (IPv6 into nowhere) leaves time for the next.
        places = self._addresses(host, timeout.left())
        for untried, place in zip(range(len(places), 0, -1), places, strict=True):
            try:
                within = timeout.left() / untried
                return _Stream(self._tcp.connect_tcp(place, port, within, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if untried == 1:
                    raise
        raise httpcore.ConnectError(f"{host} has no address")

    def _addresses(self, host: str, within: float) -> list[str]:
        """Look a name up on a thread, for the resolver may take minutes. One thread serves all who wait for a name."""
        try:
            return [str(ipaddress.ip_address(host))]
        except ValueError:
            pass
        with self._lock:
            lookup = self._lookups.get(host)
            if lookup is None:
                lookup = Future()
                threading.Thread(target=self._look_up, args=(host, lookup), name="lookup", daemon=True).start()
                self._lookups[host] = lookup  # only once the thread runs that ends it
        try:
            return lookup.result(within)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"looking up {host} timed out") from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error

    def _look_up(self, host: str, lookup: Future[list[str]]) -> None:
        try:
            found = self._resolve(host, None, type=socket.SOCK_STREAM)
            lookup.set_result([str(place[4][0]) for place in found])
        except Exception as error:  # noqa: BLE001 - whoever waits for it gets it
            lookup.set_exception(error)
        finally:
            with self._lock:
                del self._lookups[host]


class _Stream(httpcore.NetworkStream):
    """A connection each of whose operations gets what is left.

    With a proxy that is itself reached by TLS each record has the time, not the whole operation: so httpcore reads it.
    """

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: Any = None) -> bytes:
        came = self._stream.read(max_bytes, timeout.left())
        timeout.exchange.answered |= bool(came)
        return came

    def write(self, buffer: bytes, timeout: Any = None) -> None:
        for start in range(0, len(buffer), _SLICE):
            self._stream.write(buffer[start : start + _SLICE], timeout.left())

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: Any = None
    ) -> httpcore.NetworkStream:
        try:
            return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout.left()))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Body(httpx.SyncByteStream):
    """The body of an answer, with httpx's errors."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        parts: Iterable[bytes] = self._stream
        try:
            yield from parts
        except Exception as error:  # noqa: BLE001 - as above, and it is raised again
            known = _as_httpx(error)
            raise known from known.__cause__

    def close(self) -> None:
        self._stream.close()


def _as_httpx(error: Exception, *, answered: bool = True) -> httpx.TransportError:
    """Return httpx's error for one of httpcore's, which has the same name, or for any other; its cause is set."""
    kind = getattr(httpx, type(error).__name__, None)
    if isinstance(kind, type) and issubclass(kind, httpx.TransportError):
        known = kind(str(error))
    else:
        known = httpx.TransportError(f"{type(error).__name__}: {error}")
    lost = isinstance(known, httpx.RemoteProtocolError) and not answered  # httpcore says the same of half an answer
    known.__cause__ = ConnectionAbortedError() if lost else error
    return known
