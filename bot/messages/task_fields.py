"""What is known of a task, a labelled line each: reasons, image, cluster, products, figures, note, ID."""

from collections.abc import Callable, Iterator
from typing import Final

from bot.domain.task import Product, Task
from bot.rendering.document import Bullets, Line, Lines, Moment, Part, Span, Word, bare, code, foreign, identity, joined
from bot.rendering.escape import middle, name
from bot.rendering.languages import N_
from bot.rendering.style import Style

_REASONS_AT_MOST: Final = 12
_REASON_AT_MOST: Final = 1_200
_ALL_REASONS_AT_MOST: Final = 3_000
_READ_AT_MOST: Final = 20_000  # characters of one reason that are looked at to count what is left out
_IMAGE_AT_MOST: Final = 90
_PRODUCTS_AT_MOST: Final = 8


def why(task: Task, style: Style, *, failed: bool) -> tuple[Part, ...]:
    """Return the vendor's own words about it: all of them, unless they are too many or too long."""
    label, reasons = N_("Why") if failed else N_("Vendor's words"), tuple(_reasons(task, style))
    if not reasons:
        return (Lines((labelled(label, style, Word(style.words.say("the vendor gave no reason"))),)),) if failed else ()
    if len(reasons) == 1:
        return (Lines((labelled(label, style, *reasons[0]),)),)
    return (headed(style.words.say(label), style), Bullets(reasons))


def reasons_in_a_row(task: Task, style: Style, most: int) -> str:
    """Return the vendor's words as part of a sentence."""
    told = style.words.series(task.reasons[:_REASONS_AT_MOST])
    return name(told, most) or style.words.say("the vendor gave no reason")


def all_fields(task: Task, style: Style, *figures: Line) -> Lines:
    """Return every field of the vendor's document, for people who asked."""
    lines = [labelled(label, style, *line) for label, line in _place(task)]
    lines.append(labelled(N_("Products"), style, *_products(task, style, _whole_product)))
    if figures:
        lines.append(joined(figures, " · "))
    lines += _note(task, style)
    return Lines((*lines, labelled(N_("Task"), style, identity(task.id))))


def brief(task: Task, style: Style, *figures: Line, said: str) -> Lines:
    """Return what a notification adds to its headline: what that `said` in full is not told twice."""
    lines = [labelled(label, style, *line) for label, line in _place(task) if bare(line, style.zone) not in said]
    if task.products:
        lines.append(labelled(N_("Products"), style, *_products(task, style, _product)))
    lines += _note(task, style)
    return Lines((*lines, joined((*figures, labelled(N_("Task"), style, identity(task.id))), " · ")))


def image_of(task: Task, style: Style) -> Line:
    """Return the image's address with its size, as lists of many show it."""
    shown = code(middle(name(task.image, 1_000), _IMAGE_AT_MOST), _IMAGE_AT_MOST)
    if task.size is None:
        return (shown,)
    return style.words.fill("{image} ({size})", image=shown, size=style.words.size(task.size))


def labelled(label: str, style: Style, *spans: Span) -> Line:
    """Return a line that begins with its bold label."""
    return labelled_as(style.words.say(label), style, *spans)


def labelled_as(label: str, style: Style, *spans: Span) -> Line:
    """Return a line that begins with a label made elsewhere."""
    return style.words.fill("{label}: {text}", label=Word(label, bold=True), text=spans)


def headed(label: str, style: Style) -> Lines:
    """Return the heading of what follows."""
    return Lines(((Word(style.words.heading(label), bold=True),),))


def spoken(label: str, text: str, style: Style) -> str:
    """Return what is labelled so as part of `text`."""
    return style.words.labelled(style.words.say(label), text)


def size_of(task: Task, style: Style) -> Iterator[Line]:
    """Yield the image's size, if it is known."""
    if task.size is not None:
        yield labelled(N_("Size"), style, Word(style.words.size(task.size)))


def end_of(task: Task, style: Style) -> Iterator[Line]:
    """Yield when it ended, if the vendor says so."""
    if task.completed is not None:
        yield labelled(N_("Ended"), style, Moment(task.completed))


def start_of(task: Task, style: Style, now: float) -> Iterator[Line]:
    """Yield when it was created and how long ago, if it is known."""
    if task.created is not None:
        age = style.words.ago(now - task.created)
        yield labelled(N_("Created"), style, *style.words.fill("{at} ({age})", at=Moment(task.created), age=age))


def credential_of(task: Task, style: Style) -> Iterator[Line]:
    """Yield that it has a registry credential, never which: it may be a secret."""
    if task.repository_auth.strip():
        yield labelled(N_("Registry credential"), style, Word(style.words.say("set")))


def _reasons(task: Task, style: Style) -> Iterator[Line]:
    left, reasons = _ALL_REASONS_AT_MOST, task.reasons
    for told, text in enumerate(reasons):
        if told == _REASONS_AT_MOST or left <= 0:
            yield (Word(style.words.count("and {n} more reason", "and {n} more reasons", len(reasons) - told)),)
            return
        whole = name(text, _READ_AT_MOST)
        yield _trimmed(whole, min(left, _REASON_AT_MOST), style)
        left -= len(whole)


def _trimmed(text: str, most: int, style: Style) -> Line:
    shown = foreign(text, most)
    if len(text) <= most:
        return (shown,)
    return (shown, Word(style.words.count(" ({n} more character)", " ({n} more characters)", len(text) - most + 1)))


def _place(task: Task) -> Iterator[tuple[str, Line]]:
    yield N_("Image"), tuple(_image(task))
    if cluster := name(task.cluster, 300):
        yield N_("Cluster"), (Word(cluster, foreign=True),)


def _note(task: Task, style: Style) -> Iterator[Line]:
    if note := name(task.note, 600):
        yield labelled(N_("Note"), style, Word(note, foreign=True))


def _image(task: Task) -> Iterator[Word]:
    yield code(task.image, 500)
    if task.image_name.strip() and task.image_name not in task.image:
        yield Word(f" ({name(task.image_name, 200)})", foreign=True)


def _products(task: Task, style: Style, show: Callable[[Product], str]) -> Iterator[Word]:
    shown = [show(product) for product in task.products[:_PRODUCTS_AT_MOST]]
    if not shown:
        yield Word(style.words.say("the whole cluster"))
        return
    yield Word(style.words.items(shown), foreign=True)
    if more := len(task.products) - len(shown):
        yield Word(style.words.between_items + style.words.more(more))


def _whole_product(product: Product) -> str:
    title, identifier = name(product.name, 100), name(product.id, 100)
    return f"{title} ({identifier})" if title and identifier and title != identifier else title or identifier or "?"


def _product(product: Product) -> str:
    return name(product.name, 100) or name(product.id, 100) or "?"
