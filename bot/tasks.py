"""`prewarm-bot tasks`: the list, once, in the terminal. Asks the API itself, needs only PPIO_*, takes no lock."""

import sys
import time

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.adapters.prewarm_api import PrewarmApi
from bot.domain.filter import Filter
from bot.domain.sweep import Collector
from bot.domain.task import FINAL, Task
from bot.messages.escape import clean
from bot.messages.plain import ago, duration, size
from bot.messages.style import Language
from bot.services.answers import ordered
from bot.settings import ApiSettings

PIPE_WIDTH = 250  # columns where no terminal folds the lines
STYLES = {"Succeeded": "green", "Failed": "bold red", "Running": "cyan", "Pending": "yellow"}


def wanted(state: str, cluster: str, name: str) -> Filter:
    """Return the filter of the command line's options."""
    return Filter(frozenset({state} if state else ()), cluster, tuple(name.split()))


def show(settings: ApiSettings, filter: Filter, *, json: bool) -> None:  # noqa: A002 - the domain's word
    """Print the tasks that match. Raises ListError."""
    tasks, known = _read(settings, filter)
    if json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(tasks), indent=2).decode() + "\n")
        return
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=PIPE_WIDTH)
    if not tasks:
        console.print(
            f"No task matches; {known} are listed. Leave options out to widen the search."
            if known
            else "No prewarm tasks."
        )
        return
    console.print(_table(tasks))
    console.print(f"{len(tasks)} of {known} tasks", style="dim")


def _read(settings: ApiSettings, filter: Filter) -> tuple[tuple[Task, ...], int]:  # noqa: A002 - as above
    api = PrewarmApi(settings.ppio_base_url, settings.ppio_api_key.get_secret_value())
    collector = Collector(100)
    try:
        while collector.add(api.page(collector.page, collector.size)):
            pass
    finally:
        api.close()
    listed = collector.sweep().tasks.values()
    return ordered(task for task in listed if filter.matches(task)), len(listed)


def _table(tasks: tuple[Task, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("state", "image", "cluster", "size", "took", "when", "ID"):
        table.add_column(column, overflow="fold", no_wrap=column in ("state", "size", "took", "ID"))
    for task in tasks:
        table.add_row(*_cells(task))
        for reason in task.reasons if task.state == "Failed" else ():
            table.add_row("", Text(clean(reason), style="dim"), "", "", "", "", "")
    return table


def _cells(task: Task) -> tuple[Text, ...]:
    now, english = time.time(), Language.EN
    took = task.seconds if task.state in FINAL else None
    moment = task.completed or task.created
    return (
        Text(clean(task.state), style=STYLES.get(task.state, "")),
        Text(clean(task.image)),
        Text(clean(task.cluster)),
        Text(size(task.size, english) if task.size else ""),
        Text(duration(took, english) if took is not None else ""),
        Text(ago(max(0.0, now - moment), english) if moment else ""),
        Text(clean(task.id)),
    )
