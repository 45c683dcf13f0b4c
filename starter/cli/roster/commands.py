"""Commands on the roster: who is in the team, and who is on shift when."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter, validators

from activities.adapters.postgres.migrate import require_schema
from activities.adapters.postgres.on_shift import always_there, covers_until, stored_duties, who_is_there
from escalation.business_time.zones import load_zone
from escalation.phrasing import amount_of
from escalation.roster import expand
from escalation.roster.files import InvalidRoster, Roster, new_roster, read_roster
from escalation.roster.files.abilities import lacks
from escalation.roster.files.staffing import there_at, tier_gaps
from starter.cli.context import InContext
from starter.cli.exits import BadInput, Findings
from starter.cli.parameters import Instant
from starter.cli.policy.files import compile_file
from starter.cli.record.database import open_record
from starter.cli.roster.answers import Checked, Shown, WhoIsThere, stretches_of, warnings_of, warnings_of_roles
from starter.cli.roster.loading import HandingOn, loaded, put_in_force
from starter.cli.roster.tables import checked_page, loaded_page, shown_page, who_page

DAYS_OF_GAPS = 28  # how far ahead `check` looks for times without anyone on shift
DAYS_OF_OVERRIDES = 400  # how far ahead `check` expands iCalendar files; as far as `load` does by itself

app = App(name="roster", help="Check and load the roster; show who is on shift.")

From = Annotated[Instant, Parameter(name="--from")]
Days = Annotated[int, Parameter(validator=validators.Number(gte=1, lte=3660))]
By = Annotated[str, Parameter(env_var="ESCALATIONS_BY")]
Tier = Annotated[int, Parameter(validator=validators.Number(gte=1, lte=99))]


@app.command
def check(file: Path, *, policy: Path | None = None, context: InContext) -> None:
    """Read a roster file and show every problem at once, each with file and line.

    Args:
        file: The roster.
        policy: A policy file; then also report when, in the next 4 weeks, a tier has no one on shift, or no one
            with the skills and the authority that its cases need.
    """
    now = context.now()
    roster = _read(file, now, now + timedelta(days=DAYS_OF_OVERRIDES))
    answer = Checked(
        file=str(file),
        people=len(roster.people),
        active=sum(person.active for person in roster.people),
        shifts=len(roster.plan.shifts),
        warnings=warnings_of(file, roster, now, now + timedelta(days=DAYS_OF_OVERRIDES)),
        around_the_clock=tuple(person.id for person in roster.around_the_clock),
    )
    if policy is not None:
        until = now + timedelta(days=DAYS_OF_GAPS)
        answer = _held_against(policy, roster, answer, now, until)
    context.out.document(answer, checked_page(answer))


@app.command
async def load(
    file: Path,
    *,
    days: Days = 400,
    now: bool = False,
    dry_run: bool = False,
    hand_on: bool = False,
    by: By = "",
    zone: str = "UTC",
    context: InContext,
) -> None:
    """Load a roster: replaces the people with the same ids and all future shifts.

    Lists who joins, leaves and changes. People who are not listed, or not active, get no more cases; while
    they have open ones or other things to do, the roster is refused unless you pass --hand-on.

    Args:
        file: The roster.
        days: Number of days ahead to compute shifts.
        now: Change running shifts at once; by default each changes when it ends.
        dry_run: Only show what would change.
        hand_on: Hand on the open cases of people who leave, and what else they have to do in cases.
        by: Id of the person who hands them on.
        zone: Time zone of the instants in the answer.
    """
    _check_zone(zone)
    if hand_on and not by:
        raise BadInput("--hand-on: write --by ID as well, the person who hands the cases on, or set ESCALATIONS_BY")
    at = context.now()
    until = at + timedelta(days=days)
    roster = _read(file, at, until)
    cases = await context.cases() if hand_on and not dry_run else None
    async with open_record() as database:
        await require_schema(database)
        new = new_roster(roster, at, until)
        done = await put_in_force(database, file, new, at, at_once=now, hand_on=hand_on, dry_run=dry_run)
        names = {each.person: each.name for each in done.team}
        handing_on = HandingOn(roster.people, lambda tier: who_is_there(database, at, tier), by=by, names=names)
        handed_on = await (handing_on.planned(done.left) if cases is None else handing_on.done(cases, done.left))
    answer = loaded(file, roster, done, handed_on, at_once=now, dry_run=dry_run)
    warnings = (*warnings_of(file, roster, at, until), *warnings_of_roles(file, roster, done.still_named))
    answer = replace(answer, warnings=warnings)
    context.out.document(answer, loaded_page(answer, zone))
    failed = [each for each in handed_on if each.problem]
    if failed and not dry_run:
        raise Findings(
            "not handed on", f"{amount_of(len(failed), 'case')}; the answer says why; run it again with --hand-on"
        )


@app.command
async def show(
    file: Path | None = None, *, from_: From | None = None, days: Days = 7, zone: str = "UTC", context: InContext
) -> None:
    """Show who is on which shift when.

    Args:
        file: A roster file; the default is the roster in the database.
        from_: The first instant, with its offset; now if not given.
        days: Number of days.
        zone: The zone of printed instants.
    """
    _check_zone(zone)
    start = from_ or context.now()
    until = start + timedelta(days=days)
    if file is not None:
        roster = _read(file, start, until)
        duties, known = expand(roster.plan, start, until), None
        always = tuple(person.id for person in roster.around_the_clock)
    else:
        async with open_record() as database:
            await require_schema(database)
            duties = await stored_duties(database, start, until)
            always, known = await always_there(database), await covers_until(database)
    answer = Shown(start=start, until=until, stretches=stretches_of(duties), always=always, covers_until=known)
    context.out.document(answer, shown_page(answer, zone, context.now()))


@app.command
async def who(
    *, tier: Tier, at: Instant | None = None, roster: Path | None = None, zone: str = "UTC", context: InContext
) -> None:
    """Show who is available at a tier, with their open cases and limit.

    Args:
        tier: Number of the tier, 1 is the front line.
        at: The instant, with its offset; now if not given.
        roster: A roster file; the default is the roster in the database.
        zone: The zone of printed instants.
    """
    _check_zone(zone)
    instant = at or context.now()
    if roster is not None:
        people, known = there_at(_read(roster, instant, instant + timedelta(seconds=1)), instant, tier), None
    else:
        async with open_record() as database:
            await require_schema(database)
            people, known = await who_is_there(database, instant, tier), await covers_until(database)
    answer = WhoIsThere(tier=tier, at=instant, people=people, covers_until=known)
    context.out.document(answer, who_page(answer, zone, context.now()))


def _read(file: Path, start: datetime, until: datetime) -> Roster:
    try:
        return read_roster(file, start, until)
    except InvalidRoster as error:
        raise BadInput(str(error)) from error


def _held_against(policy: Path, roster: Roster, answer: Checked, now: datetime, until: datetime) -> Checked:
    rules = compile_file(policy, now).policy
    return replace(
        answer, gaps=tier_gaps(roster, rules, now, until), lacks=lacks(roster, rules, now, until), gaps_until=until
    )


def _check_zone(zone: str) -> None:
    try:
        load_zone(zone)
    except ValueError as error:
        raise BadInput(f"--zone: {error}") from error
