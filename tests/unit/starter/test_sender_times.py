"""A sender's clock that is far ahead does not outdate what comes after it."""

from datetime import timedelta

from activities.ports.connections import Connection
from escalation.intake.files import load_source
from starter.webhooks.receiving import entries_of
from tests.unit.intake.bodies import NOW, changed, request, words


def test_a_time_that_is_still_to_come_is_not_kept() -> None:
    connection = Connection(source=load_source("zendesk"))
    body = changed("status_changed", "OPEN", "SOLVED")
    for ahead, is_kept in ((timedelta(minutes=4), True), (timedelta(days=400), False)):
        sent = request({**body, "time": (NOW + ahead).isoformat()})
        (entry,) = entries_of(connection, sent, words, NOW)
        assert (entry.at is not None) is is_kept
