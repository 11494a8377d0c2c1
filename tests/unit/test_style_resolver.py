"""In which language a message is: what was chosen, then what a person has set in Slack, then the setting."""

import threading
from dataclasses import dataclass, field
from dataclasses import replace as but
from zoneinfo import ZoneInfo

import pytest

from bot.domain.answer import Spoken
from bot.domain.language import Language
from bot.domain.memory import Changes
from bot.domain.subscription import Subscription
from bot.rendering.style import Style
from bot.services.locales import GOOD_FOR, PEOPLE_AT_MOST, Locales
from bot.services.question import Asker
from bot.services.style_resolver import StyleResolver
from tests.fakes import Clock
from tests.unit.answers_harness import ADA, ALOUD, DIRECT, HERE, House

EN, ZH = Language.EN, Language.ZH
STYLE = Style(EN, ZoneInfo("UTC"), "https://demo.invalid/", mention="U0OPS")
PATIENCE = 5.0  # seconds that a test waits for a thread


@dataclass
class People:
    """What Slack tells of people's languages, and of whom it was asked."""

    locales: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    answered: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def locale(self, user: str) -> str:
        self.asked.append(user)
        assert self.gate.wait(PATIENCE)
        return self.locales.get(user, "")


@dataclass
class World:
    """StyleResolver on a real ledger."""

    people: People = field(default_factory=People)
    house: House = field(default_factory=House)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.locales = Locales(self.people, tick=self.clock.tick)
        self.styles = StyleResolver(STYLE, self.house.ledger, self.locales)

    def choose(self, **languages: str | None) -> None:
        self.house.write(Changes(languages=languages))

    def answers(self, asker: Asker) -> Language:
        return self.styles.answering(asker).language

    def settle(self) -> None:
        """Wait until nobody is asked about any more."""
        self.locales._pool.submit(lambda: None).result(PATIENCE)


@pytest.fixture
def world() -> World:
    return World()


ANSWERS = [
    pytest.param(ADA, {}, EN, id="in a channel the setting decides, whatever Slack says"),
    pytest.param(ADA, {HERE: "zh"}, ZH, id="or the channel's choice"),
    pytest.param(ADA, {HERE: "zh", ADA.user: "en"}, EN, id="what only the asker sees is in their own choice"),
    pytest.param(ADA, {ADA.user: "zh"}, ZH, id="also where the channel has none"),
    pytest.param(ALOUD, {ADA.user: "zh"}, EN, id="what all read is not"),
    pytest.param(DIRECT, {}, ZH, id="in a direct message Slack's language decides"),
    pytest.param(DIRECT, {ADA.user: "en"}, EN, id="unless another was chosen"),
    pytest.param(but(DIRECT, conversation=""), {}, ZH, id="Home is like a direct message"),
]


@pytest.mark.parametrize(("asker", "chosen", "language"), ANSWERS)
def test_the_language_of_an_answer(world: World, asker: Asker, chosen: dict[str, str], language: Language) -> None:
    world.people.locales[ADA.user] = "zh-CN"
    world.choose(**chosen)
    assert world.answers(asker) is language


@pytest.mark.parametrize(
    ("locale", "language"),
    [("zh-CN", ZH), ("zh-TW", ZH), ("ZH", ZH), ("en-GB", EN), ("ja-JP", EN), ("zhx", EN), ("", EN)],
)
def test_a_locale_is_a_language_or_leaves_it_to_the_setting(world: World, locale: str, language: Language) -> None:
    world.people.locales[ADA.user] = locale
    assert world.answers(DIRECT) is language


def test_a_post_never_waits_and_learns_for_the_next_one(world: World) -> None:
    world.people.locales["U0LIN"] = "zh-CN"
    world.people.gate.clear()
    assert [world.styles.of("U0LIN").language for _ in range(3)] == [EN, EN, EN]
    world.people.gate.set()
    world.settle()
    assert world.styles.of("U0LIN").language is ZH
    assert world.people.asked == ["U0LIN"]


def test_watchers_and_operators_are_known_before_they_are_told(world: World) -> None:
    world.people.locales = {"U0LIN": "zh-CN", "U0OPS": "zh-CN"}
    watches = {"1": Subscription("U0LIN", number=1), "2": Subscription(HERE, number=2)}
    world.house.write(Changes(subscriptions=watches))
    world.styles.expect(["U0OPS"])
    world.settle()
    assert world.people.asked == ["U0LIN", "U0OPS"]
    assert [world.styles.of(to).language for to in ("U0LIN", "U0OPS", HERE)] == [ZH, ZH, EN]


def test_an_invitation_that_nobody_signed_asks_about_nobody(world: World) -> None:
    world.styles.answering(Asker("", "C1"))
    world.settle()
    assert world.people.asked == []


def test_whoever_asks_in_a_channel_is_known_when_they_are_told_something(world: World) -> None:
    world.people.locales[ADA.user] = "zh-CN"
    assert world.answers(ADA) is EN
    world.settle()
    assert world.styles.of(ADA.user).language is ZH


def test_nobody_is_mentioned_in_a_direct_message(world: World) -> None:
    assert [world.styles.of(to).mention for to in (HERE, "G1", "U0LIN")] == ["U0OPS", "U0OPS", ""]


def test_slack_is_asked_once_an_hour_and_what_it_no_longer_tells_is_kept(world: World) -> None:
    world.people.locales[ADA.user] = "zh-CN"
    assert [world.answers(DIRECT) for _ in range(3)] == [ZH] * 3
    assert len(world.people.asked) == 1
    world.clock.at += GOOD_FOR + 1
    world.people.locales.clear()
    assert world.answers(DIRECT) is ZH
    assert len(world.people.asked) == 2


def test_a_changed_language_is_learned(world: World) -> None:
    world.people.locales[ADA.user] = "zh-CN"
    assert world.answers(DIRECT) is ZH
    world.people.locales[ADA.user] = "en-US"
    world.clock.at += GOOD_FOR + 1
    assert world.answers(DIRECT) is EN


def test_so_many_people_are_remembered(world: World) -> None:
    for number in range(PEOPLE_AT_MOST + 1):
        world.locales.ask(f"U{number}")
    world.locales.ask("U1")
    assert len(world.people.asked) == PEOPLE_AT_MOST + 1
    world.locales.ask("U0")
    assert len(world.people.asked) == PEOPLE_AT_MOST + 2


CHOICES = [
    pytest.param(ADA, "zh", Spoken(HERE, "zh", chosen=True), id="a channel's"),
    pytest.param(ADA, "", Spoken(HERE, "en", chosen=False), id="a channel's default"),
    pytest.param(DIRECT, "en", Spoken(ADA.user, "en", chosen=True), id="a person's"),
    pytest.param(DIRECT, "", Spoken(ADA.user, "zh", chosen=False), id="Slack's"),
]


@pytest.mark.parametrize(("asker", "code", "spoken"), CHOICES)
def test_a_choice_is_remembered(world: World, asker: Asker, code: str, spoken: Spoken) -> None:
    world.people.locales[ADA.user] = "zh-CN"
    world.locales.ask(ADA.user)
    if code:
        world.house.actions.speak(asker, code)
    assert world.styles.spoken(asker.to) == spoken


def test_a_choice_is_one_commit_and_the_same_again_is_none(world: World) -> None:
    world.house.actions.speak(ADA, "zh")
    first = world.house.memory
    world.house.actions.speak(ADA, "zh")
    assert world.house.memory is first
    assert first.languages == {HERE: "zh"}
    world.house.actions.speak(ADA, None)
    assert world.house.memory.languages == {}


def test_nobody_is_asked_about_after_the_end(world: World) -> None:
    world.people.gate.clear()
    world.locales.expect(["U0LIN", "U0OPS"])
    world.locales.stop()
    world.people.gate.set()
    world.locales._pool.shutdown(wait=True)
    assert world.people.asked == ["U0LIN"]
