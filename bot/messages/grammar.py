"""What people type, understood: one grammar for `/prewarm`, a mention and a direct message (INTERFACE.md, "Chat").

`parse` is forgiving and never raises: Slack's link and mention mark-up, full-width signs, smart quotes, case, English
or Chinese words. What it cannot understand comes back as a record too, so that the answer can say how to put it.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from bot.domain.filter import EVERYTHING, Filter
from bot.domain.subscription import Hears
from bot.messages.commands import BY_WORD, CLUSTER_WORDS, STATES
from bot.messages.words import Say


@dataclass(frozen=True, slots=True)
class Summary:
    """What is going on."""


@dataclass(frozen=True, slots=True)
class ListTasks:
    """The tasks that match; `page:N` (from 1, as typed) is what the paging buttons say."""

    filter: Filter
    page: int = 0


@dataclass(frozen=True, slots=True)
class Show:
    """The task whose ID begins so."""

    prefix: str


@dataclass(frozen=True, slots=True)
class Why:
    """What became of the notifications about the task whose ID begins so."""

    prefix: str


@dataclass(frozen=True, slots=True)
class Status:
    """How the bot itself is."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Have this channel hear of what matches; the filter's states are empty."""

    hears: Hears
    filter: Filter


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """End a subscription of this channel: by its number, else the only one there is."""

    number: int | None = None


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """What this channel hears of, and what I watch."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Tell me in a direct message. A filter of one word alone may be the beginning of an ID."""

    hears: Hears
    filter: Filter


@dataclass(frozen=True, slots=True)
class Unwatch:
    """End a watch of mine: by its number, by what it was made with, else the only one there is."""

    number: int | None = None
    hears: Hears = Hears.ALL
    filter: Filter = EVERYTHING


@dataclass(frozen=True, slots=True)
class Mute:
    """Quiet here, for so many seconds or until the next time that the clock says (hour, minute)."""

    seconds: float | None = None
    until: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Unmute:
    """End the quiet."""


@dataclass(frozen=True, slots=True)
class Help:
    """Everything, or one command by its English name; a topic that is no command stays as typed."""

    topic: str = ""


@dataclass(frozen=True, slots=True)
class NotYet:
    """A command of INTERFACE.md that is not built."""

    command: str


@dataclass(frozen=True, slots=True)
class DidYouMean:
    """A near miss of a command or state; `suggestion` is the right word."""

    word: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """A command in a form that cannot be; `usage` is the sentence that says how."""

    usage: Say


Request = (
    Summary
    | ListTasks
    | Show
    | Why
    | Status
    | Subscribe
    | Unsubscribe
    | Subscriptions
    | Watch
    | Unwatch
    | Mute
    | Unmute
    | Help
    | NotYet
    | DidYouMean
    | Wrong
)

_READ_AT_MOST: Final = 4_000  # characters; nobody types more, and a paste must cost nothing
_MARK_UP: Final = re.compile(r"<([^<>]*)>")
_LEADING_MENTION: Final = re.compile(r"^\s*(?:<@[^<>]*>\s*)+")
_QUOTES: Final = str.maketrans({**dict.fromkeys("“”„‟«»「」『』", '"'), **dict.fromkeys("‘’‚‛", "'")})  # noqa: RUF001
_TOKEN: Final = re.compile(r"""'[^']+'(?!\S)|(?:"[^"]*"|\S)+""")
_EDGES: Final = ",;、。"
_NEAR_AT_LEAST: Final = 4  # letters; shorter words are too often near something


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    quoted: bool = False


def parse(text: str) -> Request:
    """Return what is asked; never raises."""
    tokens = _tokens(_unmarked(text[:_READ_AT_MOST]))
    if tokens and tokens[0].text.casefold() == "/prewarm":  # pasted from help into a direct message
        del tokens[0]
    if not tokens:
        return Summary()
    first, rest = tokens[0], tokens[1:]
    if first.quoted:
        return _list(tokens)
    word = first.text.casefold()
    command = BY_WORD.get(word)
    if command is None:
        return _search(word, tokens)
    if not command.built:
        return NotYet(command.name)
    return _READERS[command.name](rest)


def _search(word: str, tokens: Sequence[_Token]) -> Request:
    meant = None if word in STATES else _near(word)
    return _list(tokens) if meant is None else DidYouMean(tokens[0].text, meant)


# ---- the text people typed, without Slack's mark-up -----------------------------------------------------------------


def _unmarked(text: str) -> str:
    bare = _MARK_UP.sub(lambda found: _label(found[1]), _LEADING_MENTION.sub("", text))
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        bare = bare.replace(entity, sign)
    return unicodedata.normalize("NFKC", bare)


def _label(inner: str) -> str:
    """Return what the typist saw: a link's label, a channel's name, else the target itself."""
    target, bar, label = inner.partition("|")
    sign = target[:1]
    if sign in ("#", "@"):
        return sign + (label or target[1:])
    if sign == "!":
        return label or "@" + target[1:]
    return label if bar and label else target.removeprefix("mailto:")


def _tokens(text: str) -> list[_Token]:
    found = (_token(raw) for raw in _TOKEN.findall(text.translate(_QUOTES)))
    return [token for token in found if token.text]


def _token(raw: str) -> _Token:
    if raw[0] in "'\"" and raw[-1] == raw[0]:
        return _Token(raw.strip(raw[0]).strip(), quoted=True)
    return _Token(raw.replace('"', "").strip(_EDGES))


# ---- one reader per command that is built ---------------------------------------------------------------------------


def _list(tokens: Sequence[_Token]) -> Request:
    states: set[str] = set()
    clusters: list[str] = []
    words: list[str] = []
    left = iter(tokens)
    for token in left:
        key, colon, value = token.text.partition(":")
        if token.quoted:
            words.append(token.text)
        elif state := STATES.get(token.text.casefold()):
            states.add(state.value)
        elif colon and key.casefold() in CLUSTER_WORDS:
            clusters.append(value or next(left, _Token("")).text)
        else:
            words.append(token.text)
    if "" in clusters:
        return Wrong(Say.CLUSTER_NEEDS_ID)
    if len(set(clusters)) > 1:
        return Wrong(Say.ONE_CLUSTER)
    return ListTasks(Filter(frozenset(states), "".join(clusters[:1]), tuple(words)))


def _show(tokens: Sequence[_Token]) -> Request:
    if len(tokens) != 1:
        return Wrong(Say.SHOW_ONE_ID if tokens else Say.SHOW_NEEDS_ID)
    return Show(tokens[0].text)


def _help(tokens: Sequence[_Token]) -> Request:
    if not tokens:
        return Help()
    topic = tokens[0].text.removeprefix("/")
    command = BY_WORD.get(topic.casefold())
    return Help(command.name if command else topic)


_READERS: Final[Mapping[str, Callable[[Sequence[_Token]], Request]]] = MappingProxyType(
    {"list": _list, "show": _show, "help": _help}
)


# ---- near misses ----------------------------------------------------------------------------------------------------


def _near(word: str) -> str | None:
    """Return the English command or state that the word misses by one slip of the keyboard."""
    if len(word) < _NEAR_AT_LEAST or not word.isalpha():
        return None
    return next((known for known in (*BY_WORD, *STATES) if known.isascii() and _one_slip(word, known)), None)


def _one_slip(typed: str, meant: str) -> bool:
    """Say whether one letter is missing, too many, wrong or swapped with its neighbour."""
    start = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant)))
    one, other = typed[start:], meant[start:]
    return (
        one[1:] == other[1:]
        or one[1:] == other
        or one == other[1:]
        or (one[:2] == other[1::-1] and one[2:] == other[2:])
    )
