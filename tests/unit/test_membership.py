"""Which channels the bot is in, and whom it matters to when that changes (P14)."""

from dataclasses import dataclass, field

import pytest

from bot.domain.memory import Memory
from bot.domain.outbox import WORKSPACE, Action, Channel, Refused
from bot.domain.subscription import Subscription
from bot.services.courier import Courier
from bot.services.ledger import Ledger
from bot.services.membership import Membership
from tests.fakes import MortalStore
from tests.fakes_store import Shelf
from tests.unit.answers_harness import BASELINE


@dataclass(frozen=True)
class Facts:
    """What Slack says of a channel."""

    is_member: bool
    is_archived: bool = False


@dataclass
class Outside(Courier):
    """Slack and the lanes: what Slack says of every channel, and what the lanes were told."""

    says: Facts | Refused = Facts(is_member=True)
    told: list[tuple[str, ...]] = field(default_factory=list)

    def channel(self, conversation: str) -> Facts | Refused:
        self.told.append(("asked", conversation))
        return self.says

    def rejoined(self, channel: str) -> None:
        self.told.append(("rejoined", channel))

    def shut_out(self, channel: str, code: str) -> None:
        self.told.append(("shut out", channel, code))


def rooms(outside: Outside, *made: Subscription) -> Membership:
    memory = Memory(BASELINE, subscriptions={str(each.number): each for each in made})
    ledger = Ledger(MortalStore(Shelf(memory)), memory)
    return Membership(outside, outside, ledger, (Subscription("C1"),))


@pytest.mark.parametrize(
    ("says", "is_in"),
    [
        pytest.param(Facts(is_member=True), True, id="a member"),
        pytest.param(Facts(is_member=False), False, id="no member"),
        pytest.param(Facts(is_member=True, is_archived=True), False, id="nobody can post in an archived one"),
        pytest.param(Refused(Action.PARK, "channel_not_found"), False, id="a private channel without the bot"),
        pytest.param(Refused(Action.PARK, "missing_scope"), True, id="Slack may not tell: the outbox finds out"),
        pytest.param(Refused(Action.WAIT, "ratelimited", 30.0), True, id="Slack does not tell now"),
    ],
)
def test_whether_the_bot_may_post_somewhere(says: Facts | Refused, is_in: bool) -> None:
    outside = Outside(says)
    assert rooms(outside).is_in("C5") is is_in
    assert outside.told == [("asked", "C5")]


def test_what_waits_for_a_channel_goes_on_when_the_bot_is_back() -> None:
    outside = Outside()
    rooms(outside).joined("C5")
    assert outside.told == [("rejoined", "C5")]


@pytest.mark.parametrize(
    ("channel", "matters"),
    [
        pytest.param("C1", True, id="a channel of PREWARM_CHANNEL"),
        pytest.param("C2", True, id="a channel that somebody subscribed"),
        pytest.param("C3", False, id="a channel in which people only asked"),
    ],
)
def test_a_lost_channel_matters_to_those_who_rely_on_it(channel: str, matters: bool) -> None:
    outside = Outside()
    rooms(outside, Subscription("C2", number=1, by="U1"), Subscription("U1", number=2, by="U1")).lost(
        channel, "not_in_channel"
    )
    assert outside.told == ([("shut out", channel, "not_in_channel")] if matters else [])


@pytest.mark.parametrize(
    ("parked", "says", "told"),
    [
        pytest.param("not_in_channel", Facts(is_member=True), ["asked", "rejoined"], id="invited meanwhile"),
        pytest.param("is_archived", Facts(is_member=True), ["asked", "rejoined"], id="not archived any more"),
        pytest.param("is_archived", Facts(is_member=True, is_archived=True), ["asked"], id="still archived"),
        pytest.param("not_in_channel", Facts(is_member=False), ["asked"], id="still outside"),
        pytest.param("not_in_channel", Refused(Action.WAIT, "ratelimited"), ["asked"], id="Slack does not tell"),
        pytest.param("restricted_action", Facts(is_member=True), [], id="a member all the time: only a post finds out"),
        pytest.param("", Facts(is_member=True), [], id="open"),
    ],
)
def test_a_channel_is_asked_after_while_nothing_else_would_find_out(
    parked: str, says: Facts | Refused, told: list[str]
) -> None:
    outside = Outside(says)
    channels = {"C1": Channel("C1", parked=parked), WORKSPACE: Channel(WORKSPACE, parked="token_revoked")}
    memory = Memory(BASELINE, channels=channels)
    Membership(outside, outside, Ledger(MortalStore(Shelf(memory)), memory), (Subscription("C1"),)).look_again()
    assert outside.told == [(act, "C1") for act in told]
