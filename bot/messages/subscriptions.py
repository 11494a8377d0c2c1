"""What was promised to whom: subscriptions of a channel, watches of a person, and the quiet, each with its button."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.commands.request import Unmute
from bot.domain.answer import Muted, Subscribed, Subscriptions, Unmuted, Unsubscribed
from bot.domain.subscription import Subscription
from bot.messages.buttons import asks, ends, is_watch
from bot.messages.filter_words import heard
from bot.messages.frame import headed, short
from bot.messages.status import asked_by
from bot.rendering.document import Bullets, Buttons, Document, Item, Line, Lines, Moment, Part, Small, Word, place
from bot.rendering.english import Count, Say
from bot.rendering.escape import name
from bot.rendering.languages import capital
from bot.rendering.style import Style

_TITLE_AT_MOST: Final = 100  # characters of what a subscription hears of, in a title
_MISSING_AT_MOST: Final = 60
_SAID_AT_MOST: Final = 3
_ENDED_AT_MOST: Final = 20


def subscriptions(answer: Subscriptions, shown: int, style: Style) -> Document:
    """Return who hears of what, numbered, and how to add or end something; of one kind where that was asked for."""
    here = () if _is_direct(answer) or answer.asked == "unwatch" else answer.here
    mine = () if answer.asked == "unsubscribe" else answer.mine
    left = len(here) + len(mine) - shown
    parts = (
        *_group(Say.HERE, here[:shown], style),
        *_group(Say.MINE, mine[: max(0, shown - len(here))], style),
        *([Lines(((Word(style.words.count(Count.MORE, left)),),))] if left > 0 else []),
        *_quiet(answer, style),
        Lines((_how_to_add(answer, style),)),
    )
    title = _title(answer, style)
    words, told = style.words, [heard(each, style) for each in (*here, *mine)][:_SAID_AT_MOST]
    said = words.sentence(capital(words.series(told))) if told else ""
    return Document(words.sentences(words.sentence(title), said), title, parts)


def _title(answer: Subscriptions, style: Style) -> str:
    words, missing = style.words, name(answer.missing, _MISSING_AT_MOST)
    watches = answer.asked == "unwatch"
    if missing:
        return words.say(Say.NO_SUCH_WATCH if watches else Say.NO_SUCH_SUBSCRIPTION, missing=missing)
    if answer.asked and any(each.number for each in (answer.mine if watches else answer.here)):
        return words.say(Say.WHICH_WATCH if watches else Say.WHICH_SUBSCRIPTION)
    mine = words.count(Count.WATCHES, len(answer.mine)) if answer.mine else words.say(Say.NO_WATCHES)
    if watches or _is_direct(answer):
        return mine
    here = words.say(Say.NO_SUBSCRIPTIONS)
    if answer.here:
        here = words.count(Count.SUBSCRIPTIONS, len(answer.here))
    return words.clauses([here, mine]) if answer.mine and not answer.asked else here


def _is_direct(answer: Subscriptions) -> bool:
    return is_watch(Subscription(answer.to))


def _group(title: Say, those: Sequence[Subscription], style: Style) -> Iterator[Part]:
    if those:
        yield headed(title, style)
    for each in those:
        yield item(each, style)
        if made := _made(each, style):
            yield Small(made)


def item(subscription: Subscription, style: Style) -> Item:
    """Return a subscription or watch with its number and the button that ends it; standing ones have neither."""
    what = heard(subscription, style)
    button = ends(subscription, what, style)
    if button is None:
        return Item((Word(what + style.words.say(Say.STANDING), foreign=True),), None)
    numbered = style.words.say(Say.LABELLED, label=subscription.number, text=what)
    return Item((Word(numbered, foreign=True),), button)


def _made(subscription: Subscription, style: Style) -> Line:
    """Return when it was made and, of a channel's, by whom; a watch was made by the one who reads this."""
    if not subscription.at:
        return ()
    at = Moment(subscription.at)
    if is_watch(subscription) or not subscription.by:
        return style.words.fill(Say.MADE, at=at)
    return style.words.fill(Say.MADE_BY, at=at, by=place(subscription.by))


def _quiet(answer: Subscriptions, style: Style) -> Iterator[Part]:
    if answer.mute is not None:
        until = style.words.fill(Say.QUIET_HERE, until=Moment(answer.mute.until))
        yield Lines(((*until, *asked_by(answer.mute, style)),))
        yield Buttons((asks("ask.unmute", Say.UNMUTE, Unmute(), style),))


def _how_to_add(answer: Subscriptions, style: Style) -> Line:
    watch = Word("/prewarm watch ID", code=True)
    if _is_direct(answer) or answer.asked == "unwatch":
        return style.words.fill(Say.HOW_TO_ADD_WATCH, watch=watch)
    subscribe = Word("/prewarm subscribe failed cluster:ID words", code=True)
    return style.words.fill(Say.HOW_TO_ADD, subscribe=subscribe, watch=watch)


# ---- made and ended -------------------------------------------------------------------------------------------------


def subscribed(answer: Subscribed, style: Style) -> Document:
    """Return what is heard of from now on, what of it is at work, and how to end it."""
    subscription = answer.subscription
    lines = [] if subscription.task else [(Word(_matching(answer.matching, style)),)]
    button = ends(subscription, heard(subscription, style), style)
    if button is None:
        return short(_promised(answer, style), lines, style)
    line = style.words.fill(Say.ENDS_IT, command=Word(f"/prewarm {button.command}", code=True))
    return short(_promised(answer, style), lines, style, Item(line, button))


def _matching(n: int, style: Style) -> str:
    return style.words.count(Count.MATCHING_NOW, n) if n else style.words.say(Say.NONE_MATCHING)


def _promised(answer: Subscribed, style: Style) -> str:
    subscription, words = answer.subscription, style.words
    if subscription.task:
        what = Say.ALREADY_WATCHED if answer.already else Say.NOW_WATCHED
        return words.say(what, id=name(subscription.task, _TITLE_AT_MOST))
    if is_watch(subscription):
        what = Say.ALREADY_TOLD if answer.already else Say.NOW_TOLD
    else:
        what = Say.ALREADY_HEARD if answer.already else Say.SUBSCRIBED
    return words.say(what, what=_in_short(subscription, style))


def unsubscribed(answer: Unsubscribed, style: Style) -> Document:
    """Return what is no longer heard of."""
    words, ended = style.words, answer.ended
    after: Line = (Word(words.say(Say.QUEUED_STAYS)),)
    watches = any(map(is_watch, ended))
    if len(ended) == 1:
        what = Say.NO_LONGER_TOLD if watches else Say.UNSUBSCRIBED
        return short(words.say(what, what=_in_short(ended[0], style)), [after], style)
    title = words.count(Count.WATCHES_ENDED if watches else Count.PROMISES_ENDED, len(ended))
    bullets = Bullets(tuple((Word(heard(each, style), foreign=True),) for each in ended[:_ENDED_AT_MOST]))
    return Document(words.paragraph(words.sentence(title), after), title, (bullets, Lines((after,))))


def _in_short(subscription: Subscription, style: Style) -> str:
    return name(heard(subscription, style), _TITLE_AT_MOST)


# ---- quiet ----------------------------------------------------------------------------------------------------------


def muted(answer: Muted, style: Style) -> Document:
    """Return until when it is quiet, and that nothing is lost by it."""
    lines = [style.words.fill(Say.QUIET_TILL, until=Moment(answer.mute.until))]
    end = Buttons((asks("ask.unmute", Say.UNMUTE, Unmute(), style),))
    return short(style.words.say(Say.IS_QUIET), lines, style, end)


def unmuted(answer: Unmuted, style: Style) -> Document:
    """Return that the quiet is over and what was missed."""
    words = style.words
    if not answer.was:
        return short(words.say(Say.WAS_NOT_QUIET), [(Word(words.say(Say.HOW_TO_MUTE)),)], style)
    if not answer.missed:
        return short(words.say(Say.UNMUTED_NOTHING), [], style)
    return short(words.say(Say.UNMUTED), [(Word(words.count(Count.KEPT, answer.missed)),)], style)
