"""How to ask: help, and what to say to words that are no command or not one yet."""

from bot.commands.table import BY_WORD, COMMANDS, Command, Group
from bot.messages.task_fields import labelled
from bot.rendering.document import Bullets, Document, Line, Lines, Part, Word, code, fill, sentences
from bot.rendering.english import Say
from bot.rendering.escape import name
from bot.rendering.joining import capital, items, sentence
from bot.rendering.payload import Payload
from bot.rendering.slack_blocks import payload
from bot.rendering.style import Language, Style
from bot.rendering.words import say

_WORD_AT_MOST = 60


def render_help(topic: str, style: Style) -> Payload:
    """Return all commands for "", one for its name; a topic that is none is said to be none."""
    command = BY_WORD.get(topic)
    return payload(_manual(topic, style) if command is None else _entry(command, style), style)


def render_not_yet(command: str, style: Style) -> Payload:
    """Return that a command is not built yet."""
    title = say(style.language, Say.NOT_YET, command=name(f"/prewarm {command}", _WORD_AT_MOST))
    return _short(title, fill(style.language, Say.NOT_YET_NEXT, help=_own("help")), style)


def render_did_you_mean(word: str, suggestion: str, style: Style) -> Payload:
    """Return what a word nearly is, a command or a word of one, and how to search for the word itself."""
    title = say(style.language, Say.DID_YOU_MEAN, suggestion=f"/prewarm {suggestion}")
    command, within, _ = suggestion.partition(" ")
    if within:
        line = fill(style.language, Say.DID_YOU_MEAN_QUOTED, quoted=code(f'{command} "{word}"', _WORD_AT_MOST))
    else:
        line = fill(style.language, Say.DID_YOU_MEAN_NEXT, search=code(f"/prewarm list {word}", _WORD_AT_MOST))
    return _short(title, line, style)


def render_wrong(usage: Say, style: Style) -> Payload:
    """Return how a command is put."""
    return _short(say(style.language, usage), fill(style.language, Say.NOT_YET_NEXT, help=_own("help")), style)


def render_trouble(style: Style) -> Payload:
    """Return that the question could not be answered, for a fault of ours."""
    next_line = fill(style.language, Say.NO_ANSWER_NEXT)
    return _short(say(style.language, Say.NO_ANSWER), next_line, style)


def _short(title: str, line: Line, style: Style) -> Payload:
    text = sentences(style.language, sentence(style.language, title), line)
    return payload(Document(text, title, (Lines((line,)),)), style)


def _own(typed: str) -> Word:
    return _typed(f"/prewarm {typed}".rstrip())


def _typed(text: str) -> Word:
    return Word(text, code=True)


def _manual(topic: str, style: Style) -> Document:
    language = style.language
    lines = [fill(language, Say.HELP_WHERE, command=_own(""), example=_typed("列表 失败"))]
    if topic:
        lines.insert(0, fill(language, Say.HELP_UNKNOWN, topic=code(topic, _WORD_AT_MOST)))
    ends = (
        fill(language, Say.HELP_WORDS, example=_typed('list "my model" v2')),
        fill(language, Say.HELP_MORE, command=_own("help watch")),
        _later(style),
    )
    groups = [part for group in Group for part in _group(group, style)]
    title = say(language, Say.HELP)
    names = items(language, (command.usage for command in COMMANDS if command.built))
    text = sentence(language, say(language, Say.LABELLED, label=title, text=names))
    return Document(text, title, (Lines(tuple(lines)), *groups, Lines(ends)))


def _group(group: Group, style: Style) -> tuple[Part, ...]:
    bullets = tuple(_bullet(command, style) for command in COMMANDS if command.built and command.group is group)
    if group is Group.ASK:
        summary = fill(style.language, Say.LABELLED, label=_own(""), text=say(style.language, Say.DOES_SUMMARY))
        bullets = (summary, *bullets)
    return (Lines((_bold(group.value, style),)), Bullets(bullets)) if bullets else ()


def _bullet(command: Command, style: Style) -> Line:
    line = fill(style.language, Say.LABELLED, label=_own(command.usage), text=say(style.language, command.does))
    example = next(each for each in command.examples if each.isascii() is (style.language is Language.EN))
    if example in command.words:
        return line
    return (*line, *fill(style.language, Say.EXAMPLE, typed=_typed(example)))


def _bold(what: Say, style: Style) -> Line:
    return (Word(say(style.language, Say.HEADING, label=say(style.language, what)), bold=True),)


def _later(style: Style) -> Line:
    names = items(style.language, (command.name for command in COMMANDS if not command.built))
    return labelled(Say.HELP_LATER, style, Word(names))


def _entry(command: Command, style: Style) -> Document:
    language = style.language
    title, does = f"/prewarm {command.usage}", say(language, command.does)
    lines: list[Line] = [(Word(sentence(language, capital(does))),)]
    if command.more:
        lines.append((Word(say(language, command.more)),))
    if not command.built:
        lines.append((Word(sentence(language, say(language, Say.HELP_LATER))),))
    also = Lines((fill(language, Say.ALSO, words=items(language, command.words[1:])),))
    text = sentence(language, say(language, Say.LABELLED, label=title, text=does))
    return Document(text, title, (Lines(tuple(lines)), *_examples(command, style), also))


def _examples(command: Command, style: Style) -> tuple[Part, ...]:
    if not command.examples:
        return ()
    return (Lines((_bold(Say.EXAMPLES, style),)), Bullets(tuple((_own(each),) for each in command.examples)))
