"""What people type and what it means: INTERFACE.md, "Chat", a sentence per row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.filter import Filter
from bot.messages.commands import BY_WORD, COMMANDS, STATES
from bot.messages.grammar import DidYouMean, Help, ListTasks, NotYet, Request, Show, Summary, Wrong, parse
from bot.messages.words import Say


def listed(*words: str, states: tuple[str, ...] = (), cluster: str = "") -> ListTasks:
    return ListTasks(Filter(frozenset(states), cluster, words))


def wide(text: str) -> str:
    """The full-width form that a Chinese keyboard may produce."""
    return "".join("\u3000" if sign == " " else chr(ord(sign) + 0xFEE0) for sign in text)


CASES = [
    pytest.param("", Summary(), id="nothing asks what is going on"),
    pytest.param("  \n ", Summary(), id="white space is nothing"),
    pytest.param("<@U0BOT>", Summary(), id="a mention alone asks what is going on"),
    pytest.param("/prewarm", Summary(), id="the command pasted into a direct message"),
    pytest.param("/prewarm list failed", listed(states=("Failed",)), id="an example pasted from help"),
    pytest.param("list", listed(), id="list alone lists all"),
    pytest.param("LIST Failed", listed(states=("Failed",)), id="case does not matter"),
    pytest.param("failed", listed(states=("Failed",)), id="a state alone lists that state"),
    pytest.param("失败", listed(states=("Failed",)), id="a Chinese state alone"),
    pytest.param("列表 运行中", listed(states=("Running",)), id="Chinese command and state"),
    pytest.param("列出 成功 等待中", listed(states=("Succeeded", "Pending")), id="two Chinese states"),
    pytest.param(
        "list pytorch failed cluster:cn-1", listed("pytorch", states=("Failed",), cluster="cn-1"), id="any order"
    ),
    pytest.param("list failed, running", listed(states=("Failed", "Running")), id="commas between states"),
    pytest.param("list cluster: cn-1", listed(cluster="cn-1"), id="a space after the colon"),
    pytest.param("list 集群\uff1acn-1", listed(cluster="cn-1"), id="a Chinese word and a full-width colon"),
    pytest.param("list CLUSTER:CN-1", listed(cluster="CN-1"), id="cluster in capitals"),
    pytest.param("list cluster:cn-1 cluster:cn-1", listed(cluster="cn-1"), id="the same cluster twice"),
    pytest.param('list cluster:"华北 一区"', listed(cluster="华北 一区"), id="a quoted cluster name"),
    pytest.param(wide("list failed"), listed(states=("Failed",)), id="full-width letters and space"),
    pytest.param('list "my model" x', listed("my model", "x"), id="quotes keep words together"),
    pytest.param("list “my model” 失败", listed("my model", states=("Failed",)), id="smart quotes"),
    pytest.param("list 「my model」", listed("my model"), id="corner quotes"),
    pytest.param("list 'my model' x", listed("my model", "x"), id="single quotes"),
    pytest.param("list it\u2019s", listed("it's"), id="an apostrophe is no quote"),
    pytest.param('list "failed"', listed("failed"), id="a quoted state is a word"),
    pytest.param('"list"', listed("list"), id="a quoted command is a word"),
    pytest.param('list "open', listed("open"), id="a quote that is never closed"),
    pytest.param('list "" x', listed("x"), id="empty quotes are nothing"),
    pytest.param("pytorch:v2", listed("pytorch:v2"), id="a word that is no command is searched for"),
    pytest.param("pytorch v2", listed("pytorch", "v2"), id="several words are searched for"),
    pytest.param("nzd5", listed("nzd5"), id="an ID alone is searched for"),
    pytest.param("cluster:cn-1", listed(cluster="cn-1"), id="a cluster alone lists it"),
    pytest.param("show nzd5", Show("nzd5"), id="show one task"),
    pytest.param("查看 nzd5", Show("nzd5"), id="show in Chinese"),
    pytest.param('show "nzd5"', Show("nzd5"), id="a quoted ID"),
    pytest.param("<@U0BOT> show nzd5", Show("nzd5"), id="after a mention"),
    pytest.param("<@U0BOT|prewarm> <@U0BOT> 帮助", Help(), id="after two mentions"),
    pytest.param("show <http://r.io|r.io>", Show("r.io"), id="a link is what was typed"),
    pytest.param("show <https://r.io/a:1>", Show("https://r.io/a:1"), id="a link without a label is its address"),
    pytest.param("show <mailto:a@b.io|a@b.io>", Show("a@b.io"), id="an address with an at sign"),
    pytest.param("show <mailto:a@b.io>", Show("a@b.io"), id="the same without a label"),
    pytest.param("list <#C1|general> <#C2>", listed("#general", "#C2"), id="a channel"),
    pytest.param("list <@U1|lin> <@U2>", listed("@lin"), id="a person by name; a bare mention calls us"),
    pytest.param("list <!channel> <!date^1^x|today>", listed("@channel", "today"), id="a broadcast is only a word"),
    pytest.param("list &lt;b&gt; &amp;lt;i", listed("<b>", "&lt;i"), id="entities are undone once"),
    pytest.param("help", Help(), id="help"),
    pytest.param("help LIST", Help("list"), id="help on a command"),
    pytest.param("help 列表", Help("list"), id="help on a Chinese word gives the English entry"),
    pytest.param("help /mute", Help("mute"), id="help on a command with a slash"),
    pytest.param("help bananas", Help("bananas"), id="help on a word that is no command"),
    pytest.param("retry nzd5", NotYet("retry"), id="a command that is not built"),
    pytest.param("删除 nzd5", NotYet("delete"), id="a Chinese command that is not built"),
    pytest.param("lst", listed("lst"), id="three letters are too short for a guess"),
    pytest.param("lsit", DidYouMean("lsit", "list"), id="two letters swapped"),
    pytest.param("Shwo x", DidYouMean("Shwo", "show"), id="a slip in capitals with more words"),
    pytest.param("helpp", DidYouMean("helpp", "help"), id="a letter too many"),
    pytest.param("stats2", listed("stats2"), id="a word with a digit is a name"),
    pytest.param("statu", DidYouMean("statu", "status"), id="a letter missing"),
    pytest.param("retrx", DidYouMean("retrx", "retry"), id="a wrong letter"),
    pytest.param("faild", DidYouMean("faild", "failed"), id="a slip in a state"),
    pytest.param("list lsit", listed("lsit"), id="only the first word is guessed at"),
    pytest.param("model", listed("model"), id="an ordinary word is no slip"),
    pytest.param("show", Wrong(Say.SHOW_NEEDS_ID), id="show without an ID"),
    pytest.param("show a b", Wrong(Say.SHOW_ONE_ID), id="show with two IDs"),
    pytest.param("list cluster:", Wrong(Say.CLUSTER_NEEDS_ID), id="a cluster without an ID"),
    pytest.param("list cluster:a cluster:b", Wrong(Say.ONE_CLUSTER), id="two clusters"),
]


@pytest.mark.parametrize(("typed", "meant"), CASES)
def test_what_people_type_is_understood(typed: str, meant: Request) -> None:
    assert parse(typed) == meant


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_word_of_a_command_is_the_command(command: object) -> None:
    entry = next(each for each in COMMANDS if each is command)
    for word in entry.words:
        asked = parse(f"{word.upper()} x")
        assert asked == NotYet(entry.name) if not entry.built else not isinstance(asked, NotYet | DidYouMean)


def test_the_chat_section_of_the_interface_is_known() -> None:
    promised = (
        "list show watch unwatch subscribe unsubscribe subscriptions mute unmute why status language quota stats "
        "create retry delete help"
    )
    assert set(promised.split()) == {command.name for command in COMMANDS}


def test_no_word_means_two_things() -> None:
    words = [word for command in COMMANDS for word in command.words]
    assert len(words) == len(set(words)) == len(BY_WORD)
    assert not set(words) & set(STATES)


@given(st.text(st.characters(), max_size=200))
def test_parse_never_raises(text: str) -> None:
    assert isinstance(parse(text), Request)


@given(st.lists(st.sampled_from(['"', "'", "cluster:", "<", ">", "<@", "|", "&lt;", " ", "list", "show", "失败", "a"])))
def test_parse_never_raises_on_broken_mark_up(pieces: list[str]) -> None:
    assert isinstance(parse("".join(pieces)), Request)


def test_a_pasted_book_costs_nothing() -> None:
    assert isinstance(parse('"a ' * 1_000_000), ListTasks)
