"""The commands of INTERFACE.md in one table: their words, their form, examples, and whether they are built.

Help is drawn from it. A later capability gives its entry a reader in `readers.py`; until then people are told that it
is not built yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from bot.domain.task import TaskState
from bot.rendering.english import Say


class Group(Enum):
    """What a command is for: the headings of help, in their order."""

    ASK = Say.GROUP_ASK
    FOLLOW = Say.GROUP_FOLLOW
    CHANNEL = Say.GROUP_CHANNEL
    BOT = Say.GROUP_BOT
    CHANGE = Say.GROUP_CHANGE


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `words` are all its names, English first; `form` is what follows; `built`: it works today."""

    words: tuple[str, ...]
    does: Say
    group: Group
    form: str = ""
    examples: tuple[str, ...] = ()  # as typed after `/prewarm`, the most telling first
    more: Say | None = None  # what help on this command adds
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
        Say.DOES_LIST,
        Group.ASK,
        "[failed|running|…] [cluster:ID] [words…]",
        ("list failed qwen", "failed", "list running cluster:cn-dev-1", "列表 失败"),
        Say.MORE_LIST,
        built=True,
    ),
    Command(
        ("show", "查看", "详情"),
        Say.DOES_SHOW,
        Group.ASK,
        "ID",
        ("show nzd5ny", "查看 nzd5ny"),
        Say.MORE_ID,
        built=True,
    ),
    Command(
        ("why", "为什么", "为何"),
        Say.DOES_WHY,
        Group.ASK,
        "ID",
        ("why nzd5ny", "为什么 nzd5ny"),
        Say.MORE_WHY,
        built=True,
    ),
)
_FOLLOW: Final = (
    Command(
        ("watch", "关注"),
        Say.DOES_WATCH,
        Group.FOLLOW,
        "ID | [failed] [cluster:ID] words…",
        ("watch nzd5ny", "watch failed qwen", "watch cluster:cn-dev-1", "关注 nzd5ny"),
        Say.MORE_WATCH,
        built=True,
    ),
    Command(
        ("unwatch", "取消关注"),
        Say.DOES_UNWATCH,
        Group.FOLLOW,
        "[N | ID | words…]",
        ("unwatch nzd5ny", "unwatch 3", "unwatch failed qwen", "取消关注 nzd5ny"),
        Say.MORE_UNWATCH,
        built=True,
    ),
)
_CHANNEL: Final = (
    Command(
        ("subscribe", "订阅"),
        Say.DOES_SUBSCRIBE,
        Group.CHANNEL,
        "[failed] [cluster:ID] [words…]",
        ("subscribe failed", "subscribe cluster:cn-dev-1 qwen", "订阅 失败"),
        Say.MORE_SUBSCRIBE,
        built=True,
    ),
    Command(
        ("unsubscribe", "取消订阅", "退订"),
        Say.DOES_UNSUBSCRIBE,
        Group.CHANNEL,
        "[N]",
        ("unsubscribe 2", "取消订阅 2"),
        Say.MORE_UNSUBSCRIBE,
        built=True,
    ),
    Command(
        ("subscriptions", "subscription", "订阅列表", "我的订阅"),
        Say.DOES_SUBSCRIPTIONS,
        Group.CHANNEL,
        examples=("subscriptions", "订阅列表"),
        built=True,
    ),
    Command(
        ("mute", "静音", "免打扰"),
        Say.DOES_MUTE,
        Group.CHANNEL,
        "2h | until 18:00",
        ("mute 2h", "mute 90min", "mute until 6pm", "静音 2小时", "静音 到 18:00"),
        Say.MORE_MUTE,
        built=True,
    ),
    Command(
        ("unmute", "取消静音", "解除静音"),
        Say.DOES_UNMUTE,
        Group.CHANNEL,
        examples=("unmute", "取消静音"),
        more=Say.MORE_UNMUTE,
        built=True,
    ),
)
_BOT: Final = (
    Command(("status", "状态"), Say.DOES_STATUS, Group.BOT, examples=("status", "状态"), built=True),
    Command(
        ("language", "语言"),
        Say.DOES_LANGUAGE,
        Group.BOT,
        "en|zh|default",
        ("language zh", "language english", "语言 中文"),
        Say.MORE_LANGUAGE,
        built=True,
    ),
    Command(("help", "帮助"), Say.DOES_HELP, Group.BOT, "[command]", ("help watch", "帮助 静音"), built=True),
)
_LATER: Final = (
    Command(("quota", "配额", "额度"), Say.DOES_QUOTA, Group.ASK),
    Command(("stats", "统计"), Say.DOES_STATS, Group.ASK, "[7d]"),
    Command(("create", "创建", "新建"), Say.DOES_CREATE, Group.CHANGE),
    Command(("retry", "重试"), Say.DOES_RETRY, Group.CHANGE, "ID"),
    Command(("delete", "删除"), Say.DOES_DELETE, Group.CHANGE, "ID…"),
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

STATE_WORDS: Final = ("state", "状态")
CLUSTER_WORDS: Final = ("cluster", "集群")
ALL_WORDS: Final = ("all", "everything", "全部", "所有")
"""What may be said for no restriction at all, as in `subscribe all`."""
