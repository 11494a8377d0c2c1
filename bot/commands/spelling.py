"""Requests written out as commands: what a button carries, and what people are shown to type.

A button's value is the command as Slack would send it, read by the same grammar, so that it works after a restart and
for an older message. `parse(spell(request)) == request` for whatever people can ask, with three exceptions: words are
put into the spelling of `text.settled` and lose the space around them, a state into the vendor's case; and what is
too long for Slack loses its last words, so that it asks for more and never for nothing.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final

from bot.commands.grammar import parse
from bot.commands.request import (
    DidYouMean,
    Help,
    Language,
    ListTasks,
    Mute,
    NotYet,
    Request,
    Show,
    Subscribe,
    Summary,
    Unsubscribe,
    Unwatch,
    Watch,
    Why,
    Wrong,
)
from bot.commands.table import STATES
from bot.commands.text import settled
from bot.domain.filter import Filter
from bot.domain.subscription import Hears
from bot.domain.task import TaskState

VALUE_AT_MOST: Final = 2_000  # characters of a button's `value` (docs.slack.dev, reference/block-kit/block-elements)


def spell(request: Request) -> str:
    """Return the command as Slack sends it (`& < >` as entities), at most 2,000 characters and never empty.

    What is not a question is spelled as what to ask instead: what was meant, or help.
    """
    name = type(request).__name__.casefold()
    match request:
        case ListTasks(filter, page):
            return _line(
                "list", *_fixed(filter, Hears.ALL), *([f"page:{page + 1}"] if page else []), words=filter.words
            )
        case Show(word) | Why(word) | Help(word) | Language(word):
            return _line(name, words=(word,))
        case Watch(hears, filter) | Subscribe(hears, filter) | Unwatch(None, hears, filter):
            every = ["all"] if name == "watch" and not filter and hears is Hears.ALL else []
            return _line(name, *every, *_fixed(filter, hears), words=filter.words)
        case Unwatch(number) | Unsubscribe(number):
            return _line(name, *([str(number)] if number else []))
        case Mute(seconds, until):
            return f"mute {seconds:.0f}s" if until is None else "mute until {:02}:{:02}".format(*until)
    return _simple(request)


def _simple(request: Request) -> str:
    match request:
        case Summary():
            return "/prewarm"
        case NotYet(command):
            return command
        case DidYouMean(_, suggestion):
            return suggestion
        case Wrong():
            return "help"
    return type(request).__name__.casefold()


def spell_filter(filter: Filter, hears: Hears = Hears.ALL) -> str:  # noqa: A002 - the domain's word
    """Return it as people type it after `list` or `watch`: `failed cluster:cn-1 qwen "two words"`; "" for all."""
    return " ".join((*_fixed(filter, hears), *map(_word, _settled(filter.words))))


def _fixed(filter: Filter, hears: Hears) -> Iterator[str]:  # noqa: A002 - the domain's word
    """Yield what comes before the words: states in the order of a task's life, then the cluster."""
    if hears is not Hears.ALL:
        yield hears.value
    for state in sorted(_settled(filter.states), key=_age):
        known = STATES.get(state.casefold())
        yield known.value.casefold() if known else f"state:{_quoted(state)}"
    for cluster in _settled((filter.cluster,)):
        bare = f"cluster:{cluster}"
        alone = parse(_escaped(f"list {bare} x")) == ListTasks(Filter(cluster=cluster, words=("x",)))
        yield bare if alone else f"cluster:{_quoted(cluster)}"


def _age(state: str) -> tuple[int, str]:
    known = STATES.get(state.casefold())
    return [*TaskState].index(known) if known else len(TaskState), state


def _settled(texts: Iterable[str]) -> list[str]:
    return [word for word in (settled(text).strip() for text in texts) if word]


def _word(word: str) -> str:
    """Return a word so that it is read as one, wherever it stands."""
    return word if _stands_alone(word) else _quoted(word)


def _stands_alone(word: str) -> bool:
    """Say whether the grammar reads it as a word without quotes, before others too; a number is that of a watch."""
    if word.startswith("'") or word.lstrip("#").isdigit() or len(word.split()) > 1:
        return False
    asked, found = _escaped(f"{word} x"), Filter(words=(word, "x"))
    return parse(f"list {asked}") == ListTasks(found) and parse(f"subscribe {asked}") == Subscribe(Hears.ALL, found)


def _quoted(text: str) -> str:
    return f'"{_doubled(text)}"'


def _doubled(text: str) -> str:
    return text.replace('"', '""')


def _line(*fixed: str, words: Iterable[str] = ()) -> str:
    """Return the command with as many of its words, and as much of the last one, as a value takes."""
    command, *conditions = map(_escaped, fixed)
    line = command
    for condition in conditions:
        if len(line) + 1 + len(condition) <= VALUE_AT_MOST:
            line += f" {condition}"
    for word in _settled(words):
        line += _begun(word[:VALUE_AT_MOST], VALUE_AT_MOST - len(line))
    return line


def _begun(word: str, room: int) -> str:
    """Return a space and the word, or its beginning, within so many characters; "" where there is no room for any."""
    whole = f" {_escaped(_word(word))}"
    if len(whole) <= room:
        return whole
    ends = [*accumulate(len(_escaped(_doubled(sign))) for sign in word)]
    start = word[: bisect_right(ends, room - 3)].strip()  # 3: the space and the quotes
    return f" {_escaped(_quoted(start))}" if start else ""


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
