"""What the listeners need of the services."""

from typing import Protocol


class Desk(Protocol):
    """Where people ask; returns at once."""

    def command(self, key: str, text: str, response_url: str) -> None: ...

    def message(self, key: str, text: str, conversation: str, thread_ts: str | None) -> None: ...


class Lanes(Protocol):
    """Where messages wait for a channel."""

    def rejoined(self, channel: str) -> None: ...
