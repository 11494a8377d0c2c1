"""Which tasks and endings somebody means: one meaning for the list, for subscriptions and for the command line.

Words are looked for in one spelling, `normal`, in which people's words and the vendor's texts are the same although a
Chinese keyboard, a smart quote or an invisible sign would keep them apart.
"""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from typing import Final

import msgspec

from bot.domain.task import Task

_HIDDEN: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_QUOTES: Final = re.compile("[“”„‟«»「」『』]|[‘’‚‛]")  # noqa: RUF001 - the very signs that look alike


class Hears(StrEnum):
    """Which endings somebody hears of. Unknown endings, vanished and stuck tasks count as failed."""

    ALL = "all"
    FAILED = "failed"
    SUCCEEDED = "succeeded"


class Filter(msgspec.Struct, frozen=True, omit_defaults=True):
    """States, one cluster and words; what is empty does not restrict. Every word must match."""

    states: frozenset[str] = frozenset()
    cluster: str = ""
    words: tuple[str, ...] = ()

    def matches(self, task: Task) -> bool:
        """Compare state and cluster (ID or name) whole, without regard to case; look for words in every text."""
        if self.states and task.state not in self.states and not self._names(task.state):
            return False
        if self.cluster and _folded(self.cluster) not in (_folded(task.cluster_id), _folded(task.cluster_name)):
            return False
        return not self.words or self._has_words(task)

    def _names(self, state: str) -> bool:
        return state.casefold() in {each.casefold() for each in self.states}

    def _has_words(self, task: Task) -> bool:
        own = (task.id, task.image_name, task.image_url, task.note, task.cluster_id)
        text = normal("\n".join(own)).casefold() + "\n" + _folded(task.cluster_name)
        return all(_folded(word) in text for word in self.words)

    def __bool__(self) -> bool:
        """Say whether it restricts anything."""
        return bool(self.states or self.cluster or self.words)


EVERYTHING: Final = Filter()


def normal(text: str) -> str:
    """Return text without what only looks different: NFKC (UAX #15), straight quotes, no invisible signs."""
    if text.isascii():
        return text
    return _QUOTES.sub(_straight, unicodedata.normalize("NFKC", _HIDDEN.sub("", text)))


def _straight(quote: re.Match[str]) -> str:
    return "'" if quote[0] in "‘’‚‛" else '"'  # noqa: RUF001 - as above


@lru_cache(maxsize=1_024)  # a filter's words and the clusters are few, and asked for at each of 100,000 tasks
def _folded(text: str) -> str:
    return normal(text).casefold()
