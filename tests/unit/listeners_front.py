"""A Bolt app with the bot's listeners behind the embedded workspace: what people do is dispatched at once.

The services behind the listeners only note what they are told.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot import listeners
from bot.demo.slack_events import Envelope
from bot.demo.slack_records import Identity
from bot.demo.slack_workspace import SlackWorkspace
from bot.messages.payload import Payload, Wording
from bot.messages.request import Request, Status
from bot.services.desk import Question
from bot.services.replying import Reply


def nothing(_: bool) -> Payload:
    return Payload("", ())


@dataclass
class Services:
    """Desk, replying, Homes and rooms in one: `asked` and `told` hold what they were given."""

    asked: list[tuple[Question, Reply, Reply | None]] = field(default_factory=list)
    told: list[tuple[str, ...]] = field(default_factory=list)
    stopped: bool = False

    def ask(self, question: Question, reply: Reply, refuse: Reply | None = None) -> None:
        if self.stopped:
            raise RuntimeError("cannot schedule new futures after shutdown")
        self.asked.append((question, reply, refuse))

    def respond(self, response_url: str, *, replace: bool = False) -> Reply:
        return self._noting("respond", response_url.rpartition("/")[0], "in place" if replace else "new")

    def say(self, conversation: str, thread_ts: str | None = None) -> Reply:
        return self._noting("say", conversation, thread_ts or "")

    def whisper(self, conversation: str, user: str, thread_ts: str | None = None) -> Reply:
        return self._noting("whisper", conversation, user, thread_ts or "")

    def edit(self, conversation: str, ts: str, otherwise: Reply) -> Reply:
        def reply(request: Request | None, words: Wording) -> None:
            self.told.append(("edit", conversation, ts))
            otherwise(request, words)

        return reply

    def show(self, user: str) -> None:
        self.told.append(("home", user))

    def joined(self, channel: str) -> None:
        self.told.append(("joined", channel))

    def lost(self, channel: str, code: str) -> None:
        self.told.append(("lost", channel, code))

    def _noting(self, *what: str) -> Reply:
        return lambda _, __: self.told.append(what)


def ourselves(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    who = Identity()
    return AuthorizeResult(
        enterprise_id=enterprise_id,
        team_id=team_id,
        bot_token=who.token,
        bot_id=who.bot_id,
        bot_user_id=who.bot_user,
    )


@dataclass
class Front:
    """A workspace in front of a Bolt app: what people do is dispatched at once."""

    def __post_init__(self) -> None:
        self.services, self.slack = Services(), SlackWorkspace()
        self.responses: list[BoltResponse] = []
        self.slack.base_url = "http://127.0.0.1"
        self.slack.outlet = self.deliver
        self.pool = ThreadPoolExecutor(2)
        self.app = App(
            client=WebClient(base_url="http://127.0.0.1:1/", retry_handlers=[]),
            authorize=ourselves,
            listener_executor=self.pool,
            request_verification_enabled=False,
            signing_secret="unused",
        )
        listeners.register(self.app, listeners.Services(*[self.services] * 4))

    def deliver(self, envelope: Envelope) -> None:
        self.responses.append(self.app.dispatch(BoltRequest(mode="socket_mode", body=envelope.payload)))

    def settle(self) -> None:
        """Wait until every listener has come to its end."""
        self.pool.shutdown(wait=True)

    def question(self) -> Question:
        self.settle()
        [(question, _, _)] = self.services.asked
        return question

    def ways(self) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
        """How an answer goes back, and how a refusal does."""
        [(_, reply, refuse)] = self.services.asked
        gone = []
        for way in (reply, refuse or reply):
            self.services.told.clear()
            way(Status(), nothing)
            gone.append([*self.services.told])
        return gone[0], gone[1]
