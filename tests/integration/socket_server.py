"""Slack's half of Socket Mode on loopback, with a switch for every way in which it lets a client down."""

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve


class SlackSide:
    """Answer `apps.connections.open` and serve its WebSocket; send again what was not acknowledged, as Slack does."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.refusal = ""  # the error that apps.connections.open answers
        self.headers: dict[str, str] = {}  # of that answer; a Retry-After makes it a 429
        self.gate = threading.Event()  # cleared: apps.connections.open answers only when it is set again
        self.gate.set()
        self.trickles = False  # apps.connections.open answers a byte at a time, without end
        self.connections = 1  # what hello counts
        self.mute = False  # accept connections and say nothing
        self.calls: Queue[tuple[float, str]] = Queue()  # monotonic time and Authorization of each call
        self.handshakes = 0
        self.opened: Queue[ServerConnection] = Queue()
        self.acks: Queue[tuple[ServerConnection, dict[str, Any]]] = Queue()
        self._pending: dict[str, str] = {}
        self._all: list[ServerConnection] = []
        self._tls = tls
        self._port = 0
        self.start()

    @property
    def api_url(self) -> str:
        return f"http{'s' if self._tls else ''}://127.0.0.1:{self._port}/api/"

    def start(self) -> None:
        self._web = ThreadingHTTPServer(("127.0.0.1", self._port), self._handler())
        if self._tls:
            self._web.socket = self._tls.wrap_socket(self._web.socket, server_side=True)
        self._port = self._web.server_port
        self._sockets: Server = serve(self._converse, "127.0.0.1", 0, ssl=self._tls, process_request=self._asked)
        threading.Thread(target=self._web.serve_forever, args=(0.02,), daemon=True).start()
        threading.Thread(target=self._sockets.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Go away as a dead host does: nothing listens, nothing says goodbye."""
        self._web.shutdown()
        self._web.server_close()
        self._sockets.shutdown()
        for connection in self._all:
            cut(connection)

    def deliver(self, connection: ServerConnection, envelope: str, *, again: bool = True) -> None:
        """Send an envelope; `again` on each new connection until it is acknowledged, as events are and commands not."""
        raw = json.dumps({"type": "events_api", "envelope_id": envelope, "payload": {"event": {"type": "app_mention"}}})
        if again:
            self._pending[envelope] = raw
        connection.send(raw)

    def send(self, message: dict[str, Any]) -> None:
        """Send once, on the next connection that opens."""
        self.opened.get(timeout=5).send(json.dumps(message))

    def acked(self, count: int) -> dict[str, ServerConnection]:
        """The next `count` acknowledgements: envelope and the connection that brought it."""
        answers = [self.acks.get(timeout=5) for _ in range(count)]
        return {answer["envelope_id"]: connection for connection, answer in answers}

    def _asked(self, *_: object) -> None:
        self.handshakes += 1

    def _converse(self, connection: ServerConnection) -> None:
        self._all.append(connection)
        with suppress(ConnectionClosed, OSError):
            if not self.mute:
                connection.send(json.dumps({"type": "hello", "num_connections": self.connections}))
            for raw in list(self._pending.values()):
                connection.send(raw)
            self.opened.put(connection)
            for raw_answer in connection:
                answer = json.loads(raw_answer)
                self._pending.pop(answer.get("envelope_id"), None)
                self.acks.put((connection, answer))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        side = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"] or 0))
                side.calls.put((time.monotonic(), self.headers["Authorization"]))
                side.gate.wait(30)
                if side.trickles:
                    self._trickle()
                    return
                answer = {"ok": False, "error": side.refusal} if side.refusal else {"ok": True, "url": side._url()}
                with suppress(OSError):  # the client has gone
                    self.send_response(429 if "Retry-After" in side.headers else 200)
                    for name, value in side.headers.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(json.dumps(answer).encode())

            def _trickle(self) -> None:
                with suppress(OSError):  # the client has gone
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                    while True:
                        self.wfile.write(b".")
                        time.sleep(0.05)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def _url(self) -> str:
        port = self._sockets.socket.getsockname()[1]
        return f"ws{'s' if self._tls else ''}://127.0.0.1:{port}/link/?ticket=dummy-ticket"


def cut(connection: ServerConnection) -> None:
    """End of stream without a close frame."""
    with suppress(OSError):
        connection.socket.shutdown(socket.SHUT_RDWR)


def reset(connection: ServerConnection) -> None:
    """A TCP reset, as from a router that forgot the connection."""
    connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close_socket()


def announce(connection: ServerConnection, reason: str) -> None:
    connection.send(json.dumps({"type": "disconnect", "reason": reason}))


def refresh(connection: ServerConnection) -> None:
    """Announce the end and close at once."""
    announce(connection, "refresh_requested")
    connection.close()


@contextmanager
def silenced(connection: ServerConnection) -> Iterator[None]:
    """Keep the TCP connection and answer nothing more, not even a ping."""
    with connection.protocol_mutex:
        yield


class Proxy:
    """A forward proxy: CONNECT for WebSockets, whole URLs for plain requests. `seen` holds the request lines."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._server.accept()
                threading.Thread(target=self._forward, args=(client,), daemon=True).start()

    def _forward(self, client: socket.socket) -> None:
        head = client.recv(65536)
        line = head.split(b"\r\n", 1)[0].decode()
        self.seen.append(line)
        verb, target = line.split()[:2]
        host, port = target.split("://")[-1].split("/")[0].split(":")
        with socket.create_connection((host, int(port)), timeout=30) as server, client:
            if verb == "CONNECT":
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            else:
                server.sendall(head.replace(f"http://{host}:{port}".encode(), b"", 1))
            back = threading.Thread(target=_pump, args=(server, client), daemon=True)
            back.start()
            _pump(client, server)
            back.join(5)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
