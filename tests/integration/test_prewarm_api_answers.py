"""Answers of the prewarm API that the embedded cloud does not give: odd headers, redirects, error bodies."""

import json
from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest

from bot.adapters.prewarm.api import DETAIL_AT_MOST, PrewarmApi, said
from bot.domain.errors import KeyRefused, ListError, Unreachable, Unreadable
from tests.integration.slack_loopback import Server


def answering(body: bytes, status: int = 200, key: str = "dummy-key", **headers: str) -> PrewarmApi:
    """Return an API whose every answer is this one."""
    api = PrewarmApi("https://api.example.com", key)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    reply = httpx.MockTransport(lambda _: httpx.Response(status, content=body, headers=names))
    api._client = httpx.Client(base_url="https://api.example.com", transport=reply)
    return api


WAITS = [
    pytest.param("7", 7.0, id="seconds"),
    pytest.param("0.5", 0.5, id="half a second"),
    pytest.param("-3", 0.0, id="a wait in the past is none"),
    pytest.param("86400", 3600.0, id="an hour at most"),
    pytest.param("Tue, 24 Nov 2026 09:00:00 GMT", None, id="a date is not read"),
    pytest.param("soon", None, id="nor a word"),
    pytest.param("nan", None, id="nor what is no number, or polling would never go on"),
    pytest.param("inf", None, id="nor for ever"),
]


@pytest.mark.parametrize(("header", "seconds"), WAITS)
@pytest.mark.parametrize("status", [429, 503])
def test_how_retry_after_is_read(status: int, header: str, seconds: float | None) -> None:
    api = answering(b"", status, Retry_After=header)
    api._stop.set()
    with pytest.raises(ListError) as caught:
        api.page(1, 100)
    assert caught.value.retry_after == seconds


def test_a_503_that_says_when_to_come_back_is_not_asked_again_before() -> None:
    api = answering(b"", 503, Retry_After="30")
    asked: list[str] = []
    api._count = asked.append
    with pytest.raises(Unreachable):
        api.page(1, 100)
    assert asked == ["503"]


def test_a_redirect_is_not_followed() -> None:
    with pytest.raises(Unreadable, match=r"\(HTTP 302\)"):
        answering(b"", 302, Location="https://elsewhere.example.com/").page(1, 100)


def test_an_answer_that_is_badly_compressed_is_unreachable() -> None:
    api = answering(b"")
    bad = httpx.MockTransport(lambda _: httpx.Response(200, stream=Bad(), headers={"Content-Encoding": "gzip"}))
    api._client = httpx.Client(base_url="https://api.example.com", transport=bad)
    api._stop.set()
    with pytest.raises(Unreachable, match="DecodingError"):
        api.page(1, 100)


class Bad(httpx.SyncByteStream):
    """A body that is not what its encoding says."""

    def __iter__(self) -> Iterator[bytes]:
        yield b"not gzip at all"


SAYINGS = [
    pytest.param(b"", "", id="nothing"),
    pytest.param(b'{"code": 403, "reason": "X", "message": "no"}', ": 403 X no", id="code, reason and message"),
    pytest.param(b'{"message": "no", "code": 0}', ": no", id="only what says something"),
    pytest.param(
        b'{"message": {"text": "no"}}', ': {"message": {"text": "no"}}', id="an object of another kind, whole"
    ),
    pytest.param(b"<h1>Bad\n Gateway</h1>", ": <h1>Bad Gateway</h1>", id="a web page by its beginning"),
    pytest.param(b"a\x00\x1b[31mb", ": a [31mb", id="nothing that a terminal would obey"),
    pytest.param(b'"\xff"', ': "\ufffd"', id="bytes that are no text"),
    pytest.param(b"[" * 5000, ": " + "[" * 200, id="a well of brackets, 200 characters at most"),
]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(b'{"code": 401, "reason": "UNAUTHORIZED", "message": "unauthorized"}', "UNAUTHORIZED", id="once"),
        pytest.param(
            b'{"code": "401", "reason": "INVALID_API_KEY", "message": "invalid api-key"}',
            "INVALID_API_KEY",
            id="whatever joins the words",
        ),
        pytest.param(b'{"code": 16, "reason": "UNAUTHORIZED"}', "16 UNAUTHORIZED", id="another code says something"),
    ],
)
def test_a_refusal_is_not_said_three_times_over(body: bytes, words: str) -> None:
    with pytest.raises(KeyRefused) as caught:
        answering(body, 401).page(1, 100)
    assert f"(HTTP 401: {words})" in caught.value.problem


@pytest.mark.parametrize(("body", "words"), SAYINGS)
def test_what_an_error_body_says(body: bytes, words: str) -> None:
    assert said(body) == words


KEY = "sk_dummy/key+with=signs-0123456789"
ECHOES = {
    "as it is": KEY,
    "in a URL": quote(KEY, safe=""),
    "in JSON": json.dumps({"message": f"unknown key {KEY}".replace("/", "\\/")}).replace("\\\\/", "\\/"),
    "each letter by its number": '{"message": "' + "".join(f"\\u{ord(char):04x}" for char in KEY) + '"}',
    "as Basic": b64encode(f"user:{KEY}".encode()).decode(),
    "as Bearer": f'{{"message": "Authorization: Bearer {KEY}"}}',
    "cut by the server": f"unknown key {KEY[:12]}...",
    "where the text is cut": "x" * (DETAIL_AT_MOST - 5) + KEY,
}


@pytest.mark.parametrize("status", [200, 400, 401, 429, 500])
@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES)
def test_a_key_that_is_echoed_is_hidden_before_it_becomes_a_text(echo: str, status: int) -> None:
    api = answering(echo.encode(), status, key=KEY)
    api._stop.set()
    with pytest.raises(ListError) as caught:
        api.page(1, 100)
    assert KEY[:4] not in str(caught.value)
    assert b64encode(f"user:{KEY}".encode()).decode()[8:20] not in str(caught.value)
    if not echo.startswith("x"):
        assert "[hidden]" in str(caught.value)


def test_a_key_that_no_header_can_carry_is_not_shown_by_the_error() -> None:
    key = "sk_dummy_0123456789\x7f"
    with Server(lambda *_: None) as server:
        api = PrewarmApi(server.url, key)
        api._stop.set()
        with pytest.raises(Unreachable) as caught:
            api.page(1, 100)
    assert "sk_dummy" not in str(caught.value)
