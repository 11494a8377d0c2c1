"""A prewarm task as the vendor lists it.

The record keeps the wire's own shapes (strings of seconds and bytes), so that a page decodes straight into it and an
unchanged row is recognised by one comparison; properties give the values people mean. Source: the vendor's list
document, and rule D7 for what counts as unset.
"""

from enum import StrEnum
from typing import Final

import msgspec

LATEST_TIME: Final = 253_402_300_799  # 9999-12-31, the last second `datetime` can show


class TaskState(StrEnum):
    """The four documented states. Any other text is an *unknown* state and is shown verbatim."""

    PENDING = "Pending"
    RUNNING = "Running"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"


ACTIVE: Final = frozenset({TaskState.PENDING.value, TaskState.RUNNING.value})
FINAL: Final = frozenset({TaskState.SUCCEEDED.value, TaskState.FAILED.value})


class Product(msgspec.Struct, frozen=True, gc=False, rename={"id": "productId", "name": "productName"}):
    """A GPU product that the image is prewarmed for."""

    id: str = ""
    name: str = ""


class Task(msgspec.Struct, frozen=True, gc=False, rename="camel", omit_defaults=True):
    """One row of the list. Empty text means unset; `products` empty means the whole cluster.

    Rows hold texts only and make no cycles, so the collector need not walk 100,000 of them.
    """

    id: str
    state: str
    image_name: str = ""
    image_url: str = ""
    cluster_id: str = ""
    cluster_name: str = ""
    products: tuple[Product, ...] = ()
    image_size: str = ""
    create_time: str = ""
    complete_time: str = ""
    note: str = ""
    reason: tuple[str, ...] = ()
    repository_auth: str = ""

    @property
    def created(self) -> int | None:
        """Unix seconds, or None when unset."""
        return _number(self.create_time, LATEST_TIME)

    @property
    def completed(self) -> int | None:
        """Unix seconds, or None when unset."""
        return _number(self.complete_time, LATEST_TIME)

    @property
    def size(self) -> int | None:
        """Bytes, or None when unset."""
        return _number(self.image_size, 2**63)

    @property
    def seconds(self) -> int | None:
        """How long the task took, or None while a time is missing or they contradict each other."""
        if self.created is None or self.completed is None or self.completed < self.created:
            return None
        return self.completed - self.created

    @property
    def has_ended(self) -> bool:
        """Whether the row says that its run is over: one in an unknown state only with a completeTime (D5)."""
        return self.state in FINAL or (self.state not in ACTIVE and self.completed is not None)

    @property
    def reasons(self) -> tuple[str, ...]:
        """The vendor's reasons without blank ones (`[""]` was seen)."""
        return tuple(text for text in self.reason if text.strip())

    @property
    def image(self) -> str:
        """What people call the image: its address, else its name, else its task."""
        return self.image_url or self.image_name or self.id

    @property
    def cluster(self) -> str:
        """`name (ID)`, or whichever of the two there is."""
        if self.cluster_name and self.cluster_id not in self.cluster_name:
            return f"{self.cluster_name} ({self.cluster_id})"
        return self.cluster_name or self.cluster_id


def _number(text: str, most: int) -> int | None:
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)):
        return None
    return int(text) if 0 < int(text) <= most else None
