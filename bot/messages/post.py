"""What the courier sends: the facts of a post as one Slack message, on the rung that the post has come down to (P12).

Pure, so that a message sent again after a crash is the same one. `fit` is the other half of P13: how many facts one
message can take, on its lower rungs too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Final

from bot.domain.fact import Fact, Kind, Notice, Stuck, Transition
from bot.domain.outbox import Post
from bot.domain.verdict import LAST_RUNG
from bot.messages.digest import digest
from bot.messages.ending import ending
from bot.messages.notice import notice
from bot.messages.stuck import all_stuck, ended_since, stuck
from bot.messages.task_words import state_words
from bot.rendering.document import Document, Line, Lines, Word, bare, identity
from bot.rendering.languages import N_
from bot.rendering.payload import Payload
from bot.rendering.slack_blocks import fits, light, squeezed
from bot.rendering.style import Style

_PLAIN_RUNG: Final = 2
_STUCK: Final = "stuck"


def render(post: Post, facts: Sequence[Fact], style: Style) -> Payload:
    """Return the message about a post's facts (one or more) on its rung.

    The first block's `block_id` is the post's key (P2). `post.may_repeat` adds that it may repeat an earlier one (P9).
    """
    last = post.rung >= LAST_RUNG
    document = _fixed(facts, style) if last else _document(facts, style)
    if post.may_repeat:
        document = _marked(document, style)
    return _message(document, style, _PLAIN_RUNG if last else post.rung, post.key)


def render_edit(key: str, facts: Sequence[Fact], ended: Mapping[str, Transition], style: Style) -> Payload:
    """Return a message about stuck tasks anew, once some of them have `ended` (by task ID); its key stays (P2, P10)."""
    hanging = [fact for fact in facts if isinstance(fact, Stuck)]
    document = ended_since(hanging, ended, style)
    if len(hanging) == 1 or fits(light(document, style.zone, 0)):
        return _message(document, style, 0, key)
    document = _fixed([ended.get(fact.task.id, fact) for fact in hanging], style)
    return _message(document, style, _PLAIN_RUNG, key)


def fit(facts: Sequence[Fact], style: Style) -> int:
    """Return how many of the facts, in their order, one digest may tell: at least 1, of one type; a notice alone."""
    alike = facts[:1] if isinstance(facts[0], Notice) else _of_one_type(facts)
    low, high = 1, 2
    while high <= len(alike) and _fits(alike[:high], style):
        low, high = high, high * 2
    high = min(high, len(alike) + 1)
    while high - low > 1:
        middle = (low + high) // 2
        if _fits(alike[:middle], style):
            low = middle
        else:
            high = middle
    return low


def _message(document: Document, style: Style, rung: int, key: str) -> Payload:
    message = light(document, style.zone, rung, key)
    return message if fits(message) else squeezed(document, style.zone, rung, key)


def _of_one_type(facts: Sequence[Fact]) -> Sequence[Fact]:
    return [*takewhile(lambda fact: type(fact) is type(facts[0]), facts)]


def _document(facts: Sequence[Fact], style: Style) -> Document:
    documents = [notice(fact, style) for fact in facts if isinstance(fact, Notice)]
    transitions = [fact for fact in facts if isinstance(fact, Transition)]
    if len(transitions) == 1:
        documents.append(ending(transitions[0], style))
    elif transitions:
        documents.append(digest(transitions, style))
    if hanging := [fact for fact in facts if isinstance(fact, Stuck)]:
        documents.append(stuck(hanging[0], style) if len(hanging) == 1 else all_stuck(hanging, style))
    return documents[0] if len(documents) == 1 else _together(documents, style)


def _together(documents: Sequence[Document], style: Style) -> Document:
    first, *others = documents
    parts = [
        part for other in others for part in (Lines(((Word(other.title, bold=True, foreign=True),),)), *other.parts)
    ]
    text = style.words.paragraph(*(document.text for document in documents))
    return Document(text, first.title, (*first.parts, *parts))


def _marked(document: Document, style: Style) -> Document:
    words = style.words.say("This may repeat an earlier message: Slack did not let me look whether it arrived.")
    text = style.words.paragraph(document.text, words)
    return replace(document, text=text, parts=(Lines(((Word(words),),)), *document.parts))


def _fits(facts: Sequence[Fact], style: Style) -> bool:
    document = _marked(_document(facts, style), style)
    return all(fits(light(document, style.zone, rung)) for rung in range(LAST_RUNG))


def _fixed(facts: Sequence[Fact], style: Style) -> Document:
    """Return the last rung's message: nothing but words of our own and IDs."""
    words, ids = style.words, {word: list[str]() for word in (*Kind, _STUCK)}
    for fact in facts:
        if not isinstance(fact, Notice):
            ids[_STUCK if isinstance(fact, Stuck) else fact.kind].append(fact.task.id)
    lines = [_ids(word, told, style) for word, told in ids.items() if told]
    notices = [
        words.say(
            "The prewarm bot has a notice ({kind}) that Slack would not show; its log has it.", kind=fact.kind.value
        )
        for fact in facts
        if isinstance(fact, Notice)
    ]
    fixed = (
        N_("Prewarm tasks ended")
        if any(isinstance(fact, Transition) for fact in facts)
        else N_("Prewarm tasks are stuck")
    )
    title = words.say(fixed) if lines else notices.pop(0)
    lines += [(Word(told),) for told in notices]
    text = words.paragraph(*(words.sentence(told) for told in (title, *(bare(line, style.zone) for line in lines))))
    return Document(text, title, (Lines(tuple(lines)),))


def _ids(word: str, ids: Sequence[str], style: Style) -> Line:
    label = style.words.say("stuck") if word == _STUCK else state_words(word, style)
    told = style.words.in_a_row([(identity(each),) for each in ids])
    return style.words.fill("{label}: {text}", label=label, text=told)
