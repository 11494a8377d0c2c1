"""What is heard of or watched, as people type it: what they are shown when there is no such watch."""

from collections.abc import Iterable, Iterator

from bot.commands.grammar import parse
from bot.commands.request import ListTasks, Subscribe
from bot.commands.table import STATES
from bot.commands.text import settled
from bot.domain.filter import Filter, Hears
from bot.domain.task import TaskState


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
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
