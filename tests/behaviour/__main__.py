"""`python -m tests.behaviour`: hashes what the product does. Two trees that print the same behave the same.

Groups: `sample` (`examples/incidents.csv` under `policies/default.yaml`, as `simulate` replays it), `log`
(`examples/events`, the same), `any` (lives drawn by a seed, under every policy of the domain's tests), `cases` and
`incidents` (the stored lives, replayed through their workflows).

Hashed for each step, in canonical JSON: the command's wire name and instant and its events; effects without the words
of letters; the next threshold of each clock; the leaves of the state, sorted (field names and grouping do not count);
the view; refused commands by name. Besides, for the whole group: what the workflows' activities are given, and the
report of `simulate --json`. `words` holds all that people read, so that better words change nothing else. Empty fields
are left out everywhere, so a new field changes nothing while it is empty. Names of modules do not count.

The last line is one hash of all but `words`. With `--steps FILE`, every hashed line is written there, to compare with
`diff`.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from runtime.exiting import leave
from tests.behaviour.any_lives import live_any_lives
from tests.behaviour.canonical import Hash
from tests.behaviour.simulated import replay_log, replay_sample
from tests.behaviour.stored import replay_cases, replay_incidents
from tests.behaviour.watching import FACETS, Group, watch

GROUPS: dict[str, Callable[[Group], Awaitable[None]]] = {
    "sample": replay_sample,
    "log": replay_log,
    "any": live_any_lives,
    "cases": replay_cases,
    "incidents": replay_incidents,
}


async def main() -> None:
    """Print the hashes."""
    parser = argparse.ArgumentParser(prog="python -m tests.behaviour", description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=Path, metavar="FILE", help="write every hashed line there")
    parser.add_argument("group", nargs="*", help=f"some of {', '.join(GROUPS)}; all without")
    options = parser.parse_args()
    whole, lines = Hash(), []
    for name in options.group or GROUPS:
        group = Group(name)
        watch(group)
        await GROUPS[name](group)
        for facet in FACETS:
            if facet in group.facets:
                sys.stdout.write(f"{name:<10}{facet:<11}{group.facets[facet].hex()[:16]}\n")
        said = group.all_but_words()
        whole.add(said)
        sys.stdout.write(f"{name:<10}{'all':<11}{said[:16]}  {group.steps} steps\n")
        lines += group.lines
    if options.steps:
        options.steps.write_text("".join(lines), encoding="utf-8")
    sys.stdout.write(f"{whole.hex()}\n")


if __name__ == "__main__":
    asyncio.run(main())
    sys.stdout.flush()
    leave(0)
