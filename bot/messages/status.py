"""How the bot itself is: well or not in the first line, then what it sees, what waits, and who cannot be told."""

from collections.abc import Iterator

from bot.commands import request
from bot.domain.answer import Blocked, Status
from bot.domain.subscription import Mute
from bot.messages.buttons import asks
from bot.messages.frame import framed, headed
from bot.messages.slack_words import mending, said
from bot.messages.task_fields import labelled
from bot.rendering.document import Bullets, Buttons, Document, Line, Lines, Moment, Part, Word, foreign, place
from bot.rendering.english import Count, Say
from bot.rendering.escape import name
from bot.rendering.style import Style


def condition(answer: Status, shown: int, style: Style) -> Document:
    """Return the answer to `status`; at most `shown` of those who cannot be told, and of the quiet."""
    spoken = [_waiting_text(answer, style)]
    refresh = Buttons((asks("ask.refresh", Say.REFRESH, request.Status(), style),))
    return framed(health(answer, style), spoken, (*_parts(answer, shown, style), refresh), answer.as_of, style)


def health(answer: Status, style: Style) -> str:
    """Return whether all is well, and what is not, in a sentence."""
    words = style.words
    troubles = [words.say(each) for each in _troubles(answer)]
    if lasting := sum(each.lasts for each in answer.blocked):
        troubles.append(words.count(Count.BLOCKED, lasting))
    if troubles:
        return words.say(Say.NOT_WELL, what=words.clauses(troubles))
    held_up = sum(each.waiting for each in answer.blocked)
    return words.count(Count.HELD_UP, held_up) if held_up else words.say(Say.ALL_WELL)


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
            rest = ((Word(style.words.count(what, n)),) for what, n in left if n)
            yield Bullets((*lines[:shown], *rest))
    yield Lines((_self(answer, style),))


def _list(answer: Status, style: Style) -> Line:
    tasks = Word(style.words.count(Count.TASKS, answer.tasks))
    line = labelled(Say.TASK_LIST, style, tasks)
    if answer.watching_since is not None:
        line = (*line, *style.words.fill(Say.WATCHED_SINCE, at=Moment(answer.watching_since)))
    if answer.blind_since is not None:
        line = (*line, *style.words.fill(Say.UNREAD_SINCE, at=Moment(answer.blind_since)))
    return line


def _messages(answer: Status, style: Style) -> Line:
    words, since = style.words, answer.oldest if answer.queued else None
    oldest = "" if since is None else words.fill(Say.OLDEST_SINCE, at=Moment(since))
    doubts = words.count(Count.DOUBTS, answer.doubts) if answer.doubts else ""
    return labelled(Say.MESSAGES, style, *words.paragraph(_waiting_text(answer, style), oldest, doubts))


def _waiting_text(answer: Status, style: Style) -> str:
    if not answer.queued:
        return style.words.say(Say.NOTHING_WAITS)
    return style.words.count(Count.WAITING, answer.queued)


def _slack(answer: Status, style: Style) -> Iterator[Line]:
    words = style.words
    if answer.stopped:
        why = words.fill(Say.SENTENCE, text=said(answer.stopped, style))
        yield labelled(Say.POSTING, style, *words.paragraph(why, mending(answer.stopped, "", style)))
    if answer.connected:
        yield labelled(Say.COMMANDS, style, Word(words.say(Say.CONNECTED)))
    else:
        why = (foreign(answer.socket_trouble, 500),) if answer.socket_trouble.strip() else ()
        yield labelled(Say.COMMANDS, style, *words.paragraph(words.say(Say.NOT_CONNECTED), why))


def _blocked(each: Blocked, answer: Status, style: Style) -> Line:
    words, lasting = style.words, style.words.duration(answer.as_of.now - each.since)
    why = words.fill(Say.BLOCKED_FOR, to=place(each.to), why=said(each.code, style), gap=lasting)
    return words.paragraph(why, words.count(Count.WAITING, each.waiting), mending(each.code, each.to, style))


def _quiet(each: Mute, style: Style) -> Line:
    line = style.words.fill(Say.QUIET_THERE, to=place(each.to), until=Moment(each.until))
    return (*line, *asked_by(each, style))


def asked_by(each: Mute, style: Style) -> Line:
    """Return who asked for a quiet, where that is known."""
    return style.words.fill(Say.QUIET_BY, by=place(each.by)) if each.by else ()


def _self(answer: Status, style: Style) -> Line:
    version = name(answer.version, 40)
    line = style.words.fill(Say.RUNNING_SINCE, version=version, at=Moment(answer.started))
    return style.words.paragraph(line, style.words.count(Count.SUBSCRIPTIONS_MADE, answer.subscriptions))
