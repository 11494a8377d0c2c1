"""The panel in a real browser, over both embedded servers: what a visitor clicks happens, is seen and is said aloud.

The panel stands in a page of its own under the page's Content-Security-Policy; any complaint of the console and any
violation of the policy fails the test that caused it.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

from bot.demo.cloud.runner import ScenarioRunner
from bot.demo.cloud.state import CloudState
from bot.demo.visitors import CHANNEL
from tests.integration.panel_page import PanelPage, panel_page

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>panel</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="blocks.css"><link rel="stylesheet" href="panel.css">
<script type="module" src="fixture.js"></script><h1>Panel</h1><aside aria-label="Cloud"></aside></html>"""
SCRIPT = """
import { mountPanel } from "./panel.js";
window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
mountPanel(document.querySelector("aside"));
"""
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=20_000)  # a machine may be busy with other tests
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def stage() -> Iterator[PanelPage]:
    """Yield both servers and the panel's page; the story plays no part, its button does."""
    with panel_page(ScenarioRunner(CloudState(keys=[])), PAGE, SCRIPT) as stage:
        yield stage


@pytest.fixture
def show(browser: Browser, stage: PanelPage) -> Iterator[Open]:
    """Open the panel, 336 px wide unless told otherwise; at the end nothing may have complained."""
    pages, complaints = [], []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "409 (Conflict)" not in message.text:  # a refusal by design
            complaints.append(message.text)

    def show(width: int = 336, **options: Any) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 900}, **options)
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(stage.url)
        expect(page.get_by_role("heading", name="Tasks")).to_be_visible()
        pages.append(page)
        return page

    yield show
    complaints += [violation for page in pages for violation in page.evaluate("violations")]
    for page in pages:
        page.close()
    assert complaints == []


def tasks(page: Page) -> Locator:
    return page.get_by_role("list", name="Prewarm tasks").get_by_role("listitem")


def figures(page: Page) -> list[str]:
    return page.get_by_role("list", name="The promise so far").locator("b").all_inner_texts()


def on(stage: PanelPage) -> list[str]:
    faults = stage.http.get("/cloud/state").json()["faults"]
    return [fault["name"] for fault in faults if fault["on"]]


# -- tasks


def test_a_task_is_added_and_made_to_fail_for_a_reason(show: Open, stage: PanelPage) -> None:
    page = show()
    page.get_by_role("button", name="Add a task").click()
    expect(tasks(page)).to_contain_text(["Pending"])
    expect(page.get_by_role("status")).to_contain_text("Added ")
    page.get_by_role("button", name=re.compile("^Fail ")).click()
    page.get_by_role("button", name="No space on the nodes").click()
    expect(tasks(page)).to_contain_text([re.compile("Failed.*not told yet.*no space left on device")])
    expect(page.get_by_role("status")).to_contain_text("failed: no space on the nodes")
    assert stage.cloud.cloud.rows()[0]["state"] == "Failed"


def test_a_task_succeeds_hangs_or_is_deleted_with_one_click(show: Open, stage: PanelPage) -> None:
    for name in ("one", "two", "three"):
        stage.cloud.cloud.add(f"a/{name}:1", state="Running")
    page = show()
    page.get_by_role("button", name="Succeed one:1").click()
    page.get_by_role("button", name="Hang two:1").click()
    page.get_by_role("button", name="Delete three:1").click()
    expect(tasks(page)).to_contain_text(["Running, hangs", "Succeeded"])
    expect(page.get_by_role("button", name="Hang two:1")).to_be_hidden()
    expect(page.get_by_role("button", name="Succeed one:1")).to_have_count(0)


def test_a_task_of_ones_own_is_added_and_hostile_words_stay_words(show: Open, stage: PanelPage) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    page = show()
    page.get_by_text("Describe a task of your own").click()
    page.get_by_label("Image").fill(f"r.example/{hostile}")
    page.get_by_label("Cluster").select_option("hk-1")
    page.get_by_label("Note").fill(hostile)
    page.get_by_role("button", name="Add this task").click()
    expect(tasks(page)).to_contain_text([hostile])
    assert page.locator("aside img").count() == 0
    (row,) = stage.cloud.cloud.rows()
    assert (row["clusterId"], row["note"]) == ("hk-1", hostile)


def test_a_burst_ends_and_the_figures_count_what_the_channel_was_told(show: Open, stage: PanelPage) -> None:
    page = show()
    page.get_by_role("button", name="Burst of 30").click()
    expect(page.get_by_role("button", name="Show all 30 tasks")).to_be_visible()
    expect(page.get_by_role("list", name="The promise so far")).to_contain_text("30still to tell")
    page.get_by_role("button", name="Show all 30 tasks").click()
    expect(tasks(page)).to_have_count(30)
    workspace = stage.slack.workspace
    text = " ".join(row["id"] for row in stage.cloud.cloud.rows())
    workspace.store(CHANNEL, workspace.identity.bot_user, text, by_bot=True)
    expect(page.get_by_role("list", name="The promise so far")).to_contain_text("30endings told")
    assert figures(page) == ["30", "0", "0"]
    expect(tasks(page).first).to_contain_text("✓ told once")


def test_a_task_that_runs_grows_older_without_any_news(show: Open, stage: PanelPage) -> None:
    stage.cloud.cloud.add(state="Running", created=stage.cloud.cloud.clock() - 5)
    page = show()
    age = tasks(page).locator(".panel-age")
    first = age.inner_text()
    expect(age).not_to_have_text(first)
    assert int(age.inner_text().removesuffix(" s")) > int(first.removesuffix(" s")) >= 5


def test_a_new_task_leaves_an_open_choice_and_the_focus_alone(show: Open, stage: PanelPage) -> None:
    stage.cloud.cloud.add("a/first:1")
    page = show()
    page.get_by_role("button", name="Fail first:1").click()
    page.get_by_role("button", name="Wrong credential").focus()
    stage.cloud.cloud.add("a/second:1")
    expect(tasks(page)).to_have_count(2)
    expect(page.get_by_role("button", name="Wrong credential")).to_be_focused()


# -- switches


def test_a_fault_goes_on_and_off(show: Open, stage: PanelPage) -> None:
    page = show()
    down = page.get_by_role("switch", name="Slack down")
    expect(down).not_to_be_checked()
    down.click()
    expect(page.get_by_text("Slack is down; the bot is not connected.")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("Slack down: on.")
    assert (on(stage), down.is_checked()) == (["slack_down"], True)
    down.click()
    expect(page.get_by_text("Slack is up;")).to_be_visible()
    assert on(stage) == []


def test_all_faults_go_off_with_one_click_also_those_among_the_others(show: Open, stage: PanelPage) -> None:
    page = show()
    page.get_by_role("switch", name="Prewarm API down").click()
    page.get_by_text("All other faults: 56").click()
    page.get_by_role("switch", name="The list is empty although there are tasks").click()
    expect(page.get_by_text("All other faults: 56, 1 on")).to_be_visible()
    expect(page.get_by_text("2 on", exact=True)).to_be_visible()
    page.get_by_role("button", name="All faults off").click()
    expect(page.get_by_role("switch", checked=True)).to_have_count(0)
    assert on(stage) == []


def test_a_switch_follows_what_happens_elsewhere(show: Open, stage: PanelPage) -> None:
    page = show()
    stage.slack.workspace.remove_bot(CHANNEL)
    expect(page.get_by_role("switch", name="Bot removed from #prewarm")).to_be_checked()
    expect(page.get_by_text("In #prewarm: ada, lin.")).to_be_visible()


# -- keyboard, errors, sizes


def test_everything_can_be_done_with_the_keyboard(show: Open, stage: PanelPage) -> None:
    page = show()
    expect(page.get_by_role("button", name="Pause the story")).to_be_visible()  # it comes with the first state
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Pause the story")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Add a task")).to_be_focused()
    page.keyboard.press("Enter")
    expect(tasks(page)).to_have_count(1)
    for _ in range(4):  # past the burst, the form and "Succeed"
        page.keyboard.press("Tab")
    fail = page.get_by_role("button", name=re.compile("^Fail "))
    expect(fail).to_be_focused()
    page.keyboard.press("Space")
    expect(fail).to_have_attribute("aria-expanded", "true")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Registry's rate limit")).to_be_focused()
    page.keyboard.press("Escape")
    expect(fail).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(tasks(page).first).to_contain_text("Failed")
    expect(tasks(page).first).to_be_focused()
    page.keyboard.press("Tab")  # "All faults off"
    page.keyboard.press("Tab")
    expect(page.get_by_role("switch", name="Prewarm API down")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("status")).to_have_text("Prewarm API down: on.")
    assert on(stage) == ["api_down"]


def test_a_refusal_is_shown_as_the_sentence_it_came_with(show: Open, stage: PanelPage) -> None:
    for _ in range(300):
        stage.cloud.cloud.add()
    page = show()
    page.get_by_role("button", name="Add a task").click()
    expect(page.get_by_role("alert")).to_have_text(re.compile("^The list holds 300 tasks at most"))


def test_the_story_is_paused_and_goes_on(show: Open, stage: PanelPage) -> None:
    page = show()
    page.get_by_role("button", name="Pause the story").click()
    expect(page.get_by_role("button", name="Go on with the story")).to_be_visible()
    assert stage.runner
    assert stage.runner.paused
    page.get_by_role("button", name="Go on with the story").click()
    expect(page.get_by_role("button", name="Pause the story")).to_be_visible()
    assert not stage.runner.paused


@pytest.mark.parametrize("width", [320, 360, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_panel(show: Open, stage: PanelPage, width: int, scheme: str) -> None:
    stage.cloud.cloud.add(f"registry.example.com/{'x' * 200}:1", state="Failed", reasons=["y" * 300])
    stage.cloud.cloud.add(f"registry.example.com/{'z' * 200}:1")
    page = show(width, color_scheme=scheme)
    page.locator("summary").evaluate_all("each => each.forEach((summary) => summary.click())")
    page.get_by_role("button", name=re.compile("^Fail ")).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = page.evaluate(
        "[...document.querySelectorAll('aside *')].filter((each) => each.getBoundingClientRect().right > innerWidth)"
        ".map((each) => each.className)"
    )
    assert wide == []
