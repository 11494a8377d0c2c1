"""One deadline over a whole exchange, whoever holds it up; and what never left is told from a doubt (P5, P6)."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from bot.adapters.http import NeverSent, Transport, fault
from bot.adapters.prewarm.api import PrewarmApi
from bot.domain.errors import Unreachable
from tests.integration.prewarm_asking import without_proxies
from tests.integration.slack_loopback import SOON, Server, answering

SHORT = 0.4  # seconds a whole exchange may take here
SLACKNESS = 2.0  # seconds a busy machine may add; far less than the servers below go on for
LIST = {"data": [], "total": 0}


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    without_proxies(monkeypatch)


def exchange(transport: Transport, url: str) -> httpx.Response:
    response = transport.handle_request(httpx.Request("POST", url, content=b"{}"))
    response.read()
    response.close()
    return response


def trickling(head: bytes, body: bytes = b"x") -> Callable[[Server, socket.socket], None]:
    """Answer with `head`, then go on and on, a little at a time, until the other side hangs up."""

    def behave(server: Server, link: socket.socket) -> None:
        server.read(link)
        link.sendall(head)
        deadline = time.monotonic() + SOON
        link.settimeout(0.02)
        while time.monotonic() < deadline:
            try:
                link.sendall(body)
                if link.recv(1) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        else:
            return
        server.hung_up.set()

    return behave


TRICKLES = [
    pytest.param(b"", b"", id="nothing comes"),
    pytest.param(b"HTTP/1.1 ", b"2", id="the status line trickles"),
    pytest.param(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x", id="a header trickles"),
    pytest.param(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", id="headers without end"),
    pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n", id="a wait without end"),
    pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", id="chunks without end"),
    pytest.param(b"HTTP/1.1 503 X\r\nContent-Length: 999999\r\n\r\n", b" ", id="an error's body trickles"),
]


@pytest.mark.parametrize(("head", "body"), TRICKLES)
def test_p6_an_exchange_ends_at_its_deadline_however_the_server_holds_it(head: bytes, body: bytes) -> None:
    with Server(trickling(head, body)) as server:
        begun = time.monotonic()
        with pytest.raises(httpx.TimeoutException) as caught:
            exchange(Transport(SHORT), server.url)
        assert SHORT <= time.monotonic() - begun < SHORT + SLACKNESS
        assert server.hung_up.wait(SOON)  # the exchange itself has ended, not only our waiting for it
    assert fault(caught.value) == "timeout"


@pytest.mark.parametrize(("head", "body"), TRICKLES)
def test_a_page_of_the_list_ends_at_its_deadline_too(head: bytes, body: bytes) -> None:
    stop = threading.Event()
    stop.set()  # no second try
    with Server(trickling(head, body)) as server:
        api = PrewarmApi(server.url, "dummy", stop=stop, page_within=SHORT)
        begun = time.monotonic()
        with pytest.raises(Unreachable, match="one page took more than 0 s"):
            api.page(1, 100)
        assert time.monotonic() - begun < SHORT + SLACKNESS
        assert server.hung_up.wait(SOON)


def test_a_proxy_that_trickles_holds_a_page_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(trickling(b"HTTP/1.1 200 OK\r\nX-Long: ")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{proxy.port}")
        begun = time.monotonic()
        with pytest.raises(NeverSent, match="not_sent:timeout"):
            exchange(Transport(SHORT), "https://prewarm.invalid/")
        assert time.monotonic() - begun < SHORT + SLACKNESS
    assert proxy.asked[0].line.startswith("CONNECT prewarm.invalid:443 ")


# ---- the name lookup


class Resolver:
    """Answers when it is told to, with 127.0.0.1."""

    def __init__(self) -> None:
        self.go, self.asked = threading.Event(), 0

    def __call__(self, host: str, *_: Any, **__: Any) -> list[Any]:
        self.asked += 1
        self.go.wait(SOON)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))] if host != "nowhere.invalid" else []


@pytest.fixture
def resolver() -> Iterator[Resolver]:
    resolver = Resolver()
    yield resolver
    resolver.go.set()


def test_p5_a_name_lookup_that_hangs_is_given_up_in_time_and_nothing_was_sent(resolver: Resolver) -> None:
    transport, begun = Transport(SHORT, resolve=resolver), time.monotonic()
    for _ in range(2):
        with pytest.raises(NeverSent, match="not_sent:timeout"):
            exchange(transport, "http://slow.invalid/")
    assert 2 * SHORT <= time.monotonic() - begun < 2 * SHORT + SLACKNESS
    assert resolver.asked == 1, "a lookup that hangs is waited for, not begun again"


def test_a_lookup_that_comes_late_but_in_time_is_used(resolver: Resolver) -> None:
    with answering({"ok": True}) as server:
        threading.Timer(0.1, resolver.go.set).start()
        answer = exchange(Transport(SOON, resolve=resolver), f"http://slow.invalid:{server.port}/")
    assert answer.json() == {"ok": True}
    assert server.asked[0].headers["host"].startswith("slow.invalid:")


def test_a_name_that_is_not_found_was_never_sent() -> None:
    def resolve(*_: object, **__: object) -> list[Any]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(NeverSent, match="not_sent:name_not_found") as caught:
        exchange(Transport(SOON, resolve=resolve), "http://nobody.invalid/")
    assert str(caught.value.__cause__) == "[Errno -2] Name or service not known"


def test_a_name_without_an_address_was_never_sent(resolver: Resolver) -> None:
    resolver.go.set()
    with pytest.raises(NeverSent):
        exchange(Transport(SOON, resolve=resolver), "http://nowhere.invalid/")


# ---- connections


@pytest.mark.parametrize(("keep_alive", "connections"), [(False, 3), (True, 1)])
def test_connections_are_kept_for_polls_and_never_for_posts(keep_alive: bool, connections: int) -> None:
    made = []

    def behave(server: Server, link: socket.socket) -> None:
        made.append(link)
        with link.makefile("rb") as stream:
            while line := stream.readline():
                if not line.strip():
                    stream.read(2)
                    link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        server.hung_up.set()

    with Server(behave) as server:
        transport = Transport(SOON, keep_alive=keep_alive)
        assert [exchange(transport, server.url).status_code for _ in range(3)] == [200] * 3
        assert len(made) == connections
        transport.close()
        assert server.hung_up.wait(SOON)


def test_a_redirect_is_an_answer_and_not_followed() -> None:
    with answering({}) as elsewhere, answering({}, 307, Location=elsewhere.url) as server:
        assert exchange(Transport(SOON), server.url).status_code == 307
        assert elsewhere.asked == []


def test_exchanges_of_many_threads_do_not_meet() -> None:
    def behave(server: Server, link: socket.socket) -> None:
        target = server.read(link).line.split()[1].encode()
        link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(target), target))

    came: dict[int, str] = {}
    with Server(behave) as server:
        transport = Transport(SOON)

        def ask(number: int) -> None:
            came[number] = exchange(transport, f"{server.url}{number}").text

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SOON)
    assert came == {number: f"/api/{number}" for number in range(20)}
