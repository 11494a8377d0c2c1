"""`prewarm-bot tasks`: the list, once, in the terminal. Asks the API itself, needs only PPIO_*, takes no lock.

A task is a block of two lines or more, so that an address can be copied whole from a terminal of any width; in a pipe
it is one line with tabs.
"""

import sys
import time
from collections.abc import Iterator

import msgspec
from rich.console import Console
from rich.text import Text

from bot.adapters.prewarm.api import PrewarmApi
from bot.domain.filter import Filter
from bot.domain.language import Language
from bot.domain.sweep import Collector
from bot.domain.task import FINAL, Task, TaskState
from bot.rendering.escape import clean
from bot.rendering.languages import Words
from bot.services.answers import ordered
from bot.settings import ApiSettings

STYLES = {"Succeeded": "green", "Failed": "bold red", "Running": "cyan", "Pending": "yellow"}
STATE_WIDTH = 11


def wanted(state: str, cluster: str, name: str) -> Filter:
    """Return the filter of the command line's options."""
    return Filter(frozenset({state} if state else ()), cluster, tuple(name.split()))


def show(settings: ApiSettings, filter: Filter, *, json: bool) -> None:  # noqa: A002 - the domain's word
    """Print the tasks that match. Raises ListError."""
    tasks, known = _read(settings, filter)
    console = Console(highlight=False)
    if json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(tasks), indent=2).decode() + "\n")
    elif tasks and not console.is_terminal:
        sys.stdout.writelines("\t".join(_cells(task)) + "\n" for task in tasks)
    elif tasks:
        for task in tasks:
            console.print(_block(task), soft_wrap=True)
        console.print(f"{len(tasks)} of {known} tasks", style="dim")
    else:
        more = f"No task matches; {known} are listed. Leave options out to widen the search."
        sys.stderr.write((more if known else "No prewarm tasks.") + "\n")


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


def _block(task: Task) -> Text:
    state, image, *rest = _cells(task)
    reasons = rest.pop()
    indent = "\n" + " " * STATE_WIDTH
    text = Text.assemble((state.ljust(STATE_WIDTH), STYLES.get(task.state, "")), (image, "bold"))
    text.append(indent + " · ".join(filter(None, rest)))
    if reasons:
        text.append(indent + reasons, style="red")
    return text


def _cells(task: Task) -> tuple[str, ...]:
    """Return state, image, cluster, size, how long, when, ID, reasons; "" for what is not known."""
    return (
        clean(task.state),
        clean(task.image),
        clean(task.cluster),
        Words(Language.EN).size(task.size) if task.size else "",
        *_times(task),
        clean(task.id),
        clean("; ".join(task.reasons)) if task.state == TaskState.FAILED else "",
    )


def _times(task: Task) -> Iterator[str]:
    ended = task.state in FINAL
    yield f"took {Words(Language.EN).duration(task.seconds)}" if ended and task.seconds is not None else ""
    moment = task.completed or task.created
    what = "ended" if task.completed else "created"
    yield f"{what} {Words(Language.EN).ago(max(0.0, time.time() - moment))}" if moment else ""
