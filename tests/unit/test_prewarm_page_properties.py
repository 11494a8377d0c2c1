"""Rule D7 for anything at all: no answer raises more than Unreadable, and the fast and the lenient way agree."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.adapters.prewarm.page import parse
from bot.domain.errors import Unreadable
from bot.domain.sweep import Page
from bot.domain.task import Task
from tests.examples import many

URL = "https://api.example.com"


def page_of(*rows: Any, total: Any = 1) -> Page:
    return parse(json.dumps({"data": rows, "total": total}).encode(), URL)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
WIRE_NAMES = [*Task.__struct_encode_fields__, "unknown"]
ODD_ROWS = st.dictionaries(st.sampled_from(WIRE_NAMES), JSON_VALUES) | JSON_VALUES
ODD_PAGES = st.fixed_dictionaries(
    {}, optional={"data": st.lists(ODD_ROWS, max_size=5) | JSON_VALUES, "total": JSON_VALUES}
)


def parsed(body: bytes) -> Page | None:
    try:
        return parse(body, URL)
    except Unreadable:
        return None


@many(100)
@given(st.binary(max_size=60))
@example(b"\xef\xbb\xbf{}")
@example(b"\x00\x00\x00[")
def test_no_bytes_raise_anything_but_unreadable(body: bytes) -> None:
    parsed(body)


@many(100)
@given(ODD_PAGES | JSON_VALUES)
def test_no_json_raises_anything_but_unreadable_and_every_row_can_be_stored(answer: Any) -> None:
    page = parsed(json.dumps(answer).encode())
    data = answer.get("data") if isinstance(answer, dict) else None
    assert (page is None) == (not isinstance(data, list))
    for row in page.rows if page is not None else ():
        assert msgspec.json.decode(msgspec.json.encode(row), type=Task) == row
        assert all(each is None or each > 0 for each in (row.created, row.completed, row.size))


@pytest.mark.parametrize("depth", range(50, 1200, 50))
@pytest.mark.parametrize(("left", "right"), [("[", "]"), ('{"a":', "}")], ids=["arrays", "objects"])
def test_no_depth_raises_anything_but_unreadable(depth: int, left: str, right: str) -> None:
    deep = left * depth + '"x"' + right * depth
    parsed(f'{{"data": [{{"id": "a1", "state": "Failed", "reason": {deep}}}], "total": 1}}'.encode())
    parsed(f'{{"nodata": {deep}}}'.encode())


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
GOOD_ROWS = st.fixed_dictionaries(
    {
        "id": st.text(st.sampled_from("ab1-"), min_size=1, max_size=4),
        "state": st.sampled_from(["Pending", "Running", "Succeeded", "Failed", "Paused", " Failed"]) | TEXTS,
    },
    optional={
        **dict.fromkeys(["imageName", "imageUrl", "clusterId", "clusterName", "note", "repositoryAuth"], TEXTS),
        **dict.fromkeys(["imageSize", "createTime", "completeTime"], st.integers(0, 2**40).map(str) | TEXTS),
        "reason": st.lists(TEXTS, max_size=3),
        "products": st.lists(
            st.fixed_dictionaries({}, optional={"productId": TEXTS, "productName": TEXTS}), max_size=2
        ),
    },
)


@many(100)
@given(st.lists(GOOD_ROWS, max_size=4), st.integers(-(2**70), 2**70))
def test_the_fast_and_the_lenient_way_read_well_formed_rows_alike(rows: list[Any], total: int) -> None:
    odd = {"id": "odd", "state": "Failed", "note": None}  # well-formed for people, not for the typed decoder
    fast, lenient = page_of(*rows, total=total), page_of(*rows, odd, total=total)
    assert lenient.rows == (*fast.rows, Task("odd", "Failed"))
    assert (lenient.total, lenient.skipped, lenient.nameless) == (fast.total, fast.skipped, fast.nameless)
