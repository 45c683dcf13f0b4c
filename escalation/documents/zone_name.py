"""The name of a time zone in a file that people write."""

from typing import Annotated

from pydantic import AfterValidator

from escalation.business_time.zones import load_zone


def _known(name: str) -> str:
    load_zone(name)
    return name


ZoneName = Annotated[str, AfterValidator(_known)]
"""An IANA name; one that does not exist is refused with the closest ones that do."""
