"""Instants as a reader sees them: in their zone and language, and as the time that is left."""

from dataclasses import dataclass
from datetime import datetime

from babel import Locale
from babel.dates import format_skeleton, format_time

from activities.adapters.templates import locale_of, say_instant
from escalation.business_time.errors import UnknownZone
from escalation.business_time.zones import load_zone
from starter.http.pages.page import Words


@dataclass(frozen=True, slots=True)
class Times:
    """Says instants to one reader."""

    now: datetime
    zone: str  # IANA zone of the reader; an unknown one counts as UTC
    language: str
    words: Words  # the words for the time that is left: `left`, `over`, `day`, `hour`, `minute`

    def full(self, at: datetime) -> str:
        """`Friday, 27 March 2026 at 16:00 CET`."""
        return say_instant(at, self.zone, self._locale())

    def short(self, at: datetime) -> str:
        """`Fri 27 Mar, 16:00`; with the year where it is another one than now."""
        there, locale = self._local(at), self._locale()
        skeleton = "MMMEd" if there.year == self._local(self.now).year else "yMMMEd"
        return f"{format_skeleton(skeleton, there, locale=locale)}, {format_time(there, 'short', locale=locale)}"

    def left(self, at: datetime) -> str:
        """`in 2 h 10 min`, or how long ago it was due."""
        minutes = int(abs((at - self.now).total_seconds())) // 60
        parts = (minutes // 1_440, self.words["day"]), (minutes // 60 % 24, self.words["hour"])
        shown = [f"{count} {unit}" for count, unit in parts if count]
        if minutes < 1_440 and (minutes % 60 or not shown):
            shown.append(f"{minutes % 60} {self.words['minute']}")
        said: str = self.words["left" if at >= self.now else "over"]
        return said.replace("{time}", " ".join(shown))

    def _local(self, at: datetime) -> datetime:
        try:
            return at.astimezone(load_zone(self.zone))
        except UnknownZone:
            return at.astimezone(load_zone("UTC"))

    def _locale(self) -> Locale:
        return locale_of(self.language, self.language)
