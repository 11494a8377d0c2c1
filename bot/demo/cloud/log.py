"""What was asked of the embedded cloud: the list of requests that tests count and wait for.

It owns the condition that the whole cloud shares, so that one wait can look at requests and tasks together.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.demo.cloud.faults import Fault

KEPT_REQUESTS = 10_000


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """One request; `status` stays None while it is unanswered, and for ever if it never gets a whole answer."""

    serial: int
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in lower case
    body: Any
    at: float  # Unix seconds
    faults: tuple[Fault, ...] = ()
    status: int | None = None


class RequestLog:
    """The last requests; `condition` is notified when one arrives and when it is answered."""

    def __init__(self) -> None:
        self.condition = threading.Condition(threading.RLock())
        self._requests: dict[int, RecordedRequest] = {}
        self._count = 0

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """The last KEPT_REQUESTS requests, oldest first."""
        with self.condition:
            return tuple(self._requests.values())

    @property
    def count(self) -> int:
        """How many requests came since the start."""
        with self.condition:
            return self._count

    def arrived(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        body: Any,
        faults: tuple[Fault, ...],
    ) -> int:
        """Record a request and return its serial number."""
        names = {name.lower(): value for name, value in headers.items()}
        with self.condition:
            self._count += 1
            serial = self._count
            self._requests[serial] = RecordedRequest(
                serial, method, path, dict(query), names, body, time.time(), faults
            )
            self._requests.pop(serial - KEPT_REQUESTS, None)
            self.condition.notify_all()
        return serial

    def answered(self, serial: int, status: int) -> None:
        with self.condition:
            if serial in self._requests:
                self._requests[serial] = replace(self._requests[serial], status=status)
            self.condition.notify_all()
