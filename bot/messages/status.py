"""How the bot itself is: well or not in the first line, then what it sees, what waits, and who cannot be told."""

from collections.abc import Iterator

from bot.commands import request
from bot.domain.answer import Blocked, Status
from bot.domain.subscription import Mute
from bot.messages.buttons import asks
from bot.messages.frame import framed, headed
from bot.messages.slack_words import mending, said
from bot.messages.task_fields import labelled
from bot.rendering.document import (
    Bullets,
    Buttons,
    Document,
    Line,
    Lines,
    Moment,
    Part,
    Word,
    fill,
    foreign,
    place,
    sentences,
)
from bot.rendering.english import Count, Say
from bot.rendering.escape import name
from bot.rendering.joining import clauses
from bot.rendering.style import Style
from bot.rendering.units import duration
from bot.rendering.words import count, say


def condition(answer: Status, shown: int, style: Style) -> Document:
    """Return the answer to `status`; at most `shown` of those who cannot be told, and of the quiet."""
    spoken = [_waiting_text(answer, style)]
    refresh = Buttons((asks("ask.refresh", Say.REFRESH, request.Status(), style),))
    return framed(health(answer, style), spoken, (*_parts(answer, shown, style), refresh), answer.as_of, style)


def health(answer: Status, style: Style) -> str:
    """Return whether all is well, and what is not, in a sentence."""
    language = style.language
    troubles = [say(language, each) for each in _troubles(answer)]
    if lasting := sum(each.lasts for each in answer.blocked):
        troubles.append(count(language, Count.BLOCKED, lasting))
    if troubles:
        return say(language, Say.NOT_WELL, what=clauses(language, troubles))
    held_up = sum(each.waiting for each in answer.blocked)
    return count(language, Count.HELD_UP, held_up) if held_up else say(language, Say.ALL_WELL)


def _troubles(answer: Status) -> Iterator[Say]:
    if answer.blind_since is not None or answer.as_of.trouble.strip() or answer.as_of.age is None:
        yield Say.LIST_UNREAD
    elif answer.watching_since is None:
        yield Say.NO_BASELINE
    if answer.stopped:
        yield Say.SLACK_STOPPED
    if not answer.connected:
        yield Say.DEAF


def _parts(answer: Status, shown: int, style: Style) -> Iterator[Part]:
    yield Lines((_list(answer, style), _messages(answer, style), *_slack(answer, style)))
    blocked = [_blocked(each, answer, style) for each in answer.blocked if each.to]
    muted = [_quiet(each, style) for each in answer.muted if each.to]
    for title, lines, known in ((Say.CANNOT_TELL, blocked, answer.blocked), (Say.QUIET, muted, answer.muted)):
        if known:
            yield headed(title, style)
            left = (Count.MORE, max(0, len(lines) - shown)), (Count.UNNAMED, len(known) - len(lines))
            rest = ((Word(count(style.language, what, n)),) for what, n in left if n)
            yield Bullets((*lines[:shown], *rest))
    yield Lines((_self(answer, style),))


def _list(answer: Status, style: Style) -> Line:
    tasks = Word(count(style.language, Count.TASKS, answer.tasks))
    line = labelled(Say.TASK_LIST, style, tasks)
    if answer.watching_since is not None:
        line = (*line, *fill(style.language, Say.WATCHED_SINCE, at=Moment(answer.watching_since)))
    if answer.blind_since is not None:
        line = (*line, *fill(style.language, Say.UNREAD_SINCE, at=Moment(answer.blind_since)))
    return line


def _messages(answer: Status, style: Style) -> Line:
    language, since = style.language, answer.oldest if answer.queued else None
    oldest = "" if since is None else fill(language, Say.OLDEST_SINCE, at=Moment(since))
    doubts = count(language, Count.DOUBTS, answer.doubts) if answer.doubts else ""
    return labelled(Say.MESSAGES, style, *sentences(language, _waiting_text(answer, style), oldest, doubts))


def _waiting_text(answer: Status, style: Style) -> str:
    if not answer.queued:
        return say(style.language, Say.NOTHING_WAITS)
    return count(style.language, Count.WAITING, answer.queued)


def _slack(answer: Status, style: Style) -> Iterator[Line]:
    language = style.language
    if answer.stopped:
        why = fill(language, Say.SENTENCE, text=said(answer.stopped, style))
        yield labelled(Say.POSTING, style, *sentences(language, why, mending(answer.stopped, "", style)))
    if answer.connected:
        yield labelled(Say.COMMANDS, style, Word(say(language, Say.CONNECTED)))
    else:
        why = (foreign(answer.socket_trouble, 500),) if answer.socket_trouble.strip() else ()
        yield labelled(Say.COMMANDS, style, *sentences(language, say(language, Say.NOT_CONNECTED), why))


def _blocked(each: Blocked, answer: Status, style: Style) -> Line:
    language, lasting = style.language, duration(answer.as_of.now - each.since, style.language)
    why = fill(language, Say.BLOCKED_FOR, to=place(each.to), why=said(each.code, style), gap=lasting)
    return sentences(language, why, count(language, Count.WAITING, each.waiting), mending(each.code, each.to, style))


def _quiet(each: Mute, style: Style) -> Line:
    line = fill(style.language, Say.QUIET_THERE, to=place(each.to), until=Moment(each.until))
    return (*line, *asked_by(each, style))


def asked_by(each: Mute, style: Style) -> Line:
    """Return who asked for a quiet, where that is known."""
    return fill(style.language, Say.QUIET_BY, by=place(each.by)) if each.by else ()


def _self(answer: Status, style: Style) -> Line:
    version = name(answer.version, 40)
    line = fill(style.language, Say.RUNNING_SINCE, version=version, at=Moment(answer.started))
    return sentences(style.language, line, count(style.language, Count.SUBSCRIPTIONS_MADE, answer.subscriptions))
