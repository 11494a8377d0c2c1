"""Metrics for Prometheus: what happened is counted as it happens, what is the case is read when somebody asks.

The README names them. Every label that can be foreseen is there at 0, so that a rule on `increase` sees the first one.
Vendor states keep the vendor's spelling; our own words for what is no such state are in small letters.
"""

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, get_args

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.commands.request import Request
from bot.domain import queue
from bot.domain.fact import Kind
from bot.domain.memory import Memory
from bot.domain.outbox import Result
from bot.domain.subscription import is_person
from bot.domain.task import TaskState
from bot.domain.untold import untold
from bot.services.events import Answered, Delayed, DeliverySettled, Event, Forgotten, Noticed, Polled

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
UNKNOWN: Final = "unknown"  # any state that is not documented: the vendor could make up as many labels as it likes
RETRY: Final = "retry"
DIRECT: Final = "dm"  # all people together

_KINDS: Final = {
    Kind.SUCCEEDED: TaskState.SUCCEEDED.value,
    Kind.FAILED: TaskState.FAILED.value,
    Kind.ENDED: UNKNOWN,
    Kind.GONE: "gone",
}
_RESULTS: Final = ("complete", "partial", "failed")
_CODES: Final = ("200", "400", "401", "403", "429", "500", "502", "503", "504", "error")  # error: no answer
_COMMANDS: Final = tuple(request.__name__.lower() for request in get_args(Request))
_POLL_BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)  # seconds
_COMMAND_BUCKETS: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0)  # an answer waits 1 s for a poll


class MetricsObserver:
    """Counts events, and shows what is the case at the moment of a scrape."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series per counter that nobody reads
        self.registry = CollectorRegistry()
        self._polls = self._counter("prewarm_polls", "Polls of the list", "result", _RESULTS)
        self._seconds = Histogram(
            "prewarm_poll_seconds", "How long a poll took", buckets=_POLL_BUCKETS, registry=self.registry
        )
        self._requests = self._counter(
            "prewarm_api_requests", "Requests to the prewarm API by HTTP status; error: no answer", "code", _CODES
        )
        self._transitions = self._counter(
            "prewarm_transitions", "Runs of tasks that came to an end", "state", _KINDS.values()
        )
        self._deliveries = self._counter(
            "prewarm_deliveries", "Deliveries (not messages) by what became of them", "result", (*Result, RETRY)
        )
        self._commands = Histogram(
            "prewarm_command_seconds",
            "From a question to its answer",
            ["command"],
            buckets=_COMMAND_BUCKETS,
            registry=self.registry,
        )
        for command in _COMMANDS:
            self._commands.labels(command)
        ProcessCollector(registry=self.registry)

    def show(
        self,
        *,
        memory: Callable[[], Memory],
        last_poll: Callable[[], float | None],
        connected: Callable[[], bool],
        now: Callable[[], float],
        channels: Sequence[str],
    ) -> None:
        """Say where the present is read, on the scraping thread.

        `last_poll` returns the time of the last good poll (rule D2) in Unix seconds, or None; `connected` whether the
        Socket Mode connection stands; `now` the time on Slack's clock. `channels` are the IDs of PREWARM_CHANNEL.
        """
        self.registry.register(_Present(memory, last_poll, connected))
        self.registry.register(_Waiting(memory, now, channels))

    def __call__(self, event: Event) -> None:
        match event:
            case Polled(result, seconds):
                self._polls.labels(result).inc()
                self._seconds.observe(seconds)
            case Noticed(transition):
                self._transitions.labels(_KINDS[transition.kind]).inc()
            case DeliverySettled(result, deliveries):
                self._deliveries.labels(result).inc(deliveries)
            case Forgotten(deliveries=deliveries):
                self._deliveries.labels(Result.DROPPED).inc(deliveries)
            case Delayed(retry=deliveries):
                self._deliveries.labels(RETRY).inc(deliveries)
            case Answered(command, seconds):
                self._commands.labels(command).observe(seconds)

    def count(self, code: str) -> None:
        """Count a request to the prewarm API: its HTTP status, or `error`."""
        self._requests.labels(code).inc()

    def render(self) -> bytes:
        """Return the page for Prometheus, of CONTENT_TYPE."""
        return generate_latest(self.registry)

    def _counter(self, name: str, about: str, label: str, values: Iterable[str]) -> Counter:
        counter = Counter(name, about, [label], registry=self.registry)
        for value in values:
            counter.labels(value)
        return counter


class _Present(Collector):
    """What is the case at the moment of a scrape."""

    def __init__(
        self, memory: Callable[[], Memory], last_poll: Callable[[], float | None], connected: Callable[[], bool]
    ) -> None:
        self._memory, self._last_poll, self._connected = memory, last_poll, connected

    def collect(self) -> Iterator[GaugeMetricFamily]:
        memory = self._memory()
        tasks = GaugeMetricFamily("prewarm_tasks", "Tasks in the list", labels=["state"])
        for state, count in _by_state(memory).items():
            tasks.add_metric([state], count)
        yield tasks
        yield _gauge("prewarm_outbox_depth", "Deliveries that are not settled", queue.depth(memory))
        parked = sum(bool(channel.parked) for channel in memory.channels.values())
        yield _gauge("prewarm_parked", "Channels and people that cannot be posted to; all of Slack is one", parked)
        at = self._last_poll() or 0.0
        yield _gauge("prewarm_last_poll_timestamp_seconds", "When the list was last read whole; 0: not yet", at)
        yield _gauge("prewarm_slack_connected", "1 while the Socket Mode connection stands", self._connected())

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Name nothing: describing would read the memory before there is one."""
        return iter(())


class _Waiting(Collector):
    """How long what is due has been untold (P17), by channel; people have no names here."""

    def __init__(self, memory: Callable[[], Memory], now: Callable[[], float], channels: Sequence[str]) -> None:
        self._memory, self._now, self._channels = memory, now, channels

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now, ages = self._now(), dict.fromkeys((*self._channels, DIRECT), 0.0)
        for each in untold(self._memory()):
            label = DIRECT if is_person(each.to) else each.to
            ages[label] = max(ages.get(label, 0.0), 0.0 if each.oldest is None else now - each.oldest)
        about = "Age of the oldest delivery that is due and not told; direct messages together as dm"
        family = GaugeMetricFamily("prewarm_untold_seconds", about, labels=["channel"])
        for label, age in ages.items():
            family.add_metric([label], age)
        yield family

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Name nothing: describing would read the memory before there is one."""
        return iter(())


def _by_state(memory: Memory) -> Tally[str]:
    tally = Tally({state.value: 0 for state in TaskState} | {UNKNOWN: 0})
    tally.update(snapshot.task.state if snapshot.task.state in tally else UNKNOWN for snapshot in memory.listed())
    return tally


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, value=value)
