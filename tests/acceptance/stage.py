"""A stage for one bot: the embedded cloud on one side, the embedded Slack on the other, a data folder in between.

Tests count what people see: the IDs that stand in the channel's messages. Whatever was queued before a sentinel is told
before it, so "nothing else was said" is known once the sentinel is there, without waiting for luck.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.demo.cloud.catalogue import VENDOR_EXAMPLE
from bot.demo.cloud.server import CloudServer
from bot.demo.slack.records import Message
from bot.demo.slack.server import SlackServer
from bot.demo.slack.state import PEOPLE
from bot.demo.slack.workspace import SlackWorkspace
from tests.acceptance.bot_process import PATIENCE, BotProcess, free_port

CHANNEL = "C0PREWARM"
OPS = "G0OPS"
GENERAL = "C0GENERAL"  # without the bot
ADA, LIN = "U0ADA", "U0LIN"
ADAS, LINS = "D0ADA", "D0LIN"  # their direct messages with the bot
HELLO = "I watch the prewarm tasks from now on"
AWAY = "I am back"
EXAMPLES = [str(row["id"]) for row in VENDOR_EXAMPLE]
_ID = re.compile(r"\b[a-z0-9]{16}\b")


class Stage:
    """Starts both servers; ends them and every bot it started."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self.folder = folder
        self.server = CloudServer(seed=seed)
        self.slack = SlackServer(workspace=SlackWorkspace(people=[replace(each, locale="en-US") for each in PEOPLE]))
        self.bots: list[BotProcess] = []
        self.port = free_port()
        self._read: dict[int, tuple[Message, str]] = {}  # a long run would else read thousands of messages at each wait

    @property
    def cloud(self) -> Any:
        return self.server.cloud

    @property
    def workspace(self) -> Any:
        return self.slack.workspace

    def __enter__(self) -> Self:
        self.server.start()
        self.slack.start()
        for person in (ADA, LIN):
            self.workspace.direct_channel(person)
        for row in reversed(VENDOR_EXAMPLE):
            self.cloud.put(row)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for bot in self.bots:
            bot.kill()
        self.slack.stop()
        self.server.stop()

    # ---- the bot

    def settings(self, **changed: str) -> dict[str, str]:
        """Return the settings that `run` needs here, with some changed; an empty value leaves one out."""
        identity = self.workspace.identity
        settings = {
            "PPIO_API_KEY": self.server.api_key,
            "PPIO_BASE_URL": self.server.url,
            "SLACK_BOT_TOKEN": identity.token,
            "SLACK_APP_TOKEN": identity.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "PREWARM_CHANNEL": CHANNEL,
            "PREWARM_DATA_DIR": str(self.folder / "data"),
            "PREWARM_POLL_INTERVAL": "0.3",
            "PREWARM_PAGE_SIZE": "1000",
            "PREWARM_SETTLE_SECONDS": "1",
            "PREWARM_HTTP_PORT": str(self.port),
        }
        return {name: value for name, value in (settings | changed).items() if value}

    def run(self, *command: str, **changed: str) -> BotProcess:
        """Start a command, `run` if none is named."""
        bot = BotProcess(self.folder, self.settings(**changed), command or ("run",), len(self.bots))
        self.bots.append(bot)
        return bot

    def run_until_hello(self, **changed: str) -> BotProcess:
        """Start the bot on an empty folder and wait until it has greeted its (first) channel."""
        bot = self.run(**changed)
        self.wait_said(HELLO, changed.get("PREWARM_CHANNEL", CHANNEL).split(",")[0])
        return bot

    # ---- the cloud

    def end(self, task_id: str | None = None, *reasons: str) -> str:
        """Let a task end, a new one if none is given: failed for these reasons, or well without any."""
        task_id = task_id or self.cloud.add()
        if reasons:
            self.cloud.fail(task_id, *reasons)
        else:
            self.cloud.succeed(task_id)
        return task_id

    def wait_polled(self, times: int = 2, within: float = PATIENCE) -> None:
        """Wait until so many more requests for the list have come; all but the last are then dealt with."""
        until = self.cloud.log.count + times
        if not self.cloud.wait_for(lambda: self.cloud.log.count >= until, within):
            raise TimeoutError(f"The list was not asked for {times} times within {within} s.\n{self.written()}")

    # ---- the channel

    def said(self, channel: str = CHANNEL) -> list[str]:
        """Return the bot's messages at the top level of a channel, as people read them, oldest first."""
        return [self.read(message) for message in self.workspace.bot_messages(channel)]

    def read(self, message: Message) -> str:
        """Return a message as people read it."""
        known = self._read.get(id(message))
        if known is None or known[0] is not message:
            known = self._read[id(message)] = (message, self.workspace.as_text(message))
        return known[1]

    def wait_said(self, words: str, channel: str = CHANNEL, within: float = PATIENCE) -> Message:
        """Wait for a message of the bot with these words."""
        return self.wait_for_one(lambda: self._with(words, channel), words, within)

    def wait_for_one(self, find: Callable[[], list[Message]], words: str, within: float = PATIENCE) -> Message:
        """Wait until there is such a message, and return the first."""
        try:
            found: list[Message] = self.workspace.wait_for(find, within, f"{words!r}")
        except TimeoutError as error:
            raise TimeoutError(f"{error}\n{self.written()}") from None
        return found[0]

    def told(self, channel: str = CHANNEL) -> Counter[str]:
        """Count for each task ID the messages that name it; answers to people are not at the top level."""
        return Counter(task_id for text in self.said(channel) for task_id in set(_ID.findall(text)))

    def wait_told(self, *task_ids: str, channel: str = CHANNEL, within: float = PATIENCE) -> Counter[str]:
        """Wait until each of these is told, and return the counts."""
        for task_id in task_ids:
            self.wait_said(task_id, channel, within)
        return self.told(channel)

    def tell_sentinel(self, channel: str = CHANNEL, within: float = PATIENCE) -> str:
        """End one more task and wait until it is told: all that was queued before it is told by now."""
        task_id = self.end()
        self.wait_told(task_id, channel=channel, within=within)
        return task_id

    def written(self) -> str:
        """Return what the last bot wrote to stderr, for a test that failed."""
        return self.bots[-1].stderr if self.bots else ""

    def _with(self, words: str, channel: str) -> list[Message]:
        return [m for m in self.workspace.bot_messages(channel) if words in self.read(m)]


def is_notification(message: Message) -> bool:
    return bool(message.metadata) and (message.metadata or {}).get("event_type") == "prewarm_delivery"
