"""What people are shown to type reads back as what was meant."""

import pytest

from bot.commands.spelling import spell_filter
from bot.domain.filter import Filter, Hears

TYPED = [
    (Filter(), Hears.ALL, ""),
    (Filter(cluster="cn-1", words=("qwen", "two words")), Hears.FAILED, 'failed cluster:cn-1 qwen "two words"'),
    (Filter(frozenset({"failed", "PENDING"})), Hears.ALL, "pending failed"),
    (Filter(words=("<b>", "running", " ", "2")), Hears.ALL, '<b> "running" "2"'),
]


@pytest.mark.parametrize(("filter_", "hears", "typed"), TYPED)
def test_people_are_shown_what_they_can_type(filter_: Filter, hears: Hears, typed: str) -> None:
    assert spell_filter(filter_, hears) == typed
