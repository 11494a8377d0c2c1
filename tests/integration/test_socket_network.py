"""A Bolt app on the Socket Mode client, through proxies, past them, and over TLS with a private certificate."""

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.adapters.slack.socket_mode import SocketClient
from bot.listeners import SocketListener
from tests.integration.socket_listener import web
from tests.integration.socket_server import Proxy, SlackSide

pytestmark = pytest.mark.usefixtures("no_proxy")

DEAD = "http://127.0.0.1:9"  # the discard port: nobody listens


@contextmanager
def bolt_app(slack: SlackSide) -> Iterator[SocketClient]:
    """An app that answers `/prewarm`, over a client that is not yet connected."""
    with ThreadPoolExecutor(20) as executor:
        app = App(
            client=WebClient("xoxb-dummy", retry_handlers=[]),
            authorize=lambda: AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-dummy"),
            listener_executor=executor,
        )
        app.command("/prewarm")(_answer)
        client = SocketClient(web(slack.api_url), "xapp-dummy")
        SocketListener(app, client)
        client.connect()
        yield client
        client.close()


def _answer(ack: Ack, command: dict[str, Any]) -> None:
    ack(f"heard {command['text']}")


def ask(slack: SlackSide, text: str) -> dict[str, Any]:
    """Type `/prewarm text` in Slack; what the app answers."""
    payload = {"command": "/prewarm", "text": text, "team_id": "T1", "user_id": "U1", "channel_id": "C1"}
    slack.send({"type": "slash_commands", "envelope_id": "E1", "payload": payload, "accepts_response_payload": True})
    return slack.acks.get(timeout=5)[1]


def test_a_bolt_app_answers_a_command(slack: SlackSide) -> None:
    with bolt_app(slack):
        assert ask(slack, "list") == {"envelope_id": "E1", "payload": {"text": "heard list"}}


def test_no_proxy_leads_past_a_dead_proxy(slack: SlackSide, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", DEAD)
    monkeypatch.setenv("HTTP_PROXY", DEAD)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with bolt_app(slack):
        assert ask(slack, "list")["payload"] == {"text": "heard list"}


def test_a_dead_proxy_is_a_failure_and_no_crash(slack: SlackSide, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", DEAD)
    with bolt_app(slack) as client:
        state = client.first_outcome(timeout=5)
    assert (state.connected, state.refused) == (False, False)
    assert "proxy settings" in state.last_error
    assert slack.calls.empty()


def test_a_proxy_is_used_for_both_kinds_of_request(slack: SlackSide, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Proxy()
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)  # for the WebSocket
    with bolt_app(slack):
        assert ask(slack, "list")["payload"] == {"text": "heard list"}
    proxy.stop()
    assert proxy.seen[0].startswith(f"POST {slack.api_url}apps.connections.open")
    assert proxy.seen[1].startswith("CONNECT 127.0.0.1:")


def test_a_proxy_password_stays_out_of_the_error(slack: SlackSide, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", slack.api_url.split("/")[2])  # plain requests pass, the WebSocket meets the proxy
    monkeypatch.setenv("WS_PROXY", "gopher://someone:dummy-password@127.0.0.1:9")
    with bolt_app(slack) as client:
        state = client.first_outcome(timeout=5)
    assert "InvalidProxy" in state.last_error
    assert "dummy-password" not in state.last_error


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    if not (openssl := shutil.which("openssl")):
        pytest.skip("needs the openssl command to make a certificate")
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(  # noqa: S603 - fixed arguments
        [
            *(
                openssl,
                "req",
                "-x509",
                "-days",
                "1",
                "-subj",
                "/CN=127.0.0.1",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
            ),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert),
        ],
        check=True,
        capture_output=True,
    )
    return key, cert


@pytest.mark.parametrize("trusted", [True, False])
def test_a_private_certificate_is_trusted_by_ssl_cert_file_alone(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, trusted: bool
) -> None:
    key, cert = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    slack = SlackSide(context)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    with bolt_app(slack) as client:
        state = client.first_outcome(timeout=5)
    slack.stop()
    assert state.connected is trusted
    assert trusted or "certificate_refused" in state.last_error
