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
from bot.rendering.document import (
    Document,
    Line,
    Lines,
    Moment,
    Person,
    Span,
    Word,
    code,
    fill,
    foreign,
    place,
    sentences,
)
from bot.rendering.english import Count, Say
from bot.rendering.escape import name
from bot.rendering.joining import items, sentence
from bot.rendering.style import Style
from bot.rendering.units import duration
from bot.rendering.words import count, say


def notice(fact: Notice, style: Style) -> Document:
    """Return the message about one notice."""
    title, lines = _LAYOUTS[fact.kind](fact, style)
    told = title.partition(" ")[2]  # `text` is read aloud, a symbol is not
    return Document(sentences(style.language, sentence(style.language, told), *lines), title, (Lines(tuple(lines)),))


def _watching(title: Say, symbol: str, *after: Say) -> "_Layout":
    def layout(fact: Notice, style: Style) -> tuple[str, list[Line]]:
        language = style.language
        listed = counts(fact.counts, style) or say(language, Say.NOTHING_LISTED)
        lines = [fill(language, Say.WATCHING_SINCE, at=Moment(fact.at), counts=Word(listed, foreign=True))]
        lines += [(Word(say(language, what)),) for what in after]
        if fact.kind is NoticeKind.LOST and fact.about:
            lines.append(fill(language, Say.LOST_FILE, file=foreign(fact.about, 300)))
        lines.append(fill(language, Say.TRY_HELP, command=_COMMAND, help=_HELP))
        return f"{symbol} {say(language, title)}", lines

    return layout


def _damaged(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    """Return what is gone of a damaged memory, what follows from that, and where the rest is."""
    language, gone = style.language, fact.counts
    file = fill(language, Say.LOST_FILE, file=foreign(fact.about, 300))
    if not gone:
        return f"⚠️ {say(language, Say.DAMAGED_WHOLE)}", [file]
    told = [count(language, words, gone[table]) for table, words in _GONE.items() if gone.get(table)]
    if others := sum(n for table, n in gone.items() if table not in _GONE and table != _UNKNOWN):
        told.append(count(language, Count.GONE_OTHER, others))
    more = say(language, Say.DAMAGED_UNKNOWN) if told and _UNKNOWN in gone else ""
    what = fill(language, Say.DAMAGED_GONE, what=Word(items(language, told))) if told else ()
    follows = [
        ("deliveries", fill(language, Say.DAMAGED_WAITING, list=Word("/prewarm list", code=True))),
        ("posts", (Word(say(language, Say.DAMAGED_POSTS)),)),
        ("tasks", (Word(say(language, Say.DAMAGED_TASKS)),)),
        ("subscriptions", fill(language, Say.DAMAGED_ASKED, subscriptions=Word("/prewarm subscriptions", code=True))),
    ]
    known = gone.keys() | ({"tasks"} if "meta" in gone else set())  # without it they get a new baseline
    lines = [line for table, line in follows if table in known or _UNKNOWN in gone]
    title = say(language, Say.DAMAGED if told else Say.DAMAGED_PERHAPS)
    return f"⚠️ {title}", [sentences(language, what, more, say(language, Say.DAMAGED_KEPT)), *lines, file]


def _blind(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    lines = [
        *_since(Say.BLIND_SINCE, fact, style),
        *_because(fact, style),
        (Word(say(style.language, Say.BLIND_NEXT)),),
    ]
    return f"⚠️ {_lasting(Say.BLIND, Say.BLIND_FOR, fact, style)}", lines


def _sighted(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    lines = [
        *_since(Say.BLIND_FROM_TO, fact, style),
        *_because(fact, style),
        (Word(say(style.language, Say.MEANWHILE)),),
    ]
    return f"✅ {_lasting(Say.SIGHTED, Say.SIGHTED_AFTER, fact, style)}", lines


def _away(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    lines = [*_since(Say.AWAY_FROM_TO, fact, style), (Word(say(style.language, Say.MEANWHILE)),)]
    return f"✅ {_lasting(Say.AWAY, Say.AWAY_AFTER, fact, style)}", lines


def _parked(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    language, to = style.language, place(fact.about)
    title, where = (Say.PARKED, Say.PARKED_WHERE)
    if isinstance(to, Person):
        title, where = (Say.PARKED_PRIVATE, Say.PARKED_TO)
    lines = [
        fill(language, where, channel=to, person=to, why=code(fact.why, 100)),
        *_since(Say.PARKED_SINCE, fact, style),
        fill(language, park_remedy(fact.why), channel=to, invite=Word("/invite @prewarm", code=True)),
        sentences(language, *_waiting(fact, style), say(language, Say.PARKED_NEXT)),
    ]
    shown = name(fact.about, 40)
    return f"⚠️ {say(language, title, channel=shown, person=shown)}", lines


def _untold(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    language, to, gap = style.language, place(fact.about), duration(fact.at - (fact.since or fact.at), style.language)
    title = Say.UNTOLD_PRIVATE if isinstance(to, Person) else Say.UNTOLD
    waited = count(language, Count.WAITED, fact.counts.get("waiting", 0))
    lines = [
        *_since(Say.UNTOLD_FROM_TO, fact, style),
        fill(language, Say.UNTOLD_WHY, why=said(fact.why, style)),
        sentences(language, waited, say(language, Say.UNTOLD_NEXT), mending(fact.why, fact.about, style)),
    ]
    shown = name(fact.about, 40)
    return f"⚠️ {say(language, title, channel=shown, person=shown, gap=gap)}", lines


def _waiting(fact: Notice, style: Style) -> Iterator[str]:
    if waiting := fact.counts.get("waiting", 0):
        yield count(style.language, Count.WAITING, waiting)


def _given_up(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    language, to, shown = style.language, place(fact.about), name(fact.about, 40)
    dropped, watches = fact.counts.get("dropped", 0), fact.counts.get("watches", 0)
    given_up = count(language, Count.GIVEN_UP_FOR, dropped, to=shown)
    ended = count(language, Count.LEFT_WATCHES, watches, to=shown)
    where, after = Say.PARKED_WHERE, Say.LEFT_CHANNEL
    if isinstance(to, Person):
        where, after = Say.PARKED_TO, Say.LEFT_PERSON
    lines = [
        fill(language, where, channel=to, person=to, why=said(fact.why, style)),
        *_since(Say.PARKED_SINCE, fact, style),
    ]
    if dropped and watches:
        lines.append((Word(sentence(language, ended)),))
    return f"⚠️ {given_up if dropped else ended}", [*lines, fill(language, after, channel=to, person=to)]


def _dropped(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    language = style.language
    reasons = [count(language, words, fact.counts[why]) for why, words in _GIVEN_UP.items() if fact.counts.get(why)]
    lines = [
        sentences(language, *reasons),
        fill(language, Say.DROPPED_NEXT, command=Word("/prewarm list", code=True)),
    ]
    return f"⚠️ {count(language, Count.DROPPED, sum(fact.counts.values()))}", lines


def _subscribed(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    how = fill(style.language, Say.SUBSCRIBED_NEXT, command=Word("/prewarm subscriptions", code=True))
    return f"🔔 {say(style.language, Say.SUBSCRIBED, what=_what(fact, style))}", [
        *_asked(Say.ASKED_BY, fact, style),
        how,
    ]


def _unsubscribed(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    lines = [*_asked(Say.ASKED_BY, fact, style), (Word(say(style.language, Say.QUEUED_STAYS)),)]
    return f"🔕 {say(style.language, Say.UNSUBSCRIBED, what=_what(fact, style))}", lines


def _what(fact: Notice, style: Style) -> str:
    """Return in the reader's words what was asked for in those of the command."""
    asked = parse(f"subscribe {fact.about}")
    told = heard(Subscription("", asked.hears, asked.filter), style) if isinstance(asked, Subscribe) else fact.about
    return name(told, _WHAT_AT_MOST)


def _muted(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    lines = [
        *_asked(Say.MUTED_UNTIL, fact, style, until=Moment(fact.until)),
        fill(style.language, Say.MUTED_NEXT, command=Word("/prewarm unmute", code=True)),
    ]
    length = duration(round(max(0, fact.until - fact.at) / 60) * 60, style.language)
    return f"🔕 {say(style.language, Say.MUTED_FOR, gap=length)}", lines


def _unmuted(fact: Notice, style: Style) -> tuple[str, list[Line]]:
    language, missed = style.language, fact.counts.get("missed", 0)
    ended = [*_asked(Say.UNMUTED_BY, fact, style)] or [(Word(say(language, Say.UNMUTED_TIME)),)]
    lines = [*ended, *_since(Say.UNMUTED_FROM_TO, fact, style)]
    if missed:
        lines.append((Word(say(language, Say.UNMUTED_NEXT)),))
    told = count(language, Count.MISSED, missed) if missed else say(language, Say.UNMUTED_NOTHING)
    return f"🔔 {told}", lines


def _asked(what: Say, fact: Notice, style: Style, **spans: Span) -> Iterator[Line]:
    if fact.by:
        yield fill(style.language, what, person=place(fact.by), **spans)


def _since(what: Say, fact: Notice, style: Style) -> Iterator[Line]:
    if fact.since:
        yield fill(style.language, what, since=Moment(fact.since), at=Moment(fact.at))


def _because(fact: Notice, style: Style) -> Iterator[Line]:
    if fact.why.strip():
        yield fill(style.language, Say.BECAUSE, why=Word(trouble(fact.why, 600, style), foreign=True))


def _lasting(what: Say, for_so_long: Say, fact: Notice, style: Style) -> str:
    if not fact.since:
        return say(style.language, what)
    return say(style.language, for_so_long, gap=duration(fact.at - fact.since, style.language))


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
