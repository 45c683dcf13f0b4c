"""Commands that accept mail: from a mail server's pipe, from a maildir, by SMTP."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.text import Text

from activities.adapters.postgres.mail import MailRecords
from escalation.addresses import InvalidAddress, parse_address
from runtime.exit_codes import MAIL_REFUSED, MAIL_TRY_AGAIN
from runtime.log_setup import configure_logging
from runtime.serving import stop_on_signals
from runtime.settings import PREFIX, Settings, SettingsError
from starter.cli.context import InContext
from starter.cli.exits import BadInput
from starter.cli.record.database import open_record
from starter.cli.texts import Word
from starter.mail.receiving import MailDesk, MailTooLong, receiver_of

app = App(
    name="mail",
    help="Accept mail from a mail server, from a maildir or by SMTP; lift the block on an address that bounced.",
)

REFUSED = "refused"  # folder beside `new`, for mails that are too long


@app.command
async def deliver(*, to: Annotated[tuple[str, ...], Parameter(negative=())] = (), context: InContext) -> None:
    """Read one mail from standard input, as mail servers pipe it; exit 0 once it is stored, 65 if refused, 75 to try again.

    Args:
        to: The envelope's recipient; repeat it for several.
    """
    try:
        settings = Settings.load()
        raw = await asyncio.to_thread(sys.stdin.buffer.read, MailDesk.of(settings).most_bytes + 1)
        async with open_record() as database:
            stored = await receiver_of(settings, database, context.now).receive(raw, to)
    except MailTooLong as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(MAIL_REFUSED)
    except Exception as error:  # noqa: BLE001 (whatever is wrong here, the mail server has to keep the mail)
        sys.stderr.write(f"the mail is not stored; it is to be tried again: {error}\n")
        sys.exit(MAIL_TRY_AGAIN)
    context.out.document(
        {"new": stored.new, "repeated": stored.repeated}, Text("stored" if stored.new else "known already")
    )


@app.command
async def drain(folder: Path, *, context: InContext) -> None:
    """Read every mail from a maildir, and remove each once it is stored.

    A mail that is too long is moved to the folder `refused` beside it.

    Args:
        folder: The maildir, which has a folder `new`.
    """
    if not (folder / "new").is_dir():
        raise BadInput(f"{folder}: has no folder `new`, so it is not a maildir")
    settings = Settings.load()
    stored, refused = 0, 0
    async with open_record() as database:
        receiver = receiver_of(settings, database, context.now)
        for file in sorted(each for name in ("new", "cur") for each in (folder / name).glob("*") if each.is_file()):
            try:
                await receiver.receive(await asyncio.to_thread(file.read_bytes))
            except MailTooLong:
                (folder / REFUSED).mkdir(exist_ok=True)
                file.rename(folder / REFUSED / file.name)
                refused += 1
            else:
                file.unlink(missing_ok=True)
                stored += 1
    context.out.document({"stored": stored, "refused": refused}, Text(f"{stored} stored, {refused} refused"))


@app.command
async def listen(*, context: InContext) -> None:
    """Accept mail by SMTP or LMTP until a stop signal; `escalations serve` can do so too, besides HTTP."""
    try:
        from starter.mail.listener import listening  # noqa: PLC0415 (part of the extra `http`)
    except ModuleNotFoundError as error:
        raise BadInput(
            f"`mail listen` needs {error.name}; install the extra: pip install 'escalations[http]'"
        ) from error
    settings = Settings.load()
    if settings.mail_in_listen is None:
        raise SettingsError(f"{PREFIX}MAIL_IN_LISTEN: is not set; write an address, for example 127.0.0.1:2525")
    stop = stop_on_signals()
    configure_logging(settings)
    async with (
        open_record() as database,
        listening(settings, receiver_of(settings, database, context.now), lambda: None) as address,
    ):
        context.out.document({"address": address}, Text(f"taking mail on {address}"))
        await stop.wait()


@app.command
async def resume(address: Word, *, context: InContext) -> None:
    """Send mail again to an address whose mail came back.

    Args:
        address: The address.
    """
    try:
        parse_address(address)
    except InvalidAddress as error:
        raise BadInput(f"ADDRESS {error}") from None
    async with open_record() as database:
        was_bounced = await MailRecords(database).alive(address)
    said = "mail is sent there again" if was_bounced else "no mail to it came back; it is sent there anyway"
    context.out.document({"resumed": was_bounced}, Text(said))
