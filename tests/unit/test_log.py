"""Logs: one line of JSON or one for people, no secret, no control character, and the same trouble said once."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.domain.fact import Kind, News, Transition
from bot.domain.task import Task
from bot.operations import log
from bot.services.events import (
    Delayed,
    DeliverySettled,
    Event,
    Failed,
    Forgotten,
    HeldUp,
    Noticed,
    Opened,
    Parked,
    Polled,
    Worked,
)
from bot.settings.values import LogFormat, LogLevel

KEY = "a-dummy-key-of-the-api"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    log.configure(LogLevel.DEBUG, LogFormat.JSON, [KEY], stream)
    yield stream
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param(KEY, id="the key itself"),
        pytest.param("xoxb-1-dummy", id="a bot token"),
        pytest.param("xapp-1-dummy", id="an app token"),
        pytest.param("abcdef", id="what follows Bearer"),
    ],
)
def test_no_secret_reaches_the_log(stream: io.StringIO, secret: str) -> None:
    text = f"Bearer {secret}" if secret == "abcdef" else secret
    logging.getLogger("some.library").warning("sent %s", text, extra={"header": text})
    structlog.get_logger("bot").warning("sent", nested={"token": [text]})
    try:
        int(text)  # its error quotes the text
    except ValueError:
        logging.getLogger("some.library").exception("failed")
    assert len(lines(stream)) == 3
    assert secret not in stream.getvalue()
    assert "[hidden]" in stream.getvalue()


def test_hostile_text_cannot_move_a_terminal(stream: io.StringIO) -> None:
    structlog.get_logger("bot").info("note: \x1b[2J\n\u202eabc\x00")
    (line,) = lines(stream)
    assert line["event"] == r"note: \x1b[2J\n\u202eabc\x00"


def test_a_line_for_people_is_one_line() -> None:
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    log.configure(LogLevel.INFO, LogFormat.CONSOLE, [], stream)
    log.LogObserver()(Parked("C1", "not_in_channel"))
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()
    assert "C1 cannot be posted to (not_in_channel). Its messages wait, and it is tried again." in stream.getvalue()
    assert stream.getvalue().count("\n") == 1


ENDED = Transition(Kind.FAILED, News.ENDED, Task("t1", "Failed", image_url="r.io/a:1"), at=1.0)
HOME = Failed("home", "The Home of U1 could not be published: timeout.", to="U1")
GOOD, BAD = Polled("complete", 0.1), Polled("failed", 0.1, trouble="HTTP 502")


@pytest.mark.parametrize(
    ("events", "actions"),
    [
        pytest.param([GOOD, GOOD], ["list.read", "list.read"], id="good polls are read; only the first above debug"),
        pytest.param([BAD, BAD, GOOD], ["list.trouble", "list.again", "list.read"], id="one trouble, one end"),
        pytest.param(
            [BAD, Polled("failed", 0.1, trouble="HTTP 401")], ["list.trouble"] * 2, id="another trouble is said"
        ),
        pytest.param(
            [Polled("partial", 0.1, skipped=2)] * 2, ["list.read", "rows.skipped", "list.read"], id="D7: once"
        ),
        pytest.param([Noticed(ENDED, 2)], ["task.ended"], id="a transition"),
        pytest.param([Delayed("C1", "S:1", "429", 1)] * 3, ["post.delayed"], id="the same delay once"),
        pytest.param(
            [Delayed("C1", "S:1", "429", 1), DeliverySettled("sent", 1, "C1", "S:1", "C1", "1.2")],
            ["post.delayed", "post.again", "post.told"],
            id="and its end",
        ),
        *(
            pytest.param(
                [Delayed("C1", "S:1", "odd_code", 1), DeliverySettled(result, 1, "C1", "S:1", "C1", "")],
                ["post.delayed", "post.told"],
                id=f"{result}: nobody took a message",
            )
            for result in ("dropped", "possible_repeat", "adopted")
        ),
        pytest.param([Parked("*", "token_revoked"), Opened("*")], ["slack.stopped", "channel.opened"], id="P15"),
        pytest.param(
            [HeldUp("C1", "ratelimited", 600.0)] * 2 + [Opened("C1")], ["channel.held_up", "channel.opened"], id="P14"
        ),
        pytest.param(
            [Parked("C1", "is_archived"), Forgotten("C1", "is_archived", 3, 0), Parked("C1", "is_archived")],
            ["channel.parked", "recipient.forgotten", "channel.parked"],
            id="P18",
        ),
        pytest.param([Failed("poll", "The disk is full.")] * 2, ["poll.failed"], id="a fault once"),
        pytest.param(
            [Failed("outbox", "The disk is full."), Worked("outbox"), Worked("outbox")] * 2,
            ["outbox.failed", "outbox.again"] * 2,
            id="and again when it comes back after having been well",
        ),
        pytest.param(
            [HOME, Worked("home", "U2"), HOME, Worked("home", "U1"), HOME],
            ["home.failed", "home.again", "home.failed"],
            id="what goes well for one is not over for another",
        ),
    ],
)
def test_each_event_is_a_line_and_the_same_trouble_is_said_once(
    stream: io.StringIO, events: list[Event], actions: list[str]
) -> None:
    observer = log.LogObserver()
    for event in events:
        observer(event)
    assert [line["action"] for line in lines(stream)] == actions


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        pytest.param(
            HeldUp("C1", "", 600.4),
            "C1 could not be told anything for 600 s (no cause is known). Its messages wait, and it is tried again.",
            id="held up",
        ),
        pytest.param(
            Forgotten("U1", "user_disabled", 1, 2),
            "U1 is closed (user_disabled) and nobody relies on it any more: 1 delivery given up and 2 watches end. "
            "It is forgotten.",
            id="forgotten",
        ),
    ],
)
def test_what_cannot_be_told_reads_as_a_sentence(stream: io.StringIO, event: Event, sentence: str) -> None:
    log.LogObserver()(event)
    assert [line["event"] for line in lines(stream)] == [sentence]


def test_a_transition_reads_as_a_sentence(stream: io.StringIO) -> None:
    log.LogObserver()(Noticed(ENDED, 2))
    (line,) = lines(stream)
    assert line["event"] == "Task t1 failed: it was seen at work and has ended; to be told to 2."
