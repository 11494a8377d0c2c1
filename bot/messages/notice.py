"""What the bot says about itself: what happened, since when, why, and what happens next or what to do."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from bot.commands.grammar import parse
from bot.commands.request import Subscribe
from bot.domain.fact import Notice, NoticeKind
from bot.domain.outbox import GivenUp
from bot.domain.subscription import Subscription
from bot.messages.filter_words import heard
from bot.messages.slack_words import mending, park_remedy, said
from bot.messages.task_words import counts
from bot.messages.troubles import trouble
from bot.rendering.document import Document, Line, Lines, Moment, Person, Span, Word, code, foreign, place
from bot.rendering.escape import name
from bot.rendering.languages import N_, forms
from bot.rendering.style import Style


def notice(fact: Notice, style: Style) -> Document:
    """Return the message about one notice."""
    symbol, told, lines = _LAYOUTS[fact.kind](fact, style)
    title = f"{symbol} {told}"  # `text` is read aloud, a symbol is not
    return Document(style.words.paragraph(style.words.sentence(told), *lines), title, (Lines(tuple(lines)),))


def _watching(title: str, symbol: str, *after: str) -> "_Layout":
    def layout(fact: Notice, style: Style) -> tuple[str, str, list[Line]]:
        words = style.words
        listed = counts(fact.counts, style) or words.say("no tasks")
        lines = [
            words.fill(
                "Watching since {at}. Listed now: {counts}.", at=Moment(fact.at), counts=Word(listed, foreign=True)
            )
        ]
        lines += [(Word(words.say(what)),) for what in after]
        if fact.kind is NoticeKind.LOST and fact.about:
            lines.append(words.fill("The damaged store was moved to {file}.", file=foreign(fact.about, 300)))
        lines.append(
            words.fill("{command} shows what is going on, {help} what you can ask.", command=_COMMAND, help=_HELP)
        )
        return symbol, words.say(title), lines

    return layout


def _damaged(fact: Notice, style: Style) -> tuple[str, str, list[Line]]:
    """Return what is gone of a damaged memory, what follows from that, and where the rest is."""
    words, gone = style.words, fact.counts
    file = words.fill("The damaged store was moved to {file}.", file=foreign(fact.about, 300))
    if not gone:
        return "⚠️", words.say("My memory was damaged, and nothing of it is gone"), [file]
    told = [words.count(*what, gone[table]) for table, what in _GONE.items() if gone.get(table)]
    if others := sum(n for table, n in gone.items() if table not in _GONE and table != _UNKNOWN):
        told.append(words.count("{n} note of mine", "{n} notes of mine", others))
    more = words.say("There may be more that I cannot count.") if told and _UNKNOWN in gone else ""
    what = words.fill("Gone: {what}.", what=Word(words.items(told))) if told else ()
    follows = [
        (
            "deliveries",
            words.fill(
                "A message that waited and is gone will not come: please look at the list once ({list}).",
                list=Word("/prewarm list", code=True),
            ),
        ),
        ("posts", (Word(words.say("A message that was on its way may come a second time, and then says so.")),)),
        (
            "tasks",
            (
                Word(
                    words.say(
                        "Tasks that I no longer know count as new: if one of them has ended by now, that is not told."
                    )
                ),
            ),
        ),
        (
            "subscriptions",
            words.fill(
                "{subscriptions} shows what is still subscribed and watched: please make anew what is missing.",
                subscriptions=Word("/prewarm subscriptions", code=True),
            ),
        ),
    ]
    known = gone.keys() | ({"tasks"} if "meta" in gone else set())  # without it they get a new baseline
    lines = [line for table, line in follows if table in known or _UNKNOWN in gone]
    title = words.say(
        N_("My memory was damaged, and part of it is gone")
        if told
        else N_("My memory was damaged, and part of it may be gone")
    )
    return (
        "⚠️",
        title,
        [words.paragraph(what, more, words.say("What could be read was kept, and I go on with it.")), *lines, file],
    )


def _blind(fact: Notice, style: Style) -> tuple[str, str, list[Line]]:
    lines = [
        *_since(N_("The last good look at the list was {since}."), fact, style),
        *_because(fact, style),
        (Word(style.words.say("I keep trying. What ends meanwhile is told here as soon as I see the list again.")),),
    ]
    return (
        "⚠️",
        _lasting(N_("I cannot see the prewarm tasks"), N_("I cannot see the prewarm tasks for {gap}"), fact, style),
        lines,
    )


def _sighted(fact: Notice, style: Style) -> tuple[str, str, list[Line]]:
    lines = [
        *_since(N_("I could not see the list from {since} to {at}."), fact, style),
        *_because(fact, style),
        (Word(style.words.say("What ended meanwhile is told with its own times.")),),
    ]
    return (
        "✅",
        _lasting(N_("I see the prewarm tasks again"), N_("I see the prewarm tasks again (after {gap})"), fact, style),
        lines,
    )


def _away(fact: Notice, style: Style) -> tuple[str, str, list[Line]]:
    lines = [
        *_since(N_("I was not running from {since} to {at}."), fact, style),
        (Word(style.words.say("What ended meanwhile is told with its own times.")),),
    ]
    return "✅", _lasting(N_("I am back"), N_("I am back (after {gap})"), fact, style), lines


def _parked(fact: Notice, style: Style) -> tuple[str, str, list[Line]]:
    words, to = style.words, place(fact.about)
    title, where = (N_("I cannot post in channel {channel}"), N_("In {channel} Slack refuses my messages: {why}."))
    if isinstance(to, Person):
        title, where = (
            N_("I cannot send direct messages to {person}"),
            N_("Slack refuses my messages to {person}: {why}."),
        )
    lines = [
        words.fill(where, channel=to, person=to, why=code(fact.why, 100)),
        *_since(N_("So it has been since {since}."), fact, style),
        words.fill(park_remedy(fact.why), channel=to, invite=Word("/invite @prewarm", code=True)),
        words.paragraph(
            *_waiting(fact, style),
            words.say("I try again by myself, at most 15 minutes apart, and then tell all of it there in order."),
        ),
    ]
    shown = name(fact.about, 40)
    return "⚠️", words.say(title, channel=shown, person=shown), lines


def _untold(fact: Notice, style: Style) -> tuple[str, str, list[Line]]:
    words, to, gap = style.words, place(fact.about), style.words.duration(fact.at - (fact.since or fact.at))
    title = (
        N_("I could not send direct messages to {person} for {gap}")
        if isinstance(to, Person)
        else N_("I could not post in channel {channel} for {gap}")
    )
    waited = words.count(
        "{n} message was waiting by then.", "{n} messages were waiting by then.", fact.counts.get("waiting", 0)
    )
    lines = [
        *_since(N_("From {since} to {at} no message of mine arrived there."), fact, style),
        words.fill("The last thing I know: {why}.", why=said(fact.why, style)),
        words.paragraph(
            waited,
            words.say("I keep trying by myself, and then tell all of it there in order."),
            mending(fact.why, fact.about, style),
        ),
    ]
    shown = name(fact.about, 40)
    return "⚠️", words.say(title, channel=shown, person=shown, gap=gap), lines


def _waiting(fact: Notice, style: Style) -> Iterator[str]:
    if waiting := fact.counts.get("waiting", 0):
        yield style.words.count("{n} message waits.", "{n} messages wait.", waiting)


def _given_up(fact: Notice, style: Style) -> tuple[str, str, list[Line]]:
    words, to, shown = style.words, place(fact.about), name(fact.about, 40)
    dropped, watches = fact.counts.get("dropped", 0), fact.counts.get("watches", 0)
    given_up = words.count(
        "{n} message for {to} was given up", "{n} messages for {to} were given up", dropped, to=shown
    )
    ended = words.count("{n} watch of {to} has ended", "{n} watches of {to} have ended", watches, to=shown)
    where, after = (
        N_("In {channel} Slack refuses my messages: {why}."),
        N_(
            "Nobody relies on {channel} any more: PREWARM_CHANNEL does not name it, and it has no subscription. "
            "I have forgotten it; a new subscription begins anew."
        ),
    )
    if isinstance(to, Person):
        where, after = (
            N_("Slack refuses my messages to {person}: {why}."),
            N_("I have forgotten {person}. Subscriptions that {person} made for channels go on."),
        )
    lines = [
        words.fill(where, channel=to, person=to, why=said(fact.why, style)),
        *_since(N_("So it has been since {since}."), fact, style),
    ]
    if dropped and watches:
        lines.append((Word(words.sentence(ended)),))
    return "⚠️", given_up if dropped else ended, [*lines, words.fill(after, channel=to, person=to)]


def _dropped(fact: Notice, style: Style) -> tuple[str, str, list[Line]]:
    words = style.words
    reasons = [words.count(*what, fact.counts[why]) for why, what in _GIVEN_UP.items() if fact.counts.get(why)]
    lines = [
        words.paragraph(*reasons),
        words.fill("The tasks are not lost: {command} shows what is listed.", command=Word("/prewarm list", code=True)),
    ]
    return (
        "⚠️",
        words.count(
            "{n} message that was to come here was given up",
            "{n} messages that were to come here were given up",
            sum(fact.counts.values()),
        ),
        lines,
    )


def _subscribed(fact: Notice, style: Style) -> tuple[str, str, list[Line]]:
    how = style.words.fill(
        "{command} shows what this channel hears of, and ends it.", command=Word("/prewarm subscriptions", code=True)
    )
    return (
        "🔔",
        style.words.say("This channel hears of {what} from now on", what=_what(fact, style)),
        [
            *_asked(N_("{person} asked for it."), fact, style),
            how,
        ],
    )


def _unsubscribed(fact: Notice, style: Style) -> tuple[str, str, list[Line]]:
    lines = [
        *_asked(N_("{person} asked for it."), fact, style),
        (Word(style.words.say("What had been noticed before is still told.")),),
    ]
    return "🔕", style.words.say("This channel no longer hears of {what}", what=_what(fact, style)), lines


def _what(fact: Notice, style: Style) -> str:
    """Return what was asked for. A notice that an older version stored spells it as it was typed."""
    of = Subscription("", fact.hears, fact.filter, fact.task)
    if fact.about:
        asked = parse(f"subscribe {fact.about}")
        if not isinstance(asked, Subscribe):
            return name(fact.about, _WHAT_AT_MOST)
        of = Subscription("", asked.hears, asked.filter)
    return name(heard(of, style), _WHAT_AT_MOST)


def _muted(fact: Notice, style: Style) -> tuple[str, str, list[Line]]:
    lines = [
        *_asked(N_("Until {until}, as {person} asked."), fact, style, until=Moment(fact.until)),
        style.words.fill(
            "Nothing is lost: what ends meanwhile is told here afterwards. To end the quiet now: {command}",
            command=Word("/prewarm unmute", code=True),
        ),
    ]
    length = style.words.duration(round(max(0, fact.until - fact.at) / 60) * 60)
    return "🔕", style.words.say("I am quiet here for {gap}", gap=length), lines


def _unmuted(fact: Notice, style: Style) -> tuple[str, str, list[Line]]:
    words, missed = style.words, fact.counts.get("missed", 0)
    ended = [*_asked(N_("{person} ended it."), fact, style)] or [(Word(words.say("Its time was up.")),)]
    lines = [*ended, *_since(N_("I was quiet here from {since} to {at}."), fact, style)]
    if missed:
        lines.append((Word(words.say("What was missed follows, with its own times.")),))
    told = (
        words.count("The quiet is over: {n} message was missed", "The quiet is over: {n} messages were missed", missed)
        if missed
        else words.say("The quiet is over: nothing was missed")
    )
    return "🔔", told, lines


def _asked(what: str, fact: Notice, style: Style, **spans: Span) -> Iterator[Line]:
    if fact.by:
        yield style.words.fill(what, person=place(fact.by), **spans)


def _since(what: str, fact: Notice, style: Style) -> Iterator[Line]:
    if fact.since:
        yield style.words.fill(what, since=Moment(fact.since), at=Moment(fact.at))


def _because(fact: Notice, style: Style) -> Iterator[Line]:
    if fact.trouble or fact.why.strip():
        why = trouble(fact.trouble or fact.why, 600, style)
        yield style.words.fill("Why: {why}.", why=Word(why, foreign=True))


def _lasting(what: str, for_so_long: str, fact: Notice, style: Style) -> str:
    if not fact.since:
        return style.words.say(what)
    return style.words.say(for_so_long, gap=style.words.duration(fact.at - fact.since))


_GIVEN_UP: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        GivenUp.OLD: forms(
            "{n} had waited longer than I may keep it (PREWARM_KEEP_DAYS).",
            "{n} had waited longer than I may keep them (PREWARM_KEEP_DAYS).",
        ),
        GivenUp.MANY: forms(
            "{n} was the oldest when more than 10,000 waited.", "{n} were the oldest when more than 10,000 waited."
        ),
        GivenUp.REFUSED: forms("{n} was refused by Slack in every form.", "{n} were refused by Slack in every form."),
        GivenUp.LEFT: forms(
            "{n} was left when nobody relied on messages here any more.",
            "{n} were left when nobody relied on messages here any more.",
        ),
        GivenUp.UNKNOWN: forms(
            "{n} was given up by an older version of me, which did not note why.",
            "{n} were given up by an older version of me, which did not note why.",
        ),
    }
)
_UNKNOWN: Final = "unknown"
_GONE: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "deliveries": forms("{n} message that waited", "{n} messages that waited"),
        "posts": forms("{n} message on its way", "{n} messages on their way"),
        "subscriptions": forms("{n} subscription or watch", "{n} subscriptions or watches"),
        "tasks": forms("{n} remembered task", "{n} remembered tasks"),
        "mutes": forms("{n} quiet", "{n} quiets"),
        "languages": forms("{n} choice of language", "{n} choices of language"),
        "archive": forms("the record of {n} notification", "the records of {n} notifications"),
    }
)
_Layout = Callable[[Notice, Style], tuple[str, str, list[Line]]]
_WHAT_AT_MOST: Final = 100
_COMMAND: Final = Word("/prewarm", code=True)
_HELP: Final = Word("/prewarm help", code=True)
_LAYOUTS: Final[Mapping[NoticeKind, _Layout]] = MappingProxyType(
    {
        NoticeKind.HELLO: _watching(
            N_("I watch the prewarm tasks from now on"),
            "👋",
            N_("Each task that ends from now on is told here once. What had ended before is not told again."),
        ),
        NoticeKind.ACCOUNT: _watching(
            N_("Another account: I watch its prewarm tasks from now on"),
            "👋",
            N_(
                "The API address or key now belongs to another account, so I started afresh. "
                "What had ended there before is not told; each task that ends from now on is told here once."
            ),
        ),
        NoticeKind.LOST: _watching(
            N_("My memory was lost: I watch the prewarm tasks anew"),
            "⚠️",
            N_("What ended while I could not remember may not have been told: please look at the list once."),
            N_("Each task that ends from now on is told here once. What had ended before is not told again."),
        ),
        NoticeKind.DAMAGED: _damaged,
        NoticeKind.BLIND: _blind,
        NoticeKind.SIGHTED: _sighted,
        NoticeKind.AWAY: _away,
        NoticeKind.PARKED: _parked,
        NoticeKind.UNTOLD: _untold,
        NoticeKind.DROPPED: _dropped,
        NoticeKind.GIVEN_UP: _given_up,
        NoticeKind.SUBSCRIBED: _subscribed,
        NoticeKind.UNSUBSCRIBED: _unsubscribed,
        NoticeKind.MUTED: _muted,
        NoticeKind.UNMUTED: _unmuted,
    }
)
