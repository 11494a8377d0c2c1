"""Why a task failed, in the vendor's own words, what to do about it, how often, and who is called to look."""

from collections.abc import Iterator

import pytest

from tests.acceptance.desk import Desk, desk_open
from tests.acceptance.stage import ADAS, LIN

CALL = "@lin, please look"
CAUSES = [  # the vendor's words, and a part of what to do
    ("unauthorized: authentication required", "registry credential (repositoryAuth)"),
    ("write /var/lib/containerd: no space left on device", "Try a smaller image or another cluster"),
]
UNKNOWN = "a word that nobody has heard"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_open(tmp_path_factory.mktemp("desk"), PREWARM_MENTION_ON_FAILURE=LIN) as desk:
        yield desk


def told(desk: Desk, task: str) -> str:
    """Return the one message about a task."""
    return desk.read(desk.wait_said(task))


def test_the_vendors_words_come_first_and_under_them_what_to_do(desk: Desk) -> None:
    for number, (why, remedy) in enumerate(CAUSES):
        text = told(desk, desk.end(desk.cloud.add(f"registry.example.com/c{number}/image:1"), why))
        assert 0 < text.find(why) < text.find("What to do: ") < text.find(remedy)
    text = told(desk, desk.end(desk.cloud.add("registry.example.com/c9/image:1"), UNKNOWN))
    assert (UNKNOWN in text, "What to do" in text) == (True, False), "what is unknown stays unknown"


def test_the_third_failure_of_an_image_says_so(desk: Desk) -> None:
    image = "registry.example.com/often/image:1"
    texts = [told(desk, desk.end(desk.cloud.add(image), UNKNOWN)) for _ in range(3)]
    assert ["Third failure of this image" in text for text in texts] == [False, False, True]
    last = next(row["id"] for row in reversed(desk.cloud.rows()) if row["imageUrl"] == image)
    assert "Third failure of this image within a day" in desk.asked(f"show {last}")


def test_somebody_is_called_for_failures_in_channels_and_never_for_late_listings(desk: Desk) -> None:  # D4
    desk.ask("watch called")
    bad, good = desk.cloud.add("registry.example.com/called:1"), desk.cloud.add("registry.example.com/called:2")
    desk.end(bad, UNKNOWN)
    desk.end(good)
    assert (CALL in told(desk, bad), CALL in told(desk, good)) == (True, False)
    desk.wait_told(bad, good, channel=ADAS)
    assert not any(CALL in text for text in desk.said(ADAS)), "who is told directly is called already"
    late = desk.cloud.add(state="Failed", created=1_757_656_000, completed=1_757_656_100, reasons=[UNKNOWN])
    assert ("before I began to watch" in told(desk, late), CALL in told(desk, late)) == (True, False)
