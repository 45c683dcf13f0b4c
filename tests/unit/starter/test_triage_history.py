"""Histories for a whole export: each customer is asked for once."""

from datetime import datetime

import pytest

from activities.triage_contracts import CustomerHistory
from starter.cli.triage.history import AskedOnce
from tests import fakes
from tests.unit.activities.builders import CUSTOMER, OPENED, batch


class Counting(fakes.Records):
    """A record that keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []

    async def customer_history(self, escalation: str, customer: str, since: datetime | None = None) -> CustomerHistory:
        self.asked.append((escalation, customer))
        return await super().customer_history(escalation, customer, since)


@pytest.fixture
def records() -> Counting:
    return Counting()


async def opened(records: Counting, *tickets: str) -> None:
    for ticket in tickets:
        await records.append(batch([OPENED], escalation=f"escalation-{ticket}"))


async def test_a_customer_of_many_tickets_is_asked_for_once(records: Counting) -> None:
    await opened(records, "1", "2")
    histories = AskedOnce(records)
    found = [await histories.of(CUSTOMER.id, f"N-{number}") for number in range(50)]
    assert {history and history.total for history in found} == {2}
    assert records.asked == [("", CUSTOMER.id)]


async def test_one_without_any_escalation_is_asked_for_once_too(records: Counting) -> None:
    histories = AskedOnce(records)
    for number in range(5):
        assert await histories.of("c-new", f"N-{number}") == CustomerHistory()
    assert len(records.asked) == 1


async def test_a_ticket_whose_own_escalation_is_recorded_is_asked_for_by_itself(records: Counting) -> None:
    await opened(records, "1", "2")
    histories = AskedOnce(records)
    own = await histories.of(CUSTOMER.id, "escalation-2")
    other = await histories.of(CUSTOMER.id, "N-1")
    assert (own and own.escalations, other and other.total) == (("escalation-1",), 2)
    assert records.asked == [("", CUSTOMER.id), ("escalation-2", CUSTOMER.id)]


async def test_of_more_escalations_than_are_named_each_ticket_is_asked_for(records: Counting) -> None:
    await opened(records, *map(str, range(10, 22)))
    histories = AskedOnce(records)
    oldest, new = await histories.of(CUSTOMER.id, "10"), await histories.of(CUSTOMER.id, "N-1")
    assert (oldest and oldest.total, new and new.total) == (11, 12)


async def test_a_customer_no_one_knows_is_not_asked_for(records: Counting) -> None:
    assert await AskedOnce(records).of("", "N-1") is None
    assert records.asked == []


async def test_without_a_ticket_all_escalations_of_the_customer_count(records: Counting) -> None:
    await opened(records, "1")
    found = await AskedOnce(records).of(CUSTOMER.id, "")
    assert found is not None
    assert found.total == 1


async def test_a_limited_number_of_customers_are_remembered_and_the_oldest_is_forgotten(records: Counting) -> None:
    histories = AskedOnce(records, most=2)
    for customer in ("a", "b", "a", "c", "b", "a"):
        await histories.of(customer, "N-1")
    assert [customer for _, customer in records.asked] == ["a", "b", "c", "a"]
