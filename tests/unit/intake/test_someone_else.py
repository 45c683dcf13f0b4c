"""To a product, everyone who is copied is an end user; only the customer's own words become the customer's reply."""

from collections.abc import Callable
from typing import Any

import pytest

from escalation.case.commands import AddNote, RecordTicketNews
from escalation.intake.subject import IN_A_REMARK
from escalation.vocabulary import Stage, TicketNews
from tests.unit.intake.bodies import (
    ARTICLE,
    chatwoot,
    commands,
    comment,
    glpi,
    intercom,
    jira,
    jira_comment,
    known,
    plans,
    zammad,
)


def front(sender: str) -> dict[str, Any]:
    said = {"id": "m", "text": "Hm", "is_inbound": True, "recipients": [{"role": "from", "handle": sender}]}
    return {"type": "inbound", "id": "e", "conversation": {"id": "c", "recipient": {"handle": "sam@example.com"}}, "target": {"data": said}}  # fmt: skip


def groove(sender: str) -> dict[str, Any]:
    links = {"author": {"href": f"/v1/customers/{sender}"}, "ticket": {"href": "/v1/tickets/440"}}
    return {"links": links, "id": "1", "note": False, "agent_response": False, "plain_text_body": "Hm"}


def trigger(**more: Any) -> dict[str, Any]:
    return {"event": "customer_replied", "ticket_id": "7", "comment": "Hm", "requester_id": "12345", **more}


BY: list[tuple[str, str, Callable[[str], dict[str, Any]], str, str]] = [
    ("a comment in Zendesk", "zendesk", lambda who: comment(by=who), "12345", "777"),
    ("a private comment in Zendesk", "zendesk", lambda who: comment(by=who, public=False), "12345", "777"),
    ("a trigger of Zendesk", "zendesk", lambda who: trigger(author_id=who), "12345", "777"),
    ("a comment in Jira", "jira", lambda who: jira(event="comment_created", comment=jira_comment({"accountId": who, "accountType": "customer"}, jsdPublic=True)), "acc-1", "acc-2"),
    ("an article in Zammad, by id", "zammad", lambda who: zammad({**ARTICLE, "created_by_id": who, "from": "", "id": 1}), "8", "9"),
    ("an article in Zammad that an agent wrote down", "zammad", lambda who: zammad({**ARTICLE, "created_by_id": 3, "from": f"X <{who}>"}), "emily@example.com", "eve@example.com"),
    ("a message in Chatwoot", "chatwoot", lambda who: chatwoot(sender={"id": who}), "89", "90"),
    ("a conversation in Intercom", "intercom", lambda who: intercom("conversation.user.replied", {"body": "Hm", "author": {"type": "user", "id": who}}), "u1", "u2"),
    ("a mail in Front", "front", front, "Sam+x@example.com", "eve@example.com"),
    ("a mail in Groove", "groove", groove, "sam@example.com", "eve@example.com"),
    ("a mail in Frappe", "frappe", lambda who: {"name": "c", "reference_name": "7", "sent_or_received": "Received", "sender": who, "content": "Hm"}, "sam@example.com", "eve@example.com"),
    ("a comment in ServiceNow", "servicenow", lambda who: {"number": "INC1", "comments": "Hm", "author_id": who, "author_role": "caller", "caller_id": "ab12"}, "ab12", "cd34"),
    ("a follow-up in GLPI", "glpi", lambda who: glpi("new", {"id": 1, "content": "Hm", "is_private": False, "user": {"id": who}}, {"id": 12, "user_recipient": {"id": "5"}}), "5", "6"),
    ("an event of any product, by id", "generic", lambda who: {"event": "customer_replied", "ticket": "7", "text": "Hm", "author_id": who, "customer_id": "1"}, "1", "2"),
    ("an event of any product, by address", "generic", lambda who: {"event": "customer_replied", "ticket": "7", "text": "Hm", "author_email": who}, "sam@example.com", "eve@example.com"),
    ("an event of Freshdesk", "freshdesk", lambda who: {"event": "customer_replied", "ticket_id": "7", "comment": "Hm", "author_email": who, "requester_email": "sam@example.com"}, "sam@example.com", "eve@example.com"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("mapping", "said_by", "customer", "other"), [row[1:] for row in BY], ids=[row[0] for row in BY]
)
def test_only_the_customer_replies_as_the_customer(
    mapping: str, said_by: Callable[[str], dict[str, Any]], customer: str, other: str
) -> None:
    assert commands(mapping, said_by(customer))[0] == "customer_replied"
    assert commands(mapping, said_by(other))[0] == "ticket_news"


@pytest.mark.parametrize(
    ("mapping", "body", "expected"),
    [
        ("generic", {"event": "customer_replied", "ticket": "7", "text": "Hm", "public": False}, "note"),
        ("generic", {"event": "comment", "ticket": "7", "text": "Hm", "author_role": "customer", "public": "false"}, "note"),
        ("generic", {"event": "comment", "ticket": "7", "text": "Hm", "author_role": "customer", "author_id": "12345", "public": False}, "customer_replied"),
        ("zendesk", trigger(public="false"), "note"),
        ("zendesk", {**trigger(public="false"), "event": "agent_replied"}, "note"),
        ("zendesk", {**trigger(), "event": "agent_replied"}, "record_update"),
        ("servicenow", {"event": "customer_replied", "number": "INC1", "comments": "Hm", "public": False}, "note"),
        # A user name is not an id of a caller, and an address in place of an id is compared with addresses.
        ("servicenow", {"number": "INC1", "comments": "Hm", "author_role": "caller", "sys_updated_by": "sam", "caller_id": "ab12"}, "customer_replied"),
        ("servicenow", {"event": "customer_replied", "number": "INC1", "comments": "Hm", "sys_updated_by": "sam", "caller_id": "ab12"}, "customer_replied"),
        ("generic", {"event": "customer_replied", "ticket": "7", "text": "Hm", "author_id": "9", "customer_email": "sam@example.com"}, "customer_replied"),
    ],
)  # fmt: skip
def test_what_is_called_private_is_a_note_unless_the_customers_id_is_there(
    mapping: str, body: dict[str, Any], expected: str
) -> None:
    assert commands(mapping, body) == [expected]


def test_what_someone_else_wrote_names_them_and_is_kept_whole() -> None:
    body = comment(by="777", body="word " * 1_000)
    (planned,) = plans("zendesk", body)
    note, news = planned.commands

    assert isinstance(note, AddNote)
    assert isinstance(news, RecordTicketNews)
    assert (note.by, news.news) == ("zendesk:777", TicketNews.UNKNOWN_AUTHOR)
    assert note.text.startswith("Sam in Zendesk: word")
    assert note.text.count("word") == 1_000
    assert len(news.text) == IN_A_REMARK
    assert commands("zendesk", body, known(Stage.CLOSED)) == ["ticket_news"]
