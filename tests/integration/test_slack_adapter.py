"""The Slack adapter against loopback servers: what it asks, and what it makes of each answer (P2, P4 to P9)."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.adapters.clock import tick
from bot.adapters.slack.answers import ChannelFacts, Identity, Responded
from bot.adapters.slack.web_api import Slack
from bot.domain.outbox import Action, Doubtful, Page, Posted, Refused, Unreadable
from bot.rendering.payload import Payload
from tests.integration.slack_loopback import AUTH, HELLO, STAMP, TOKEN, Asked, Server, answering, workspace

METADATA = {"event_type": "prewarm_delivery", "event_payload": {"key": "s:1"}}
POSTED = {"ok": True, "channel": "C1", "ts": "100.000001", "message": {"metadata": METADATA}}


def connect(server: Server, loud: Callable[[str], None] = pytest.fail) -> Slack:
    return Slack(TOKEN, base_url=server.url, timeout=5, loud=loud)


# ---- posting (P5) ---------------------------------------------------------------------------------------------------


def test_a_post_carries_its_key_unfurls_nothing_and_shows_the_token_to_slack_alone() -> None:
    with answering(POSTED) as server:
        assert connect(server).post("C1", "s:1", HELLO) == Posted("100.000001")
    [asked] = server.asked
    assert asked.method == "chat.postMessage"
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert asked.said == {
        "channel": "C1",
        "text": HELLO.text,
        "blocks": list(HELLO.blocks),
        "metadata": METADATA,
        "unfurl_links": False,
        "unfurl_media": False,
    }


ANSWERS = [
    pytest.param({"ok": False, "error": "not_in_channel"}, 200, Refused(Action.PARK, "not_in_channel"), id="a code"),
    pytest.param({"ok": False, "error": "new_code"}, 200, Doubtful("new_code", odd=True), id="a new code"),
    pytest.param({"ok": False, "error": "internal_error"}, 200, Doubtful("internal_error"), id="internal_error"),
    pytest.param({"ok": True, "ts": "1.1"}, 500, Doubtful("http_500"), id="500 with ok: true"),
    pytest.param("<html>Sorry</html>", 502, Doubtful("http_502"), id="502 with HTML"),
    pytest.param("<html>Welcome to the lounge</html>", 200, Doubtful("not_json"), id="200 with HTML"),
    pytest.param('{"ok": true, "ts": "1', 200, Doubtful("not_json"), id="truncated JSON"),
    pytest.param("", 200, Doubtful("not_json"), id="nothing"),
    pytest.param("[]", 200, Doubtful("not_json"), id="an empty list"),
    pytest.param("[1]", 200, Doubtful("not_json"), id="a list"),
    pytest.param({"ok": "true"}, 200, Doubtful("not_json"), id="a yes that is a string"),
    pytest.param({"ok": True}, 302, Doubtful("http_302"), id="a redirect"),
]


@pytest.mark.parametrize(("body", "status", "outcome"), ANSWERS)
def test_what_an_answer_to_a_post_means(body: object, status: int, outcome: object) -> None:
    with answering(body, status) as server:
        assert connect(server).post("C1", "s:1", HELLO) == outcome
    assert len(server.asked) == 1  # nothing here repeats


def test_a_429_tells_how_long_to_wait() -> None:
    with answering({"ok": False, "error": "ratelimited"}, 429, Retry_After="17") as server:
        assert connect(server).post("C1", "s:1", HELLO) == Refused(Action.WAIT, "ratelimited", 17.0)
    assert len(server.asked) == 1


def test_a_redirect_is_not_followed_for_it_would_carry_the_token_along() -> None:
    with answering(POSTED) as elsewhere, answering("", 302, Location=elsewhere.url) as server:
        assert connect(server).post("C1", "s:1", HELLO) == Doubtful("http_302")
    assert elsewhere.asked == []


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ({**POSTED, "message": {}}, "no metadata came back"),
        ({**POSTED, "response_metadata": {"warnings": ["invalid_metadata_schema"]}}, "invalid_metadata_schema"),
        ({"ok": True, "message": {"metadata": METADATA}}, "no ts came back"),
    ],
)
def test_what_slack_left_out_is_loud_but_posted_is_posted(answer: dict[str, object], complaint: str) -> None:
    heard: list[str] = []
    with answering(answer) as server:
        assert connect(server, heard.append).post("C1", "s:1", HELLO) == Posted(str(answer.get("ts", "")))
    assert len(heard) == 1
    assert heard[0].startswith("Channel C1, message s:1: posted, but ")
    assert complaint in heard[0]


def test_many_threads_get_each_their_own_answer() -> None:
    def echo(asked: Asked) -> dict[str, object]:
        return {"ok": True, "ts": asked.said["channel"], "message": {"metadata": METADATA}}

    names = [f"C{number}" for number in range(24)]
    with workspace(echo) as server, ThreadPoolExecutor(8) as pool:
        slack = connect(server)
        assert list(pool.map(lambda name: slack.post(name, "s:1", HELLO), names)) == [Posted(name) for name in names]


# ---- opening: never ambiguous (P9) ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status", "outcome"),
    [
        ({"ok": True, "channel": {"id": "D1"}}, 200, "D1"),
        ({"ok": True}, 200, Refused(Action.WAIT, "no_conversation")),
        ({"ok": False, "error": "user_not_found"}, 200, Refused(Action.PARK, "user_not_found")),
        ({"ok": False, "error": "missing_scope"}, 200, Refused(Action.PARK, "missing_scope")),
        ({"ok": False, "error": "token_revoked"}, 200, Refused(Action.STOP, "token_revoked")),
        ("<html>", 503, Refused(Action.WAIT, "http_503")),
    ],
)
def test_opening_a_conversation_is_never_ambiguous(body: object, status: int, outcome: object) -> None:
    with answering(body, status) as server:
        assert connect(server).open("U2") == outcome
    assert server.asked[0].said == {"users": "U2"}


# ---- looking (P2, P6) -----------------------------------------------------------------------------------------------


def said(ts: str, bot_id: str = "B1", **extra: object) -> dict[str, object]:
    return {"type": "message", "bot_id": bot_id, "ts": ts, **extra}


OTHER = {"event_type": "prewarm_check", "event_payload": {"key": "s:1"}}
KEYED = [{"type": "section", "block_id": "s:1"}]
PAGES: dict[object, tuple[list[dict[str, object]], str]] = {
    None: ([said("300.000001", metadata=METADATA), said("299.0", "B2", metadata=METADATA, blocks=KEYED)], "p2"),
    "p2": (
        [said("298.0", blocks=[*KEYED, {}]), said("297.0", blocks=[{}, *KEYED]), {"type": "odd", "blocks": 3}],
        "p3",
    ),
    "p3": ([said("100.000001", metadata=METADATA, blocks=KEYED), said("99.0", metadata=OTHER), said("98.0")], ""),
}


def history(asked: Asked) -> dict[str, object]:
    messages, cursor = PAGES[asked.said.get("cursor")]
    return {"ok": True, "messages": messages, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


def test_the_pages_of_a_look_find_our_own_by_either_key() -> None:
    with workspace(history) as server:
        slack = connect(server)
        pages = [slack.page("C1", "s:1", 90.5, 400.0, cursor) for cursor in ("", "p2", "p3")]
    assert pages == [Page(("300.000001",), "p2"), Page(("298.0",), "p3"), Page(("100.000001",))]
    assert server.methods == ["auth.test"] + ["conversations.history"] * 3
    assert server.asked[1].said == {
        "channel": "C1",
        "limit": "200",
        "include_all_metadata": "1",
        "oldest": "90.500000",
        "latest": "400.000000",
        "inclusive": "1",
    }
    assert [asked.said.get("cursor") for asked in server.asked[2:]] == ["p2", "p3"]


def broken(answer: object) -> Callable[[Asked], object]:
    return lambda asked: answer if asked.said.get("cursor") == "p3" else history(asked)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (({}, 500), Doubtful("http_500")),
        (({}, 429), Refused(Action.WAIT, "ratelimited")),
        ({"ok": False, "error": "channel_not_found"}, Refused(Action.PARK, "channel_not_found")),
        ({"ok": False, "error": "token_revoked"}, Refused(Action.STOP, "token_revoked")),
        ({"ok": False, "error": "missing_scope"}, Unreadable("missing_scope")),
        ({"ok": False, "error": "new_code"}, Doubtful("new_code")),
        ({"ok": True}, Doubtful("odd_history")),
        ({"ok": True, "messages": ["odd"]}, Doubtful("odd_history")),
        ({"ok": True, "messages": [], "has_more": True}, Doubtful("cut_history")),
    ],
)
def test_a_page_that_is_odd_proves_nothing(answer: object, outcome: object) -> None:
    with workspace(broken(answer)) as server:
        assert connect(server).page("C1", "s:1", 0, 400.0, "p3") == outcome


def test_a_look_without_a_known_identity_tells_what_auth_test_came_to() -> None:
    with answering({"ok": False, "error": "invalid_auth"}) as server:
        assert connect(server).page("C1", "s:1", 0, 400.0) == Refused(Action.STOP, "invalid_auth")
    assert server.methods == ["auth.test"]


# ---- who and when (P4) ----------------------------------------------------------------------------------------------


def test_identify_reads_who_we_are_and_the_scopes() -> None:
    with answering(AUTH, X_OAuth_Scopes="chat:write, im:history,commands") as server:
        slack = connect(server)
        assert slack.identity is None
        outcome = slack.identify()
    scopes = frozenset({"chat:write", "im:history", "commands"})
    assert outcome == Identity("B1", "U1", "https://demo.invalid/", scopes)
    assert slack.identity == outcome


def test_a_token_without_a_bot_stops_for_no_look_could_tell_our_posts() -> None:
    with answering({**AUTH, "bot_id": None}) as server:
        assert connect(server).identify() == Refused(Action.STOP, "not_a_bot_token")


@pytest.mark.parametrize("status", [200, 403, 429, 503])
def test_slacks_now_is_read_from_every_answer_errors_too(status: int) -> None:
    with answering("odd", status) as server:
        slack = connect(server)
        assert slack.now() is None
        before = tick()
        slack.post("C1", "s:1", HELLO)
        now = slack.now()
    assert now is not None
    assert STAMP <= now.lower <= STAMP + tick() - before
    assert STAMP + 1 <= now.upper <= STAMP + 1 + tick() - before


# ---- answers, questions ---------------------------------------------------------------------------------------------


def test_an_answer_goes_into_its_thread_without_a_key() -> None:
    with answering({**POSTED, "message": {}}) as server:
        assert connect(server).say("C1", HELLO, "90.1") == Posted("100.000001")
    assert server.asked[0].said["thread_ts"] == "90.1"
    assert "metadata" not in server.asked[0].said


def test_a_response_url_is_used_once_without_the_token() -> None:
    with answering("ok") as server:
        assert connect(server).respond(server.url, HELLO) == Responded(ok=True)
    assert "authorization" not in server.asked[0].headers
    assert server.asked[0].said == {
        "text": HELLO.text,
        "blocks": list(HELLO.blocks),
        "response_type": "ephemeral",
        "replace_original": False,
    }


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ("expired_url", 404, "http_404 expired_url"),
        ({"ok": False, "error": "used_url"}, 200, "http_200 used_url"),
        ("", 500, "http_500"),
    ],
)
def test_a_response_url_that_refuses_is_reported_and_not_asked_again(body: object, status: int, reason: str) -> None:
    with answering(body, status) as server:
        assert connect(server).respond(server.url, HELLO, ephemeral=False) == Responded(ok=False, reason=reason)
    assert [asked.said["response_type"] for asked in server.asked] == ["in_channel"]


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://127.0.0.1/x", "nothing"])
def test_a_response_url_of_another_kind_is_refused(url: str) -> None:
    with answering("ok") as server:
        assert not connect(server).respond(url, HELLO).ok


def test_a_message_already_gone_counts_as_deleted() -> None:
    with answering({"ok": False, "error": "message_not_found"}) as server:
        assert connect(server).delete("C1", "1.1")
    with answering({"ok": False, "error": "cant_delete_message"}) as server:
        assert not connect(server).delete("C1", "1.1")


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (
            {"ok": True, "channel": {"name": "ops", "is_member": True, "is_archived": False}},
            ChannelFacts("ops", is_member=True, is_archived=False),
        ),
        (
            {"ok": True, "channel": {"is_im": True}},
            ChannelFacts("", is_member=True, is_archived=False),
        ),
        ({"ok": False, "error": "channel_not_found"}, Refused(Action.PARK, "channel_not_found")),
        ({"ok": False, "error": "missing_scope"}, Refused(Action.PARK, "missing_scope")),
    ],
)
def test_what_is_known_of_a_channel(body: object, outcome: object) -> None:
    with answering(body) as server:
        assert connect(server).channel("C1") == outcome


def test_a_history_is_readable_or_tells_why_not() -> None:
    with workspace(lambda _: {"ok": True, "messages": [], "has_more": True}) as server:
        assert isinstance(connect(server).readable("C1"), Page)
    with workspace(lambda _: {"ok": False, "error": "missing_scope"}) as server:
        assert connect(server).readable("C1") == Unreadable("missing_scope")


def test_no_failure_shows_the_token(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with answering("<html>", 500) as server:
        slack = Slack(TOKEN, base_url=server.url, timeout=5)
        outcomes = [
            slack.post("C1", "s:1", HELLO),
            slack.identify(),
            slack.page("C1", "s:1", 0, 400.0),
            slack.open("U1"),
        ]
    ill = Slack(f"{TOKEN}\nx", base_url="http://127.0.0.1:1/", timeout=5)  # http.client quotes a header it refuses
    outcomes += [ill.post("C1", "s:1", Payload("x", ())), ill.identify()]
    assert TOKEN not in f"{outcomes} {caplog.text} {slack!r} {slack.web!r}"
