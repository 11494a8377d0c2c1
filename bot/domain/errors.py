"""The errors that people read, as one tree; each docstring is the text itself, so that it exists once.

    BotError
     └─ StoreError
         ├─ StoreHeld       a second bot on the same data folder
         ├─ StoreNewer      written by a later version of the bot
         └─ StoreUnusable   full, read-only, locked, or a disk that reports errors
     └─ ListError           the list of prewarm tasks could not be read
         ├─ KeyRefused      401 or 403
         ├─ Limited         429; `retry_after` in seconds, or None
         ├─ Unreachable     no connection, a timeout, 5xx
         ├─ Unreadable      an answer that is no list: HTML, truncated, no `data`, an error object, a 400
         ├─ Unfinished      a poll that hangs, or none that begins
         └─ PollFault       an exception that nobody foresaw

Every text says what failed, on which thing, what happens now and, in a second paragraph, what to do.
"""

import msgspec

# ruff: noqa: N818 - "StoreHeld" says what happened; the base classes carry the word Error


class BotError(Exception):
    """The bot cannot go on."""

    def __init__(self, **facts: object) -> None:
        """Fill the docstring's `{names}` with the facts; `remedy` is its second paragraph, "" where it has none."""
        problem, _, remedy = (type(self).__doc__ or type(self).__name__).partition("\n\n")
        self.problem, self.remedy = (" ".join(text.split()).format(**facts) for text in (problem, remedy))
        super().__init__(f"{self.problem} {self.remedy}".rstrip())


class Trouble(msgspec.Struct, frozen=True):
    """Why the list could not be read, as data: the error's name and its facts. Its text is the error's, in English."""

    kind: str
    facts: dict[str, str] = {}

    def __str__(self) -> str:
        """Return the whole sentence; of an error that only a later version knows, its name and facts."""
        sentence = sentences().get(self.kind)
        return sentence.format(**self.facts) if sentence else " ".join((self.kind, *self.facts.values()))


class StoreError(BotError):
    """The store in {folder} cannot be used."""


class StoreHeld(StoreError):
    """Another bot is running on the data folder {folder}, and only one may.
    This one stops; the other goes on undisturbed.

    Stop the other one first, or give this one a folder of its own: PREWARM_DATA_DIR.
    """


class StoreNewer(StoreError):
    """The store in {folder} has schema {found}, this bot knows schema {known} at most.
    Nothing was touched.

    Run the version of the bot that wrote it or a later one,
    or set PREWARM_DATA_DIR to an empty folder to begin anew.
    """


class StoreUnusable(StoreError):
    """The store in {folder} cannot be used: {why} ({detail}).
    What it held is unchanged.

    {remedy}
    """


class ListError(BotError):
    """{why}"""

    retry_after: float | None = None  # seconds the server asked us to wait

    def __init__(self, **facts: object) -> None:
        """Keep the facts for those who tell them in another language."""
        super().__init__(**facts)
        self.trouble = Trouble(type(self).__name__, {name: str(fact) for name, fact in facts.items()})


class KeyRefused(ListError):
    """The prewarm API refused the key ({detail}).

    Check PPIO_API_KEY, and that it belongs to {url}.
    """


class Limited(ListError):
    """The prewarm API limits our rate ({detail})."""

    def __init__(self, *, retry_after: float | None = None, **facts: object) -> None:
        """Keep the wait for whoever polls."""
        super().__init__(**facts)
        self.retry_after = retry_after


class Unreachable(ListError):
    """The prewarm API at {url} cannot be reached ({detail})."""


class Unreadable(ListError):
    """The prewarm API answered something that is no list ({detail})."""


class Unfinished(ListError):
    """No poll of the list has come to an end for {detail}."""


class PollFault(ListError):
    """A poll met a fault of the bot's own ({detail}). The log says more."""


def sentences() -> dict[str, str]:
    """Return what each error of the list says, with the places of its facts, by the error's name."""
    return {error.__name__: " ".join((error.__doc__ or "").split()) for error in ListError.__subclasses__()}
