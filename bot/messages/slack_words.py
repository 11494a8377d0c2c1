"""Slack's codes in words that people understand, each with what they can do about it.

The code itself is always shown beside the words: it is what people search for. One
that the table does not know is shown alone.
"""

import re
from typing import Final

from bot.domain.queue import NO_ANSWER
from bot.rendering.document import Line, Word, code, place
from bot.rendering.english import Say
from bot.rendering.style import Style
from bot.slack_errors import Meaning, row_for

_OURS: Final = {"ok": Say.SAID_OK, NO_ANSWER: Say.SAID_NOTHING, "": Say.SAID_UNKNOWN}  # no codes
_MEANINGS: Final = {
    Meaning.LIMITED: Say.SAID_WAIT,
    Meaning.MIGRATING: Say.SAID_MIGRATING,
    Meaning.NOT_MEMBER: Say.SAID_NOT_MEMBER,
    Meaning.ARCHIVED: Say.SAID_ARCHIVED,
    Meaning.PERSON_GONE: Say.SAID_NO_DM,
    Meaning.NO_DIRECT: Say.SAID_NO_DM,
    Meaning.RESTRICTED: Say.SAID_RESTRICTED,
    Meaning.TOKEN: Say.SAID_REFUSED,
    Meaning.SCOPE: Say.SAID_SCOPE,
    Meaning.FORM: Say.SAID_FORM,
    Meaning.OURS: Say.SAID_OURS,
    Meaning.SLACKS: Say.SAID_FAULT,
}
_FAULTS: Final = {  # words of the adapters for requests without an answer from Slack
    **dict.fromkeys(("not_json", "answer_broken"), Say.SAID_FAULT),
    **dict.fromkeys(("timeout", "connection_lost"), Say.SAID_LATE),
    **dict.fromkeys(
        ("name_not_found", "connection_refused", "not_connected", "tls_failed", "certificate_refused"),
        Say.SAID_NOT_REACHED,
    ),
}
_REMEDIES: Final = {Say.SAID_REFUSED: Say.MEND_REFUSED, Say.SAID_SCOPE: Say.MEND_SCOPE}
_PARKED: Final[dict[Say | None, Say]] = {
    Say.SAID_NOT_MEMBER: Say.PARKED_INVITE,
    Say.SAID_ARCHIVED: Say.PARKED_UNARCHIVE,
    Say.SAID_NO_DM: Say.PARKED_PERSON,
    Say.SAID_RESTRICTED: Say.PARKED_ALLOW,
}
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,60}")
_INVITE: Final = Word("/invite @prewarm", code=True)


def said(outcome: str, style: Style) -> Line:
    """Return what Slack said to a request: in words, with the code in brackets."""
    if outcome in _OURS:
        return (Word(style.words.say(_OURS[outcome])),)
    meaning, shown = _meaning(outcome), _code(outcome)
    if meaning is None:
        return (shown,)
    return style.words.fill(Say.SAID, what=style.words.say(meaning), code=shown)


def mending(outcome: str, to: str, style: Style) -> Line:
    """Return what to do about a refusal for a recipient; nothing where only time helps."""
    meaning = _meaning(outcome)
    if meaning in _PARKED:
        return style.words.fill(_PARKED[meaning], channel=place(to), invite=_INVITE)
    return style.words.fill(_REMEDIES[meaning]) if meaning in _REMEDIES else ()


def park_remedy(code: str) -> Say:
    """Return what to do about a code that parks (rule P9), also one that the table does not know."""
    return _PARKED.get(_meaning(code), Say.PARKED_UNKNOWN)


def _meaning(outcome: str) -> Say | None:
    if outcome.startswith("http_5"):
        return Say.SAID_FAULT
    return _FAULTS.get(outcome) or _MEANINGS.get(row_for(outcome).meaning)


def _code(outcome: str) -> Word:
    """A code is harmless in mark-up; anything else is not ours."""
    return Word(outcome, code=True) if _CODE.fullmatch(outcome) else code(outcome, 100)
