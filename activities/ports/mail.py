"""The port to mail addresses that bounced."""

from datetime import datetime
from typing import Protocol


class BouncedAddresses(Protocol):
    """Addresses to which no mail is sent, since it came back. Every method may raise `DatabaseUnavailable`."""

    async def bounced(self, address: str, status: str, at: datetime) -> None:
        """A report says that the address does not exist, or takes no mail."""

    async def is_bounced(self, address: str, at: datetime) -> bool:
        """Whether a report of the last month says so, and no mail has come from there since."""
