"""What people do in the embedded workspace, and what the app hears of it over Socket Mode."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.demo.slack.records import Channel, Identity, Person
from bot.demo.slack.server import SlackServer
from bot.demo.slack.workspace import SlackWorkspace
from tests.integration.slack_app import App

CHANNEL = "C0PREWARM"
BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "Refresh"}, "action_id": "refresh", "value": "t1"}
BLOCKS = [{"type": "actions", "block_id": "buttons", "elements": [BUTTON]}]


@pytest.fixture
def app() -> Iterator[App]:
    with SlackServer() as slack:
        slack.workspace.limiter.enabled = False
        with App(slack) as app:
            yield app


@pytest.fixture
def workspace(app: App) -> SlackWorkspace:
    return app.slack.workspace


def test_a_slash_command_says_who_where_and_what(app: App, workspace: SlackWorkspace) -> None:
    interaction = workspace.slash("U0ADA", "#prewarm", "/prewarm", "list failed")
    heard = app.payload()
    assert (heard["command"], heard["text"], heard["user_id"], heard["channel_id"], heard["channel_name"]) == (
        "/prewarm",
        "list failed",
        "U0ADA",
        CHANNEL,
        "prewarm",
    )
    assert heard["trigger_id"] == interaction.trigger_id
    assert WebhookClient(heard["response_url"], retry_handlers=[]).send(text="answer").status_code == 200
    assert interaction.wait_response().text == "answer"


def test_a_command_works_where_the_bot_is_not_and_hides_a_private_name(app: App, workspace: SlackWorkspace) -> None:
    workspace.slash("U0ADA", "C0GENERAL", "/prewarm")
    workspace.slash("U0ADA", "G0OPS", "/prewarm")
    assert [app.payload(n)["channel_name"] for n in (1, 2)] == ["general", "privategroup"]


def test_a_mention_is_heard_where_the_bot_is_and_answered_in_its_thread(app: App, workspace: SlackWorkspace) -> None:
    workspace.mention("U0ADA", "C0GENERAL", "nobody hears this")
    asked = workspace.mention("U0ADA", CHANNEL, "list")
    event = app.event()
    assert (event["type"], event["text"], event["ts"]) == ("app_mention", "<@U0PREWARM> list", asked.ts)
    app.client.chat_postMessage(channel=CHANNEL, text="answer", thread_ts=event["ts"])
    assert workspace.wait_reply(asked).text == "answer"
    assert workspace.as_text(asked) == "@prewarm list"


def test_what_people_type_is_read_as_they_meant_it() -> None:
    workspace = SlackWorkspace()
    typed = "<@U0LIN> see <#C0GENERAL|general> or <https://x.example|this> if a &lt; b"
    said = workspace.say("U0ADA", CHANNEL, typed)
    assert workspace.as_text(said) == "@lin see #general or this (https://x.example) if a < b"


def test_a_direct_message_is_heard_and_so_is_the_bots_own_answer(app: App, workspace: SlackWorkspace) -> None:
    asked = workspace.direct_message("U0LIN", "help")
    event = app.event()
    assert (event["type"], event["channel_type"], event["text"]) == ("message", "im", "help")
    ts = app.client.chat_postMessage(channel=event["channel"], text="answer")["ts"]
    assert workspace.wait_reply(asked).text == "answer"
    assert app.event(2)["bot_id"] == "B0PREWARM"
    app.client.chat_update(channel=event["channel"], ts=ts, text="better")
    assert app.event(3)["subtype"] == "message_changed"


def test_a_click_carries_the_button_and_its_message(app: App, workspace: SlackWorkspace) -> None:
    app.client.chat_postMessage(channel=CHANNEL, text="x", blocks=BLOCKS)
    interaction = workspace.click("U0ADA", workspace.messages(CHANNEL)[0], "refresh")
    heard = app.payload()
    assert (heard["type"], heard["user"]["id"], heard["channel"]["id"]) == ("block_actions", "U0ADA", CHANNEL)
    assert {"action_id": "refresh", "block_id": "buttons", "value": "t1"}.items() <= heard["actions"][0].items()
    assert heard["message"]["ts"] == heard["container"]["message_ts"]
    url = WebhookClient(heard["response_url"], retry_handlers=[])
    url.send(text="fresh", replace_original=True)
    assert interaction.wait_response().text == "fresh"
    assert [m.text for m in workspace.messages(CHANNEL)] == ["fresh"]
    url.send(text="", delete_original=True)
    workspace.wait_for(lambda: not workspace.messages(CHANNEL))


def test_a_click_tells_buttons_apart_by_value(app: App, workspace: SlackWorkspace) -> None:
    rows = [{"type": "actions", "elements": [BUTTON | {"value": value}]} for value in ("t1", "t2")]
    app.client.chat_postMessage(channel=CHANNEL, text="x", blocks=rows)
    workspace.click("U0ADA", workspace.messages(CHANNEL)[0], "refresh", value="t2")
    assert app.payload()["actions"][0]["value"] == "t2"


def test_there_must_be_something_to_press(app: App, workspace: SlackWorkspace) -> None:
    app.client.chat_postMessage(channel=CHANNEL, text="x", blocks=BLOCKS)
    with pytest.raises(LookupError, match="delete"):
        workspace.click("U0ADA", workspace.messages(CHANNEL)[0], "delete")


def test_the_home_tab_is_opened_and_its_buttons_work(app: App, workspace: SlackWorkspace) -> None:
    workspace.open_home("U0ADA")
    event = app.event()
    assert (event["type"], event["tab"], event["user"]) == ("app_home_opened", "home", "U0ADA")
    app.client.views_publish(user_id="U0ADA", view={"type": "home", "blocks": BLOCKS})
    workspace.click_home("U0ADA", "refresh")
    heard = app.payload(2)
    assert (heard["container"]["type"], heard["view"]["id"]) == ("view", workspace.homes["U0ADA"]["id"])
    assert "response_url" not in heard


def test_inviting_and_removing_the_bot_is_heard(app: App, workspace: SlackWorkspace) -> None:
    workspace.invite_bot("C0GENERAL", by="U0ADA")
    assert {"type": "member_joined_channel", "user": "U0PREWARM", "inviter": "U0ADA"}.items() <= app.event().items()
    assert app.client.chat_postMessage(channel="C0GENERAL", text="hello")["ok"]
    workspace.remove_bot("C0GENERAL")
    assert (app.event(2)["type"], app.event(2)["channel"]) == ("channel_left", "C0GENERAL")


def test_a_channels_fate_is_heard_under_its_own_names(app: App, workspace: SlackWorkspace) -> None:
    workspace.rename(CHANNEL, "warm")
    workspace.archive(CHANNEL)
    workspace.unarchive(CHANNEL)
    workspace.archive("G0OPS")
    kinds = [app.event(number)["type"] for number in (1, 2, 3, 4)]
    assert kinds == ["channel_rename", "channel_archive", "channel_unarchive", "group_archive"]
    assert workspace.channels[CHANNEL].name == "warm"


def test_an_event_the_app_did_not_subscribe_to_is_not_sent(app: App, workspace: SlackWorkspace) -> None:
    workspace.events.discard("channel_rename")
    workspace.rename(CHANNEL, "warm")
    workspace.archive(CHANNEL)
    assert app.event()["type"] == "channel_archive"


def test_names_and_tokens_can_be_chosen() -> None:
    people = [Person("U1", "mei")]
    channels = [Channel("C1", "gpu", frozenset({"U1", "U2"}))]
    identity = Identity(bot_user="U2", token="xoxb-other-dummy")
    with SlackServer(workspace=SlackWorkspace(identity, people, channels)) as slack:
        bot = WebClient("xoxb-other-dummy", base_url=slack.api_url, retry_handlers=[])
        assert bot.chat_postMessage(channel="C1", text="x")["message"]["user"] == "U2"


def test_waiting_in_vain_says_for_what() -> None:
    with pytest.raises(TimeoutError, match="for a miracle"):
        SlackWorkspace().wait_for(lambda: False, 0.01, "a miracle")
