"""From the bytes of one page to rows (rule D7).

The fast path decodes a whole page typed. Where one odd value makes that refuse, the same page is read leniently, each
row validated by itself: bad fields read as unset, and only a row without a usable ID or state is skipped.
"""

import json
from typing import Any, Final

import msgspec

from bot.adapters.redaction import AT_MOST, Redact, hide_tokens
from bot.domain.errors import Unreadable
from bot.domain.sweep import Page
from bot.domain.task import Product, Task

ID_AT_MOST: Final = 200  # characters (D7)
STATE_AT_MOST: Final = 100
TOTAL_AT_MOST: Final = 2**63 - 1  # also of sizes and times in whole numbers
REASON_KEYS: Final = ("message", "reason", "msg", "detail", "code")  # where an object usually says it


class _List(msgspec.Struct):
    data: tuple[Task, ...]
    total: int


_decode: Final = msgspec.json.Decoder(_List).decode


def parse(body: bytes, url: str, redact: Redact = hide_tokens) -> Page:
    """Return the page. Raises Unreadable for what is no list: HTML, truncated JSON, no `data`, an error object."""
    return _typed(body) or _leniently(body, url, redact)


def _typed(body: bytes) -> Page | None:
    try:
        page = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    plain = 0 <= page.total <= TOTAL_AT_MOST and _usable(page.data)
    return Page(page.data, page.total) if plain else None


def _usable(rows: tuple[Task, ...]) -> bool:
    """Whether every row has a usable ID and state; a page at once, since row by row is slow."""
    ids, states = [row.id for row in rows], {row.state for row in rows}
    lengths = {len(each) for each in ids}
    named = not lengths or (min(lengths) > 0 and max(lengths) <= ID_AT_MOST and "".join(ids).isprintable())
    return named and all(0 < len(state) <= STATE_AT_MOST and not state.isspace() for state in states)


def _leniently(body: bytes, url: str, redact: Redact) -> Page:
    try:
        answer = json.loads(body, parse_int=_int)
        data = answer.get("data") if isinstance(answer, dict) else None
        if isinstance(data, list):
            return _page(data, answer.get("total"))
        words = redact(json.dumps(answer)[:AT_MOST])[:200]
    except ValueError as error:
        start = " ".join(redact(body[:AT_MOST].decode("utf-8", "replace"))[:80].split())
        raise Unreadable(detail=f"not JSON from {url}, it begins with {start!r}") from error
    except RecursionError as error:
        raise Unreadable(detail=f"JSON from {url} that is nested too deeply") from error
    raise Unreadable(detail=f"no `data` in the answer of {url}: {words}")


def _page(data: list[Any], total: object) -> Page:
    rows: list[Task] = []
    skipped: list[str] = []
    nameless = 0
    for raw in data:
        task_id = _id(raw.get("id")) if isinstance(raw, dict) else ""
        state = _clean(raw.get("state")) if task_id else ""
        if not task_id:
            nameless += 1
        elif len(state) > STATE_AT_MOST or not state.strip():
            skipped.append(task_id)
        else:
            rows.append(_row(task_id, state, raw))
    return Page(tuple(rows), _total(total), tuple(skipped), nameless)


def _int(digits: str) -> int | None:
    return int(digits) if len(digits) <= ID_AT_MOST else None  # Python refuses to read thousands of digits


def _row(task_id: str, state: str, raw: dict[str, Any]) -> Task:
    return Task(
        id=task_id,
        state=state,
        image_name=_clean(raw.get("imageName")),
        image_url=_clean(raw.get("imageUrl")),
        cluster_id=_clean(raw.get("clusterId")),
        cluster_name=_clean(raw.get("clusterName")),
        products=_products(raw.get("products")),
        image_size=_number(raw.get("imageSize")),
        create_time=_number(raw.get("createTime")),
        complete_time=_number(raw.get("completeTime")),
        note=_clean(raw.get("note")),
        reason=_reasons(raw.get("reason")),
        repository_auth=_clean(raw.get("repositoryAuth")),
    )


def _id(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**ID_AT_MOST else ""
    text = value if isinstance(value, str) else ""
    return text if 0 < len(text) <= ID_AT_MOST and text.isprintable() else ""


def _clean(value: object) -> str:
    """Return a text without lone surrogates; anything but a text reads as unset."""
    if not isinstance(value, str):
        return ""
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in value)


def _number(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _clean(value)
    return str(int(value)) if value == value // 1 and abs(value) <= TOTAL_AT_MOST else ""


def _total(value: object) -> int | None:
    text = _number(value)
    digits = text.isascii() and text.isdigit() and len(text) <= len(str(TOTAL_AT_MOST))
    return int(text) if digits and int(text) <= TOTAL_AT_MOST else None


def _products(value: object) -> tuple[Product, ...]:
    rows = value if isinstance(value, list) else []
    return tuple(
        Product(_clean(row.get("productId")), _clean(row.get("productName"))) for row in rows if isinstance(row, dict)
    )


def _reasons(value: object) -> tuple[str, ...]:
    """Read reasons as a list, a text, an object, a list of objects, or nothing."""
    items = value if isinstance(value, list) else [value]
    return tuple(_reason(item) for item in items if item not in (None, [], {}))


def _reason(item: object) -> str:
    if isinstance(item, str):
        return _clean(item)
    said = [item.get(key) for key in REASON_KEYS] if isinstance(item, dict) else []
    words = [text for text in said if isinstance(text, str) and text.strip()]
    return _clean(words[0] if words else json.dumps(item, ensure_ascii=False))
