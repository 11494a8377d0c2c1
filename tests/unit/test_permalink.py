"""Addresses of messages, as people open them."""

import pytest

from bot.rendering.permalink import permalink


@pytest.mark.parametrize("url", ["https://demo.slack.com/", "https://demo.slack.com"])
def test_a_message_has_an_address_in_its_workspace(url: str) -> None:
    assert permalink(url, "C1", "1700000000.000100") == "https://demo.slack.com/archives/C1/p1700000000000100"


@pytest.mark.parametrize("parts", [("", "C1", "1.1"), ("https://demo.slack.com/", "", "1.1"), ("https://x/", "C1", "")])
def test_a_message_that_is_not_known_has_none(parts: tuple[str, str, str]) -> None:
    assert permalink(*parts) == ""
