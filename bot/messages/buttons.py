"""Buttons that ask: each carries the very command that somebody could type instead.

So a button needs no memory of the message it stands in: it works after a restart and for a list that has changed.
"""

from bot.commands.request import Request, Unsubscribe, Unwatch, Watch
from bot.commands.spelling import spell
from bot.domain.filter import Filter
from bot.domain.subscription import Hears, Subscription, is_person
from bot.domain.task import Task
from bot.messages.task_words import short_image
from bot.rendering.document import Button
from bot.rendering.escape import exact
from bot.rendering.languages import N_
from bot.rendering.style import Style


def asks(action: str, label: str, asked: Request, style: Style, about: str = "") -> Button:
    """Return the button; `about` is added to its label for those who hear it alone."""
    words = style.words.say(label)
    aloud = style.words.labelled(words, about) if about else ""
    return Button(action, words, spell(asked), aloud)


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
