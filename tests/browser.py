"""A real browser for tests of pages: headless Chromium, driven by playwright, with axe-core and screenshots."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

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
    found = await Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    return [
        f"{one['id']}: {', '.join(str(node['target']) for node in one['nodes'])}"
        for one in found.response["violations"]
    ]


async def looked_at(page: Page, folder: Path, name: str) -> None:
    """A picture of a page at each width, as `NAME-360.png`; nothing may reach beyond the window."""
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 900})
        wide: int = await page.evaluate("document.documentElement.scrollWidth")
        await page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
        assert wide <= width, f"{name} is {wide} pixels wide in a window of {width}"
