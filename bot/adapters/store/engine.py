"""What the store asks of the place where its rows lie, so that another place is a page of code.

A row is (kind, key, value): two texts and bytes. An engine knows nothing of the bot's records.
"""

from collections.abc import Collection, Generator, Iterable
from typing import Final, Protocol

Key = tuple[str, str]  # kind and key within it
Row = tuple[str, str, bytes]

Scrap = tuple[str, str, bytes | None]  # of a damaged place: a row, or the key of one that cannot be read

NAMELESS: Final[Scrap] = ("", "", None)  # there may be more that is lost
VERSION: Final[Key] = ("schema", "")  # its value: the schema's number in decimals


class Damaged(Exception):  # noqa: N818 - a finding that the store acts on, never an error that people see
    """What is kept cannot be what the bot wrote."""


class Engine(Protocol):
    """A place for rows. Any method may raise StoreUnusable, and then nothing was changed."""

    @property
    def place(self) -> str:
        """What people call it: a folder, an address."""
        ...

    def acquire(self) -> None:
        """Become the one holder, or raise StoreHeld."""
        ...

    def read(self, but: Collection[str] = ()) -> Generator[Row, None, None]:
        """Yield all rows but those of some kinds, VERSION first; none if nothing was ever kept. May raise Damaged."""
        ...

    def find(self, kind: str, first: str, end: str) -> Generator[Row, None, None]:
        """Yield the rows of a kind whose keys lie from `first` to before `end`, ordered by code point.

        From any thread; sees what was committed before the call.
        """
        ...

    def salvage(self) -> Generator[Scrap, None, None]:
        """Yield what can still be read of a damaged place, in any order, and name what cannot. Never raises Damaged."""
        ...

    def begin(self, rows: Iterable[Row], aside: str = "") -> None:
        """Start anew with these rows. What was there before is kept under the name `aside`."""
        ...

    def write(self, puts: Iterable[Row], deletes: Iterable[Key]) -> None:
        """Apply all in one transaction. With nothing to apply it still proves that it could."""
        ...

    def close(self) -> None:
        """Let go of everything; once more does nothing."""
        ...
