"""What the courier sends: the facts of a post as one Slack message, on the rung that the post has come down to (P12).

Pure, so that a message sent again after a crash is the same one. `fit` is the other half of P13: how many facts one
message can take, on its lower rungs too.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.domain.fact import Fact, Kind, Notice, Transition
from bot.domain.outbox import Post
from bot.messages.blocks import fits, payload, section
from bot.messages.digest import digest
from bot.messages.document import Document, Lines, Word
from bot.messages.ending import ending
from bot.messages.escape import clean, escaped
from bot.messages.notice import notice
from bot.messages.payload import Payload
from bot.messages.style import Language, Style
from bot.messages.words import Say, say

__all__ = ["LAST_RUNG", "Language", "Style", "fit", "render"]

LAST_RUNG: Final = 3


def render(post: Post, facts: Sequence[Fact], style: Style) -> Payload:
    """Return the message about a post's facts (one or more) on its rung.

    The first block's `block_id` is the post's key (P2). `post.may_repeat` adds that it may repeat an earlier one (P9).
    """
    if post.rung >= LAST_RUNG:
        return _fixed(post, facts, style)
    document = _document(facts, style)
    return payload(_marked(document, style) if post.may_repeat else document, style, post.rung, post.key)


def fit(facts: Sequence[Fact], style: Style) -> int:
    """Return how many of the facts, in their order, one digest may tell: at least 1, and a notice goes alone."""
    transitions = _until_notice(facts)
    low, high = 1, 2
    while high <= len(transitions) and _fits(transitions[:high], style):
        low, high = high, high * 2
    high = min(high, len(transitions) + 1)
    while high - low > 1:
        middle = (low + high) // 2
        if _fits(transitions[:middle], style):
            low = middle
        else:
            high = middle
    return low


def _until_notice(facts: Sequence[Fact]) -> list[Transition]:
    transitions: list[Transition] = []
    for fact in facts:
        if isinstance(fact, Notice):
            break
        transitions.append(fact)
    return transitions


def _document(facts: Sequence[Fact], style: Style) -> Document:
    documents = [notice(fact, style) for fact in facts if isinstance(fact, Notice)]
    transitions = [fact for fact in facts if isinstance(fact, Transition)]
    if len(transitions) == 1:
        documents.append(ending(transitions[0], style))
    elif transitions:
        documents.append(digest(transitions, style))
    return documents[0] if len(documents) == 1 else _together(documents)


def _together(documents: Sequence[Document]) -> Document:
    first, *others = documents
    parts = [
        part for other in others for part in (Lines(((Word(other.title, bold=True, foreign=True),),)), *other.parts)
    ]
    return Document(" ".join(document.text for document in documents), first.title, (*first.parts, *parts))


def _marked(document: Document, style: Style) -> Document:
    words = say(style.language, Say.MAY_REPEAT)
    return replace(document, text=f"{document.text} {words}", parts=(Lines(((Word(words),),)), *document.parts))


def _fits(facts: Sequence[Transition], style: Style) -> bool:
    document = _marked(_document(facts, style), style)
    return all(fits(payload(document, style, rung)) for rung in range(LAST_RUNG))


def _fixed(post: Post, facts: Sequence[Fact], style: Style) -> Payload:
    """Return the last rung: nothing in it but words of our own and IDs."""
    told = " ".join([*_fixed_endings(facts, style), *_fixed_notices(facts, style)])
    if post.may_repeat:
        told = f"{told} {say(style.language, Say.MAY_REPEAT)}"
    first, *others = [section(told[start : start + _FIXED_PIECE]) for start in range(0, len(told), _FIXED_PIECE)]
    return Payload(escaped(told, 3_800), ({**first, "block_id": post.key}, *others))


def _fixed_endings(facts: Sequence[Fact], style: Style) -> list[str]:
    groups: dict[Kind, list[str]] = {}
    for fact in facts:
        if isinstance(fact, Transition):
            groups.setdefault(fact.kind, []).append(clean(fact.task.id))
    told = "; ".join(f"{kind.value}: {', '.join(groups[kind])}" for kind in Kind if kind in groups)
    return [say(style.language, Say.FIXED, groups=told) + "."] if told else []


def _fixed_notices(facts: Sequence[Fact], style: Style) -> list[str]:
    return [say(style.language, Say.FIXED_NOTICE, kind=fact.kind.value) for fact in facts if isinstance(fact, Notice)]


_FIXED_PIECE: Final = 2_900
