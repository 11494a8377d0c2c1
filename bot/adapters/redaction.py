"""What hides secrets in texts that come from outside, however they are spelled there.

A server that refuses a key may echo it: in a URL, in JSON, as the Basic header it was sent in, or cut at some length.
So a secret is looked for by its first characters, each in any spelling, and hidden as far as it goes on. It has to be
done before a text is cut to its length, and before it becomes a fact that is stored, posted or shown.
"""

import base64
import html.entities
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Final

HIDDEN: Final = "[hidden]"
AT_MOST: Final = 10_000  # characters of a text that need to be looked at where only its beginning is shown
HEAD: Final = 8  # characters by which a secret is recognized; of a shorter one all
_KNOWN: Final = re.compile(
    r"\b(?:xox[a-z]|xapp)[.-][\w.-]+"  # Slack's tokens
    r"|(?<=Bearer )[\w.~+/=-]+"
    r"|(?<=hooks\.slack\.com/)[^\s'\"]+"  # whoever holds a response_url speaks as the bot
    r"|(?<=[?&]ticket=)[^\s&'\"]+",  # of a Socket Mode address
    re.IGNORECASE,
)

Redact = Callable[[str], str]


def redaction(secrets: Iterable[str]) -> Redact:
    """Return what hides these secrets, and whatever looks like a token of Slack or follows "Bearer ", in a text."""
    forms = sorted({form for secret in secrets for form in _forms(secret)}, key=len, reverse=True)
    heads = re.compile("|".join("".join(map(_spelling, form[:HEAD])) for form in forms) or r"(?!)")

    def redact(text: str) -> str:
        parts, done = [], 0
        for found in heads.finditer(text):
            if found.start() >= done:
                parts += [text[done : found.start()], HIDDEN]
                done = max(_end(form, text, found.start()) for form in forms)
        return _KNOWN.sub(HIDDEN, "".join([*parts, text[done:]]))

    return redact


def _forms(secret: str) -> Iterator[str]:
    """Yield the secret, and what stands of it in the base64 of any text around it, such as Basic's."""
    if not secret:
        return
    yield secret
    raw = secret.encode("utf-8", "surrogatepass")
    for before in range(3):
        coded = base64.b64encode(bytes(before) + raw).decode().rstrip("=")
        own = coded[(before * 8 + 5) // 6 : (before + len(raw)) * 8 // 6]  # characters made of its bits alone
        if len(own) >= HEAD:
            yield from {own, own.replace("+", "-").replace("/", "_")}


def _end(form: str, text: str, start: int) -> int:
    """Return where the form that begins there ends, or breaks off; `start` if it does not begin there."""
    at, known = start, 0
    for run in re.findall(r"\\+|[^\\]", form):
        step = re.compile(_backslashes(len(run)) if run[0] == "\\" else _spelling(run)).match(text, at)
        if step is None:
            return at if known >= HEAD else start
        at, known = step.end(), known + len(run)
    return at


@cache
def _spelling(char: str) -> str:
    """Return a pattern for a character as it is, escaped as in JSON, in a URL or in HTML, also more than once."""
    if char.isascii() and (char.isalnum() or char in "-._~"):
        return re.escape(char)  # it is escaped nowhere
    return rf"(?:{_escaped(char)}|\\{{0,4}}{re.escape(char)})"


def _backslashes(number: int) -> str:
    """Return a pattern for so many in a row: escaping doubles them, so that none tells where the next one begins."""
    return rf"(?:(?:{_escaped(chr(92))}){{{number}}}|\\{{{number},{8 * number}}})"


def _escaped(char: str) -> str:
    in_url = "".join(f"%(?:25){{0,3}}{byte:02x}" for byte in char.encode("utf-8", "surrogatepass"))
    names = [name for name, point in html.entities.name2codepoint.items() if point == ord(char)]
    in_html = "|".join([f"#0{{0,4}}{ord(char)}", f"#x0{{0,4}}{ord(char):x}", *names, *["apos"] * (char == "'")])
    units = char.encode("utf-16-be", "surrogatepass").hex()
    in_json = "".join(rf"\\{{1,4}}u{units[at : at + 4]}" for at in range(0, len(units), 4))
    return rf"(?i:{in_url}|&(?:amp;)?(?:{in_html});|{in_json})"


hide_tokens: Final = redaction(())
"""Hides what is known without knowing it: Slack's tokens, and what follows "Bearer "."""
