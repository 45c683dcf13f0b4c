"""The ports in memory, under the ports' own names and with the adapters' semantics, one module for each port.

The `*_contract.py` modules in `tests/unit/activities` hold what both must do; they run against these and against
PostgreSQL.
"""

from tests.fakes.cases import Cases
from tests.fakes.channel import Channel
from tests.fakes.directory import Booking, Directory
from tests.fakes.incidents import Incidents
from tests.fakes.ledger import Delivery, Ledger
from tests.fakes.long_texts import LongTexts
from tests.fakes.policies import Policies
from tests.fakes.records import Records

__all__ = [
    "Booking",
    "Cases",
    "Channel",
    "Delivery",
    "Directory",
    "Incidents",
    "Ledger",
    "LongTexts",
    "Policies",
    "Records",
]
