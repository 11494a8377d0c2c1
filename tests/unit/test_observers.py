"""Whoever looks on must not harm what it looks at, nor keep others from hearing of it."""

import logging

import pytest

from bot.services.events import Event, Observers, Worked
from tests.fakes import Witness


def test_an_observer_that_fails_is_logged_and_the_others_hear_it_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    def broken(event: Event) -> None:
        raise ValueError(event)

    first, last = Witness(), Witness()
    observers = Observers(first, broken)
    observers.add(last)
    observers(Worked("home", "U1"))
    assert first.heard == last.heard == [Worked("home", "U1")]
    assert [(record.levelno, bool(record.exc_info)) for record in caplog.records] == [(logging.ERROR, True)]
