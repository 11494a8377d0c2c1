"""What a request to Slack comes to when the network fails: never sent, or in doubt, and over in time (P5, P6)."""

import shutil
import socket
import ssl
import struct
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.adapters.slack.answers import Identity, Responded
from bot.adapters.slack.web_api import Slack
from bot.domain.outbox import Action, Doubtful, Refused
from bot.rendering.payload import Payload
from tests.integration.slack_loopback import AUTH, HELLO, SOON, TOKEN, Server, answering, reply

SHORT = 0.4  # seconds a whole request may take here
SLACKNESS = 2.0  # seconds a busy machine may add; far less than the servers below go on for


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)


def connect(url: str, timeout: float = SHORT) -> Slack:
    return Slack(TOKEN, base_url=url, timeout=timeout)


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def hang_up(link: socket.socket) -> None:
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close by reset


# ---- in doubt: it may have been carried out -------------------------------------------------------------------------


def drop_before_reading(_: Server, link: socket.socket) -> None:
    link.recv(1, socket.MSG_PEEK)  # something has left; a reset before that may fall into `connect`: never sent
    hang_up(link)


def drop_after_reading(server: Server, link: socket.socket) -> None:
    server.read(link)


def reset_after_reading(server: Server, link: socket.socket) -> None:
    server.read(link)
    hang_up(link)


def cut_the_answer(server: Server, link: socket.socket) -> None:
    server.read(link)
    reply(link, '{"ok": true, "ts": "1.1"', Content_Length="500")


def answer_nonsense(server: Server, link: socket.socket) -> None:
    server.read(link)
    link.sendall(b"220 mail.invalid ready\r\n")


@pytest.mark.parametrize(
    ("behave", "code"),
    [
        (drop_before_reading, "connection_lost"),
        (drop_after_reading, "connection_lost"),
        (reset_after_reading, "connection_lost"),
        (cut_the_answer, "answer_broken"),
        (answer_nonsense, "answer_broken"),
    ],
)
def test_a_connection_lost_after_it_stood_leaves_a_doubt_and_is_not_tried_again(
    behave: Callable[[Server, socket.socket], None], code: str
) -> None:
    connections = []

    def counted(server: Server, link: socket.socket) -> None:
        connections.append(link)
        behave(server, link)

    with Server(counted) as server:
        assert connect(server.url, timeout=5).post("C1", "s:1", HELLO) == Doubtful(code)
    assert len(connections) == 1


# ---- over in time ---------------------------------------------------------------------------------------------------


def until_hung_up(server: Server, link: socket.socket, send: bytes = b"") -> None:
    """Go on for SOON seconds at most, sending a little now and then, and note when the other side has gone."""
    link.settimeout(0.02)
    deadline = time.monotonic() + SOON
    while time.monotonic() < deadline:
        try:
            link.sendall(send)
            if link.recv(1) == b"":
                break
        except TimeoutError:
            continue
        except OSError:
            break
    else:
        return
    server.hung_up.set()


def stall(server: Server, link: socket.socket) -> None:
    server.read(link)
    until_hung_up(server, link)


def trickle_headers(server: Server, link: socket.socket) -> None:
    server.read(link)
    link.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    until_hung_up(server, link, b"x")


def trickle_body(server: Server, link: socket.socket) -> None:
    server.read(link)
    link.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{"ok": true, "ts": "1.1"}')
    until_hung_up(server, link, b" ")


def trickle_an_error(server: Server, link: socket.socket) -> None:
    server.read(link)
    link.sendall(b"HTTP/1.1 503 Sorry\r\nContent-Length: 1000000\r\n\r\n")
    until_hung_up(server, link, b" ")


@pytest.mark.parametrize("behave", [stall, trickle_headers, trickle_body, trickle_an_error])
def test_a_request_ends_at_its_time_however_the_server_holds_it(
    behave: Callable[[Server, socket.socket], None],
) -> None:
    with Server(behave) as server:
        begun = time.monotonic()
        assert connect(server.url).post("C1", "s:1", HELLO) == Doubtful("timeout")
        assert SHORT <= time.monotonic() - begun < SHORT + SLACKNESS
        assert server.hung_up.wait(SOON)  # the request itself has ended, not only our waiting for it (P6)


def test_a_server_that_does_not_read_is_given_up_in_time() -> None:
    def behave(server: Server, _: socket.socket) -> None:
        server.hung_up.wait(SOON)

    with Server(behave) as server:
        server.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        begun = time.monotonic()
        outcome = connect(server.url).post("C1", "s:1", Payload("x" * 20_000_000, ()))
        assert time.monotonic() - begun < SHORT + SLACKNESS
        server.hung_up.set()
    assert outcome == Doubtful("timeout")


def test_a_response_url_that_stalls_is_given_up_in_time() -> None:
    with Server(stall) as server:
        assert connect(server.url).respond(server.url, HELLO) == Responded(ok=False, reason="timeout")
        assert server.hung_up.wait(SOON)


# ---- never sent: the post dissolves at once -------------------------------------------------------------------------


def unsent(word: str) -> Refused:
    return Refused(Action.WAIT, f"not_sent:{word}")


def test_a_refused_connection_was_never_sent() -> None:
    slack = connect(f"http://127.0.0.1:{closed_port()}/api/")
    assert slack.post("C1", "s:1", HELLO) == unsent("connection_refused")
    assert slack.open("U1") == unsent("connection_refused")
    assert slack.page("C1", "s:1", 0, 400.0) == unsent("connection_refused")
    assert slack.respond("http://127.0.0.1:1/", HELLO) == Responded(ok=False, reason="not_sent:connection_refused")


def test_a_dead_proxy_is_never_sent_and_no_proxy_goes_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    dead = f"http://127.0.0.1:{closed_port()}"
    monkeypatch.setenv("HTTP_PROXY", dead)
    monkeypatch.setenv("HTTPS_PROXY", dead)
    with answering(AUTH) as server:
        assert connect(server.url).post("C1", "s:1", HELLO) == unsent("connection_refused")
        assert connect(f"https://127.0.0.1:{server.port}/").post("C1", "s:1", HELLO) == unsent("connection_refused")
        assert server.asked == []
        monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
        assert isinstance(connect(server.url, timeout=5).identify(), Identity)


def refuse_connect(server: Server, link: socket.socket) -> None:
    server.read(link)
    reply(link, "no", 403)


def trickle_connect(server: Server, link: socket.socket) -> None:
    server.read(link)
    link.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    until_hung_up(server, link, b"x")


def no_handshake(server: Server, link: socket.socket) -> None:
    server.read(link)
    link.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    until_hung_up(server, link)


@pytest.mark.parametrize(
    ("behave", "word"),
    [(refuse_connect, "not_connected"), (trickle_connect, "timeout"), (no_handshake, "timeout")],
)
def test_a_proxy_that_makes_no_tunnel_leaves_the_post_unsent(
    behave: Callable[[Server, socket.socket], None], word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server(behave) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        begun = time.monotonic()
        assert connect("https://slack.invalid/api/").post("C1", "s:1", HELLO) == unsent(word)
        assert time.monotonic() - begun < SHORT + SLACKNESS
    [asked] = proxy.asked
    assert asked.line.startswith("CONNECT slack.invalid:443 ")
    assert TOKEN not in str(asked)


def test_a_server_that_speaks_no_tls_was_never_sent_anything() -> None:
    def behave(_: Server, link: socket.socket) -> None:
        link.recv(1000)
        link.sendall(b"HTTP/1.1 400 Bad\r\n\r\n")

    with Server(behave) as server:
        assert connect(f"https://127.0.0.1:{server.port}/", 5).post("C1", "s:1", HELLO) == unsent("tls_failed")


def test_a_handshake_that_never_ends_is_given_up_in_time_and_was_never_sent() -> None:
    with Server(until_hung_up) as server:
        begun = time.monotonic()
        assert connect(f"https://127.0.0.1:{server.port}/").post("C1", "s:1", HELLO) == unsent("timeout")
        assert time.monotonic() - begun < SHORT + SLACKNESS
        assert server.hung_up.wait(SOON)


def test_the_next_address_of_a_name_is_tried_when_the_first_refuses() -> None:
    with answering(AUTH) as server:  # on 127.0.0.1 alone, while "localhost" is often ::1 first
        assert isinstance(connect(f"http://localhost:{server.port}/", 5).identify(), Identity)


# ---- TLS that works -------------------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl command to make a certificate")
    made = tmp_path / "private-ca.pem"
    wish = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=demo"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1,DNS:slack.invalid"]
    where = ["-keyout", str(tmp_path / "key.pem"), "-out", str(made)]
    subprocess.run([openssl, *wish, *names, *where], check=True, capture_output=True)  # noqa: S603 - fixed words
    return made


def tls(certificate: Path, behave: Callable[[Server, socket.socket], None]) -> Callable[[Server, socket.socket], None]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))

    def wrapped(server: Server, link: socket.socket) -> None:
        with context.wrap_socket(link, server_side=True) as safe:
            behave(server, safe)

    return wrapped


def greet(server: Server, link: socket.socket) -> None:
    server.read(link)
    reply(link, AUTH)


def test_a_private_authority_is_trusted_through_ssl_cert_file(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server(tls(certificate, greet)) as server:
        url = f"https://127.0.0.1:{server.port}/api/"
        assert connect(url, 5).post("C1", "s:1", HELLO) == unsent("certificate_refused")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert isinstance(connect(url, 5).identify(), Identity)


def test_a_request_over_tls_ends_at_its_time_too(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with Server(tls(certificate, trickle_body)) as server:
        begun = time.monotonic()
        outcome = connect(f"https://127.0.0.1:{server.port}/api/").post("C1", "s:1", HELLO)
        assert time.monotonic() - begun < SHORT + SLACKNESS
        assert outcome == Doubtful("timeout")
        assert server.hung_up.wait(SOON)


def tunnel_to(server: Server) -> Callable[[Server, socket.socket], None]:
    def tunnel(proxy: Server, link: socket.socket) -> None:
        proxy.read(link)
        link.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with socket.create_connection(("127.0.0.1", server.port)) as onward:
            back = threading.Thread(target=pump, args=(onward, link), daemon=True)
            back.start()
            pump(link, onward)
            back.join(SOON)

    return tunnel


def test_a_live_proxy_carries_the_request_and_sees_no_token(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with Server(tls(certificate, greet)) as server, Server(tunnel_to(server)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        assert isinstance(connect("https://slack.invalid/api/", 5).identify(), Identity)
    assert TOKEN not in str(proxy.asked)
    assert server.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_a_proxy_may_be_reached_over_tls_and_ask_for_a_password(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with Server(tls(certificate, greet)) as server, Server(tls(certificate, tunnel_to(server))) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"https://me:secret@127.0.0.1:{proxy.port}")
        assert isinstance(connect("https://slack.invalid/api/", 5).identify(), Identity)
    assert proxy.asked[0].headers["proxy-authorization"] == "Basic bWU6c2VjcmV0"
    assert TOKEN not in str(proxy.asked)


def pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while chunk := source.recv(65_536):
            sink.sendall(chunk)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        return
