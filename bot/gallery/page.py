"""The gallery as the demo's page takes it: groups of examples, each in every language there is."""

from collections.abc import Iterable
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.gallery import GROUPS
from bot.gallery.example import Example
from bot.messages.style import Language, Style

_NAMES: Final = {Language.EN: "English", Language.ZH: "中文"}


LANGUAGES: Final = (Language.EN,)


def gallery() -> dict[str, Any]:
    """Return `{"groups": [{"title", "items": [{"title", "note", "forms": [{"title", "lang", "message"}]}]}]}`."""
    styles = [Style(language, ZoneInfo("UTC"), "https://console.example") for language in LANGUAGES]
    return {
        "groups": [
            {"title": group.title, "items": [_item(example, styles) for example in group.examples]} for group in GROUPS
        ]
    }


def _item(example: Example, styles: Iterable[Style]) -> dict[str, Any]:
    return {"title": example.title, "note": example.note, "forms": [_form(example, style) for style in styles]}


def _form(example: Example, style: Style) -> dict[str, Any]:
    payload = example.make(style)
    message = {"text": payload.text, "blocks": [*payload.blocks]}
    return {"title": _NAMES[style.language], "lang": style.language.value, "message": message}
