"""What Slack's answers come to in the words of the outbox (P9), for opening, posting and looking.

The HTTP status comes first, then `error`, by the table of `slack_errors.py`. Opening a conversation may be repeated at
will, so it is never in doubt; a post that may have been carried out is.
"""

import math
import re
from http import HTTPStatus
from typing import Final

from bot.adapters.slack.wire import Answer
from bot.domain.outbox import Action, Doubtful, Refused, Unreadable
from bot.slack_errors import DOUBT, FAULT, LIMITED, NOT_SENT, ODD, UNCLEAR, UNREADABLE, Row, Verdict, row_for

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
    if _row_for(answer).posting in (ODD, FAULT):
        return Refused(Action.PARK, code_of(answer))
    return posting(answer)


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
        return NOT_SENT
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return LIMITED
    error = _error(answer)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or not error:
        return UNCLEAR
    return row_for(error)


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
