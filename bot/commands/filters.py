"""States, a cluster and words among what was typed: the part that list, subscribe and watch have in common."""

import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.commands.request import Request, Usage, Wrong
from bot.commands.table import ALL_WORDS, CLUSTER_WORDS, STATE_WORDS, STATES
from bot.commands.text import Token
from bot.domain.filter import Filter

_KEYED: Final = re.compile(r"(\w+)[:=](.*)", re.DOTALL)
_PAGE: Final = re.compile(r"(?:page|页)[:=]([0-9]{1,6})|第([0-9]{1,6})页")
_BETWEEN: Final = re.compile(r"[,;、|/+]")
_JOINERS: Final = ("or", "and", "或", "和")
_SCHEME: Final = re.compile(r"^https?://", re.IGNORECASE)


class Instead(Exception):  # noqa: N818 - no error: another answer than the one that was being read
    """What was typed cannot be read so; `answer` says what to do."""

    def __init__(self, answer: Request) -> None:
        super().__init__(answer)
        self.answer = answer


@dataclass(slots=True)
class Conditions:
    """What was found. `loose`: the words that were not quoted; `everything`: somebody said "all"."""

    states: set[str] = field(default_factory=set)
    clusters: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    page: int = 0
    everything: bool = False

    def filter(self, *, states: bool = True) -> Filter:
        """Return what is to match."""
        return Filter(frozenset(self.states if states else ()), "".join(self.clusters[:1]), tuple(self.words))


def conditions(tokens: Sequence[Token], *, paged: bool = False) -> Conditions:
    """Return what the words say, in whatever order; raise Instead for a cluster without an ID, or two of them."""
    readers = (_page, *_READERS) if paged else _READERS
    found, left = Conditions(), deque(tokens)
    while left:
        token = left.popleft()
        if token.quoted:
            found.words.append(token.text)
        elif not any(read(token, left, found) for read in readers):
            word = _SCHEME.sub("", token.text) or token.text
            found.words.append(word)
            found.loose.append(word)
    if "" in found.clusters:
        raise Instead(Wrong(Usage.CLUSTER_NEEDS_ID))
    if len({cluster.casefold() for cluster in found.clusters}) > 1:
        raise Instead(Wrong(Usage.ONE_CLUSTER))
    return found


def _page(token: Token, _: deque[Token], found: Conditions) -> bool:
    typed = _PAGE.fullmatch(token.keyword)
    if typed:
        found.page = max(0, int(typed[1] or typed[2]) - 1)
    return typed is not None


def _state(token: Token, left: deque[Token], found: Conditions) -> bool:
    """Take `failed`, `failed,running`, and the "or" between two of them."""
    states = _states(token)
    found.states |= states
    return bool(states) or bool(token.keyword in _JOINERS and found.states and left and _states(left[0]))


def _states(token: Token) -> set[str]:
    known = [STATES.get(part) for part in _BETWEEN.split(token.keyword)]
    return {state.value for state in known if state} if all(known) else set()


def _all(token: Token, _: deque[Token], found: Conditions) -> bool:
    said = token.keyword in ALL_WORDS
    found.everything |= said
    return said


def _keyed(token: Token, left: deque[Token], found: Conditions) -> bool:
    """Take `cluster:ID`, also with a space after or instead of the colon, and `state:` with the vendor's own word."""
    keyed = _KEYED.fullmatch(token.text)
    key, value = (keyed[1].casefold(), keyed[2].strip()) if keyed else (token.keyword, "")
    if key in CLUSTER_WORDS and (keyed or left):
        found.clusters.append(value or (left.popleft().text if left else ""))
        return True
    if key in STATE_WORDS and value:
        known = STATES.get(value.casefold())
        found.states.add(known.value if known else value)
        return True
    return False


_READERS: Final[tuple[Callable[[Token, deque[Token], Conditions], bool], ...]] = (_state, _all, _keyed)
