"""Each block and each control in a real browser, read as a screen reader reads it and pressed as people press it."""

import pytest
from playwright.sync_api import expect

from tests.acceptance.page_bench import CONFIRM, Bench, Json, actions, button, item, marked, plain, rich, said

pytestmark = pytest.mark.browser


# ---- blocks ---------------------------------------------------------------------------------------------------------

ALT = {"alt_text": "Tasks per day", "image_url": "https://example.com/x.png"}
BLOCKS = [  # block, the pieces of the accessibility tree that must be there
    pytest.param({"type": "header", "text": plain("Ready")}, ['heading "Ready" [level=3]'], id="a header is a heading"),
    pytest.param({"type": "section", "text": plain("*a* <b>")}, ["*a* <b>"], id="plain text holds no mark-up"),
    pytest.param({"type": "section", "text": marked("*a*")}, ["strong: a"], id="a section holds mark-up"),
    pytest.param({"type": "section", "fields": [marked("x"), plain("y")]}, ["x", "y"], id="fields stand beside"),
    pytest.param({"type": "divider"}, ["separator"], id="a divider divides"),
    pytest.param({"type": "context", "elements": [marked("as of now")]}, ["as of now"], id="context is shown"),
    pytest.param({"type": "image", **ALT}, ["Image: Tasks per day"], id="an image is its words"),
    pytest.param({"type": "section", "text": plain("s"), "accessory": {"type": "image", **ALT}}, ["Image: Tasks per"],
                 id="an accessory image is its words"),
    pytest.param({"type": "plan", "title": "x"}, ["cannot show a block of type", "plan"], id="an unknown one is named"),
    pytest.param(rich(said("b", bold=True), said("i", italic=True), said("c", code=True)),
                 ["strong: b", "emphasis: i", "code: c"], id="rich text has styles"),
    pytest.param(rich({"type": "user", "user_id": "U0LIN"}, {"type": "channel", "channel_id": "C0GPU"}),
                 ["@lin#gpu"], id="people and channels have names"),
    pytest.param(rich({"type": "user", "user_id": "U9"}, {"type": "broadcast", "range": "here"}),
                 ["@U9@here"], id="an unknown person is an ID"),
    pytest.param(rich({"type": "emoji", "name": "tada"}, {"type": "emoji", "name": "odd"}),
                 ['img "tada"', ":odd:"], id="an emoji has a name"),
    pytest.param(rich({"type": "link", "url": "https://example.com", "text": "docs"}),
                 ['link "docs"', "/url: https://example.com"], id="a link leads somewhere"),
    pytest.param(rich(item(said("one")), item(said("two")), kind="rich_text_list", style="bullet"),
                 ["list", "listitem: one", "listitem: two"], id="a list has items"),
    pytest.param(rich(said("x = 1"), kind="rich_text_preformatted"), ["x = 1"], id="preformatted text is kept"),
    pytest.param(rich(said("so"), kind="rich_text_quote"), ["blockquote: so"], id="a quote is a quote"),
]  # fmt: skip


@pytest.mark.parametrize(("block", "pieces"), BLOCKS)
def test_a_block_says_what_it_holds(bench: Bench, block: Json, pieces: list[str]) -> None:
    tree = bench.show([block]).locator("main").aria_snapshot()
    for piece in pieces:
        assert piece in tree


def test_an_ordered_list_goes_on_where_it_is_told_and_is_indented(bench: Bench) -> None:
    page = bench.show([rich(item(said("a")), kind="rich_text_list", style="ordered", indent=2, offset=4)])
    assert page.locator("ol").get_attribute("start") == "5"
    assert page.locator("ol").evaluate("list => parseFloat(getComputedStyle(list).marginInlineStart)") >= 40


def test_text_shows_only_where_there_are_no_blocks(bench: Bench) -> None:
    assert bench.show("*done*, 3 &lt; 4").locator("main").inner_text() == "done, 3 < 4"


def test_no_image_is_loaded(bench: Bench) -> None:
    assert bench.show([{"type": "image", **ALT}]).locator("img").count() == 0


# ---- controls -------------------------------------------------------------------------------------------------------

OPTIONS = [{"text": plain(word), "value": word} for word in ("mute", "leave")]
SELECT = {"type": "static_select", "action_id": "s", "placeholder": plain("State"), "options": OPTIONS}


def test_a_button_tells_the_page_what_was_pressed(bench: Bench) -> None:
    page = bench.show(actions(button(value="v", style="danger")))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    wanted = {"type": "button", "action_id": "a", "block_id": "B1", "value": "v", "on": "BUTTON"}
    assert page.evaluate("acts") == [wanted]


def test_a_button_with_an_address_is_a_link_and_tells_too(bench: Bench) -> None:
    page = bench.show(actions(button(url=f"{bench.url}/bench.html")))
    link = page.get_by_role("link", name="Press")
    assert link.get_attribute("rel") == "noopener noreferrer"
    with page.context.expect_page() as opened:
        link.click()
    assert opened.value.url == f"{bench.url}/bench.html"
    assert page.evaluate("acts.length") == 1


def test_a_question_is_asked_first(bench: Bench) -> None:
    page = bench.show(actions(button(confirm=CONFIRM)))
    for answer, acts in (("Keep", 0), ("Delete", 1)):
        page.get_by_role("button", name="Press").click()
        dialog = page.get_by_role("dialog", name="Sure?")
        expect(dialog).to_contain_text("It goes.")
        dialog.get_by_role("button", name=answer).click()
        expect(dialog).to_have_count(0)
        page.wait_for_function("acts => window.acts.length === acts", arg=acts)
    expect(page.get_by_role("button", name="Press")).to_be_focused()


def test_escape_declines(bench: Bench) -> None:
    page = bench.show(actions(button(confirm=CONFIRM)))
    page.get_by_role("button", name="Press").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("acts") == []


def test_an_overflow_menu_opens_acts_and_closes(bench: Bench) -> None:
    page = bench.show(actions({"type": "overflow", "action_id": "o", "options": OPTIONS}))
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="leave").click()
    assert page.evaluate("acts[0].selected_option.value") == "leave"
    expect(page.get_by_role("button", name="leave")).to_be_hidden()


def test_a_choice_tells_which(bench: Bench) -> None:
    page = bench.show(actions(SELECT))
    page.get_by_role("combobox", name="State").select_option("mute")
    assert page.evaluate("[acts[0].type, acts[0].selected_option.value]") == ["static_select", "mute"]


def test_a_choice_that_is_not_confirmed_goes_back(bench: Bench) -> None:
    page = bench.show(actions({**SELECT, "confirm": CONFIRM}))
    page.get_by_role("combobox", name="State").select_option("mute")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("combobox", name="State")).to_have_value("")
    assert page.evaluate("acts") == []
