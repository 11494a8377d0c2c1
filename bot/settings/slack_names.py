"""The settings that name things in Slack: tokens, channels, people.

They are copied by hand from a dozen pages of Slack, so each parser knows the usual mix-ups (the two tokens swapped, a
name in place of an ID, a person in place of a channel) and says where the right value is found.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, SecretStr

from bot.domain.filter import Hears
from bot.settings.values import WrongValueError, from_secret, from_text, shown

WHERE_BOT = "Copy the Bot User OAuth Token (xoxb-…) from the Slack app's page OAuth & Permissions."
WHERE_APP = "Make an App-Level Token (xapp-…) with connections:write on the Slack app's page Basic Information."
WHERE_CHANNEL = "Give IDs such as C0123456789: click the channel's name in Slack; the ID stands at the end of About."


@dataclass(frozen=True)
class WatchedChannel:
    """One entry of `PREWARM_CHANNEL`."""

    id: str
    hears: Hears = Hears.ALL

    def __str__(self) -> str:
        return self.id if self.hears is Hears.ALL else f"{self.id}:{self.hears}"


_TOKEN_KINDS = {
    "xoxb-": "a bot token: SLACK_BOT_TOKEN and SLACK_APP_TOKEN are probably swapped",
    "xapp-": "an app-level token: SLACK_BOT_TOKEN and SLACK_APP_TOKEN are probably swapped",
    "xoxp-": "a user token",
    "xoxe": "a token that expires: token rotation must be off in the Slack app's settings",
}


def _token(prefix: str, remedy: str) -> AfterValidator:
    def parse(text: str) -> str:
        if re.fullmatch(prefix + r"[A-Za-z0-9-]+", text):
            return text
        if text.startswith(prefix) or text[:1] in ("", '"', "'"):
            raise WrongValueError("It is empty or cut short, or holds quotes, spaces or signs no token has.", remedy)
        kind = next((words for start, words in _TOKEN_KINDS.items() if text.startswith(start)), None)
        raise WrongValueError(f"It is {kind}." if kind else f"It does not begin with {prefix}.", remedy)

    return from_secret(parse)


def _channel(entry: str) -> WatchedChannel:
    channel, _, hears = entry.partition(":")
    if not re.fullmatch(r"[CG][A-Z0-9]+", channel):
        raise WrongValueError(f"{shown(channel)} is {_no_channel(channel)}.", WHERE_CHANNEL)
    if hears not in ("", *Hears):
        words = ", ".join(Hears)
        raise WrongValueError(f"{shown(hears)} after {channel} is not one of {words}.", "Give one of these or nothing.")
    return WatchedChannel(channel, Hears(hears or "all"))


def _no_channel(text: str) -> str:
    if text.startswith("#"):
        return "a channel's name, not its ID"
    if re.fullmatch(r"[DUW][A-Z0-9]+", text):
        return "a person or a direct message, not a channel"
    if re.fullmatch(r"[CG][A-Z]*[0-9][A-Z0-9]*", text.upper()):
        return "in small letters, where IDs have capitals"
    return "not a channel ID"


def _entries(text: str) -> list[str]:
    return [entry for part in text.split(",") if (entry := part.strip())]


def _all_or_wrong(parse: Callable[[str], Any], entries: list[str]) -> list[Any]:
    """Parse every entry before complaining, so that one bad entry does not hide the next."""
    parsed, wrong = [], []
    for entry in entries:
        try:
            parsed.append(parse(entry))
        except WrongValueError as error:
            wrong.append(error)
    if wrong:
        remedies = dict.fromkeys(error.remedy for error in wrong)
        raise WrongValueError(" ".join(error.problem for error in wrong), " ".join(remedies))
    return parsed


def _channels(text: str) -> tuple[WatchedChannel, ...]:
    channels: list[WatchedChannel] = _all_or_wrong(_channel, _entries(text))
    if not channels:
        raise WrongValueError("It names no channel.", WHERE_CHANNEL)
    ids = [channel.id for channel in channels]
    twice = sorted({channel for channel in ids if ids.count(channel) > 1})
    if twice:
        # Which of `C1:failed,C1:succeeded` counts would be a guess, and both would tell a task twice.
        raise WrongValueError(f"{', '.join(twice)} is named more than once.", "Keep one entry per channel.")
    return tuple(channels)


def _id(letters: str, what: str) -> Callable[[str], str]:
    def parse_one(entry: str) -> str:
        if not re.fullmatch(f"[{letters}][A-Z0-9]+", entry):
            hint = f"IDs begin with {' or '.join(letters)}: copy them from the menu of the profile or channel in Slack."
            raise WrongValueError(f"{shown(entry)} is not the ID of {what}.", hint)
        return entry

    return parse_one


def _ids(letters: str, what: str) -> BeforeValidator:
    parse_one = _id(letters, what)
    return from_text(lambda text: tuple(dict.fromkeys(_all_or_wrong(parse_one, _entries(text)))))


BotToken = Annotated[SecretStr, _token("xoxb-", WHERE_BOT)]
AppToken = Annotated[SecretStr, _token("xapp-", WHERE_APP)]
Channels = Annotated[tuple[WatchedChannel, ...], from_text(_channels)]
UserIds = Annotated[tuple[str, ...], _ids("UW", "a person")]
MentionId = Annotated[str, from_text(lambda text: text and _id("UWS", "a person or a user group")(text))]
PlaceIds = Annotated[tuple[str, ...], _ids("CG", "a channel")]
