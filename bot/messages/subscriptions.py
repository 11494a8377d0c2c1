"""What was promised to whom: subscriptions of a channel, watches of a person, and the quiet, each with its button."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.commands.request import Unmute
from bot.domain.answer import Muted, Subscribed, Subscriptions, Unmuted, Unsubscribed
from bot.domain.subscription import Subscription
from bot.messages.filter_words import heard
from bot.messages.frame import asks, ends, is_watch, short
from bot.messages.status import asked_by
from bot.messages.task_fields import headed
from bot.rendering.document import Bullets, Buttons, Document, Item, Line, Lines, Moment, Part, Small, Word, place
from bot.rendering.escape import name
from bot.rendering.languages import N_, capital
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
        *_group(N_("This channel hears of"), here[:shown], style),
        *_group(N_("You watch (told in direct messages)"), mine[: max(0, shown - len(here))], style),
        *([Lines(((Word(style.words.more(left)),),))] if left > 0 else []),
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
        return words.say(
            N_("You have no watch {missing}") if watches else N_("This channel has no subscription {missing}"),
            missing=missing,
        )
    if answer.asked and any(each.number for each in (answer.mine if watches else answer.here)):
        return words.say(N_("Which watch shall end?") if watches else N_("Which subscription shall end?"))
    mine = (
        words.count("{n} watch of yours", "{n} watches of yours", len(answer.mine))
        if answer.mine
        else words.say("You watch nothing")
    )
    if watches or _is_direct(answer):
        return mine
    here = words.say("This channel has no subscriptions")
    if answer.here:
        here = words.count("{n} subscription in this channel", "{n} subscriptions in this channel", len(answer.here))
    return words.clauses([here, mine]) if answer.mine and not answer.asked else here


def _is_direct(answer: Subscriptions) -> bool:
    return is_watch(Subscription(answer.to))


def _group(title: str, those: Sequence[Subscription], style: Style) -> Iterator[Part]:
    if those:
        yield headed(style.words.say(title), style)
    for each in those:
        yield item(each, style)
        if made := _made(each, style):
            yield Small(made)


def item(subscription: Subscription, style: Style) -> Item:
    """Return a subscription or watch with its number and the button that ends it; standing ones have neither."""
    what = heard(subscription, style)
    button = ends(subscription, what, style)
    if button is None:
        return Item((Word(what + style.words.say(" (from the settings)"), foreign=True),), None)
    numbered = style.words.labelled(str(subscription.number), what)
    return Item((Word(numbered, foreign=True),), button)


def _made(subscription: Subscription, style: Style) -> Line:
    """Return when it was made and, of a channel's, by whom; a watch was made by the one who reads this."""
    if not subscription.at:
        return ()
    at = Moment(subscription.at)
    if is_watch(subscription) or not subscription.by:
        return style.words.fill("made {at}", at=at)
    return style.words.fill("made {at} by {by}", at=at, by=place(subscription.by))


def _quiet(answer: Subscriptions, style: Style) -> Iterator[Part]:
    if answer.mute is not None:
        until = style.words.fill("It is quiet here until {until}", until=Moment(answer.mute.until))
        yield Lines(((*until, *asked_by(answer.mute, style)),))
        yield Buttons((asks("ask.unmute", N_("End the quiet"), Unmute(), style),))


def _how_to_add(answer: Subscriptions, style: Style) -> Line:
    watch = Word("/prewarm watch ID", code=True)
    if _is_direct(answer) or answer.asked == "unwatch":
        return style.words.fill("To add one: {watch}.", watch=watch)
    subscribe = Word("/prewarm subscribe failed cluster:ID words", code=True)
    return style.words.fill(
        "To add one: {subscribe} for this channel, {watch} for you.", subscribe=subscribe, watch=watch
    )


# ---- made and ended -------------------------------------------------------------------------------------------------


def subscribed(answer: Subscribed, style: Style) -> Document:
    """Return what is heard of from now on, what of it is at work, and how to end it."""
    subscription = answer.subscription
    lines = [] if subscription.task else [(Word(_matching(answer.matching, style)),)]
    button = ends(subscription, heard(subscription, style), style)
    if button is None:
        return short(_promised(answer, style), lines, style)
    command = f"/prewarm {'unwatch' if is_watch(subscription) else 'unsubscribe'} {subscription.number}"
    line = style.words.fill("{command} ends it.", command=Word(command, code=True))
    return short(_promised(answer, style), lines, style, Item(line, button))


def _matching(n: int, style: Style) -> str:
    return (
        style.words.count("{n} task at work matches now.", "{n} tasks at work match now.", n)
        if n
        else style.words.say("No task at work matches now.")
    )


def _promised(answer: Subscribed, style: Style) -> str:
    subscription, words = answer.subscription, style.words
    if subscription.task:
        what = (
            N_("I watch task {id} for you already")
            if answer.already
            else N_("I tell you in a direct message when task {id} ends")
        )
        return words.say(what, id=name(subscription.task, _TITLE_AT_MOST))
    if is_watch(subscription):
        what = (
            N_("I tell you of {what} already")
            if answer.already
            else N_("From now on I tell you in direct messages of {what}")
        )
    else:
        what = (
            N_("This channel hears of {what} already")
            if answer.already
            else N_("This channel hears of {what} from now on")
        )
    return words.say(what, what=_in_short(subscription, style))


def unsubscribed(answer: Unsubscribed, style: Style) -> Document:
    """Return what is no longer heard of."""
    words, ended = style.words, answer.ended
    after: Line = (Word(words.say("What had been noticed before is still told.")),)
    watches = any(map(is_watch, ended))
    if len(ended) == 1:
        what = N_("I no longer tell you of {what}") if watches else N_("This channel no longer hears of {what}")
        return short(words.say(what, what=_in_short(ended[0], style)), [after], style)
    title = words.count("{n} subscription has ended", "{n} subscriptions have ended", len(ended))
    if watches:
        title = words.count("{n} watch has ended", "{n} watches have ended", len(ended))
    bullets = Bullets(tuple((Word(heard(each, style), foreign=True),) for each in ended[:_ENDED_AT_MOST]))
    return Document(words.paragraph(words.sentence(title), after), title, (bullets, Lines((after,))))


def _in_short(subscription: Subscription, style: Style) -> str:
    return name(heard(subscription, style), _TITLE_AT_MOST)


# ---- quiet ----------------------------------------------------------------------------------------------------------


def muted(answer: Muted, style: Style) -> Document:
    """Return until when it is quiet, and that nothing is lost by it."""
    lines = [
        style.words.fill(
            "Until {until} I tell nothing here. Nothing is lost: it is told afterwards, a summary first.",
            until=Moment(answer.mute.until),
        )
    ]
    end = Buttons((asks("ask.unmute", N_("End the quiet"), Unmute(), style),))
    return short(style.words.say("It is quiet here now"), lines, style, end)


def unmuted(answer: Unmuted, style: Style) -> Document:
    """Return that the quiet is over and what was missed."""
    words = style.words
    if not answer.was:
        return short(
            words.say("It was not quiet here"),
            [(Word(words.say("/prewarm mute 2h makes it so for two hours.")),)],
            style,
        )
    if not answer.missed:
        return short(words.say("The quiet is over: nothing was missed"), [], style)
    return short(
        words.say("The quiet is over"),
        [
            (
                Word(
                    words.count(
                        "{n} message was kept and follows.", "{n} messages were kept and follow.", answer.missed
                    )
                ),
            )
        ],
        style,
    )
