"""`escalations links`: which links can be used, and how they end."""

import secrets
from dataclasses import replace
from datetime import timedelta

import pytest

from activities.adapters.postgres.customer_links import CustomerLinks
from activities.adapters.postgres.database import Database
from activities.adapters.postgres.links import Links
from activities.adapters.postgres.records import Records
from activities.ports.sending import ActionLink, CustomerLink
from escalation.lifecycle.asking import Act, Ask, Subject
from tests.unit.activities.builders import OPENED, VIEW, batch
from tests.unit.starter.desk import MONDAY, Desk

ASK = Ask(subject=Subject.OFFER, number=1, acts=(Act.ACKNOWLEDGE, Act.DECLINE))


async def keep(database: Database, escalation: str, person: str, days: int = 1) -> str:
    token = secrets.token_urlsafe(32)
    link = ActionLink(base="https://x", token=token, ask=ASK, expires_at=MONDAY + timedelta(days=days))
    await Links(database, lambda: MONDAY).keep(escalation, token[:6], person, link)
    return token


async def works(database: Database, token: str) -> bool:
    link = await Links(database, lambda: MONDAY).find(token)
    assert link is not None
    return link.works(MONDAY)


async def test_a_list_names_the_links_that_can_be_used_and_no_secret(desk: Desk, database: Database) -> None:
    token = await keep(database, "escalation-7", "ana")
    await keep(database, "escalation-7", "ben", days=-1)
    ended = await desk("links", "list", "--ticket", "7")
    assert "acknowledge, decline" in ended.out
    assert "ben" not in ended.out
    assert token not in ended.out
    assert token not in (await desk("--json", "links", "list")).out
    assert (await desk("links", "list", "--person", "cho")).out == "no link can be used now\n"


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (("--ticket", "7"), {"77", "ben"}),
        (("--ticket", "escalation-7~2"), {"77", "ben"}),
        (("--person", "ben"), {"7", "7~2", "77"}),
        (("--all",), set()),
    ],
)
async def test_links_are_revoked_by_ticket_by_person_or_all(
    desk: Desk, database: Database, options: tuple[str, ...], left: set[str]
) -> None:
    tokens = {
        "7": await keep(database, "escalation-7", "ana"),
        "7~2": await keep(database, "escalation-7~2", "ana"),
        "77": await keep(database, "escalation-77", "ana"),
        "ben": await keep(database, "escalation-8", "ben"),
    }
    assert (await desk("links", "revoke", *options)).code == 0
    assert {name for name, token in tokens.items() if await works(database, token)} == left


async def test_one_link_is_revoked_by_its_id(desk: Desk, database: Database) -> None:
    first, second = await keep(database, "escalation-7", "ana"), await keep(database, "escalation-7", "ben")
    found = await Links(database, lambda: MONDAY).find(first)
    assert found is not None
    assert (await desk("links", "revoke", found.id)).out == "1 revoked\n"
    assert (await works(database, first), await works(database, second)) == (False, True)


@pytest.mark.parametrize("options", [(), ("xyz",), ("%",), ("--ticket", "a b")])
async def test_a_request_that_names_nothing_is_refused(desk: Desk, options: tuple[str, ...]) -> None:
    assert (await desk("links", "revoke", *options)).code == 2


async def test_links_of_customers_are_listed_and_revoked_beside_those_of_colleagues(
    desk: Desk, database: Database
) -> None:
    opened, view = replace(OPENED, ticket="7"), replace(VIEW, ticket="7", last_seq=1)
    await Records(database).append(batch([opened], escalation="escalation-7", view=view))
    links, token = CustomerLinks(database, lambda: MONDAY), secrets.token_urlsafe(32)
    await links.keep("escalation-7", "k", CustomerLink(base="https://x/c", token=token, address=view.customer.address))
    await keep(database, "escalation-7", "ana")
    listed = await desk("links", "list", "--person", "customer")
    assert "see the case" in listed.out
    assert "with the case" in listed.out
    assert "ana" not in listed.out
    assert token not in listed.out
    assert (await desk("links", "revoke", "--person", "customer")).code == 0
    found = await links.find(token)
    assert found is not None
    assert not found.works(view, MONDAY, days=30)
    assert "ana" in (await desk("links", "list", "--ticket", "7")).out
