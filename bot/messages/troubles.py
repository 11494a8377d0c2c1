"""Why the list could not be read, in the reader's language."""

from bot.domain.errors import Trouble, sentences
from bot.rendering.escape import name
from bot.rendering.style import Style


def trouble(why: Trouble | str, most: int, style: Style) -> str:
    """Return it as part of a sentence, without its full stop, at most so long; "" for nothing.

    What has no words of its own, and what an older version stored, is told as it came.
    """
    if isinstance(why, Trouble):
        known = sentences().get(why.kind)
        why = style.words.say(known, **why.facts) if known else str(why)
    return name(why, most).rstrip(".。")
