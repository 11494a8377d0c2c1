"""What there is to say about the Socket Mode connection: its state, and why it failed, in words for the operator."""

from dataclasses import dataclass

import httpx
from slack_sdk.errors import SlackApiError
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from bot.adapters.http import fault
from bot.adapters.redaction import AT_MOST, Redact, hide_tokens
from bot.slack_errors import Meaning, row_for

_FOR_GOOD = (Meaning.TOKEN, Meaning.SCOPE, Meaning.RESTRICTED, Meaning.OURS)  # waiting does not mend it


@dataclass(frozen=True)
class SocketState:
    """How the connection is, for /readyz, metrics and the start."""

    connected: bool = False
    last_error: str = ""  # why there is no fresh connection, and the remedy; empty while there is one
    refused: bool = False  # a refused token, or Socket Mode is switched off
    warning: str = ""  # set when Slack counts more connections of this app than our own


@dataclass(frozen=True)
class Failure:
    """Why a connection ended or never came about."""

    text: str
    refused: bool = False  # waiting does not mend it
    retry_after: float = 0.0  # seconds that Slack asked for


LINK_DISABLED = Failure(
    "Slack has switched Socket Mode off for this app (link_disabled): commands and mentions do not arrive. It is "
    "tried again about once a minute. Switch it on at api.slack.com/apps, Socket Mode.",
    refused=True,
)


def explain(error: Exception | str, redact: Redact = hide_tokens) -> Failure:
    """Say what happened, what happens now and what to do. URLs stay out: they hold a ticket or a proxy's password."""
    if isinstance(error, SlackApiError):
        return _explain_refusal(error, redact)
    if isinstance(error, httpx.HTTPError):
        error = f"apps.connections.open: {fault(error)}"
    elif isinstance(error, (OSError, ImportError, ConnectionClosed, InvalidHandshake)):
        error = f"{type(error).__name__}: {error}"
    what = error if isinstance(error, str) else type(error).__name__
    what = redact(what[:AT_MOST])[:200]
    return Failure(
        f"The Socket Mode connection to Slack is down ({what}). It is opened again, with pauses up to half a "
        "minute. If that lasts, look at the network, the proxy settings and SLACK_API_URL."
    )


def refuses_token(code: str) -> bool:
    """Whether apps.connections.open refuses the app token with this code."""
    return row_for(code).meaning in _FOR_GOOD


def _explain_refusal(error: SlackApiError, redact: Redact) -> Failure:
    code = str(error.response.get("error") or f"http_{error.response.status_code}")
    if refuses_token(code):
        return Failure(
            f"Slack refuses the app token ({code}): commands and mentions do not arrive. It is tried again about once "
            "a minute. Put an app-level token (xapp-…) with the scope connections:write into SLACK_APP_TOKEN.",
            refused=True,
        )
    asked = str(error.response.headers.get("retry-after", ""))
    text = explain(f"apps.connections.open: {code}", redact).text
    return Failure(text, retry_after=float(asked) if asked.isdigit() else 0.0)


def surplus(connections: int, own: int) -> str:
    """Warn when Slack counts more connections than ours; else an empty text."""
    if connections <= own:
        return ""
    return (
        f"Slack counts {connections} Socket Mode connections of this app, {own} of them this bot's. Another process "
        "uses the same app token and takes some of the commands. Give every bot a Slack app of its own."
    )
