"""People at the bot's desk: they type, press buttons and read, each seeing what Slack shows to them.

Tests of one subject share a bot, since a start costs seconds and each message in a channel one; so they count what
concerns their own tasks.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.demo.slack.records import Message
from tests.acceptance.bot_process import PATIENCE, BotProcess
from tests.acceptance.stage import ADA, CHANNEL, Stage


class Desk(Stage):
    """A stage whose bot people ask."""

    def open(self, **changed: str) -> BotProcess:
        """Start the bot on an empty folder and wait until people can ask it."""
        bot = self.run_until_hello(**changed)
        self.slack.socket.wait_connected()
        return bot

    def start_again(self, **changed: str) -> BotProcess:
        """Kill the last bot and start it anew on what it had remembered; return when people can ask it."""
        self.bots[-1].kill()
        opened = self.slack.socket.opened
        bot = self.run(**changed)
        self.workspace.wait_for(lambda: self.slack.socket.opened > opened, PATIENCE, "the connection of the new bot")
        return bot

    def begin(self, *image_and_cluster: str, **row: Any) -> str:
        """Add a task at work and return its ID once the bot has seen it."""
        task: str = self.cloud.add(*image_and_cluster, **({"state": "Running"} | row))
        self.wait_polled()
        return task

    def ask(self, text: str, user: str = ADA, channel: str = CHANNEL) -> Message:
        """Type `/prewarm text` and return the answer."""
        answer: Message = self.workspace.slash(user, channel, "/prewarm", text).wait_response()
        return answer

    def asked(self, text: str, user: str = ADA, channel: str = CHANNEL) -> str:
        """Type `/prewarm text` and return the answer as people read it."""
        return self.read(self.ask(text, user, channel))

    def wait_asked(self, text: str, words: str, user: str = ADA, channel: str = CHANNEL) -> str:
        """Type `/prewarm text` again and again, at most once a poll, until the answer has these words; return it."""
        until = time.monotonic() + PATIENCE
        while words not in (answer := self.asked(text, user, channel)):
            if time.monotonic() > until:
                raise TimeoutError(f"{words!r} is not in the answer to {text!r}:\n{answer}\n{self.written()}")
            self.wait_polled(1)
        return answer

    def press(self, message: Message, label: str, user: str = ADA, row: int = 0) -> Message:
        """Press a button by what stands on it, the `row`th of those; return the answer that only they see."""
        answer: Message = self.pressed(message, label, user, row).wait_response()
        return answer

    def pressed(self, message: Message, label: str, user: str = ADA, row: int = 0) -> Any:
        """Press it and wait for nothing."""
        button = buttons(self.now(message), label)[row]
        return self.workspace.click(user, message, button["action_id"], value=button["value"])

    def now(self, message: Message) -> Message:
        """Return a message as it is now."""
        current: Message | None = self.workspace.message(message.channel, message.ts)
        return current or message

    def wait_reads(self, message: Message, words: str) -> str:
        """Wait until an edit has put these words into a message; return it as people read it."""
        self.workspace.wait_for(lambda: words in self.read(self.now(message)), PATIENCE, f"{words!r} in an edit")
        return self.read(self.now(message))

    def wait_whispered(self, words: str, user: str = ADA) -> Message:
        """Wait for a message that only this person sees."""
        return self.wait_for_one(lambda: [m for m in self.workspace.ephemerals(user) if words in self.read(m)], words)


@contextmanager
def desk_open(folder: Path, **changed: str) -> Iterator[Desk]:
    """Yield a desk whose bot can be asked."""
    with Desk(folder) as desk:
        desk.open(**changed)
        yield desk


def buttons(message: Message, label: str = "") -> list[dict[str, Any]]:
    """Return the buttons of a message in their order, or those with this label."""
    elements = [each for block in message.blocks for each in [*block.get("elements", ()), block.get("accessory") or {}]]
    return [e for e in elements if e.get("type") == "button" and label in ("", e["text"]["text"])]
