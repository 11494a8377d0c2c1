"""The commands of INTERFACE.md in one table: their words, their form, and whether they are built.

A later capability gives its entry a reader in `grammar.py`; until then people are told that it is not built yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from bot.domain.task import TaskState
from bot.messages.words import Say


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `words` are all its names, English first; `form` is what follows; `built`: it works today."""

    words: tuple[str, ...]
    does: Say
    form: str = ""
    built: bool = False

    @property
    def name(self) -> str:
        """What it is called in answers."""
        return self.words[0]

    @property
    def usage(self) -> str:
        """Its whole form, as typed."""
        return f"{self.name} {self.form}".rstrip()


COMMANDS: Final = (
    Command(("list", "列表", "列出", "任务"), Say.DOES_LIST, "[failed|running|…] [cluster:ID] [words…]", built=True),
    Command(("show", "查看", "详情"), Say.DOES_SHOW, "ID", built=True),
    Command(("help", "帮助"), Say.DOES_HELP, "[command]", built=True),
    Command(("watch", "关注"), Say.DOES_WATCH, "ID | [failed] [cluster:ID] words…"),
    Command(("unwatch", "取消关注"), Say.DOES_UNWATCH, "…"),
    Command(("subscribe", "订阅"), Say.DOES_SUBSCRIBE, "[failed] [cluster:ID] [words…]"),
    Command(("unsubscribe", "取消订阅", "退订"), Say.DOES_UNSUBSCRIBE, "[N]"),
    Command(("subscriptions", "订阅列表"), Say.DOES_SUBSCRIPTIONS),
    Command(("mute", "静音"), Say.DOES_MUTE, "2h | until 18:00"),
    Command(("unmute", "取消静音"), Say.DOES_UNMUTE),
    Command(("why", "为什么", "为何"), Say.DOES_WHY, "ID"),
    Command(("status", "状态"), Say.DOES_STATUS),
    Command(("language", "语言"), Say.DOES_LANGUAGE, "en|zh"),
    Command(("quota", "配额", "额度"), Say.DOES_QUOTA),
    Command(("stats", "统计"), Say.DOES_STATS, "[7d]"),
    Command(("create", "创建", "新建"), Say.DOES_CREATE),
    Command(("retry", "重试"), Say.DOES_RETRY, "ID"),
    Command(("delete", "删除"), Say.DOES_DELETE, "ID…"),
)

BY_WORD: Final[Mapping[str, Command]] = MappingProxyType({word: entry for entry in COMMANDS for word in entry.words})

STATES: Final[Mapping[str, TaskState]] = MappingProxyType(
    {
        word: state
        for state, words in {
            TaskState.PENDING: ("pending", "waiting", "等待中", "等待", "排队中", "待处理"),
            TaskState.RUNNING: ("running", "运行中", "进行中", "正在运行", "预热中"),
            TaskState.SUCCEEDED: ("succeeded", "success", "successful", "ready", "成功", "已成功", "已完成", "就绪"),
            TaskState.FAILED: ("failed", "failure", "failures", "fail", "失败", "已失败"),
        }.items()
        for word in words
    }
)
"""What people call a state, case-folded, to the vendor's word."""

CLUSTER_WORDS: Final = ("cluster", "集群")
