"""What answers have around them: how old they are, the warning when the list could not be read, and their buttons.

Each button carries the request that somebody could type instead. So it needs no memory of the message it stands
in: it works after a restart and for a list that has changed.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.commands.button_value import write
from bot.commands.request import Act, Look, Unsubscribe, Unwatch, Watch
from bot.domain.answer import AsOf
from bot.domain.filter import Filter, Hears
from bot.domain.subscription import Subscription, is_person
from bot.domain.task import Task
from bot.messages.rows import spoken
from bot.messages.task_fields import headed
from bot.messages.task_words import short_image
from bot.messages.troubles import trouble
from bot.rendering.document import Bullets, Button, Document, Line, Lines, Part, Small, Word
from bot.rendering.escape import exact
from bot.rendering.languages import N_
from bot.rendering.style import Style

_SPOKEN_AT_MOST: Final = 3
_TROUBLE_AT_MOST: Final = 500


def framed(title: str, said: Sequence[str], parts: Sequence[Part], as_of: AsOf, style: Style) -> Document:
    """Return an answer: what was found, the warning if it may be old, the rest, and how old it is.

    `said` are the sentences that stand for the rest in `text`.
    """
    words, warnings = style.words, tuple(troubles(as_of, style))
    text = words.sentences(words.sentence(title), *said, *warnings, age(as_of, style))
    warning = (Lines(tuple((Word(told, foreign=True),) for told in warnings)),) if warnings else ()
    return Document(text, title, (*warning, *parts, Small((Word(age(as_of, style)),))))


def short(title: str, lines: Sequence[Line], style: Style, *parts: Part) -> Document:
    """Return an answer that does not age: a sentence, what follows from it, and what can be pressed."""
    text = style.words.paragraph(style.words.sentence(title), *lines)
    return Document(text, title, (Lines(tuple(lines)), *parts))


def tasks_said(tasks: Sequence[Task], style: Style) -> Iterator[str]:
    """Yield the first few as a sentence."""
    if tasks:
        told = [spoken(task, style) for task in tasks[:_SPOKEN_AT_MOST]]
        yield style.words.sentence(style.words.series(told))


def listed(title: str, lines: Sequence[Line], of: int, style: Style) -> Iterator[Part]:
    """Yield the first lines of so many under their heading; nothing where there is nothing."""
    if of:
        yield headed(style.words.say(title), style)
        yield Bullets(tuple(lines))
        yield from more(of - len(lines), style)


def more(left: int, style: Style) -> Iterator[Part]:
    """Yield how many are not shown and how to ask for fewer."""
    if left > 0:
        narrower = Word("/prewarm list failed cluster:ID words", code=True)
        yield Lines(
            (style.words.fill("and {n} more: narrow it with {command}", n=style.words.number(left), command=narrower),)
        )


def age(as_of: AsOf, style: Style) -> str:
    """Return how old the answer is."""
    if as_of.age is None:
        return style.words.say("I have not read the list since I started.")
    return style.words.say("As of {age}.", age=style.words.ago(as_of.age))


def troubles(as_of: AsOf, style: Style) -> Iterator[str]:
    """Yield that the list could not be read and why, if that is so."""
    if str(as_of.trouble).strip():
        yield style.words.say(
            "The list could not be read just now: {why}. This is what I remember.",
            why=trouble(as_of.trouble, _TROUBLE_AT_MOST, style),
        )


def asks(action: str, label: str, asked: Look | Act, style: Style, about: str = "") -> Button:
    """Return the button; `about` is added to its label for those who hear it alone."""
    words = style.words.say(label)
    aloud = style.words.labelled(words, about) if about else ""
    return Button(action, words, write(asked), aloud)


def named(task: Task) -> str:
    """Return what tells a task from others in few words."""
    return f"{short_image(task)}, {exact(task.id)}"


def watches(task_id: str) -> Watch:
    """Return what is asked to hear of one task."""
    return Watch(Hears.ALL, Filter(words=(task_id,)))


def unwatches(task_id: str) -> Unwatch:
    """Return what is asked to hear no more of one task."""
    return Unwatch(filter=Filter(words=(task_id,)))


def ends(subscription: Subscription, what: str, style: Style) -> Button | None:
    """Return the button that ends a subscription or watch; `what` says which. Standing ones have none."""
    number = subscription.number
    if not number:
        return None
    about = f"{number}, {what}"
    if is_watch(subscription):
        return asks(f"ask.unwatch.{number}", N_("End"), Unwatch(number), style, about)
    return asks(f"ask.unsubscribe.{number}", N_("End"), Unsubscribe(number), style, about)


def is_watch(subscription: Subscription) -> bool:
    """Say whether a person is told, by direct message."""
    return is_person(subscription.to)
