"""Where people ask: each act is served once, a refusal is private, and nobody is left without an answer."""

import threading
from dataclasses import dataclass, field
from dataclasses import replace as but

import pytest

from bot.messages.payload import Payload, Wording
from bot.messages.request import ListTasks, Request
from bot.messages.style import Style
from bot.services.access import Access
from bot.services.asker import Asker
from bot.services.clerk import Clerk
from bot.services.desk import Desk, Question
from bot.services.events import Answered, Failed
from bot.services.replying import Reply
from tests.fakes import Witness
from tests.unit.desk_house import ADA, LIN, House, OneStyle


class Scribe(Clerk):
    """Answers with the request's name; `breaks` says on which of "asking", "rich" and "plain" it has a fault."""

    def __init__(self, breaks: set[str]) -> None:
        self.breaks, self.asked = breaks, list[Request]()

    def words(self, request: Request, asker: Asker, style: Style) -> Wording:  # noqa: ARG002 - the clerk's signature
        self.asked.append(request)
        self._fail("asking")

        def words(plain: bool) -> Payload:
            form = "plain" if plain else "rich"
            self._fail(form)
            return Payload(f"{type(request).__name__} {form}", ())

        return words

    def _fail(self, on: str) -> None:
        if on in self.breaks:
            raise ValueError(f"a fault of ours in {on}")


@dataclass
class Front:
    """A desk, and what came back by which way."""

    house: House = field(default_factory=House)
    access: Access = field(default_factory=Access)
    breaks: set[str] = field(default_factory=set)
    witness: Witness = field(default_factory=Witness)
    said: list[tuple[str, str]] = field(default_factory=list)
    requests: list[Request | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.scribe = Scribe(self.breaks)
        self.desk = Desk(
            self.scribe,
            self.house.actions,
            access=self.access,
            styles=OneStyle(),
            observe=self.witness,
            tick=self.house.clock.tick,
        )

    def way(self, name: str, *, plain: bool = False) -> Reply:
        def reply(request: Request | None, words: Wording) -> None:
            self.requests.append(request)
            self.said.append((name, words(plain).text))

        return reply

    def ask(self, *questions: Question, refuse: bool = True, plain: bool = False) -> list[tuple[str, str]]:
        """Have them asked in this order and answered; return what was said, and by which way."""
        for question in questions:
            self.desk.ask(question, self.way("aloud", plain=plain), self.way("aside") if refuse else None)
        self.desk._pool.shutdown(wait=True)
        return self.said


STATUS = Question("Ev1", "status", ADA)
PRESS = Question("trigger.1", "status", ADA, press="1.0 ask.refresh U0ADA")


def test_a_question_is_read_answered_and_counted() -> None:
    front = Front()
    assert front.ask(Question("Ev1", "failed qwen", ADA)) == [("aloud", "ListTasks rich")]
    assert isinstance(front.requests[0], ListTasks)
    assert [each.command for each in front.witness.of(Answered)] == ["listtasks"]


@pytest.mark.parametrize(
    ("questions", "answers"),
    [
        pytest.param([STATUS, STATUS], 1, id="an event that was sent again"),
        pytest.param([STATUS, but(STATUS, key="Ev2")], 2, id="the same asked anew"),
        pytest.param([PRESS, but(PRESS, key="trigger.2")], 1, id="a double click has two triggers"),
        pytest.param([PRESS, but(PRESS, key="trigger.2", press="1.0 ask.refresh U0LIN")], 2, id="two people press"),
        pytest.param([PRESS, but(PRESS, key="trigger.2", press="1.0 ask.why U0ADA")], 2, id="two buttons are pressed"),
        pytest.param([but(STATUS, key=""), but(STATUS, key="")], 2, id="what Slack gave no name"),
    ],
)
def test_what_is_the_same_act_is_answered_once(questions: list[Question], answers: int) -> None:
    assert len(Front().ask(*questions)) == answers


def test_what_was_answered_is_not_answered_after_a_restart() -> None:
    front = Front()
    front.ask(STATUS)
    assert Front(house=House(front.house.shelf.memory)).ask(STATUS) == []


def test_a_button_may_be_pressed_again_after_two_seconds() -> None:
    house = House()
    Front(house=house).ask(PRESS)
    house.clock.at += 2.0
    assert len(Front(house=house).ask(but(PRESS, key="trigger.2"))) == 1


def test_who_may_not_ask_is_refused_aside_and_nothing_is_done_for_them() -> None:
    front = Front(access=Access(users=("U0LIN",), operators=("U0OP",)))
    [(way, text)] = front.ask(STATUS)
    assert way == "aside"
    assert "<@U0OP>" in text
    assert (front.scribe.asked, front.requests, front.witness.of(Answered)) == ([], [None], [])


def test_a_refusal_goes_the_way_of_answers_where_there_is_no_other() -> None:
    front = Front(access=Access(users=("U0LIN",)))
    assert [way for way, _ in front.ask(STATUS, refuse=False)] == ["aloud"]


def test_who_may_ask_is_answered_aloud() -> None:
    assert Front(access=Access(users=("U0LIN",))).ask(but(STATUS, asker=LIN)) == [("aloud", "Status rich")]


@pytest.mark.parametrize("breaks", ["asking", "rich"])
def test_a_fault_of_ours_is_said_and_told_to_those_who_run_the_bot(breaks: str) -> None:
    front = Front(breaks={breaks})
    [(way, text)] = front.ask(STATUS)
    assert (way, front.requests) == ("aloud", [None])
    assert text.startswith("I could not answer that")
    [failed] = front.witness.of(Failed)
    assert "U0ADA" in failed.sentence
    assert str(failed.error) == f"a fault of ours in {breaks}"
    assert front.witness.of(Answered) == []


def test_a_fault_in_the_plain_form_that_slack_asked_for_is_said_too() -> None:
    front = Front(breaks={"plain"})
    said = front.ask(STATUS, plain=True)
    assert [text.startswith("I could not answer that") for _, text in said] == [True]


def test_the_plain_form_is_worded_only_when_it_is_asked_for() -> None:
    assert Front().ask(STATUS, plain=True) == [("aloud", "Status plain")]
    assert Front(breaks={"plain"}).ask(STATUS) == [("aloud", "Status rich")]


def test_a_store_that_cannot_be_written_to_leaves_nobody_without_an_answer() -> None:
    house = House()
    house.store.broken = True
    said = Front(house=house).ask(STATUS, but(PRESS, text="show t-1"))
    assert sorted(said) == [("aloud", "Show rich"), ("aloud", "Status rich")]


def test_questions_that_arrive_after_the_stop_are_refused_to_the_listener() -> None:
    front = Front()
    front.desk.stop()
    with pytest.raises(RuntimeError):
        front.desk.ask(STATUS, front.way("aloud"))


def test_questions_are_served_side_by_side() -> None:
    front, both = Front(), threading.Barrier(2, timeout=10)

    def meets(_: Request | None, __: Wording) -> None:
        both.wait()

    for key in ("Ev1", "Ev2"):
        front.desk.ask(but(STATUS, key=key), meets)
    front.desk._pool.shutdown(wait=True)
    assert len(front.witness.of(Answered)) == 2
