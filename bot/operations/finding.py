"""What `prewarm-bot check` finds, and how it is told."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final

from rich.console import Console
from rich.text import Text

INVITE: Final = "Invite it there: /invite @prewarm. An ID stands at the end of the channel's About."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `id` is stable, for machines; a warning keeps nothing from working."""

    id: str
    problem: str
    remedy: str
    warning: bool = False


class Printer:
    """Tells people what was looked at as it goes: a line for what is fine, two for each finding."""

    def __init__(self) -> None:
        self._console = Console(highlight=False)

    def looked(self, at: str, found: Iterable[Finding]) -> None:
        """Tell what was looked at, and what was found there; nothing: it is fine."""
        found = list(found)
        for each in found:
            mark, style = ("! warning", "yellow") if each.warning else ("✗ wrong", "red")
            self._line(f"{mark}  ", style, each.problem)
            self._console.print(Text(f"    {each.remedy}", style="dim"), soft_wrap=True)
        if at and not found:
            self._line("✓ ", "green", at)

    def end(self, *, fine: bool) -> None:
        """Say what it comes to."""
        if fine:
            self._console.print(Text("prewarm-bot run would work.", style="bold green"))
        else:
            self._console.print(Text("prewarm-bot run would not work yet.", style="bold red"))

    def _line(self, mark: str, style: str, words: str) -> None:
        self._console.print(Text.assemble((mark, style), words), soft_wrap=True)


def print_json(found: Iterable[Finding]) -> None:
    """Print all findings for machines: a list of {id, problem, remedy, warning}."""
    sys.stdout.write(json.dumps([asdict(each) for each in found], indent=2, ensure_ascii=False) + "\n")
