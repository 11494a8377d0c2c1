"""How to ask: help, and what to say to words that are no command or not one yet."""

from bot.messages.blocks import payload
from bot.messages.commands import BY_WORD, COMMANDS, Command
from bot.messages.document import Bullets, Document, Line, Lines, Part, Word, bare, code, fill
from bot.messages.escape import name
from bot.messages.payload import Payload
from bot.messages.style import Style
from bot.messages.words import Say, say

_WORD_AT_MOST = 60


def render_help(topic: str, style: Style) -> Payload:
    """Return the whole grammar for "", one command for its name; a topic that is none is said to be none."""
    command = BY_WORD.get(topic)
    return payload(_manual(topic, style) if command is None else _entry(command, style), style)


def render_not_yet(command: str, style: Style) -> Payload:
    """Return that a command is not built yet."""
    title = say(style.language, Say.NOT_YET, command=name(f"/prewarm {command}", _WORD_AT_MOST))
    return _short(title, fill(style.language, Say.NOT_YET_NEXT, help=_own("help")), style)


def render_did_you_mean(word: str, suggestion: str, style: Style) -> Payload:
    """Return the command that a word nearly is, and how to search for the word itself."""
    title = say(style.language, Say.DID_YOU_MEAN, suggestion=f"/prewarm {suggestion}")
    search = code(f"/prewarm list {word}", _WORD_AT_MOST)
    return _short(title, fill(style.language, Say.DID_YOU_MEAN_NEXT, search=search), style)


def render_wrong(usage: Say, style: Style) -> Payload:
    """Return how a command is put."""
    return _short(say(style.language, usage), fill(style.language, Say.NOT_YET_NEXT, help=_own("help")), style)


def render_trouble(style: Style) -> Payload:
    """Return that the question could not be answered, for a fault of ours."""
    next_line = fill(style.language, Say.NO_ANSWER_NEXT)
    return _short(say(style.language, Say.NO_ANSWER), next_line, style)


def _short(title: str, line: Line, style: Style) -> Payload:
    text = f"{title.removesuffix('.')}{'' if title.endswith('?') else '.'} {bare(line, style)}"
    return payload(Document(text, title, (Lines((line,)),)), style)


def _own(typed: str) -> Word:
    return Word(f"/prewarm {typed}".rstrip(), code=True)


def _manual(topic: str, style: Style) -> Document:
    language = style.language
    lines = [fill(language, Say.HELP_WHERE, command=_own(""))]
    if topic:
        lines.insert(0, fill(language, Say.HELP_UNKNOWN, topic=code(topic, _WORD_AT_MOST)))
    built = [command for command in COMMANDS if command.built]
    summary: Line = (_own(""), Word(": " + say(language, Say.DOES_SUMMARY)))
    parts: tuple[Part, ...] = (
        Lines(tuple(lines)),
        Bullets((summary, *(_line(command, style) for command in built))),
        *_examples(style),
        Lines((_later(style),)),
    )
    title = say(language, Say.HELP)
    names = ", ".join(command.usage for command in built)
    return Document(f"{title}: {names}.", title, parts)


def _examples(style: Style) -> tuple[Part, ...]:
    label: Line = (Word(say(style.language, Say.EXAMPLES) + ":", bold=True),)
    typed = ("failed", "list running cluster:cn-dev-1", "list 失败 pytorch", "show nzd5ny")
    return (Lines((label,)), Bullets(tuple((_own(each),) for each in typed)))


def _later(style: Style) -> Line:
    names = ", ".join(command.name for command in COMMANDS if not command.built)
    return (Word(say(style.language, Say.HELP_LATER) + ":", bold=True), Word(f" {names}"))


def _line(command: Command, style: Style) -> Line:
    return (_own(command.usage), Word(": " + say(style.language, command.does)))


def _entry(command: Command, style: Style) -> Document:
    language = style.language
    title = f"/prewarm {command.usage}"
    lines: list[Line] = [(Word(say(language, command.does)),)]
    if not command.built:
        lines.append((Word(say(language, Say.HELP_LATER) + "."),))
    lines.append(fill(language, Say.ALSO, words=", ".join(command.words)))
    return Document(f"{title}: {say(language, command.does)}.", title, (Lines(tuple(lines)),))
