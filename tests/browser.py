"""A real browser for tests of pages: headless Chromium, driven by playwright, with axe-core."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (360, 768, 1280)
"""Pixels: a phone, a tablet, a desk."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="the browser `chromium` is not installed on this machine")


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """Chromium, until the block ends."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


async def findings(page: Page) -> list[str]:
    """What axe-core finds wrong with a page: the rule and the elements, one line each."""
    found = await Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]})
    return [
        f"{one['id']}: {', '.join(str(node['target']) for node in one['nodes'])}"
        for one in found.response["violations"]
    ]


async def fits_each_width(page: Page, name: str) -> None:
    """Nothing of a page reaches beyond the window, however wide that is; on a phone, a finger hits what can be pressed."""
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 900})
        wide: int = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is {wide} pixels wide in a window of {width}"
        if width == WIDTHS[0]:
            assert await page.evaluate(_TOO_SMALL) == [], f"{name}: lower than 44 pixels"


_TOO_SMALL = """() => [...document.querySelectorAll('button, summary, select, textarea, input:not([type=hidden]), nav a, p > a')]
  .filter(each => each.offsetParent && !each.classList.contains('skip'))
  .map(each => [each.textContent.trim() || each.name, Math.max(...[each, ...(each.labels || [])]
    .map(one => one.getBoundingClientRect().height))])
  .filter(([_, height]) => height < 43.5)
"""
"""What is lower than a finger needs; links within texts may be, and a label counts as what it labels."""
