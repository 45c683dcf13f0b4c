"""Commands on the roster file: who is in the team."""

from pathlib import Path

from cyclopts import App

from activities.adapters.postgres.roster import Member, store_roster
from starter.cli.context import Context
from starter.cli.exits import BadInput
from starter.cli.output import cell
from starter.cli.record_database import open_record


class RosterCommands:
    """Checks a roster file, and puts the team into the record's database."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def check(self, file: Path) -> None:
        """Read a roster file and tell every problem at once, each with file and line."""
        self._tell(file, _members(file), "ok")

    async def load(self, file: Path) -> None:
        """Put these people into the directory, in place of what stood there under their ids; others stay."""
        members = _members(file)
        async with open_record() as database:
            await store_roster(database, members)
        self._tell(file, members, "loaded")

    def _tell(self, file: Path, members: list[Member], happened: str) -> None:
        active = sum(member.active for member in members)
        value = {"file": str(file), "people": len(members), "active": active}
        self._context.out.document(value, cell(f"{file}: {happened}, {len(members)} people, {active} of them active"))


def _members(file: Path) -> list[Member]:
    from starter.roster import InvalidRoster, load_roster  # noqa: PLC0415 (reads YAML: slow to import)

    try:
        text = file.read_text(encoding="utf-8")
        return [Member(**person.model_dump()) for person in load_roster(text, str(file))]
    except InvalidRoster as error:
        raise BadInput(str(error)) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise BadInput(f"{file}: cannot be read: {reason}") from error


def register(app: App, context: Context) -> None:
    """Add `roster` with its commands to the command line."""
    of = RosterCommands(context)
    group = App(name="roster", help="Check the roster file, and load the team from it.")
    group.command(of.check)
    group.command(of.load)
    app.command(group)
