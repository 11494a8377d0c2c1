"""How to ask: help, and what to say to words that are not a command, or not one yet."""

from bot.commands.request import Usage
from bot.commands.table import BY_WORD, COMMANDS, Command, Group
from bot.domain.language import Language
from bot.messages.frame import short
from bot.messages.task_fields import headed, labelled
from bot.rendering.document import Bullets, Document, Line, Lines, Part, Word, code
from bot.rendering.escape import name
from bot.rendering.languages import N_, capital
from bot.rendering.style import Style

_WORD_AT_MOST = 60


def help_on(topic: str, style: Style) -> Document:
    """Return all commands for "", one for its name; of an unknown topic it says so."""
    command = BY_WORD.get(topic)
    return _manual(topic, style) if command is None else _entry(command, style)


def not_yet(command: str, style: Style) -> Document:
    """Return that a command is not built yet."""
    title = style.words.say("{command} is not built yet", command=name(f"/prewarm {command}", _WORD_AT_MOST))
    return short(title, [style.words.fill("{help} shows what you can ask today.", help=_own("help"))], style)


def did_you_mean(word: str, suggestion: str, style: Style) -> Document:
    """Return what a word nearly is, a command or a word of one, and how to search for the word itself."""
    title = style.words.say("Did you mean {suggestion}?", suggestion=f"/prewarm {suggestion}")
    command, within, _ = suggestion.partition(" ")
    if within:
        line = style.words.fill(
            "If you do mean that word, put it in quotes: {quoted}", quoted=code(f'{command} "{word}"', _WORD_AT_MOST)
        )
    else:
        line = style.words.fill(
            "To search for tasks with that word: {search}", search=code(f"/prewarm list {word}", _WORD_AT_MOST)
        )
    return short(title, [line], style)


def wrong_usage(usage: Usage, style: Style) -> Document:
    """Return how a command is put."""
    how = style.words.fill("{help} shows what you can ask today.", help=_own("help"))
    return short(style.words.say(usage), [how], style)


def fault(style: Style) -> Document:
    """Return that the question could not be answered, for a fault of ours."""
    line = style.words.fill("Please try again in a moment. If it stays so, my log says why.")
    return short(style.words.say("I could not answer that: something failed on my side."), [line], style)


def _own(typed: str) -> Word:
    return _typed(f"/prewarm {typed}".rstrip())


def _typed(text: str) -> Word:
    return Word(text, code=True)


def _manual(topic: str, style: Style) -> Document:
    words = style.words
    lines = [
        words.fill(
            "As {command}, as a mention, or in a direct message. English or Chinese, in any case and order: {example}",
            command=_own(""),
            example=_typed("列表 失败"),
        )
    ]
    if topic:
        lines.insert(0, words.fill("There is no command {topic}.", topic=code(topic, _WORD_AT_MOST)))
    ends = (
        words.fill(
            "A first word that is no command is searched for. Quotes keep words together: {example}",
            example=_typed('list "my model" v2'),
        ),
        words.fill("More on one of them: {command}", command=_own("help watch")),
        _later(style),
    )
    groups = [part for group in Group for part in _group(group, style)]
    title = words.say("What you can ask me")
    names = words.items(command.usage for command in COMMANDS if command.built)
    text = words.sentence(words.labelled(title, names))
    return Document(text, title, (Lines(tuple(lines)), *groups, Lines(ends)))


def _group(group: Group, style: Style) -> tuple[Part, ...]:
    bullets = tuple(_bullet(command, style) for command in COMMANDS if command.built and command.group is group)
    if group is Group.ASK:
        summary = style.words.fill(
            "{label}: {text}",
            label=_own(""),
            text=style.words.say("what is going on: counts, tasks at work, last failures"),
        )
        bullets = (summary, *bullets)
    return (headed(style.words.say(group.value), style), Bullets(bullets)) if bullets else ()


def _bullet(command: Command, style: Style) -> Line:
    line = style.words.fill("{label}: {text}", label=_own(command.usage), text=style.words.say(command.does))
    example = next(each for each in command.examples if each.isascii() is (style.language is Language.EN))
    if example in command.words:
        return line
    return (*line, *style.words.fill(", for example {typed}", typed=_typed(example)))


def _later(style: Style) -> Line:
    names = style.words.items(command.name for command in COMMANDS if not command.built)
    return labelled(N_("Not built yet"), style, Word(names))


def _entry(command: Command, style: Style) -> Document:
    words = style.words
    title, does = f"/prewarm {command.usage}", words.say(command.does)
    lines: list[Line] = [(Word(words.sentence(capital(does))),)]
    if command.more:
        lines.append((Word(words.say(command.more)),))
    if not command.built:
        lines.append((Word(words.sentence(words.say("Not built yet"))),))
    also = Lines((words.fill("Also: {words}.", words=words.items(command.words[1:])),))
    text = words.sentence(words.labelled(title, does))
    return Document(text, title, (Lines(tuple(lines)), *_examples(command, style), also))


def _examples(command: Command, style: Style) -> tuple[Part, ...]:
    if not command.examples:
        return ()
    return (headed(style.words.say("For example"), style), Bullets(tuple((_own(each),) for each in command.examples)))
