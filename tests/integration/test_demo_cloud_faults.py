"""Every fault of the embedded prewarm API does to a request what its description says, and nothing once it is off."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from bot.demo.cloud.api import LIST_PATH
from bot.demo.cloud.faults import FAULTS, Call, Fault, FaultGroup
from bot.demo.cloud.server import DEMO_API_KEY, CloudServer

HEADERS = {"Authorization": f"Bearer {DEMO_API_KEY}", "Content-Type": "application/json"}
ALL = [f"task-{number:02}" for number in range(25)]  # newest first


@pytest.fixture
def server() -> Iterator[CloudServer]:
    with CloudServer(seed=1) as server:
        for number, task_id in enumerate(ALL):
            server.cloud.add(task_id=task_id, created=1000 - number, state="Succeeded", completed=2000)
        yield server


@pytest.fixture
def client(server: CloudServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, headers=HEADERS, timeout=5, trust_env=False) as client:
        yield client


def listed(client: httpx.Client, **query: Any) -> dict[str, Any]:
    answer = client.get(LIST_PATH, params=query)
    assert answer.status_code == 200, answer.text
    fields: dict[str, Any] = answer.json()
    return fields


def ids(page: dict[str, Any]) -> list[str]:
    return [row.get("id") for row in page["data"]]


def pages(client: httpx.Client) -> tuple[list[str], list[int]]:
    """All IDs and all totals over the three pages of the list."""
    read = [listed(client, page=number) for number in (1, 2, 3)]
    return [task_id for page in read for task_id in ids(page)], [page["total"] for page in read]


def test_every_fault_has_words_of_its_own_for_people() -> None:
    assert set(FAULTS) == set(Fault)
    assert len({info.description for info in FAULTS.values()}) == len(FAULTS)


def test_without_faults_the_pages_bring_every_task_once(client: httpx.Client) -> None:
    assert pages(client) == (ALL, [25, 25, 25])


REFUSALS = [
    pytest.param(Fault.UNAUTHORIZED, None, (401, "UNAUTHORIZED", None), id="401"),
    pytest.param(Fault.FORBIDDEN, None, (403, "FORBIDDEN", None), id="403"),
    pytest.param(Fault.INVALID_API_KEY, None, (403, "INVALID_API_KEY", None), id="403 in the sister API's words"),
    pytest.param(Fault.ACCOUNT_TROUBLE, None, (400, "BALANCE_NOT_ENOUGH", None), id="account trouble is a 400"),
    pytest.param(Fault.RATE_LIMITED, None, (429, "RATE_LIMIT_EXCEEDED", None), id="429 without Retry-After"),
    pytest.param(Fault.RATE_LIMITED_WITH_DELAY, 7, (429, "RATE_LIMIT_EXCEEDED", "7"), id="429 with Retry-After"),
    pytest.param(Fault.SERVER_ERROR, None, (500, "UNKNOWN", None), id="500"),
    pytest.param(Fault.SERVER_ERROR, 503, (503, "UNKNOWN", None), id="another 5xx by its value"),
]


@pytest.mark.parametrize(("fault", "value", "expected"), REFUSALS)
def test_refusals(
    server: CloudServer,
    client: httpx.Client,
    fault: Fault,
    value: float | None,
    expected: tuple[int, str, str | None],
) -> None:
    server.faults.next(fault, value=value)
    answer = client.get(LIST_PATH)
    assert (answer.status_code, answer.json()["reason"], answer.headers.get("Retry-After")) == expected
    assert pages(client)[0] == ALL


def test_html_comes_with_200(server: CloudServer, client: httpx.Client) -> None:
    server.faults.next(Fault.HTML)
    answer = client.get(LIST_PATH)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert answer.text.startswith("<!doctype html>")


def test_truncated_json_is_a_whole_answer_that_does_not_parse(server: CloudServer, client: httpx.Client) -> None:
    server.faults.next(Fault.TRUNCATED)
    answer = client.get(LIST_PATH)
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()


BODIES = [
    pytest.param(Fault.NO_DATA, {"total": 25}, id="no data field"),
    pytest.param(Fault.NULL_DATA, {"data": None, "total": 25}, id="data is null"),
    pytest.param(
        Fault.ERROR_OBJECT,
        {"code": 500, "reason": "UNKNOWN", "message": "internal server error"},
        id="an error object with 200",
    ),
    pytest.param(Fault.EMPTY_LIST, {"data": [], "total": 0}, id="an empty list"),
]


@pytest.mark.parametrize(("fault", "body"), BODIES)
def test_bodies(server: CloudServer, client: httpx.Client, fault: Fault, body: dict[str, Any]) -> None:
    server.faults.next(fault)
    assert listed(client) == body
    assert pages(client)[0] == ALL


LOST = [
    pytest.param(Fault.API_DOWN, httpx.RemoteProtocolError, id="down for one request: the connection ends"),
    pytest.param(Fault.DROPPED, httpx.RemoteProtocolError, id="dropped without an answer"),
    pytest.param(Fault.DROPPED_IN_BODY, httpx.RemoteProtocolError, id="dropped in the middle of the answer"),
    pytest.param(Fault.STALL, httpx.ReadTimeout, id="stalled for ever"),
    pytest.param(Fault.SLOW, httpx.ReadTimeout, id="slower than the client waits"),
]


@pytest.mark.parametrize(("fault", "error"), LOST)
def test_lost_answers(
    server: CloudServer, client: httpx.Client, fault: Fault, error: type[httpx.TransportError]
) -> None:
    server.faults.next(fault)
    with pytest.raises(error):
        client.get(LIST_PATH, timeout=0.3)
    assert server.cloud.requests[-1].status is None
    assert server.cloud.requests[-1].faults == (fault,)
    assert pages(client)[0] == ALL


def test_a_slow_answer_is_whole_in_the_end(server: CloudServer, client: httpx.Client) -> None:
    server.faults.next(Fault.SLOW, value=0.2)
    asked = time.monotonic()
    assert ids(listed(client)) == ALL[:10]
    assert time.monotonic() - asked >= 0.2


def test_a_trickle_outlives_a_timeout_that_bounds_each_read_only(server: CloudServer, client: httpx.Client) -> None:
    server.faults.next(Fault.TRICKLE, value=0.05)
    asked = time.monotonic()
    with client.stream("GET", LIST_PATH, timeout=0.5) as answer:
        chunks = answer.iter_raw()
        read = b"".join(next(chunks) for _ in range(12))
    assert read == b'{"data": [{"'
    assert time.monotonic() - asked >= 0.5


def test_a_trickle_is_whole_in_the_end(server: CloudServer, client: httpx.Client) -> None:
    server.cloud.put_all([])
    server.faults.next(Fault.TRICKLE, value=0.001)
    assert listed(client) == {"data": [], "total": 0}


def test_an_endless_answer_goes_on_as_long_as_somebody_reads(server: CloudServer, client: httpx.Client) -> None:
    server.faults.next(Fault.ENDLESS)
    read = 0
    with client.stream("GET", LIST_PATH) as answer:
        for chunk in answer.iter_raw():
            read += len(chunk)
            if read > 20_000_000:
                break
    assert read > 20_000_000
    assert ids(listed(client)) == ALL[:10]


def test_a_clamped_page_is_shorter_than_asked_for_and_the_pages_still_fit(
    server: CloudServer, client: httpx.Client
) -> None:
    server.faults.on(Fault.CLAMPED_PAGES, 9)
    read = [ids(listed(client, page=page, pageSize=100)) for page in (1, 2, 3)]
    assert read == [ALL[:9], ALL[9:18], ALL[18:]]


def test_unordered_rows_keep_their_order_from_page_to_page(server: CloudServer, client: httpx.Client) -> None:
    server.faults.on(Fault.UNORDERED)
    first, second = pages(client), pages(client)
    assert first == second
    assert first[0] != ALL
    assert sorted(first[0]) == ALL


def test_shuffled_rows_come_in_a_new_order_each_time(server: CloudServer, client: httpx.Client) -> None:
    server.faults.on(Fault.SHUFFLED)
    first, second = (ids(listed(client, pageSize=25)) for _ in range(2))
    assert first != second
    assert sorted(first) == sorted(second) == ALL


SHIFTS = [
    pytest.param(Fault.ROW_INSERTED, {"task-09": 2}, [25, 26, 26], id="a row in front: the pages overlap"),
    pytest.param(Fault.ROW_REMOVED, {"task-10": 0}, [25, 24, 24], id="a row gone: the pages leave a gap"),
    pytest.param(Fault.ROW_SWAPPED, {"task-10": 0}, [24, 24, 24], id="one gone, one new: a gap and an equal total"),
    pytest.param(Fault.SAME_ID_TWICE, {"task-00": 4}, [25, 25, 25], id="an older copy of the first row ends each page"),
]


@pytest.mark.parametrize(("fault", "odd", "totals"), SHIFTS)
def test_shifting_pages(
    server: CloudServer, client: httpx.Client, fault: Fault, odd: dict[str, int], totals: list[int]
) -> None:
    server.faults.on(fault)
    read, shown = pages(client)
    expected = Counter({**dict.fromkeys(ALL, 1), **odd})
    assert Counter(read) == +expected
    assert shown == totals


def test_the_copy_with_the_same_id_is_an_older_state(server: CloudServer, client: httpx.Client) -> None:
    """Rule D2: final before active."""
    server.faults.next(Fault.SAME_ID_TWICE)
    rows = [row for row in listed(client)["data"] if row["id"] == "task-00"]
    assert [(row["state"], row["completeTime"]) for row in rows] == [("Succeeded", "2000"), ("Running", "")]


def test_a_row_left_out_is_counted_and_another_one_each_time(server: CloudServer, client: httpx.Client) -> None:
    server.faults.on(Fault.ROW_LEFT_OUT)
    read = [listed(client, pageSize=25) for _ in range(8)]
    assert {(len(page["data"]), page["total"]) for page in read} == {(24, 25)}
    assert len({frozenset(ALL) - frozenset(ids(page)) for page in read}) > 1


@pytest.mark.parametrize(("fault", "field"), [(Fault.ROW_WITHOUT_ID, "id"), (Fault.ROW_WITHOUT_STATE, "state")])
def test_the_first_row_lacks_what_no_row_may_lack(
    server: CloudServer, client: httpx.Client, fault: Fault, field: str
) -> None:
    server.faults.next(fault)
    rows = listed(client)["data"]
    assert [number for number, row in enumerate(rows) if field not in row] == [0]
    assert server.cloud.row("task-00")
    assert pages(client)[0] == ALL


TOTALS = [
    pytest.param(Fault.WRONG_TOTAL, None, {"total": 26}, id="one too many"),
    pytest.param(Fault.WRONG_TOTAL, -3, {"total": 22}, id="three too few"),
    pytest.param(Fault.NO_TOTAL, None, {}, id="absent"),
    pytest.param(Fault.TOTAL_NOT_A_NUMBER, None, {"total": "many"}, id="a word"),
]


@pytest.mark.parametrize(("fault", "value", "total"), TOTALS)
def test_totals(
    server: CloudServer, client: httpx.Client, fault: Fault, value: float | None, total: dict[str, Any]
) -> None:
    server.faults.next(fault, value=value)
    page = listed(client)
    assert ids(page) == ALL[:10]
    assert {name: value for name, value in page.items() if name != "data"} == total


def test_a_stale_replica_answers_every_other_time_with_the_list_of_some_requests_ago(
    server: CloudServer, client: httpx.Client
) -> None:
    server.cloud.put_all([])
    for number in range(3):
        listed(client)
        server.cloud.add(task_id=f"new-{number}")
    server.faults.on(Fault.STALE_REPLICA, 2)
    assert [len(listed(client)["data"]) for _ in range(6)] == [1, 3, 3, 3, 3, 3]
    server.cloud.remove("new-0", "new-1")
    assert [len(listed(client)["data"]) for _ in range(6)] == [3, 1, 1, 1, 1, 1]


@pytest.mark.parametrize("fault", [fault for fault, info in FAULTS.items() if info.group is FaultGroup.LIST])
def test_no_fault_of_the_list_minds_an_empty_list_or_odd_rows(
    server: CloudServer, client: httpx.Client, fault: Fault
) -> None:
    server.cloud.put_all([])
    server.faults.on(fault)
    assert listed(client)["data"] == []
    server.cloud.put_raw(None)
    server.cloud.put_raw({"id": 3})
    listed(client)
    listed(client, page=2, pageSize=1)


def test_the_date_header_is_ahead_or_missing(server: CloudServer, client: httpx.Client) -> None:
    server.faults.next(Fault.DATE_SKEWED, value=-7200)
    server.faults.next(Fault.NO_DATE)
    skewed = parsedate_to_datetime(client.get(LIST_PATH).headers["Date"]).timestamp()
    assert skewed == pytest.approx(time.time() - 7200, abs=5)
    assert "Date" not in client.get(LIST_PATH).headers


def statuses(client: httpx.Client, count: int) -> list[int]:
    return [client.get(LIST_PATH).status_code for _ in range(count)]


def test_a_script_strikes_exact_requests_in_its_order(server: CloudServer, client: httpx.Client) -> None:
    server.faults.next(Fault.SERVER_ERROR, 2)
    server.faults.next(None)
    server.faults.next(Fault.RATE_LIMITED)
    assert server.faults.scripted == 4
    assert statuses(client, 5) == [500, 500, 200, 429, 200]
    assert server.faults.struck == {Fault.SERVER_ERROR: 2, Fault.RATE_LIMITED: 1}


def test_a_script_waits_for_the_call_it_was_written_for(server: CloudServer, client: httpx.Client) -> None:
    server.faults.next(Fault.SERVER_ERROR, call=Call.QUOTA)
    assert statuses(client, 1) == [200]
    assert client.get(f"{LIST_PATH}/quota").status_code == 500


def test_a_standing_fault_strikes_until_it_is_off(server: CloudServer, client: httpx.Client) -> None:
    server.faults.on(Fault.FORBIDDEN)
    assert server.faults.standing == {Fault.FORBIDDEN: 0}
    assert statuses(client, 3) == [403, 403, 403]
    server.faults.off(Fault.FORBIDDEN)
    assert statuses(client, 1) == [200]


def test_a_chance_strikes_the_same_requests_again_with_the_same_seed() -> None:
    runs = []
    for _ in range(2):
        with CloudServer(seed=5) as server, httpx.Client(base_url=server.url, headers=HEADERS) as client:
            server.faults.chance(Fault.SERVER_ERROR, 0.5)
            runs.append(statuses(client, 20))
    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 500}


def test_several_faults_strike_one_request(server: CloudServer, client: httpx.Client) -> None:
    server.faults.on(Fault.NO_DATE)
    server.faults.on(Fault.WRONG_TOTAL, 5)
    server.faults.next(Fault.CLAMPED_PAGES, value=3)
    answer = client.get(LIST_PATH)
    assert (len(answer.json()["data"]), answer.json()["total"], "Date" in answer.headers) == (3, 30, False)


def test_clear_switches_everything_off(server: CloudServer, client: httpx.Client) -> None:
    server.faults.next(Fault.SERVER_ERROR)
    server.faults.on(Fault.FORBIDDEN)
    server.faults.chance(Fault.HTML, 1)
    server.faults.clear()
    assert statuses(client, 1) == [200]
    assert server.faults.struck == {}
