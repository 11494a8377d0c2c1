"""A loopback server for the Slack adapter's tests: a function per test answers each connection well, badly or not."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Self
from urllib.parse import parse_qs

from bot.rendering.payload import Payload

TOKEN = "xoxb-dummy-not-a-token"
DATE = "Tue, 24 Nov 2026 08:00:00 GMT"
STAMP = parsedate_to_datetime(DATE).timestamp()
HELLO = Payload("Prewarm failed: demo", ({"type": "section", "block_id": "s:1"},))
SOON = 10.0  # seconds after which a test gives up waiting
AUTH = {"ok": True, "bot_id": "B1", "user_id": "U1", "team": "demo", "team_id": "T1", "url": "https://demo.invalid/"}


@dataclass(frozen=True)
class Asked:
    """A request as the server read it. `said` is its JSON or form body."""

    line: str
    headers: dict[str, str]
    said: dict[str, object]

    @property
    def method(self) -> str:
        return self.line.split()[1].rsplit("/", 1)[-1]


@dataclass
class Server:
    """Give each connection to `behave`, in a thread of its own."""

    behave: Callable[["Server", socket.socket], None]
    asked: list[Asked] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)  # for `behave` to set
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    @property
    def methods(self) -> list[str]:
        return [asked.method for asked in self.asked]

    def read(self, link: socket.socket) -> Asked:
        """Read one request whole."""
        with link.makefile("rb") as stream:
            line = stream.readline().decode().strip()
            lines = iter(lambda: stream.readline().decode().strip(), "")
            headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in lines)}
            body = stream.read(int(headers.get("content-length", "0"))).decode()
        asked = Asked(line, headers, _parsed(headers.get("content-type", ""), body))
        self.asked.append(asked)
        return asked

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                link, _ = self.listener.accept()
                threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link: socket.socket) -> None:
        with link, contextlib.suppress(OSError):
            link.settimeout(SOON)
            self.behave(self, link)


def _parsed(kind: str, body: str) -> dict[str, object]:
    if "json" in kind:
        parsed: dict[str, object] = json.loads(body or "{}")
        return parsed
    return {name: values[0] for name, values in parse_qs(body).items()}


def reply(link: socket.socket, body: object, status: int = 200, **headers: str) -> None:
    """Answer with JSON, or with a text as it is. Underscores in header names become hyphens."""
    raw = (body if isinstance(body, str) else json.dumps(body)).encode()
    fields = {"Date": DATE, "Content-Length": str(len(raw))} | {k.replace("_", "-"): v for k, v in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    link.sendall(f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + raw)


def answering(body: object, status: int = 200, **headers: str) -> Server:
    """Return a server with one answer to everything."""

    def behave(server: Server, link: socket.socket) -> None:
        server.read(link)
        reply(link, body, status, **headers)

    return Server(behave)


def workspace(answers: Callable[[Asked], object]) -> Server:
    """Return a server that knows auth.test and answers all else with `answers` (a body, or body and status)."""

    def behave(server: Server, link: socket.socket) -> None:
        asked = server.read(link)
        answer = AUTH if asked.method == "auth.test" else answers(asked)
        body, status = answer if isinstance(answer, tuple) else (answer, 200)
        reply(link, body, status)

    return Server(behave)
