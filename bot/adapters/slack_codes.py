"""What Slack's answers mean (P9): one table from error code to what we do, for opening, posting and looking.

The HTTP status comes first, then `error`. Opening a conversation may be repeated at will, so it is never in doubt;
a post that may have been carried out is.
"""

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from http import HTTPStatus
from typing import Final

from bot.adapters.slack_wire import Answer
from bot.domain.outbox import Action, Doubtful, Refused, Unreadable


class Verdict(StrEnum):
    """What a refusal asks of us: an Action by the same name, or a doubt."""

    WAIT = "wait"
    PLAIN = "plain"
    PARK = "park"
    STOP = "stop"
    DOUBT = "doubt"
    ODD = "odd"  # a doubt about a definite "no" that the table does not know
    UNREADABLE = "unreadable"


WAIT, PLAIN, PARK, STOP, DOUBT, ODD, UNREADABLE = Verdict


@dataclass(frozen=True, slots=True)
class Row:
    """Codes (shell patterns) and what they mean for each kind of request."""

    codes: tuple[str, ...]
    opening: Verdict
    posting: Verdict
    looking: Verdict


def _row(codes: str, opening: Verdict, posting: Verdict, looking: Verdict) -> Row:
    return Row(tuple(codes.split()), opening, posting, looking)


TABLE: Final = (
    # Too much at once, or Slack asks for patience. https://docs.slack.dev/apis/web-api/rate-limits
    _row("ratelimited rate_limited message_limit_exceeded service_unavailable", WAIT, WAIT, WAIT),
    # The place or the person cannot be written to. https://docs.slack.dev/reference/methods/chat.postMessage#errors
    # and https://docs.slack.dev/reference/methods/conversations.open#errors
    _row("not_in_channel channel_not_found is_archived restricted_action* no_permission", PARK, PARK, PARK),
    _row("access_denied *_access_*", PARK, PARK, PARK),
    _row("user_disabled user_not_found cannot_dm_bot messages_tab_disabled", PARK, PARK, PARK),
    # The token is no good. https://docs.slack.dev/reference/methods/auth.test#errors
    _row("invalid_auth not_authed account_inactive token_revoked token_expired", STOP, STOP, STOP),
    # The token may not do this one thing. https://docs.slack.dev/reference/scopes
    _row("missing_scope not_allowed_token_type", PARK, STOP, UNREADABLE),
    # The form is refused, nothing was posted. https://docs.slack.dev/reference/block-kit/blocks and
    # https://docs.slack.dev/messaging/message-metadata
    _row("invalid_blocks* msg_blocks_too_long msg_too_long no_text *metadata*", PARK, PLAIN, DOUBT),
    # "Some aspect of the operation succeeded". https://docs.slack.dev/reference/methods/chat.postMessage#errors
    _row("internal_error fatal_error", WAIT, DOUBT, DOUBT),
    # Any other `ok: false`.
    _row("*", PARK, ODD, DOUBT),
)
LIMITED: Final = _row("", WAIT, WAIT, WAIT)  # HTTP 429
UNCLEAR: Final = _row("", WAIT, DOUBT, DOUBT)  # 5xx, not JSON, no answer
UNSENT: Final = _row("", WAIT, WAIT, WAIT)  # the request never left

_CODE: Final = re.compile(r"[a-z][a-z0-9_]*\Z")  # slack_sdk puts a sentence into `error` when the body is not JSON


def opening(answer: Answer) -> Refused:
    """Judge a failed conversations.open, or any other question about one place. Never ambiguous (P9)."""
    return _refused(_row_for(answer).opening, answer)


def posting(answer: Answer) -> Refused | Doubtful:
    """Judge a failed chat.postMessage."""
    verdict = _row_for(answer).posting
    if verdict in (DOUBT, ODD):
        return Doubtful(code_of(answer), odd=verdict is ODD)
    return _refused(verdict, answer)


def answering(answer: Answer) -> Refused | Doubtful:
    """Judge a failed answer or edit. It promises nothing (P1), so a definite "no" is never a doubt, known or not."""
    outcome = posting(answer)
    if isinstance(outcome, Doubtful) and outcome.odd:
        return Refused(Action.PARK, outcome.code)
    return outcome


def looking(answer: Answer) -> Refused | Doubtful | Unreadable:
    """Judge a failed page of conversations.history."""
    verdict = _row_for(answer).looking
    if verdict is UNREADABLE:
        return Unreadable(code_of(answer))
    if verdict is DOUBT:
        return Doubtful(code_of(answer))
    return _refused(verdict, answer)


def code_of(answer: Answer) -> str:
    """Return one word for what happened: Slack's code, else `http_503`, `not_json` or why there was no answer."""
    error = _error(answer)
    if answer.fault:
        return answer.fault
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return error or "ratelimited"
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or not (error or answer.status == HTTPStatus.OK):
        return f"http_{answer.status}"
    return error or "not_json"


def _row_for(answer: Answer) -> Row:
    if not answer.left:
        return UNSENT
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return LIMITED
    error = _error(answer)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or not error:
        return UNCLEAR
    return next(row for row in TABLE if any(fnmatchcase(error, pattern) for pattern in row.codes))


def _error(answer: Answer) -> str:
    error = answer.data.get("error")
    return error if answer.data.get("ok") is False and isinstance(error, str) and _CODE.match(error) else ""


def _refused(verdict: Verdict, answer: Answer) -> Refused:
    code = code_of(answer)
    everywhere = code == "message_limit_exceeded"  # the workspace's limit, not the channel's (P8)
    return Refused(Action(verdict.value), code, _retry_after(answer), everywhere=everywhere)


def _retry_after(answer: Answer) -> float | None:
    try:
        seconds = float(answer.headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
