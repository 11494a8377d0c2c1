"""The demo's page over real HTTP: who may talk to it, what each person sees, says and presses, and what changes."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from bot.demo.page.server import PageServer
from bot.demo.slack.records import Message
from bot.demo.slack.server import SlackServer
from bot.demo.slack.workspace import SlackWorkspace

ADA, LIN, CHANNEL, PRIVATE = "U0ADA", "U0LIN", "C0PREWARM", "G0OPS"
PATIENCE = 10.0
BUTTON = {"type": "button", "action_id": "refresh", "text": {"type": "plain_text", "text": "Refresh"}, "value": "7"}
ACTIONS = {"type": "actions", "block_id": "b1", "elements": [BUTTON]}

House = tuple[SlackWorkspace, httpx.Client]


@pytest.fixture
def house() -> Iterator[House]:
    workspace = SlackWorkspace()
    with PageServer(workspace) as page, httpx.Client(base_url=page.url, trust_env=False, timeout=PATIENCE) as client:
        yield workspace, client


def bot_says(workspace: SlackWorkspace, text: str, channel: str = CHANNEL, **rest: Any) -> Message:
    return workspace.store(channel, workspace.identity.bot_user, text, by_bot=True, **rest)


def texts(state: dict[str, Any], channel: str = CHANNEL) -> list[str]:
    return [message["text"] for message in state["messages"][channel]]


def seen_by(client: httpx.Client, me: str) -> dict[str, Any]:
    state: dict[str, Any] = client.get("/chat/state", params={"me": me}).json()
    return state


# ---- who may talk to it


def test_everything_carries_the_policy_and_its_own_type(house: House) -> None:
    _, client = house
    types = {"/app.js": "text/javascript; charset=utf-8", "/": "text/html; charset=utf-8"}
    types |= {"/app.css": "text/css; charset=utf-8", "/chat/state": "application/json; charset=utf-8"}
    for path, kind in types.items():
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
        assert answer.headers["Content-Security-Policy"] == (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    ["/nothing.js", "/../page_server.py", "/%2e%2e/page_server.py", "/..%2fpage_server.py", "/chat/nothing", "/page/"],
)
def test_what_is_not_there_is_404_with_a_sentence_and_the_policy(house: House, path: str) -> None:
    _, client = house
    answer = client.get(path)
    assert answer.status_code == 404
    assert "error" in answer.json()
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("path", ["/", "/app.js", "/chat/state", "/gallery.json"])
def test_a_name_that_was_made_to_resolve_to_this_machine_is_refused(house: House, path: str) -> None:
    _, client = house
    answer = client.get(path, headers={"Host": f"evil.example:{client.base_url.port}"})
    assert answer.status_code == 403
    assert "answers only to" in answer.json()["error"]


def test_localhost_is_the_same_page(house: House) -> None:
    _, client = house
    host = f"localhost:{client.base_url.port}"
    body = {"me": ADA, "channel": CHANNEL, "text": "hello"}
    assert client.post("/chat/say", json=body, headers={"Host": host, "Origin": f"http://{host}"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "http://evil.example"}, id="another page's script"),
        pytest.param({"Origin": "null"}, id="a page from a file or a sandbox"),
        pytest.param({"Origin": "http://127.0.0.1:9"}, id="another port of this machine"),
        pytest.param({"Content-Type": "text/plain"}, id="a form that pretends to be JSON"),
        pytest.param({"Content-Type": "application/x-www-form-urlencoded"}, id="a form"),
    ],
)
def test_what_another_page_sends_is_refused_and_not_done(house: House, headers: dict[str, str]) -> None:
    workspace, client = house
    body = json.dumps({"me": ADA, "channel": CHANNEL, "text": "hello"})
    answer = client.post("/chat/say", content=body, headers={"Content-Type": "application/json"} | headers)
    assert answer.status_code == 403
    assert "Nothing was done" in answer.json()["error"]
    assert workspace.messages(CHANNEL) == []


def test_a_taken_port_gives_way_to_the_next_free_one() -> None:
    with PageServer(SlackWorkspace()) as first, PageServer(SlackWorkspace(), first.port) as second:
        assert second.port > first.port
        assert httpx.get(f"{second.url}/chat/commands", trust_env=False).status_code == 200


def test_it_stops_at_once_though_somebody_listens() -> None:
    page = PageServer(SlackWorkspace()).start()
    with (
        httpx.Client(base_url=page.url, trust_env=False) as client,
        client.stream("GET", "/chat/events", params={"me": ADA, "after": seen_by(client, ADA)["position"]}) as answer,
    ):
        assert next(answer.iter_lines()).startswith(":")
        began = time.monotonic()
        page.stop()
        page.stop()
    assert time.monotonic() - began < 2


# ---- what people see


def test_direct_and_ephemeral_messages_are_seen_by_one_person(house: House) -> None:
    workspace, client = house
    bot_says(workspace, "for everybody")
    bot_says(workspace, "for ada alone", only_for=ADA)
    workspace.direct_message(LIN, "show me")
    ada, lin = seen_by(client, ADA), seen_by(client, LIN)
    assert texts(ada) == ["for everybody", "for ada alone"]
    assert texts(lin) == ["for everybody"]
    assert {each["id"] for each in ada["channels"]} == {"C0GENERAL", "C0PREWARM", "G0OPS", "D0ADA"}
    assert texts(lin, "D0LIN") == ["show me"]
    assert "D0LIN" not in ada["messages"]


def test_threads_come_with_their_channel(house: House) -> None:
    workspace, client = house
    parent = workspace.say(ADA, CHANNEL, "parent")
    bot_says(workspace, "reply", thread_ts=parent.ts)
    assert [m.get("thread_ts") for m in seen_by(client, ADA)["messages"][CHANNEL]] == [None, parent.ts]


def test_a_long_channel_shows_its_latest_messages(house: House) -> None:
    workspace, client = house
    for number in range(205):
        bot_says(workspace, str(number))
    assert texts(seen_by(client, ADA)) == [str(number) for number in range(5, 205)]


def test_the_composers_offers_are_handed_out(house: House) -> None:
    _, client = house
    offers = client.get("/chat/commands").json()["commands"]
    assert [each["text"] for each in offers] == ["/invite @prewarm", "/remove @prewarm"]


def test_the_gallery_is_what_its_producer_says() -> None:
    groups = {"groups": [{"title": "One task"}]}
    with PageServer(SlackWorkspace(), gallery=lambda: groups) as page:
        assert httpx.get(f"{page.url}/gallery.json", trust_env=False).json() == groups
    with PageServer(SlackWorkspace()) as page:
        assert httpx.get(f"{page.url}/gallery.json", trust_env=False).json() == {"groups": []}


# ---- what people do


def say(client: httpx.Client, text: str, channel: str = CHANNEL, me: str = ADA, **more: Any) -> httpx.Response:
    return client.post("/chat/say", json={"me": me, "channel": channel, "text": text} | more)


def test_hostile_text_is_escaped_as_clients_do_and_notifies_nobody(house: House) -> None:
    workspace, client = house
    assert say(client, "<script>alert(1)</script> & <!channel>").status_code == 200
    (message,) = workspace.messages(CHANNEL)
    assert message.text == "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;!channel&gt;"


@contextmanager
def app_hears(workspace: SlackWorkspace) -> Iterator[list[dict[str, Any]]]:
    """Collect what the app is told."""
    heard: list[dict[str, Any]] = []
    workspace.outlet = lambda envelope: heard.append(envelope.payload)
    yield heard


@pytest.mark.parametrize("text", ["@prewarm list failed", "please @prewarm list failed"])
def test_a_mention_reaches_the_app_wherever_it_stands(house: House, text: str) -> None:
    workspace, client = house
    with app_hears(workspace) as heard:
        say(client, text)
    (payload,) = heard
    assert payload["event"]["type"] == "app_mention"
    assert payload["event"]["text"] == text.replace("@prewarm", "<@U0PREWARM>")


def test_a_direct_message_reaches_the_app_and_small_talk_does_not(house: House) -> None:
    workspace, client = house
    with app_hears(workspace) as heard:
        say(client, "@lin did you see #ops?")
        say(client, "show nzd5", channel=workspace.direct_channel(ADA).id)
    assert [payload["event"]["channel_type"] for payload in heard] == ["im"]
    assert workspace.messages(CHANNEL)[0].text == "<@U0LIN> did you see <#G0OPS>?"


def test_a_command_reaches_the_app_and_the_terminal_and_leaves_no_message() -> None:
    workspace, typed = SlackWorkspace(), []
    with (
        PageServer(workspace, typed=lambda *words: typed.append(words)) as page,
        httpx.Client(base_url=page.url, trust_env=False) as client,
        app_hears(workspace) as heard,
    ):
        assert say(client, "/prewarm list failed").json() == {}
    assert (heard[0]["command"], heard[0]["text"], heard[0]["channel_id"]) == ("/prewarm", "list failed", CHANNEL)
    assert typed == [("ada", "#prewarm", "/prewarm list failed")]
    assert workspace.messages(CHANNEL, user=ADA) == []


def test_where_the_bot_is_not_a_mention_is_told_so_and_invite_and_remove_work(house: House) -> None:
    workspace, client = house
    say(client, "@prewarm hello", channel="C0GENERAL")
    hint = seen_by(client, ADA)["messages"]["C0GENERAL"][-1]
    assert "/invite @prewarm" in hint["text"]
    assert hint["only_for"] == ADA
    say(client, "/invite @prewarm", channel="C0GENERAL")
    assert workspace.is_bot_in(workspace.channels["C0GENERAL"])
    say(client, "/remove @prewarm", channel="C0GENERAL")
    assert not workspace.is_bot_in(workspace.channels["C0GENERAL"])


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        pytest.param({"text": "  "}, 400, "nothing to send", id="an empty text"),
        pytest.param({"text": "x" * 12_001}, 400, "at most 12000", id="a text that is too long"),
        pytest.param({"text": 7}, 400, "'text' must be a text", id="a text that is none"),
        pytest.param({"text": "/deploy now"}, 400, "/deploy is no command", id="a command that nobody has"),
        pytest.param({"text": "/invite @lin"}, 400, "with @prewarm alone", id="an invitation of somebody else"),
        pytest.param({"text": "/invite @prewarm"}, 400, "is already in", id="an invitation of who is there"),
        pytest.param({"text": "hi", "me": "U0EVE"}, 400, "nobody 'U0EVE'", id="a stranger"),
        pytest.param({"text": "hi", "channel": "D0LIN"}, 404, "no channel 'D0LIN' for you", id="another's messages"),
        pytest.param({"text": "hi", "thread_ts": "1.2"}, 409, "no longer there", id="a thread that is gone"),
    ],
)
def test_what_cannot_be_said_is_refused_with_a_sentence(
    house: House, body: dict[str, Any], status: int, words: str
) -> None:
    workspace, client = house
    answer = client.post("/chat/say", json={"me": ADA, "channel": CHANNEL} | body)
    assert (answer.status_code, words in answer.json()["error"]) == (status, True), answer.text
    assert workspace.messages(CHANNEL) == []


def test_a_command_in_a_thread_is_refused_as_in_slack(house: House) -> None:
    workspace, client = house
    parent = workspace.say(ADA, CHANNEL, "parent")
    assert "no commands in threads" in say(client, "/prewarm", thread_ts=parent.ts).json()["error"]


@pytest.mark.parametrize("content", [b"", b"[]", b"not json", b"\xff"])
def test_a_body_that_is_no_object_is_refused(house: House, content: bytes) -> None:
    _, client = house
    answer = client.post("/chat/say", content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (400, {"error": "The body is not a JSON object."})


def press(client: httpx.Client, message: Message, action_id: str = "refresh") -> httpx.Response:
    body = {"me": ADA, "channel": message.channel, "ts": message.ts, "action_id": action_id, "value": "7"}
    return client.post("/chat/act", json=body)


def test_a_button_reaches_the_app_and_its_acknowledgement_comes_back(house: House) -> None:
    workspace, client = house
    message = bot_says(workspace, "press me", blocks=(ACTIONS,))
    workspace.outlet = lambda envelope: envelope.interaction.acknowledge(None) if envelope.interaction else None
    assert press(client, message).status_code == 200
    assert press(client, message, "other").status_code == 409


def test_a_button_that_nobody_answers_says_so(house: House) -> None:
    workspace, client = house
    answer = press(client, bot_says(workspace, "press me", blocks=(ACTIONS,)))
    assert answer.status_code == 504
    assert "did not answer the button" in answer.json()["error"]


def test_looking_at_the_home_tells_the_app_and_its_buttons_work(house: House) -> None:
    workspace, client = house
    with app_hears(workspace) as heard:
        client.post("/chat/home", json={"me": LIN})
    assert heard[0]["event"]["type"] == "app_home_opened"
    workspace.homes[LIN] = {"id": "V1", "blocks": [ACTIONS]}
    assert seen_by(client, LIN)["home"] == {"blocks": [ACTIONS]}
    assert seen_by(client, ADA)["home"] is None
    workspace.outlet = lambda envelope: envelope.interaction.acknowledge(None) if envelope.interaction else None
    assert client.post("/chat/act", json={"me": LIN, "action_id": "refresh"}).status_code == 200


# ---- what changes

Event = tuple[str, str, Any]  # id, name, data


@contextmanager
def stream_of(client: httpx.Client, me: str, after: str = "", last: str = "") -> Iterator[Iterator[Event]]:
    """Listen from `after` (from now on by default), or with `last` as a browser that lost its connection."""
    query = {"me": me, "after": after or seen_by(client, me)["position"]}
    headers = {"Last-Event-ID": last} if last else {}
    with client.stream("GET", "/chat/events", params=query, headers=headers) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        yield events_in(answer)


def events_in(answer: httpx.Response) -> Iterator[Event]:
    fields: dict[str, str] = {}
    for line in answer.iter_lines():
        name, _, value = line.partition(": ")
        if name:
            fields[name] = value
        elif "data" in fields:
            yield fields.get("id", ""), fields["event"], json.loads(fields["data"])
            fields = {}


def test_new_changed_and_deleted_messages_are_told_in_order(house: House) -> None:
    workspace, client = house
    with stream_of(client, ADA) as events:
        message = bot_says(workspace, "one")
        workspace.remove(workspace.edit(message, text="two"))
        told = [next(events) for _ in range(3)]
    assert [(name, data["kind"]) for _, name, data in told] == [
        ("message", "new"),
        ("message", "updated"),
        ("message", "deleted"),
    ]
    assert [data["message"]["text"] for _, _, data in told] == ["one", "two", "two"]


def test_nobody_is_told_what_is_for_somebody_else(house: House) -> None:
    workspace, client = house
    with stream_of(client, LIN) as events:
        bot_says(workspace, "for ada", only_for=ADA)
        workspace.direct_message(ADA, "ada's own")
        bot_says(workspace, "for everybody")
        assert next(events)[2]["message"]["text"] == "for everybody"


def test_homes_and_channels_are_told(house: House) -> None:
    workspace, client = house
    with stream_of(client, ADA) as events:
        with workspace.changing():
            workspace.homes[ADA] = {"id": "V1", "blocks": [ACTIONS]}
        assert next(events)[1:] == ("home", {"blocks": [ACTIONS]})
        workspace.remove_bot(CHANNEL)
        _, name, data = next(events)
    assert name == "channels"
    assert [each["bot"] for each in data["channels"] if each["id"] == CHANNEL] == [False]


def test_a_page_that_lost_its_connection_goes_on_where_it_was(house: House) -> None:
    workspace, client = house
    with stream_of(client, ADA) as events:
        bot_says(workspace, "before")
        last = next(events)[0]
    bot_says(workspace, "meanwhile")
    with stream_of(client, ADA, last=last) as events:
        assert next(events)[2]["message"]["text"] == "meanwhile"


@pytest.mark.parametrize("position", ["run1-0-7", "nonsense", "run-x", "another-run-3"])
def test_a_page_that_knows_another_run_begins_anew(house: House, position: str) -> None:
    _, client = house
    with stream_of(client, ADA, last=position) as events:
        assert next(events)[1] == "reset"


def test_a_page_that_missed_too_much_begins_anew(house: House) -> None:
    workspace, client = house
    start = seen_by(client, ADA)["position"]
    for number in range(1001):
        bot_says(workspace, str(number))
    with stream_of(client, ADA, after=start) as events:
        assert next(events)[1] == "reset"


def test_two_servers_of_one_slack_disturb_nobody() -> None:
    with SlackServer() as slack, PageServer(slack.workspace) as page:
        assert httpx.get(f"{page.url}/chat/state", trust_env=False).json()["me"] == ADA
        assert httpx.get(f"{slack.workspace.base_url}/chat/state", trust_env=False).status_code == 404
