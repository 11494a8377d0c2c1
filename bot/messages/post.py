"""What the courier sends: the facts of a post as one message. Pure: sent again after a crash, it is the same one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.domain.fact import Fact, Kind, Notice, Stuck, Transition
from bot.messages.digest import digest
from bot.messages.ending import ending
from bot.messages.notice import notice
from bot.messages.stuck import all_stuck, stuck
from bot.messages.task_words import state_words
from bot.rendering.document import Document, Line, Lines, Word, bare, identity
from bot.rendering.languages import N_
from bot.rendering.style import Style

_STUCK: Final = "stuck"


def told(facts: Sequence[Fact], style: Style, *, fixed: bool = False, may_repeat: bool = False) -> Document:
    """Return the message about one fact or more.

    `fixed`: for the last rung (P12), nothing but words of our own and IDs. `may_repeat` adds that it may repeat an
    earlier one (P9).
    """
    document = _fixed(facts, style) if fixed else _document(facts, style)
    return _marked(document, style) if may_repeat else document


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
