"""Rosters made by chance, and what a simulation or a worker would ask of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from escalation.messages.effects import AssignOwner, FindApprover
from escalation.vocabulary import Category, Severity

BEGINS = datetime(2026, 3, 23, tzinfo=UTC)
"""A Monday; in the night to its Sunday the clocks of Europe go forward."""
IDS = ("ana", "ben", "cho", "dev", "eli", "fay", "gus")
CATEGORIES = (Category.TECHNICAL, Category.BILLING)
ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata", "America/New_York")
LANGUAGES = ("de", "en", "pt-BR", "en-GB")
STEPS = (
    timedelta(),
    timedelta(seconds=1),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=5),
    timedelta(days=1),
)
HOURS = ("09:00-17:00", "08:30-12:30", "22:00-06:00", "13:00-21:00")


def roster_text(chance: Random) -> str:
    """A roster file: people of all kinds, shifts that follow on, overlap and leave gaps, stand-ins, absences."""
    people = {id_: chance.choice(([1], [1, 2], [2])) for id_ in IDS}
    front, second = (sorted(id_ for id_, tiers in people.items() if tier in tiers) for tier in (1, 2))
    lines = ["people:", *(_person(chance, id_, tiers) for id_, tiers in people.items())]
    lines += ["shifts:", *_week_of(chance, "days", 1, front[: chance.randint(1, 3)])]
    lines += _week_of(chance, "late", 1, front[-2:]) if chance.random() < 0.7 else []
    if second:
        lines += _rotation(chance, second)
    away = chance.sample(IDS, 3)
    lines += ["absences:", *(_absence(chance, id_) for id_ in away)]
    stands_in = [id_ for id_ in front if id_ not in (*away, front[0])]
    if stands_in:
        day = _day(chance)
        who = f"person: {chance.choice(stands_in)}, instead_of: {front[0]}, shift: days"
        lines += ["overrides:", f"  - {{{who}, from: {day}, to: {day}}}"]
    return "\n".join(lines) + "\n"


def _person(chance: Random, id_: str, tiers: list[int]) -> str:
    skills = chance.choice(("[technical]", "[technical, billing]", "[technical, billing, printers]"))
    fields = {
        "name": id_,
        "address": f"{id_}@example.com",
        "tiers": tiers,
        "skills": skills,
        "language": chance.choice(LANGUAGES),
        "languages": chance.choice(("[]", "[en, de]", "[pt]")),
        "authority": chance.choice((0, 50, 500)),
        "max_open": chance.choice((0, 1, 2, 4)),
        "active": "false" if chance.random() < 0.1 else "true",
    }
    return f"  - {{id: {id_}, " + ", ".join(f"{name}: {value}" for name, value in fields.items()) + "}"


def _week_of(chance: Random, name: str, tier: int, people: list[str]) -> list[str]:
    lines = [f"  {name}:", f"    tiers: [{tier}]", f"    people: [{', '.join(people)}]"]
    lines.append(f"    zone: {chance.choice(ZONES)}")
    if chance.random() < 0.8:
        lines.append(f"    hours: {{mon-fri: {chance.choice(HOURS)}, sat: {chance.choice(HOURS)}}}")
    return lines


def _rotation(chance: Random, people: list[str]) -> list[str]:
    lines = ["  on-call:", "    tiers: [2, 1]", "    rotation:", f"      people: [{', '.join(people)}]"]
    lines += [f"      hand_over: {chance.choice(('mon 09:00', 'sun 02:30'))}", f"      zone: {chance.choice(ZONES)}"]
    return [*lines, f"      starts: {chance.choice((date(2026, 1, 5), date(2026, 3, 30)))}"]


def _absence(chance: Random, id_: str) -> str:
    day = _day(chance)
    return f"  - {{person: {id_}, from: {day}, to: {day + timedelta(days=chance.randint(0, 3))}}}"


def _day(chance: Random) -> date:
    return BEGINS.date() + timedelta(days=chance.randint(0, 12))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question to a directory, and when it is put."""

    at: datetime
    ticket: str
    what: AssignOwner | FindApprover | int
    """An owner, an approver; a number gives the booking of that offer back."""


def asked(chance: Random, how_many: int) -> Iterator[Ask]:
    """Questions as cases put them: each offer once and in order, many at the instants at which shifts change."""
    at, offers = BEGINS + timedelta(hours=chance.randint(0, 8)), dict.fromkeys((f"T-{n}" for n in range(8)), 0)
    for _ in range(how_many):
        at += chance.choice(STEPS)
        ticket = chance.choice(sorted(offers))
        kind = chance.random()
        if kind < 0.25 and offers[ticket]:
            yield Ask(at=at, ticket=ticket, what=offers[ticket])
        elif kind < 0.4:
            yield Ask(at=at, ticket=ticket, what=_approver(chance))
        else:
            offers[ticket] += 1
            yield Ask(at=at, ticket=ticket, what=_owner(chance, offers[ticket]))


def _owner(chance: Random, offer: int) -> AssignOwner:
    return AssignOwner(
        offer=offer,
        tier=chance.choice((1, 1, 2)),
        category=chance.choice(CATEGORIES),
        severity=Severity.SEV2,
        skills=("printers",) if chance.random() < 0.1 else (),
        authority=chance.choice((0, 0, 50)),
        tried=tuple(chance.sample(IDS, chance.choice((0, 0, 1, 2)))),
        person=chance.choice(IDS) if chance.random() < 0.15 else "",
        language=chance.choice(("", "", "DE", "en-US", "pt", "fr")),
    )


def _approver(chance: Random) -> FindApprover:
    besides = tuple(chance.sample(IDS, chance.choice((0, 1))))
    return FindApprover(approval=1, tier=chance.choice((1, 2)), authority=chance.choice((50, 500)), besides=besides)
