"""A program that runs the embedded stack of a folder until it is killed, or its standard input closes."""

import asyncio
import sys
from pathlib import Path

from runtime.embedded.stack import EmbeddedStack


async def run(folder: Path) -> None:
    async with EmbeddedStack(folder, search_attributes={"Stage": "Keyword"}):
        sys.stdout.write("running\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1])))
