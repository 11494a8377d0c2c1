"""Edits (P8, P10): how many are kept, which goes next, and what becomes of one that is refused. No thread runs here."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from bot.domain.outbox import Action, Doubtful, Posted, Refused, SendOutcome
from bot.rendering.payload import Payload
from bot.services.edits import APART, KEPT, WAIT_AT_MOST, Edit, Edits
from bot.services.events import Failed
from tests.fakes import Clock, Witness

LIMITED = Refused(Action.WAIT, "ratelimited", 30.0)
FORM = Refused(Action.PLAIN, "invalid_blocks")


@dataclass
class House:
    clock: Clock = field(default_factory=Clock)
    witness: Witness = field(default_factory=Witness)
    outcomes: deque[SendOutcome] = field(default_factory=deque)
    busy: set[str] = field(default_factory=set)
    asked: int = 0
    log: list[tuple[str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.edits = Edits(self, idle=self.idle, observe=self.witness, tick=self.clock.tick)

    def idle(self, to: str, _: str) -> bool:
        self.asked += 1
        return to not in self.busy

    def update(self, conversation: str, ts: str, payload: Payload) -> SendOutcome:
        self.log.append((conversation, ts, payload.text))
        return self.outcomes.popleft() if self.outcomes else Posted(ts)

    def amend(self, ts: str, text: str = "it ended", to: str = "C1") -> None:
        self.edits.add(to, ts, Edit(worded(text), to))

    def go_on(self, seconds: float = APART) -> list[str]:
        """Let time pass and make all edits that may be made; return their texts."""
        self.clock.at += seconds
        before = len(self.log)
        while self.edits.advance() == 0.0:
            pass
        return [text for _, _, text in self.log[before:]]


def worded(text: str) -> Callable[[bool], Payload]:
    return lambda is_plain: Payload(f"{text}, plain" if is_plain else text, ())


@pytest.fixture
def house() -> House:
    return House()


def test_p10_no_more_than_a_thousand_wait_and_the_oldest_is_let_go(house: House) -> None:
    house.busy = {"C1"}
    for number in range(KEPT + 1):
        house.amend(f"{number}.0", str(number))
    assert len(house.witness.of(Failed)) == 1
    assert house.edits.advance() is None
    assert house.asked == 1, "a recipient is asked for once, however many edits wait for it"
    house.busy.clear()
    assert [house.go_on() for _ in range(2)] == [["1"], ["2"]]


def test_p10_edits_wait_for_their_recipient_alone_and_answers_for_nobody(house: House) -> None:
    house.busy = {"C1"}
    house.amend("1.0", "held")
    house.amend("2.0", "elsewhere", to="C2")
    house.edits.add("C1", "3.0", Edit(worded("an answer")))
    assert [house.go_on() for _ in range(3)] == [["an answer"], ["elsewhere"], []]
    house.busy.clear()
    assert house.go_on() == ["held"]


def test_p8_edits_are_apart_from_each_other(house: House) -> None:
    house.amend("1.0")
    house.amend("2.0")
    assert len(house.go_on()) == 1
    assert house.edits.advance() == pytest.approx(APART)
    assert len(house.go_on()) == 1


def test_p8_a_limited_edit_is_made_after_the_wait_unless_a_newer_one_has_come(house: House) -> None:
    house.outcomes = deque([LIMITED])
    house.amend("1.0", "old")
    assert house.go_on() == ["old"]
    house.amend("1.0", "new")
    assert house.go_on(29.0) == []
    assert house.go_on(1.0) == ["new"]
    assert house.go_on(60.0) == []


def test_p8_without_a_time_the_pauses_grow_to_a_minute(house: House) -> None:
    house.outcomes = deque([Refused(Action.WAIT, "ratelimited")] * 2_000)
    house.amend("1.0")
    waits = []
    for _ in range(2_000):
        house.go_on(WAIT_AT_MOST)
        waits.append(house.edits.advance())
    assert [round(wait or 0.0) for wait in waits[:7]] == [2, 4, 8, 16, 32, 60, 60]
    assert house.go_on(WAIT_AT_MOST) == ["it ended"]


@pytest.mark.parametrize(
    ("outcomes", "texts"),
    [
        pytest.param([FORM], ["it ended", "it ended, plain"], id="refused for its form: plain"),
        pytest.param([FORM, FORM], ["it ended", "it ended, plain"], id="in both forms: given up"),
        pytest.param([Doubtful("timeout")], ["it ended"], id="in doubt: not again"),
        pytest.param([Refused(Action.PARK, "is_archived")], ["it ended"], id="shut out: given up"),
    ],
)
def test_p10_an_edit_promises_nothing(house: House, outcomes: list[SendOutcome], texts: list[str]) -> None:
    house.outcomes = deque(outcomes)
    house.amend("1.0")
    assert [text for _ in range(4) for text in house.go_on()] == texts
    assert len(house.witness.of(Failed)) == (outcomes != [FORM])


def test_an_edit_that_cannot_be_worded_holds_nobody_up(house: House) -> None:
    def broken(_: bool) -> Payload:
        raise ValueError("a fault of ours")

    house.edits.add("C1", "1.0", Edit(broken, "C1"))
    house.amend("2.0")
    assert house.go_on() == ["it ended"]
    assert {failed.what for failed in house.witness.of(Failed)} == {"answer"}
