"""All commands in one table: their words, their form, examples, and whether they are built.

Help is drawn from it. A later capability gives its entry a reader in `grammar.py`; until then people are told that it
is not built yet.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from types import MappingProxyType
from typing import Final

from bot.domain.task import TaskState
from bot.rendering.languages import N_


class Group(Enum):
    """What a command is for: the headings of help, in their order."""

    ASK = N_("Ask")
    FOLLOW = N_("Follow, in a direct message to you")
    CHANNEL = N_("This channel")
    BOT = N_("The bot")
    CHANGE = N_("Change something (operators)")


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `words` are all its names, English first; `form` is what follows; `built`: it works today."""

    words: tuple[str, ...]
    does: str
    group: Group
    form: str = ""
    examples: tuple[str, ...] = ()  # as typed after `/prewarm`, the most telling first
    more: str | None = None  # what help on this command adds
    built: bool = False

    @property
    def name(self) -> str:
        """What it is called in answers."""
        return self.words[0]

    @property
    def usage(self) -> str:
        """Its whole form, as typed."""
        return f"{self.name} {self.form}".rstrip()


_ASK: Final = (
    Command(
        ("list", "tasks", "列表", "列出", "任务", "任务列表"),
        N_("the listed tasks; states, a cluster and words narrow it"),
        Group.ASK,
        "[failed|running|…] [cluster:ID] [words…]",
        ("list failed qwen", "failed", "list running cluster:cn-dev-1", "列表 失败"),
        N_(
            "States: pending, running, succeeded (or ready), failed; several mean any of them. "
            "Every word must be in the name, address, note, cluster or ID; quotes keep words together."
        ),
        built=True,
    ),
    Command(
        ("show", "查看", "详情"),
        N_("one task, whole; the ID may be cut short"),
        Group.ASK,
        "ID",
        ("show nzd5ny", "查看 nzd5ny"),
        N_("The beginning of an ID will do where no other task begins so."),
        built=True,
    ),
    Command(
        ("why", "为什么", "为何"),
        N_("what became of the notifications about a task"),
        Group.ASK,
        "ID",
        ("why nzd5ny", "为什么 nzd5ny"),
        N_("Whom I told of it, when, and what waits and why. The beginning of the ID will do."),
        built=True,
    ),
)
_FOLLOW: Final = (
    Command(
        ("watch", "关注"),
        N_("tell me when a task ends, or each that matches"),
        Group.FOLLOW,
        "ID | [failed] [cluster:ID] words…",
        ("watch nzd5ny", "watch failed qwen", "watch cluster:cn-dev-1", "关注 nzd5ny"),
        N_(
            "With an ID: once, when that task ends. With failed or succeeded, a cluster or words: each time, "
            "until you say unwatch."
        ),
        built=True,
    ),
    Command(
        ("unwatch", "取消关注"),
        N_("end a watch"),
        Group.FOLLOW,
        "[N | ID | words…]",
        ("unwatch nzd5ny", "unwatch 3", "unwatch failed qwen", "取消关注 nzd5ny"),
        N_("By its number, or with the words it was made with. Alone: the only one you have."),
        built=True,
    ),
)
_CHANNEL: Final = (
    Command(
        ("subscribe", "订阅"),
        N_("tell this channel of each task that ends and matches"),
        Group.CHANNEL,
        "[failed] [cluster:ID] [words…]",
        ("subscribe failed", "subscribe cluster:cn-dev-1 qwen", "订阅 失败"),
        N_(
            "Without failed or succeeded it hears of both; failed includes what ended otherwise, vanished or is stuck. "
            "It is announced here."
        ),
        built=True,
    ),
    Command(
        ("unsubscribe", "取消订阅", "退订"),
        N_("end a subscription of this channel"),
        Group.CHANNEL,
        "[N]",
        ("unsubscribe 2", "取消订阅 2"),
        N_("The command subscriptions shows the numbers. Without one: the only one there is."),
        built=True,
    ),
    Command(
        ("subscriptions", "subscription", "订阅列表", "我的订阅"),
        N_("what this channel hears of, and what you watch"),
        Group.CHANNEL,
        examples=("subscriptions", "订阅列表"),
        built=True,
    ),
    Command(
        ("mute", "静音", "免打扰"),
        N_("be quiet in this channel for a while"),
        Group.CHANNEL,
        "2h | until 18:00",
        ("mute 2h", "mute 90min", "mute until 6pm", "静音 2小时", "静音 到 18:00"),
        N_("From 1 minute to 7 days. Nothing is lost: what ends meanwhile is summed up afterwards."),
        built=True,
    ),
    Command(
        ("unmute", "取消静音", "解除静音"),
        N_("end the quiet"),
        Group.CHANNEL,
        examples=("unmute", "取消静音"),
        more=N_("What was missed is summed up at once."),
        built=True,
    ),
)
_BOT: Final = (
    Command(("status", "状态"), N_("the bot's own health"), Group.BOT, examples=("status", "状态"), built=True),
    Command(
        ("language", "语言"),
        N_("English or Chinese, for this channel or me"),
        Group.BOT,
        "en|zh|default",
        ("language zh", "language english", "语言 中文"),
        N_(
            "In a channel it is the channel's, in a direct message yours. With default it is as if nobody had chosen; "
            "in direct messages that is the language set in Slack."
        ),
        built=True,
    ),
    Command(
        ("help", "帮助"), N_("this, or one command"), Group.BOT, "[command]", ("help watch", "帮助 静音"), built=True
    ),
)
_LATER: Final = (
    Command(("quota", "配额", "额度"), N_("the allowance of prewarm tasks"), Group.ASK),
    Command(("stats", "统计"), N_("the history in figures"), Group.ASK, "[7d]"),
    Command(("create", "创建", "新建"), N_("prewarm an image (operators)"), Group.CHANGE),
    Command(("retry", "重试"), N_("try a task again (operators)"), Group.CHANGE, "ID"),
    Command(("delete", "删除"), N_("delete tasks (operators)"), Group.CHANGE, "ID…"),
)
COMMANDS: Final = (*_ASK, *_FOLLOW, *_CHANNEL, *_BOT, *_LATER)

BY_WORD: Final[Mapping[str, Command]] = MappingProxyType({word: entry for entry in COMMANDS for word in entry.words})

STATES: Final[Mapping[str, TaskState]] = MappingProxyType(
    {
        word: state
        for state, words in {
            TaskState.PENDING: ("pending", "waiting", "等待中", "等待", "排队中", "排队", "待处理"),
            TaskState.RUNNING: ("running", "运行中", "运行", "进行中", "正在运行", "预热中"),
            TaskState.SUCCEEDED: ("succeeded", "success", "successful", "ready", "成功", "已成功", "已完成", "就绪"),
            TaskState.FAILED: ("failed", "failure", "failures", "fail", "失败", "已失败", "失败的"),
        }.items()
        for word in words
    }
)
"""What people call a state, case-folded, to the vendor's word."""

DEFAULT: Final = "default"  # the language that holds where nobody has chosen one
LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        word: code
        for code, words in {
            "en": ("en", "english", "英文", "英语"),
            "zh": ("zh", "chinese", "zh-cn", "cn", "中文", "简体中文", "汉语"),
            DEFAULT: ("default", "auto", "默认", "自动"),
        }.items()
        for word in words
    }
)
"""What people call a language, case-folded, to its code or DEFAULT."""

_LONG: Final = 8  # letters of a word in which people slip twice
STATE_WORDS: Final = ("state", "状态")
CLUSTER_WORDS: Final = ("cluster", "集群")
ALL_WORDS: Final = ("all", "everything", "全部", "所有")
"""What may be said for no restriction at all, as in `subscribe all`."""


def nearest(typed: str, known: Iterable[str]) -> str | None:
    """Return the English word of the known ones that `typed` (case-folded) misses by a slip; None for another word.

    Words are also names of images, so the guess is a cautious one: letters alone, four or more, the first one counts,
    and no more than one is missing or too many, of a long word two.
    """
    if len(typed) < 4 or not typed.isalpha():  # noqa: PLR2004 - shorter words are too often near something
        return None
    words = [
        word
        for word in known
        if word.isascii() and typed[0] in word[:2] and abs(len(word) - len(typed)) <= 1 + (len(word) >= _LONG)
    ]
    return next(iter(get_close_matches(typed, words, n=1, cutoff=0.75)), None)
