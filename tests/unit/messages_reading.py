"""How the tests of `bot/messages` make facts, and read a message as a person sees it."""

import re
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from bot.commands import button_value
from bot.commands.request import Request
from bot.domain.fact import Fact, Kind, News, Transition
from bot.domain.language import Language
from bot.domain.outbox import Post
from bot.domain.task import Product, Task
from bot.messages.render import render
from bot.rendering.payload import Payload
from bot.rendering.style import Style

STYLE = Style(Language.EN, ZoneInfo("UTC"), "https://console.example/images")
KEY = "k7m2:42"
VENDOR = Task(
    id="fexahnwdp4l1ajva",
    state="Succeeded",
    image_name="pytorch",
    image_url="test-image.ppinfra.com/test-public/pytorch:v2",
    cluster_id="cn-dev-1",
    cluster_name="v2测试(cn-dev-1)",
    products=(Product("4090.18c.60g.18c60g", "RTX 4090 24GB 18c"),),
    image_size="6762128493",
    create_time="1756361365",
    complete_time="1756361371",
    reason=("image pulled successfully",),
)
"""The second task of the vendor's own example."""

STATES = {Kind.SUCCEEDED: "Succeeded", Kind.FAILED: "Failed", Kind.ENDED: "Evicted", Kind.GONE: "Running"}


def task(**changes: Any) -> Task:
    values = {name: getattr(VENDOR, name) for name in VENDOR.__struct_fields__}
    return Task(**{**values, **changes})


def ended(kind: Kind, news: News = News.ENDED, **changes: Any) -> Transition:
    """A transition noticed nine seconds after the vendor's end of it."""
    default: dict[str, Any] = {"state": STATES[kind], "reason": () if kind is not Kind.SUCCEEDED else VENDOR.reason}
    if kind is Kind.GONE:
        default["complete_time"] = ""
    return Transition(kind, news, task(**{**default, **changes}), 1756361380.0)


def post(rung: int = 0, *, may_repeat: bool = False) -> Post:
    return Post(KEY, "C1", "C1", (1,), 0.0, 0.0, rung=rung, may_repeat=may_repeat)


def told(*facts: Fact, rung: int = 0, may_repeat: bool = False, style: Style = STYLE) -> Payload:
    return render(post(rung, may_repeat=may_repeat), facts, style)


def read(message: Payload) -> str:
    """Return the message as a person sees it in the channel, a line of text per line on the screen."""
    return "\n".join(map(_block, message.blocks))


def _block(block: dict[str, Any]) -> str:
    match block["type"]:
        case "header" | "section":
            aside = f" {_button(block['accessory'])}" if "accessory" in block else ""
            return _text(block["text"]) + aside
        case "context":
            return " ".join(map(_text, block["elements"]))
        case "actions":
            return " ".join(map(_button, block["elements"]))
        case "data_table":
            return "\n".join(" | ".join(cell["text"] for cell in row) for row in block["rows"])
        case "rich_text":
            return "\n".join(map(_flow, block["elements"]))
    raise AssertionError(f"no message of ours has a {block['type']}")


def _button(element: dict[str, Any]) -> str:
    return f"[{element['text']['text']}]"


def _text(text: dict[str, Any]) -> str:
    if text["type"] == "plain_text":
        return str(text["text"])
    told = re.sub(r"<(?:!date\^\d+\^[^|]*|https?:[^|>]*)\|([^>]*)>", r"\1", text["text"])
    return re.sub(r"<([#@][A-Z0-9]+)>", r"\1", told).replace("*", "").replace("`", "")


def _flow(element: dict[str, Any]) -> str:
    if element["type"] == "rich_text_list":
        return "\n".join(f"• {_line(item['elements'])}" for item in element["elements"])
    return _line(element["elements"])


def _line(elements: Sequence[dict[str, Any]]) -> str:
    return "".join(map(_inline, elements))


def _inline(element: dict[str, Any]) -> str:
    match element["type"]:
        case "date":
            return str(element["fallback"])
        case "channel":
            return f"#{element['channel_id']}"
        case "user":
            return f"@{element['user_id']}"
        case "usergroup":
            return f"@{element['usergroup_id']}"
    return str(element["text"])


def asked(button: dict[str, Any]) -> Request:
    """Return what a button asks."""
    return button_value.read(button["value"])
