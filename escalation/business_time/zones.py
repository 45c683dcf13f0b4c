"""Conversion between wall time and instants.

Zone data is read from the ``tzdata`` package and nowhere else. Python's ``ZoneInfo("…")`` prefers the machine's own files,
which differ from the package by an hour for real cities, so two workers could disagree about one deadline. The files are
opened here by path, for every importer of this package, and changes nothing else in the process.

Instants are whole seconds since 1970 in UTC. A fraction of a second is dropped on the way in, from starts, ends and pauses
alike, so that adding a duration and measuring it again agree to the second.
"""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib import import_module
from importlib.resources import files
from zoneinfo import ZoneInfo

from escalation.business_time.errors import OutOfReach, UnknownZone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_WALL = EPOCH.replace(tzinfo=None)
_NO_OFFSET = timedelta()
_LONGEST_NAME = 100
_EPOCH_DAY = EPOCH.toordinal()
# Each look-up of a class method makes a new object, and every answer passes here.
_from_timestamp = datetime.fromtimestamp

# Found once, at import: inside a workflow sandbox a later import would not be the real one.
_ZONE_FILES = files("tzdata").joinpath("zoneinfo")
_ZONE_NAMES = files("tzdata").joinpath("zones")
_ZONE_DATA_VERSION = str(import_module("tzdata").IANA_VERSION)


def zone_data_version() -> str:
    """Return the IANA release of the zone data in use, such as ``2026a``, to be recorded beside each deadline."""
    return _ZONE_DATA_VERSION


@cache
def zone_names() -> frozenset[str]:
    """Return every zone name that a calendar may carry."""
    return frozenset(_ZONE_NAMES.read_text(encoding="utf-8").split())


@cache
def load_zone(name: str) -> ZoneInfo:
    """Return the zone called ``name`` from the ``tzdata`` package.

    Raises:
        UnknownZone: no such name; the message offers the closest ones.
    """
    if name not in zone_names():
        raise UnknownZone(_unknown(name))
    with _ZONE_FILES.joinpath(*name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


def _unknown(name: str) -> str:
    if len(name) > _LONGEST_NAME:  # what is closest to it would take long to find
        return f"unknown time zone {name[:_LONGEST_NAME]!r}…: write an IANA name such as Europe/Berlin."
    by_lower_case = {known.lower(): known for known in zone_names()}
    # A bare city is the usual slip, so the part after the last slash is compared as well.
    by_city = {lower.rpartition("/")[2]: known for lower, known in sorted(by_lower_case.items())}
    spelled = name.strip().lower().replace(" ", "_")
    candidates = by_city | by_lower_case
    close = dict.fromkeys(candidates[match] for match in get_close_matches(spelled, candidates, n=3))
    advice = f"did you mean {' or '.join(close)}?" if close else "write an IANA name such as Europe/Berlin."
    return f"unknown time zone {name!r}: {advice}"


def to_second(at: datetime) -> int:
    """Return the whole UTC second that ``at`` falls in.

    Raises:
        ValueError: ``at`` has no time zone, so it names no instant.
    """
    try:
        since = at - EPOCH
    except TypeError:
        raise ValueError(f"{at.isoformat()} has no time zone; pass an aware datetime, such as one in UTC") from None
    return since.days * 86_400 + since.seconds


def to_moment(second: int) -> datetime:
    """Return the aware UTC datetime of a second.

    Raises:
        OutOfReach: it lies beyond year 9999, or before year 1.
    """
    try:
        return _from_timestamp(second, UTC)
    except (ValueError, OverflowError, OSError):
        raise OutOfReach(f"{second:.3g} seconds from 1970 lie beyond the years 1 to 9999; use a shorter time") from None


@lru_cache(maxsize=1024)
def wall_clock(zone: str, second: int) -> datetime:
    """Return what the wall clock shows in ``zone`` at a second, as a naive datetime."""
    return to_moment(second).astimezone(load_zone(zone)).replace(tzinfo=None)


def day_at(zone: str, second: int) -> int:
    """Return the ordinal of the latest local date that has begun at a second.

    It is the date on the wall, except where clocks go back over midnight: then the new date has begun once already.
    """
    day = second // 86_400 + _EPOCH_DAY
    while second < second_of_day(zone, day, 0):
        day -= 1
    while second >= second_of_day(zone, day + 1, 0):
        day += 1
    return day


@lru_cache(maxsize=16_384)
def second_of_day(zone: str, day: int, minute: float) -> int:
    """Return the second at which ``minute`` begins on ``day`` in ``zone``.

    Args:
        zone: IANA name.
        day: proleptic ordinal of the local date, as ``date.toordinal`` counts.
        minute: minutes of wall time after midnight; 1440 and more lie on the next day.
    """
    return first_second(zone, datetime.fromordinal(day) + timedelta(minutes=minute))


def steady_midnight(zone: str, day: int) -> int | None:
    """Return the second at which ``day`` begins in ``zone``, or None where clocks change then or within two days.

    After a steady midnight each wall time, up to and with the midnight after next, comes once and as many seconds later as
    it shows. No zone's clocks have ever changed twice within two days, so a look at the end is enough.
    """
    begin = second_of_day(zone, day, 0)
    steady = wall_clock(zone, begin + 2 * 86_400) == datetime.fromordinal(day + 2)
    return begin if steady else None


def first_second(zone: str, wall: datetime) -> int:
    """Return the first second at which the wall clock of ``zone`` shows ``wall`` or, in a gap, has jumped past it.

    A time that occurs twice, when clocks go back, is its first occurrence. A time that does not occur, when clocks go
    forward, is the first instant after the gap.
    """
    there = load_zone(zone)
    # Around a clock change, fold 0 reads the offset from before it and fold 1 the one from after it.
    local = wall.replace(tzinfo=there)
    before, after = _offset(local), _offset(local.replace(fold=1))
    since = wall - _EPOCH_WALL
    shown = since.days * 86_400 + since.seconds
    if before >= after:
        return shown - before
    candidates = range(shown - after + 1, shown - before + 1)
    return candidates[
        bisect_left(candidates, x=True, key=lambda second: _offset(to_moment(second).astimezone(there)) == after)
    ]


def _offset(at: datetime) -> int:
    offset = at.utcoffset() or _NO_OFFSET
    return offset.days * 86_400 + offset.seconds
