"""The gallery and the colours that it shares with the page, in a real browser."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.domain.answer import AsOf, Detail, Listing
from bot.domain.fact import Kind
from bot.domain.filter import Filter
from bot.messages.render import render_answer
from bot.rendering.payload import Payload
from tests.acceptance.page_bench import AT, Bench, Json, button, plain, rich, said
from tests.unit.messages_reading import STYLE, ended, task, told

Visit = Callable[..., Page]

pytestmark = pytest.mark.browser


# ---- the gallery ----------------------------------------------------------------------------------------------------


ZH_FAILED = {
    "text": "预热失败 pytorch:v2 集群 v2测试(cn-dev-1)。",
    "blocks": [
        {"type": "header", "text": plain("预热失败 pytorch:v2 集群 v2测试(cn-dev-1)")},
        rich(said("原因 ", bold=True), said("unauthorized: authentication required")),
        rich(said("结束于 "), {"type": "date", "timestamp": AT, "format": "{date_short_pretty} {time}"}),
        {"type": "actions", "elements": [button(url="https://console.example/images")]},
    ],
}


def entry(title: str, note: str, english: Payload) -> Json:
    sent = {"text": english.text, "blocks": [*english.blocks]}
    forms = [
        {"title": "English", "lang": "en", "message": sent},
        {"title": "中文", "lang": "zh", "message": ZH_FAILED},
    ]
    return {"title": title, "note": note, "forms": forms}


def gallery() -> Json:
    """Messages as the bot renders them, and one in Chinese."""
    reason = ("failed to pull: unauthorized: authentication required",)
    failed, ready = ended(Kind.FAILED, reason=reason), ended(Kind.SUCCEEDED)
    tasks = tuple(task(id=f"{n:016d}", state=state) for n, state in enumerate(["Failed", "Running"] * 6))
    now = AsOf(AT + 9, 12.3)
    listed, shown = Listing(now, Filter(), tasks, 12), Detail(now, task())
    endings = [
        entry("A task failed", "as soon as it is seen", told(failed)),
        entry("A task succeeded", "", told(ready)),
        entry("Many at once", "from six on", told(*[failed, ready] * 8)),
    ]
    answers = [
        entry("A list", "`/prewarm list`", render_answer(listed, STYLE)),
        entry("One task", "`/prewarm show ID`", render_answer(shown, STYLE)),
    ]
    return {"groups": [{"title": "Endings", "items": endings}, {"title": "Answers", "items": answers}]}


@pytest.fixture
def visit(bench: Bench) -> Visit:
    def visit(**options: Any) -> Page:
        page = bench.gallery(gallery(), **options)
        expect(page.get_by_role("heading", name="Endings")).to_be_visible()
        return page

    return visit


def test_the_gallery_shows_each_message_in_each_form(visit: Visit) -> None:
    page = visit()
    assert page.get_by_role("navigation").get_by_role("link").all_inner_texts() == ["Endings\n3", "Answers\n2"]
    assert page.locator("figcaption").all_inner_texts().count("中文") == 5
    assert page.locator(".bk-unknown").count() == 0
    assert page.locator("[lang=zh] time").first.inner_text() == "2025年8月28日 6:09"


def test_the_gallery_tells_what_is_spoken(visit: Visit) -> None:
    spoken = visit().locator("details").nth(1)
    spoken.get_by_text("What a screen reader and a phone say").click()
    expect(spoken.get_by_text(ZH_FAILED["text"])).to_be_visible()  # type: ignore[arg-type]


def test_a_button_in_the_gallery_says_why_nothing_happens(visit: Visit) -> None:
    page = visit()
    page.evaluate("addEventListener('click', event => event.preventDefault())")
    page.get_by_role("link", name="Press").first.click()
    expect(page.locator(".remark").nth(1)).to_have_text("Nothing happens here: in the demo this button works.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_gallery_fits_a_phone(visit: Visit, scheme: str) -> None:
    page = visit(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    first, second = (page.locator(".form").nth(number).bounding_box() for number in (0, 1))
    assert first
    assert second
    assert second["y"] > first["y"] + first["height"]


def test_forms_stand_side_by_side_and_at_phone_width_on_demand(visit: Visit) -> None:
    page = visit(viewport={"width": 1280, "height": 800})
    assert len({box["y"] for number in (0, 1) if (box := page.locator(".form").nth(number).bounding_box())}) == 1
    page.get_by_role("button", name="Phone width", pressed=False).click()
    expect(page.get_by_role("button", name="Phone width", pressed=True)).to_be_visible()
    assert {round(box["width"]) for form in page.locator(".form").all() if (box := form.bounding_box())} == {360}


def test_the_gallery_turns_light_and_dark_whatever_the_system_says(visit: Visit) -> None:
    page = visit(color_scheme="dark")
    grounds = []
    for _ in ("system", "light", "dark"):
        grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.get_by_role("button", name="Colours").click()
    assert grounds == ["rgb(26, 29, 33)", "rgb(255, 255, 255)", "rgb(26, 29, 33)"]


def test_the_gallery_says_what_to_do_when_it_has_no_messages(bench: Bench) -> None:
    expect(bench.gallery("no JSON").get_by_role("alert")).to_contain_text("then reload")


# ---- looks ----------------------------------------------------------------------------------------------------------

TEXTS = ("fg", "fg-2", "link", "danger", "ok", "accent")
PAIRS = [  # text, ground
    *product(TEXTS, ("bg", "bg-2")),
    *(("on-accent", "accent"), ("on-danger", "danger")),
    *(("code", "code-bg"), ("link", "mention-bg"), ("loud", "loud-bg")),
]
CONTRAST = """([one, other]) => {
  const light = (token) => {
    const main = document.querySelector("main");
    main.style.color = `var(--${token})`;
    const [r, g, b] = getComputedStyle(main).color.match(/[\\d.]+/g).map((v) => v / 255);
    const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b) + 0.05;
  };
  const [a, b] = [light(one), light(other)];
  return Math.max(a, b) / Math.min(a, b);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_are_told_apart_by_most_eyes(bench: Bench, scheme: str) -> None:
    page = bench.show("x", color_scheme=scheme)
    faint = {pair: ratio for pair in PAIRS if (ratio := page.evaluate(CONTRAST, pair)) < 4.5}
    assert faint == {}


@pytest.mark.parametrize(("scheme", "theme", "dark"), [
    ("light", None, False), ("dark", None, True), ("light", "dark", True), ("dark", "light", False),
])  # fmt: skip
def test_dark_is_the_systems_choice_unless_the_page_has_one(
    bench: Bench, scheme: str, theme: str | None, dark: bool
) -> None:
    page = bench.show("x", color_scheme=scheme)
    page.evaluate("theme => theme && (document.documentElement.dataset.theme = theme)", theme)
    colour = page.locator(".bk-message").evaluate("message => getComputedStyle(message).color")
    assert (colour == "rgb(220, 221, 222)") is dark
