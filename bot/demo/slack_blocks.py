"""Stub."""

from typing import Any

MESSAGE_TEXT = 9_500


def message_problems(blocks: Any, *, data_table: bool = True) -> list[str]:
    return []


def view_problems(view: Any) -> list[str]:
    return []


def text_length(blocks: Any) -> int:
    return 0
