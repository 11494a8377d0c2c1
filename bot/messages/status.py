"""How the bot itself is: well or not in the first line, then what it sees, what waits, and who cannot be told."""

from collections.abc import Iterator

from bot.commands import request
from bot.domain.answer import Blocked, Status
from bot.domain.subscription import Mute
from bot.messages.frame import asks, framed
from bot.messages.slack_words import mending, said
from bot.messages.task_fields import headed, labelled
from bot.rendering.document import Bullets, Buttons, Document, Line, Lines, Moment, Part, Word, foreign, place
from bot.rendering.escape import name
from bot.rendering.languages import N_, forms
from bot.rendering.style import Style


def status(answer: Status, shown: int, style: Style) -> Document:
    """Return the answer to `status`; at most `shown` of those who cannot be told, and of the quiet."""
    spoken = [_waiting_text(answer, style)]
    refresh = Buttons((asks("ask.refresh", N_("Refresh"), request.Status(), style),))
    return framed(health(answer, style), spoken, (*_parts(answer, shown, style), refresh), answer.as_of, style)


def health(answer: Status, style: Style) -> str:
    """Return whether all is well, and what is not, in a sentence."""
    words = style.words
    troubles = [words.say(each) for each in _troubles(answer)]
    if lasting := sum(each.lasts for each in answer.blocked):
        troubles.append(words.count("I cannot post to {n} recipient", "I cannot post to {n} recipients", lasting))
    if troubles:
        return words.say("Not all is well: {what}", what=words.clauses(troubles))
    held_up = sum(each.waiting for each in answer.blocked)
    return (
        words.count("{n} message is held up for the moment", "{n} messages are held up for the moment", held_up)
        if held_up
        else words.say("All is well")
    )


def _troubles(answer: Status) -> Iterator[str]:
    if answer.blind_since is not None or str(answer.as_of.trouble).strip() or answer.as_of.age is None:
        yield N_("I cannot read the task list")
    elif answer.watching_since is None:
        yield N_("I have not seen the whole task list yet")
    if answer.stopped:
        yield N_("Slack refuses me")
    if not answer.connected:
        yield N_("commands do not reach me")


def _parts(answer: Status, shown: int, style: Style) -> Iterator[Part]:
    yield Lines((_list(answer, style), _messages(answer, style), *_slack(answer, style)))
    blocked = [_blocked(each, answer, style) for each in answer.blocked if each.to]
    muted = [_quiet(each, style) for each in answer.muted if each.to]
    for title, lines, known in ((N_("I cannot post to"), blocked, answer.blocked), (N_("Quiet"), muted, answer.muted)):
        if known:
            yield headed(style.words.say(title), style)
            left = (
                (forms("and {n} more", "and {n} more"), max(0, len(lines) - shown)),
                (
                    forms(
                        "{n} recipient is not named here; operators see it in a direct message",
                        "{n} recipients are not named here; operators see them in a direct message",
                    ),
                    len(known) - len(lines),
                ),
            )
            rest = ((Word(style.words.count(*what, n)),) for what, n in left if n)
            yield Bullets((*lines[:shown], *rest))
    yield Lines((_self(answer, style),))


def _list(answer: Status, style: Style) -> Line:
    tasks = Word(style.words.count("{n} task", "{n} tasks", answer.tasks))
    line = labelled(N_("Task list"), style, tasks)
    if answer.watching_since is not None:
        line = (*line, *style.words.fill(", watched since {at}", at=Moment(answer.watching_since)))
    if answer.blind_since is not None:
        line = (*line, *style.words.fill(", not readable since {at}", at=Moment(answer.blind_since)))
    return line


def _messages(answer: Status, style: Style) -> Line:
    words, since = style.words, answer.oldest if answer.queued else None
    oldest = "" if since is None else words.fill("The oldest is from {at}.", at=Moment(since))
    doubts = (
        words.count(
            "Of {n} it is in doubt whether it arrived; I look before I repeat it.",
            "Of {n} it is in doubt whether they arrived; I look before I repeat them.",
            answer.doubts,
        )
        if answer.doubts
        else ""
    )
    return labelled(N_("Messages"), style, *words.paragraph(_waiting_text(answer, style), oldest, doubts))


def _waiting_text(answer: Status, style: Style) -> str:
    if not answer.queued:
        return style.words.say("Nothing waits.")
    return style.words.count("{n} message waits.", "{n} messages wait.", answer.queued)


def _slack(answer: Status, style: Style) -> Iterator[Line]:
    words = style.words
    if answer.stopped:
        why = words.fill("{text}.", text=said(answer.stopped, style))
        yield labelled(N_("Posting"), style, *words.paragraph(why, mending(answer.stopped, "", style)))
    if answer.connected:
        yield labelled(N_("Commands"), style, Word(words.say("connected.")))
    else:
        why = (foreign(answer.socket_trouble, 500),) if answer.socket_trouble.strip() else ()
        yield labelled(N_("Commands"), style, *words.paragraph(words.say("not connected."), why))


def _blocked(each: Blocked, answer: Status, style: Style) -> Line:
    words, lasting = style.words, style.words.duration(answer.as_of.now - each.since)
    why = words.fill("{to}: {why} for {gap}.", to=place(each.to), why=said(each.code, style), gap=lasting)
    return words.paragraph(
        why, words.count("{n} message waits.", "{n} messages wait.", each.waiting), mending(each.code, each.to, style)
    )


def _quiet(each: Mute, style: Style) -> Line:
    line = style.words.fill("{to} until {until}", to=place(each.to), until=Moment(each.until))
    return (*line, *asked_by(each, style))


def asked_by(each: Mute, style: Style) -> Line:
    """Return who asked for a quiet, where that is known."""
    return style.words.fill(", asked for by {by}", by=place(each.by)) if each.by else ()


def _self(answer: Status, style: Style) -> Line:
    version = name(answer.version, 40)
    line = style.words.fill("prewarm-bot {version}, running since {at}.", version=version, at=Moment(answer.started))
    return style.words.paragraph(
        line,
        style.words.count(
            "{n} subscription made by people.", "{n} subscriptions made by people.", answer.subscriptions
        ),
    )
