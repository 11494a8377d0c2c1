"""Shows the embedded workspace in the terminal: every message as the people in it would read it.

Messages come from the bot's own posts over HTTP, so what is printed is what Slack was given, not what the bot meant.
"""

import threading
from collections.abc import Callable
from datetime import datetime

from rich.console import Console
from rich.text import Text

from bot.demo.slack.records import Change, Message
from bot.demo.slack.text import harmless
from bot.demo.slack.workspace import SlackWorkspace


class Printer:
    """Prints messages and stage directions, one at a time, from whichever thread they come."""

    def __init__(self, workspace: SlackWorkspace | None, console: Console, stopping: threading.Event) -> None:
        self._workspace, self._console, self._stopping = workspace, console, stopping
        self._lock = threading.Lock()
        self.trouble: OSError | None = None  # why nothing more can be printed; the demo is over then

    def follow(self) -> Callable[[], None]:
        """Print each message from now on; returns what ends it."""
        return self._workspace.subscribe(self._changed) if self._workspace else lambda: None

    def direction(self, text: str) -> None:
        """Print what happens behind the scenes."""
        self._print(Text(f"  ~ {text}", style="dim italic"), gap=True)

    def typed(self, person: str, where: str, text: str) -> None:
        """Print what somebody types that leaves no message: a slash command."""
        self._print(Text.assemble((f"{where}  ", "bold cyan"), (person, "bold"), (f"  {_clock()}", "dim")), gap=True)
        self._print(Text(f"  {text}"))

    def _changed(self, change: Change) -> None:
        if self._workspace is None:
            return
        message = change.message
        head = Text.assemble(
            (f"{self._place(message)}  ", "bold cyan"),
            (self._author(message), "bold green" if message.by_bot else "bold"),
            (f"  {_clock()}", "dim"),
            (_remark(change), "dim italic"),
        )
        body = Text("(deleted)") if change.kind == "deleted" else Text(self._workspace.as_text(message))
        lines = body.split("\n")
        for line in lines:
            line.pad_left(2)
        self._print(head, *lines, gap=True)

    def _print(self, *lines: Text, gap: bool = False) -> None:
        with self._lock:
            if self.trouble:
                return
            try:
                self._console.print(*([Text()] if gap else []), *lines, sep="\n", soft_wrap=True)
            except OSError as error:
                self.trouble = error
                self._stopping.set()

    def _place(self, message: Message) -> str:
        channel = self._workspace.channels[message.channel] if self._workspace else None
        if channel is None:
            return message.channel
        if channel.person and self._workspace:
            return f"direct message with {self._workspace.people[channel.person].name}"
        return f"#{harmless(channel.name)}" + (" (thread)" if message.thread_ts else "")

    def _author(self, message: Message) -> str:
        if message.by_bot or self._workspace is None:
            return "prewarm"
        person = self._workspace.people.get(message.user)
        return harmless(person.name) if person else message.user


def _remark(change: Change) -> str:
    edited = " (edited)" if change.kind == "updated" else ""
    return edited + (" (only visible to the one who asked)" if change.message.only_for else "")


def _clock() -> str:
    return datetime.now().astimezone().strftime("%H:%M:%S")
