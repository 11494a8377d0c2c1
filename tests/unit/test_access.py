"""Who may ask, and where (PREWARM_ALLOWED_USERS, PREWARM_ALLOWED_CHANNELS); a refusal says whom to ask."""

import pytest

from bot.services.question import Access, Asker

IN_CHANNEL, DIRECT, HOME = Asker("U1", "C1"), Asker("U1", "D1", direct=True), Asker("U1", direct=True)

CASES = [
    pytest.param((), (), IN_CHANNEL, "", id="nothing is restricted"),
    pytest.param(("U1",), (), IN_CHANNEL, "", id="a person on the list"),
    pytest.param(("U2",), (), IN_CHANNEL, "user", id="a person who is not"),
    pytest.param(("U2",), (), DIRECT, "user", id="nor in a direct message"),
    pytest.param(("U2",), (), HOME, "user", id="nor on Home"),
    pytest.param(("U2",), (), Asker("U0OP", "C1"), "", id="operators may always"),
    pytest.param(("U2",), (), Asker("", "C1"), "user", id="nobody is nobody on the list"),
    pytest.param((), ("C1",), IN_CHANNEL, "", id="a channel on the list"),
    pytest.param((), ("C2",), IN_CHANNEL, "channel", id="a channel that is not"),
    pytest.param((), ("C2",), Asker("U0OP", "C1"), "channel", id="nor for operators: others read it there"),
    pytest.param((), ("C2",), DIRECT, "", id="direct messages are no channels"),
    pytest.param((), ("C2",), HOME, "", id="nor is Home"),
    pytest.param(("U2",), ("C2",), IN_CHANNEL, "user", id="both: the person is said first"),
    pytest.param(("U1",), ("C2",), IN_CHANNEL, "channel", id="the person may, but not here"),
]


@pytest.mark.parametrize(("users", "channels", "asker", "because"), CASES)
def test_who_may_ask(users: tuple[str, ...], channels: tuple[str, ...], asker: Asker, because: str) -> None:
    refusal = Access(users, channels, ("U0OP",)).refusal(asker)
    assert (refusal.because if refusal else "") == because
    assert refusal is None or refusal.ask == ("U0OP",)
