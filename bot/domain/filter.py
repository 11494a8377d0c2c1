"""Which tasks somebody means: one meaning for the list, for subscriptions and for the command line."""

from typing import Final

import msgspec

from bot.domain.task import Task


class Filter(msgspec.Struct, frozen=True, omit_defaults=True):
    """States, one cluster and words; what is empty does not restrict. Every word must match."""

    states: frozenset[str] = frozenset()
    cluster: str = ""
    words: tuple[str, ...] = ()

    def matches(self, task: Task) -> bool:
        """Compare states and cluster ID without regard to case; look for words in names, addresses, note and ID."""
        if self.states and task.state.casefold() not in {state.casefold() for state in self.states}:
            return False
        if self.cluster and self.cluster.casefold() not in (task.cluster_id.casefold(), task.cluster_name.casefold()):
            return False
        fields = (task.id, task.image_name, task.image_url, task.note, task.cluster_name, task.cluster_id)
        text = "\n".join(fields).casefold()
        return all(word.casefold() in text for word in self.words)

    def __bool__(self) -> bool:
        """Say whether it restricts anything."""
        return bool(self.states or self.cluster or self.words)


EVERYTHING: Final = Filter()
