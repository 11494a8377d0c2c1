"""Plays the demo's story on the embedded cloud, in a thread of its own.

The story is data; here is only the clock work. It also carries on the tasks that people create while they look, so that
whatever is added to the cloud comes to an end, unless it is held.
"""

import heapq
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.demo.cloud.catalogue import VENDOR_EXAMPLE
from bot.demo.cloud.scenario import GB, OPENING, Deed, Step, Story, ordinary_story, timeline, trickle
from bot.demo.cloud.state import CloudState

KEPT_TASKS = 40
KEPT_SECONDS = 300  # an ended task stays that long all the same: a bot whose API is down must find it afterwards
_LOOK_EVERY = 1.0  # scenario seconds between looks for tasks that people created
_ACTIVE = ("Pending", "Running")


class ScenarioRunner:
    """Plays `stories`, then a seeded trickle; `speed` 10 makes a minute pass in six seconds.

    The vendor's two example tasks are put into the cloud at once, by the constructor.
    """

    def __init__(
        self, cloud: CloudState, *, speed: float = 1.0, seed: int = 7, stories: Sequence[Story] = OPENING
    ) -> None:
        self._cloud = cloud
        self._speed = speed
        self._random = random.Random(seed)
        self._stories = list(stories)
        self._steps = timeline(stories)
        self._trickle = trickle(max((story.created for story in stories), default=0.0), seed)
        self._latest = self._add(next(self._trickle))
        self._task_ids: dict[int, str] = {}
        self._stop = threading.Event()
        self._paused = threading.Event()
        self._thread = threading.Thread(target=self._play, name="demo-scenario", daemon=True)
        for row in VENDOR_EXAMPLE:
            cloud.put(row)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop at once; may be called before `start` and twice."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(5.0)

    @property
    def paused(self) -> bool:
        return self._paused.is_set()

    def pause(self) -> None:
        """Stop the scenario's clock: no task arrives, runs or ends by itself until `resume`."""
        self._paused.set()

    def resume(self) -> None:
        self._paused.clear()

    def advance(self, now: float) -> None:
        """Do everything that is due at this second of the scenario; called by the thread, or by a test instead."""
        while self._latest <= now:
            self._latest = self._add(next(self._trickle))
        while self._steps and self._steps[0].at <= now:
            self._do(heapq.heappop(self._steps))
        self._adopt(now)
        self._tidy()

    def _play(self) -> None:
        now, last = 0.0, time.monotonic()
        while not self._stop.wait(self._nap(now)):
            moment = time.monotonic()
            if not self.paused:
                now += (moment - last) * self._speed
                self.advance(now)
            last = moment

    def _nap(self, now: float) -> float:
        due = self._steps[0].at if self._steps and not self.paused else now + _LOOK_EVERY
        return max(0.0, min(due - now, _LOOK_EVERY)) / self._speed

    def _add(self, story: Story) -> float:
        for step in timeline([story], len(self._stories)):
            heapq.heappush(self._steps, step)
        self._stories.append(story)
        return story.created

    def _do(self, step: Step) -> None:
        story = self._stories[step.story]
        with self._cloud.lock:
            if step.deed is Deed.CREATE:
                self._task_ids[step.story] = _create(self._cloud, story)
                return
            task_id = self._task_ids[step.story]
            row = self._cloud.row(task_id)
            if row is not None and row["state"] in _ACTIVE and not self._cloud.is_held(task_id):
                _DEEDS[step.deed](self._cloud, task_id, story)

    def _adopt(self, now: float) -> None:
        known = set(self._task_ids.values())
        for row in self._cloud.rows():
            if isinstance(row, dict) and row.get("state") == "Pending" and row["id"] not in known:
                self._carry_on(row["id"], row["imageUrl"], now)

    def _carry_on(self, task_id: str, image: str, now: float) -> None:
        number = len(self._stories)
        self._task_ids[number] = task_id
        story = replace(ordinary_story(now, self._random), image=image)
        self._stories.append(story)
        for step in (step for step in timeline([story], number) if step.deed is not Deed.CREATE):
            heapq.heappush(self._steps, step)

    def _tidy(self) -> None:
        rows = [row for row in self._cloud.rows() if isinstance(row, dict)]
        ended = sorted((row for row in rows if row.get("completeTime")), key=lambda row: str(row["completeTime"]))
        recent = self._cloud.clock() - KEPT_SECONDS
        spare = [row["id"] for row in ended[: max(0, len(rows) - KEPT_TASKS)] if int(row["completeTime"]) < recent]
        if spare:
            self._cloud.remove(*spare)


def _create(cloud: CloudState, story: Story) -> str:
    return cloud.add(story.image, story.cluster, products=story.products, note=story.note, auth=story.auth)


def _fail(cloud: CloudState, task_id: str, story: Story) -> None:
    cloud.fail(task_id, *(reason.replace("{image}", story.image) for reason in story.reasons))


def _hang(cloud: CloudState, task_id: str, _story: Story) -> None:
    cloud.hold(task_id)


_DEEDS: Mapping[Deed, Callable[[CloudState, str, Story], None]] = {
    Deed.RUN: lambda cloud, task_id, _story: cloud.run(task_id),
    Deed.SUCCEED: lambda cloud, task_id, story: cloud.succeed(task_id, size=int(story.gigabytes * GB)),
    Deed.FAIL: _fail,
    Deed.REMOVE: lambda cloud, task_id, _story: cloud.remove(task_id),
    Deed.HANG: _hang,
}
