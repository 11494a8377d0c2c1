"""What cannot be answered or promised here, why, and who can change that."""

from typing import Final

from bot.domain.answer import Forbidden, NotHere
from bot.messages.frame import short
from bot.rendering.document import Document, Line, Word, joined, place
from bot.rendering.languages import N_
from bot.rendering.style import Style

_ASKED_AT_MOST: Final = 5


def not_here(answer: NotHere, style: Style) -> Document:
    """Return how to let the bot post in a channel."""
    invite = Word("/invite @prewarm", code=True)
    line = style.words.fill("Type {invite} in {channel}, then ask me again.", invite=invite, channel=place(answer.to))
    return short(style.words.say("I cannot post in this channel yet"), [line], style)


def forbidden(answer: Forbidden, style: Style) -> Document:
    """Return that access is restricted, by which setting, and whom to ask."""
    here = answer.because == "channel"
    title = style.words.say(N_("I may not answer in this channel") if here else N_("I may not answer you"))
    setting = Word("PREWARM_ALLOWED_CHANNELS" if here else "PREWARM_ALLOWED_USERS", code=True)
    reason = style.words.fill(
        N_("Where I may be asked is limited ({setting}).") if here else N_("Who may ask me is limited ({setting})."),
        setting=setting,
    )
    return short(title, [reason, _whom(answer, style)], style)


def _whom(answer: Forbidden, style: Style) -> Line:
    people = [(place(each),) for each in answer.ask[:_ASKED_AT_MOST]]
    if not people:
        return (Word(style.words.say("To change that, ask whoever runs this bot.")),)
    return style.words.fill("To change that, ask {people}.", people=joined(people, style.words.say(" or ")))
