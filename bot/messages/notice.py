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
from bot.rendering.english import Count, Say
from bot.rendering.escape import name
from bot.rendering.style import Style


def notice(fact: Notice, style: Style) -> Document:
    """Return the message about one notice."""
    title, lines = _LAYOUTS[fact.kind](fact, style)
    told = title.partition(" ")[2]  # `text` is read aloud, a symbol is not
    return Document(style.words.paragraph(style.words.sentence(told), *lines), title, (Lines(tuple(lines)),))


def _watching(title: Say, symbol: str, *after: Say) -> "_Layout":
    def layout(fact: Notice, style: Style) -> tuple[str, list[Line]]:
        words = style.words
        listed = counts(fact.counts, style) or words.say(Say.NOTHING_LISTED)
        lines = [words.fill(Say.WATCHING_SINCE, at=Moment(fact.at), counts=Word(listed, foreign=True))]
        lines += [(Word(words.say(what)),) for what in after]
        if fact.kind is NoticeKind.LOST and fact.about:
            lines.append(words.fill(Say.LOST_FILE, file=foreign(fact.about, 300)))
        lines.append(words.fill(Say.TRY_HELP, command=_COMMAND, help=_HELP))
        return f"{symbol} {words.say(title)}", lines

    return layout


def _damaged(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    """Return what is gone of a damaged memory, what follows from that, and where the rest is."""
    words, gone = style.words, fact.counts
    file = words.fill(Say.LOST_FILE, file=foreign(fact.about, 300))
    if not gone:
        return f"⚠️ {words.say(Say.DAMAGED_WHOLE)}", [file]
    told = [words.count(what, gone[table]) for table, what in _GONE.items() if gone.get(table)]
    if others := sum(n for table, n in gone.items() if table not in _GONE and table != _UNKNOWN):
        told.append(words.count(Count.GONE_OTHER, others))
    more = words.say(Say.DAMAGED_UNKNOWN) if told and _UNKNOWN in gone else ""
    what = words.fill(Say.DAMAGED_GONE, what=Word(words.items(told))) if told else ()
    follows = [
        ("deliveries", words.fill(Say.DAMAGED_WAITING, list=Word("/prewarm list", code=True))),
        ("posts", (Word(words.say(Say.DAMAGED_POSTS)),)),
        ("tasks", (Word(words.say(Say.DAMAGED_TASKS)),)),
        ("subscriptions", words.fill(Say.DAMAGED_ASKED, subscriptions=Word("/prewarm subscriptions", code=True))),
    ]
    known = gone.keys() | ({"tasks"} if "meta" in gone else set())  # without it they get a new baseline
    lines = [line for table, line in follows if table in known or _UNKNOWN in gone]
    title = words.say(Say.DAMAGED if told else Say.DAMAGED_PERHAPS)
    return f"⚠️ {title}", [words.paragraph(what, more, words.say(Say.DAMAGED_KEPT)), *lines, file]


def _blind(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    lines = [
        *_since(Say.BLIND_SINCE, fact, style),
        *_because(fact, style),
        (Word(style.words.say(Say.BLIND_NEXT)),),
    ]
    return f"⚠️ {_lasting(Say.BLIND, Say.BLIND_FOR, fact, style)}", lines


def _sighted(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    lines = [
        *_since(Say.BLIND_FROM_TO, fact, style),
        *_because(fact, style),
        (Word(style.words.say(Say.MEANWHILE)),),
    ]
    return f"✅ {_lasting(Say.SIGHTED, Say.SIGHTED_AFTER, fact, style)}", lines


def _away(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    lines = [*_since(Say.AWAY_FROM_TO, fact, style), (Word(style.words.say(Say.MEANWHILE)),)]
    return f"✅ {_lasting(Say.AWAY, Say.AWAY_AFTER, fact, style)}", lines


def _parked(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    words, to = style.words, place(fact.about)
    title, where = (Say.PARKED, Say.PARKED_WHERE)
    if isinstance(to, Person):
        title, where = (Say.PARKED_PRIVATE, Say.PARKED_TO)
    lines = [
        words.fill(where, channel=to, person=to, why=code(fact.why, 100)),
        *_since(Say.PARKED_SINCE, fact, style),
        words.fill(park_remedy(fact.why), channel=to, invite=Word("/invite @prewarm", code=True)),
        words.paragraph(*_waiting(fact, style), words.say(Say.PARKED_NEXT)),
    ]
    shown = name(fact.about, 40)
    return f"⚠️ {words.say(title, channel=shown, person=shown)}", lines


def _untold(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    words, to, gap = style.words, place(fact.about), style.words.duration(fact.at - (fact.since or fact.at))
    title = Say.UNTOLD_PRIVATE if isinstance(to, Person) else Say.UNTOLD
    waited = words.count(Count.WAITED, fact.counts.get("waiting", 0))
    lines = [
        *_since(Say.UNTOLD_FROM_TO, fact, style),
        words.fill(Say.UNTOLD_WHY, why=said(fact.why, style)),
        words.paragraph(waited, words.say(Say.UNTOLD_NEXT), mending(fact.why, fact.about, style)),
    ]
    shown = name(fact.about, 40)
    return f"⚠️ {words.say(title, channel=shown, person=shown, gap=gap)}", lines


def _waiting(fact: Notice, style: Style) -> Iterator[str]:
    if waiting := fact.counts.get("waiting", 0):
        yield style.words.count(Count.WAITING, waiting)


def _given_up(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    words, to, shown = style.words, place(fact.about), name(fact.about, 40)
    dropped, watches = fact.counts.get("dropped", 0), fact.counts.get("watches", 0)
    given_up = words.count(Count.GIVEN_UP_FOR, dropped, to=shown)
    ended = words.count(Count.LEFT_WATCHES, watches, to=shown)
    where, after = Say.PARKED_WHERE, Say.LEFT_CHANNEL
    if isinstance(to, Person):
        where, after = Say.PARKED_TO, Say.LEFT_PERSON
    lines = [
        words.fill(where, channel=to, person=to, why=said(fact.why, style)),
        *_since(Say.PARKED_SINCE, fact, style),
    ]
    if dropped and watches:
        lines.append((Word(words.sentence(ended)),))
    return f"⚠️ {given_up if dropped else ended}", [*lines, words.fill(after, channel=to, person=to)]


def _dropped(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    words = style.words
    reasons = [words.count(what, fact.counts[why]) for why, what in _GIVEN_UP.items() if fact.counts.get(why)]
    lines = [
        words.paragraph(*reasons),
        words.fill(Say.DROPPED_NEXT, command=Word("/prewarm list", code=True)),
    ]
    return f"⚠️ {words.count(Count.DROPPED, sum(fact.counts.values()))}", lines


def _subscribed(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    how = style.words.fill(Say.SUBSCRIBED_NEXT, command=Word("/prewarm subscriptions", code=True))
    return f"🔔 {style.words.say(Say.SUBSCRIBED, what=_what(fact, style))}", [
        *_asked(Say.ASKED_BY, fact, style),
        how,
    ]


def _unsubscribed(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    lines = [*_asked(Say.ASKED_BY, fact, style), (Word(style.words.say(Say.QUEUED_STAYS)),)]
    return f"🔕 {style.words.say(Say.UNSUBSCRIBED, what=_what(fact, style))}", lines


def _what(fact: Notice, style: Style) -> str:
    """Return in the reader's words what was asked for in those of the command."""
    asked = parse(f"subscribe {fact.about}")
    told = heard(Subscription("", asked.hears, asked.filter), style) if isinstance(asked, Subscribe) else fact.about
    return name(told, _WHAT_AT_MOST)


def _muted(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    lines = [
        *_asked(Say.MUTED_UNTIL, fact, style, until=Moment(fact.until)),
        style.words.fill(Say.MUTED_NEXT, command=Word("/prewarm unmute", code=True)),
    ]
    length = style.words.duration(round(max(0, fact.until - fact.at) / 60) * 60)
    return f"🔕 {style.words.say(Say.MUTED_FOR, gap=length)}", lines


def _unmuted(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    words, missed = style.words, fact.counts.get("missed", 0)
    ended = [*_asked(Say.UNMUTED_BY, fact, style)] or [(Word(words.say(Say.UNMUTED_TIME)),)]
    lines = [*ended, *_since(Say.UNMUTED_FROM_TO, fact, style)]
    if missed:
        lines.append((Word(words.say(Say.UNMUTED_NEXT)),))
    told = words.count(Count.MISSED, missed) if missed else words.say(Say.UNMUTED_NOTHING)
    return f"🔔 {told}", lines


def _asked(what: Say, fact: Notice, style: Style, **spans: Span) -> Iterator[Line]:
    if fact.by:
        yield style.words.fill(what, person=place(fact.by), **spans)


def _since(what: Say, fact: Notice, style: Style) -> Iterator[Line]:
    if fact.since:
        yield style.words.fill(what, since=Moment(fact.since), at=Moment(fact.at))


def _because(fact: Notice, style: Style) -> Iterator[Line]:
    if fact.why.strip():
        yield style.words.fill(Say.BECAUSE, why=Word(trouble(fact.why, 600, style), foreign=True))


def _lasting(what: Say, for_so_long: Say, fact: Notice, style: Style) -> str:
    if not fact.since:
        return style.words.say(what)
    return style.words.say(for_so_long, gap=style.words.duration(fact.at - fact.since))


_GIVEN_UP: Final[Mapping[str, Count]] = MappingProxyType(
    {
        GivenUp.OLD: Count.GIVEN_UP_OLD,
        GivenUp.MANY: Count.GIVEN_UP_MANY,
        GivenUp.REFUSED: Count.GIVEN_UP_REFUSED,
        GivenUp.LEFT: Count.GIVEN_UP_LEFT,
        GivenUp.UNKNOWN: Count.GIVEN_UP_UNKNOWN,
    }
)
_UNKNOWN: Final = "unknown"
_GONE: Final[Mapping[str, Count]] = MappingProxyType(
    {
        "deliveries": Count.GONE_DELIVERIES,
        "posts": Count.GONE_POSTS,
        "subscriptions": Count.GONE_SUBSCRIPTIONS,
        "tasks": Count.GONE_TASKS,
        "mutes": Count.GONE_MUTES,
        "languages": Count.GONE_LANGUAGES,
        "archive": Count.GONE_ARCHIVE,
    }
)
_Layout = Callable[[Notice, Style], tuple[str, list[Line]]]
_WHAT_AT_MOST: Final = 100
_COMMAND: Final = Word("/prewarm", code=True)
_HELP: Final = Word("/prewarm help", code=True)
_LAYOUTS: Final[Mapping[NoticeKind, _Layout]] = MappingProxyType(
    {
        NoticeKind.HELLO: _watching(Say.HELLO, "👋", Say.HELLO_NEXT),
        NoticeKind.ACCOUNT: _watching(Say.ACCOUNT, "👋", Say.ACCOUNT_NEXT),
        NoticeKind.LOST: _watching(Say.LOST, "⚠️", Say.LOST_NEXT, Say.HELLO_NEXT),
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
