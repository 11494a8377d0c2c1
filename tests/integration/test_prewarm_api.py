"""One page of the list over HTTP from the embedded cloud: refusals, broken connections, answers that are no list."""

import time
from collections.abc import Iterator

import pytest

from bot.demo.cloud.faults import Fault
from bot.demo.cloud.server import DEMO_API_KEY, CloudServer
from bot.domain.errors import KeyRefused, Limited, ListError, Unreachable, Unreadable
from tests.integration.prewarm_asking import Asking, cloud, without_proxies


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudServer]:
    without_proxies(monkeypatch)
    with cloud() as server:
        yield server


@pytest.fixture
def asking(server: CloudServer) -> Iterator[Asking]:
    with Asking(server.url) as asking:
        yield asking


# ---- what is asked for


def test_a_page_is_asked_for_as_the_vendors_document_says(server: CloudServer) -> None:
    with Asking(server.url + "/") as asking:
        page = asking.api.page(2, 10)
    assert (page.count, page.total, page.rows[0].id) == (10, 25, "t14")
    (request,) = server.cloud.requests
    assert (request.method, request.path) == ("GET", "/gpu-instance/openapi/v1/image/prewarm")
    assert dict(request.query) == {"page": "2", "pageSize": "10"}
    assert request.headers["authorization"] == f"Bearer {DEMO_API_KEY}"
    assert request.headers["content-type"] == "application/json"


# ---- what is refused

REFUSALS = [
    pytest.param(
        Fault.UNAUTHORIZED,
        KeyRefused,
        "The prewarm API refused the key (HTTP 401: UNAUTHORIZED). Check PPIO_API_KEY, and that it belongs to {url}.",
        id="401 is a matter of the key",
    ),
    pytest.param(
        Fault.FORBIDDEN,
        KeyRefused,
        "The prewarm API refused the key (HTTP 403: FORBIDDEN access denied). "
        "Check PPIO_API_KEY, and that it belongs to {url}.",
        id="403 is a matter of the key",
    ),
    pytest.param(
        Fault.INVALID_API_KEY,
        KeyRefused,
        "The prewarm API refused the key (HTTP 403: INVALID_API_KEY). "
        "Check PPIO_API_KEY, and that it belongs to {url}.",
        id="403 INVALID_API_KEY, too",
    ),
    pytest.param(
        Fault.ACCOUNT_TROUBLE,
        Unreadable,
        "The prewarm API answered something that is no list (HTTP 400: BALANCE_NOT_ENOUGH).",
        id="400 is shown with the vendor's own words",
    ),
    pytest.param(
        Fault.RATE_LIMITED,
        Limited,
        "The prewarm API limits our rate (HTTP 429: RATE_LIMIT_EXCEEDED too many requests).",
        id="429 is a matter of patience",
    ),
    pytest.param(
        Fault.SERVER_ERROR,
        Unreachable,
        "The prewarm API at {url} cannot be reached (HTTP 500: UNKNOWN internal server error).",
        id="500 is no answer",
    ),
]


@pytest.mark.parametrize(("fault", "kind", "text"), REFUSALS)
def test_a_refusal_says_what_to_do(
    server: CloudServer, asking: Asking, fault: Fault, kind: type[ListError], text: str
) -> None:
    server.faults.on(fault)
    error = asking.fails()
    assert (type(error), str(error)) == (kind, text.format(url=server.url))
    assert (error.retry_after, len(asking.statuses)) == (None, 1)


@pytest.mark.parametrize("fault", [Fault.UNAUTHORIZED, Fault.ACCOUNT_TROUBLE, Fault.RATE_LIMITED])
def test_what_is_refused_is_asked_once(server: CloudServer, asking: Asking, fault: Fault) -> None:
    server.faults.next(fault)
    with pytest.raises(ListError):
        asking.page()
    assert len(server.cloud.requests) == 1


def test_a_wrong_key_is_refused(server: CloudServer) -> None:
    with Asking(server.url, "dummy-other-key") as asking:
        error = asking.fails()
    assert isinstance(error, KeyRefused)
    assert "dummy-other-key" not in str(error)


def test_a_429_says_how_long_to_wait(server: CloudServer, asking: Asking) -> None:
    server.faults.on(Fault.RATE_LIMITED_WITH_DELAY, 7)
    assert asking.fails().retry_after == 7


# ---- what is tried again


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.DROPPED, Fault.DROPPED_IN_BODY, Fault.STALL])
def test_a_fault_that_passes_is_tried_again_within_the_poll(server: CloudServer, asking: Asking, fault: Fault) -> None:
    server.faults.next(fault)
    assert asking.page().total == 25
    assert (len(asking.statuses), asking.statuses[-1]) == (2, "200")


def test_a_fault_that_stays_is_tried_three_times(server: CloudServer, asking: Asking) -> None:
    server.faults.on(Fault.SERVER_ERROR, 503)
    with pytest.raises(Unreachable):
        asking.page()
    assert asking.statuses == ["503"] * 3


def test_a_stop_ends_the_wait_before_the_next_try(server: CloudServer, asking: Asking) -> None:
    server.faults.on(Fault.SERVER_ERROR)
    asking.fails()
    assert asking.statuses == ["500"]


# ---- connections that break

BROKEN = [
    pytest.param(Fault.DROPPED, "RemoteProtocolError: Server disconnected without sending a response.", id="no answer"),
    pytest.param(Fault.STALL, "ReadTimeout: timed out", id="an answer that never begins"),
    pytest.param(Fault.API_DOWN, "ConnectError: [Errno 111] Connection refused", id="nobody listens"),
]


@pytest.mark.parametrize(("fault", "detail"), BROKEN)
def test_a_connection_that_breaks_is_unreachable(
    server: CloudServer, asking: Asking, fault: Fault, detail: str
) -> None:
    server.faults.on(fault)
    error = asking.fails()
    assert str(error) == f"The prewarm API at {server.url} cannot be reached ({detail})."
    assert (type(error), asking.statuses) == (Unreachable, ["error"])


def test_a_connection_that_breaks_within_the_answer_is_unreachable(server: CloudServer, asking: Asking) -> None:
    server.faults.on(Fault.DROPPED_IN_BODY)
    error = asking.fails()
    assert isinstance(error, Unreachable)
    assert "RemoteProtocolError: peer closed connection without sending complete message body" in str(error)


def test_an_answer_that_trickles_is_given_up_as_a_whole(server: CloudServer) -> None:
    server.faults.on(Fault.TRICKLE, 0.02)
    began = time.monotonic()
    with Asking(server.url, page_within=1) as asking:
        assert str(asking.fails()) == (
            f"The prewarm API at {server.url} cannot be reached (one page took more than 1 s)."
        )
    assert time.monotonic() - began < 5
    assert asking.statuses == ["error"]


def test_an_answer_that_is_late_is_read(server: CloudServer, asking: Asking) -> None:
    server.faults.on(Fault.SLOW, 0.1)
    assert asking.page().total == 25


# ---- answers that are no list

NO_LIST = [
    pytest.param(
        Fault.HTML,
        "not JSON from {url}, it begins with "
        "'<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in to con'",
        id="a web page",
    ),
    pytest.param(Fault.NULL_DATA, 'no `data` in the answer of {url}: {{"data": null, "total": 25}}', id="null data"),
    pytest.param(Fault.NO_DATA, 'no `data` in the answer of {url}: {{"total": 25}}', id="no data"),
    pytest.param(
        Fault.ERROR_OBJECT,
        'no `data` in the answer of {url}: {{"code": 500, "reason": "UNKNOWN", "message": "internal server error"}}',
        id="an error object with status 200",
    ),
    pytest.param(Fault.ENDLESS, "a page of more than 64 MiB; lower PREWARM_PAGE_SIZE", id="an answer without end"),
]


@pytest.mark.parametrize(("fault", "detail"), NO_LIST)
def test_d7_what_is_no_list_is_unreadable_and_not_asked_again(
    server: CloudServer, asking: Asking, fault: Fault, detail: str
) -> None:
    server.faults.on(fault)
    with pytest.raises(Unreadable) as caught:
        asking.page()
    detail = detail.format(url=server.url)
    assert str(caught.value) == f"The prewarm API answered something that is no list ({detail})."
    assert len(asking.statuses) == 1


def test_d7_a_truncated_page_is_unreadable(server: CloudServer, asking: Asking) -> None:
    server.faults.on(Fault.TRUNCATED)
    error = asking.fails()
    assert isinstance(error, Unreadable)
    assert f'(not JSON from {server.url}, it begins with \'{{"data": [{{"id": "t24", ' in str(error)
