"""An ID that says too little or nothing: the tasks that it may mean, each with its button, or where else to look."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from bot.commands.request import Request, Show, Why
from bot.domain.answer import Candidates, Unknown
from bot.domain.task import Task
from bot.messages.buttons import asks, named, unwatches, watches
from bot.messages.frame import framed, tasks_said
from bot.messages.rows import brief
from bot.rendering.document import Document, Item, Line, Lines, Part, Word, code
from bot.rendering.escape import name
from bot.rendering.languages import N_
from bot.rendering.style import Style


def candidates(answer: Candidates, shown: int, style: Style) -> Document:
    """Return the tasks that a shortened ID may mean; a button asks of one what was asked."""
    words, tasks = style.words, answer.tasks[:shown]
    title = words.say("{n} tasks begin with {prefix}", n=words.number(answer.count), prefix=name(answer.prefix, 60))
    items = [_item(number, task, answer, style) for number, task in enumerate(tasks, start=1)]
    left = answer.count - len(tasks)
    rest: tuple[Line, ...] = ((Word(words.more(left)),),) if left > 0 else ()
    typed = Word(f"/prewarm {_command(answer)} ID", code=True)
    parts: tuple[Part, ...] = (*items, Lines((*rest, words.fill("Type more of the ID: {command}", command=typed))))
    return framed(title, [*tasks_said(answer.tasks, style)], parts, answer.as_of, style)


def unknown(answer: Unknown, style: Style) -> Document:
    """Return that no task begins so, and where else to look."""
    title = style.words.say("No task begins with {prefix}", prefix=name(answer.prefix, 60))
    known = style.words.count("I know {n} task.", "I know {n} tasks.", answer.known)
    next_step = style.words.fill(
        "{command} searches names, notes and clusters too.", command=code(f"/prewarm list {answer.prefix}", 80)
    )
    return framed(title, (), (Lines((style.words.paragraph(known, next_step),)),), answer.as_of, style)


def _item(number: int, task: Task, answer: Candidates, style: Style) -> Item:
    label, asked = _BUTTONS[_command(answer)]
    button = asks(f"ask.show.{number}", label, asked(task.id), style, named(task))
    return Item(brief(task, answer.as_of, style), button)


def _command(answer: Candidates) -> str:
    return answer.command if answer.command in _BUTTONS else "show"


_BUTTONS: Final[Mapping[str, tuple[str, Callable[[str], Request]]]] = MappingProxyType(
    {
        "show": (N_("Show"), Show),
        "watch": (N_("Watch"), watches),
        "unwatch": (N_("Unwatch"), unwatches),
        "why": (N_("Was it told?"), Why),
    }
)
