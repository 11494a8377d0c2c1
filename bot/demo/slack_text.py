"""Stub."""

from typing import Any


def as_text(message: Any, names: Any = None, zone: Any = None) -> str:
    return str(message.text)


def blocks_as_text(blocks: Any) -> str:
    return ""
