"""A post is worded for its recipient: in their style, with its key in the first block (P2)."""

from dataclasses import replace

import pytest

from bot.domain.fact import Kind, News, Stuck, Transition
from bot.domain.outbox import Post
from bot.domain.task import Task
from bot.rendering.style import Style
from bot.services.sender import PostRenderer
from tests.fakes import START
from tests.unit.answers_harness import STYLE, OneStyle

FAILED = Transition(Kind.FAILED, News.ENDED, Task("t-1", "Failed", image_name="qwen"), START)
HANGS = Stuck(Task("t-1", "Running", image_name="qwen"), START, START - 3600)


class Mentioning(OneStyle):
    """In C1 a failure mentions U0ONCALL; elsewhere nobody."""

    def of(self, to: str) -> Style:
        return replace(STYLE, mention="U0ONCALL") if to == "C1" else STYLE


@pytest.mark.parametrize(("to", "mentions"), [("C1", True), ("C2", False)])
def test_a_post_is_worded_in_the_style_of_its_recipient(to: str, mentions: bool) -> None:
    post = Post("S:1", to, to, (1,), START, START)
    payload = PostRenderer(Mentioning()).render(post, [FAILED])
    assert payload.blocks[0]["block_id"] == "S:1"
    assert "t-1" in payload.text
    assert ("U0ONCALL" in str(payload.blocks)) is mentions


def test_p10_an_older_message_keeps_its_key_when_it_is_worded_anew() -> None:
    payload = PostRenderer(OneStyle()).render_edit("C1", "S:1", [HANGS], {"t-1": FAILED})
    assert payload.blocks[0]["block_id"] == "S:1"
    assert "ailed" in payload.text


def test_p13_how_much_fits_is_asked_of_the_messages() -> None:
    renderer = PostRenderer(OneStyle())
    assert renderer.fit("C1", [FAILED]) == 1
    assert 1 < renderer.fit("C1", [FAILED] * 1_000) <= 1_000
