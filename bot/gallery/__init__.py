"""Every message the bot can send or answer, made from examples: for the demo's gallery and for the tests' snapshots.

An example is a function from a style to a finished payload, so that each is shown in every language there is.
"""

from bot.gallery.answers import ANSWERS
from bot.gallery.example import Example, Group
from bot.gallery.facts import BURSTS, ENDINGS, FORMS, SERVICE, STUCK

__all__ = ["GROUPS", "Example", "Group"]

GROUPS = (ENDINGS, BURSTS, STUCK, SERVICE, *ANSWERS, FORMS)
