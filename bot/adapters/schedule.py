"""What is done again and again, by APScheduler, and watched by a clock that does not step.

APScheduler compares wall time: a clock that is set back an hour would stop every job for an hour. And whether its
thread lives says little; that a job began lately says all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from apscheduler.schedulers.background import BackgroundScheduler

GRACE_AT_MOST: Final = 60.0  # seconds after its time until a job is overdue
STUCK_AT_LEAST: Final = 120.0  # seconds without the beginning of any job after which the schedule itself is at fault


@dataclass
class _Job:
    seconds: float  # from one beginning to the next
    call: Callable[[], object]
    began: float  # tick

    def overdue_at(self) -> float:
        return self.began + self.seconds + min(2 * self.seconds, GRACE_AT_MOST)


class Schedule:
    """Jobs on threads of their own. A job that still runs when it is due again is not begun a second time."""

    def __init__(self, tick: Callable[[], float]) -> None:
        self._tick = tick
        self._jobs: dict[str, _Job] = {}
        self._scheduler = BackgroundScheduler(timezone=UTC)

    def every(self, seconds: float, name: str, call: Callable[[], object]) -> None:
        """Call something when the schedule starts, and every so many seconds from then on."""
        self._jobs[name] = _Job(seconds, call, self._tick())
        self._scheduler.add_job(
            self._begin,
            "interval",
            [name],
            id=name,
            seconds=seconds,
            next_run_time=datetime.now(UTC),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )

    def start(self) -> None:
        """Begin."""
        for job in self._jobs.values():
            job.began = self._tick()
        self._scheduler.start()

    def stop(self) -> None:
        """Begin no more jobs; before `start` and twice is fine. Those that run go on."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def mend(self) -> None:
        """Have every job that is overdue begin now. To be called every few seconds."""
        for name, job in self._jobs.items():
            if self._scheduler.running and self._tick() > job.overdue_at():
                self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))

    @property
    def trouble(self) -> str:
        """Why a restart would help: no job has begun for long although it was due. "" while all is well."""
        if not self._scheduler.running:
            return ""
        age = self._tick() - max(job.began for job in self._jobs.values())
        limit = max(STUCK_AT_LEAST, 4 * min(job.seconds for job in self._jobs.values()))
        return f"No job has begun for {age:.0f} s: its thread is dead or stuck." if age > limit else ""

    def _begin(self, name: str) -> None:
        job = self._jobs[name]
        job.began = self._tick()
        job.call()
