"""Finds a named calendar: `24x7`, one of the policies', or one of any YAML file with `calendars:`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from escalation.business_time import ALWAYS_OPEN, Calendar
from escalation.compiler.calendars import compile_calendars
from escalation.compiler.compile import YEARS_AHEAD
from escalation.compiler.sections import Sections
from escalation.documents.problems import Problems, advise
from escalation.documents.text_file import beside, read_text_file
from escalation.documents.yaml import Path as Place
from escalation.documents.yaml import read_document
from escalation.errors import InvalidPolicy
from starter.cli.exits import BadInput

_YAML = frozenset({".yaml", ".yml"})


def years_around(now: datetime, instants: Iterable[datetime]) -> range:
    """The years whose public holidays matter: those a worker that starts now would freeze, and those asked about.

    Args:
        instants: What is asked about; on the first and last day of a year it may be another year elsewhere.
    """
    first = [at.year - 1 if (at.month, at.day) == (1, 1) else at.year for at in instants]
    last = [at.year + 1 if (at.month, at.day) == (12, 31) else at.year for at in instants]
    return range(min([now.year, *first]), max([now.year + YEARS_AHEAD - 1, *last]) + 1)


def find_calendar(wanted: str, folder: Callable[[], Path], years: range) -> Calendar:
    """The calendar that is called so.

    Args:
        wanted: `24x7`, a name, a file that has one calendar, or `FILE#NAME`.
        folder: Returns the folder of the policies; called only to look up a name.
        years: The years whose public holidays are written into it.

    Raises:
        BadInput: There is none, or there are several.
        InvalidPolicy: The file cannot be read, or a calendar in it is wrong.
    """
    if wanted == ALWAYS_OPEN.name:
        return ALWAYS_OPEN
    file, name = _as_file(wanted)
    if file is None:
        return _among_policies(wanted, folder(), years)
    found = calendars_in(file, years)
    if name:
        if name not in found:
            raise BadInput(f"{file}: has no calendar `{name}`; {advise(name, found)}")
        return found[name]
    if len(found) != 1:
        several = (
            f"write {' or '.join(f'{file}#{each}' for each in found)}" if found else "name a file with `calendars:`"
        )
        raise BadInput(f"{file}: has {len(found) or 'no'} calendars; {several}")
    return next(iter(found.values()))


def calendars_in(file: Path, years: range) -> Mapping[str, Calendar]:
    """Every calendar of a file by name, `24x7` left out; the rest of the file is ignored.

    Raises:
        InvalidPolicy: The file cannot be read, or a calendar in it is wrong; has every problem with its line.
    """
    document = read_document(read_text_file(file, InvalidPolicy))
    problems = _CalendarProblems(str(file), document)
    data = document.data if isinstance(document.data, dict) else {}
    sections = Sections(replace(document, data={"calendars": data.get("calendars") or {}}), problems)
    found = compile_calendars(sections, problems, years, beside(file))
    problems.raise_if_any()
    return {name: calendar for name, calendar in found.by_name.items() if name != ALWAYS_OPEN.name}


class _CalendarProblems(Problems):
    """Passes over what is wrong with the rest of a policy, such as a ladder that is not there."""

    def add(self, path: Place, what: str, advice: str = "") -> None:
        if path[:1] == ("calendars",):
            super().add(path, what, advice)


def _as_file(wanted: str) -> tuple[Path | None, str]:
    whole = Path(wanted)
    if whole.is_file():
        return whole, ""
    before, mark, name = wanted.rpartition("#")
    if mark and name:
        return Path(before), name
    looks_like_one = whole.suffix in _YAML or len(whole.parts) > 1
    return (whole, "") if looks_like_one else (None, "")


def _among_policies(name: str, folder: Path, years: range) -> Calendar:
    found: dict[str, Calendar] = {}
    known: set[str] = {ALWAYS_OPEN.name}
    problems: list[str] = []
    for file in sorted(folder.glob("*.yaml")):
        try:
            calendars = calendars_in(file, years)
        except InvalidPolicy as error:
            problems += error.problems
            continue
        known |= calendars.keys()
        if name in calendars:
            found[f"{file}#{name}"] = calendars[name]
    if not found and problems:
        raise InvalidPolicy(problems)
    if not found:
        raise BadInput(
            f"no policy in {folder} has a calendar `{name}`, and there is no such file; {advise(name, known)}"
        )
    if len({calendar.version for calendar in found.values()}) > 1:
        raise BadInput(f"the policies have several calendars `{name}`; write {' or '.join(found)}")
    return next(iter(found.values()))
