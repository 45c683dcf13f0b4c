"""Where zone data comes from."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.business_time import CalendarError, UnknownZone, is_open, zone_data_version
from escalation.business_time.zones import first_second, load_zone, to_moment, to_second, wall_clock, zone_names
from tests.unit.business_time.samples import at, office

LONDON_FILES_UNDER_BERLINS_NAME = """
import zoneinfo
from datetime import UTC, datetime
from escalation.business_time import is_open
from tests.unit.business_time.samples import office
assert zoneinfo.ZoneInfo("Europe/Berlin").utcoffset(datetime(2026, 3, 2)).seconds == 0
print(is_open(office(zone="Europe/Berlin"), datetime(2026, 3, 2, 8, 30, tzinfo=UTC)))
"""


def test_the_zone_data_version_is_that_of_the_installed_package() -> None:
    first_line = files("tzdata").joinpath("zoneinfo/tzdata.zi").read_text(encoding="utf-8").splitlines()[0]
    assert first_line == f"# version {zone_data_version()}"


def test_the_machines_own_zone_data_is_never_read(tmp_path: Path) -> None:
    (tmp_path / "Europe").mkdir()
    london = files("tzdata").joinpath("zoneinfo/Europe/London").read_bytes()
    (tmp_path / "Europe" / "Berlin").write_bytes(london)
    answer = subprocess.run(
        [sys.executable, "-c", LONDON_FILES_UNDER_BERLINS_NAME],
        env={"PYTHONTZPATH": str(tmp_path), "PYTHONPATH": "."},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.stderr, answer.stdout) == ("", "True\n")


def test_a_zone_is_read_once() -> None:
    assert load_zone("Europe/Berlin") is load_zone("Europe/Berlin")


def test_every_known_zone_can_be_loaded() -> None:
    assert len(zone_names()) > 500
    for name in zone_names():
        assert load_zone(name).key == name


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("Europe/Berln", "did you mean Europe/Berlin"),
        ("berlin", "did you mean Europe/Berlin"),
        ("new york", "did you mean America/New_York"),
        ("europe/london", "did you mean Europe/London"),
        ("nowhere at all", "write an IANA name such as Europe/Berlin"),
        ("../../secrets", "write an IANA name such as Europe/Berlin"),
        ("x" * 300, "write an IANA name such as Europe/Berlin"),
    ],
)
def test_an_unknown_zone_is_refused_with_the_closest_names(name: str, advice: str) -> None:
    with pytest.raises(UnknownZone, match=f"unknown time zone '{name[:100]}.*: {advice}") as refusal:
        is_open(office(zone=name), at("2026-03-02 09:00"))
    assert isinstance(refusal.value, CalendarError)


@given(
    zone=st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Asia/Tehran", "Pacific/Apia"]),
    second=st.integers(to_second(at("2005-01-01")), to_second(at("2030-01-01"))),
)
def test_a_wall_time_stands_for_the_first_instant_that_shows_it(zone: str, second: int) -> None:
    first = first_second(zone, wall_clock(zone, second))
    assert first <= second
    assert wall_clock(zone, first) == wall_clock(zone, second)


@given(second=st.integers(to_second(at("0001-01-01")), to_second(at("9999-12-31"))), fraction=st.integers(0, 999_999))
def test_an_instant_is_the_second_that_it_falls_in_whatever_zone_it_is_written_in(second: int, fraction: int) -> None:
    moment = to_moment(second)
    assert moment.tzinfo is UTC
    assert to_second(moment + timedelta(microseconds=fraction)) == second
    assert to_second(moment.astimezone(timezone(timedelta(minutes=-1 if second > 0 else 1)))) == second


class Nowhere(tzinfo):
    """A zone that does not know its offset."""

    def utcoffset(self, _: datetime | None) -> None:
        return None

    def dst(self, _: datetime | None) -> None:
        return None

    def tzname(self, _: datetime | None) -> str:
        return "nowhere"


@pytest.mark.parametrize("zone", [None, Nowhere()])
def test_a_time_without_an_offset_names_no_instant(zone: tzinfo | None) -> None:
    with pytest.raises(ValueError, match="2026-03-02T09:00:00 has no time zone; pass an aware datetime"):
        to_second(datetime(2026, 3, 2, 9, tzinfo=zone))
