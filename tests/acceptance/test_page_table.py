"""A data_table in a real browser: sorted and paged by mouse and by keyboard, and a table for screen readers."""

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.page_bench import Bench, Json, plain, raw, rich, said

pytestmark = pytest.mark.browser


# ---- tables ---------------------------------------------------------------------------------------------------------


def table(sizes: list[float], page_size: int = 3) -> Json:
    rows = [
        [raw("Failed"), rich(said(f"image-{n}")), {"type": "raw_number", "value": size, "text": f"{size:g}"}]
        for n, size in enumerate(sizes, 1)
    ]
    rows.insert(0, [raw("State"), raw("Image"), raw("GiB")])
    about = {"caption": "Failed tasks", "page_size": page_size, "row_header_column_index": 1}
    return {"type": "data_table", **about, "rows": rows}


def column(page: Page, number: int) -> list[str]:
    return page.locator(f"tbody tr > :nth-child({number})").all_inner_texts()


def test_a_table_has_a_caption_and_names_its_rows(bench: Bench) -> None:
    page = bench.show([table([6, 20])])
    expect(page.get_by_role("table", name="Failed tasks")).to_be_visible()
    assert page.get_by_role("rowheader").all_inner_texts() == ["image-1", "image-2"]
    assert page.get_by_role("button", name="Next").count() == 0


def test_a_caption_that_repeats_the_header_is_for_screen_readers_only(bench: Bench) -> None:
    page = bench.show([{"type": "header", "text": plain("Failed tasks")}, table([6, 20])])
    expect(page.get_by_role("table", name="Failed tasks")).to_be_visible()
    assert page.locator("caption").evaluate("caption => caption.offsetHeight") <= 1


def test_a_table_sorts_up_down_and_as_it_came(bench: Bench) -> None:
    page = bench.show([table([6, 20, 3])])
    header = page.get_by_role("columnheader", name="GiB")
    for order, expected in (
        ("ascending", ["3", "6", "20"]),
        ("descending", ["20", "6", "3"]),
        ("none", ["6", "20", "3"]),
    ):
        header.get_by_role("button").click()
        assert column(page, 3) == expected
        assert header.get_attribute("aria-sort") == order


def test_words_with_numbers_sort_as_people_count(bench: Bench) -> None:
    page = bench.show([table([*range(1, 12)], page_size=20)])
    page.get_by_role("button", name="Image").click()
    assert column(page, 2)[-2:] == ["image-10", "image-11"]


def test_sorting_and_paging_need_no_mouse_and_keep_the_focus(bench: Bench) -> None:
    page = bench.show([table([9, 8, 7, 6, 5, 4, 3])])
    for _ in range(4):  # the table's box, then its three headers
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert column(page, 3) == ["3", "4", "5"]
    for key in ("Tab", "Tab", "Enter", "Enter", "Enter"):  # to "Next", and past the end
        page.keyboard.press(key)
    assert column(page, 3) == ["9"]
    expect(page.get_by_role("status")).to_have_text("7\u20137 of 7")
    expect(page.get_by_role("button", name="Next")).to_be_focused()
    expect(page.get_by_role("button", name="Next")).to_be_disabled()


def test_sorting_goes_back_to_the_first_page(bench: Bench) -> None:
    page = bench.show([table([9, 8, 7, 6])])
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="GiB").click()
    expect(page.get_by_role("status")).to_have_text("1\u20133 of 4")
