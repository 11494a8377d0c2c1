"""The calls beside the list answer as the vendor's pages describe."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bot.demo.cloud.faults import Call, Fault
from bot.demo.cloud.server import DEMO_API_KEY, CloudServer

BASE = "/gpu-instance/openapi/v1"
HEADERS = {"Authorization": f"Bearer {DEMO_API_KEY}", "Content-Type": "application/json"}


@pytest.fixture
def server() -> Iterator[CloudServer]:
    with CloudServer() as server:
        yield server


@pytest.fixture
def client(server: CloudServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url + BASE, headers=HEADERS, timeout=5, trust_env=False) as client:
        yield client


CREATE = {"imageUrl": "nginx:latest", "repositoryAuth": "", "clusterId": "cn-dev-1", "productIds": [], "note": "test"}


def test_create_answers_with_the_id_of_a_pending_task(server: CloudServer, client: httpx.Client) -> None:
    answer = client.post("/image/prewarm", json={**CREATE, "productIds": ["4090.18c.60g.18c60g"]})
    row = server.cloud.row(answer.json()["id"])
    assert row
    assert (row["imageName"], row["clusterId"], row["note"], row["state"]) == ("nginx", "cn-dev-1", "test", "Pending")
    assert row["products"] == [{"productId": "4090.18c.60g.18c60g", "productName": "RTX 4090 24GB 18c"}]


def test_edit_changes_the_note_alone(server: CloudServer, client: httpx.Client) -> None:
    task_id = server.cloud.add(note="old")
    before = server.cloud.row(task_id)
    assert client.post("/image/prewarm/edit", json={"id": task_id, "note": "新"}).json() == {}
    assert before
    assert server.cloud.row(task_id) == {**before, "note": "新"}


def test_delete_removes_the_tasks_named(server: CloudServer, client: httpx.Client) -> None:
    first, second, third = (server.cloud.add() for _ in range(3))
    assert client.post("/image/prewarm/delete", json={"ids": [first, third]}).json() == {}
    assert [row["id"] for row in server.cloud.rows()] == [second]


def test_quota_counts_the_tasks_and_create_stops_at_the_limit(server: CloudServer, client: httpx.Client) -> None:
    server.cloud.limit = 2
    server.cloud.add(state="Succeeded")
    assert client.post("/image/prewarm", json=CREATE).status_code == 200
    assert client.get("/image/prewarm/quota").json() == {"total": 2, "limit": 2, "perImageSize": 100}
    refused = client.post("/image/prewarm", json=CREATE)
    assert (refused.status_code, refused.json()["reason"]) == (400, "OPERATION_LIMIT")


def test_clusters_and_products_are_listed_with_id_and_name(client: httpx.Client) -> None:
    clusters = client.get("/clusters").json()["data"]
    assert clusters[0]["id"] == "cn-dev-1"
    assert set(clusters[0]) == {
        "id",
        "name",
        "availableGpuType",
        "supportNetworkStorage",
        "supportInstanceNetwork",
    }
    assert client.get("/products", params={"clusterId": "nowhere"}).json() == {"data": []}
    named = client.get("/products", params={"productName": "h100"}).json()["data"]
    assert [each["id"] for each in named] == ["h100.20c.240g.20c240g"]


PRODUCT: dict[str, type] = {
    "id": str,
    "name": str,
    "cpuPerGpu": int,
    "memoryPerGpu": int,
    "diskPerGpu": int,
    "availableDeploy": bool,
    "inventoryState": str,
    "minRootFS": int,
    "maxRootFS": int,
    "minLocalStorage": int,
    "maxLocalStorage": int,
    "regions": list,
    "price": int,
    "monthlyPrice": list,
    "billingMethods": list,
}
"""A product on the vendor's page (list-gpu-products), as novita-sdk 0.5.0 requires it, and its stock."""


def test_a_product_has_every_field_of_the_vendors_page(client: httpx.Client) -> None:
    products = client.get("/products", params={"clusterId": "cn-dev-1"}).json()["data"]
    assert (products[0]["id"], products[0]["name"]) == ("4090.18c.60g.18c60g", "RTX 4090 24GB 18c")
    for each in products:
        assert {name: type(value) for name, value in each.items()} == PRODUCT
        assert "cn-dev-1" in each["regions"]
        assert all(price.keys() == {"price", "month"} for price in each["monthlyPrice"])


REFUSALS = [
    pytest.param("/image/prewarm", {**CREATE, "imageUrl": ""}, "VALIDATOR_PARAM", id="create without an image"),
    pytest.param("/image/prewarm", {"imageUrl": "a"}, "VALIDATOR_PARAM", id="create without a cluster"),
    pytest.param("/image/prewarm", {**CREATE, "clusterId": "x"}, "RESOURCE_NOT_FOUND", id="create on no cluster"),
    pytest.param("/image/prewarm", {**CREATE, "productIds": ["x"]}, "VALIDATOR_PARAM", id="create for no product"),
    pytest.param("/image/prewarm", {**CREATE, "note": "x" * 101}, "VALIDATOR_PARAM", id="create with a long note"),
    pytest.param("/image/prewarm", ["nginx"], "VALIDATOR_PARAM", id="a body that is no object"),
    pytest.param("/image/prewarm/edit", {"id": "gone", "note": ""}, "RESOURCE_NOT_FOUND", id="edit of no task"),
    pytest.param("/image/prewarm/delete", {"ids": []}, "VALIDATOR_PARAM", id="delete without IDs"),
]


@pytest.mark.parametrize(("path", "body", "reason"), REFUSALS)
def test_refusals(server: CloudServer, client: httpx.Client, path: str, body: Any, reason: str) -> None:
    answer = client.post(path, json=body)
    assert (answer.status_code, answer.json()["reason"]) == (400, reason)
    assert server.cloud.rows() == ()


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_a_post_without_a_content_type_of_json_is_refused(server: CloudServer, client: httpx.Client, kind: str) -> None:
    answer = client.post("/image/prewarm", content=json.dumps(CREATE), headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["reason"]) == (400, "VALIDATOR_PARAM")
    assert server.cloud.rows() == ()


def test_a_body_that_is_no_json_is_refused(client: httpx.Client) -> None:
    answer = client.post("/image/prewarm", content=b"{")
    assert (answer.status_code, answer.json()["reason"]) == (400, "VALIDATOR_PARAM")


def test_a_create_whose_answer_is_dropped_has_happened_and_a_refused_one_has_not(
    server: CloudServer, client: httpx.Client
) -> None:
    server.faults.next(Fault.SERVER_ERROR, call=Call.CREATE)
    server.faults.next(Fault.DROPPED, call=Call.CREATE)
    assert client.post("/image/prewarm", json=CREATE).status_code == 500
    assert server.cloud.rows() == ()
    with pytest.raises(httpx.RemoteProtocolError):
        client.post("/image/prewarm", json=CREATE)
    assert len(server.cloud.rows()) == 1
