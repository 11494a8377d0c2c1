"""The embedded prewarm API answers the list call as the vendor's document says."""

import json
import threading
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.demo.cloud.api import LIST_PATH
from bot.demo.cloud.catalogue import VENDOR_EXAMPLE
from bot.demo.cloud.faults import Fault
from bot.demo.cloud.server import DEMO_API_KEY, CloudServer

VENDOR_LIST = Path(__file__).parents[1] / "data" / "vendor_list.json"
HEADERS = {"Authorization": f"Bearer {DEMO_API_KEY}", "Content-Type": "application/json"}


@pytest.fixture
def server() -> Iterator[CloudServer]:
    with CloudServer() as server:
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
    return [row["id"] for row in page["data"]]


def test_the_vendors_example_is_answered_word_for_word(server: CloudServer, client: httpx.Client) -> None:
    server.cloud.put_all(VENDOR_EXAMPLE)
    assert listed(client) == json.loads(VENDOR_LIST.read_text(encoding="utf-8"))


def test_a_new_task_has_every_documented_field_as_the_document_types_it(
    server: CloudServer, client: httpx.Client
) -> None:
    task_id = server.cloud.add(
        "registry.example.com:5000/team/serve:v2@sha256:0a1b",
        "us-ca-2",
        products=["4090.18c.60g.18c60g"],
        note="夜间",
        auth="cred-1",
        created=1_757_656_178.9,
    )
    assert listed(client)["data"] == [
        {
            "id": task_id,
            "imageName": "serve",
            "imageUrl": "registry.example.com:5000/team/serve:v2@sha256:0a1b",
            "clusterId": "us-ca-2",
            "clusterName": "US West, California (us-ca-2)",
            "products": [{"productId": "4090.18c.60g.18c60g", "productName": "RTX 4090 24GB 18c"}],
            "imageSize": "0",
            "createTime": "1757656178",
            "state": "Pending",
            "completeTime": "",
            "note": "夜间",
            "reason": [],
            "repositoryAuth": "cred-1",
        }
    ]


def test_a_task_runs_succeeds_and_fails_with_its_own_times_and_reasons(
    server: CloudServer, client: httpx.Client
) -> None:
    good, bad = server.cloud.add("a:1"), server.cloud.add("b:1")
    server.cloud.run(good)
    assert listed(client, state="Running")["data"][0]["id"] == good
    server.cloud.succeed(good, size=72_298_048, at=1_757_656_207)
    server.cloud.fail(bad, "manifest unknown", "tried 3 times", at=1_757_656_208)
    rows = {row["id"]: row for row in listed(client)["data"]}
    assert [rows[good][field] for field in ("state", "completeTime", "imageSize", "reason")] == [
        "Succeeded",
        "1757656207",
        "72298048",
        ["image pulled successfully"],
    ]
    assert [rows[bad][field] for field in ("state", "completeTime", "reason")] == [
        "Failed",
        "1757656208",
        ["manifest unknown", "tried 3 times"],
    ]


@pytest.fixture
def twenty_five(server: CloudServer) -> list[str]:
    """IDs, newest first."""
    return [server.cloud.add(task_id=f"task-{number:02}", created=1000 - number) for number in range(25)]


PAGES = [
    pytest.param({}, slice(0, 10), id="ten rows from page one without parameters"),
    pytest.param({"page": 3}, slice(20, 30), id="the last page is what is left"),
    pytest.param({"page": 4}, slice(30, 40), id="a page beyond the last is empty"),
    pytest.param({"page": 2, "pageSize": 7}, slice(7, 14), id="pages of the size asked for"),
    pytest.param({"pageSize": 1000}, slice(0, 25), id="a size beyond the list brings the whole list"),
]


@pytest.mark.parametrize(("query", "expected"), PAGES)
def test_pages(client: httpx.Client, twenty_five: list[str], query: dict[str, Any], expected: slice) -> None:
    page = listed(client, **query)
    assert ids(page) == twenty_five[expected]
    assert page["total"] == 25


def test_tasks_of_one_second_show_the_later_one_first(server: CloudServer, client: httpx.Client) -> None:
    first, second = server.cloud.add(created=1000), server.cloud.add(created=1000)
    assert ids(listed(client)) == [second, first]


FILTERS = [
    pytest.param({"state": "Running"}, {"run"}, id="state"),
    pytest.param({"clusterId": "sg-1"}, {"run", "sg"}, id="cluster"),
    pytest.param({"name": "TORCH"}, {"run"}, id="name is part of the image name in any case"),
    pytest.param({"name": "夜间"}, {"sg"}, id="name is also looked for in the note"),
    pytest.param({"name": "registry"}, set(), id="name is not looked for in the whole address"),
    pytest.param({"state": "Pending", "clusterId": "sg-1"}, {"sg"}, id="filters add up"),
    pytest.param({"state": "", "name": ""}, {"run", "sg", "cn"}, id="an empty filter is none"),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_filters(server: CloudServer, client: httpx.Client, query: dict[str, str], expected: set[str]) -> None:
    server.cloud.add("registry.example.com/ml/pytorch:2", "sg-1", task_id="run", state="Running")
    server.cloud.add("registry.example.com/art/comfy:1", "sg-1", task_id="sg", note="夜间批量")
    server.cloud.add("registry.example.com/art/comfy:1", "cn-dev-1", task_id="cn")
    page = listed(client, **query)
    assert (set(ids(page)), page["total"]) == (expected, len(expected))


REFUSALS = [
    pytest.param({"Authorization": ""}, {}, 401, "UNAUTHORIZED", id="no key"),
    pytest.param({"Authorization": DEMO_API_KEY}, {}, 401, "UNAUTHORIZED", id="a key without Bearer"),
    pytest.param({"Authorization": "Bearer wrong"}, {}, 401, "UNAUTHORIZED", id="a wrong key"),
    pytest.param({}, {"page": "0"}, 400, "VALIDATOR_PARAM", id="page zero"),
    pytest.param({}, {"pageSize": "many"}, 400, "VALIDATOR_PARAM", id="a size that is no number"),
]


@pytest.mark.parametrize(("headers", "query", "status", "reason"), REFUSALS)
def test_refusals(
    client: httpx.Client, headers: dict[str, str], query: dict[str, str], status: int, reason: str
) -> None:
    answer = client.get(LIST_PATH, headers=headers, params=query)
    assert (answer.status_code, answer.json()["code"], answer.json()["reason"]) == (status, status, reason)


def test_a_get_without_content_type_is_served_for_other_clients_send_none(server: CloudServer) -> None:
    answer = httpx.get(server.url + LIST_PATH, headers={"Authorization": f"Bearer {DEMO_API_KEY}"}, trust_env=False)
    assert (answer.status_code, answer.json()) == (200, {"data": [], "total": 0})
    assert "content-type" not in server.cloud.requests[-1].headers


def test_a_wrong_key_can_also_be_a_403_as_in_sister_apis() -> None:
    with CloudServer(wrong_key=Fault.INVALID_API_KEY) as server:
        answer = httpx.get(
            server.url + LIST_PATH, headers={**HEADERS, "Authorization": "Bearer wrong"}, trust_env=False
        )
    assert answer.status_code == 403
    assert answer.json() == {"code": 403, "reason": "INVALID_API_KEY", "message": "invalid api-key"}


def test_any_of_the_clouds_keys_is_accepted(server: CloudServer, client: httpx.Client) -> None:
    server.cloud.keys.add("dummy-second-key")
    answer = client.get(LIST_PATH, headers={"Authorization": "Bearer dummy-second-key"})
    assert answer.status_code == 200


def test_an_unknown_address_is_a_404_with_an_error_object(client: httpx.Client) -> None:
    answer = client.get("/gpu-instance/openapi/v1/nothing")
    assert (answer.status_code, answer.json()["reason"]) == (404, "NOT_FOUND")


def test_the_date_header_is_the_clouds_clock() -> None:
    with CloudServer(clock=lambda: 1_757_656_178.0) as server:
        answer = httpx.get(server.url + LIST_PATH, headers=HEADERS, trust_env=False)
    assert parsedate_to_datetime(answer.headers["Date"]).timestamp() == 1_757_656_178


ODD_ROWS = [
    pytest.param(None, id="null"),
    pytest.param("task", id="a string"),
    pytest.param({}, id="an empty object"),
    pytest.param({"id": 12, "state": "Archived", "completeTime": None, "reason": {"a": [1]}}, id="odd types"),
    pytest.param({"id": "a", "state": "Failed", "note": "lone \ud800 surrogate"}, id="a lone surrogate"),
    pytest.param({"id": "a", "state": "Failed", "createTime": "soon"}, id="a time that is none"),
]


@pytest.mark.parametrize("row", ODD_ROWS)
def test_any_row_that_json_can_hold_is_shown_as_it_is(server: CloudServer, client: httpx.Client, row: Any) -> None:
    """Rule D7 names rows that no well-behaved server sends."""
    handle = server.cloud.put_raw(row)
    assert listed(client) == {"data": [row], "total": 1}
    assert listed(client, state="Pending")["data"] == []
    server.cloud.remove(handle)
    assert listed(client)["data"] == []


def test_each_request_is_recorded_with_what_was_asked_and_answered(server: CloudServer, client: httpx.Client) -> None:
    listed(client, page=2, name="夜间")
    assert server.cloud.wait_for(lambda: server.cloud.requests[-1].status is not None, 5)
    (request,) = server.cloud.requests
    assert (request.method, request.path, request.status) == ("GET", LIST_PATH, 200)
    assert request.query == {"page": "2", "name": "夜间"}
    assert request.headers["content-type"] == "application/json"


def test_waiting_ends_at_its_deadline(server: CloudServer) -> None:
    assert not server.cloud.wait_for(lambda: bool(server.cloud.rows()), 0.01)


def test_waiting_ends_at_a_change_by_another_thread_long_before_its_deadline(server: CloudServer) -> None:
    adding = threading.Timer(0.05, server.cloud.add)
    adding.start()
    began = time.monotonic()
    assert server.cloud.wait_for(lambda: bool(server.cloud.rows()), 30)
    assert time.monotonic() - began < 20
    adding.join()


def test_waiting_ends_when_a_request_arrives_and_when_it_is_answered(server: CloudServer, client: httpx.Client) -> None:
    asking = threading.Timer(0.05, listed, [client])
    asking.start()
    began = time.monotonic()
    assert server.cloud.wait_for(lambda: any(request.status == 200 for request in server.cloud.requests), 30)
    assert time.monotonic() - began < 20
    asking.join()
