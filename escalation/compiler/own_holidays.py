"""Closed dates from iCalendar files that are kept beside a policy."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import PurePath
from typing import Any

from escalation.compiler.holidays import ReadBeside
from escalation.documents.icalendar import UNREADABLE, CalendarFileText, InvalidCalendarFile, decode_ics, parse_ics

MOST_DATES = 5_000  # how many closed dates a file may give in the years asked for
_LONGEST = timedelta(days=370)


def own_holidays(name: str, read: ReadBeside | None, years: range) -> tuple[str, ...]:
    """The closed dates of a file, as ISO dates in order.

    Every all-day event closes its dates; one may repeat YEARLY. Cancelled events close nothing.

    Args:
        name: The file, beside the policy.
        read: Reads it.
        years: The years to list.

    Raises:
        InvalidCalendarFile: It cannot be read, or an event is not a whole day; has every problem with its line.
    """
    if PurePath(name).name != name or not name.lower().endswith(".ics"):
        raise InvalidCalendarFile(
            (f"`{name}` is not an iCalendar file beside the policy; name one, such as `firm.ics`",)
        )
    if read is None:
        raise InvalidCalendarFile((f"`{name}` cannot be read here; name the dates themselves",))
    try:
        data = read(name)
    except OSError as error:
        raise InvalidCalendarFile((f"{name}: cannot be read: {error.strerror or 'it is not a file'}",)) from None
    if not len(years):
        return ()
    file = parse_ics(decode_ics(data, name), name)
    _check(file, name)
    return tuple(sorted(set(_dates(file, name, years))))


def _check(file: CalendarFileText, name: str) -> None:
    lines = iter(file.event_lines)
    events = [event for calendar in file.calendars for event in calendar.walk("VEVENT")]
    problems = [
        f"{name}:{line}: the event `{str(event.get('SUMMARY', ''))[:60]}` {what}"
        for event, line in zip(events, lines, strict=False)
        if (what := _fault(event))
    ]
    if problems:
        raise InvalidCalendarFile(tuple(problems[:50]))


def _fault(event: Any) -> str:
    """The fault of an event; empty when it can be used."""
    if event.errors or any(isinstance(event.get(field), list) for field in ("DTSTART", "DTEND", "DURATION")):
        return "cannot be read; export the file again"
    return _fault_of_days(event) or _fault_of_rules(event)


def _fault_of_days(event: Any) -> str:
    begin, end, lasts = event.get("DTSTART"), event.get("DTEND"), event.get("DURATION")
    first = getattr(begin, "dt", None)
    if not isinstance(first, date) or isinstance(first, datetime):
        return "is not a whole day; write DTSTART;VALUE=DATE, or half a day among `shifts`"
    if not 1900 <= first.year <= 9000:
        return f"is in the year {first.year}; write one from 1900 to 9000"
    last = getattr(end, "dt", None)
    given = timedelta(days=1) if lasts is None else lasts.dt
    if (end is not None and type(last) is not date) or not isinstance(given, timedelta) or given % timedelta(days=1):
        return "does not end on a whole day; write DTEND;VALUE=DATE"
    span = last - first if type(last) is date else given
    if not timedelta() < span <= _LONGEST:
        return "does not last from a day to a year; correct DTEND"
    return ""


def _fault_of_rules(event: Any) -> str:
    if "RDATE" in event or "EXRULE" in event:
        return "lists dates by RDATE or EXRULE; write one event for each"
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        frequency = str(next(iter(rule.get("FREQ", ())), "")).upper()
        within_a_day = any(str(key).upper() in {"BYHOUR", "BYMINUTE", "BYSECOND"} for key in rule)
        if frequency != "YEARLY" or within_a_day or next(iter(rule.get("INTERVAL", (1,)))) < 1:
            return f"repeats {frequency[:20] or 'in a way that cannot be read'}; a holiday repeats YEARLY, once a year"
    return ""


def _dates(file: CalendarFileText, name: str, years: range) -> Iterator[str]:
    # A third of a second, which policies without such files need not spend.
    import recurring_ical_events  # noqa: PLC0415

    begins, ends = date(years.start, 1, 1), date(years.stop, 1, 1)
    given = 0
    for calendar in file.calendars:
        try:
            events = recurring_ical_events.of(calendar).between(
                datetime.combine(begins, datetime.min.time(), UTC), datetime.combine(ends, datetime.min.time(), UTC)
            )
        except UNREADABLE as error:
            raise InvalidCalendarFile((f"{name}:1: its events cannot be expanded: {error}; export it again",)) from None
        for event in events:
            if str(event.get("STATUS", "")).upper() == "CANCELLED":
                continue
            day, last = event["DTSTART"].dt, event["DTEND"].dt
            while day < last:
                given += 1
                if given > MOST_DATES:
                    raise InvalidCalendarFile((f"{name}:1: closes more than {MOST_DATES} dates; export fewer years",))
                if begins <= day < ends:
                    yield day.isoformat()
                day += timedelta(days=1)
