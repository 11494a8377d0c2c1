"""The embedded Slack's Web API, asked with the real slack_sdk as the bot asks it."""

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.demo.slack.limiter import Limiter
from bot.demo.slack.records import Change, Message
from bot.demo.slack.server import SlackServer
from bot.demo.slack.workspace import SlackWorkspace

Json = dict[str, Any]
CHANNEL = "C0PREWARM"
TOKEN = "xoxb-demo-not-a-real-token"
KEY = {"event_type": "prewarm_delivery", "event_payload": {"key": "store:1"}}


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        server.workspace.limiter.enabled = False
        yield server


@pytest.fixture
def workspace(slack: SlackServer) -> SlackWorkspace:
    return slack.workspace


def client(slack: SlackServer, token: str = TOKEN) -> WebClient:
    return WebClient(token, base_url=slack.api_url, retry_handlers=[], timeout=5)


def refusal(slack: SlackServer, method: str, token: str = TOKEN, **arguments: Any) -> Json:
    """The body of a call that Slack refuses."""
    with pytest.raises(SlackApiError) as refused:
        client(slack, token).api_call(method, params=arguments)
    body: Json = refused.value.response.data
    return body


def section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


# -- tokens, scopes, methods


def test_auth_test_says_who_the_bot_is_and_which_scopes_it_has(slack: SlackServer) -> None:
    answer = client(slack).auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == ("U0PREWARM", "B0PREWARM", "T0DEMO")
    assert "chat:write" in answer.headers["X-OAuth-Scopes"].split(",")


REFUSALS = [
    pytest.param("no.such", TOKEN, "unknown_method", id="a method that does not exist"),
    pytest.param("auth.test", "", "not_authed", id="no token"),
    pytest.param("auth.test", "xoxb-other", "invalid_auth", id="a token nobody issued"),
    pytest.param("chat.postMessage", "xapp-demo-not-a-real-token", "not_allowed_token_type", id="the app's token"),
    pytest.param("apps.connections.open", TOKEN, "not_allowed_token_type", id="the bot's token"),
    pytest.param("chat.postMessage", TOKEN, "invalid_arguments", id="a missing argument"),
]


@pytest.mark.parametrize(("method", "token", "error"), REFUSALS)
def test_slack_refuses(slack: SlackServer, method: str, token: str, error: str) -> None:
    assert refusal(slack, method, token)["error"] == error


def test_a_revoked_token_is_refused_until_it_is_restored(slack: SlackServer, workspace: SlackWorkspace) -> None:
    workspace.faults.token_error = "token_revoked"
    assert refusal(slack, "auth.test")["error"] == "token_revoked"
    workspace.faults.token_error = ""
    assert client(slack).auth_test()["ok"]


def test_a_missing_scope_is_named(slack: SlackServer, workspace: SlackWorkspace) -> None:
    workspace.scopes.discard("chat:write")
    said = refusal(slack, "chat.postMessage", channel=CHANNEL, text="x")
    assert (said["error"], said["needed"]) == ("missing_scope", "chat:write")
    assert "channels:read" in said["provided"]


def test_history_needs_the_scope_of_its_kind_of_channel(slack: SlackServer, workspace: SlackWorkspace) -> None:
    workspace.scopes.discard("groups:history")
    assert refusal(slack, "conversations.history", channel="G0OPS")["needed"] == "groups:history"
    assert client(slack).conversations_history(channel=CHANNEL)["ok"]


# -- posting


def test_a_post_is_seen_by_people_and_carries_the_bots_identity(slack: SlackServer, workspace: SlackWorkspace) -> None:
    answer = client(slack).chat_postMessage(channel=CHANNEL, text="hello", blocks=[section("hi")], metadata=KEY)
    [message] = workspace.messages("#prewarm")
    assert (message.ts, message.text, message.metadata) == (answer["ts"], "hello", KEY)
    assert re.fullmatch(r"\d{10}\.\d{6}", message.ts)
    assert (answer["message"]["bot_id"], answer["message"]["app_id"]) == ("B0PREWARM", "A0PREWARM")
    assert answer["message"]["metadata"] == KEY
    assert message.blocks[0]["block_id"]


def test_json_bodies_are_understood_as_forms_are(slack: SlackServer, workspace: SlackWorkspace) -> None:
    body = {"channel": CHANNEL, "text": "x", "blocks": [section("hi")], "metadata": KEY}
    client(slack).api_call("chat.postMessage", json=body)
    assert workspace.messages(CHANNEL)[0].metadata == KEY


def test_every_ts_is_later_than_the_one_before(slack: SlackServer) -> None:
    posted = [client(slack).chat_postMessage(channel=CHANNEL, text="x")["ts"] for _ in range(5)]
    assert posted == sorted(set(posted))


NOT_POSTED = [
    pytest.param({"channel": "C0NOWHERE"}, "channel_not_found", id="to a channel that does not exist"),
    pytest.param({"channel": "C0GENERAL"}, "not_in_channel", id="to a public channel without the bot"),
    pytest.param({"text": ""}, "no_text", id="without text and blocks"),
    pytest.param({"blocks": "{"}, "invalid_blocks_format", id="with blocks that are no JSON"),
    pytest.param({"blocks": [section("x" * 3001)]}, "invalid_blocks", id="with a block that is too long"),
    pytest.param({"blocks": [section("x" * 2400)] * 4}, "msg_blocks_too_long", id="with too much text in all blocks"),
    pytest.param({"metadata": "{"}, "invalid_metadata_format", id="with metadata that is no JSON"),
    pytest.param({"metadata": {"event_type": "x"}}, "invalid_metadata_format", id="with metadata without a payload"),
    pytest.param({"thread_ts": "1.000001"}, "thread_not_found", id="to a thread that does not exist"),
    pytest.param({"thread_ts": "soon"}, "invalid_thread_ts", id="to a thread that cannot exist"),
]


@pytest.mark.parametrize(("arguments", "error"), NOT_POSTED)
def test_nothing_is_posted(slack: SlackServer, workspace: SlackWorkspace, arguments: Json, error: str) -> None:
    with pytest.raises(SlackApiError) as refused:
        client(slack).api_call("chat.postMessage", json={"channel": CHANNEL, "text": "x", **arguments})
    assert refused.value.response["error"] == error
    assert workspace.messages(CHANNEL) == workspace.messages("C0GENERAL") == []


def test_refused_blocks_are_pointed_at(slack: SlackServer) -> None:
    with pytest.raises(SlackApiError) as refused:
        client(slack).chat_postMessage(channel=CHANNEL, text="x", blocks=[section("x" * 3001)])
    assert refused.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]


def test_an_older_workspace_refuses_a_data_table_and_takes_sections(
    slack: SlackServer, workspace: SlackWorkspace
) -> None:
    workspace.faults.refuses_data_table = True
    rows = [[{"type": "raw_text", "text": "ID"}], [{"type": "raw_text", "text": "t1"}]]
    table = {"type": "data_table", "caption": "Tasks", "rows": rows}
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        client(slack).chat_postMessage(channel=CHANNEL, text="x", blocks=[table])
    assert client(slack).chat_postMessage(channel=CHANNEL, text="x", blocks=[section("t1")])["ok"]


def test_a_private_channel_without_the_bot_does_not_exist_for_it(slack: SlackServer, workspace: SlackWorkspace) -> None:
    workspace.remove_bot("G0OPS")
    assert refusal(slack, "chat.postMessage", channel="G0OPS", text="x")["error"] == "channel_not_found"


def test_an_archived_channel_takes_no_message(slack: SlackServer, workspace: SlackWorkspace) -> None:
    workspace.archive(CHANNEL)
    assert refusal(slack, "chat.postMessage", channel=CHANNEL, text="x")["error"] == "is_archived"


def test_text_beyond_40000_characters_is_cut_with_a_warning(slack: SlackServer, workspace: SlackWorkspace) -> None:
    answer = client(slack).chat_postMessage(channel=CHANNEL, text="x" * 40_001)
    assert answer["response_metadata"]["warnings"] == ["message_truncated"]
    assert len(workspace.messages(CHANNEL)[0].text) == 40_000


BAD_METADATA = [
    pytest.param({"event_type": "prewarm.delivery", "event_payload": {}}, id="a period in the event_type"),
    pytest.param({"event_type": "x", "event_payload": {"key": None}}, id="a null in the payload"),
    pytest.param({"event_type": "x", "event_payload": {"keys": ["a"]}}, id="a list of strings in the payload"),
    pytest.param({"event_type": "x", "event_payload": {"a": {"b": {"c": 1}}}}, id="a payload two levels deep"),
]


@pytest.mark.parametrize("metadata", BAD_METADATA)
def test_metadata_off_schema_is_dropped_with_a_warning(
    slack: SlackServer, workspace: SlackWorkspace, metadata: Json
) -> None:
    answer = client(slack).chat_postMessage(channel=CHANNEL, text="x", metadata=metadata)
    assert answer["response_metadata"]["warnings"] == ["invalid_metadata_schema"]
    assert "metadata" not in answer["message"]
    assert workspace.messages(CHANNEL)[0].metadata is None


def test_a_message_without_text_gets_one_from_its_blocks(slack: SlackServer, workspace: SlackWorkspace) -> None:
    client(slack).api_call("chat.postMessage", json={"channel": CHANNEL, "blocks": [section("from the block")]})
    assert workspace.messages(CHANNEL)[0].text == "from the block"


def test_a_person_is_written_to_by_opening_a_conversation(slack: SlackServer, workspace: SlackWorkspace) -> None:
    opened = client(slack).conversations_open(users="U0LIN")["channel"]["id"]
    client(slack).chat_postMessage(channel=opened, text="psst")
    assert [m.text for m in workspace.messages(opened)] == ["psst"]
    assert client(slack).chat_postMessage(channel="U0LIN", text="psst")["channel"] == opened


def test_nobody_opens_a_conversation_with_a_stranger(slack: SlackServer) -> None:
    assert refusal(slack, "conversations.open", users="U0NOBODY")["error"] == "user_not_found"


# -- the limiter


def test_a_second_message_within_the_second_is_refused_with_429(slack: SlackServer, workspace: SlackWorkspace) -> None:
    workspace.limiter.enabled = True
    first = client(slack).chat_postMessage(channel=CHANNEL, text="one")
    with pytest.raises(SlackApiError) as refused:
        client(slack).chat_postMessage(channel=CHANNEL, text="two", thread_ts=first["ts"])
    assert (refused.value.response.status_code, refused.value.response["error"]) == (429, "ratelimited")
    assert refused.value.response.headers["Retry-After"] == "1"
    assert client(slack).chat_postMessage(channel="G0OPS", text="elsewhere")["ok"]
    assert (workspace.limiter.refused, workspace.count_429) == (1, 1)


LIMITS = [
    pytest.param(1, [0.0, 0.9, 0.96], [0, 1, 0], id="a message a second"),
    pytest.param(1, [0.0, 0.96, 1.8, 1.95], [0, 0, 1, 0], id="the second counts from the last accepted one"),
    pytest.param(3, [0.0, 0.0, 0.0, 0.0, 1.0], [0, 0, 0, 1, 0], id="a burst of three, then one a second"),
]


@pytest.mark.parametrize(("burst", "times", "waits"), LIMITS)
def test_the_limiter_accepts(burst: int, times: list[float], waits: list[int]) -> None:
    limiter = Limiter(burst=burst)
    told = []
    for now in times:
        told.append(limiter.wait("C1", now))
        if not told[-1]:
            limiter.accepted("C1", now)
    assert told == waits


# -- editing and deleting


def test_an_update_keeps_metadata_that_it_does_not_name(slack: SlackServer, workspace: SlackWorkspace) -> None:
    ts = client(slack).chat_postMessage(channel=CHANNEL, text="x", blocks=[section("a")], metadata=KEY)["ts"]
    client(slack).chat_update(channel=CHANNEL, ts=ts, text="y", blocks=[section("b")])
    [message] = workspace.messages(CHANNEL)
    assert (message.text, message.metadata, message.edited_ts) == ("y", KEY, "")


def test_an_update_with_text_alone_removes_the_blocks(slack: SlackServer, workspace: SlackWorkspace) -> None:
    ts = client(slack).chat_postMessage(channel=CHANNEL, text="x", blocks=[section("a")])["ts"]
    client(slack).chat_update(channel=CHANNEL, ts=ts, text="y")
    [message] = workspace.messages(CHANNEL)
    assert message.blocks == ()
    assert message.edited_ts


def test_an_update_beyond_4000_characters_is_refused(slack: SlackServer) -> None:
    ts = client(slack).chat_postMessage(channel=CHANNEL, text="x")["ts"]
    assert refusal(slack, "chat.update", channel=CHANNEL, ts=ts, text="x" * 4001)["error"] == "msg_too_long"


def test_rich_text_cannot_become_something_else(slack: SlackServer) -> None:
    words = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
    ts = client(slack).chat_postMessage(channel=CHANNEL, text="x", blocks=[{"type": "rich_text", "elements": [words]}])[
        "ts"
    ]
    with pytest.raises(SlackApiError, match="block_mismatch"):
        client(slack).chat_update(channel=CHANNEL, ts=ts, text="x", blocks=[section("a")])


def test_only_the_bots_own_messages_can_be_edited_and_deleted(slack: SlackServer, workspace: SlackWorkspace) -> None:
    theirs = workspace.say("U0ADA", CHANNEL, "mine").ts
    assert refusal(slack, "chat.update", channel=CHANNEL, ts=theirs, text="x")["error"] == "cant_update_message"
    assert refusal(slack, "chat.delete", channel=CHANNEL, ts=theirs)["error"] == "cant_delete_message"
    assert refusal(slack, "chat.delete", channel=CHANNEL, ts="1.000001")["error"] == "message_not_found"


def test_a_deleted_message_is_gone(slack: SlackServer, workspace: SlackWorkspace) -> None:
    ts = client(slack).chat_postMessage(channel=CHANNEL, text="x")["ts"]
    client(slack).chat_delete(channel=CHANNEL, ts=ts)
    assert workspace.messages(CHANNEL) == []
    assert client(slack).conversations_history(channel=CHANNEL)["messages"] == []


def test_subscribers_hear_of_new_updated_and_deleted_messages_in_order(
    slack: SlackServer, workspace: SlackWorkspace
) -> None:
    heard: list[Change] = []
    end = workspace.subscribe(heard.append)
    ts = client(slack).chat_postMessage(channel=CHANNEL, text="x")["ts"]
    client(slack).chat_update(channel=CHANNEL, ts=ts, text="y")
    client(slack).chat_delete(channel=CHANNEL, ts=ts)
    assert [(change.kind, change.message.text) for change in heard] == [
        ("new", "x"),
        ("updated", "y"),
        ("deleted", "y"),
    ]
    end()
    workspace.say("U0ADA", CHANNEL, "unheard")
    assert len(heard) == 3


def test_an_ephemeral_message_is_seen_by_one_person_and_not_in_history(
    slack: SlackServer, workspace: SlackWorkspace
) -> None:
    client(slack).chat_postEphemeral(channel=CHANNEL, user="U0ADA", text="for you")
    assert [m.text for m in workspace.messages(CHANNEL, user="U0ADA")] == ["for you"]
    assert workspace.messages(CHANNEL, user="U0LIN") == workspace.messages(CHANNEL) == []
    assert client(slack).conversations_history(channel=CHANNEL)["messages"] == []
    assert [m.text for m in workspace.ephemerals("U0ADA")] == ["for you"]


def test_a_permalink_leads_to_a_message(slack: SlackServer) -> None:
    ts = client(slack).chat_postMessage(channel=CHANNEL, text="x")["ts"]
    link = client(slack).chat_getPermalink(channel=CHANNEL, message_ts=ts)["permalink"]
    assert link == f"https://demo.slack.com/archives/{CHANNEL}/p{ts.replace('.', '')}"
    assert refusal(slack, "chat.getPermalink", channel=CHANNEL, message_ts="1.000001")["error"] == "message_not_found"


# -- reading back


def said(workspace: SlackWorkspace, *texts: str) -> list[Message]:
    return [workspace.say("U0ADA", CHANNEL, text) for text in texts]


def texts(slack: SlackServer, **arguments: Any) -> list[str]:
    return [m["text"] for m in client(slack).conversations_history(channel=CHANNEL, **arguments)["messages"]]


def test_history_is_newest_first_and_bounded(slack: SlackServer, workspace: SlackWorkspace) -> None:
    _, two, three, _ = said(workspace, "1", "2", "3", "4")
    assert texts(slack) == ["4", "3", "2", "1"]
    assert texts(slack, oldest=two.ts) == ["4", "3"]
    assert texts(slack, oldest=two.ts, latest=three.ts, inclusive=True) == ["3", "2"]
    assert texts(slack, latest=two.ts) == ["1"]


def test_history_pages_to_its_end_though_messages_arrive_meanwhile(
    slack: SlackServer, workspace: SlackWorkspace
) -> None:
    said(workspace, *"12345")
    page = client(slack).conversations_history(channel=CHANNEL, limit=2)
    said(workspace, "6")
    read = [m["text"] for m in page["messages"]]
    while page["has_more"]:
        cursor = page["response_metadata"]["next_cursor"]
        page = client(slack).conversations_history(channel=CHANNEL, limit=2, cursor=cursor)
        read += [m["text"] for m in page["messages"]]
    assert read == ["5", "4", "3", "2", "1"]


def test_slack_may_return_fewer_messages_than_asked_for(slack: SlackServer, workspace: SlackWorkspace) -> None:
    said(workspace, *"123")
    workspace.faults.history_page = 1
    page = client(slack).conversations_history(channel=CHANNEL, limit=999)
    assert (len(page["messages"]), page["has_more"]) == (1, True)


@pytest.mark.parametrize(("argument", "value"), [("limit", "0"), ("limit", "1000"), ("cursor", "nonsense")])
def test_history_refuses_what_it_cannot_page_by(slack: SlackServer, argument: str, value: str) -> None:
    assert (
        refusal(slack, "conversations.history", channel=CHANNEL, **{argument: value})["error"] == f"invalid_{argument}"
    )


def test_history_shows_metadata_only_on_request(slack: SlackServer) -> None:
    client(slack).chat_postMessage(channel=CHANNEL, text="x", metadata=KEY)
    [bare] = client(slack).conversations_history(channel=CHANNEL)["messages"]
    [full] = client(slack).conversations_history(channel=CHANNEL, include_all_metadata=True)["messages"]
    assert "metadata" not in bare
    assert full["metadata"] == KEY


def test_history_leaves_replies_to_their_thread(slack: SlackServer, workspace: SlackWorkspace) -> None:
    parent = client(slack).chat_postMessage(channel=CHANNEL, text="parent")["ts"]
    reply = client(slack).chat_postMessage(channel=CHANNEL, text="reply", thread_ts=parent)["ts"]
    client(slack).chat_postMessage(channel=CHANNEL, text="reply to a reply", thread_ts=reply)
    assert texts(slack) == ["parent"]
    assert [m.text for m in workspace.messages(CHANNEL, thread_ts=parent)] == ["reply", "reply to a reply"]


def test_history_may_be_late(slack: SlackServer, workspace: SlackWorkspace) -> None:
    workspace.faults.history_delay = 60.0
    client(slack).chat_postMessage(channel=CHANNEL, text="x")
    assert [m.text for m in workspace.messages(CHANNEL)] == ["x"]
    assert texts(slack) == []


def test_history_is_for_members_only(slack: SlackServer) -> None:
    assert refusal(slack, "conversations.history", channel="C0GENERAL")["error"] == "not_in_channel"


def test_channels_are_described(slack: SlackServer) -> None:
    shown = client(slack).conversations_info(channel="C0GENERAL")["channel"]
    assert (shown["name"], shown["is_member"], shown["is_private"]) == ("general", False, False)


def test_people_have_a_locale_on_request(slack: SlackServer) -> None:
    assert client(slack).users_info(user="U0LIN", include_locale=True)["user"]["locale"] == "zh-CN"
    assert "locale" not in client(slack).users_info(user="U0LIN")["user"]


# -- views and answers by address


def test_a_home_tab_is_published_and_guarded_by_its_hash(slack: SlackServer, workspace: SlackWorkspace) -> None:
    view = {"type": "home", "blocks": [section("home")]}
    first = client(slack).views_publish(user_id="U0ADA", view=view)["view"]
    second = client(slack).views_publish(user_id="U0ADA", view=view, hash=first["hash"])["view"]
    assert workspace.homes["U0ADA"]["hash"] == second["hash"] != first["hash"]
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client(slack).views_publish(user_id="U0ADA", view=view, hash=first["hash"])


def test_a_view_that_is_wrong_is_pointed_at(slack: SlackServer) -> None:
    with pytest.raises(SlackApiError, match="json-pointer:/view/blocks/0/text/text"):
        client(slack).views_publish(user_id="U0ADA", view={"type": "home", "blocks": [section("")]})


def test_a_modal_opens_once_for_a_fresh_trigger(slack: SlackServer, workspace: SlackWorkspace) -> None:
    trigger = workspace.slash("U0ADA", CHANNEL, "/prewarm").trigger_id
    view = {"type": "modal", "title": {"type": "plain_text", "text": "Create"}, "blocks": []}
    client(slack).views_open(trigger_id=trigger, view=view)
    assert workspace.modals["U0ADA"]["title"]["text"] == "Create"
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        client(slack).views_open(trigger_id=trigger, view=view)
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        client(slack).views_open(trigger_id="other", view=view)


def test_a_response_url_works_five_times(workspace: SlackWorkspace) -> None:
    interaction = workspace.slash("U0ADA", "C0GENERAL", "/prewarm")
    url = WebhookClient(f"{workspace.base_url}/response/{interaction.url_id}", retry_handlers=[])
    assert url.send(text="quiet").status_code == 200
    assert url.send(text="loud", response_type="in_channel").status_code == 200
    for _ in range(3):
        url.send(text="more")
    used = url.send(text="too much")
    assert (used.status_code, "used_url" in used.body) == (404, True)
    assert [m.text for m in workspace.messages("C0GENERAL")] == ["loud"]
    assert interaction.wait_response().text == "quiet"
    assert interaction.wait_response(5).only_for == "U0ADA"


def test_a_response_url_and_a_trigger_expire(slack: SlackServer, workspace: SlackWorkspace) -> None:
    interaction = workspace.slash("U0ADA", CHANNEL, "/prewarm")
    interaction.sent_at -= 4.0
    view = {"type": "modal", "title": {"type": "plain_text", "text": "Create"}, "blocks": []}
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        client(slack).views_open(trigger_id=interaction.trigger_id, view=view)
    url = WebhookClient(f"{workspace.base_url}/response/{interaction.url_id}", retry_handlers=[])
    assert url.send(text="in time").status_code == 200
    interaction.sent_at -= 1800.0
    assert "expired_url" in url.send(text="too late").body


def test_a_response_url_checks_blocks_but_not_their_sum(workspace: SlackWorkspace) -> None:
    interaction = workspace.slash("U0ADA", CHANNEL, "/prewarm")
    url = WebhookClient(f"{workspace.base_url}/response/{interaction.url_id}", retry_handlers=[])
    assert url.send(blocks=[section("x" * 3001)]).status_code == 400
    assert url.send(blocks=[section("x" * 2400)] * 4).status_code == 200


# -- what was asked is on record


def test_every_call_is_recorded_without_its_token(slack: SlackServer, workspace: SlackWorkspace) -> None:
    client(slack).chat_postMessage(channel=CHANNEL, text="x")
    client(slack).api_call("auth.test", json={"token": TOKEN})
    refusal(slack, "chat.postMessage", channel="C0GENERAL", text="x")
    shown = [(call.method, call.outcome, call.status, call.arguments.get("text")) for call in workspace.calls]
    assert shown == [
        ("chat.postMessage", "ok", 200, "x"),
        ("auth.test", "ok", 200, None),
        ("chat.postMessage", "not_in_channel", 200, "x"),
    ]
    assert TOKEN not in str(workspace.calls)


def test_the_date_header_follows_slacks_clock(slack: SlackServer, workspace: SlackWorkspace) -> None:
    before = parsedate_to_datetime(client(slack).auth_test().headers["Date"])
    workspace.faults.clock_skew = 3600.0
    answer = client(slack).chat_postMessage(channel=CHANNEL, text="x")
    after = parsedate_to_datetime(answer.headers["Date"])
    assert 3600 <= (after - before).total_seconds() < 3660
    assert 0 <= float(answer["ts"]) - after.timestamp() < 1
