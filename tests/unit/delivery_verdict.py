"""What must hold of deliveries at every moment, and when the dust has settled: the promise as the machine judges it."""

from collections import Counter

from hypothesis.stateful import RuleBasedStateMachine, invariant

from bot.domain.fact import Kind, Notice, NoticeKind, Transition
from bot.domain.outbox import Delivery, Result
from bot.domain.subscription import is_person
from tests.fakes_store import Shelf
from tests.model_slack import Said, World
from tests.unit.delivery_process import Process, TaskList

RECIPIENTS = ("C1", "C2", "U1")


class Judged(RuleBasedStateMachine):
    """The state that the rules of the machine move, and the verdict on it."""

    shelf: Shelf
    world: World
    tasks: TaskList
    process: Process
    due: Counter[tuple[str, Kind]]  # what the list showed, to be told to all who hear of it
    shown: dict[str, str]  # tasks that a poll showed, and in which state
    ever: dict[int, Delivery]  # every delivery there was, as last seen
    months: int  # that passed at once, for P16
    unsure: set[int]  # told in a message that a person deleted before it was settled (P11)

    # ---- at every moment

    def copies(self, seq: int) -> list[Said]:
        return [said for said in self.world.said if seq in said.members]

    def may_be_said_again(self, seq: int) -> bool:
        copies = self.copies(seq)
        return seq in self.unsure or any(said.marked for said in copies)

    @invariant()
    def nothing_is_said_twice(self) -> None:
        for seq in self.ever:
            copies = self.copies(seq)
            if seq not in self.unsure and not any(said.too_late for said in copies):
                marked = sum(said.marked for said in copies)
                assert marked <= 1, f"{seq} was repeated {marked} times"
                assert len(copies) <= 1 + marked, f"{seq} was said {len(copies)} times"

    @invariant()
    def what_is_in_memory_is_in_the_store(self) -> None:
        assert self.process.ledger.memory == self.shelf.memory

    @invariant()
    def slack_found_no_fault(self) -> None:
        assert self.world.faults == []

    @invariant()
    def a_message_that_may_repeat_another_says_so_only_where_nobody_could_look(self) -> None:
        assert all(said.key in self.world.unread for said in self.world.said if said.marked)

    # ---- when the dust has settled

    def check(self) -> None:
        assert self.process.lanes == [], "a lane is stuck"
        self.check_transitions()
        for seq, delivery in self.ever.items():
            self.check_message(seq, delivery)
        for to in RECIPIENTS:
            self.check_drops(to)
            self.check_order(to)
        self.slack_found_no_fault()
        self.nothing_is_said_twice()

    def check_transitions(self) -> None:
        """From the list to the queue: nothing lost, nothing invented, nothing queued twice."""
        listed = self.tasks.rows.keys()
        vanished = {n for n, state in self.shown.items() if n not in listed and state in ("Pending", "Running")}
        due = self.due + Counter((name, Kind.GONE) for name in vanished)
        for to in RECIPIENTS:
            facts = [each.fact for each in self.ever.values() if each.to == to]
            queued = Counter((fact.task.id, fact.kind) for fact in facts if isinstance(fact, Transition))
            heard = {fact: n for fact, n in due.items() if to != "C2" or fact[1] is not Kind.SUCCEEDED}
            assert queued == heard, to

    def check_message(self, seq: int, delivery: Delivery) -> None:
        """From the queue to the channel."""
        assert delivery.settled is not None
        copies = self.copies(seq)
        left = [said for said in copies if not said.deleted_by]
        if delivery.settled.result is Result.DROPPED:
            assert not copies or self.may_be_said_again(seq)
            needed = refused_in_every_form(delivery) or was_word_for_who_left(delivery)
            assert self.months or needed, f"{seq} was dropped without need"
        elif delivery.settled.result is Result.POSSIBLE_REPEAT:
            assert any(each.key in self.world.unread for each in copies) or not copies
        elif any(said.deleted_by == "person" for said in copies):
            assert len(left) <= 1 or self.may_be_said_again(seq)
        elif not any(said.key in self.world.unread for said in copies):
            assert len(left) == 1, f"{seq} stands {len(left)} times in {delivery.to}"

    def check_drops(self, to: str) -> None:
        """P16: what was given up is said, to the last one."""
        mine = [each for each in self.ever.values() if each.to == to]
        given_up = [each for each in mine if each.settled and each.settled.result is Result.DROPPED]
        said = sum(drops_told(each) for each in mine if each not in given_up)
        unsaid = sum(self.shelf.memory.channels[to].given_up.values()) if to in self.shelf.memory.channels else 0
        assert said + unsaid == sum(not drops_told(each) for each in given_up)

    def check_order(self, to: str) -> None:
        """What is told singly or in digests is told in the order in which it was noticed."""
        first: dict[int, str] = {}
        for said in self.world.said:
            if any(each.too_late for each in self.world.said) or self.unsure or not self.world.may_read:
                return
            for seq in said.members:
                delivery = self.ever[seq]
                if delivery.to == to and isinstance(delivery.fact, Transition) and not delivery.batch:
                    first.setdefault(seq, said.ts)
        assert [first[seq] for seq in sorted(first)] == sorted(first.values())


def drops_told(delivery: Delivery) -> int:
    """Of how many given up deliveries it tells (P16)."""
    fact = delivery.fact
    return sum(fact.counts.values()) if isinstance(fact, Notice) and fact.kind is NoticeKind.DROPPED else 0


def was_word_for_who_left(delivery: Delivery) -> bool:
    """Whether it was about the bot, for a person: where nothing else waits, that goes with who left (P18)."""
    return is_person(delivery.to) and isinstance(delivery.fact, Notice)


def refused_in_every_form(delivery: Delivery) -> bool:
    """Whether its last attempt was of the last rung, and refused for its form: nothing else gives it up (P12)."""
    refused = [attempt.outcome for attempt in delivery.attempts][-1:]
    return refused == ["invalid_blocks"]
