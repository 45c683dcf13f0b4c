"""Quiet hours: messages wait until they end, in the recipient's time zone; clocks do not wait."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from escalation.business_time import Calendar, Hours, UnknownZone, windows
from escalation.message_kinds import Author, MessageKind
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import Severity

Week: TypeAlias = tuple[tuple[Hours, ...], ...]  # the hours of seven days, Monday first; empty for none

AT_ONCE = (
    *(MessageKind.RECEIPT, MessageKind.THANKS, MessageKind.CONTACT_LIMITED),
    *(kind for kind in MessageKind if kind.author is Author.PERSON),
)
"""Letters that wait for nothing where the policy does not say: what a person writes, and what answers the customer."""

_LONGEST = timedelta(days=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """When messages wait, and which never do.

    Attributes:
        customer: The hours in which letters to the customer wait.
        staff: The hours in which offers and notices wait for colleagues who are not on shift.
        severities_at_once: Severities of cases whose messages wait for nothing.
        customer_at_once: Letters that wait for nothing.
        staff_at_once: Notices that wait for nothing.
    """

    customer: Week = ()
    staff: Week = ()
    severities_at_once: tuple[Severity, ...] = (Severity.SEV1,)
    customer_at_once: tuple[MessageKind, ...] = AT_ONCE
    staff_at_once: tuple[NoticeKind, ...] = ()

    def customer_waits_until(
        self, kinds: Iterable[MessageKind], severity: Severity, zone: str, at: datetime
    ) -> datetime | None:
        """Until when a letter of these kinds waits, aware UTC; None where it goes out at once.

        Args:
            kinds: What the letter says.
            zone: IANA time zone of the customer.
            at: When it is written, aware.
        """
        if not self.customer or self.is_at_once(kinds, severity):
            return None
        return quiet_until(self.customer, zone, at)

    def is_at_once(self, kinds: Iterable[MessageKind], severity: Severity) -> bool:
        """Whether a letter of these kinds waits for nothing."""
        return severity in self.severities_at_once or not set(kinds).isdisjoint(self.customer_at_once)

    def staff_week(self, kinds: Iterable[NoticeKind], severity: Severity) -> Week:
        """The hours in which an offer, or these notices, wait for a colleague; empty where they wait for nothing."""
        is_urgent = severity in self.severities_at_once or not set(kinds).isdisjoint(self.staff_at_once)
        return () if is_urgent else self.staff


def quiet_until(week: Week, zone: str, at: datetime) -> datetime | None:
    """When the quiet time at an instant ends, aware UTC; None where the instant is not in it.

    Args:
        zone: IANA time zone in which they are read; UTC where there is no such zone.
        at: The instant, aware.
    """
    if not any(week):
        return None
    try:
        return _end(Calendar(name="quiet hours", zone=zone, weekly=week), at)
    except UnknownZone:
        return _end(Calendar(name="quiet hours", zone="UTC", weekly=week), at)


def waits_for(quiet_ends: datetime, shift_ends: datetime | None, at: datetime, *, is_offer: bool) -> datetime | None:
    """Until when a message to a colleague waits in quiet hours, aware UTC; None where it goes out at once.

    Args:
        quiet_ends: When the quiet hours end.
        shift_ends: When the colleague's shift ends, not after `at` where they are not on one; None where nothing ends it.
        at: When the message is written, aware.
        is_offer: Whether it is an offer.
    """
    if shift_ends is None:  # asked around the clock: an offer finds them, other news can wait
        return None if is_offer else quiet_ends
    return None if shift_ends > at else quiet_ends


def never_ends(week: Week) -> bool:
    """Whether there is no hour in the week in which a message could go out."""
    minutes: Mapping[int, None] = {
        (day * 1440 + minute) % 10_080: None
        for day, hours in enumerate(week)
        for each in hours
        for minute in range(int(each.opens), int(each.closes))
    }
    return len(minutes) == 10_080


def _end(calendar: Calendar, at: datetime) -> datetime | None:
    window = next(windows(calendar, at, at + _LONGEST), None)
    return window.end if window is not None and window.start <= at else None
