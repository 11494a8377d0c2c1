"""Who hears of an ending, against everything that people do in between: exactly those who asked, once, in one commit.

Hypothesis plays the list, the people and restarts; the model beside it is the rule in its plainest form. What Slack
does to a delivery is another machine's matter (test_delivery_machine.py).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.domain.answer import AsOf
from bot.domain.fact import Transition
from bot.domain.filter import Filter, Hears
from bot.domain.outbox import Delivery
from bot.domain.queue import lane_of
from bot.domain.subscription import Subscription
from bot.services.actions import Actions
from bot.services.question import Asker
from tests.examples import examples
from tests.unit.answers_harness import Doors
from tests.unit.delivery_process import reloaded
from tests.unit.routing_model import STANDING, Heard, Wish, heard_by
from tests.unit.watcher_harness import House

PEOPLE, CHANNELS = ("U1", "U2"), (STANDING, "C2")
ASKERS = st.sampled_from(
    [Asker(user, channel) for user in PEOPLE for channel in CHANNELS]
    + [Asker(user, f"D{user}", direct=True, private=True) for user in PEOPLE]
)
IMAGES = ("qwen", "llama")
WORDS = st.sampled_from([(), ("qwen",), ("LLAMA",), ("qwen", "7b")])
HEARS = st.sampled_from(list(Hears))
AT_WORK, OVER = ("Pending", "Running"), ("Failed", "Succeeded")
PICKS = st.integers(0, 12)


class Routing(RuleBasedStateMachine):
    """A watcher and the people's acts on one ledger; `wishes` is what the model believes was asked for."""

    @initialize()
    def begin(self) -> None:
        self.house, self.names = House(), count()
        self.images: dict[str, str] = {}
        self.known: dict[str, str] = {}  # the state that the last poll saw
        self.missing: Counter[str] = Counter()  # polls without a task that was at work
        self.wishes: dict[int, Wish] = {}
        self.numbers = count(1)
        self.heard: Counter[Heard] = Counter()
        self.hire()

    def hire(self) -> None:
        house = self.house
        standing = (Subscription(STANDING),)
        now = house.clock.tick
        self.actions = Actions(house.ledger, Doors(), standing=standing, now=now, slack_now=now)

    @rule()
    def the_bot_restarts(self) -> None:
        self.house.shelf.memory = reloaded(self.house.shelf.memory)
        self.house.start()
        self.hire()
        self.missing = Counter(dict.fromkeys(self.missing, 0))

    # ---- the list

    @rule(tasks=st.lists(st.tuples(st.sampled_from(AT_WORK + OVER), st.sampled_from(IMAGES)), min_size=1, max_size=4))
    def tasks_appear(self, tasks: list[tuple[str, str]]) -> None:
        for state, image in tasks:
            self.a_task_appears(state, image)
        self.poll()

    def a_task_appears(self, state: str, image: str) -> None:
        name = f"task-{next(self.names):04}"
        self.images[name] = f"{image}-7b"
        self.house.at(name, state, self.images[name])

    @rule(states=st.lists(st.sampled_from(("Running", *OVER, "vanished")), min_size=1, max_size=4), pick=PICKS)
    def tasks_go_on(self, states: list[str], pick: int) -> None:
        for state in states:
            if state == "vanished":
                self.a_task_vanishes(pick)
            else:
                self.a_task_goes_on(state, pick)

    def a_task_goes_on(self, state: str, pick: int) -> None:
        if name := self.picked(AT_WORK, pick):
            self.house.at(name, state, self.images[name])

    def a_task_vanishes(self, pick: int) -> None:
        name = self.picked(AT_WORK, pick)
        if name and self.known.get(name) in AT_WORK:
            del self.house.rows[name]
            self.missing[name] = 0

    def picked(self, states: tuple[str, ...], pick: int) -> str:
        names = [name for name, row in self.house.rows.items() if row.state in states]
        return names[pick % len(names)] if names else ""

    # ---- people

    @rule(
        what=st.sampled_from(
            ("subscribe", "watch", "watch one", "watch one", "watch one", "unsubscribe", "unwatch", "unwatch one")
        ),
        asker=ASKERS,
        hears=HEARS,
        words=WORDS,
        pick=PICKS,
    )
    def somebody_asks(self, what: str, asker: Asker, hears: Hears, words: tuple[str, ...], pick: int) -> None:
        match what:
            case "subscribe":
                self.subscribe(asker, hears, words)
            case "watch":
                self.watch(asker, hears, words)
            case "watch one":
                self.watch_one(asker, pick)
            case "unsubscribe":
                self.unsubscribe(asker, pick)
            case "unwatch":
                self.unwatch(asker, pick)
            case _:
                self.unwatch_one(asker, pick)

    def subscribe(self, asker: Asker, hears: Hears, words: tuple[str, ...]) -> None:
        self.actions.subscribe(asker, hears, Filter(words=words))
        self.wished(Wish(asker.to, hears.value, words))

    def watch(self, asker: Asker, hears: Hears, words: tuple[str, ...]) -> None:
        self.actions.watch(self.as_of, asker, hears, Filter(words=words))
        self.wished(Wish(asker.user, hears.value, words))

    def watch_one(self, asker: Asker, pick: int) -> None:
        name = self.picked(AT_WORK if pick % 4 else AT_WORK + OVER, pick)
        if not name or name == "anchor":
            return
        self.actions.watch(self.as_of, asker, Hears.ALL, Filter(words=(name,)))
        if name not in self.known:
            self.wished(Wish(asker.user, words=(name,)))
        elif self.known[name] in AT_WORK:
            self.wished(Wish(asker.user, task=name))

    def unsubscribe(self, asker: Asker, pick: int) -> None:
        self.ended([number for number in self.numbered(pick) if self.wishes[number].to == asker.to])
        self.actions.unsubscribe(asker, pick)

    def unwatch(self, asker: Asker, pick: int) -> None:
        self.ended([number for number in self.numbered(pick) if self.wishes[number].to == asker.user])
        self.actions.unwatch(asker, pick, Hears.ALL, Filter())

    def unwatch_one(self, asker: Asker, pick: int) -> None:
        if not (name := self.picked(AT_WORK + OVER, pick)):
            return
        meant = Wish(asker.user, task=name), Wish(asker.user, words=(name,))
        self.ended([number for number, wish in self.wishes.items() if wish in meant])
        self.actions.unwatch(asker, None, Hears.ALL, Filter(words=(name,)))

    @rule(asker=ASKERS, quiet=st.booleans())
    def somebody_wants_quiet_or_no_more(self, asker: Asker, quiet: bool) -> None:
        if quiet:
            self.actions.mute(asker, self.house.clock.at + 3600)
        else:
            self.actions.unmute(asker)

    def wished(self, wish: Wish) -> None:
        if wish != Wish(STANDING) and wish not in self.wishes.values():
            self.wishes[next(self.numbers)] = wish

    def numbered(self, number: int) -> list[int]:
        return [number] if number in self.wishes else []

    def ended(self, numbers: list[int]) -> None:
        for number in numbers:
            del self.wishes[number]

    # ---- a poll, and what has to come of it

    @rule(polls=st.integers(1, 3))
    def time_passes(self, polls: int) -> None:
        for _ in range(polls):
            self.poll()

    def poll(self) -> None:
        endings = dict(self.endings())
        due = Counter(heard_by(self.wishes.values(), endings, self.images))
        self.house.steps.clear()
        told = Counter(self.house.poll(20.0))
        assert told == Counter({(to, how, task): 1 for to, task, how in due})
        self.one_commit(endings)
        self.heard += due
        self.known |= {name: row.state for name, row in self.house.rows.items()}
        self.ended([number for number, wish in self.wishes.items() if endings.get(wish.task, "gone") != "gone"])

    def endings(self) -> Iterator[tuple[str, str]]:
        for name, row in self.house.rows.items():
            if row.state in OVER and self.known.get(name, "") not in OVER and name != "anchor":
                yield name, row.state.lower()
        for name in list(self.missing):
            self.missing[name] += 1
            if self.missing[name] == 2:  # D6: two sweeps in a row, thirty seconds
                del self.missing[name]
                self.known[name] = "Gone"
                yield name, "gone"

    def one_commit(self, endings: Mapping[str, str]) -> None:
        """D10: state, deliveries and the end of watches stand in the same step; one of a task that is gone goes on."""
        steps = [step for step in self.house.steps if any(map(is_ending, step.deliveries.values()))]
        assert len(steps) == bool(endings)
        known = {name for name, how in endings.items() if how != "gone"}
        watches = {str(number) for number, wish in self.wishes.items() if wish.task in known}
        for step in steps:
            assert endings.keys() <= set(step.tasks)
            assert {number for number, row in step.subscriptions.items() if row is None} == watches

    # ---- always

    @invariant()
    def the_model_and_the_store_know_the_same_wishes(self) -> None:
        stored = self.house.shelf.memory.subscriptions.values()
        as_wishes = {each.number: Wish(each.to, each.hears.value, each.filter.words, each.task) for each in stored}
        assert as_wishes == self.wishes

    @invariant()
    def nobody_hears_of_an_ending_twice(self) -> None:
        facts = [(each.to, each.fact) for each in self.house.shelf.deliveries.values()]
        heard = Counter((to, fact.task.id, fact.kind.value) for to, fact in facts if isinstance(fact, Transition))
        assert heard == self.heard

    @invariant()
    def what_came_in_a_quiet_waits_for_its_end_and_nothing_else_does(self) -> None:
        memory = self.house.shelf.memory
        for to in (*PEOPLE, *CHANNELS):
            lane = lane_of(memory, to)
            waiting = [each for each in lane.queue if isinstance(each.fact, Transition)]
            mute = memory.mutes.get(to)
            free = [each for each in waiting if mute is None or each.seq < mute.number]
            assert [each for each in lane.heard if isinstance(each.fact, Transition)] == free

    @property
    def as_of(self) -> AsOf:
        return AsOf(self.house.clock.at)


def is_ending(delivery: Delivery | None) -> bool:
    return delivery is not None and isinstance(delivery.fact, Transition)


@pytest.mark.many
@pytest.mark.timeout(120)
def test_whoever_asked_hears_of_each_ending_once() -> None:
    run_state_machine_as_test(
        Routing, settings=settings(deadline=None, max_examples=examples(120), stateful_step_count=50)
    )
