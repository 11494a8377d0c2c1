"""How the rows of an older schema become those of the next one. A row that is damaged is left for the decoder to judge.

They work on JSON and not on today's records, since those go on changing.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

import msgspec

from bot.adapters.store.archive import SETTLED, TOLD, day_of
from bot.adapters.store.engine import Key

Rows = Mapping[Key, bytes]
Migration = Callable[[Rows], Rows]  # all rows of one schema -> all rows of the next


def to_archive(rows: Rows) -> Rows:
    """2 -> 3: what is settled goes to the archive and knows its post's key; what was given up is counted by reason."""
    new = dict(rows)
    meta = next((record for _, record in _records(rows, "meta")), {})
    held = {str(seq) for _, post in _records(rows, "posts") for seq in post.get("members") or ()}
    deliveries = [(key, record, record["settled"]) for key, record in _records(rows, "deliveries") if _settled(record)]
    first: dict[object, int] = {}  # numbers by message: the lowest gave the key
    for _, record, settled in deliveries:
        if settled.get("ts"):
            message = (record["to"], settled["conversation"], settled["ts"])
            first[message] = min(record["seq"], first.get(message, record["seq"]))
    for key, record, settled in deliveries:
        if seq := first.get((record["to"], settled.get("conversation"), settled.get("ts"))):
            settled.setdefault("key", f"{meta.get('store', '')}:{seq}")
        value = msgspec.json.encode(record)
        if str(record["seq"]) in held or (record["fact"]["type"] == "Stuck" and settled.get("ts")):
            new[key] = value
            continue
        task = quote(record["fact"].get("task", {}).get("id", ""), safe="")
        new[TOLD, f"{task}/{record['seq']}"] = value
        new[SETTLED, f"{day_of(settled['at'])}/{record['seq']}"] = task.encode()
        del new[key]
    for key, channel in _records(rows, "channels"):
        if dropped := channel.pop("dropped", 0):
            new[key] = msgspec.json.encode({**channel, "given_up": {"dropped": dropped}})
    repeated = [settled["at"] for _, _, settled in deliveries if settled.get("result") == "possible_repeat"]
    if meta and repeated and "repeats" not in meta:
        new["meta", ""] = msgspec.json.encode({**meta, "repeats": len(repeated), "repeated_at": max(repeated)})
    return new


class _Fact(msgspec.Struct):
    type: str


class _End(msgspec.Struct):
    at: float
    conversation: str = ""
    ts: str = ""


class _Settled(msgspec.Struct):
    """As much of a settled delivery as the migration needs to be there."""

    seq: int
    to: str
    fact: _Fact
    settled: _End


def _settled(record: Mapping[str, Any]) -> bool:
    try:
        msgspec.convert(record, _Settled)
    except msgspec.ValidationError:
        return False
    return True


def _records(rows: Rows, kind: str) -> Iterator[tuple[Key, dict[str, Any]]]:
    """Yield the rows of a kind that are JSON objects."""
    for key, value in rows.items():
        if key[0] == kind:
            try:
                record = msgspec.json.decode(value)
            except ValueError:
                continue
            if isinstance(record, dict):
                yield key, record


MIGRATIONS: Final[Mapping[int, Migration]] = {1: dict, 2: to_archive}  # by the schema each starts from; 2 added tables
