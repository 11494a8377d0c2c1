"""What the demo's page shows of the bot's words: the gallery, and the commands that its composer offers."""

from collections.abc import Iterable
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.commands.table import COMMANDS, Command
from bot.domain.language import Language
from bot.gallery import GROUPS
from bot.gallery.example import Example
from bot.rendering.languages import Words
from bot.rendering.style import Style

_NAMES: Final = {Language.EN: "English", Language.ZH: "中文"}


def gallery() -> dict[str, Any]:
    """Return `{"groups": [{"title", "items": [{"title", "note", "forms": [{"title", "lang", "message"}]}]}]}`."""
    styles = [Style(language, ZoneInfo("UTC"), "https://console.example") for language in Language]
    return {
        "groups": [
            {"title": group.title, "items": [_item(example, styles) for example in group.examples]} for group in GROUPS
        ]
    }


def offers() -> list[dict[str, str]]:
    """Return what the page's composer offers: `text` to be typed, `form` of what may follow, `meaning`."""
    built = [command for command in COMMANDS if command.built]
    summary = {
        "text": "/prewarm",
        "form": "",
        "meaning": Words(Language.EN).say("what is going on: counts, tasks at work, last failures"),
    }
    return [summary, *(_offer(command) for command in built)]


def _offer(command: Command) -> dict[str, str]:
    return {"text": f"/prewarm {command.name}", "form": command.form, "meaning": Words(Language.EN).say(command.does)}


def _item(example: Example, styles: Iterable[Style]) -> dict[str, Any]:
    return {"title": example.title, "note": example.note, "forms": [_form(example, style) for style in styles]}


def _form(example: Example, style: Style) -> dict[str, Any]:
    payload = example.make(style)
    message = {"text": payload.text, "blocks": [*payload.blocks]}
    return {"title": _NAMES[style.language], "lang": style.language.value, "message": message}
