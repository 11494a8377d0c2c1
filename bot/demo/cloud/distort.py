"""The list's own faults: answers that are well-formed and nevertheless mislead.

Each fault is one small function in the table of its phase (which rows, which page, which total), so that any mixture of
them can act on one answer. None changes the cloud's tasks: what a test compares with stays the truth.
"""

import random
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from zlib import crc32

from bot.demo.cloud.faults import Fault, Strike
from bot.demo.cloud.list import ListQuery, cut_page, newest_first

Rows = list[Any]

KEPT_LISTS = 100


class Replica:
    """Remembers what the last requests were shown, so that an answer can come from behind."""

    def __init__(self) -> None:
        self._shown: deque[tuple[Any, ...]] = deque(maxlen=KEPT_LISTS)
        self._behind = False

    def see(self, rows: tuple[Any, ...]) -> None:
        self._shown.append(rows)

    def answer(self, current: tuple[Any, ...], lag: float) -> tuple[Any, ...]:
        """Return in turn the list of `lag` requests ago and the current one."""
        self._behind = not self._behind
        if not (self._behind and self._shown):
            return current
        return self._shown[-min(int(lag), len(self._shown))]


class Distorter:
    """Makes pages of the list, distorted by the faults of each request; `seed` fixes its random choices."""

    def __init__(self, seed: int | None) -> None:
        self._random = random.Random(seed)
        self._replica = Replica()
        self._sorted_rows: tuple[Any, ...] = ()
        self._sorted: Rows = []

    def page(self, rows: tuple[Any, ...], query: ListQuery, strike: Strike) -> dict[str, Any]:
        """Return the answer to one list request, as its JSON object."""
        listed = query.select(self._in_order(self._answering(rows, strike)))
        for fault in [fault for fault in _ON_LIST if fault in strike]:
            listed = _ON_LIST[fault](listed, query.page, self._random)
        if Fault.CLAMPED_PAGES in strike:
            query = replace(query, page_size=min(query.page_size, int(strike[Fault.CLAMPED_PAGES])))
        data = cut_page(listed, query.page, query.page_size)
        for fault in [fault for fault in _ON_PAGE if fault in strike]:
            data = _ON_PAGE[fault](data, listed, self._random)
        return {"data": data, **_total(len(listed), strike)}

    def _in_order(self, rows: tuple[Any, ...]) -> Rows:
        # Sorting 100,000 rows anew for each page of an unchanged list would cost more than all the rest.
        if rows is not self._sorted_rows:
            self._sorted_rows, self._sorted = rows, newest_first(rows)
        return self._sorted

    def _answering(self, rows: tuple[Any, ...], strike: Strike) -> tuple[Any, ...]:
        lag = strike.get(Fault.STALE_REPLICA)
        answering = rows if lag is None else self._replica.answer(rows, lag)
        self._replica.see(rows)
        return answering


def _total(total: int, strike: Strike) -> dict[str, Any]:
    if Fault.NO_TOTAL in strike:
        return {}
    if Fault.TOTAL_NOT_A_NUMBER in strike:
        return {"total": "many"}
    return {"total": total + int(strike.get(Fault.WRONG_TOTAL, 0))}


def _empty(_listed: Rows, _page: int, _random: random.Random) -> Rows:
    return []


def _unordered(listed: Rows, _page: int, _random: random.Random) -> Rows:
    return sorted(listed, key=lambda row: crc32(repr(_id(row)).encode()))


def _shuffled(listed: Rows, _page: int, random_: random.Random) -> Rows:
    return random_.sample(listed, len(listed))


def _inserted(listed: Rows, page: int, _random: random.Random) -> Rows:
    return listed if page == 1 or not listed else [listed[0], *listed]


def _removed(listed: Rows, page: int, _random: random.Random) -> Rows:
    return listed if page == 1 else listed[1:]


def _swapped(listed: Rows, page: int, _random: random.Random) -> Rows:
    return listed[:-1] if page == 1 else listed[1:]


def _older_copy(data: Rows, listed: Rows, _random: random.Random) -> Rows:
    first = listed[0] if listed else None
    return [*data, {**first, "state": "Running", "completeTime": ""}] if isinstance(first, dict) else data


def _one_left_out(data: Rows, _listed: Rows, random_: random.Random) -> Rows:
    skipped = random_.randrange(len(data)) if data else 0
    return data[:skipped] + data[skipped + 1 :]


def _first_without(field: str) -> Callable[[Rows, Rows, random.Random], Rows]:
    def without(data: Rows, _listed: Rows, _random: random.Random) -> Rows:
        if not data or not isinstance(data[0], dict):
            return data
        return [{name: value for name, value in data[0].items() if name != field}, *data[1:]]

    return without


def _id(row: Any) -> Any:
    return row.get("id") if isinstance(row, dict) else row


_ON_LIST: Mapping[Fault, Callable[[Rows, int, random.Random], Rows]] = {
    Fault.EMPTY_LIST: _empty,
    Fault.UNORDERED: _unordered,
    Fault.SHUFFLED: _shuffled,
    Fault.ROW_INSERTED: _inserted,
    Fault.ROW_REMOVED: _removed,
    Fault.ROW_SWAPPED: _swapped,
}
_ON_PAGE: Mapping[Fault, Callable[[Rows, Rows, random.Random], Rows]] = {
    Fault.SAME_ID_TWICE: _older_copy,
    Fault.ROW_LEFT_OUT: _one_left_out,
    Fault.ROW_WITHOUT_ID: _first_without("id"),
    Fault.ROW_WITHOUT_STATE: _first_without("state"),
}
