"""What people type to be told, or not to be told for a while, and what it means: a sentence per row."""

import pytest

from bot.commands.grammar import parse
from bot.commands.request import (
    DidYouMean,
    Mute,
    Request,
    Subscribe,
    Subscriptions,
    Unmute,
    Unsubscribe,
    Unwatch,
    Usage,
    Watch,
    Wrong,
)
from bot.domain.filter import Filter, Hears


def matching(*words: str, cluster: str = "") -> Filter:
    return Filter(cluster=cluster, words=words)


ALL, FAILED, SUCCEEDED = Hears.ALL, Hears.FAILED, Hears.SUCCEEDED
CHANNEL = [
    pytest.param("subscribe", Subscribe(ALL, matching()), id="subscribe alone hears of every ending"),
    pytest.param("subscribe all", Subscribe(ALL, matching()), id="all says the same"),
    pytest.param("订阅", Subscribe(ALL, matching()), id="the same in Chinese"),
    pytest.param(
        "subscribe failed cluster:cn-1 qwen", Subscribe(FAILED, matching("qwen", cluster="cn-1")), id="all conditions"
    ),
    pytest.param(
        "SUBSCRIBE Qwen CLUSTER:cn-1 FAILED", Subscribe(FAILED, matching("Qwen", cluster="cn-1")), id="in any order"
    ),
    pytest.param("订阅 失败 集群\uff1acn-1", Subscribe(FAILED, matching(cluster="cn-1")), id="in Chinese"),
    pytest.param("订阅失败", Subscribe(FAILED, matching()), id="in Chinese without a space"),
    pytest.param("订阅全部", Subscribe(ALL, matching()), id="all in Chinese without a space"),
    pytest.param("subscribe succeeded", Subscribe(SUCCEEDED, matching()), id="successes only"),
    pytest.param("subscribe ready qwen", Subscribe(SUCCEEDED, matching("qwen")), id="ready is succeeded"),
    pytest.param("subscribe failed succeeded", Subscribe(ALL, matching()), id="both are all"),
    pytest.param("subscribe failed and succeeded", Subscribe(ALL, matching()), id="with an and between them"),
    pytest.param('subscribe "failed"', Subscribe(ALL, matching("failed")), id="a quoted state is a word"),
    pytest.param("subscribe page:2", Subscribe(ALL, matching("page:2")), id="a subscription has no pages"),
    pytest.param("subscribe running", Wrong(Usage.ONLY_ENDINGS), id="what is no ending is not told"),
    pytest.param("订阅 等待中 失败", Wrong(Usage.ONLY_ENDINGS), id="nor together with one that is"),
    pytest.param("subscribe state:Evicted", Wrong(Usage.ONLY_ENDINGS), id="other endings count as failed"),
    pytest.param("subscribe <#C1|general> failed", Wrong(Usage.SUBSCRIBE_HERE), id="a channel is not named"),
    pytest.param("subscribe cluster:", Wrong(Usage.CLUSTER_NEEDS_ID), id="a cluster without an ID"),
    pytest.param("subscribe faild qwen", DidYouMean("faild", "subscribe failed"), id="a slip waits for nothing"),
    pytest.param('subscribe "faild"', Subscribe(ALL, matching("faild")), id="unless it is quoted"),
    pytest.param("unsubscribe", Unsubscribe(), id="the only one there is"),
    pytest.param("unsubscribe all", Unsubscribe(), id="all of the only one"),
    pytest.param("unsubscribe 2", Unsubscribe(2), id="by number"),
    pytest.param("退订 #2", Unsubscribe(2), id="by number with its sign, in Chinese"),
    pytest.param("取消订阅2", Unsubscribe(2), id="without a space"),
    pytest.param("unsubscribe \uff12", Unsubscribe(2), id="a full-width number"),
    pytest.param("unsubscribe 0", Wrong(Usage.UNSUBSCRIBE_NUMBER), id="standing ones have no number"),
    pytest.param("unsubscribe qwen", Wrong(Usage.UNSUBSCRIBE_NUMBER), id="not by words"),
    pytest.param("unsubscribe 1 2", Wrong(Usage.UNSUBSCRIBE_NUMBER), id="one at a time"),
    pytest.param("subscriptions", Subscriptions(), id="what this channel hears of"),
    pytest.param("subscription", Subscriptions(), id="in the singular"),
    pytest.param("订阅列表", Subscriptions(), id="in Chinese"),
    pytest.param("subscriptions here", Subscriptions(), id="more words do no harm"),
]
PERSON = [
    pytest.param("watch nzd5ny", Watch(ALL, matching("nzd5ny")), id="an ID is a word"),
    pytest.param("关注 nzd5ny", Watch(ALL, matching("nzd5ny")), id="in Chinese"),
    pytest.param("watch failed", Watch(FAILED, matching()), id="a state is enough"),
    pytest.param("watch cluster:cn-1", Watch(ALL, matching(cluster="cn-1")), id="a cluster is enough"),
    pytest.param("watch failed two words", Watch(FAILED, matching("two", "words")), id="all conditions"),
    pytest.param("watch all", Watch(ALL, matching()), id="everything, if somebody says so"),
    pytest.param("watch", Wrong(Usage.WATCH_WHAT), id="nothing is not everything"),
    pytest.param("watch pending qwen", Wrong(Usage.ONLY_ENDINGS), id="what is no ending is not told"),
    pytest.param("watch suceeded", DidYouMean("suceeded", "watch succeeded"), id="a slip waits for nothing"),
    pytest.param("unwatch", Unwatch(), id="the only one there is"),
    pytest.param("unwatch all", Unwatch(), id="all of the only one"),
    pytest.param("unwatch 3", Unwatch(3), id="by number"),
    pytest.param("取消关注 #3", Unwatch(3), id="by number with its sign, in Chinese"),
    pytest.param('unwatch "3"', Unwatch(None, ALL, matching("3")), id="a quoted number is a word"),
    pytest.param("unwatch nzd5ny", Unwatch(None, ALL, matching("nzd5ny")), id="by ID"),
    pytest.param("unwatch failed qwen", Unwatch(None, FAILED, matching("qwen")), id="with what it was made with"),
    pytest.param("unwatch running", Wrong(Usage.ONLY_ENDINGS), id="no watch was ever made so"),
]


@pytest.mark.parametrize(("typed", "meant"), [*CHANNEL, *PERSON])
def test_what_people_want_to_hear_of_is_understood(typed: str, meant: Request) -> None:
    assert parse(typed) == meant


HOUR, DAY = 3_600.0, 86_400.0
DURATIONS = [
    *(("2h", 2 * HOUR), ("90min", 1.5 * HOUR), ("1h30m", 1.5 * HOUR), ("1h 30m", 1.5 * HOUR), ("2 hours", 2 * HOUR)),
    *(("1 hour and 30 minutes", 1.5 * HOUR), ("1.5h", 1.5 * HOUR), ("for 2h", 2 * HOUR), ("an hour", HOUR)),
    *(("half an hour", HOUR / 2), ("a day", DAY), ("3d", 3 * DAY), ("1 week", 7 * DAY), ("7 days", 7 * DAY)),
    *(("60s", 60.0), ("1 MIN", 60.0), ("2H.", 2 * HOUR), ('"2 h"', 2 * HOUR), ("\uff12\uff48", 2 * HOUR)),
    *(("2小时", 2 * HOUR), ("2 小时", 2 * HOUR), ("2个小时", 2 * HOUR), ("两小时", 2 * HOUR), ("一个小时", HOUR)),
    *(("半小时", HOUR / 2), ("半个小时", HOUR / 2), ("一个半小时", 1.5 * HOUR), ("1小时30分钟", 1.5 * HOUR)),
    *(("四十五分钟", 2_700.0), ("十分钟", 600.0), ("三天", 3 * DAY), ("90秒", 90.0)),
]
CLOCKS = [
    *(("18:00", (18, 0)), ("until 18:00", (18, 0)), ("till 9:05", (9, 5)), ("UNTIL 6PM", (18, 0)), ("6 pm", (18, 0))),
    *(("until 6:30 p.m.", (18, 30)), ("until 12am", (0, 0)), ("until 12pm", (12, 0)), ("until 12:15 am", (0, 15))),
    *(("until noon", (12, 0)), ("until midnight", (0, 0)), ("until 24:00", (0, 0)), ("until 18.30", (18, 30))),
    *(("到 18:00", (18, 0)), ("到18\uff1a00", (18, 0)), ("直到 18点", (18, 0)), ("至 18点30分", (18, 30))),
    *(("到 下午6点", (18, 0)), ("到下午六点半", (18, 30)), ("到晚上8点", (20, 0)), ("到晚上12点", (0, 0))),
    *(("到上午九点", (9, 0)), ("到中午12点", (12, 0)), ("到中午一点", (13, 0)), ("到凌晨12点", (0, 0))),
    *(("到 下午18点", (18, 0)), ("到 二十点", (20, 0)), ("到 零点", (0, 0)), ("到 6点整", (6, 0))),
]


@pytest.mark.parametrize("command", ["mute ", "静音 "])
@pytest.mark.parametrize(("typed", "seconds"), DURATIONS)
def test_a_quiet_lasts_as_long_as_people_say(command: str, typed: str, seconds: float) -> None:
    assert parse(command + typed) == Mute(seconds)


@pytest.mark.parametrize("command", ["mute ", "静音 "])
@pytest.mark.parametrize(("typed", "until"), CLOCKS)
def test_a_quiet_lasts_until_the_time_people_say(command: str, typed: str, until: tuple[int, int]) -> None:
    assert parse(command + typed) == Mute(until=until)


QUIET = [
    pytest.param("静音2小时", Mute(2 * HOUR), id="Chinese without a space"),
    pytest.param("静音两小时", Mute(2 * HOUR), id="Chinese without a digit"),
    pytest.param("静音到18:00", Mute(until=(18, 0)), id="a time without a space"),
    pytest.param("静音到下午六点", Mute(until=(18, 0)), id="a time without a digit"),
    pytest.param("静音模型", None, id="a Chinese word that begins like a command is searched for"),
    pytest.param("unmute", Unmute(), id="unmute"),
    pytest.param("取消静音", Unmute(), id="unmute in Chinese"),
    pytest.param("unmute now", Unmute(), id="more words do no harm"),
    pytest.param("mute", Wrong(Usage.MUTE_HOW_LONG), id="mute alone says no time"),
    pytest.param("mute forever", Wrong(Usage.MUTE_HOW_LONG), id="forever is no time"),
    pytest.param("mute 2", Wrong(Usage.MUTE_HOW_LONG), id="a number without a unit"),
    pytest.param("mute until 6", Wrong(Usage.MUTE_HOW_LONG), id="morning or evening"),
    pytest.param("mute until 2h", Wrong(Usage.MUTE_HOW_LONG), id="until and a length"),
    pytest.param("mute 25:00", Wrong(Usage.MUTE_HOW_LONG), id="an hour that no clock shows"),
    pytest.param("mute 18:60", Wrong(Usage.MUTE_HOW_LONG), id="a minute that no clock shows"),
    pytest.param("mute until 13pm", Wrong(Usage.MUTE_HOW_LONG), id="thirteen in the afternoon"),
    pytest.param("mute 2h tomorrow", Wrong(Usage.MUTE_HOW_LONG), id="more than a time"),
    pytest.param("mute 5 months", Wrong(Usage.MUTE_HOW_LONG), id="a unit that begins like another"),
    pytest.param("mute 小时", Wrong(Usage.MUTE_HOW_LONG), id="a unit without a number"),
    pytest.param("mute 59s", Wrong(Usage.MUTE_LIMITS), id="less than a minute"),
    pytest.param("mute 0h", Wrong(Usage.MUTE_LIMITS), id="no time at all"),
    pytest.param("mute 8d", Wrong(Usage.MUTE_LIMITS), id="more than a week"),
    pytest.param("mute 9999999w", Wrong(Usage.MUTE_LIMITS), id="much more than a week"),
    pytest.param("静音 8天", Wrong(Usage.MUTE_LIMITS), id="more than a week in Chinese"),
]


@pytest.mark.parametrize(("typed", "meant"), QUIET)
def test_what_is_quiet_and_what_is_not(typed: str, meant: Request | None) -> None:
    assert parse(typed) == (meant or parse(f'list "{typed}"'))
