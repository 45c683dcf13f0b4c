"""Bodies as help desks send them, as short as they can be, with people of example.com."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from escalation.case.values import Customer
from escalation.intake.delivery import Delivery, DeskEvent, Known, Plan, Request
from escalation.intake.files import load_source
from escalation.intake.planning import plan
from escalation.intake.reading import read
from escalation.intake.source import Source
from escalation.vocabulary import Severity, Stage

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SAM = Customer(id="12345", name="Sam Sample", address="sam@example.com")
PEOPLE = {"900": "ana", "901": "ben"}
ADDRESS = "https://desk.example.com/webhooks/zendesk"


def words(text: str, *, html: bool) -> str:
    """What the worker cuts away is tested beside it; here paragraphs and quotes are enough."""
    plain = text.replace("<p>", "").replace("</p>", "") if html else text
    return "\n".join(line for line in plain.splitlines() if not line.startswith(">"))


def request(body: Any, headers: Mapping[str, str] | None = None, *, form: str = "") -> Request:
    """A request with this body as JSON, or with it in the field of a form."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"content-type": "application/json", **(headers or {})}
    if form:
        raw = urlencode({form: raw.decode()}).encode()
        sent["content-type"] = "application/x-www-form-urlencoded"
    return Request(method="POST", url=ADDRESS, headers=sent, body=raw)


def delivery(mapping: str | Source, body: Any, headers: Mapping[str, str] | None = None) -> Delivery:
    source = load_source(mapping) if isinstance(mapping, str) else mapping
    return read(source, request(body, headers, form=source.form_field), words)


def events(mapping: str | Source, body: Any, headers: Mapping[str, str] | None = None) -> tuple[DeskEvent, ...]:
    return delivery(mapping, body, headers).events


def known(stage: Stage | None = Stage.WORKING, **more: Any) -> Known:
    facts: dict[str, Any] = {"people": PEOPLE, "latest": {}, "severity": Severity.SEV3, "customer": SAM, **more}
    return Known(now=NOW, stage=stage, owner="" if stage in (None, Stage.OFFERED) else "ana", **facts)


def plans(mapping: str | Source, body: Any, about: Known | None = None, **headers: str) -> tuple[Plan, ...]:
    """What would follow from each event of a body."""
    source = load_source(mapping) if isinstance(mapping, str) else mapping
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return tuple(plan(event, source, about or known()) for event in events(source, body, sent))


def commands(mapping: str | Source, body: Any, about: Known | None = None, **headers: str) -> list[str]:
    """Wire names of the commands that would follow, or the reasons why none does."""
    found = plans(mapping, body, about, **headers)
    return [command.kind for one in found for command in one.commands] or [one.ignored for one in found]


def zendesk(kind: str, event: Any = None, **detail: Any) -> dict[str, Any]:
    """An event of Zendesk's own subscriptions."""
    return {
        "id": "evt-1",
        "type": f"zen:event-type:{kind}",
        "subject": "zen:ticket:71447",
        "time": "2026-03-02T08:36:44.304571515Z",
        "detail": {"id": "71447", "requester_id": "12345", "priority": "LOW", "tags": None, **detail},
        "event": {} if event is None else event,
    }


def comment(*, by: str = "12345", public: Any = True, staff: Any = False, body: Any = "It is broken") -> dict[str, Any]:
    said = {"id": "c1", "body": body, "is_public": public, "author": {"id": by, "is_staff": staff, "name": "Sam"}}
    return zendesk("ticket.comment_added", {"comment": said})


def changed(kind: str, previous: Any, current: Any, **detail: Any) -> dict[str, Any]:
    return zendesk(f"ticket.{kind}", {"previous": previous, "current": current}, **detail)


def jira(*items: Mapping[str, Any], event: str = "jira:issue_updated", **more: Any) -> dict[str, Any]:
    fields = {
        "summary": "Invoices are sent twice",
        "status": {"name": "To Do", "statusCategory": {"key": "new"}},
        "priority": {"name": "High"},
        "reporter": {"accountId": "acc-1", "displayName": "Sam Sample", "emailAddress": "sam@example.com"},
    }
    return {
        "timestamp": 1772440604304,
        "webhookEvent": event,
        "user": {"accountId": "900", "displayName": "Ana"},
        "issue": {"id": "10040", "key": "TES-41", "fields": fields},
        "changelog": {"id": "1", "items": list(items)},
        **more,
    }


def jira_comment(author: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    where = "https://jira.example.com/rest/api/2/issue/10040/comment/7"
    return {"id": "7", "self": where, "body": "It is broken", "author": author, **more}


def zammad(article: Mapping[str, Any] | None = None, **ticket: Any) -> dict[str, Any]:
    facts = {
        "id": 81,
        "number": "10081",
        "title": "No café au lait",
        "state": "open",
        "priority": {"name": "2 normal"},
        "article_count": 3,
        "customer_id": 8,
        "customer": {"firstname": "Emily", "email": "emily@example.com"},
        "updated_at": "2026-03-02T08:34:35.333Z",
        **ticket,
    }
    return {"ticket": facts, **({"article": dict(article)} if article is not None else {})}


ARTICLE: dict[str, Any] = {
    "id": 104,
    "body": "<p>Still waiting.</p>",
    "content_type": "text/html",
    "sender": "Customer",
    "internal": False,
    "created_by_id": 8,
    "from": "Emily Adams <emily@example.com>",
    "attachments": [{"filename": "cup.jpeg"}],
}


def freshdesk(triggered: Any, **more: Any) -> dict[str, Any]:
    facts = {
        "triggered_event": triggered,
        "ticket_id": "11",
        "ticket_subject": "No coffee",
        "ticket_description": "<p>There is none.</p>",
        "ticket_status": "Open",
        "ticket_priority": "High",
        "requester_name": "Sam Sample",
        "requester_email": "sam@example.com",
    }
    return {"freshdesk_webhook": {**facts, **more}}


def intercom(topic: str, part: Mapping[str, Any] | None = None, **item: Any) -> dict[str, Any]:
    parts = (
        [{"id": "p1", "part_type": "comment", "created_at": 1772440604, "attachments": None, **part}] if part else []
    )
    facts = {
        "type": "conversation",
        "id": "213",
        "user": {"type": "lead", "id": "u1", "name": "Sam Sample", "email": "sam@example.com"},
        "conversation_message": {"body": "<p>Hello</p>", "author": {"type": "user", "id": "u1"}},
        "conversation_parts": {"conversation_parts": parts},
        "assignee": {"id": "0"},
        "tags": {"tags": []},
        **item,
    }
    return {"id": "notif_1", "topic": topic, "created_at": 1772440604, "data": {"item": facts}}


def hubspot(kind: str, **more: Any) -> dict[str, Any]:
    facts = {"eventId": 1, "subscriptionId": 2, "objectId": 999, "occurredAt": 1772440604304, "attemptNumber": 0}
    return {**facts, "subscriptionType": kind, "sourceId": "userId:900", **more}


def chatwoot(**more: Any) -> dict[str, Any]:
    facts = {
        "event": "message_created",
        "id": 17547,
        "content": "hola",
        "message_type": "incoming",
        "private": False,
        "created_at": "2026-03-02T08:36:44.304Z",
        "sender": {"id": 89, "name": "Sam Sample"},
        "conversation": {"id": 25, "meta": {"sender": {"id": 89, "email": "sam@example.com"}}},
    }
    return {**facts, **more}


def pagerduty(kind: str, agent: Any = None, **data: Any) -> dict[str, Any]:
    facts = {"id": "PQ1", "incident_key": "escalation-4711~2/c1/t2", "title": "Invoices are sent twice", **data}
    at = "2026-03-02T08:36:44.304Z"
    return {"event": {"id": "E1", "event_type": f"incident.{kind}", "occurred_at": at, "agent": agent, "data": facts}}


def slack(**action: Any) -> dict[str, Any]:
    value = json.dumps({"escalation": "escalation-4711", "offer": 1, "to": "ana", "reads_packet": True})
    pressed = {"type": "button", "action_id": "escalations.acknowledge", "value": value, "action_ts": "1772440604.19"}
    user = {"id": "900", "name": "someone"}
    return {"type": "block_actions", "trigger_id": "1.2.x", "user": user, "actions": [{**pressed, **action}]}


def teams(text: str) -> dict[str, Any]:
    return {"type": "message", "id": "1", "text": text, "from": {"aadObjectId": "900", "name": "Ana"}}


def glpi(event: str, item: Mapping[str, Any], parent: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"event": event, "item": dict(item), **({"parent_item": dict(parent)} if parent else {})}


OPENED_FULLY: dict[str, Any] = {
    "event": "opened",
    "ticket": "7",
    "text": "Hello?",
    "subject": "No login",
    "status": "open",
    "priority": "high",
    "customer_id": "12345",
    "customer_name": "Sam",
    "customer_email": "sam@example.com",
    "author_email": "sam@example.com",
    "language": "de",
    "zone": "Europe/Berlin",
    "tags": ["escalate"],
    "attachments": ["a.txt"],
    "merged_into": "8",
    "at": "2026-03-02T08:36:44Z",
    "url": "https://example.com/7",
    "assignee_id": "900",
    "delivery_id": "d-1",
}
"""A body with a value at every place that a mapping reads."""

EVERY: dict[str, tuple[str, Any]] = {
    "zendesk comment": ("zendesk", comment()),
    "zendesk agent": ("zendesk", comment(by="900", staff=True)),
    "zendesk created": ("zendesk", zendesk("ticket.created", status="OPEN", description="Help", tags=["vip"])),
    "zendesk status": ("zendesk", changed("status_changed", "OPEN", "SOLVED")),
    "zendesk trigger": ("zendesk", {"ticket_id": "7", "status": "Open", "requester_email": "sam@example.com"}),
    "jira status": ("jira", jira({"field": "status", "fromString": "To Do", "toString": "Done"})),
    "jira comment": (
        "jira",
        jira(event="comment_created", comment=jira_comment({"accountId": "acc-1"}, jsdPublic=True)),
    ),
    "zammad": ("zammad", zammad(ARTICLE)),
    "freshdesk": ("freshdesk", freshdesk("{status:{from:2,to:4}}")),
    "intercom": ("intercom", intercom("conversation.user.replied", {"body": "<p>Hm</p>", "author": {"type": "user"}})),
    "hubspot": ("hubspot", [hubspot("ticket.creation"), hubspot("contact.creation", objectId=5)]),
    "chatwoot": ("chatwoot", chatwoot()),
    "pagerduty": ("pagerduty", pagerduty("acknowledged", {"id": "900", "summary": "Ana"})),
    "slack": ("slack", slack()),
    "teams": ("teams", teams("<at>escalations</at>&nbsp;acknowledge 4711")),
    "glpi": ("glpi", glpi("new", {"id": 3, "content": "<p>Hm</p>", "is_private": False}, {"id": 12})),
    "servicenow": ("servicenow", {"number": "INC1", "short_description": "No login", "state": "1", "priority": "2"}),
    "frappe": ("frappe", {"name": "HD-1", "subject": "No login", "status": "Open", "raised_by": "sam@example.com"}),
    "opsgenie": (
        "opsgenie",
        {"action": "Acknowledge", "alert": {"alias": "4711", "userId": "900", "updatedAt": 1420452}},
    ),
    "front": (
        "front",
        {"id": "evt_1", "type": "comment", "conversation": {"id": "cnv_1"}, "target": {"data": {"body": "Sure"}}},
    ),
    "groove": (
        "groove",
        {"id": "4", "note": False, "body": "<p>Hi</p>", "links": {"ticket": {"href": "http://x/tickets/440"}}},
    ),
    "generic": ("generic", {"event": "customer_replied", "ticket": 7, "text": "Hello?"}),
    "generic opened": ("generic", OPENED_FULLY),
}
"""One body or more of each mapping, for what must hold of all."""
