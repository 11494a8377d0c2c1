"""What a visitor does to tasks of the embedded cloud: add one, let a burst end, make one fail, succeed, hang or vanish.

A visitor gives as little as one click, so everything left out is made up as the demo's story makes up its own tasks.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.demo.cloud.catalogue import CLUSTERS
from bot.demo.cloud.scenario import GB, MANIFEST_UNKNOWN, NO_SPACE, RATE_LIMIT, TIMEOUT, UNAUTHORIZED, ordinary_story
from bot.demo.cloud.state import CloudState, Row

ACTIVE: Final = ("Pending", "Running")
MOST_TASKS: Final = 300
BURST_SECONDS: Final = 2.0
_BURST_IMAGES: Final = 4
_BURST_FAILS: Final = 0.2


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a task fails: the words on the button, and the vendor's words with {image} for the image's address."""

    title: str
    words: tuple[str, ...]


REASONS: Final[Mapping[str, Reason]] = {
    "rate_limit": Reason("Registry's rate limit", RATE_LIMIT),
    "wrong_credential": Reason("Wrong credential", UNAUTHORIZED),
    "not_found": Reason("Image not found", MANIFEST_UNKNOWN),
    "no_space": Reason("No space on the nodes", NO_SPACE),
    "timeout": Reason("Timeout of the network", TIMEOUT),
}


class TaskError(Exception):
    """An act that this task does not allow: it has ended, or it is gone, or the list is full."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class TaskActs:
    """The acts, each safe from any thread; raises TaskError with the HTTP status that fits."""

    def __init__(self, cloud: CloudState, seed: int | None = None) -> None:
        self._cloud = cloud
        self._random = random.Random(seed)

    def add(self, given: Mapping[str, Any]) -> Row:
        """Add a Pending task; image, cluster, note and products are made up where not given."""
        story = ordinary_story(0, self._random)
        return self._create(
            given.get("image", story.image),
            given.get("cluster", story.cluster),
            given.get("products", story.products),
            # a note that was made up for one image would be odd under another one
            given.get("note", "" if "image" in given else story.note),
        )

    def end(self, task_id: str, reason: str | None) -> Row:
        """End an active task: failed for one of REASONS, or well without."""
        with self._cloud.lock:
            row = self._active(task_id)
            if reason is None:
                self._cloud.succeed(task_id, size=int(self._random.uniform(0.5, 25) * GB))
            else:
                image = str(row.get("imageUrl"))
                self._cloud.fail(task_id, *(words.replace("{image}", image) for words in REASONS[reason].words))
            return row

    def hang(self, task_id: str) -> Row:
        """Keep an active task as it is until a visitor ends it."""
        with self._cloud.lock:
            row = self._active(task_id)
            self._cloud.hold(task_id)
            return row

    def delete(self, task_id: str) -> Row:
        with self._cloud.lock:
            row = self._known(task_id)
            self._cloud.remove(task_id)
            return row

    def burst(self, number: int) -> list[str]:
        """Add running tasks of a few images on all clusters, for `end_burst`."""
        stories = [ordinary_story(0, self._random) for _ in range(_BURST_IMAGES)]
        clusters = list(CLUSTERS)
        task_ids = []
        with self._cloud.lock:
            self._check_room(number)
            for place in range(number):
                story = stories[place % len(stories)]
                cluster = clusters[place // len(stories) % len(clusters)]
                task_ids.append(self._create(story.image, cluster, story.products, "")["id"])
                self._cloud.run(task_ids[-1])
        return task_ids

    def end_burst(self, task_ids: Sequence[str]) -> None:
        """End at once what is left of a burst, one in five badly and for the same reason."""
        reason = self._random.choice(list(REASONS))
        with self._cloud.lock:
            left = [row for row in map(self._cloud.row, task_ids) if row is not None and row["state"] in ACTIVE]
            for row in left:
                self.end(row["id"], reason if self._random.random() < _BURST_FAILS else None)

    def _create(self, image: str, cluster: str, products: Sequence[str], note: str) -> Row:
        with self._cloud.lock:
            self._check_room(1)
            row = self._cloud.row(self._cloud.add(image, cluster, products=products, note=note))
        return row or {}

    def _check_room(self, number: int) -> None:
        if len(self._cloud.rows()) + number > MOST_TASKS:
            raise TaskError(409, f"The list holds {MOST_TASKS} tasks at most; old ones leave it after five minutes.")

    def _known(self, task_id: str) -> Row:
        row = self._cloud.row(task_id)
        if not isinstance(row, dict):
            raise TaskError(404, f"There is no task {task_id}; it may have left the list.")
        return row

    def _active(self, task_id: str) -> Row:
        row = self._known(task_id)
        if row.get("state") not in ACTIVE:
            raise TaskError(409, f"Task {task_id} has already ended: {row.get('state')}.")
        return row
