"""The calls beside the list: create, edit, delete, quota, clusters and products.

Kept small on purpose: they answer as the vendor's pages describe and refuse what those pages let expect, no more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.demo.cloud.catalogue import CLUSTERS, PRODUCTS
from bot.demo.cloud.faults import Call
from bot.demo.cloud.state import CloudState

GIGABYTES_PER_IMAGE: Final = 100
NOTE_LENGTH: Final = 100

Json = dict[str, Any]


class RefusedError(Exception):
    """A request the API answers with 400; `reason` is the vendor's name for it."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Sibling:
    """One call: where it is, and what it does with the query and the JSON body."""

    call: Call
    method: str
    path: str
    act: Callable[[CloudState, Mapping[str, str], Json], Json]


def _create(cloud: CloudState, _query: Mapping[str, str], body: Json) -> Json:
    image, cluster = _text(body, "imageUrl"), _text(body, "clusterId")
    products = body.get("productIds") or []
    if cluster not in CLUSTERS:
        raise RefusedError("RESOURCE_NOT_FOUND", f"cluster {cluster} not found")
    if not isinstance(products, list) or not set(products) <= PRODUCTS.keys():
        raise RefusedError("VALIDATOR_PARAM", "productIds holds an unknown product")
    if len(cloud.rows()) >= cloud.limit:
        raise RefusedError("OPERATION_LIMIT", f"at most {cloud.limit} image prewarm tasks")
    auth = str(body.get("repositoryAuth") or "")
    return {"id": cloud.add(image, cluster, products=products, note=_note(body), auth=auth)}


def _edit(cloud: CloudState, _query: Mapping[str, str], body: Json) -> Json:
    task_id = _text(body, "id")
    try:
        cloud.change(task_id, note=_note(body))
    except KeyError:
        raise RefusedError("RESOURCE_NOT_FOUND", f"image prewarm task {task_id} not found") from None
    return {}


def _delete(cloud: CloudState, _query: Mapping[str, str], body: Json) -> Json:
    ids = body.get("ids")
    if not isinstance(ids, list) or not ids or not all(isinstance(each, str) for each in ids):
        raise RefusedError("VALIDATOR_PARAM", "ids is required")
    cloud.remove(*ids)
    return {}


def _quota(cloud: CloudState, _query: Mapping[str, str], _body: Json) -> Json:
    return {"total": len(cloud.rows()), "limit": cloud.limit, "perImageSize": GIGABYTES_PER_IMAGE}


def _clusters(_cloud: CloudState, _query: Mapping[str, str], _body: Json) -> Json:
    return {
        "data": [
            {
                "id": cluster_id,
                "name": name,
                "availableGpuType": list(PRODUCTS.values()),
                "supportNetworkStorage": True,
                "supportInstanceNetwork": True,
            }
            for cluster_id, name in CLUSTERS.items()
        ]
    }


def _products(_cloud: CloudState, query: Mapping[str, str], _body: Json) -> Json:
    """Answer with the fields of the vendor's page (list-gpu-products); every product is sold in every cluster."""
    unknown = query.get("clusterId", "") not in {"", *CLUSTERS}
    wanted = query.get("productName", "").casefold()
    return {"data": [] if unknown else [_product(each) for each in PRODUCTS if wanted in PRODUCTS[each].casefold()]}


def _product(product: str) -> Json:
    _, cores, memory, _ = product.split(".")
    price = 1_000 * int(cores.removesuffix("c"))  # 1/100,000 of a dollar an hour; made up, as are the sizes in GB
    return {
        "id": product,
        "name": PRODUCTS[product],
        "cpuPerGpu": int(cores.removesuffix("c")),
        "memoryPerGpu": int(memory.removesuffix("g")),
        "diskPerGpu": 60,
        "availableDeploy": True,
        "inventoryState": "high",
        "minRootFS": 10,
        "maxRootFS": 2_048,
        "minLocalStorage": 0,
        "maxLocalStorage": 2_048,
        "regions": list(CLUSTERS),
        "price": price,
        "monthlyPrice": [{"price": 600 * price, "month": months} for months in (1, 3, 6, 12)],
        "billingMethods": ["onDemand", "monthly"],
    }


def _text(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise RefusedError("VALIDATOR_PARAM", f"{name} is required")
    return value


def _note(body: Json) -> str:
    note = str(body.get("note") or "")
    if len(note) > NOTE_LENGTH:
        raise RefusedError("VALIDATOR_PARAM", f"note is longer than {NOTE_LENGTH} characters")
    return note


SIBLINGS: Final = (
    Sibling(Call.CREATE, "POST", "/image/prewarm", _create),
    Sibling(Call.EDIT, "POST", "/image/prewarm/edit", _edit),
    Sibling(Call.DELETE, "POST", "/image/prewarm/delete", _delete),
    Sibling(Call.QUOTA, "GET", "/image/prewarm/quota", _quota),
    Sibling(Call.CLUSTERS, "GET", "/clusters", _clusters),
    Sibling(Call.PRODUCTS, "GET", "/products", _products),
)
