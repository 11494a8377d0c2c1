"""Slack's codes in words that people understand, each with what they can do about it.

The code itself is always shown beside the words: it is what people search for. One
that the table does not know is shown alone.
"""

import re
from typing import Final

from bot.domain.queue import NO_ANSWER
from bot.rendering.document import Line, Word, code, place
from bot.rendering.languages import N_
from bot.rendering.style import Style
from bot.slack_errors import Meaning, row_for

_OURS: Final = {
    "ok": N_("Slack took it"),
    NO_ANSWER: N_("no answer is known: I was stopped while I waited for it"),
    "": N_("nothing was told, and my log may say why"),
}  # no codes
_MEANINGS: Final = {
    Meaning.LIMITED: N_("Slack asked me to wait"),
    Meaning.MIGRATING: N_("Slack is moving the workspace"),
    Meaning.NOT_MEMBER: N_("I am not in that channel"),
    Meaning.ARCHIVED: N_("the channel is archived"),
    Meaning.PERSON_GONE: N_("that person cannot receive direct messages from me"),
    Meaning.NO_DIRECT: N_("that person cannot receive direct messages from me"),
    Meaning.RESTRICTED: N_("Slack does not let me post there"),
    Meaning.TOKEN: N_("Slack refuses my token"),
    Meaning.SCOPE: N_("my token may not do that"),
    Meaning.FORM: N_("Slack refused the form of the message"),
    Meaning.OURS: N_("Slack refused the request itself, which is a fault of mine"),
    Meaning.SLACKS: N_("Slack had a fault of its own; it may have arrived"),
}
_FAULTS: Final = {  # words of the adapters for requests without an answer from Slack
    **dict.fromkeys(("not_json", "answer_broken"), N_("Slack had a fault of its own; it may have arrived")),
    **dict.fromkeys(("timeout", "connection_lost"), N_("Slack did not answer in time; it may have arrived")),
    **dict.fromkeys(
        ("name_not_found", "connection_refused", "not_connected", "tls_failed", "certificate_refused"),
        N_("Slack could not be reached"),
    ),
}
_REMEDIES: Final = {
    Meaning.TOKEN: N_("To mend it, start me with a valid SLACK_BOT_TOKEN."),
    Meaning.SCOPE: N_("To mend it, add the scope to the app, install it again and start me with the new token."),
}
_PARKED: Final = {
    Meaning.NOT_MEMBER: N_("To mend it, type {invite} in {channel}."),
    Meaning.ARCHIVED: N_("To mend it, unarchive {channel}, or, if PREWARM_CHANNEL names it, take it out there."),
    **dict.fromkeys(
        (Meaning.PERSON_GONE, Meaning.NO_DIRECT),
        N_("To mend it, {channel} must be able to receive direct messages from the app."),
    ),
    Meaning.RESTRICTED: N_("To mend it, let the app post in {channel} (channel settings or workspace policy)."),
}
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,60}")
_INVITE: Final = Word("/invite @prewarm", code=True)


def said(outcome: str, style: Style) -> Line:
    """Return what Slack said to a request: in words, with the code in brackets."""
    if outcome in _OURS:
        return (Word(style.words.say(_OURS[outcome])),)
    meaning, shown = _in_words(outcome), _code(outcome)
    if meaning is None:
        return (shown,)
    return style.words.fill("{what} ({code})", what=style.words.say(meaning), code=shown)


def mending(outcome: str, to: str, style: Style) -> Line:
    """Return what to do about a refusal for a recipient; nothing where only time helps."""
    meaning = row_for(outcome).meaning
    if meaning in _PARKED:
        return style.words.fill(_PARKED[meaning], channel=place(to), invite=_INVITE)
    return style.words.fill(_REMEDIES[meaning]) if meaning in _REMEDIES else ()


def park_remedy(code: str) -> str:
    """Return what to do about a code that parks (rule P9), also one that the table does not know."""
    return _PARKED.get(
        row_for(code).meaning,
        N_("I do not know this refusal. Its code says more: look it up in Slack's documentation."),
    )


def _in_words(outcome: str) -> str | None:
    if outcome.startswith("http_5"):
        return N_("Slack had a fault of its own; it may have arrived")
    return _FAULTS.get(outcome) or _MEANINGS.get(row_for(outcome).meaning)


def _code(outcome: str) -> Word:
    """A code is harmless in mark-up; anything else is not ours."""
    return Word(outcome, code=True) if _CODE.fullmatch(outcome) else code(outcome, 100)
