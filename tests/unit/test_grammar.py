"""What people ask and what it means: a sentence per row. Promises: test_grammar_promises."""

import pytest

from bot.commands.grammar import parse
from bot.commands.request import (
    DidYouMean,
    Help,
    Language,
    ListTasks,
    NotYet,
    Request,
    Show,
    Status,
    Summary,
    Usage,
    Why,
    Wrong,
)
from bot.commands.table import BY_WORD, COMMANDS, STATES
from bot.domain.filter import Filter


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
    pytest.param("tasks failed", listed(states=("Failed",)), id="tasks is what the command line calls it"),
    pytest.param("LIST Failed", listed(states=("Failed",)), id="case does not matter"),
    pytest.param("failed", listed(states=("Failed",)), id="a state alone lists that state"),
    pytest.param("失败", listed(states=("Failed",)), id="a Chinese state alone"),
    pytest.param("列表 运行中", listed(states=("Running",)), id="Chinese command and state"),
    pytest.param("列出 成功 等待中", listed(states=("Succeeded", "Pending")), id="two Chinese states"),
    pytest.param(
        "list pytorch failed cluster:cn-1", listed("pytorch", states=("Failed",), cluster="cn-1"), id="any order"
    ),
    pytest.param("list failed, running", listed(states=("Failed", "Running")), id="commas between states"),
    pytest.param("list failed,running", listed(states=("Failed", "Running")), id="a comma and no space"),
    pytest.param("list failed|running", listed(states=("Failed", "Running")), id="as the usage writes it"),
    pytest.param("list [failed]", listed(states=("Failed",)), id="brackets copied from the usage"),
    pytest.param("失败\uff0c运行中", listed(states=("Failed", "Running")), id="a Chinese comma"),
    pytest.param("list failed or running x", listed("x", states=("Failed", "Running")), id="or between states"),
    pytest.param("list failed or x", listed("or", "x", states=("Failed",)), id="or between other words is a word"),
    pytest.param("list x,y", listed("x,y"), id="a comma within a word"),
    pytest.param("list all", listed(), id="all is no word"),
    pytest.param("列表 全部", listed(), id="all in Chinese"),
    pytest.param("list state:Failed", listed(states=("Failed",)), id="a state with its key"),
    pytest.param("list 状态\uff1a失败", listed(states=("Failed",)), id="the same in Chinese"),
    pytest.param("list state:Evicted", listed(states=("Evicted",)), id="a state that the vendor does not document"),
    pytest.param("list state:", listed("state:"), id="a key for nothing is a word"),
    pytest.param("failed!", listed(states=("Failed",)), id="an exclamation mark"),
    pytest.param("失败。", listed(states=("Failed",)), id="a Chinese full stop"),
    pytest.param("list qwen.", listed("qwen"), id="a full stop"),
    pytest.param("list .env", listed(".env"), id="a dot before a word is part of it"),
    pytest.param("list: failed", listed(states=("Failed",)), id="a colon after the command"),
    pytest.param("/list failed", listed(states=("Failed",)), id="a slash before the command"),
    pytest.param("@prewarm list", listed(), id="a mention that is none"),
    pytest.param("list *failed*", listed(states=("Failed",)), id="bold letters"),
    pytest.param("`show nzd5`", Show("nzd5"), id="code from a message"),
    pytest.param("show ```nzd5```", Show("nzd5"), id="a block of code"),
    pytest.param("list qwen*", listed("qwen"), id="a star is what all words end in"),
    pytest.param("li\u200bst\ufeff failed", listed(states=("Failed",)), id="signs that nobody sees"),
    pytest.param("list\x00failed", listed(states=("Failed",)), id="a control is a space"),
    pytest.param("list \ud800x", listed("\ufffdx"), id="half a sign is none that could be stored"),
    pytest.param("list cluster cn-1 x", listed("x", cluster="cn-1"), id="a space instead of the colon"),
    pytest.param("list cluster", listed("cluster"), id="cluster alone is a word"),
    pytest.param("list cluster=cn-1", listed(cluster="cn-1"), id="an equals sign"),
    pytest.param('list cluster: "a b" x', listed("x", cluster="a b"), id="a quoted cluster after a space"),
    pytest.param("list cluster:CN-1 cluster:cn-1", listed(cluster="CN-1"), id="the same cluster in another case"),
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
    pytest.param('list "a ""b"" c"', listed('a "b" c'), id="two quotes within quotes are one"),
    pytest.param('list "my model", failed', listed("my model", states=("Failed",)), id="a comma after quotes"),
    pytest.param("list 'my model', x", listed("my model", "x"), id="a comma after single quotes"),
    pytest.param('list "cluster:cn-1"', listed("cluster:cn-1"), id="a quoted cluster is a word"),
    pytest.param('list "open', listed("open"), id="a quote that is never closed"),
    pytest.param('list "" x', listed("x"), id="empty quotes are nothing"),
    pytest.param("pytorch:v2", listed("pytorch:v2"), id="a word that is no command is searched for"),
    pytest.param("list failed page:2", ListTasks(Filter(frozenset({"Failed"})), 1), id="the second page"),
    pytest.param("列表 页\uff1a3 x", ListTasks(Filter(words=("x",)), 2), id="the third page, in Chinese"),
    pytest.param("列表 第2页", ListTasks(Filter(), 1), id="the second page as it is said"),
    pytest.param("list page:0", listed(), id="a page before the first"),
    pytest.param("list page:latest", listed("page:latest"), id="an image may be called so"),
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
    pytest.param("list <http://r.io/x|r.io/x>:v2 failed", listed("r.io/x:v2", states=("Failed",)), id="half a link"),
    pytest.param("list <https://r.io/a:1>", listed("r.io/a:1"), id="images are listed without https://"),
    pytest.param("list 'https://r.io'", listed("https://r.io"), id="unless somebody quotes it"),
    pytest.param("failed <@U0BOT>", listed(states=("Failed",)), id="a mention at the end"),
    pytest.param("<@U0BOT|prewarm> failed", listed(states=("Failed",)), id="a mention by name"),
    pytest.param("why nzd5", Why("nzd5"), id="why one task was told or not"),
    pytest.param("为什么 nzd5\uff1f", Why("nzd5"), id="why in Chinese, with its question mark"),
    pytest.param("status", Status(), id="the bot's own health"),
    pytest.param("状态", Status(), id="the same in Chinese"),
    pytest.param("列表失败", listed(states=("Failed",)), id="Chinese without a space"),
    pytest.param("查看nzd5", Show("nzd5"), id="a Chinese command and an ID without a space"),
    pytest.param("任务集群:cn-1", listed(cluster="cn-1"), id="a Chinese command and a cluster without a space"),
    pytest.param("状态机", listed("状态机"), id="a Chinese word that begins like a command"),
    pytest.param("list <#C1|general> <#C2>", listed("#general", "#C2"), id="a channel"),
    pytest.param("list <@U1|lin> <@U2>", listed("@lin"), id="a person by name; a bare mention calls us"),
    pytest.param("list <!channel> <!date^1^x|today>", listed("@channel", "today"), id="a broadcast is only a word"),
    pytest.param("list &lt;b&gt; &amp;lt;i", listed("<b>", "&lt;i"), id="entities are undone once"),
    pytest.param("help", Help(), id="help"),
    pytest.param("help LIST", Help("list"), id="help on a command"),
    pytest.param("help 列表", Help("list"), id="help on a Chinese word gives the English entry"),
    pytest.param("help /mute", Help("mute"), id="help on a command with a slash"),
    pytest.param("help sbscribe", Help("subscribe"), id="help on a command with a slip"),
    pytest.param("help retry", Help("retry"), id="help on a command that is not built"),
    pytest.param("?", Help(), id="a question mark"),
    pytest.param("<@U0BOT> ?", Help(), id="a question mark after a mention"),
    pytest.param("\uff1f", Help(), id="a full-width question mark"),
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
    pytest.param("subscibe failed", DidYouMean("subscibe", "subscribe"), id="a letter missing in a long word"),
    pytest.param("subsrcibtions", DidYouMean("subsrcibtions", "subscriptions"), id="two slips in a long word"),
    pytest.param("unsubscrbe 2", DidYouMean("unsubscrbe", "unsubscribe"), id="the nearest of two commands"),
    pytest.param("nusubscribe", DidYouMean("nusubscribe", "unsubscribe"), id="the first two letters swapped"),
    pytest.param("ubscribe", DidYouMean("ubscribe", "subscribe"), id="the first letter missing"),
    pytest.param("wacth nzd5", DidYouMean("wacth", "watch"), id="a slip in watch"),
    pytest.param("batch", listed("batch"), id="another first letter is another word"),
    pytest.param("watcher", listed("watcher"), id="two letters more are another word"),
    pytest.param("why", Wrong(Usage.WHY_NEEDS_ID), id="why without an ID"),
    pytest.param("muet 2h", DidYouMean("muet", "mute"), id="a slip in mute"),
    pytest.param("runing", DidYouMean("runing", "running"), id="a letter missing in a state"),
    pytest.param('"lsit"', listed("lsit"), id="a quoted slip is a word"),
    pytest.param("wyh", listed("wyh"), id="never a guess at three letters"),
    pytest.param("list lsit", listed("lsit"), id="only the first word is guessed at"),
    pytest.param("model", listed("model"), id="an ordinary word is no slip"),
    pytest.param("show", Wrong(Usage.SHOW_NEEDS_ID), id="show without an ID"),
    pytest.param("show a b", Wrong(Usage.SHOW_ONE_ID), id="show with two IDs"),
    pytest.param("why a b", Wrong(Usage.WHY_ONE_ID), id="why with two IDs"),
    pytest.param("language", Language(), id="which language it is"),
    pytest.param("language zh", Language("zh"), id="a language by its code"),
    pytest.param("Language Chinese", Language("zh"), id="by its name"),
    pytest.param("语言 中文", Language("zh"), id="in Chinese"),
    pytest.param("语言中文", Language("zh"), id="in Chinese without a space"),
    pytest.param("语言 英文", Language("en"), id="English in Chinese"),
    pytest.param("language default", Language("default"), id="as if nobody had chosen"),
    pytest.param("langauge en", DidYouMean("langauge", "language"), id="a slip in the command"),
    pytest.param("language klingon", Wrong(Usage.LANGUAGE_WHICH), id="a language without words"),
    pytest.param("language en zh", Wrong(Usage.LANGUAGE_WHICH), id="two languages"),
    pytest.param('language "zh"', Wrong(Usage.LANGUAGE_WHICH), id="a quoted word is no language"),
    pytest.param("status nzd5", Wrong(Usage.STATUS_ALONE), id="the status of a task is asked for otherwise"),
    pytest.param("list cluster:", Wrong(Usage.CLUSTER_NEEDS_ID), id="a cluster without an ID"),
    pytest.param("list cluster:a cluster:b", Wrong(Usage.ONE_CLUSTER), id="two clusters"),
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
