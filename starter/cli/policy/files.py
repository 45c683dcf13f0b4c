"""Reads and compiles policy files for the commands."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from escalation.compiler.compile import Compiled, compile_policy, years_frozen
from escalation.documents.text_file import beside, read_text_file
from escalation.errors import InvalidPolicy


def compile_file(file: Path, now: datetime) -> Compiled:
    """Compile a policy file as a worker that starts now would.

    Raises:
        InvalidPolicy: it cannot be read, or something in it is wrong.
    """
    text = read_text_file(file, InvalidPolicy)
    return compile_policy(text, source=str(file), years=years_frozen(now), read=beside(file))


def compile_files(files: Iterable[Path], now: datetime) -> list[Compiled]:
    """Compile several, in their order.

    Raises:
        InvalidPolicy: one of them is wrong; has the problems of all.
    """
    compiled: list[Compiled] = []
    problems: list[str] = []
    for file in files:
        try:
            compiled.append(compile_file(file, now))
        except InvalidPolicy as error:
            problems += error.problems
    if problems:
        raise InvalidPolicy(problems)
    return compiled
