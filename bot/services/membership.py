"""Which channels the bot is in, and what follows when that changes (P14)."""

from contextlib import suppress
from typing import Final, Protocol

from bot.domain.errors import BotError
from bot.domain.outbox import Refused
from bot.domain.subscription import Subscription
from bot.services.courier import Courier
from bot.services.ledger import Ledger
from bot.slack_errors import shuts_out

NOT_FOUND: Final = "channel_not_found"  # what Slack says of a private channel without the bot, too


class ChannelFacts(Protocol):
    """What Slack says of a channel."""

    @property
    def is_member(self) -> bool: ...

    @property
    def is_archived(self) -> bool: ...


class Slack(Protocol):
    """Asking about a channel; it does not raise."""

    def channel(self, conversation: str) -> ChannelFacts | Refused: ...


class Membership:
    """Knows the channels that somebody relies on."""

    def __init__(self, slack: Slack, courier: Courier, ledger: Ledger, standing: tuple[Subscription, ...]) -> None:
        self._slack, self._courier, self._ledger, self._standing = slack, courier, ledger, standing

    def is_in(self, channel: str) -> bool:
        """Say whether the bot may post there. True also while Slack does not tell: the outbox will find out."""
        facts = self._slack.channel(channel)
        if isinstance(facts, Refused):
            return facts.code != NOT_FOUND
        return facts.is_member and not facts.is_archived

    def look_again(self) -> None:
        """Ask Slack after channels that the bot was shut out of: with nothing waiting for one no post would find out.

        Slack tells of an invitation, too, but not while nobody is connected.
        """
        shut = [each.to for each in self._ledger.memory.channels.values() if shuts_out(each.parked)]
        for channel in shut:
            facts = self._slack.channel(channel)
            if not isinstance(facts, Refused) and facts.is_member and not facts.is_archived:
                with suppress(BotError):  # a store that takes nothing now is told by each poll
                    self.joined(channel)

    def joined(self, channel: str) -> None:
        """Go on with what waits for a channel: the bot was invited, or the channel unarchived."""
        self._courier.rejoined(channel)

    def lost(self, channel: str, code: str) -> None:
        """Say elsewhere at once that a channel cannot be posted to any more, if anybody relies on it."""
        subscriptions = (*self._standing, *self._ledger.memory.subscriptions.values())
        if any(each.to == channel for each in subscriptions):
            self._courier.shut_out(channel, code)
