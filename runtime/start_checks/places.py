"""Checks folders, files and ports that a program needs."""

import asyncio
import tempfile
from contextlib import suppress
from pathlib import Path

from escalation.documents.text_file import read_text_file
from escalation.errors import InvalidFile
from runtime.settings import SettingsError

RELAY_SECONDS = 2.0


def require_writable(folder: Path, setting: str) -> None:
    """Make sure that files can be written in a folder; it is made if it isn't there.

    Raises:
        SettingsError: it can't be made, or not be written to.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SettingsError(f"{setting}: `{folder}`: {_reason(error)}; name a folder that can be written to") from error


def read_setting_file(file: Path, setting: str) -> str:
    """The text of a file in a folder that a setting names.

    Raises:
        SettingsError: it can't be read, or is not text.
    """
    try:
        return read_text_file(file, InvalidFile)
    except InvalidFile as error:
        cause = error.__cause__
        if isinstance(cause, OSError):
            raise SettingsError(f"{setting}: `{file}`: {_reason(cause)}; correct it, or take it out") from error
        raise SettingsError(f"{setting}: {error}") from error


async def relay_answers(host: str, port: int) -> bool:
    """Whether something accepts connections there within two seconds; nothing is sent."""
    with suppress(OSError, TimeoutError, ValueError):
        async with asyncio.timeout(RELAY_SECONDS):
            _, writer = await asyncio.open_connection(host, port)
            writer.transport.abort()
            return True
    return False


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
