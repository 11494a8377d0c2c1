"""What a stored fact leaves out reads as nothing: rows of older stores rely on it."""

from bot.domain.fact import Kind, News, Notice, NoticeKind, Transition
from bot.domain.task import Task


def test_what_an_ending_does_not_say() -> None:
    ending = Transition(Kind.FAILED, News.ENDED, Task("t", "Failed"), 900.0)
    assert (ending.before, ending.failures, ending.hung, ending.watched) == ("", 0, 0.0, False)


def test_what_a_notice_does_not_say() -> None:
    notice = Notice(NoticeKind.HELLO, 900.0)
    assert (notice.since, notice.until, notice.counts) == (None, 0.0, {})
    assert (notice.why, notice.about, notice.by) == ("", "", "")
