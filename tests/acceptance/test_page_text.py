"""Mark-up, hostile text and times in a real browser: text stays text, and times are the viewer's own."""

import pytest
from playwright.sync_api import Page

from tests.acceptance.page_bench import AT, Bench, Json, marked, plain, raw, rich, said

pytestmark = pytest.mark.browser


def shown(page: Page) -> str:
    return page.locator("main").inner_text()


# ---- mark-up --------------------------------------------------------------------------------------------------------

MARKUP = [
    ("*bold* _italic_ ~gone~", "<strong>bold</strong> <em>italic</em> <s>gone</s>"),
    ("*bold _both_*", "<strong>bold <em>both</em></strong>"),
    ("snake_case_name 2*3*4 a ~ b", "snake_case_name 2*3*4 a ~ b"),
    ("a_b_ c~d~ e*f*", "a_b_ c~d~ e*f*"),
    ("*open and\nnext* line", "*open and<br>next* line"),
    ("*a _b* c_", "<strong>a _b</strong> c_"),
    ("`*no* &lt;b&gt;`", '<code class="bk-code">*no* &lt;b&gt;</code>'),
    ("```\nkeep *this*\n```", '<pre class="bk-pre">keep *this*</pre>'),
    ("&gt; said\nafter", '<blockquote class="bk-quote">said</blockquote>after'),
    ("<@U0LIN>", '<span class="bk-mention">@lin</span>'),
    ("<@U0ADA>", '<span class="bk-mention bk-loud">@ada</span>'),
    ("<#C0GPU> <#C9|old>", '<span class="bk-mention">#gpu</span> <span class="bk-mention">#old</span>'),
    ("<!here>", '<span class="bk-mention bk-loud">@here</span>'),
    ("<!subteam^S1|@gpu-team>", '<span class="bk-mention">@gpu-team</span>'),
    ("&amp;lt; &amp; :wave:", '&amp;lt; &amp; <span role="img" aria-label="wave">👋</span>'),
    (":constructor: 10:30:45", ":constructor: 10:30:45"),
    (
        "<https://example.com/?a=1&amp;b=2|docs>",
        '<a class="bk-link" href="https://example.com/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">docs</a>',
    ),
]


@pytest.mark.parametrize(("text", "html"), MARKUP)
def test_mark_up_reads_as_slack_reads_it(bench: Bench, text: str, html: str) -> None:
    page = bench.show([{"type": "section", "text": marked(text)}])
    assert page.locator(".bk-paragraph").inner_html() == html


def test_long_hostile_mark_up_takes_no_time(bench: Bench) -> None:
    page = bench.show("", timezone_id="UTC")
    for piece in ("*_~", "`", "<", "<!", ":a", "```", "&gt;\n", "*a _b "):
        took = page.evaluate(
            "t => { const s = performance.now(); show({text: t}); return performance.now() - s }", piece * 9_000
        )
        assert took < 3_000, piece


# ---- hostile text ---------------------------------------------------------------------------------------------------

EVIL = "<img src=x onerror=pwned=1> <!channel> <script>pwned=1</script> </div>"
ESCAPED = EVIL.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
HOSTILE = [
    pytest.param({"type": "header", "text": plain(EVIL)}, id="in a header"),
    pytest.param({"type": "section", "text": plain(EVIL)}, id="in a section"),
    pytest.param({"type": "section", "text": marked(ESCAPED)}, id="escaped in mark-up"),
    pytest.param({"type": "section", "text": marked(f"`{ESCAPED}`")}, id="in code"),
    pytest.param(rich(said(EVIL)), id="in rich text"),
    pytest.param(rich(said(EVIL), kind="rich_text_preformatted"), id="in preformatted text"),
    pytest.param(rich({"type": "user", "user_id": EVIL}), id="as a person"),
    pytest.param(rich({"type": EVIL}), id="as a type of element"),
    pytest.param({"type": EVIL}, id="as a type of block"),
    pytest.param({"type": "image", "alt_text": EVIL}, id="as an alternative text"),
    pytest.param({"type": "actions", "elements": [{"type": "button", "text": plain(EVIL)}]}, id="on a button"),
    pytest.param({"type": "data_table", "caption": EVIL, "rows": [[raw(EVIL)]] * 2}, id="in a table"),
]  # fmt: skip


@pytest.mark.parametrize("block", HOSTILE)
def test_hostile_text_stays_text(bench: Bench, block: Json) -> None:
    page = bench.show([block])
    assert EVIL in page.locator("main").text_content()  # type: ignore[operator]
    assert page.locator("main :is(img, script, iframe)").count() == 0
    assert page.locator(".bk-loud").count() == 0
    assert page.evaluate("window.pwned") is None


@pytest.mark.parametrize(
    "url", ["javascript:pwned=1", " JaVa\tscript:pwned=1", "data:text/html,x", "file:///etc", "//x.y"]
)
def test_a_link_that_is_not_the_web_or_mail_is_no_link(bench: Bench, url: str) -> None:
    button = {"type": "button", "action_id": "a", "text": plain("go"), "url": url}
    linked = rich({"type": "link", "url": url, "text": "go"})
    page = bench.show(
        [linked, {"type": "section", "text": marked(f"<{url}|go>")}, {"type": "actions", "elements": [button]}]
    )
    assert page.locator("main a").count() == 0
    page.get_by_role("button", name="go").click()
    assert page.evaluate("window.pwned") is None


# ---- times ----------------------------------------------------------------------------------------------------------

HOUR, DAY = 3_600, 86_400
TIMES = [  # format, seconds since, zone, what a person reads
    ("{date_short_pretty} {time}", 9, "Asia/Shanghai", "Today 2:09 PM"),
    ("ended {date_pretty} {time}", 9, "Asia/Shanghai", "ended today 2:09 PM"),
    ("{date_short_pretty} {time}", 23 * HOUR, "America/New_York", "Yesterday 2:09 AM"),
    ("{date_pretty}", -20 * HOUR, "UTC", "Tomorrow"),
    ("{date_short_pretty} {time_secs}", 3 * DAY, "UTC", "Aug 28, 2025 6:09:31 AM"),
    ("{date}", 0, "UTC", "August 28, 2025"),
    ("{date_long}", 0, "Pacific/Kiritimati", "Thursday, August 28, 2025"),
    ("{day_divider_pretty}", 5 * DAY, "UTC", "Thursday, August 28"),
    ("{date_num} {date_slash}", 0, "America/Los_Angeles", "2025-08-27 08/27/2025"),
    ("{ago}", 3 * HOUR, "UTC", "3 hours ago"),
    ("{unheard_of}", 0, "UTC", "{unheard_of}"),
]


@pytest.mark.parametrize(("form", "since", "zone", "read"), TIMES)
def test_a_time_is_the_viewers_own(bench: Bench, form: str, since: int, zone: str, read: str) -> None:
    page = bench.show([rich({"type": "date", "timestamp": AT, "format": form})], now=AT + since, timezone_id=zone)
    assert shown(page).replace("\u202f", " ") == read


def test_a_time_tells_the_whole_of_it_when_pointed_at(bench: Bench) -> None:
    page = bench.show(f"<!date^{AT}^{{time}}|fallback>", timezone_id="Asia/Shanghai")
    title = page.locator("time").get_attribute("title")
    assert (title or "").replace("\u202f", " ") == "Thursday, August 28, 2025 at 2:09:31 PM GMT+8"


def test_a_time_that_is_none_shows_its_fallback(bench: Bench) -> None:
    assert shown(bench.show("<!date^nonsense^{time}|6 o'clock>")) == "6 o'clock"
