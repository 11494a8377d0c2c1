"""Takes the README's picture from the running demo: `.venv/bin/python docs/screenshot.py`.

It needs Chromium, and fonts for Chinese and emoji (Debian: fonts-wqy-microhei, fonts-noto-color-emoji).
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, ViewportSize, sync_playwright

PICTURE: Final = Path(__file__).parent / "page.png"
QUIET: Final = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
WINDOW: Final[ViewportSize] = {"width": 1400, "height": 900}
WITHIN: Final = 60_000  # milliseconds for each thing to be seen


def main() -> None:
    command = [sys.executable, "-m", "bot", "demo", "--duration", "120"]
    demo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own command
    assert demo.stdout is not None  # noqa: S101 - a proof for mypy
    try:
        address = next(found[0] for line in demo.stdout if (found := re.search(r"http://[\d.:]+", line)))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
            photograph(browser.new_page(viewport=WINDOW, color_scheme="light"), address)
            browser.close()
    finally:
        demo.terminate()
        demo.communicate()


def photograph(page: Page, address: str) -> None:
    """Wait until one task is ready and another has failed, with its reason and what to do."""
    page.goto(address)
    page.get_by_role("button", name="Got it").click()
    page.get_by_text("What to do").first.wait_for(timeout=WITHIN)
    page.screenshot(path=PICTURE)


if __name__ == "__main__":
    main()
