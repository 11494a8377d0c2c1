"""The demo's story: which tasks arrive in the embedded cloud, how they run and how they end.

Whoever starts the demo should have seen everything within a minute, so the first minute is written down as a table, one
task a line. After it a calm trickle of made-up tasks goes on for as long as somebody looks.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

from bot.demo.cloud.catalogue import CLUSTERS, PRODUCTS

GB: Final = 10**9


class Deed(IntEnum):
    """What a step does to its task; at the same second in this order."""

    CREATE = 1
    RUN = 2
    SUCCEED = 3
    FAIL = 4
    REMOVE = 5
    HANG = 6


@dataclass(frozen=True, slots=True)
class Story:
    """One task's life: created, running and ended at these seconds of the scenario, in the way `ending` says."""

    created: float
    running: float
    ended: float
    image: str
    cluster: str
    ending: Deed
    gigabytes: float = 0.0
    reasons: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    note: str = ""
    auth: str = ""


class Step(NamedTuple):
    """One entry of a timeline: at this second, this deed, for the story with this number."""

    at: float
    deed: Deed
    story: int


# {image} stands for the address of the image that failed.
RATE_LIMIT: Final = (
    'failed to pull "{image}": toomanyrequests: You have reached your pull rate limit (429 Too Many Requests)',
)
UNAUTHORIZED: Final = ('failed to resolve "{image}": pull access denied: unauthorized: authentication required',)
MANIFEST_UNKNOWN: Final = ('failed to resolve reference "{image}": manifest unknown: manifest is not found',)
NO_SPACE: Final = (
    "failed to extract layer sha256:4f2c61b0a9: write /usr/local/lib/libcublasLt.so.12: no space left on device",
    "2 of 9 nodes had finished",
)
TIMEOUT: Final = ("failed to copy layer sha256:b70e55d1c2: read tcp 192.0.2.14:51022->203.0.113.17:443: i/o timeout",)

_REGISTRY: Final = "registry.example.com"
_RTX4090, _RTX5090, _L40S, _A100, _H100 = PRODUCTS
_LLAMA = f"{_REGISTRY}/llm/llama-serve:3.3-fp8"
_QWEN = f"{_REGISTRY}/llm/qwen-serve:0.9.2"
_BURST_FAILS: Final = "hk-1"

OPENING: Final[tuple[Story, ...]] = (
    Story(2, 3, 9, f"{_REGISTRY}/ml/pytorch-infer:2.6-cuda12.4", "cn-dev-1", Deed.SUCCEED, 6.8, (), (_RTX4090,)),
    Story(3, 4, 12, "docker.io/library/rabbitmq:4-management", "us-ca-2", Deed.FAIL, 0, RATE_LIMIT),
    Story(5, 6, 17, f"{_REGISTRY}/art/comfyui:v0.4", "cn-north-1", Deed.SUCCEED, 21.4, (), (_RTX4090, _RTX5090),
          "夜间批量出图 早上 8 点前就绪"),
    Story(6, 8, 99, _QWEN, "eu-de-1", Deed.HANG, 0, (), (_H100,), "registry in another region, slow"),
    Story(8, 9, 10, f"{_REGISTRY}/private/voice-clone:1.4", "cn-east-2", Deed.FAIL, 0, UNAUTHORIZED, (),
          "语音克隆 1.4 等凭证"),
    Story(10, 11, 22, f"{_REGISTRY}/batch/etl-nightly:77", "sg-1", Deed.REMOVE, 0, (), (), "wrong tag, delete"),
    Story(14, 15, 16, "nginx:1.29-alpine", "sg-1", Deed.SUCCEED, 0.07),
    Story(18, 19, 24, f"{_REGISTRY}/vision/sam-server:nightly-0229", "us-tx-1", Deed.FAIL, 0, MANIFEST_UNKNOWN),
    *(
        Story(20, 22 + place / 4, 34, _LLAMA, cluster, Deed.FAIL if cluster == _BURST_FAILS else Deed.SUCCEED, 18.9,
              TIMEOUT if cluster == _BURST_FAILS else (), (_A100, _H100), "Llama 3.3 全区上线")
        for place, cluster in enumerate(CLUSTERS)
    ),
    Story(25, 27, 43, f"{_REGISTRY}/train/megatron:25.10-dev", "us-ca-2", Deed.FAIL, 0, NO_SPACE, (_A100,),
          "<weights baked in> & 96 GB"),
    Story(30, 31, 46, f"{_REGISTRY}/private/voice-clone:1.4", "cn-east-2", Deed.SUCCEED, 9.3, (), (_L40S,),
          "语音克隆 1.4 凭证已补", "cred-voice"),
    Story(36, 37, 38, "redis:8", "cn-dev-1", Deed.SUCCEED, 0.05),
    Story(40, 45, 55, _QWEN, "us-ca-2", Deed.SUCCEED, 15.2, (), (_H100,)),
)  # fmt: skip
"""The first minute."""

_TRICKLE_IMAGES: Final = (
    (f"{_REGISTRY}/ml/pytorch-infer:2.7-cuda12.8", 7.1, ""),
    (f"{_REGISTRY}/art/comfyui:v0.5", 22.0, "出图服务升级"),
    (f"{_REGISTRY}/speech/whisper-large:3", 5.4, ""),
    (f"{_REGISTRY}/vision/sam-server:1.2", 8.8, "视觉组"),
    (f"{_REGISTRY}/llm/embedding:bge-m3", 3.2, "weekly refresh"),
    ("postgres:18", 0.16, ""),
)
_TRICKLE_REASONS: Final = (RATE_LIMIT, UNAUTHORIZED, MANIFEST_UNKNOWN, NO_SPACE, TIMEOUT)
_FAILING_SHARE: Final = 0.2


def timeline(stories: Sequence[Story], first: int = 0) -> list[Step]:
    """Return the steps of the stories in order of time; `first` is the number of the first story."""
    steps = [
        step
        for number, story in enumerate(stories, first)
        for step in (
            Step(story.created, Deed.CREATE, number),
            Step(story.running, Deed.RUN, number),
            Step(story.running if story.ending is Deed.HANG else story.ended, story.ending, number),
        )
    ]
    return sorted(steps)


def trickle(begin: float, seed: int) -> Iterator[Story]:
    """Make up tasks without end, one every 8 to 20 seconds from `begin` on; the seed fixes them all."""
    choice = random.Random(seed)
    created = begin
    while True:
        created += choice.uniform(8, 20)
        yield ordinary_story(created, choice)


def ordinary_story(created: float, choice: random.Random) -> Story:
    """Make up one task that arrives at this second and ends within half a minute."""
    image, gigabytes, note = choice.choice(_TRICKLE_IMAGES)
    cluster, product = choice.choice(list(CLUSTERS)), choice.choice(list(PRODUCTS))
    running = created + choice.uniform(0.5, 4)
    ended = running + choice.uniform(1, 25)
    if choice.random() < _FAILING_SHARE:
        reasons = choice.choice(_TRICKLE_REASONS)
        return Story(created, running, ended, image, cluster, Deed.FAIL, 0, reasons, (product,), note)
    return Story(created, running, ended, image, cluster, Deed.SUCCEED, gigabytes, (), (product,), note)
