"""The page as a visitor meets it: in a real browser, over the embedded servers, with the real bot behind them."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.acceptance.bot_process import PATIENCE, BotProcess, free_port
from tests.acceptance.page_harness import House, house_on
from tests.acceptance.stage import ADA, OPS, Stage

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)> & <script>alert(2)</script>"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with Stage(tmp_path_factory.mktemp("page")) as stage, house_on(stage) as house:
        yield house


def composer(page: Page) -> Locator:
    return page.get_by_role("combobox", name=re.compile("Message"))


def log(page: Page) -> Locator:
    return page.get_by_role("log", name=re.compile("Messages in"))


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


# ---- with the bot


def test_a_task_that_ends_is_told_on_the_page(house: House) -> None:
    stage = house.with_bot()
    with house.open() as page:
        task = stage.end(None, "manifest unknown")
        message = log(page).get_by_role("article").filter(has_text=task)
        expect(message).to_contain_text("manifest unknown")
        expect(message.get_by_role("heading")).to_contain_text("Failed")


def test_a_command_is_completed_by_keys_and_answered_to_one_person(house: House) -> None:
    house.with_bot()
    with house.open(place=OPS) as page:
        page.keyboard.press("/")
        expect(composer(page)).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("ArrowDown")
        chosen = page.get_by_role("listbox", name="Commands").get_by_role("option", selected=True)
        expect(chosen).to_contain_text("/prewarm list")
        expect(composer(page)).to_have_attribute("aria-activedescendant", str(chosen.get_attribute("id")))
        page.keyboard.type("help")
        expect(chosen).to_contain_text("/prewarm help")
        page.keyboard.press("Enter")
        expect(composer(page)).to_have_value("/prewarm help ")
        page.keyboard.press("Enter")
        expect(log(page).get_by_role("article").last).to_contain_text("Only visible to you")
        page.get_by_role("radio", name="lin").check()
        expect(page.get_by_role("radio", name="lin")).to_be_checked()
        expect(log(page)).not_to_contain_text("Only visible to you")


def test_a_mention_is_answered_in_its_thread(house: House) -> None:
    house.with_bot()
    with house.open() as page:
        composer(page).fill("@prewarm list")
        composer(page).press("Enter")
        said = log(page).get_by_role("article").filter(has_text="@prewarm list").last
        said.get_by_role("button", name="1 reply").click()
        thread = page.get_by_role("log", name="Thread")
        expect(thread.get_by_role("article")).to_have_count(2)
        expect(page.get_by_role("textbox", name="Reply")).to_be_focused()
        page.keyboard.type("thank you")
        page.keyboard.press("Enter")
        expect(thread.get_by_role("article").last).to_contain_text("thank you")
        expect(said.get_by_role("button", name="2 replies")).to_be_visible()
        page.keyboard.press("Escape")
        expect(thread).to_be_hidden()


def test_a_cut_and_its_end_lose_nothing(house: House) -> None:
    stage = house.with_bot()
    with house.open() as page:
        switch = page.get_by_role("switch", name=re.compile("Slack.*down", re.IGNORECASE))
        switch.click()
        task = stage.end()
        stage.wait_polled(2)
        expect(log(page)).not_to_contain_text(task)
        switch.click()
        expect(log(page).get_by_role("article").filter(has_text=task)).to_have_count(1, timeout=PATIENCE * 1000)


# ---- without it


def test_hostile_text_stays_text(house: House) -> None:
    with house.open() as page:
        composer(page).fill(HOSTILE)
        composer(page).press("Enter")
        said = log(page).get_by_role("article").filter(has_text=HOSTILE)
        expect(said).to_have_count(1)
        assert said.locator(".msg-body img, .msg-body script").count() == 0


def test_what_cannot_be_sent_is_said_and_kept(house: House) -> None:
    with house.open(allow="status of 400") as page:
        composer(page).fill("/deploy now")
        composer(page).press("Enter")
        expect(page.get_by_role("alert").filter(has_text="/deploy is no command")).to_be_visible()
        expect(composer(page)).to_have_value("/deploy now")


def test_a_first_visitor_is_told_what_to_do_once(house: House) -> None:
    with house.open(hint=True) as page:
        hint = page.get_by_role("region", name="What this is")
        expect(hint).to_contain_text("A real bot, between an embedded cloud and an embedded Slack")
        hint.get_by_role("button", name="/prewarm").click()
        expect(composer(page)).to_have_value("/prewarm")
        hint.get_by_role("button", name="Got it").click()
        expect(hint).to_be_hidden()
        page.reload()
        expect(log(page)).to_be_visible()
        expect(hint).to_be_hidden()


def test_everything_can_be_reached_by_keys_alone(house: House) -> None:
    with house.open() as page:
        page.reload()
        expect(log(page)).to_be_visible()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the message box")).to_be_focused()
        page.keyboard.press("Enter")
        expect(composer(page)).to_be_focused()
        for place in ("#ops", "#general", "prewarm"):
            page.keyboard.press("Alt+ArrowUp")
            expect(page.get_by_role("heading", level=1)).to_have_text(place)
        page.keyboard.press("F6")
        expect(page.get_by_role("complementary")).to_be_focused()
        page.keyboard.press("F6")
        expect(page.get_by_role("navigation")).to_be_focused()
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()


def test_what_came_meanwhile_is_counted_in_words(house: House) -> None:
    with house.open() as page:
        house.bot_says("for ops", OPS)
        link = page.get_by_role("link", name=re.compile(r"ops private \d+ unread message"))
        link.click()
        expect(log(page)).to_contain_text("for ops")
        expect(page.get_by_role("link", name="ops private", exact=True)).to_have_attribute("aria-current", "page")


def test_a_message_is_changed_in_place_and_its_button_keeps_the_focus(house: House) -> None:
    button = {"type": "button", "action_id": "more", "text": {"type": "plain_text", "text": "More"}}
    blocks = ({"type": "actions", "block_id": "b1", "elements": [button]},)
    message = house.bot_says("", OPS, blocks=blocks)
    with house.open(place=OPS) as page:
        article = page.locator(f"article[data-ts='{message.ts}']")
        article.get_by_role("button", name="More").focus()
        changed = button | {"text": {"type": "plain_text", "text": "Less"}}
        message = house.stage.workspace.edit(message, blocks=({**blocks[0], "elements": [changed]},))
        expect(article.get_by_role("button", name="Less")).to_be_focused()
        house.stage.workspace.remove(message)
        expect(article).to_have_count(0)


def test_a_button_that_nobody_answers_says_so(house: House) -> None:
    button = {"type": "button", "action_id": "nobody_has_this", "text": {"type": "plain_text", "text": "Press"}}
    message = house.bot_says("", OPS, blocks=({"type": "actions", "block_id": "b1", "elements": [button]},))
    outlet, house.stage.workspace.outlet = house.stage.workspace.outlet, None
    try:
        with house.open(place=OPS, allow="status of 504") as page:
            page.locator(f"article[data-ts='{message.ts}']").get_by_role("button", name="Press").click()
            expect(page.get_by_role("alert").filter(has_text="did not answer the button")).to_be_visible()
    finally:
        house.stage.workspace.outlet = outlet


def test_the_home_is_published_when_somebody_looks_and_its_button_works(house: House) -> None:
    house.with_bot()
    with house.open(place="home") as page:
        home = page.get_by_role("tabpanel", name="Home of prewarm")
        expect(home.get_by_role("heading").first).to_be_visible()
        before = house.stage.workspace.homes[ADA]
        home.get_by_role("button", name="Refresh").click()
        house.stage.workspace.wait_for(lambda: house.stage.workspace.homes[ADA] is not before)
        expect(home.get_by_role("button", name="Refresh")).to_be_enabled()


def test_the_home_shows_what_is_published(house: House) -> None:
    with house.open(place="home") as page:
        expect(page.get_by_role("tab", name="Home")).to_have_attribute("aria-selected", "true")
        header = {"type": "header", "block_id": "b1", "text": {"type": "plain_text", "text": "My tasks"}}
        with house.stage.workspace.changing():
            house.stage.workspace.homes[ADA] = {"id": "V1", "blocks": [header]}
        expect(page.get_by_role("tabpanel").get_by_role("heading", name="My tasks")).to_be_visible()
        page.get_by_role("tab", name="Home").press("ArrowLeft")
        expect(page.get_by_role("tab", name="Messages")).to_be_focused()
        expect(log(page)).to_be_visible()


def test_a_lost_connection_is_said_and_comes_back_by_itself(house: House) -> None:
    with house.open(allow="ERR_") as page:
        house.page.stop()
        expect(page.get_by_text("Reconnecting…")).to_be_visible()
        message = house.bot_says("said meanwhile")
        house.page = house.serve(house.page.port)
        expect(page.locator(f"article[data-ts='{message.ts}']")).to_be_visible()
        expect(page.get_by_text("Reconnecting…")).to_be_hidden()


def test_dark_is_the_systems_choice_or_ones_own(house: House) -> None:
    with house.open(color_scheme="dark") as page:
        dark = background(page)
        button = page.get_by_role("button", name="Colours")
        button.click()
        expect(button).to_have_accessible_name("Colours: Light. Change")
        assert background(page) == "rgb(255, 255, 255)" != dark
        page.reload()
        expect(button).to_have_accessible_name("Colours: Light. Change")
        assert background(page) == "rgb(255, 255, 255)"


def test_a_thread_takes_the_place_that_there_is_and_hides_nothing_in_reach(house: House) -> None:
    message = house.bot_says("has a thread", OPS)
    for width, hidden in ((1600, None), (1280, "complementary"), (1000, None), (360, "main")):
        with house.open(place=OPS, viewport={"width": width, "height": 740}) as page:
            page.locator(f"article[data-ts='{message.ts}']").get_by_role("button", name="Reply in thread").click()
            expect(page.get_by_role("textbox", name="Reply")).to_be_focused()
            assert not scrolls_sideways(page)
            for part in ("main", "complementary"):
                visible = part != hidden and (part == "main" or width > 1080)
                expect(page.get_by_role(part)).to_be_visible(visible=visible)


def test_at_360_pixels_nothing_scrolls_sideways_and_the_sides_are_drawers(house: House) -> None:
    house.bot_says("registry.example.com/" + "a-very-long-image-name" * 9)
    with house.open(viewport={"width": 360, "height": 740}) as page:
        assert not scrolls_sideways(page)
        for side, name in ((page.get_by_role("navigation"), "Channels"), (page.get_by_role("complementary"), "Cloud")):
            expect(side).to_be_hidden()
            opener = page.get_by_role("button", name=name, exact=True)
            opener.click()
            expect(side).to_be_focused()
            expect(opener).to_have_attribute("aria-expanded", "true")
            assert not scrolls_sideways(page)
            page.keyboard.press("Escape")
            expect(side).to_be_hidden()
            expect(opener).to_be_focused()


def test_the_demo_says_where_its_page_is(house: House) -> None:
    demo = BotProcess(house.stage.folder / "demo", {}, ("demo", "--port", str(free_port())))
    page = house.browser.new_page()
    try:
        page.goto(address(demo))
        expect(page.get_by_role("log")).to_contain_text("I watch the prewarm tasks", timeout=PATIENCE * 1000)
        assert demo.terminate(within=10) == 0
        assert demo.stderr == ""
    finally:
        page.close()
        demo.kill()


def address(demo: BotProcess) -> str:
    """Wait for the line that names the page."""
    found = None
    while found is None and demo.running:
        found = re.search(r"Open (http://127\.0\.0\.1:\d+)", demo.stdout)
    assert found is not None, demo.stderr
    return found[1]


def test_dates_are_shown_as_the_person_s_own_slack_shows_them(house: House) -> None:
    moment = {"type": "date", "timestamp": 1_790_000_000, "format": "{date_long}", "fallback": "-"}
    section = {"type": "rich_text_section", "elements": [moment]}
    house.bot_says("dated", blocks=({"type": "rich_text", "elements": [section]},))
    people = house.stage.workspace.people
    english = people["U0LIN"]
    people["U0LIN"] = replace(english, locale="zh-CN")
    try:
        with house.open(timezone_id="UTC") as page:
            expect(log(page)).to_contain_text("September 21, 2026")
            page.get_by_role("radio", name="lin").check()
            expect(log(page)).to_contain_text("2026年9月21日")
    finally:
        people["U0LIN"] = english
