"""The embedded cloud's memory: its tasks as the API shows them, and the requests it has seen.

Tests and the demo's scenario change tasks from their own threads while the server answers from its own, so everything
goes through one lock, and whoever waits for something waits on its condition instead of sleeping.
"""

import random
import string
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bot.demo.cloud.catalogue import CLUSTERS, PRODUCTS
from bot.demo.cloud.log import RecordedRequest, RequestLog

Row = dict[str, Any]
"""A task as it stands in the API's JSON."""

DEFAULT_LIMIT = 100
_FINAL = ("Succeeded", "Failed")
_ID_ALPHABET = string.ascii_lowercase + string.digits


class CloudState:
    """The tasks and their changes; `clock` gives Unix seconds and is also what the Date header shows.

    `keys` are the accepted API keys, `limit` is the most tasks that can be created through the API.
    """

    def __init__(self, *, keys: Iterable[str], seed: int | None = None, clock: Callable[[], float] = time.time) -> None:
        self.keys = set(keys)
        self.limit = DEFAULT_LIMIT
        self.clock = clock
        self.log = RequestLog()
        self._changed = self.log.condition
        self._random = random.Random(seed)
        self._rows: dict[str, Any] = {}
        self._held: set[str] = set()
        self._version = 0
        self._shown: tuple[Any, ...] | None = None

    def add(
        self,
        image_url: str = "registry.example.com/team/image:tag",
        cluster_id: str = "cn-dev-1",
        *,
        state: str = "Pending",
        products: Sequence[str] = (),
        size: int = 0,
        note: str = "",
        auth: str = "",
        task_id: str | None = None,
        created: float | None = None,
        completed: float | None = None,
        reasons: Sequence[str] = (),
    ) -> str:
        """Add a task and return its ID; times are Unix seconds, now where left out, `size` is in bytes."""
        now = self.clock()
        completed = now if completed is None and state in _FINAL else completed
        row = {
            "id": self._new_id() if task_id is None else task_id,
            "imageName": image_name(image_url),
            "imageUrl": image_url,
            "clusterId": cluster_id,
            "clusterName": CLUSTERS.get(cluster_id, cluster_id),
            "products": [{"productId": each, "productName": PRODUCTS.get(each, each)} for each in products],
            "imageSize": str(size),
            "createTime": _seconds(now if created is None else created),
            "state": state,
            "completeTime": "" if completed is None else _seconds(completed),
            "note": note,
            "reason": list(reasons),
            "repositoryAuth": auth,
        }
        return self.put(row)

    def put(self, row: Mapping[str, Any]) -> str:
        """Add a row, or replace the one with its ID, exactly as given."""
        with self._changed:
            self._rows[row["id"]] = dict(row)
            self._touch()
        return str(row["id"])

    def put_raw(self, row: Any) -> str:
        """Add anything JSON can hold as a row, however odd (rule D7); the answer is a handle for `remove`."""
        handle = f"raw {self._new_id()}"
        with self._changed:
            self._rows[handle] = row
            self._touch()
        return handle

    def put_all(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Replace the whole list at once."""
        with self._changed:
            self._rows = {row["id"]: dict(row) for row in rows}
            self._touch()

    def change(self, task_id: str, **fields: Any) -> None:
        """Set fields by their names in the API; KeyError if there is no such task."""
        with self._changed:
            self._rows[task_id] = {**self._rows[task_id], **fields}
            self._touch()

    def run(self, task_id: str) -> None:
        self.change(task_id, state="Running")

    def succeed(self, task_id: str, *, size: int | None = None, at: float | None = None) -> None:
        """End a task well; `at` is its completeTime in Unix seconds, now if left out."""
        known_size = {} if size is None else {"imageSize": str(size)}
        self._end(task_id, "Succeeded", ["image pulled successfully"], at, known_size)

    def fail(self, task_id: str, *reasons: str, at: float | None = None) -> None:
        self._end(task_id, "Failed", list(reasons), at, {})

    def remove(self, *task_ids: str) -> None:
        """Remove tasks; one that is not there is no error."""
        with self._changed:
            for task_id in task_ids:
                self._rows.pop(task_id, None)
                self._held.discard(task_id)
            self._touch()

    def hold(self, task_id: str) -> None:
        """Let a task hang: a scenario that carries tasks on leaves it as it is."""
        with self._changed:
            self._held.add(task_id)
            self._touch()

    def is_held(self, task_id: str) -> bool:
        with self._changed:
            return task_id in self._held

    @property
    def lock(self) -> threading.Condition:
        """Hold it to look at tasks and change them in one step."""
        return self._changed

    def rows(self) -> tuple[Any, ...]:
        """All rows as they are now, in the order they were added; they are never changed in place."""
        with self._changed:
            if self._shown is None:
                self._shown = tuple(self._rows.values())
            return self._shown

    def row(self, task_id: str) -> Row | None:
        with self._changed:
            return self._rows.get(task_id)

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """The last requests, oldest first; `log.count` counts them all."""
        return self.log.requests

    @property
    def version(self) -> int:
        """A number that grows with each change of the list."""
        with self._changed:
            return self._version

    def wait_for(self, predicate: Callable[[], bool], timeout: float) -> bool:
        """Wait until the predicate holds, asked again at each request and change; False after `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(predicate, timeout)

    def _end(self, task_id: str, state: str, reasons: list[str], at: float | None, more: Row) -> None:
        ended = _seconds(self.clock() if at is None else at)
        self.change(task_id, state=state, completeTime=ended, reason=reasons, **more)

    def _new_id(self) -> str:
        with self._changed:
            return "".join(self._random.choices(_ID_ALPHABET, k=16))

    def _touch(self) -> None:
        self._version += 1
        self._shown = None
        self._changed.notify_all()


def image_name(image_url: str) -> str:
    """Return the last part of an address without its tag or digest."""
    return image_url.rsplit("/", 1)[-1].split("@", 1)[0].split(":", 1)[0]


def _seconds(moment: float) -> str:
    return str(int(moment))
