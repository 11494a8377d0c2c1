"""Every way in which the embedded prewarm API can misbehave.

A promise about faults is only worth what can be switched on, so each fault is one enum member with words for people:
the tests script them, the demo's page shows them as switches, and neither keeps a list of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Call(StrEnum):
    """The calls of the API; a scripted fault waits for the next request of its call."""

    LIST = "list"
    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"
    QUOTA = "quota"
    CLUSTERS = "clusters"
    PRODUCTS = "products"


class FaultGroup(StrEnum):
    """Headings under which a page can show the faults."""

    REFUSAL = "Refused"
    CONNECTION = "Connection"
    BODY = "Broken body"
    LIST = "Misleading list"
    CLOCK = "Clock"


class Fault(StrEnum):
    """A fault; when one request draws several of the same kind, the first in this order acts."""

    API_DOWN = "api_down"
    STALL = "stall"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    INVALID_API_KEY = "invalid_api_key"
    ACCOUNT_TROUBLE = "account_trouble"
    RATE_LIMITED = "rate_limited"
    RATE_LIMITED_WITH_DELAY = "rate_limited_with_delay"
    SERVER_ERROR = "server_error"
    DROPPED = "dropped"
    DROPPED_IN_BODY = "dropped_in_body"
    SLOW = "slow"
    TRICKLE = "trickle"
    TRICKLE_HEADERS = "trickle_headers"
    ENDLESS = "endless"
    HTML = "html"
    TRUNCATED = "truncated"
    NO_DATA = "no_data"
    NULL_DATA = "null_data"
    ERROR_OBJECT = "error_object"
    EMPTY_LIST = "empty_list"
    STALE_REPLICA = "stale_replica"
    UNORDERED = "unordered"
    SHUFFLED = "shuffled"
    CLAMPED_PAGES = "clamped_pages"
    ROW_INSERTED = "row_inserted"
    ROW_REMOVED = "row_removed"
    ROW_SWAPPED = "row_swapped"
    SAME_ID_TWICE = "same_id_twice"
    ROW_LEFT_OUT = "row_left_out"
    ROW_WITHOUT_ID = "row_without_id"
    ROW_WITHOUT_STATE = "row_without_state"
    WRONG_TOTAL = "wrong_total"
    NO_TOTAL = "no_total"
    TOTAL_NOT_A_NUMBER = "total_not_a_number"
    DATE_SKEWED = "date_skewed"
    NO_DATE = "no_date"


@dataclass(frozen=True, slots=True)
class FaultInfo:
    """What a page needs to show a switch: a description in words, and what the value means if there is one."""

    group: FaultGroup
    description: str
    value: float = 0.0
    unit: str = ""  # empty: the fault takes no value


_REFUSAL, _CONNECTION, _BODY = FaultGroup.REFUSAL, FaultGroup.CONNECTION, FaultGroup.BODY
_LIST, _CLOCK = FaultGroup.LIST, FaultGroup.CLOCK

FAULTS: Mapping[Fault, FaultInfo] = {
    Fault.API_DOWN: FaultInfo(_CONNECTION, "The whole API is down: connections are refused"),
    Fault.STALL: FaultInfo(_CONNECTION, "The API accepts a request and never answers"),
    Fault.UNAUTHORIZED: FaultInfo(_REFUSAL, "401: the key is not accepted"),
    Fault.FORBIDDEN: FaultInfo(_REFUSAL, "403: the key may not do this"),
    Fault.INVALID_API_KEY: FaultInfo(_REFUSAL, "403 INVALID_API_KEY: the other words for a wrong key"),
    Fault.ACCOUNT_TROUBLE: FaultInfo(_REFUSAL, "400 BALANCE_NOT_ENOUGH: the account has no money left"),
    Fault.RATE_LIMITED: FaultInfo(_REFUSAL, "429 that does not say how long to wait"),
    Fault.RATE_LIMITED_WITH_DELAY: FaultInfo(_REFUSAL, "429 with Retry-After", 2, "seconds to wait"),
    Fault.SERVER_ERROR: FaultInfo(_REFUSAL, "An error of the server", 500, "HTTP status"),
    Fault.DROPPED: FaultInfo(_CONNECTION, "The request is carried out, then the connection drops without an answer"),
    Fault.DROPPED_IN_BODY: FaultInfo(_CONNECTION, "The connection drops in the middle of the answer"),
    Fault.SLOW: FaultInfo(_CONNECTION, "The answer comes late", 3, "seconds"),
    Fault.TRICKLE: FaultInfo(_CONNECTION, "The answer comes one byte at a time", 0.2, "seconds between bytes"),
    Fault.TRICKLE_HEADERS: FaultInfo(
        _CONNECTION, "The headers come byte by byte and never end", 2, "seconds between bytes"
    ),
    Fault.ENDLESS: FaultInfo(_BODY, "The answer never ends: row after row"),
    Fault.HTML: FaultInfo(_BODY, "A web page with status 200 instead of JSON"),
    Fault.TRUNCATED: FaultInfo(_BODY, "JSON that breaks off in the middle"),
    Fault.NO_DATA: FaultInfo(_BODY, "JSON without the data field"),
    Fault.NULL_DATA: FaultInfo(_BODY, "JSON whose data is null"),
    Fault.ERROR_OBJECT: FaultInfo(_BODY, "An error object with status 200"),
    Fault.EMPTY_LIST: FaultInfo(_LIST, "The list is empty although there are tasks"),
    Fault.STALE_REPLICA: FaultInfo(_LIST, "Every other answer shows an older list", 4, "requests it is behind"),
    Fault.UNORDERED: FaultInfo(_LIST, "Rows in no order, the same one each time"),
    Fault.SHUFFLED: FaultInfo(_LIST, "Rows in a new random order at each request"),
    Fault.CLAMPED_PAGES: FaultInfo(_LIST, "Pages are shorter than asked for", 10, "most rows in a page"),
    Fault.ROW_INSERTED: FaultInfo(_LIST, "After page 1 a row appears in front: pages overlap"),
    Fault.ROW_REMOVED: FaultInfo(_LIST, "After page 1 the first row is gone: the pages leave a gap"),
    Fault.ROW_SWAPPED: FaultInfo(
        _LIST, "After page 1 the first row is gone and one comes at the end: a gap, same total"
    ),
    Fault.SAME_ID_TWICE: FaultInfo(_LIST, "Each page ends with an older copy of the list's first row"),
    Fault.ROW_LEFT_OUT: FaultInfo(_LIST, "Each page leaves out a random row that the total counts"),
    Fault.ROW_WITHOUT_ID: FaultInfo(_LIST, "The first row of each page has no id"),
    Fault.ROW_WITHOUT_STATE: FaultInfo(_LIST, "The first row of each page has no state"),
    Fault.WRONG_TOTAL: FaultInfo(_LIST, "The total is wrong by a constant", 1, "rows too many"),
    Fault.NO_TOTAL: FaultInfo(_LIST, "The total is missing"),
    Fault.TOTAL_NOT_A_NUMBER: FaultInfo(_LIST, "The total is a word"),
    Fault.DATE_SKEWED: FaultInfo(_CLOCK, "The Date header is wrong", 3600, "seconds ahead"),
    Fault.NO_DATE: FaultInfo(_CLOCK, "The Date header is missing"),
}

Strike = Mapping[Fault, float]
"""The faults that act on one request, each with its value."""
