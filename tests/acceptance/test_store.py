"""A store that is damaged, or a disk that is full, under the real process: nothing is lost in silence."""

from contextlib import suppress
from pathlib import Path

from tests.acceptance.stage import HELLO, Stage

LOST = "My memory was lost"


def test_a_damaged_store_is_kept_aside_and_the_channel_is_told(stage: Stage) -> None:
    stage.run_until_hello().terminate()
    data = stage.folder / "data"
    (data / "store" / "cache.db").write_bytes(b"this is no database" * 500)
    stage.run()
    told = stage.read(stage.wait_said(LOST))
    (aside,) = data.glob("store.damaged-*")
    assert aside.name in told
    assert sum(HELLO in text for text in stage.said()) == 1
    assert stage.wait_told(stage.end())  # and the bot goes on


def test_what_ends_while_the_disk_is_full_is_told_once_there_is_room(stage: Stage, small_disk: Path) -> None:
    bot = stage.run_until_hello(PREWARM_DATA_DIR=str(small_disk / "data"))
    stage.tell_sentinel()
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    ended = [stage.end(None, "no space left on device", "x" * 3_000) for _ in range(8)]
    stage.wait_polled(3)
    assert not stage.told().keys() & set(ended), "what could not be written down must not be told"
    ballast.unlink()
    told = stage.wait_told(*ended)
    assert [told[task] for task in ended] == [1] * len(ended)
    assert bot.running
