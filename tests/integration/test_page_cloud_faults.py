"""Every switch of the panel acts while it is on and no longer, as seen from the bot's side of the wire."""

import inspect
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from bot.demo.cloud.api import LIST_PATH
from bot.demo.cloud.faults import FAULTS
from bot.demo.cloud.server import CloudServer
from bot.demo.page.cloud_faults import every_switch
from bot.demo.page.cloud_switches import Levers
from bot.demo.slack.faults import Fault, SlackFaults
from bot.demo.slack.server import SlackServer
from bot.demo.visitors import CHANNEL
from tests.integration.panel_page import PanelPage, panel_page

SOON = 0.4  # seconds after which the caller gives up; every slow answer takes longer
ENOUGH, LONG = 100_000, 1.0  # bytes and seconds after which an answer has no end
SWITCHES = {switch.name: switch for switch in every_switch(Levers(CloudServer(), SlackServer()))}
TABLE = {
    "type": "data_table",
    "caption": "x",
    "rows": [[{"type": "raw_text", "text": "a"}], [{"type": "raw_text", "text": "b"}]],
}

Answer = tuple[object, ...]


@pytest.fixture
def page() -> Iterator[PanelPage]:
    with panel_page() as page:
        for number in range(30):
            page.cloud.cloud.add(f"a/b:{number}", state="Running")
        for _ in range(3):
            page.slack.workspace.say("U0ADA", CHANNEL, "hello")
        yield page


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    """A client in the bot's place; each request has a connection of its own, as some faults outlive a request."""
    limits = httpx.Limits(max_keepalive_connections=0)
    with httpx.Client(timeout=SOON, trust_env=False, limits=limits) as http:
        yield http


def on_time(date: str | None, now: float) -> object:
    return None if date is None else abs(parsedate_to_datetime(date).timestamp() - now) < 60


def asked(http: httpx.Client, method: str, url: str, **more: Any) -> tuple[object, httpx.Headers, str]:
    """The status or the kind of failure, the headers, and as much of the body as arrived."""
    body, status, headers, until = b"", "", httpx.Headers(), time.monotonic() + LONG
    try:
        with http.stream(method, url, **more) as answer:
            status, headers = str(answer.status_code), answer.headers
            for piece in answer.iter_raw():
                body += piece
                if len(body) > ENOUGH or time.monotonic() > until:
                    return "without an end", headers, ""
    except httpx.TransportError as error:
        return f"{status} {type(error).__name__}".strip(), headers, ""
    return status, headers, body.decode()


def api(page: PanelPage, http: httpx.Client) -> Answer:
    """What the list looks like: its first page twice, since a replica is behind every other time, then its second."""
    cloud = page.cloud.cloud
    newest = cloud.rows()[-1]["id"]
    now = f"note {cloud.version}"
    cloud.change(newest, note=now)
    headers = {"Authorization": f"Bearer {page.cloud.api_key}", "Content-Type": "application/json"}
    answers: list[object] = []
    for number in (1, 1, 2):
        url = f"{page.cloud.url}{LIST_PATH}?page={number}&pageSize=12"
        status, sent, body = asked(http, "GET", url, headers=headers)
        answers.append((status, sent.get("Retry-After"), on_time(sent.get("Date"), cloud.clock())))
        answers.append(body.replace(now, "now"))
    return tuple(answers)


def slack(page: PanelPage, http: httpx.Client) -> Answer:
    """What a post, a table, a look into history and a connection come to."""
    workspace = page.slack.workspace
    before = len(workspace.bot_messages(CHANNEL))
    mark = {"event_type": "x", "event_payload": {"key": "K"}}
    post = call(page, http, "chat.postMessage", channel=CHANNEL, text="x", metadata=mark)
    stored = workspace.bot_messages(CHANNEL)[before:]
    found = call(page, http, "conversations.history", channel=CHANNEL, limit=4, include_all_metadata=True)
    seen = [(message["text"], "metadata" in message) for message in found[3].get("messages", [])]
    table = call(page, http, "chat.postMessage", channel=CHANNEL, text="x", blocks=[TABLE])
    opened = call(page, http, "apps.connections.open", token=workspace.identity.app_token)
    for message in workspace.bot_messages(CHANNEL):
        workspace.remove(message)
    return post[:3], len(stored), found[:3], seen, table[:3], opened[:3], handshake(opened[3].get("url"))


def call(page: PanelPage, http: httpx.Client, method: str, token: str = "", **body: Any) -> tuple[Any, ...]:
    identity = page.slack.workspace.identity
    headers = {"Authorization": f"Bearer {token or identity.token}"}
    status, sent, text = asked(http, "POST", page.slack.api_url + method, json=body, headers=headers)
    said: dict[str, Any] = {}
    with suppress(ValueError):
        said = httpx.Response(200, text=text).json()
    late = on_time(sent.get("Date"), page.cloud.cloud.clock())
    return status, said.get("error", said.get("ok", "not json")), late, said


def handshake(url: str | None) -> str:
    if url is None:
        return "no address"
    try:
        with connect(url, open_timeout=5, proxy=None):
            return "open"
    except (OSError, WebSocketException) as refused:
        return type(refused).__name__


def probe(name: str) -> Callable[[PanelPage, httpx.Client], Answer]:
    return api if name.startswith("api") or name == "list_torn" else slack


@pytest.mark.parametrize("name", SWITCHES)
def test_a_switch_acts_while_it_is_on_and_no_longer(page: PanelPage, http: httpx.Client, name: str) -> None:
    look = probe(name)
    healthy = look(page, http)
    assert page.post("faults", name=name, on=True)[0] == 200
    assert is_on(page, name)
    assert look(page, http) != healthy
    assert page.post("faults", name=name, on=False)[0] == 200
    assert not is_on(page, name)
    assert look(page, http) == healthy


def is_on(page: PanelPage, name: str) -> bool:
    faults = page.http.get("/cloud/state").json()["faults"]
    return bool(next(fault["on"] for fault in faults if fault["name"] == name))


HEADLINES = [
    ("api_down", "ConnectError", "the door is shut"),
    ("api_key_refused", "401", "the key is refused"),
    ("api_slow", "ReadTimeout", "the answer comes late"),
    ("slack_down", ("ConnectError", "not json"), "nobody listens"),
    ("slack_429", ("429", "ratelimited"), "wait"),
    ("slack_drops_after", ("RemoteProtocolError", "not json"), "no answer, though it stands there"),
    ("slack_500", ("500", "not json"), "a web page"),
    ("bot_removed", ("200", "not_in_channel"), "no member"),
    ("channel_archived", ("200", "is_archived"), "archived"),
    ("token_revoked", ("200", "token_revoked"), "revoked"),
]


@pytest.mark.parametrize(("name", "sees", "_why"), HEADLINES)
def test_a_headline_fault_does_what_its_title_says(
    page: PanelPage, http: httpx.Client, name: str, sees: object, _why: str
) -> None:
    page.post("faults", name=name, on=True)
    answer: Any = probe(name)(page, http)
    assert (answer[0][0] if probe(name) is api else answer[0][:2]) == sees


def test_after_the_drop_the_message_stands_in_the_channel(page: PanelPage, http: httpx.Client) -> None:
    page.post("faults", name="slack_drops_after", on=True)
    call(page, http, "chat.postMessage", channel=CHANNEL, text="x")
    assert [message.text for message in page.slack.workspace.bot_messages(CHANNEL)] == ["x"]


def test_a_torn_list_has_short_pages_with_a_gap_between_them(page: PanelPage, http: httpx.Client) -> None:
    page.post("faults", name="list_torn", on=True)
    headers = {"Authorization": f"Bearer {page.cloud.api_key}", "Content-Type": "application/json"}
    pages = [
        http.get(f"{page.cloud.url}{LIST_PATH}?page={number}&pageSize=100", headers=headers).json() for number in (1, 2)
    ]
    images = [[row["imageUrl"] for row in each["data"]] for each in pages]
    assert images == [[f"a/b:{n}" for n in range(29, 24, -1)], [f"a/b:{n}" for n in range(23, 18, -1)]]


def test_the_socket_that_is_open_is_cut(page: PanelPage, http: httpx.Client) -> None:
    identity = page.slack.workspace.identity
    url = call(page, http, "apps.connections.open", token=identity.app_token)[3]["url"]
    with connect(url, proxy=None):
        page.slack.socket.wait_connected()
        page.post("faults", name="socket_cut", on=True)
        page.slack.socket.wait_connected(0)


def test_every_fault_of_the_api_has_a_switch_with_its_own_words() -> None:
    headlines = {"api_down": "api_down", "unauthorized": "api_key_refused", "slow": "api_slow"}
    for fault, info in FAULTS.items():
        switch = SWITCHES[headlines.get(fault.value, f"api.{fault.value}")]
        assert fault.value in headlines or switch.title.startswith(info.description)


def test_every_fault_of_slack_has_a_switch(page: PanelPage) -> None:
    """Each way to make a fault, and each lasting state, is used by some switch."""
    makers = {name for name, _ in inspect.getmembers(Fault, inspect.ismethod)}
    source = inspect.getsource(inspect.getmodule(every_switch))  # type: ignore[arg-type]
    assert {name for name in makers if f"SlackFault.{name}(" not in source} == set()
    states = {name for name in vars(SlackFaults()) if not name.startswith("_")}
    assert {name for name in states if f'"{name}"' not in source} == set()
    assert page.slack


def test_names_and_titles_are_unique() -> None:
    switches = every_switch(Levers(CloudServer(), SlackServer()))
    assert len(switches) == len({switch.name for switch in switches}) == len({switch.title for switch in switches})
