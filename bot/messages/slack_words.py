"""Slack's codes in words that people understand, each with what they can do about it.

The families are those of rule P9. The code itself is always shown beside the words: it is what people search for. One
that the table does not know is shown alone.
"""

import re
from fnmatch import fnmatchcase
from typing import Final

from bot.domain.queue import NO_ANSWER
from bot.messages.document import Line, Word, code, fill, place
from bot.messages.english import Say
from bot.messages.style import Style
from bot.messages.words import say

_OURS: Final = {"ok": Say.SAID_OK, NO_ANSWER: Say.SAID_NOTHING, "": Say.SAID_UNKNOWN}  # no codes
_MEANINGS: Final = (
    ("ratelimited rate_limited message_limit_exceeded service_unavailable", Say.SAID_WAIT),
    ("not_in_channel channel_not_found", Say.SAID_NOT_MEMBER),
    ("is_archived", Say.SAID_ARCHIVED),
    ("user_disabled user_not_found cannot_dm_bot messages_tab_disabled", Say.SAID_NO_DM),
    ("restricted_action* no_permission access_denied *_access_*", Say.SAID_RESTRICTED),
    ("invalid_auth not_authed account_inactive token_revoked token_expired", Say.SAID_REFUSED),
    ("missing_scope not_allowed_token_type", Say.SAID_SCOPE),
    ("invalid_blocks* msg_blocks_too_long msg_too_long no_text *metadata*", Say.SAID_FORM),
    ("internal_error fatal_error http_5* not_json answer_broken", Say.SAID_FAULT),
    ("timeout connection_lost", Say.SAID_LATE),
    ("name_not_found connection_refused not_connected tls_failed certificate_refused", Say.SAID_NOT_REACHED),
)
_REMEDIES: Final = {Say.SAID_REFUSED: Say.MEND_REFUSED, Say.SAID_SCOPE: Say.MEND_SCOPE}
_PARKED: Final = {
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
        return (Word(say(style.language, _OURS[outcome])),)
    meaning, shown = _meaning(outcome), _code(outcome)
    if meaning is None:
        return (shown,)
    return fill(style.language, Say.SAID, what=say(style.language, meaning), code=shown)


def mending(outcome: str, to: str, style: Style) -> Line:
    """Return what to do about a refusal for a recipient; nothing where only time helps."""
    meaning = _meaning(outcome)
    if meaning in _PARKED:
        return fill(style.language, _PARKED[meaning], channel=place(to), invite=_INVITE)
    return fill(style.language, _REMEDIES[meaning]) if meaning in _REMEDIES else ()


def park_remedy(code: str) -> Say:
    """Return what to do about a code that parks (rule P9), also one that the table does not know."""
    return _PARKED.get(_meaning(code) or Say.SAID_RESTRICTED, Say.PARKED_ALLOW)


def _meaning(outcome: str) -> Say | None:
    known = (meaning for codes, meaning in _MEANINGS if any(fnmatchcase(outcome, each) for each in codes.split()))
    return next(known, None)


def _code(outcome: str) -> Word:
    """A code is harmless in mark-up; anything else is not ours."""
    return Word(outcome, code=True) if _CODE.fullmatch(outcome) else code(outcome, 100)
