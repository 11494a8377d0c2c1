"""Slack's refusals as a table (P9): one row a sentence, for opening, posting and looking."""

import re
import socket
import ssl
from pathlib import Path

import httpx
import pytest
from _pytest.mark import ParameterSet

from bot.adapters.http import fault
from bot.adapters.slack.verdicts import looking, opening, posting
from bot.adapters.slack.wire import Answer
from bot.domain.outbox import Action, Doubtful, Refused, Unreadable
from bot.slack_errors import TABLE, Verdict, shuts_out


def no(code: str, **headers: str) -> Answer:
    return Answer(200, headers, {"ok": False, "error": code})


def wait(code: str, retry_after: float | None = None, *, everywhere: bool = False) -> Refused:
    return Refused(Action.WAIT, code, retry_after, everywhere)


def park(code: str) -> Refused:
    return Refused(Action.PARK, code)


def stop(code: str) -> Refused:
    return Refused(Action.STOP, code)


def plain(code: str) -> Refused:
    return Refused(Action.PLAIN, code)


def row(sentence: str, answer: Answer, opened: object, posted: object, looked: object) -> ParameterSet:
    return pytest.param(answer, opened, posted, looked, id=sentence)


PLACES = [
    "not_in_channel",
    "channel_not_found",
    "is_archived",
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "no_permission",
    "access_denied",
    "team_access_not_granted",
    "ekm_access_denied",
    "user_disabled",
    "user_not_found",
    "cannot_dm_bot",
    "messages_tab_disabled",
]
TOKENS = [
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "two_factor_setup_required",
    "accesslimited",
]
FORMS = [
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_blocks_too_long",
    "msg_too_long",
    "no_text",
]
OURS = [
    "metadata_too_large",
    "invalid_metadata_format",
    "metadata_must_be_sent_from_app",
    "invalid_arguments",
    "not_worded",
]
PASSES_BY_ITSELF = [
    "team_added_to_org",
    "org_login_required",
    "request_timeout",
]
BUSY = [
    "ratelimited",
    "rate_limited",
    "service_unavailable",
]

ROWS = [
    *(row(f"{code} waits and leaves a doubt", no(code), wait(code), wait(code), wait(code)) for code in BUSY),
    *(row(f"{code} parks that place", no(code), park(code), park(code), park(code)) for code in PLACES),
    *(row(f"{code} stops everything", no(code), stop(code), stop(code), stop(code)) for code in TOKENS),
    *(row(f"{code} asks for a plainer form", no(code), park(code), plain(code), Doubtful(code)) for code in FORMS),
    *(
        row(
            f"{code} is a fault of ours in every form",
            no(code),
            park(code),
            Refused(Action.FAULT, code),
            Doubtful(code),
        )
        for code in OURS
    ),
    *(row(f"{code} passes by itself", no(code), wait(code), wait(code), wait(code)) for code in PASSES_BY_ITSELF),
    row(
        "the workspace's own limit holds all channels, for as long as Slack says",
        no("message_limit_exceeded", **{"retry-after": "7"}),
        wait("message_limit_exceeded", 7.0, everywhere=True),
        wait("message_limit_exceeded", 7.0, everywhere=True),
        wait("message_limit_exceeded", 7.0, everywhere=True),
    ),
    row(
        "a missing scope parks a person, stops posting, and makes a history unreadable",
        no("missing_scope"),
        park("missing_scope"),
        stop("missing_scope"),
        Unreadable("missing_scope"),
    ),
    row(
        "a token of the wrong type is like a missing scope",
        no("not_allowed_token_type"),
        park("not_allowed_token_type"),
        stop("not_allowed_token_type"),
        Unreadable("not_allowed_token_type"),
    ),
    *(
        row(f"{code} may have posted, in Slack's own words", no(code), wait(code), Doubtful(code), Doubtful(code))
        for code in ("internal_error", "fatal_error")
    ),
    row(
        "a definite no that nobody knows is an odd doubt, and parks a person",
        no("edited_by_the_moon"),
        park("edited_by_the_moon"),
        Doubtful("edited_by_the_moon", odd=True),
        Doubtful("edited_by_the_moon"),
    ),
    row(
        "429 waits for Retry-After",
        Answer(429, {"retry-after": "30"}, {"ok": False, "error": "ratelimited"}),
        wait("ratelimited", 30.0),
        wait("ratelimited", 30.0),
        wait("ratelimited", 30.0),
    ),
    row(
        "429 without JSON and without Retry-After waits all the same",
        Answer(429),
        wait("ratelimited"),
        wait("ratelimited"),
        wait("ratelimited"),
    ),
    row(
        "a Retry-After that is no number of seconds reads as none",
        Answer(429, {"retry-after": "-1"}),
        wait("ratelimited"),
        wait("ratelimited"),
        wait("ratelimited"),
    ),
    row(
        "the status comes first: a 503 with a code that would wait is still a doubt",
        Answer(503, {}, {"ok": False, "error": "ratelimited"}),
        wait("http_503"),
        Doubtful("http_503"),
        Doubtful("http_503"),
    ),
    row(
        "a 500 that claims ok is a doubt",
        Answer(500, {}, {"ok": True}),
        wait("http_500"),
        Doubtful("http_500"),
        Doubtful("http_500"),
    ),
    row(
        "a redirect is a doubt",
        Answer(302),
        wait("http_302"),
        Doubtful("http_302"),
        Doubtful("http_302"),
    ),
    row(
        "a 403 with Slack's code counts by its code",
        Answer(403, {}, {"ok": False, "error": "invalid_auth"}),
        stop("invalid_auth"),
        stop("invalid_auth"),
        stop("invalid_auth"),
    ),
    row(
        "a page that is not JSON, which slack_sdk reports as an error of many words, is a doubt",
        no("Received a response in a non-JSON format: <html>"),
        wait("not_json"),
        Doubtful("not_json"),
        Doubtful("not_json"),
    ),
    row(
        "an object that says neither yes nor no is a doubt",
        Answer(200, {}, {"error": "invalid_auth"}),
        wait("not_json"),
        Doubtful("not_json"),
        Doubtful("not_json"),
    ),
    row(
        "no answer is a doubt",
        Answer(fault="timeout"),
        wait("timeout"),
        Doubtful("timeout"),
        Doubtful("timeout"),
    ),
    row(
        "a request that never left only waits",
        Answer(fault="not_sent:timeout", left=False),
        wait("not_sent:timeout"),
        wait("not_sent:timeout"),
        wait("not_sent:timeout"),
    ),
]


@pytest.mark.parametrize(("answer", "opened", "posted", "looked"), ROWS)
def test_p9(answer: Answer, opened: object, posted: object, looked: object) -> None:
    assert (opening(answer), posting(answer), looking(answer)) == (opened, posted, looked)


def caused(kind: type[httpx.TransportError], cause: Exception) -> httpx.TransportError:
    error = kind(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (caused(httpx.ConnectError, socket.gaierror(-2, "Name or service not known")), "name_not_found"),
        (ssl.SSLCertVerificationError("unable to get local issuer certificate"), "certificate_refused"),
        (ssl.SSLError("wrong version number"), "tls_failed"),
        (TimeoutError(), "timeout"),
        (ConnectionRefusedError(), "connection_refused"),
        (httpx.ReadTimeout("timed out"), "timeout"),
        (caused(httpx.RemoteProtocolError, ConnectionAbortedError()), "connection_lost"),
        (caused(httpx.WriteError, BrokenPipeError()), "connection_lost"),
        (httpx.RemoteProtocolError("illegal status line"), "answer_broken"),
        (httpx.ProxyError("403 Forbidden"), "not_connected"),
        (caused(httpx.ConnectError, OSError("No route to host")), "not_connected"),
        (ValueError("Invalid header value b'Bearer xoxb-dummy'"), "ValueError"),
    ],
)
def test_an_error_becomes_a_word_and_never_its_own_text(error: Exception, word: str) -> None:
    assert fault(error) == word


# ---- the table and what Slack documents ------------------------------------------------------------------------------

DOCUMENTED = Path(__file__).parents[1] / "data" / "slack_errors.txt"
CODES = re.findall(r"(?<=\s)[a-z_]+(?=\s)", re.sub(r"^#.*$", "", DOCUMENTED.read_text("utf-8"), flags=re.MULTILINE))


def test_the_list_of_documented_codes_was_read() -> None:
    assert len(set(CODES)) == 117
    assert {"team_added_to_org", "invalid_blocks", "invalid_cursor"} <= set(CODES)


@pytest.mark.parametrize("code", sorted(set(CODES)))
def test_p9_each_documented_code_has_a_row_of_its_own(code: str) -> None:
    assert code in TABLE


def test_p12_only_what_refuses_the_form_itself_can_give_a_post_up() -> None:
    """Of these alone a plainer form is known to help: whatever else is refused on the last rung parks."""
    assert {code for code, row in TABLE.items() if row.posting is Verdict.PLAIN} == {
        *FORMS,
        "markdown_text_conflict",
        "invalid_attachments",
        "too_many_attachments",
        "attachment_payload_limit_exceeded",
        "too_many_contact_cards",
        "slack_connect_canvas_sharing_blocked",
        "slack_connect_file_link_sharing_blocked",
        "slack_connect_lists_sharing_blocked",
        "view_too_large",
    }


def test_p9_a_code_that_only_looks_like_a_known_one_is_unknown() -> None:
    for code in ("restricted_action_of_tomorrow", "some_metadata_thing", "invalid_blocks_of_tomorrow"):
        assert posting(no(code)) == Doubtful(code, odd=True)


def test_p14_who_was_shut_out_comes_back_with_an_invitation() -> None:
    assert {code for code in TABLE if shuts_out(code)} == {
        "not_in_channel",
        "channel_not_found",
        "is_archived",
        "is_inactive",
    }
