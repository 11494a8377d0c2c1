"""How settled deliveries lie in the store: written with the step that settles them, read on demand, never at a start.

    told/<task>/<number>     the delivery; the task's ID percent-encoded, "" for what is about no task
    settled/<day>/<number>   names that <task>; the day (UTC) on which it was settled

So "about this task" and "settled before that day" are one range of keys each.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

import msgspec

from bot.adapters.store.engine import Key, Row
from bot.domain.fact import task_of
from bot.domain.outbox import Delivery

TOLD: Final = "told"
SETTLED: Final = "settled"
KINDS: Final = (TOLD, SETTLED)

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(Delivery).decode


def rows_of(delivery: Delivery) -> tuple[Row, Row]:
    """Return the rows of a delivery that is settled."""
    assert delivery.settled is not None, "only what is settled is put away"  # noqa: S101 - a proof for mypy
    task = quote(task_of(delivery.fact), safe="")
    day = day_of(delivery.settled.at)
    return (TOLD, f"{task}/{delivery.seq}", _encode(delivery)), (SETTLED, f"{day}/{delivery.seq}", task.encode())


def about(task: str) -> tuple[str, str, str]:
    """Return the range of the deliveries about a task: the kind, the first key and the end."""
    return TOLD, f"{quote(task, safe='')}/", f"{quote(task, safe='')}0"  # "0" comes after "/"


def before(at: float) -> tuple[str, str, str]:
    """Return the range of what was settled before this day."""
    return SETTLED, "", day_of(at)


def keys_of(settled: Iterable[Row]) -> Iterator[Key]:
    """Yield the keys that go with rows of the kind SETTLED: their own, and those of the deliveries."""
    for kind, key, task in settled:
        yield kind, key
        yield TOLD, f"{task.decode(errors='replace')}/{key.rpartition('/')[2]}"


def deliveries(told: Iterable[Row]) -> tuple[Delivery, ...]:
    """Return the deliveries of rows of the kind TOLD in the order of their numbers, without those that are damaged."""
    return tuple(sorted(_readable(told), key=lambda each: each.seq))


def _readable(told: Iterable[Row]) -> Iterator[Delivery]:
    for _, _, value in told:
        try:
            yield _decode(value)
        except ValueError:
            continue


def day_of(at: float) -> str:
    """Return the day (UTC) of a time in Unix seconds, in an order that is also that of its text."""
    return f"{datetime.fromtimestamp(min(max(at, 0.0), _LAST_DAY), UTC):%Y-%m-%d}"


_LAST_DAY: Final = 253_402_300_799.0  # of the year 9999: a damaged row may hold any number
