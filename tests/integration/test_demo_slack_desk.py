"""What a desk needs of the embedded workspace: Home, buttons, messages for one person, and acts that arrive twice."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.demo.slack.records import Message
from bot.demo.slack.server import SlackServer
from bot.demo.slack.workspace import SlackWorkspace
from tests.integration.slack_app import App, Json, answering

CHANNEL, ADA, LIN = "C0PREWARM", "U0ADA", "U0LIN"
KEY = {"event_type": "prewarm_delivery", "event_payload": {"key": "store:1"}}
BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "Watch"}, "action_id": "watch", "value": "t1"}
BUTTONS: list[Json] = [{"type": "actions", "block_id": "buttons", "elements": [BUTTON]}]
DIVIDER = {"type": "divider"}
TABLE = {
    "type": "data_table",
    "caption": "Tasks",
    "rows": [[{"type": "raw_text", "text": "ID"}], [{"type": "raw_text", "text": "t1"}]],
}


@pytest.fixture
def app() -> Iterator[App]:
    with SlackServer() as slack:
        slack.workspace.limiter.enabled = False
        with App(slack) as app:
            yield app


@pytest.fixture
def workspace(app: App) -> SlackWorkspace:
    return app.slack.workspace


def refused(app: App, method: str, **arguments: Any) -> str:
    """The code with which Slack refuses a call."""
    with pytest.raises(SlackApiError) as caught:
        app.client.api_call(method, json=arguments)
    return str(caught.value.response["error"])


def posted(app: App, **more: Any) -> Message:
    ts = app.client.chat_postMessage(channel=CHANNEL, text="x", blocks=BUTTONS, **more)["ts"]
    found = app.slack.workspace.message(CHANNEL, ts)
    assert found is not None
    return found


# -- App Home


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}


VIEWS = [
    pytest.param(home(*[DIVIDER] * 101), "invalid_arguments", id="101 blocks"),
    pytest.param(home(TABLE), "invalid_arguments", id="a data_table"),
    pytest.param(home(*BUTTONS * 2), "invalid_arguments", id="a block ID twice"),
    pytest.param(home(private_metadata="x" * 3001), "invalid_arguments", id="3,001 characters of private metadata"),
    pytest.param(home(DIVIDER, title="x"), "invalid_arguments", id="a title"),
    pytest.param({"type": "modal", "blocks": []}, "invalid_arguments", id="a modal"),
]


@pytest.mark.parametrize(("view", "error"), VIEWS)
def test_a_home_tab_is_refused_with(app: App, workspace: SlackWorkspace, view: Json, error: str) -> None:
    assert refused(app, "views.publish", user_id=ADA, view=view) == error
    assert workspace.homes == {}


def test_a_home_tab_takes_a_hundred_blocks_and_is_its_persons_own(app: App, workspace: SlackWorkspace) -> None:
    app.client.views_publish(user_id=ADA, view=home(*[DIVIDER] * 100))
    app.client.views_publish(user_id=LIN, view=home(*BUTTONS))
    assert {user: len(view["blocks"]) for user, view in workspace.homes.items()} == {ADA: 100, LIN: 1}


def test_an_app_without_a_home_tab_cannot_publish_one(app: App, workspace: SlackWorkspace) -> None:
    workspace.home_tab = False
    assert refused(app, "views.publish", user_id=ADA, view=home()) == "not_enabled"


def test_whoever_opens_home_again_shows_the_app_what_is_there(app: App, workspace: SlackWorkspace) -> None:
    workspace.open_home(ADA)
    assert "view" not in app.event()
    app.client.views_publish(user_id=ADA, view=home(*BUTTONS))
    workspace.open_home(ADA)
    assert app.event(2)["view"]["blocks"] == BUTTONS
    workspace.open_home(ADA, "messages")
    assert app.event(3)["tab"] == "messages"


# -- messages for one person


def test_only_members_are_told_something_for_themselves(app: App, workspace: SlackWorkspace) -> None:
    members = workspace.channels[CHANNEL].members
    workspace.alter_channel(workspace.channels[CHANNEL], members=members - {LIN})
    for user in (LIN, "U0NOBODY"):
        code = refused(app, "chat.postEphemeral", channel=CHANNEL, user=user, text="x")
        assert code == "user_not_in_channel"
    assert refused(app, "chat.postEphemeral", channel="C0GENERAL", user=ADA, text="x") == "not_in_channel"
    workspace.scopes.discard("chat:write")
    assert refused(app, "chat.postEphemeral", channel=CHANNEL, user=ADA, text="x") == "missing_scope"


def test_an_ephemeral_message_in_a_thread_that_nobody_answered_is_shown_to_nobody(
    app: App, workspace: SlackWorkspace
) -> None:
    asked = workspace.say(ADA, CHANNEL, "hm")
    whisper = partial(app.client.chat_postEphemeral, channel=CHANNEL, user=ADA, thread_ts=asked.ts)
    assert whisper(text="unseen")["message_ts"]
    app.client.chat_postMessage(channel=CHANNEL, text="an answer", thread_ts=asked.ts)
    whisper(text="seen")
    assert [message.text for message in workspace.ephemerals(ADA)] == ["seen"]


def test_an_ephemeral_message_can_be_replaced_and_deleted_by_its_buttons_address_alone(
    app: App, workspace: SlackWorkspace
) -> None:
    ts = app.client.chat_postEphemeral(channel=CHANNEL, user=ADA, text="x", blocks=BUTTONS)["message_ts"]
    assert refused(app, "chat.update", channel=CHANNEL, ts=ts, text="y") == "message_not_found"
    assert refused(app, "chat.delete", channel=CHANNEL, ts=ts) == "message_not_found"
    [message] = workspace.ephemerals(ADA)
    workspace.click(ADA, message, "watch")
    heard = app.payload()
    assert heard["container"]["is_ephemeral"]
    assert "message" not in heard
    assert answering(heard).send(text="y", replace_original=True).status_code == 200
    assert [(m.text, m.ts) for m in workspace.ephemerals(ADA)] == [("y", ts)]
    answering(heard).send(text="", delete_original=True)
    assert workspace.ephemerals(ADA) == []


# -- answers through a response_url


def test_a_command_has_no_original_to_replace(app: App, workspace: SlackWorkspace) -> None:
    workspace.slash(ADA, CHANNEL, "/prewarm")
    url = answering(app.payload())
    url.send(text="one")
    url.send(text="two", replace_original=True)
    assert [message.text for message in workspace.ephemerals(ADA)] == ["one", "two"]


def test_replacing_keeps_metadata_that_was_changed_after_the_click(app: App, workspace: SlackWorkspace) -> None:
    message = posted(app)
    workspace.click(ADA, message, "watch")
    app.client.chat_update(channel=CHANNEL, ts=message.ts, text="x", blocks=BUTTONS, metadata=KEY)
    answering(app.payload()).send(text="y", blocks=BUTTONS, replace_original=True)
    [now] = workspace.messages(CHANNEL)
    assert (now.text, now.metadata) == ("y", KEY)


def test_a_deleted_message_does_not_come_back_by_being_replaced(app: App, workspace: SlackWorkspace) -> None:
    message = posted(app)
    workspace.click(ADA, message, "watch")
    workspace.delete_message(message)
    assert answering(app.payload()).send(text="y", replace_original=True).status_code == 404
    assert workspace.messages(CHANNEL) == []


def test_a_click_in_a_thread_says_in_which(app: App, workspace: SlackWorkspace) -> None:
    asked = workspace.mention(ADA, CHANNEL, "list")
    answer = posted(app, thread_ts=asked.ts)
    workspace.click(LIN, answer, "watch")
    assert app.payload(2)["container"]["thread_ts"] == asked.ts


# -- edits


def test_a_message_in_an_archived_channel_cannot_be_edited(app: App, workspace: SlackWorkspace) -> None:
    message = posted(app)
    workspace.archive(CHANNEL)
    assert refused(app, "chat.update", channel=CHANNEL, ts=message.ts, text="y") == "is_inactive"


# -- several people, and acts that arrive twice


def test_people_differ_in_language_and_time_zone_and_need_a_scope_to_be_asked(
    app: App, workspace: SlackWorkspace
) -> None:
    shown = [app.client.users_info(user=user, include_locale=True)["user"] for user in (ADA, LIN)]
    assert [(user["locale"], user["tz"]) for user in shown] == [
        ("en-US", "Europe/Berlin"),
        ("zh-CN", "Asia/Shanghai"),
    ]
    assert refused(app, "users.info", user="U0NOBODY") == "user_not_found"
    workspace.scopes.discard("users:read")
    assert refused(app, "users.info", user=ADA) == "missing_scope"


def test_two_people_press_one_button_and_each_gets_an_answer_of_their_own(app: App, workspace: SlackWorkspace) -> None:
    message = posted(app)
    for user in (ADA, LIN):
        workspace.click(user, message, "watch")
    heard = [app.payload(number) for number in (1, 2)]
    assert [payload["user"]["id"] for payload in heard] == [ADA, LIN]
    for payload in heard:
        answering(payload).send(text=f"for {payload['user']['name']}")
    assert [workspace.ephemerals(user)[0].text for user in (ADA, LIN)] == ["for ada", "for lin"]


def test_a_double_click_is_two_clicks_that_share_nothing_but_the_button(app: App, workspace: SlackWorkspace) -> None:
    message = posted(app)
    for _ in range(2):
        workspace.click(ADA, message, "watch")
    first, second = app.payload(1), app.payload(2)
    assert (first["container"], first["actions"][0]["value"]) == (second["container"], second["actions"][0]["value"])
    for name in ("trigger_id", "response_url"):
        assert first[name] != second[name]


def test_an_envelope_may_come_twice(app: App, workspace: SlackWorkspace) -> None:
    app.slack.delivery.repeats = 1
    workspace.click(ADA, posted(app), "watch")
    assert app.payload(1) == app.payload(2)


def test_an_event_whose_acknowledgement_got_lost_comes_again_with_the_same_id(
    app: App, workspace: SlackWorkspace
) -> None:
    app.slack.delivery.ack_seconds, app.slack.delivery.lost_acks = 0.2, 1
    workspace.mention(ADA, CHANNEL, "list")
    assert app.payload(1) == app.payload(2)
    workspace.wait_for(lambda: app.slack.delivery.acks == 1, what="the second acknowledgement")


def test_a_click_whose_acknowledgement_got_lost_shows_an_error_and_does_not_come_again(
    app: App, workspace: SlackWorkspace
) -> None:
    app.slack.delivery.ack_seconds, app.slack.delivery.lost_acks = 0.2, 1
    with pytest.raises(TimeoutError, match="operation_timeout"):
        workspace.click(ADA, posted(app), "watch").wait_acked()
    workspace.mention(ADA, CHANNEL, "list")
    assert app.event(2)["type"] == "app_mention"


# -- channels


def test_a_channels_fate_shows_when_asked_and_a_rename_tells_the_new_name(app: App, workspace: SlackWorkspace) -> None:
    workspace.rename(CHANNEL, "warm")
    workspace.archive(CHANNEL)
    renamed = app.event()["channel"]
    assert (renamed["id"], renamed["name"], renamed["is_channel"]) == (CHANNEL, "warm", True)
    shown = app.client.conversations_info(channel=CHANNEL)["channel"]
    assert (shown["name"], shown["is_archived"], shown["is_member"]) == ("warm", True, True)


def test_a_private_channel_the_bot_left_is_heard_of_once_and_then_unknown(app: App, workspace: SlackWorkspace) -> None:
    workspace.remove_bot("G0OPS")
    assert (app.event()["type"], app.event()["channel"]) == ("group_left", "G0OPS")
    assert refused(app, "conversations.info", channel="G0OPS") == "channel_not_found"
    workspace.rename("G0OPS", "unheard")
    workspace.invite_bot("G0OPS", by=LIN)
    heard = app.event(2)
    assert (heard["type"], heard["channel_type"], heard["inviter"]) == ("member_joined_channel", "G", LIN)


def test_others_who_join_are_heard_of_too(app: App, workspace: SlackWorkspace) -> None:
    workspace.join(CHANNEL, "U0SAM", by=ADA)
    assert (app.event()["user"], app.event()["inviter"], app.event()["channel"]) == ("U0SAM", ADA, CHANNEL)
