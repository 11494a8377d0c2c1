"""What the Slack adapter does for the desk: edits, whispers, Home, languages. Each once, with an outcome (P1, P10)."""

from collections.abc import Callable, Iterator

import pytest

from bot.adapters.slack.answers import Identity, Responded
from bot.adapters.slack.web_api import Slack
from bot.demo.slack.server import SlackServer
from bot.demo.slack.workspace import SlackWorkspace
from bot.domain.outbox import Action, Doubtful, Page, Posted, Refused
from bot.rendering.payload import Payload
from bot.rendering.permalink import permalink
from tests.integration.slack_loopback import HELLO, TOKEN, Server, answering

CHANNEL, ADA, LIN = "C0PREWARM", "U0ADA", "U0LIN"
BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "Watch"}, "action_id": "watch", "value": "t1"}
BUTTONS = ({"type": "actions", "block_id": "s:1", "elements": [BUTTON]},)
FIRST, SECOND = Payload("first", BUTTONS), Payload("second", BUTTONS)


def connect(server: Server) -> Slack:
    return Slack(TOKEN, base_url=server.url, timeout=5)


# ---- what is asked --------------------------------------------------------------------------------------------------


def test_an_update_names_no_metadata_for_that_keeps_it() -> None:
    with answering({"ok": True, "ts": "1.1"}) as server:
        assert connect(server).update("C1", "1.1", HELLO) == Posted("1.1")
    [asked] = server.asked
    assert asked.method == "chat.update"
    assert asked.said == {"channel": "C1", "ts": "1.1", "text": HELLO.text, "blocks": list(HELLO.blocks)}


def test_a_whisper_names_its_person_and_its_thread_if_there_is_one() -> None:
    with answering({"ok": True, "message_ts": "2.2"}) as server:
        slack = connect(server)
        assert slack.ephemeral("C1", "U1", HELLO) == Posted("2.2")
        assert slack.ephemeral("C1", "U1", HELLO, "1.1") == Posted("2.2")
    plain = {"channel": "C1", "user": "U1", "text": HELLO.text, "blocks": list(HELLO.blocks)}
    assert server.methods == ["chat.postEphemeral"] * 2
    assert [asked.said for asked in server.asked] == [plain, {**plain, "thread_ts": "1.1"}]


def test_a_replacement_leaves_the_kind_of_its_original() -> None:
    with answering("ok") as server:
        assert connect(server).respond(server.url, HELLO, replace=True) == Responded(ok=True)
    assert server.asked[0].said == {"text": HELLO.text, "blocks": list(HELLO.blocks), "replace_original": True}


# ---- what an answer means -------------------------------------------------------------------------------------------

ACTS: list[tuple[str, Callable[[Slack], object]]] = [
    ("an update", lambda slack: slack.update("C1", "1.1", HELLO)),
    ("a whisper", lambda slack: slack.ephemeral("C1", "U1", HELLO)),
    ("Home", lambda slack: slack.publish_home("U1", HELLO.blocks)),
]
ANSWERS: list[tuple[str, object, int, object]] = [
    ("a message that is gone", {"ok": False, "error": "message_not_found"}, 200, (Action.PARK, "message_not_found")),
    ("a code that nobody knows", {"ok": False, "error": "new_code"}, 200, (Action.PARK, "new_code")),
    ("blocks that are refused", {"ok": False, "error": "invalid_blocks"}, 200, (Action.PLAIN, "invalid_blocks")),
    ("a revoked token", {"ok": False, "error": "token_revoked"}, 200, (Action.STOP, "token_revoked")),
    ("internal_error", {"ok": False, "error": "internal_error"}, 200, Doubtful("internal_error")),
    ("a 503", "<html>", 503, Doubtful("http_503")),
    ("no JSON", "<html>", 200, Doubtful("not_json")),
]


@pytest.mark.parametrize("act", [pytest.param(act, id=name) for name, act in ACTS])
@pytest.mark.parametrize(("body", "status", "outcome"), [pytest.param(*row[1:], id=row[0]) for row in ANSWERS])
def test_a_definite_no_is_a_refusal_and_nothing_is_repeated(
    act: Callable[[Slack], object], body: object, status: int, outcome: object
) -> None:
    with answering(body, status) as server:
        assert act(connect(server)) == (Refused(*outcome) if isinstance(outcome, tuple) else outcome)
    assert len(server.asked) == 1


@pytest.mark.parametrize("act", [pytest.param(act, id=name) for name, act in ACTS])
def test_a_429_tells_how_long_to_wait_and_a_dead_port_that_nothing_left(act: Callable[[Slack], object]) -> None:
    with answering({"ok": False, "error": "ratelimited"}, 429, Retry_After="17") as server:
        assert act(connect(server)) == Refused(Action.WAIT, "ratelimited", 17.0)
    dead = Slack(TOKEN, base_url="http://127.0.0.1:1/", timeout=5)
    assert act(dead) == Refused(Action.WAIT, "not_sent:connection_refused")


@pytest.mark.parametrize(
    ("body", "status", "locale"),
    [
        pytest.param({"ok": True, "user": {"locale": "zh-CN"}}, 200, "zh-CN", id="known"),
        pytest.param({"ok": True, "user": {"locale": None}}, 200, "", id="no text"),
        pytest.param({"ok": True}, 200, "", id="nobody"),
        pytest.param({"ok": False, "error": "missing_scope"}, 200, "", id="not permitted"),
        pytest.param({"ok": True, "user": {"locale": "zh-CN"}}, 500, "", id="an error that claims ok"),
        pytest.param("<html>", 503, "", id="no answer"),
    ],
)
def test_a_language_is_known_or_not(body: object, status: int, locale: str) -> None:
    with answering(body, status) as server:
        assert connect(server).locale("U1") == locale
    assert server.asked[0].said == {"user": "U1", "include_locale": "1"}


# ---- in a workspace -------------------------------------------------------------------------------------------------


@pytest.fixture
def workspace() -> Iterator[SlackWorkspace]:
    with SlackServer() as server:
        server.workspace.limiter.enabled = False
        yield server.workspace


@pytest.fixture
def slack(workspace: SlackWorkspace) -> Slack:
    return Slack(workspace.identity.token, base_url=f"{workspace.base_url}/api/", timeout=5)


def said(slack: Slack) -> str:
    outcome = slack.post(CHANNEL, "s:1", FIRST)
    assert isinstance(outcome, Posted)
    return outcome.ts


def test_an_edited_message_is_still_found_by_its_key(slack: Slack, workspace: SlackWorkspace) -> None:
    ts = said(slack)
    assert slack.update(CHANNEL, ts, SECOND) == Posted(ts)
    [message] = workspace.messages(CHANNEL)
    assert (message.text, message.metadata) == (
        "second",
        {"event_type": "prewarm_delivery", "event_payload": {"key": "s:1"}},
    )
    assert slack.page(CHANNEL, "s:1", 0, 9e9) == Page((ts,))


def test_what_cannot_be_edited_is_refused(slack: Slack, workspace: SlackWorkspace) -> None:
    theirs = workspace.say(ADA, CHANNEL, "mine").ts
    assert slack.update(CHANNEL, theirs, SECOND) == Refused(Action.PARK, "cant_update_message")
    ts = said(slack)
    workspace.archive(CHANNEL)
    assert slack.update(CHANNEL, ts, SECOND) == Refused(Action.PARK, "is_inactive")


def test_a_whisper_is_heard_by_one_member(slack: Slack, workspace: SlackWorkspace) -> None:
    assert isinstance(slack.ephemeral(CHANNEL, ADA, FIRST), Posted)
    assert [m.text for m in workspace.ephemerals(ADA)] == ["first"]
    assert slack.ephemeral(CHANNEL, "U0NOBODY", FIRST) == Refused(Action.PARK, "user_not_in_channel")
    assert workspace.messages(CHANNEL) == []


def test_an_answer_to_a_button_replaces_its_message(slack: Slack, workspace: SlackWorkspace) -> None:
    slack.ephemeral(CHANNEL, ADA, FIRST)
    [whisper] = workspace.ephemerals(ADA)
    pressed = workspace.click(ADA, whisper, "watch")
    assert slack.respond(f"{workspace.base_url}/response/{pressed.url_id}", SECOND, replace=True).ok
    assert [(m.text, m.ts) for m in workspace.ephemerals(ADA)] == [("second", whisper.ts)]


def test_home_is_published_for_one_person_and_refused_beyond_its_limits(
    slack: Slack, workspace: SlackWorkspace
) -> None:
    assert slack.publish_home(ADA, BUTTONS) == Posted("")
    assert list(workspace.homes) == [ADA]
    assert slack.publish_home(ADA, [{"type": "divider"}] * 101) == Refused(Action.PARK, "invalid_arguments")
    assert workspace.homes[ADA]["blocks"] == list(BUTTONS)
    workspace.home_tab = False
    assert slack.publish_home(LIN, BUTTONS) == Refused(Action.PARK, "not_enabled")


def test_a_language_is_known_where_its_scope_is_granted(slack: Slack, workspace: SlackWorkspace) -> None:
    assert [slack.locale(user) for user in (ADA, LIN, "U0NOBODY")] == ["en-US", "zh-CN", ""]
    workspace.scopes.discard("users:read")
    assert slack.locale(LIN) == ""


def test_an_address_made_here_is_the_one_that_slack_would_tell(slack: Slack) -> None:
    ts = said(slack)
    identity = slack.identify()
    assert isinstance(identity, Identity)
    told = slack.web.chat_getPermalink(channel=CHANNEL, message_ts=ts)["permalink"]
    assert permalink(identity.url, CHANNEL, ts) == told
