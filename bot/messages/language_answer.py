"""Which language a channel or person is written to in, who decided that, and how to have another."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from bot.commands.button_value import write
from bot.commands.request import Language as Asked
from bot.commands.table import DEFAULT
from bot.domain.answer import Spoken
from bot.domain.language import Language
from bot.domain.subscription import is_person
from bot.messages.frame import asks, short
from bot.rendering.document import Button, Buttons, Document, Word
from bot.rendering.languages import N_
from bot.rendering.style import Style

_NAMES: Final[Mapping[Language, str]] = MappingProxyType({Language.EN: N_("English"), Language.ZH: N_("Chinese")})
_OWN_NAMES: Final[Mapping[Language, str]] = MappingProxyType({Language.EN: "English", Language.ZH: "中文"})
_WHY: Final[Mapping[tuple[bool, bool], str]] = MappingProxyType(  # by whether it is a person's and was chosen
    {
        (True, True): N_("You chose it. {command} goes back to the default."),
        (True, False): N_("You have not chosen: it is that of your Slack, or else the default (PREWARM_LANGUAGE)."),
        (False, True): N_("Somebody chose it here. {command} goes back to the default."),
        (False, False): N_("Nobody chose it: it is the default (PREWARM_LANGUAGE)."),
    }
)
_BACK: Final = Word(f"/prewarm language {DEFAULT}", code=True)


def language_answer(answer: Spoken, style: Style) -> Document:
    """Return the answer to `language`."""
    direct, spoken = is_person(answer.to), Language(answer.language)
    what = N_("I write {language} to you") if direct else N_("I write {language} in this channel")
    title = style.words.say(what, language=style.words.say(_NAMES[spoken]))
    why = style.words.fill(_WHY[direct, answer.chosen], command=_BACK)
    default = [asks(f"ask.language.{DEFAULT}", N_("Use the default"), Asked(DEFAULT), style)] if answer.chosen else []
    return short(title, [why], style, Buttons((*others(spoken), *default)))


def others(spoken: Language) -> Iterator[Button]:
    """Yield a button for each other language, with the name that its readers know."""
    for language in Language:
        if language is not spoken:
            yield Button(f"ask.language.{language.value}", _OWN_NAMES[language], write(Asked(language.value)))
