"""The people of the demo: what they ask while the story runs, and one accident that shows the promise being kept."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.demo.cloud.state import CloudState
from bot.demo.slack.faults import Fault
from bot.demo.slack.workspace import SlackWorkspace
from bot.demo.terminal import Printer

ADA, LIN, CHANNEL = "U0ADA", "U0LIN", "C0PREWARM"


@dataclass(frozen=True)
class Act:
    """What happens at a second of the demo."""

    at: float
    do: Callable[["Visitors"], None]


class Visitors:
    """Plays the acts in a thread of its own."""

    def __init__(self, workspace: SlackWorkspace, cloud: CloudState | None, printer: Printer) -> None:
        self._workspace, self._cloud, self._printer = workspace, cloud, printer
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._play, args=(ACTS,), name="demo-visitors", daemon=True)

    def start(self) -> None:
        """Begin with the first act."""
        self._thread.start()

    def stop(self) -> None:
        """Stop at once; may be called before `start`, and twice."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(5.0)

    def ask_command(self) -> None:
        """Type the slash command."""
        self._printer.typed("ada", "#prewarm", "/prewarm")
        self._workspace.slash(ADA, CHANNEL, "/prewarm", "")

    def mention(self) -> None:
        """Ask in the channel."""
        self._workspace.mention(LIN, CHANNEL, "list failed")

    def write(self) -> None:
        """Ask for one task in a direct message."""
        self._workspace.direct_message(LIN, f"show {self._some_task()[:6]}")

    def drop_connection(self) -> None:
        """Let Slack take the next message and lose the answer."""
        self._printer.direction(
            "Slack takes the next message, but the connection drops before it answers. Others post it twice, or "
            "never; the bot looks for it in the channel's history first."
        )
        self._workspace.faults.next("chat.postMessage", Fault.drop_after())

    def _some_task(self) -> str:
        rows = self._cloud.rows() if self._cloud else ()
        return next((row["id"] for row in rows if isinstance(row, dict) and row.get("state") == "Failed"), "nzd5ny")

    def _play(self, acts: Sequence[Act]) -> None:
        done = 0.0
        for act in acts:
            if self._stop.wait(act.at - done):
                return
            done = act.at
            act.do(self)


ACTS = (
    Act(12.0, Visitors.ask_command),
    Act(16.0, Visitors.drop_connection),
    Act(27.0, Visitors.mention),
    Act(37.0, Visitors.write),
)
