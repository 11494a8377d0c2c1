"""The health server over HTTP: three pages, a clear word for anything else, and a place that is taken."""

import json
import socket
from collections.abc import Iterator

import httpx
import pytest

from bot.operations.health import Part, Report, State
from bot.operations.health_server import CannotListen, HealthServer

DOWN = Report((Part("socket", State.DOWN, "It is being opened."),))


@pytest.fixture
def url() -> Iterator[str]:
    server = HealthServer("127.0.0.1", 0, healthz=lambda: Report(()), readyz=lambda: DOWN, metrics=lambda: b"a 1.0\n")
    server.start()
    yield f"http://127.0.0.1:{server.port}"
    server.stop()
    server.stop()


def test_each_page_answers_with_its_report(url: str) -> None:
    with httpx.Client(base_url=url, trust_env=False) as client:
        assert (client.get("/healthz").status_code, client.get("/healthz").json()["status"]) == (200, "ok")
        ready = client.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["parts"] == {"socket": {"state": "down", "why": "It is being opened."}}
        assert client.get("/metrics").text == "a 1.0\n"
        assert client.head("/metrics").status_code == 200


def test_anything_else_is_told_what_there_is(url: str) -> None:
    with httpx.Client(base_url=url, trust_env=False) as client:
        missing = client.get("/")
        assert missing.status_code == 404
        for name in ("/healthz", "/readyz", "/metrics"):
            assert name in json.dumps(missing.json())
        assert client.post("/healthz").status_code in (405, 501)


def test_a_silent_client_keeps_nobody_from_an_answer(url: str) -> None:
    port = int(url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port)), httpx.Client(base_url=url, trust_env=False) as client:
        assert client.get("/healthz").status_code == 200


def test_a_taken_port_is_named_with_its_remedy() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = HealthServer("127.0.0.1", port, healthz=lambda: DOWN, readyz=lambda: DOWN, metrics=lambda: b"")
        with pytest.raises(CannotListen, match=f"{port}.*PREWARM_HTTP_PORT"):
            server.start()
        server.stop()
