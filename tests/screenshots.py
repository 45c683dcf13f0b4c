"""`make screenshots`: live one case on real servers, and keep what it looked like."""

import asyncio
import sys
from collections.abc import Iterable
from pathlib import Path

from activities.adapters.postgres.database import Database
from escalation.case.commands import Customer, Open
from escalation.vocabulary import Category, Reason, Severity
from examples.demo.stage import ROOT, stage
from runtime.connection import connect, silent_runtime
from runtime.exiting import leave
from runtime.log_setup import configure_logging
from runtime.settings import LogLevel, Settings
from starter.client import EscalationClient
from tests.browser import CHROMIUM, running_browser
from tests.pages_life import Life

IMAGES = ROOT / "docs" / "images"


async def taken(folder: Path) -> None:
    """Take the pictures into a folder, which is there."""
    settings = Settings.load()
    configure_logging(settings.model_copy(update={"log_level": LogLevel.WARNING}))
    async with (
        stage(settings) as on,
        Database.open(on.settings.require_dsn(), pool_size=4) as database,
        running_browser() as browser,
    ):
        client = EscalationClient(await connect(on.settings, runtime=silent_runtime()), on.settings.task_queue)
        await asyncio.gather(*(client.open(one) for one in _others()))
        await Life(on, database, browser, folder).live()


def _others() -> Iterable[Open]:
    """Cases beside the one that is lived, so that the board has something to show."""
    about = ("Invoice was charged twice", "Printer prints only blanks", "App closes at login", "Parcel has not arrived")
    for number in range(12):
        yield Open(
            ticket=f"{4701 + number}",
            summary=about[number % len(about)],
            customer=Customer(id=f"c-{number}", name="Bo Example", address=f"bo{number}@example.org"),
            severity=tuple(Severity)[number % 4],
            category=(Category.BILLING, Category.TECHNICAL, Category.PRODUCT, Category.SERVICE)[number % 4],
            reasons=(Reason.UNRESOLVED,),
            by="front-desk",
            owner=("ana", "ben", "", "")[number // 4],
        )


def main() -> int:
    """Exit code 0 once the pictures are there."""
    if CHROMIUM is None:
        sys.stderr.write("the browser `chromium` is needed; install it, for example by `apt-get install chromium`\n")
        return 5
    IMAGES.mkdir(exist_ok=True)
    asyncio.run(taken(IMAGES))
    sys.stdout.write(f"pictures are in {IMAGES.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    leave(main())
