"""Metrics: every name and label that is promised is there at 0, and each event moves what it should."""

import pytest

from bot.domain.fact import Kind, News, Transition
from bot.domain.memory import Memory, Meta, Snapshot
from bot.domain.outbox import Channel, Delivery
from bot.domain.task import Task
from bot.operations.metrics import MetricsObserver
from bot.services.events import Answered, Delayed, DeliverySettled, Event, Noticed, Polled

ENDED = Transition(Kind.FAILED, News.ENDED, Task("t1", "Failed"), at=1.0)
MEMORY = Memory(
    Meta("S"),
    tasks={"t1": Snapshot(Task("t1", "Running")), "gone": Snapshot(Task("gone", "Running"), gone_at=1.0)},
    deliveries={1: Delivery(1, "C1", ENDED, 1.0)},
)


def scrape(*events: Event, memory: Memory = MEMORY) -> list[str]:
    metrics = MetricsObserver()
    metrics.show(
        memory=lambda: memory, last_poll=lambda: 12.5, connected=lambda: True, now=lambda: 5.0, channels=["C0", "C1"]
    )
    for event in events:
        metrics(event)
    metrics.count("200")
    return metrics.render().decode().splitlines()


@pytest.mark.parametrize(
    "line",
    [
        'prewarm_polls_total{result="partial"} 0.0',
        "prewarm_poll_seconds_count 0.0",
        'prewarm_api_requests_total{code="200"} 1.0',
        'prewarm_api_requests_total{code="429"} 0.0',
        'prewarm_tasks{state="Running"} 1.0',
        'prewarm_transitions_total{state="Failed"} 0.0',
        *(
            f'prewarm_deliveries_total{{result="{result}"}} 0.0'
            for result in ("sent", "adopted", "retry", "dropped", "possible_repeat")
        ),
        "prewarm_outbox_depth 1.0",
        'prewarm_untold_seconds{channel="C0"} 0.0',
        'prewarm_untold_seconds{channel="C1"} 4.0',
        'prewarm_untold_seconds{channel="dm"} 0.0',
        "prewarm_last_poll_timestamp_seconds 12.5",
        "prewarm_slack_connected 1.0",
        'prewarm_command_seconds_count{command="show"} 0.0',
    ],
)
def test_each_promised_metric_is_there_from_the_start(line: str) -> None:
    assert line in scrape()


def test_p17_people_wait_together_and_have_no_names() -> None:
    waiting = {seq: Delivery(seq, to, ENDED, at) for seq, to, at in ((1, "U1", 3.0), (2, "W2", 1.5), (3, "C9", 4.0))}
    memory = Memory(Meta("S"), deliveries=waiting, channels={"C1": Channel("C1", parked="is_archived", since=1.0)})
    lines = [line for line in scrape(memory=memory) if line.startswith("prewarm_untold_seconds{")]
    assert lines == [
        'prewarm_untold_seconds{channel="C0"} 0.0',
        'prewarm_untold_seconds{channel="C1"} 0.0',  # nothing is due there
        'prewarm_untold_seconds{channel="dm"} 3.5',
        'prewarm_untold_seconds{channel="C9"} 1.0',
    ]


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Polled("complete", 0.2), 'prewarm_polls_total{result="complete"} 1.0'),
        (Polled("complete", 0.2), "prewarm_poll_seconds_count 1.0"),
        (Noticed(ENDED, 1), 'prewarm_transitions_total{state="Failed"} 1.0'),
        (DeliverySettled("adopted", 3, "C1", "S:1", "C1", "1.2"), 'prewarm_deliveries_total{result="adopted"} 3.0'),
        (Delayed("C1", "S:1", "429", 2), 'prewarm_deliveries_total{result="retry"} 2.0'),
        (Answered("show", 0.1), 'prewarm_command_seconds_count{command="show"} 1.0'),
    ],
)
def test_an_event_moves_its_metric(event: Event, line: str) -> None:
    assert line in scrape(event)
