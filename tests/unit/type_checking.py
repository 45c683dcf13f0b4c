"""Asks mypy about mistakes that nothing of the product makes."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_CACHE = ".mypy_cache"


def mypy(folder: Path, *arguments: str, product: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    """Run mypy in a process of its own, as it raises the recursion limit of the one it runs in.

    It begins with what `make lint` found out, where that ran, and so reads only what is new.

    Args:
        folder: An empty one.
        arguments: What is checked.
        product: A copy of the product, with times as they were.
    """
    cache = folder / _CACHE
    if (ROOT / _CACHE).exists():
        shutil.copytree(ROOT / _CACHE, cache)
    return subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", str(cache), "--no-pretty", *arguments],
        cwd=product,
        capture_output=True,
        text=True,
        check=False,
    )
