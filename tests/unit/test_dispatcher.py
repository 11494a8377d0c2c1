"""Where people ask: each act is served once, a refusal is private, and nobody is left without an answer."""

import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from dataclasses import replace as but

import pytest

from bot.commands.request import Act, ListTasks, Mute, Request, Show, Status
from bot.domain.answer import Forbidden
from bot.domain.errors import StoreUnusable
from bot.domain.filter import EVERYTHING
from bot.domain.queue import HANDLED_FOR
from bot.rendering.payload import Payload, Wording
from bot.rendering.style import Style
from bot.services.actions import Actions
from bot.services.dispatcher import ACTS_AT_ONCE, ANSWERS_AT_ONCE, LULL, LULLS, Dispatcher
from bot.services.events import Answered, Failed
from bot.services.question import Access, Asker, Question
from bot.services.reply_routes import Reply, at_once
from bot.services.request_handler import RequestHandler, Words
from tests.fakes import Witness
from tests.unit.answers_harness import ADA, ALOUD, LIN, House, OneStyle


class Scribe(RequestHandler):
    """Answers with the request's name; `breaks` says on which of "asking", "rich" and "plain" it has a fault.

    Acts are committed by the house; `may_go_on` holds whatever is asked up.
    """

    def __init__(self, breaks: set[str], actions: Actions) -> None:
        self.breaks, self.asked, self.house = breaks, list[Request | Forbidden](), actions
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def wait(self, request: Request | Forbidden) -> None:  # noqa: ARG002 - the clerk's signature
        """Wait for no poll, but until it may go on."""
        assert self.may_go_on.wait(10)

    def words(self, request: Request | Forbidden, asker: Asker, key: str = "") -> Words:
        self.asked.append(request)
        self._fail("asking")
        if isinstance(request, Forbidden):
            return super().words(request, asker)
        if isinstance(request, Act):
            self.house.unmute(asker, key=key)

        def words(style: Style, plain: bool) -> Payload:  # noqa: ARG001 - the clerk's signature
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
        self.scribe = Scribe(self.breaks, self.house.actions)
        self.sent = at_once()
        self.desk = Dispatcher(
            self.scribe,
            access=self.access,
            styles=OneStyle(),
            observe=self.witness,
            tick=self.house.clock.tick,
        )

    def way(self, name: str, *, plain: bool = False) -> Reply:
        def reply(request: Request | None, words: Wording) -> Future[None]:
            self.requests.append(request)
            self.said.append((name, words(plain).text))
            return self.sent

        return reply

    def ask(self, *questions: Question, refuse: bool = True, plain: bool = False) -> list[tuple[str, str]]:
        """Have them asked in this order and answered; return what was said, and by which way."""
        for question in questions:
            self.due = self.desk.ask(question, self.way("aloud", plain=plain), self.way("aside") if refuse else None)
        self.settle()
        return self.said

    def settle(self) -> None:
        """Wait until all that was asked is answered."""
        for pool in (self.desk._acting, self.desk._answering):
            pool.shutdown(wait=True)


STATUS = Question("Ev1", Status(), ADA, is_event=True)
ACT = Question("Ev1", Mute(7_200.0), ADA, is_event=True)
PRESS = Question("trigger.1", Status(), ADA, press="1.0 ask.refresh U0ADA")


def test_a_question_is_read_answered_and_counted() -> None:
    front = Front()
    assert front.ask(Question("Ev1", ListTasks(EVERYTHING), ADA)) == [("aloud", "ListTasks rich")]
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


def test_an_act_that_was_done_is_acknowledged_and_not_done_again_after_a_restart() -> None:
    front = Front()
    front.ask(ACT)
    again = Front(house=House(front.house.shelf.memory))
    assert (again.ask(ACT), again.due.result(), again.house.shelf.commits) == ([], None, 0)


def test_a_button_may_be_pressed_again_after_two_seconds() -> None:
    front = Front()
    front.desk.ask(PRESS, front.way("aloud"))
    front.house.clock.at += 2.0
    assert len(front.ask(but(PRESS, key="trigger.2"))) == 2


# ---- when Slack is told that it arrived (R5) ------------------------------------------------------------------------

COMMAND, CLICK = but(ACT, is_event=False), but(ACT, is_event=False, press="1.0 ask.mute U0ADA")


@pytest.mark.parametrize("act", [ACT, COMMAND, CLICK], ids=["an event", "a command", "a click"])
def test_an_act_is_acknowledged_after_its_commit_and_before_its_answer(act: Question) -> None:
    front, commits = Front(), list[int]()
    front.scribe.may_go_on.clear()
    front.sent = Future()
    due = front.desk.ask(act, front.way("aloud"))
    assert not due.done()
    due.add_done_callback(lambda _: commits.append(front.house.shelf.commits))
    front.scribe.may_go_on.set()
    assert due.result(10) is None
    assert commits == [1]


def test_an_event_that_only_reads_is_acknowledged_after_the_request_of_its_answer_and_writes_nothing() -> None:
    front = Front()
    front.sent = Future()
    assert front.ask(STATUS) == [("aloud", "Status rich")]
    assert not front.due.done()
    front.sent.set_result(None)
    assert front.due.result(0) is None
    assert front.house.shelf.commits == 0


def test_a_command_that_only_reads_is_acknowledged_at_once() -> None:
    front = Front()
    front.scribe.may_go_on.clear()
    assert front.desk.ask(but(STATUS, is_event=False), front.way("aloud")).done()
    front.scribe.may_go_on.set()


def test_an_act_that_cannot_be_committed_is_not_acknowledged_said_once_and_done_when_it_comes_again() -> None:
    front = Front()
    front.house.store.broken = True
    for _ in range(2):
        assert isinstance(front.desk.ask(ACT, front.way("aloud")).exception(10), StoreUnusable)
    front.house.store.broken = False
    front.ask(ACT)
    assert front.due.exception(0) is None
    assert [text.startswith("I could not answer") for _, text in front.said] == [True, False]


def test_one_that_comes_again_while_it_is_answered_waits_for_the_same_answer() -> None:
    front = Front()
    front.scribe.may_go_on.clear()
    first, second = (front.desk.ask(STATUS, front.way("aloud")) for _ in range(2))
    assert first is second
    front.scribe.may_go_on.set()
    front.settle()
    assert (len(front.said), first.result(0)) == (1, None)


def test_acts_do_not_wait_for_answers() -> None:
    front, may_end = Front(), threading.Event()

    def slow(_: Request | None, __: Wording) -> Future[None]:
        assert may_end.wait(10)
        return at_once()

    for number in range(ANSWERS_AT_ONCE + ACTS_AT_ONCE):
        front.desk.ask(but(STATUS, key=f"Ev1{number}"), slow)
        assert front.desk.ask(but(ACT, key=f"Ev2{number}"), slow).result(10) is None
    may_end.set()


def test_what_slack_cannot_send_again_any_more_is_forgotten() -> None:
    front = Front()
    front.desk.ask(STATUS, front.way("aloud"))
    front.house.clock.at += HANDLED_FOR + 1
    assert len(front.ask(but(STATUS, key="Ev2"), STATUS)) == 3
    assert len(front.desk._cases) == 2


# ---- who is answered, and how ---------------------------------------------------------------------------------------


def test_who_may_not_ask_is_refused_aside_and_nothing_is_done_for_them() -> None:
    front = Front(access=Access(users=("U0LIN",), operators=("U0OP",)))
    [(way, text)] = front.ask(STATUS)
    assert way == "aside"
    assert "<@U0OP>" in text
    assert (front.requests, front.witness.of(Answered)) == ([None], [])
    assert [type(each) for each in front.scribe.asked] == [Forbidden]


@pytest.mark.parametrize("asker", [pytest.param(ADA, id="private"), pytest.param(ALOUD, id="all read it")])
def test_a_refusal_goes_the_way_of_answers_where_there_is_no_other_and_pings_nobody_there(asker: Asker) -> None:
    front = Front(access=Access(users=("U0LIN",), operators=("U0OP",)))
    [(way, text)] = front.ask(but(STATUS, asker=asker), refuse=False)
    assert (way, "<@U0OP>" in text) == ("aloud", asker.private)


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
    said = Front(house=house).ask(STATUS, but(PRESS, asks=Show("t-1")))
    assert sorted(said) == [("aloud", "Show rich"), ("aloud", "Status rich")]


def test_questions_that_arrive_after_the_stop_are_refused_to_the_listener() -> None:
    front = Front()
    front.desk.stop()
    for each in (STATUS, ACT):
        with pytest.raises(RuntimeError):
            front.desk.ask(but(each, key=""), front.way("aloud"))


def test_questions_are_served_side_by_side() -> None:
    front, both = Front(), threading.Barrier(2, timeout=10)

    def meets(_: Request | None, __: Wording) -> Future[None]:
        both.wait()
        return at_once()

    for key in ("Ev1", "Ev2"):
        front.desk.ask(but(STATUS, key=key), meets)
    front.settle()
    assert len(front.witness.of(Answered)) == 2


class Lulls(threading.Event):
    """Notes each wait for others, in which one more question arrives, `more` times in all."""

    def __init__(self, desk: Dispatcher, more: int) -> None:
        super().__init__()
        self.desk, self.more, self.waits = desk, more, list[float | None]()

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        self.desk._asked += len(self.waits) <= self.more
        return False


@pytest.mark.parametrize(
    ("asked", "more", "least", "most"),
    [
        pytest.param(1, 0, 0, 0, id="who asks alone does not wait"),
        pytest.param(2, 0, 1, 1, id="the first of two waits"),
        pytest.param(2, 3, 4, 8, id="until nobody asks any more"),
        pytest.param(2, 1_000, LULLS, 2 * LULLS, id="but not for ever"),
    ],
)
def test_a_burst_of_questions_is_taken_in_before_the_first_is_answered(
    asked: int, more: int, least: int, most: int
) -> None:
    front = Front()
    front.desk._stopping = lulls = Lulls(front.desk, more)
    front.scribe.may_go_on.clear()
    for number in range(asked):
        front.desk.ask(but(STATUS, key=f"Ev{number}"), front.way("aloud"))
    front.scribe.may_go_on.set()
    front.settle()
    assert least <= len(lulls.waits) <= most
    assert (set(lulls.waits) <= {LULL}, len(front.said)) == (True, asked)
