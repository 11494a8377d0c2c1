"""The list call as the vendor's document describes it: its parameters, filters, order and paging.

Kept apart from the faults that distort it, so that what is documented can be read in one place. The order of rows is
not documented; the vendor's example has the newest task first, and so has this list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DEFAULT_PAGE_SIZE = 10


class BadParameterError(ValueError):
    """A query parameter that the API refuses with 400 VALIDATOR_PARAM; the text says which and why."""


@dataclass(frozen=True, slots=True)
class ListQuery:
    """The parameters of one list request; an empty filter matches everything."""

    page: int = 1
    page_size: int = DEFAULT_PAGE_SIZE
    state: str = ""
    cluster_id: str = ""
    name: str = ""

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> "ListQuery":
        """Read the query string; raises BadParameterError for a page or pageSize that is no positive number."""
        return cls(
            page=_positive(query, "page", 1),
            page_size=_positive(query, "pageSize", DEFAULT_PAGE_SIZE),
            state=query.get("state", ""),
            cluster_id=query.get("clusterId", ""),
            name=query.get("name", ""),
        )

    def select(self, rows: list[Any]) -> list[Any]:
        """Return the rows that all filters let through; without a filter the list itself."""
        if not (self.state or self.cluster_id or self.name):
            return rows
        return [row for row in rows if self._matches(row)]

    def _matches(self, row: Any) -> bool:
        return (
            isinstance(row, dict)
            and self.state in ("", row.get("state"))
            and self.cluster_id in ("", row.get("clusterId"))
            and self._names(row)
        )

    def _names(self, row: Mapping[str, Any]) -> bool:
        wanted = self.name.casefold()
        return any(wanted in str(row.get(field) or "").casefold() for field in ("imageName", "note"))


def newest_first(rows: Sequence[Any]) -> list[Any]:
    """Sort by createTime; within one second the row that was added later comes first."""
    latest_first = rows[::-1]
    return sorted(latest_first, key=_created, reverse=True)


def cut_page(rows: Sequence[Any], page: int, page_size: int) -> list[Any]:
    """Return one page; an empty list beyond the last."""
    return list(rows[(page - 1) * page_size : page * page_size])


def _created(row: Any) -> int:
    created = row.get("createTime") if isinstance(row, dict) else None
    text = str(created)
    return int(text) if text.isascii() and text.isdigit() else 0


def _positive(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise BadParameterError(f"{name} must be a positive integer, got {text!r}")
    return int(text)
