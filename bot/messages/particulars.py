"""What is known of a task, a labelled line each: reasons, image, cluster, products, figures, note, ID."""

from collections.abc import Iterator
from typing import Final

from bot.domain.task import Product, Task
from bot.messages.document import Bullets, Line, Lines, Moment, Part, Span, Word, bare, code, foreign, identity, joined
from bot.messages.escape import name
from bot.messages.plain import ago, duration, size
from bot.messages.style import Style
from bot.messages.words import Count, Say, count, say

_REASONS_AT_MOST: Final = 12
_REASON_AT_MOST: Final = 1_200
_ALL_REASONS_AT_MOST: Final = 3_000
_READ_AT_MOST: Final = 20_000  # characters of one reason that are looked at to count what is left out
_PRODUCTS_AT_MOST: Final = 8


def why(task: Task, style: Style, *, failed: bool) -> tuple[Part, ...]:
    """Return the vendor's own words about it: all of them, unless they are too many or too long."""
    label = Word(say(style.language, Say.WHY if failed else Say.VENDOR) + ":", bold=True)
    reasons = tuple(_reasons(task, style))
    if not reasons:
        return (Lines(((label, Word(" " + say(style.language, Say.WHY_NOT))),)),) if failed else ()
    if len(reasons) == 1:
        return (Lines(((label, Word(" "), *reasons[0]),)),)
    return (Lines(((label,),)), Bullets(reasons))


def reasons_in_a_row(task: Task, style: Style, most: int) -> str:
    """Return the vendor's words as part of a sentence."""
    return name("; ".join(task.reasons[:_REASONS_AT_MOST]), most) or say(style.language, Say.WHY_NOT)


def particulars(task: Task, style: Style, *figures: Line, said: str = "") -> Lines:
    """Return the lines; what the headline `said` has in full is left out, so that nothing is told twice."""
    place = [(Say.IMAGE, tuple(_image(task)))]
    if cluster := name(task.cluster, 300):
        place.append((Say.CLUSTER, (Word(cluster, foreign=True),)))
    lines = [labelled(label, style, *line) for label, line in place if bare(line, style) not in said]
    lines.append(labelled(Say.PRODUCTS, style, *_products(task, style)))
    if figures:
        lines.append(joined(figures, " · "))
    if note := name(task.note, 600):
        lines.append(labelled(Say.NOTE, style, Word(note, foreign=True)))
    return Lines((*lines, labelled(Say.TASK, style, identity(task.id))))


def labelled(label: Say, style: Style, *spans: Span) -> Line:
    """Return a line that begins with its bold label."""
    return labelled_as(say(style.language, label), *spans)


def labelled_as(label: str, *spans: Span) -> Line:
    """Return a line that begins with a label made elsewhere."""
    return (Word(label + ":", bold=True), Word(" "), *spans)


def size_of(task: Task, style: Style) -> Iterator[Line]:
    """Yield the image's size, if it is known."""
    if task.size is not None:
        yield labelled(Say.SIZE, style, Word(size(task.size)))


def duration_of(task: Task, style: Style) -> Iterator[Line]:
    """Yield how long the task took, if it is known."""
    if task.seconds is not None:
        yield labelled(Say.TOOK, style, Word(duration(task.seconds, style.language)))


def end_of(task: Task, style: Style) -> Iterator[Line]:
    """Yield when it ended, if the vendor says so."""
    if task.completed is not None:
        yield labelled(Say.ENDED, style, Moment(task.completed))


def start_of(task: Task, style: Style, now: float) -> Iterator[Line]:
    """Yield when it was created and how long ago, if it is known."""
    if task.created is not None:
        age = ago(now - task.created, style.language)
        yield labelled(Say.CREATED, style, Moment(task.created), Word(f" ({age})"))


def credential_of(task: Task, style: Style) -> Iterator[Line]:
    """Yield that it has a registry credential, never which: it may be a secret."""
    if task.repository_auth.strip():
        yield labelled(Say.CREDENTIAL, style, Word(say(style.language, Say.CREDENTIAL_SET)))


def _reasons(task: Task, style: Style) -> Iterator[Line]:
    left, reasons = _ALL_REASONS_AT_MOST, task.reasons
    for told, text in enumerate(reasons):
        if told == _REASONS_AT_MOST or left <= 0:
            yield (Word(count(style.language, Count.MORE_REASONS, len(reasons) - told)),)
            return
        whole = name(text, _READ_AT_MOST)
        yield _trimmed(whole, min(left, _REASON_AT_MOST), style)
        left -= len(whole)


def _trimmed(text: str, most: int, style: Style) -> Line:
    shown = foreign(text, most)
    if len(text) <= most:
        return (shown,)
    return (shown, Word(count(style.language, Count.MORE_SIGNS, len(text) - most + 1)))


def _image(task: Task) -> Iterator[Word]:
    yield code(task.image, 500)
    if task.image_name.strip() and task.image_name not in task.image:
        yield Word(f" ({name(task.image_name, 200)})", foreign=True)


def _products(task: Task, style: Style) -> Iterator[Word]:
    shown = [_product(product) for product in task.products[:_PRODUCTS_AT_MOST]]
    if not shown:
        yield Word(say(style.language, Say.WHOLE_CLUSTER))
    yield Word(", ".join(shown), foreign=True)
    if more := len(task.products) - len(shown):
        yield Word(" " + count(style.language, Count.MORE, more))


def _product(product: Product) -> str:
    title, identifier = name(product.name, 100), name(product.id, 100)
    return f"{title} ({identifier})" if title and identifier and title != identifier else title or identifier or "?"
