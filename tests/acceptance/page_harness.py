"""A house for tests of the page: both servers, the bot where a test needs it, the page, and a browser before it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from bot.bootstrap import offers
from bot.demo.page import cloud as page_cloud
from bot.demo.page.commands import SLACKS_OWN, Offer
from bot.demo.page.server import PageServer
from bot.demo.slack.records import Message
from tests.acceptance.bot_process import BotProcess
from tests.acceptance.stage import CHANNEL, Stage

CHROMIUM = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
SOON = 10_000  # milliseconds


class House:
    """Both servers, the bot between them and the page before them; `open` shows it to somebody."""

    def __init__(self, stage: Stage, browser: Browser) -> None:
        self.stage, self.browser = stage, browser
        self.page = self.serve(0)
        self.bot: BotProcess | None = None

    def serve(self, port: int) -> PageServer:
        routes = page_cloud.routes(self.stage.server, self.stage.slack, None)
        typing = [*(Offer(**each) for each in offers()), *SLACKS_OWN]
        return PageServer(self.stage.workspace, port, routes=routes, offers=typing).start()

    def with_bot(self) -> Stage:
        """Start the bot where it does not run yet."""
        if self.bot is None:
            self.bot = self.stage.run_until_hello()
        return self.stage

    def bot_says(self, text: str, channel: str = CHANNEL, **rest: Any) -> Message:
        """Put a message of the bot into a channel."""
        identity = self.stage.workspace.identity
        message: Message = self.stage.workspace.store(channel, identity.bot_user, text, by_bot=True, **rest)
        return message

    @contextmanager
    def open(self, *, place: str = CHANNEL, hint: bool = False, allow: str = "", **view: Any) -> Iterator[Page]:
        """Show the page in a browser that knows nothing yet; whatever its console says is an error.

        `hint` leaves the first visitor's hint; `allow` is what the console may say of requests that fail on purpose.
        """
        context = self.browser.new_context(**{"viewport": {"width": 1360, "height": 800}} | view)
        context.set_default_timeout(SOON)
        page, said = context.new_page(), []
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(f"a dialog: {dialog.message}"))
        page.on("console", lambda message: said.append(told(message)))
        page.goto(f"{self.page.url}/#{place}")
        expect(page.get_by_role("heading", level=1)).not_to_be_empty()
        if not hint:
            page.get_by_role("button", name="Got it").click()
        yield page
        context.close()
        assert [words for words in said if not (allow and allow in words)] == []


def told(message: ConsoleMessage) -> str:
    return f"{message.type}: {message.text} ({message.location.get('url')})"


@contextmanager
def house_on(stage: Stage) -> Iterator[House]:
    """Serve the page of a stage, and start the browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        house = House(stage, browser)
        yield house
        browser.close()
        house.page.stop()
