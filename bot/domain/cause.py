"""Why a prewarm failed, read from the vendor's own words: each registry says the same trouble in other words.

One table of rules, in English and Chinese, for what registries (Docker Hub, ECR, ACR, Harbor, Quay, GHCR), containerd,
Docker and the kubelet are known to say. What no rule knows stays unknown: no advice is better than a wrong one.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

_REASONS_AT_MOST: Final = 20
_REASON_AT_MOST: Final = 2_000  # characters of one reason that are read


class Cause(StrEnum):
    """What stands behind a failure, as far as the words tell."""

    AUTHENTICATION = "registry authentication"
    NOT_FOUND = "image not found"
    RATE_LIMIT = "rate limit"
    NO_SPACE = "no space"
    TOO_LARGE = "too large"
    TIMEOUT = "timeout"
    NETWORK = "network"
    QUOTA = "quota"
    UNKNOWN = "unknown"


class Rule(NamedTuple):
    """`pattern` is searched in small letters, `_` and `-` read as spaces; `example` is what this very rule decides."""

    cause: Cause
    pattern: str
    example: str


RULES: Final[tuple[Rule, ...]] = (
    # First what leaves no doubt, whatever stands around it: Docker Hub's rate limit speaks of authenticating, too.
    Rule(Cause.RATE_LIMIT, r"too ?many ?requests",
         "unauthorized: authentication required: toomanyrequests: You have reached your pull rate limit"),
    Rule(Cause.RATE_LIMIT, r"rate limit|rate exceeded|throttl|data limit exceeded|pull qps exceeded",
         "ThrottlingException: Rate exceeded"),
    Rule(Cause.RATE_LIMIT, r"status(?: code)?:? 429\b", "unexpected status code: 429"),
    Rule(Cause.RATE_LIMIT, r"限流|限速|请求过于?频繁|(?:请求|拉取)(?:次数|频率|速率)\S{0,4}(?:超|达到|过多|上限|限制)",
         "拉取镜像失败 请求过于频繁 请稍后再试"),
    # A disk's quota is a full disk, and stands before quota.
    Rule(Cause.NO_SPACE, r"no space left|disk quota exceeded", "write /var/lib/containerd/a: no space left on device"),
    Rule(Cause.NO_SPACE, r"(?:insufficient|out of|not enough|no enough) (?:free )?(?:disk|storage|space)",
         "insufficient disk space on the node"),
    Rule(Cause.NO_SPACE, r"disk ?pressure|low on resource: ephemeral storage",
         "The node was low on resource: ephemeral-storage"),
    Rule(Cause.NO_SPACE, r"(?:磁盘|硬盘|存储|空间)(?:空间|容量)?(?:不足|不够|已满|已用尽)",
         "节点磁盘空间不足 解压失败"),
    # The largest image allowed is part of the quota, and stands before quota.
    Rule(Cause.TOO_LARGE, r"image(?: size)?(?: is)? too (?:large|big)", "image too large: 132 GB"),
    Rule(Cause.TOO_LARGE, r"image size[\w .]{0,30} exceed|exceeds? (?:the )?max(?:imum)?(?: allowed)? (?:image )?size",
         "image size 132 GB exceeds the quota of 100 GB"),
    Rule(Cause.TOO_LARGE, r"镜像(?:大小|体积)?(?:过大|太大|超过|超出)", "镜像大小超过限制 100GB"),
    Rule(Cause.QUOTA, r"quota (?:\w+ ){0,2}(?:exceed|reached|used up|exhausted)", "prewarm task quota exceeded"),
    Rule(Cause.QUOTA, r"exceed(?:s|ed|ing)? (?:\w+ ){0,3}quota|(?:insufficient|not enough) quota",
         "the account has exceeded its quota"),
    Rule(Cause.QUOTA, r"(?:配额|额度)\S{0,2}(?:不足|不够|已满|超|用尽|用完|耗尽|上限)|超[过出]\S{0,4}(?:配额|额度)",
         "创建失败 预热任务配额已用完"),
    # Registries hide what one may not see ("does not exist or may require authorization"): access before existence.
    Rule(Cause.AUTHENTICATION, r"unauthorized|not authorized|authentication (?:is )?(?:required|failed)",
         "failed to resolve reference: unauthorized: authentication required"),
    Rule(Cause.AUTHENTICATION, r"access ?(?:denied|forbidden)|access to the resource is denied",
         "pull access denied, repository does not exist or may require authorization"),
    Rule(Cause.AUTHENTICATION, r"\bdenied: (?:denied|permission denied)", "denied: denied"),
    Rule(Cause.AUTHENTICATION, r"insufficient scope|authorization failed|no basic auth",
         "server message: insufficient_scope: authorization failed"),
    Rule(Cause.AUTHENTICATION, r"(?:incorrect|invalid|wrong) (?:user ?name|password|credential)",
         "Error response from daemon: incorrect username or password"),
    Rule(Cause.AUTHENTICATION, r"(?:token|credentials?) (?:(?:has|have|is|are) )?(?:expired|invalid|revoked)",
         "denied: Your authorization token has expired. Reauthenticate and try again."),
    Rule(Cause.AUTHENTICATION, r"\b403 forbidden|status(?: code)?:? 40[13]\b",
         "failed to fetch anonymous token: unexpected status: 403 Forbidden"),
    Rule(Cause.AUTHENTICATION, r"(?:认证|鉴权|授权|登录)\S{0,2}(?:失败|错误|过期)|未经?授权|未认证|需要登录",
         "拉取失败 仓库认证失败"),
    Rule(Cause.AUTHENTICATION, r"无权[限访]|没有权限|权限不足|拒绝访问|访问被拒绝", "没有权限拉取该镜像"),
    Rule(Cause.AUTHENTICATION, r"(?:用户名|密码|凭证|凭据|令牌)\S{0,6}(?:错误|不正确|无效|失效|过期)",
         "用户名或密码错误"),
    # A name without an address is no image that was not found, and an image for other machines is there.
    Rule(Cause.NETWORK, r"no such host|host not found|name resolution|server misbehaving|does not resolve",
         "failed to resolve reference: dial tcp: lookup registry: host not found"),
    Rule(Cause.UNKNOWN, r"no match for platform|no matching manifest", "no match for platform in manifest: not found"),
    Rule(Cause.NOT_FOUND, r"(?:manifest|name|blob) unknown", "MANIFEST_UNKNOWN: the named manifest is not known"),
    Rule(Cause.NOT_FOUND, r"(?:manifest|image|repository|artifact|tag|project|reference).{0,120}?not ?found",
         "artifact library/qwen:9 not found"),
    Rule(Cause.NOT_FOUND, r"(?:manifest|image|repository|artifact|tag|project)\b.{0,120}?does not exist|no such image",
         "The image with imageId {imageTag: 9} does not exist within the repository"),
    Rule(Cause.NOT_FOUND, r"(?:镜像|仓库|标签|版本)\S{0,30}(?:不存在|未找到|找不到)|(?:未找|找不)到\S{0,12}镜像",
         "镜像不存在 请检查地址"),
    # "dial tcp …: i/o timeout" is of the network, too; that nobody answered in time says more.
    Rule(Cause.TIMEOUT, r"timed? ?out\b|deadline ?exceeded|504 gateway|超时", "dial tcp 203.0.113.17:443: i/o timeout"),
    Rule(Cause.NETWORK, r"connection (?:was )?(?:refused|reset|aborted|closed|lost)|broken pipe|\beof\b",
         "read tcp 192.0.2.14:51022: connection reset by peer"),
    Rule(Cause.NETWORK, r"(?:network|host) (?:is )?unreachable|no route to host", "connect: network is unreachable"),
    Rule(Cause.NETWORK, r"x509|\btls: |http response to https client",
         "x509: certificate signed by unknown authority"),
    Rule(Cause.NETWORK, r"bad gateway|service unavailable", "received unexpected HTTP status: 502 Bad Gateway"),
    Rule(Cause.NETWORK, r"网络(?:异常|错误|不可达|不通|中断|故障)|域名解析失败|无法连接|连接(?:被拒绝|被重置|失败)",
         "网络异常 无法连接镜像仓库"),
)  # fmt: skip
"""The first rule that matches any of the reasons decides, so the order matters and is explained where it does."""

_COMPILED: Final = tuple((rule.cause, re.compile(rule.pattern)) for rule in RULES)
_RUN: Final = re.compile(r"[^\s\"'{}\[\],;<>=()\u3000-\u9fff\uff00-\uffef]+")


def cause_of(reasons: Sequence[str]) -> Cause:
    """Return what stands behind a failure; UNKNOWN when no rule knows the words. Never raises."""
    return _cause(tuple(reason[:_REASON_AT_MOST] for reason in reasons[:_REASONS_AT_MOST]))


@lru_cache(maxsize=256)  # a burst fails for few reasons, and a digest asks several times how much of it fits
def _cause(reasons: tuple[str, ...]) -> Cause:
    told = "\n".join(map(_words, reasons))
    return next((cause for cause, pattern in _COMPILED if pattern.search(told)), Cause.UNKNOWN)


def _words(reason: str) -> str:
    """Return what is said without addresses, whose names may say anything (`r.io/team/timeout:1`)."""
    told = _RUN.sub(lambda run: "#" if _is_address(run[0]) else run[0], reason.casefold())
    return told.replace("_", " ").replace("-", " ")


def _is_address(run: str) -> bool:
    return "/" in run and any(sign in run.rstrip(":.") for sign in ".:@")
