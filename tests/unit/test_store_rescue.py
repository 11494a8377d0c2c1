"""What goes on of a damaged store (rule S): every row that makes sense, under a new name, above every number seen."""

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from bot.adapters.store.codec import decode, encode
from bot.adapters.store.engine import NAMELESS, VERSION, Scrap
from bot.adapters.store.rescue import Rescued, rescue
from bot.domain.errors import StoreNewer
from bot.domain.fact import Kind, News, Transition
from bot.domain.memory import SCHEMA, TABLES, Changes, Memory, Meta, Snapshot
from bot.domain.outbox import Delivery, Post, Result, Settled
from bot.domain.subscription import Mute, Subscription
from bot.domain.task import Task

ENDING = Transition(Kind.FAILED, News.ENDED, Task("t", "Failed"), 5.0)
QUEUED = {seq: Delivery(seq, "C1", ENDING, 5.0) for seq in (1, 2, 3, 4)}
DONE = Delivery(9, "C1", ENDING, 5.0, settled=Settled(Result.SENT, 6.0, "C1", "9.0", "OLD:9"))
WHOLE = Memory(
    Meta("OLD", seq=20, url="https://api.example.com", baseline_at=1.0, greeted=("C1",), subscriptions=4),
    {"t": Snapshot(Task("t", "Failed"))},
    QUEUED,
    {"OLD:1": Post("OLD:1", "C1", "C1", (1, 2), 0.0, 9.0)},
    subscriptions={"2": Subscription("C1", number=2)},
    languages={"C1": "zh"},
)


def scraps(memory: Memory = WHOLE, *archived: Delivery, **lost: str) -> list[Scrap]:
    """The rows of a store; of each table, the row whose key is named cannot be read."""
    tables = {name: getattr(memory, name) for name in TABLES}
    puts, _ = encode(Changes(meta=memory.meta, archive={each.seq: each for each in archived}, **tables))
    rows: list[Scrap] = [(*VERSION, str(SCHEMA).encode()), *puts]
    return [(kind, key, None if lost.get(kind) == key else value) for kind, key, value in rows]


def rescued(found: list[Scrap]) -> Rescued:
    done = rescue(iter(found), "NEW", "store.damaged-1", "a folder")
    rows = [*done.rows(iter(found))]
    assert decode(row for row in rows if row[0] not in ("told", "settled")) == done.memory  # as the next start reads it
    return done


LOST: list[tuple[dict[str, str], dict[str, int], float | None]] = [
    ({}, {}, 1.0),
    ({"languages": "C1"}, {"languages": 1}, 1.0),
    ({"subscriptions": "2"}, {"subscriptions": 1}, 1.0),
    ({"tasks": "t"}, {"tasks": 1}, None),
    ({"meta": ""}, {"meta": 1}, None),
    ({"told": "t/9", "settled": "1970-01-01/9"}, {"archive": 1}, 1.0),
    ({"settled": "1970-01-01/9"}, {}, 1.0),
    ({"schema": ""}, {}, 1.0),
]


@pytest.mark.parametrize(("lost", "gone", "baseline"), LOST)
def test_what_is_lost_is_counted_and_a_baseline_is_made_where_tasks_may_be_missing(
    lost: dict[str, str], gone: dict[str, int], baseline: float | None
) -> None:
    meta = rescued(scraps(WHOLE, DONE, **lost)).memory.meta
    assert (meta.gone, meta.baseline_at, meta.greeting) == (gone, baseline, "damaged")
    assert (meta.greeted, meta.lost, meta.store) == ((), "store.damaged-1", "NEW")


def test_a_loss_without_a_name_may_be_anything() -> None:
    memory = rescued([*scraps(), NAMELESS]).memory
    assert (memory.meta.gone, memory.meta.baseline_at) == ({"unknown": 1}, None)
    assert [seq for seq, each in memory.deliveries.items() if each.may_repeat] == [3, 4]


MUTED = {"C1": Mute("C1", 5.0, 1.0, 47, "U1")}
NUMBERS = [
    pytest.param(scraps(), 20, id="the one that was remembered"),
    pytest.param(scraps(meta=""), 4, id="of a delivery"),
    pytest.param(scraps(WHOLE, DONE, meta=""), 9, id="of what is archived"),
    pytest.param([*scraps(meta=""), ("deliveries", "88", None)], 88, id="of a delivery that is lost"),
    pytest.param([*scraps(meta=""), ("posts", "OLD:89", None)], 89, id="of a post that is lost"),
    pytest.param([*scraps(meta=""), ("settled", "2026-01-01/90", None)], 90, id="of an archived one that is lost"),
    pytest.param(scraps(Memory(WHOLE.meta, mutes=MUTED), meta=""), 47, id="of the summary that a quiet kept"),
    pytest.param([*scraps(), ("deliveries", "9" * 30, None)], 20, id="and no number that was never given"),
]


@pytest.mark.parametrize(("found", "seq"), NUMBERS)
def test_p2_numbers_go_on_above_every_one_that_was_seen(found: list[Scrap], seq: int) -> None:
    assert rescued(found).memory.meta.seq == seq


def test_p2_what_is_in_flight_keeps_its_key_and_new_posts_get_a_new_name() -> None:
    memory = rescued(scraps()).memory
    assert (memory.posts, memory.meta.store) == (WHOLE.posts, "NEW")


def marked(memory: Memory) -> Mapping[int, bool]:
    return {seq: each.may_repeat for seq, each in memory.deliveries.items()}


def test_p9_what_a_lost_post_may_have_carried_is_said_with_a_mark() -> None:
    memory = rescued(scraps(posts="OLD:1")).memory
    assert marked(memory) == {1: True, 2: True, 3: True, 4: True}
    assert marked(rescued(scraps(languages="C1")).memory) == dict.fromkeys(QUEUED, False)


def test_a_post_goes_on_with_the_members_that_are_left_or_not_at_all() -> None:
    one = rescued(scraps(deliveries="1")).memory
    assert (one.posts["OLD:1"].members, marked(one)) == ((2,), {2: False, 3: False, 4: False})
    alone = Memory(WHOLE.meta, deliveries=QUEUED, posts={"OLD:4": Post("OLD:4", "C1", "C1", (4,), 0.0, 9.0)})
    assert rescued(scraps(alone, deliveries="4")).memory.posts == {}


def test_p11_what_is_archived_is_settled_though_a_stale_page_shows_it_queued() -> None:
    stale = Memory(WHOLE.meta, deliveries={9: replace(DONE, settled=None)})
    done = rescued(scraps(stale, DONE))
    assert done.memory.deliveries == {}
    assert [kind for kind, _, _ in done.rows(iter(scraps(stale, DONE)))].count("told") == 1


def test_the_archive_goes_on_with_a_new_index() -> None:
    found = scraps(WHOLE, DONE, settled="1970-01-01/9")
    rows = {(kind, key): value for kind, key, value in rescued(found).rows(iter(found))}
    assert rows["settled", "1970-01-01/9"] == b"t"
    assert ("told", "t/9") in rows


SETTLED_IN_2 = b"""{"seq": 9, "to": "C1", "fact": {"type": "Notice", "kind": "blind", "at": 5.0}, "queued_at": 5.0,
    "settled": {"result": "sent", "at": 6.0, "conversation": "C1", "ts": "9.0"}}"""


def test_an_older_store_is_brought_over_as_far_as_it_can_be_read() -> None:
    found: list[Scrap] = [
        (*VERSION, b"2"),
        ("meta", "", b'{"store":"OLD","seq":9,"baseline_at":1.0}'),
        ("deliveries", "9", SETTLED_IN_2),
        ("deliveries", "8", b"{"),
        ("channels", "C1", b'{"to":"C1","dropped":3}'),
    ]
    done = rescued(found)
    assert {seq: each.settled.key for seq, each in done.migrated.items() if each.settled} == {9: "OLD:9"}
    assert (done.memory.channels["C1"].given_up, done.memory.deliveries) == ({"dropped": 3}, {})
    assert done.memory.meta.gone == {"deliveries": 1}


def test_of_a_store_in_which_nothing_makes_sense_all_begins_anew() -> None:
    memory = rescued([("tasks", "t", b"{"), NAMELESS]).memory
    assert memory == Memory(Meta("NEW", greeting="lost", lost="store.damaged-1"))


def test_a_damaged_store_of_a_later_version_is_left_to_that() -> None:
    with pytest.raises(StoreNewer, match=f"has schema {SCHEMA + 1}"):
        rescue(iter([(*VERSION, str(SCHEMA + 1).encode())]), "NEW", "store.damaged-1", "a folder")
