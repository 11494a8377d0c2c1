"""Facts: which task they are about, why they are news, and what a stored one leaves out (older rows rely on it)."""

from bot.domain.fact import Fact, Kind, News, Notice, NoticeKind, Stuck, Transition, task_of
from bot.domain.task import Task


def test_what_an_ending_does_not_say() -> None:
    ending = Transition(Kind.FAILED, News.ENDED, Task("t", "Failed"), 900.0)
    assert (ending.before, ending.failures, ending.hung, ending.watched) == ("", 0, 0.0, False)


def test_what_a_notice_does_not_say() -> None:
    notice = Notice(NoticeKind.HELLO, 900.0)
    assert (notice.since, notice.until, notice.counts) == (None, 0.0, {})
    assert (notice.why, notice.about, notice.by) == ("", "", "")


def test_each_reason_has_words_of_its_own() -> None:
    words = {news.words for news in News}
    assert len(words) == len(News)
    assert all(each.startswith(("it ", "the account ")) for each in words)


def test_which_task_a_fact_is_about() -> None:
    task = Task("t", "Failed")
    facts: list[Fact] = [
        Transition(Kind.FAILED, News.ENDED, task, 900.0),
        Stuck(task, 900.0, 100.0),
        Notice(NoticeKind.HELLO, 900.0),
    ]
    assert [task_of(each) for each in facts] == ["t", "t", ""]
