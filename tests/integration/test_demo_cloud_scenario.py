"""The demo's story shows everything within a minute and then goes on calmly."""

import itertools
from collections import Counter
from collections.abc import Iterator

import pytest

from bot.demo.cloud.catalogue import CLUSTERS, PRODUCTS
from bot.demo.cloud.runner import KEPT_SECONDS, KEPT_TASKS, ScenarioRunner
from bot.demo.cloud.scenario import OPENING, Deed, timeline, trickle
from bot.demo.cloud.server import CloudServer
from bot.demo.cloud.state import CloudState, Row

VENDOR_IDS = {"nzd5nyi4keefsv2d", "fexahnwdp4l1ajva"}


class Clock:
    """Unix seconds that a test moves together with the scenario's seconds."""

    def __init__(self) -> None:
        self.now = 1_757_700_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cloud(clock: Clock) -> CloudState:
    return CloudState(keys=[], seed=1, clock=clock)


def play(runner: ScenarioRunner, clock: Clock, seconds: range) -> None:
    begin = clock.now - seconds.start
    for second in seconds:
        clock.now = begin + second
        runner.advance(second)


def tasks(cloud: CloudState) -> list[Row]:
    return [row for row in cloud.rows() if row["id"] not in VENDOR_IDS]


def states(cloud: CloudState) -> Counter[str]:
    return Counter(row["state"] for row in tasks(cloud))


def test_it_begins_with_the_vendors_two_example_tasks(cloud: CloudState) -> None:
    ScenarioRunner(cloud)
    assert {row["id"] for row in cloud.rows()} == VENDOR_IDS


def test_within_twenty_seconds_something_has_succeeded_and_something_failed(cloud: CloudState, clock: Clock) -> None:
    play(ScenarioRunner(cloud), clock, range(15))
    counts = states(cloud)
    assert counts["Succeeded"] >= 1
    assert counts["Failed"] >= 1
    assert counts["Running"] >= 1


def test_after_a_minute_every_story_has_been_told(cloud: CloudState, clock: Clock) -> None:
    play(ScenarioRunner(cloud), clock, range(60))
    told = [row for row in tasks(cloud) if row["imageUrl"] in {story.image for story in OPENING}]
    hanging = [row for row in told if row["state"] == "Running"]
    assert [row["imageName"] for row in hanging] == ["qwen-serve"]
    assert cloud.is_held(hanging[0]["id"])
    assert all(row["completeTime"] for row in told if row not in hanging)
    vanished = {story.image for story in OPENING if story.ending is Deed.REMOVE}
    assert vanished.isdisjoint(row["imageUrl"] for row in told)


WORDS = [
    "429 Too Many Requests",
    "unauthorized: authentication required",
    "manifest unknown",
    "no space left on device",
    "i/o timeout",
]


@pytest.mark.parametrize("words", WORDS)
def test_failures_have_reasons_as_registries_and_nodes_give_them(cloud: CloudState, clock: Clock, words: str) -> None:
    play(ScenarioRunner(cloud), clock, range(60))
    failed = [row for row in tasks(cloud) if row["state"] == "Failed" and words in row["reason"][0]]
    assert failed
    assert all("{image}" not in row["reason"][0] for row in failed)


def test_one_image_ends_on_all_clusters_at_once_and_fails_on_one(cloud: CloudState, clock: Clock) -> None:
    play(ScenarioRunner(cloud), clock, range(40))
    burst = [row for row in tasks(cloud) if row["imageName"] == "llama-serve"]
    assert {row["clusterId"] for row in burst} == set(CLUSTERS)
    assert len({row["completeTime"] for row in burst}) == 1
    assert Counter(row["state"] for row in burst) == {"Succeeded": len(CLUSTERS) - 1, "Failed": 1}


def test_the_opening_has_quick_and_slow_tasks_chinese_notes_and_several_products() -> None:
    lengths = [story.ended - story.running for story in OPENING if story.ending is Deed.SUCCEED]
    assert (min(lengths), max(lengths) > 10) == (1, True)
    assert sum(any("\u4e00" <= letter <= "\u9fff" for letter in story.note) for story in OPENING) >= 3
    assert max(len(story.products) for story in OPENING) >= 2


def test_every_story_names_clusters_and_products_that_are_for_sale() -> None:
    assert {story.cluster for story in OPENING} <= CLUSTERS.keys()
    assert {product for story in OPENING for product in story.products} <= PRODUCTS.keys()


def test_the_timeline_is_in_order_and_each_task_is_created_before_it_runs() -> None:
    steps = timeline(OPENING)
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    for number in range(len(OPENING)):
        deeds = [step.deed for step in steps if step.story == number]
        assert deeds == [Deed.CREATE, Deed.RUN, OPENING[number].ending]


def test_the_trickle_is_calm_and_the_seed_repeats_it() -> None:
    stories = list(itertools.islice(trickle(60, seed=3), 200))
    assert stories == list(itertools.islice(trickle(60, seed=3), 200))
    gaps = [later.created - earlier.created for earlier, later in itertools.pairwise(stories)]
    assert 8 <= min(gaps) <= max(gaps) <= 20
    endings = Counter(story.ending for story in stories)
    assert 0.1 < endings[Deed.FAIL] / 200 < 0.3


def test_the_trickle_goes_on_for_an_hour_and_old_tasks_are_tidied_away(cloud: CloudState, clock: Clock) -> None:
    runner = ScenarioRunner(cloud)
    play(runner, clock, range(3600))
    assert len(cloud.rows()) == KEPT_TASKS
    assert cloud.log.count == 0
    newest = max(int(row["createTime"]) for row in cloud.rows())
    assert clock.now - newest <= 20
    assert states(cloud)["Failed"] >= 1


def test_what_has_just_ended_stays_in_the_list_however_long_it_is(cloud: CloudState, clock: Clock) -> None:
    runner = ScenarioRunner(cloud)
    play(runner, clock, range(60))
    burst = {cloud.add(state="Succeeded") for _ in range(2 * KEPT_TASKS)}
    play(runner, clock, range(60, 60 + KEPT_SECONDS))
    assert burst <= {row["id"] for row in cloud.rows()}
    play(runner, clock, range(60 + KEPT_SECONDS, 120 + KEPT_SECONDS))
    assert len(cloud.rows()) == KEPT_TASKS


def test_a_task_that_a_person_adds_is_carried_to_its_end(cloud: CloudState, clock: Clock) -> None:
    runner = ScenarioRunner(cloud)
    play(runner, clock, range(5))
    task_id = cloud.add("registry.example.com/mine:1")
    play(runner, clock, range(5, 60))
    row = cloud.row(task_id)
    assert row
    assert row["state"] in {"Succeeded", "Failed"}


@pytest.mark.parametrize("deed", ["hold", "fail", "remove"])
def test_what_a_person_does_to_a_task_of_the_story_stays(cloud: CloudState, clock: Clock, deed: str) -> None:
    runner = ScenarioRunner(cloud)
    play(runner, clock, range(5))
    task_id = tasks(cloud)[0]["id"]
    getattr(cloud, deed)(task_id)
    as_left = cloud.row(task_id)
    play(runner, clock, range(5, 60))
    assert cloud.row(task_id) == as_left


@pytest.fixture
def server() -> Iterator[CloudServer]:
    with CloudServer() as server:
        yield server


def test_the_thread_plays_the_story_at_its_speed_and_stops_at_once(server: CloudServer) -> None:
    runner = ScenarioRunner(server.cloud, speed=100)
    runner.start()
    try:
        assert server.cloud.wait_for(lambda: states(server.cloud)["Succeeded"] >= 8, 10)
    finally:
        runner.stop()
    version = server.cloud.version
    assert not server.cloud.wait_for(lambda: server.cloud.version > version, 0.1)


def test_nothing_moves_while_the_story_is_paused(server: CloudServer) -> None:
    runner = ScenarioRunner(server.cloud, speed=100)
    runner.pause()
    runner.start()
    try:
        version = server.cloud.version
        assert runner.paused
        assert not server.cloud.wait_for(lambda: server.cloud.version > version, 0.1)
        runner.resume()
        assert server.cloud.wait_for(lambda: states(server.cloud)["Succeeded"] >= 1, 10)
    finally:
        runner.stop()


def test_a_runner_may_be_stopped_before_it_starts_and_twice(cloud: CloudState) -> None:
    runner = ScenarioRunner(cloud)
    runner.stop()
    runner.stop()
    assert {row["id"] for row in cloud.rows()} == VENDOR_IDS
