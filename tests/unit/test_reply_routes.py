"""How answers get back: whose eyes they are for, and what happens when Slack takes them not, or not in this form."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

import pytest

from bot.commands import request as ask
from bot.commands.request import Usage
from bot.domain.filter import EVERYTHING, Hears
from bot.domain.outbox import Action, Doubtful, Posted, Refused, SendOutcome
from bot.rendering.payload import Payload, Wording
from bot.services.courier import Courier
from bot.services.events import Failed
from bot.services.reply_routes import Reply, ReplyRoutes
from tests.fakes import Witness

PLAIN = Refused(Action.PLAIN, "invalid_blocks")


@dataclass(frozen=True)
class Taken:
    """What became of an answer to a response_url."""

    ok: bool
    reason: str = ""


@dataclass
class Slack(Courier):
    """Slack and the courier. Follows its scripts, then takes everything. `log`: what went where, in which form."""

    responses: deque[Taken] = field(default_factory=deque)
    whispers: deque[SendOutcome] = field(default_factory=deque)
    log: list[tuple[str, ...]] = field(default_factory=list)
    said: Future[None] = field(default_factory=Future)

    def respond(self, response_url: str, payload: Payload, *, replace: bool = False) -> Taken:
        self.log.append(("respond", response_url, "in place" if replace else "new", payload.text))
        return self.responses.popleft() if self.responses else Taken(ok=True)

    def ephemeral(self, conversation: str, user: str, payload: Payload, thread_ts: str | None = None) -> SendOutcome:
        self.log.append(("whisper", conversation, user, thread_ts or "", payload.text))
        return self.whispers.popleft() if self.whispers else Posted("1.0")

    def say(self, conversation: str, words: Wording, thread_ts: str | None = None) -> Future[None]:
        self.log.append(("say", conversation, thread_ts or "", words(False).text))
        return self.said

    def edit(self, conversation: str, ts: str, words: Wording) -> None:
        self.log.append(("edit", conversation, ts, words(False).text))


def worded(plain: bool) -> Payload:
    return Payload("plain" if plain else "rich", ())


def replied(way: Callable[[ReplyRoutes], Reply], slack: Slack, request: ask.Request | None = None) -> list[Failed]:
    """Reply by this way; return what was told to those who run the bot."""
    witness = Witness()
    way(ReplyRoutes(slack, slack, observe=witness))(request, worded)
    return witness.of(Failed)


PLACES: list[object] = [
    pytest.param(lambda to: to.respond("url"), ("respond", "url", "new", "rich"), id="a command's response_url"),
    pytest.param(
        lambda to: to.respond("url", replace=True),
        ("respond", "url", "in place", "rich"),
        id="in place of the private message in which a button was pressed",
    ),
    pytest.param(lambda to: to.say("C1"), ("say", "C1", "", "rich"), id="in a conversation"),
    pytest.param(lambda to: to.say("C1", "5.0"), ("say", "C1", "5.0", "rich"), id="in a thread"),
    pytest.param(lambda to: to.whisper("C1", "U1"), ("whisper", "C1", "U1", "", "rich"), id="to one person"),
    pytest.param(
        lambda to: to.whisper("C1", "U1", "5.0"), ("whisper", "C1", "U1", "5.0", "rich"), id="to them in a thread"
    ),
]


@pytest.mark.parametrize(("way", "gone"), PLACES)
def test_an_answer_goes_where_it_was_asked(way: Callable[[ReplyRoutes], Reply], gone: tuple[str, ...]) -> None:
    slack = Slack()
    assert replied(way, slack) == []
    assert slack.log == [gone]


@pytest.mark.parametrize(
    ("taken", "forms", "is_told"),
    [
        pytest.param([], ["rich"], False, id="taken"),
        pytest.param([Taken(False, "http_400 invalid_blocks")], ["rich", "plain"], False, id="an older Slack: plain"),
        pytest.param([Taken(False, "http_400 invalid_blocks")] * 2, ["rich", "plain"], True, id="not even plain"),
        pytest.param([Taken(False, "http_404 expired_url")], ["rich"], True, id="too late: five uses, thirty minutes"),
        pytest.param([Taken(False, "timed out")], ["rich"], True, id="perhaps taken: never twice"),
    ],
)
def test_what_a_response_url_does_not_take(taken: list[Taken], forms: list[str], is_told: bool) -> None:
    slack = Slack(responses=deque(taken))
    failed = replied(lambda to: to.respond("url"), slack)
    assert [each[-1] for each in slack.log] == forms
    assert [each.what for each in failed] == ["answer"] * is_told


@pytest.mark.parametrize(
    ("outcomes", "forms", "codes"),
    [
        pytest.param([PLAIN], ["rich", "plain"], [], id="an older Slack: plain"),
        pytest.param([PLAIN, PLAIN], ["rich", "plain"], ["invalid_blocks"], id="not even plain"),
        pytest.param([Refused(Action.PARK, "user_not_in_channel")], ["rich"], ["user_not_in_channel"], id="not there"),
        pytest.param([Doubtful("timeout")], ["rich"], ["timeout"], id="perhaps said: never twice"),
    ],
)
def test_what_cannot_be_whispered(outcomes: list[SendOutcome], forms: list[str], codes: list[str]) -> None:
    slack = Slack(whispers=deque(outcomes))
    failed = replied(lambda to: to.whisper("C1", "U1"), slack)
    assert [each[-1] for each in slack.log] == forms
    assert all("C1" in each.sentence and code in each.sentence for each, code in zip(failed, codes, strict=True))


@pytest.mark.parametrize(
    ("request_", "edited"),
    [
        pytest.param(ask.Summary(), True, id="summary"),
        pytest.param(ask.ListTasks(EVERYTHING, 2), True, id="another page"),
        pytest.param(ask.Show("t-1"), True, id="show"),
        pytest.param(ask.Why("t-1"), True, id="why"),
        pytest.param(ask.Status(), True, id="status"),
        pytest.param(ask.Subscriptions(), True, id="subscriptions"),
        pytest.param(ask.Watch(Hears.ALL, EVERYTHING), False, id="watch"),
        pytest.param(ask.Unwatch(1), False, id="unwatch"),
        pytest.param(ask.Subscribe(Hears.ALL, EVERYTHING), False, id="subscribe"),
        pytest.param(ask.Unsubscribe(1), False, id="unsubscribe"),
        pytest.param(ask.Mute(60.0), False, id="mute"),
        pytest.param(ask.Unmute(), False, id="unmute"),
        pytest.param(ask.Wrong(Usage.WATCH_WHAT), False, id="what cannot be understood"),
        pytest.param(None, False, id="a refusal, or word of a fault"),
    ],
)
def test_a_message_that_others_read_is_edited_only_to_show_something(
    request_: ask.Request | None, edited: bool
) -> None:
    slack = Slack()
    replied(lambda to: to.edit("C1", "7.0", to.whisper("C1", "U1")), slack, request_)
    assert slack.log == [("edit", "C1", "7.0", "rich") if edited else ("whisper", "C1", "U1", "", "rich")]


@pytest.mark.parametrize(
    ("way", "ends"),
    [
        pytest.param(lambda to: to.respond("url"), True, id="a response_url: the request has ended"),
        pytest.param(lambda to: to.whisper("C1", "U1"), True, id="a whisper, too"),
        pytest.param(lambda to: to.say("C1"), False, id="in a conversation it waits for its turn"),
        pytest.param(lambda to: to.edit("C1", "7.0", to.say("C1")), False, id="an act is answered beside an edit"),
    ],
)
def test_a_reply_ends_with_its_request(way: Callable[[ReplyRoutes], Reply], ends: bool) -> None:
    slack = Slack()
    sent = way(ReplyRoutes(slack, slack, observe=Witness()))(None, worded)
    assert sent.done() is ends
    slack.said.set_result(None)
    assert sent.done()
