"""Whole sweeps over HTTP from the embedded cloud, the API's clock, and proxies."""

import time
from collections.abc import Iterator

import pytest

from bot.demo.cloud.faults import Fault
from bot.demo.cloud.server import CloudServer
from bot.domain.errors import Unreachable
from tests.integration.prewarm_asking import DATE, Asking, cloud, without_proxies


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudServer]:
    without_proxies(monkeypatch)
    with cloud() as server:
        yield server


@pytest.fixture
def asking(server: CloudServer) -> Iterator[Asking]:
    with Asking(server.url) as asking:
        yield asking


# ---- sweeps

SWEEPS = [
    pytest.param(None, 25, True, id="all is well"),
    pytest.param(Fault.UNORDERED, 25, True, id="rows in no order"),
    pytest.param(Fault.CLAMPED_PAGES, 25, True, id="pages shorter than asked for"),
    pytest.param(Fault.SAME_ID_TWICE, 25, True, id="an ID on every page"),
    pytest.param(Fault.ROW_INSERTED, 25, False, id="a row that appears between the pages"),
    pytest.param(Fault.ROW_REMOVED, 24, False, id="a row that goes between the pages"),
    pytest.param(Fault.WRONG_TOTAL, 25, False, id="a total too large"),
    pytest.param(Fault.NO_TOTAL, 25, False, id="no total"),
    pytest.param(Fault.TOTAL_NOT_A_NUMBER, 25, False, id="a total in words"),
    pytest.param(Fault.EMPTY_LIST, 0, True, id="an empty list"),
]


@pytest.mark.parametrize("size", [4, 10, 100])
@pytest.mark.parametrize(("fault", "tasks", "complete"), SWEEPS)
def test_d2_what_a_sweep_makes_of_it(  # noqa: PLR0917 - pytest passes them by name
    server: CloudServer, asking: Asking, fault: Fault | None, tasks: int, complete: bool, size: int
) -> None:
    if fault is not None:
        server.faults.on(fault)
    sweep = asking.sweep(size)
    one_page = size > 25 and fault in (Fault.ROW_INSERTED, Fault.ROW_REMOVED)  # nothing happens between the pages
    assert sweep.good
    assert (len(sweep.tasks), sweep.complete) == ((25, True) if one_page else (tasks, complete))


def test_d2_a_server_that_clamps_is_asked_for_no_more_than_it_gives(server: CloudServer, asking: Asking) -> None:
    server.faults.on(Fault.CLAMPED_PAGES, 10)
    assert asking.sweep(100).complete
    asked = [(request.query["page"], request.query["pageSize"]) for request in server.cloud.requests]
    assert asked == [("1", "100"), ("2", "10"), ("3", "10")]


@pytest.mark.parametrize("fault", [Fault.ROW_WITHOUT_ID, Fault.ROW_WITHOUT_STATE])
def test_d7_a_row_that_cannot_be_used_makes_the_sweep_partial(
    server: CloudServer, asking: Asking, fault: Fault
) -> None:
    server.faults.on(fault)
    sweep = asking.sweep(10)
    assert (sweep.good, sweep.complete, len(sweep.tasks)) == (True, False, 22)
    assert (sweep.nameless, len(sweep.skipped)) == ((3, 0) if fault is Fault.ROW_WITHOUT_ID else (0, 3))


def test_d7_what_came_before_a_page_that_cannot_be_read_is_partial(server: CloudServer, asking: Asking) -> None:
    server.faults.next(None)
    server.faults.next(Fault.HTML)
    sweep = asking.sweep(10)
    assert (sweep.good, sweep.complete, len(sweep.tasks)) == (False, False, 10)
    assert str(sweep.trouble).startswith("The prewarm API answered something that is no list (not JSON from ")


# ---- the API's clock


def test_d11_now_is_the_date_of_the_apis_answers_refusals_included(server: CloudServer, asking: Asking) -> None:
    server.faults.next(Fault.UNAUTHORIZED)
    asking.fails()
    assert DATE - 1 <= asking.api.now() < DATE + 60


def test_d11_a_skewed_date_is_the_apis_business(server: CloudServer, asking: Asking) -> None:
    server.faults.on(Fault.DATE_SKEWED, 86_400)
    asking.page()
    assert DATE + 86_400 - 1 <= asking.api.now() < DATE + 86_400 + 60


def test_d11_without_a_date_the_hosts_clock_serves(server: CloudServer, asking: Asking) -> None:
    server.faults.on(Fault.NO_DATE)
    asking.page()
    assert abs(asking.api.now() - time.time()) < 60


def test_d11_a_date_that_stays_away_later_changes_nothing(server: CloudServer, asking: Asking) -> None:
    asking.page()
    server.faults.on(Fault.NO_DATE)
    asking.page()
    assert DATE - 1 <= asking.api.now() < DATE + 60


# ---- proxies

DEAD = "http://127.0.0.1:9"


def test_a_dead_proxy_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    without_proxies(monkeypatch)
    monkeypatch.setenv("HTTP_PROXY", DEAD)
    with Asking("http://prewarm.invalid") as asking:
        error = asking.fails()
    assert isinstance(error, Unreachable)
    assert "ConnectError: [Errno 111] Connection refused" in str(error)


@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_no_proxy_is_honoured(server: CloudServer, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("HTTP_PROXY", DEAD)
    monkeypatch.setenv("ALL_PROXY", DEAD)
    monkeypatch.setenv(name, "127.0.0.1,localhost")
    with Asking(server.url) as asking:
        assert asking.page().total == 25
