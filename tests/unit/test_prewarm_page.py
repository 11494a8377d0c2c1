"""Rule D7: whatever the API sends is either a page, read as far as it makes sense, or Unreadable."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.prewarm.page import parse
from bot.domain.errors import Unreadable
from bot.domain.sweep import Page
from bot.domain.task import Product, Task

VENDOR_LIST = Path(__file__).parents[1] / "data" / "vendor_list.json"
URL = "https://api.example.com"
PREFIX = "The prewarm API answered something that is no list"


def page_of(*rows: Any, total: Any = 1) -> Page:
    return parse(json.dumps({"data": rows, "total": total}).encode(), URL)


def row_of(**fields: Any) -> Task:
    (row,) = page_of({"id": "a1", "state": "Failed", **fields}).rows
    return row


def test_the_vendors_example_reads_as_the_document_says() -> None:
    page = parse(VENDOR_LIST.read_bytes(), URL)
    cluster = "v2测试(cn-dev-1)"
    assert page == Page(
        rows=(
            Task(
                id="nzd5nyi4keefsv2d",
                state="Succeeded",
                image_name="nginx",
                image_url="nginx",
                cluster_id="cn-dev-1",
                cluster_name=cluster,
                image_size="72298048",
                create_time="1757656178",
                complete_time="1757656207",
            ),
            Task(
                id="fexahnwdp4l1ajva",
                state="Succeeded",
                image_name="pytorch",
                image_url="test-image.ppinfra.com/test-public/pytorch:v2",
                cluster_id="cn-dev-1",
                cluster_name=cluster,
                products=(Product("4090.18c.60g.18c60g", "RTX 4090 24GB 18c"),),
                image_size="6762128493",
                create_time="1756361365",
                complete_time="1756361371",
                reason=("image pulled successfully",),
            ),
        ),
        total=2,
    )


def test_the_vendors_example_reads_the_same_beside_an_odd_row() -> None:
    answer = json.loads(VENDOR_LIST.read_text())
    answer["data"].append(None)
    assert parse(json.dumps(answer).encode(), URL).rows == parse(VENDOR_LIST.read_bytes(), URL).rows


UNREADABLE = [
    pytest.param(b"", "not JSON from {url}, it begins with ''", id="an empty body is no list"),
    pytest.param(
        b"<!doctype html>\n <h1>Sign in</h1>",
        "not JSON from {url}, it begins with '<!doctype html> <h1>Sign in</h1>'",
        id="a web page is no list",
    ),
    pytest.param(
        b'{"data": [{"id": "a1", "sta',
        'not JSON from {url}, it begins with \'{{"data": [{{"id": "a1", "sta\'',
        id="a truncated list is no list",
    ),
    pytest.param(
        b"\xff\xfe\x00broken",
        "not JSON from {url}, it begins with '��\\x00broken'",
        id="bytes that are no text are no list",
    ),
    pytest.param(b'{"total": 0}', 'no `data` in the answer of {url}: {{"total": 0}}', id="no data is no list"),
    pytest.param(b'{"data": null}', 'no `data` in the answer of {url}: {{"data": null}}', id="null data is no list"),
    pytest.param(b"[]", "no `data` in the answer of {url}: []", id="an array alone is no list"),
    pytest.param(b"null", "no `data` in the answer of {url}: null", id="null is no list"),
    pytest.param(
        b'{"code": 500, "reason": "UNKNOWN", "message": "internal"}',
        'no `data` in the answer of {url}: {{"code": 500, "reason": "UNKNOWN", "message": "internal"}}',
        id="an error object with status 200 is no list",
    ),
    pytest.param(b"[" * 100_000, "JSON from {url} that is nested too deeply", id="a well of brackets is no list"),
    pytest.param(
        b'{"data": [], "total": 0, "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "JSON from {url} that is nested too deeply",
        id="a well of brackets in an unknown field is no list",
    ),
]


@pytest.mark.parametrize(("body", "detail"), UNREADABLE)
def test_d7_what_is_no_list_is_unreadable(body: bytes, detail: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(body, URL)
    assert str(caught.value) == f"{PREFIX} ({detail.format(url=URL)})."


def test_d7_a_long_answer_is_shown_by_its_beginning() -> None:
    with pytest.raises(Unreadable) as caught:
        parse(json.dumps({"message": "x" * 5000}).encode(), URL)
    assert len(str(caught.value)) < 400


LONG = "9" * 5000
IDS = [
    pytest.param('"a1"', "a1", id="a text is an ID"),
    pytest.param('"a b/c:测试"', "a b/c:测试", id="printable is enough"),
    pytest.param('"' + "a" * 200 + '"', "a" * 200, id="200 characters are an ID"),
    pytest.param("42", "42", id="an integer is read as its decimals"),
    pytest.param("0", "0", id="zero is an integer"),
    pytest.param("9" * 100, "9" * 100, id="a large integer keeps all its digits"),
    pytest.param('"' + "a" * 201 + '"', None, id="201 characters are no ID"),
    pytest.param('""', None, id="an empty text is no ID"),
    pytest.param('"a\\nb"', None, id="a line break is not printable"),
    pytest.param('"a\\u0000b"', None, id="a NUL is not printable"),
    pytest.param('"a\\ud800"', None, id="a lone surrogate is not printable"),
    pytest.param(LONG, None, id="an integer of thousands of digits is no ID"),
    pytest.param("1.5", None, id="a fraction is no ID"),
    pytest.param("true", None, id="a truth value is no ID"),
    pytest.param("null", None, id="null is no ID"),
    pytest.param('["a1"]', None, id="an array is no ID"),
]


@pytest.mark.parametrize(("raw", "task_id"), IDS)
def test_d7_a_row_needs_a_usable_id(raw: str, task_id: str | None) -> None:
    body = '{"data": [{"id": %s, "state": "Failed"}], "total": 1}' % raw  # noqa: UP031 - braces are JSON's here
    page = parse(body.encode(), URL)
    assert ([row.id for row in page.rows], page.nameless) == (([task_id], 0) if task_id is not None else ([], 1))
    assert page.count == 1


STATES = [
    pytest.param("Failed", "Failed", id="a documented state"),
    pytest.param("Paused", "Paused", id="an unknown state is kept verbatim"),
    pytest.param(" Failed ", " Failed ", id="blanks around a state are kept verbatim"),
    pytest.param("x" * 100, "x" * 100, id="100 characters are a state"),
    pytest.param("a\ud800b", "a\ufffdb", id="a lone surrogate becomes U+FFFD"),
    pytest.param("x" * 101, None, id="101 characters are no state"),
    pytest.param("", None, id="an empty text is no state"),
    pytest.param(" \n", None, id="blanks are no state"),
    pytest.param(None, None, id="null is no state"),
    pytest.param(3, None, id="a number is no state"),
    pytest.param({"status": "Failed"}, None, id="an object is no state"),
]


@pytest.mark.parametrize(("raw", "state"), STATES)
def test_d7_a_row_needs_a_usable_state(raw: Any, state: str | None) -> None:
    page = page_of({"id": "a1", "state": raw})
    assert ([row.state for row in page.rows], page.skipped) == (([state], ()) if state is not None else ([], ("a1",)))
    assert page.count == 1


@pytest.mark.parametrize(
    "row", [None, 5, "text", [], True], ids=["null", "a number", "a text", "an array", "a truth value"]
)
def test_d7_what_is_no_object_is_a_row_without_a_name(row: Any) -> None:
    page = page_of(row, {"id": "a1", "state": "Failed"})
    assert (page.nameless, [each.id for each in page.rows], page.count) == (1, ["a1"], 2)


TIMES = [
    pytest.param("1757656207", 1757656207, id="a text of seconds"),
    pytest.param(1757656207, 1757656207, id="a number of seconds"),
    pytest.param(1757656207.0, 1757656207, id="a whole number with a point"),
    pytest.param("0", None, id='"0" is unset'),
    pytest.param(0, None, id="0 is unset"),
    pytest.param("", None, id="an empty text is unset"),
    pytest.param(None, None, id="null is unset"),
    pytest.param("-5", None, id="a negative time is unset"),
    pytest.param(1.5, None, id="a fraction is unset"),
    pytest.param("1e9", None, id="an exponent is unset"),
    pytest.param(" 1757656207", None, id="a blank before is unset"),
    pytest.param("١٢٣", None, id="digits of other scripts are unset"),
    pytest.param("2026-11-24T09:00:00Z", None, id="a written date is unset"),
    pytest.param(253_402_300_800, None, id="the year 10000 is unset"),
    pytest.param(float("nan"), None, id="NaN is unset"),
    pytest.param(float("inf"), None, id="infinity is unset"),
    pytest.param(10**300, None, id="a number beyond all measure is unset"),
    pytest.param(True, None, id="a truth value is unset"),
    pytest.param(["1757656207"], None, id="an array is unset"),
]


@pytest.mark.parametrize(("raw", "seconds"), TIMES)
def test_d7_a_time_that_makes_no_sense_is_unset(raw: Any, seconds: int | None) -> None:
    row = row_of(createTime=raw, completeTime=raw, imageSize=raw)
    assert (row.created, row.completed) == (seconds, seconds)


REASONS = [
    pytest.param([], (), id="none"),
    pytest.param({}, (), id="an empty object, as one document has it"),
    pytest.param(None, (), id="null"),
    pytest.param("", (), id="an empty text"),
    pytest.param([""], (), id="blank reasons are dropped"),
    pytest.param("pull failed", ("pull failed",), id="a text"),
    pytest.param(["one", " ", None, {}, "two"], ("one", "two"), id="blanks between are dropped"),
    pytest.param({"code": "X1", "message": "pull failed"}, ("pull failed",), id="an object says its message"),
    pytest.param([{"reason": " ", "detail": "no space"}], ("no space",), id="an object in a list says its detail"),
    pytest.param({"why": "测试"}, ('{"why": "测试"}',), id="an object of its own kind is shown whole"),
    pytest.param({"message": 5}, ('{"message": 5}',), id="a message that is no text does not count as one"),
    pytest.param(5, ("5",), id="a number"),
    pytest.param([False], ("false",), id="a truth value"),
    pytest.param([["deep"]], ('["deep"]',), id="a list in a list is shown whole"),
    pytest.param("a\ud800", ("a\ufffd",), id="a lone surrogate becomes U+FFFD"),
    pytest.param({"\ud800": 1}, ('{"\ufffd": 1}',), id="also in an object that is shown whole"),
]


@pytest.mark.parametrize(("raw", "reasons"), REASONS)
def test_d7_reasons_come_in_many_shapes(raw: Any, reasons: tuple[str, ...]) -> None:
    assert row_of(reason=raw).reasons == reasons


PRODUCTS = [
    pytest.param([{"productId": "p1", "productName": "RTX"}], (Product("p1", "RTX"),), id="as documented"),
    pytest.param([{"productId": "p1"}], (Product("p1", ""),), id="a product may lack its name"),
    pytest.param([{"productId": 7, "productName": "RTX"}, None, "x"], (Product("", "RTX"),), id="odd ones"),
    pytest.param(None, (), id="null"),
    pytest.param("p1", (), id="a text"),
]


@pytest.mark.parametrize(("raw", "products"), PRODUCTS)
def test_d7_products_may_be_odd(raw: Any, products: tuple[Product, ...]) -> None:
    assert row_of(products=raw).products == products


TOTALS = [
    pytest.param(3, 3, id="a number"),
    pytest.param("3", 3, id="a text of digits"),
    pytest.param(3.0, 3, id="a whole number with a point"),
    pytest.param(2**63 - 1, 2**63 - 1, id="the largest"),
    pytest.param(2**63, None, id="beyond the largest"),
    pytest.param(str(2**63), None, id="a text beyond the largest"),
    pytest.param(10**30, None, id="far beyond"),
    pytest.param(-1, None, id="negative"),
    pytest.param("many", None, id="a word"),
    pytest.param(None, None, id="null"),
    pytest.param(True, None, id="a truth value"),
]


@pytest.mark.parametrize(("raw", "total"), TOTALS)
def test_d7_a_total_that_makes_no_sense_says_nothing(raw: Any, total: int | None) -> None:
    assert page_of({"id": "a1", "state": "Failed"}, total=raw).total == total
    assert page_of({"id": "a1", "state": "Failed", "note": None}, total=raw).total == total  # the lenient way


def test_d7_a_missing_total_says_nothing() -> None:
    assert parse(b'{"data": []}', URL) == Page((), None)


def test_d7_unknown_fields_are_ignored() -> None:
    body = b'{"data": [{"id": "a1", "state": "Failed", "progress": {"done": 3}}], "total": 1, "requestId": "r"}'
    assert parse(body, URL) == Page((Task("a1", "Failed"),), 1)


def test_d7_a_page_in_another_unicode_encoding_is_read() -> None:
    assert parse('{"data": [], "total": 0}'.encode("utf-16"), URL) == Page((), 0)
