"""The bot as its users start it: a process of its own, with nothing in its environment but what a test names.

What people rely on (exit codes, signals, a kill at any moment) exists only at the border of a process. Output goes to
files, so that no thread has to read it and nothing is lost when the process dies.
"""

import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
HANDED_OUT_TO_NOBODY = range(15_000, 30_000)
PATIENCE = 20.0  # seconds after which a test gives up waiting


@dataclass
class BotProcess:
    """`python -m bot COMMAND…` in a folder of its own, where no `.env` lies. Started once, ended for certain."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    command: Sequence[str] = ("run",)
    number: int = 0

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._out = self.folder / f"stdout-{self.number}.txt"
        self._err = self.folder / f"stderr-{self.number}.txt"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "bot", *self.command],
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **self.settings},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

    @property
    def stdout(self) -> str:
        return self._out.read_text("utf-8")

    @property
    def stderr(self) -> str:
        return self._err.read_text("utf-8")

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def wait(self, within: float = PATIENCE) -> int:
        """Wait for the end; return the exit code. Raises TimeoutError with what the bot wrote to stderr."""
        try:
            return self._process.wait(within)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"The bot still runs after {within} s. It wrote:\n{self.stderr}") from None

    def terminate(self, within: float = 10.0) -> int:
        """Ask it to stop, as a service manager does, and return its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self.wait(within)

    def kill(self) -> None:
        """End it without a word, and wait until the system has cleared it away; once more does nothing."""
        self._process.kill()
        self._process.wait(PATIENCE)

    def kill_after(self, seconds: float) -> None:
        """Kill it at this moment of its life, unless it ended by itself before."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()


def free_port() -> int:
    """Return a port of the loopback interface that nobody uses.

    It lies below those that systems hand out by themselves: such a one is gone, for a server or an outgoing connection
    of any process, before the bot has taken it, or while it is killed and started again.
    """
    for port in random.SystemRandom().sample(HANDED_OUT_TO_NOBODY, 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("100 ports of the loopback interface were tried, and none was free.")
