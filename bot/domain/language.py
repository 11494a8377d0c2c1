"""The languages that people are written to in."""

from enum import StrEnum


class Language(StrEnum):
    """By ISO 639-1 code. Each has its words: English in the code, others in a catalogue."""

    EN = "en"
    ZH = "zh"
