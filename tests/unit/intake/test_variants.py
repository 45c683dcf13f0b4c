"""Bodies that products send besides their usual ones: older versions, other forms, words in another language."""

from typing import Any

import pytest

from escalation.intake.bodies import parsed
from escalation.intake.conditions import holds, parse_condition
from escalation.intake.delivery import DeskStatus, EventKind, Known, Unreadable
from escalation.intake.paths import Scope, first_value, parse_path
from escalation.intake.values import address_of, language_of, text_within
from escalation.vocabulary import Severity, Stage
from tests.unit.intake.bodies import (
    ARTICLE,
    SAM,
    chatwoot,
    commands,
    comment,
    events,
    freshdesk,
    glpi,
    hubspot,
    intercom,
    jira,
    jira_comment,
    known,
    pagerduty,
    request,
    teams,
    zammad,
    zendesk,
)

ISSUE: dict[str, Any] = {"id": 10040, "key": "TES-41", "changelog": {"total": 0}, "fields": {"summary": "Invoices", "priority": {"name": "P3"}, "status": {"name": "In progress"}, "reporter": {"accountId": "acc-1", "emailAddress": "sam@example.com"}}}  # fmt: skip
FRONT: dict[str, Any] = {"id": "evt_1", "type": "inbound", "conversation": {"id": "cnv_1", "recipient": {"handle": "sam@example.com"}}, "target": {"data": {"id": "m1", "is_inbound": True, "text": "Hm", "recipients": [{"role": "from", "handle": "sam@example.com"}]}}}  # fmt: skip
OPEN, OFFERED = known(), known(Stage.OFFERED, offered_to="ana")
REPORTER = {"accountId": "acc-1", "accountType": "atlassian"}
ANA = {"type": "admin", "id": "900", "name": "Ana"}


def said_in_jira(**more: Any) -> dict[str, Any]:
    return jira(event="comment_created", comment=jira_comment(REPORTER, **more))


ROWS: list[tuple[str, str, Any, Known, list[str]]] = [
    ("an agent notes in a ticket of their own", "zendesk", comment(staff=True, public=False), OPEN, ["note"]),
    ("an agent asks in a ticket of their own", "zendesk", comment(staff=True), OPEN, ["customer_replied"]),
    ("a priority is taken off", "zendesk", zendesk("ticket.priority_changed", {"current": None}, priority=None), OPEN, ["the ticket no longer has a priority in the help desk"]),
    ("a trigger in German", "zendesk", {"ticket": {"id": "7", "status": "Gelöst", "priority": "Dringend"}}, OPEN, ["ticket_news", "change_severity"]),
    ("a trigger with the bare id", "zendesk", {"id": "7", "status": "Solved"}, OPEN, ["ticket_news"]),
    ("jira: the reporter, internally", "jira", said_in_jira(jsdPublic=False), OPEN, ["note"]),
    ("jira: the reporter, for one group", "jira", said_in_jira(jsdPublic=True, visibility={"type": "role", "value": "Agents"}), OPEN, ["note"]),
    ("jira: a customer with an account of the company", "jira", {**said_in_jira(jsdPublic=True), "issue": {"key": "TES-41"}}, known(customer=SAM.__class__(id="acc-1", name="Sam", address="sam@example.com")), ["customer_replied"]),
    ("jira: resolved, and no word of the status", "jira", jira({"field": "resolution", "fromString": None, "toString": "Done"}), OPEN, ["ticket_news"]),
    ("jira: resolved, with the status", "jira", jira({"field": "resolution", "toString": "Done"}, {"field": "status", "fromString": "Open", "toString": "Done"}), OPEN, ["ticket_news"]),
    ("jira: unresolved", "jira", jira({"field": "resolution", "fromString": "Done", "toString": None}), OPEN, ["ticket_news"]),
    ("jira: a post function", "jira", {"transition": {"from_status": "Open", "to_status": "Done"}, "issue": {"key": "T-1"}}, OPEN, ["ticket_news"]),
    ("intercom: an answer that assigns", "intercom", intercom("conversation.admin.replied", {"part_type": "assignment", "body": "Hm", "author": ANA}), OPEN, ["record_update"]),
    ("intercom: an answer of no known form", "intercom", intercom("conversation.admin.replied", {"part_type": None, "body": "Hm", "author": ANA}), OPEN, ["note"]),
    ("glpi: the requester, privately", "glpi", glpi("new", {"id": 1, "content": "Hm", "is_private": True, "user": {"id": 5}}, {"id": 12, "user_recipient": {"id": 5}}), OPEN, ["note"]),
    ("servicenow: the caller's work notes", "servicenow", {"number": "INC1", "work_notes": "Hm", "author_id": "12345", "caller_id": "12345"}, OPEN, ["note"]),
    ("generic: a note, by any author", "generic", {"event": "note", "ticket": "7", "text": "Hm", "author_role": "customer", "author_id": "12345"}, OPEN, ["note"]),
    ("intercom: an artificial agent", "intercom", intercom("conversation.admin.replied", {"body": "Hm", "author": {**ANA, "from_ai_agent": True}}), OPEN, ["it is automatic, so it is not an answer"]),
    ("servicenow: values with their words", "servicenow", {"result": {"number": {"value": "INC1", "display_value": "INC1"}, "state": {"value": "6", "display_value": "Resolved"}}}, OPEN, ["ticket_news"]),
    ("chatwoot: the status is not the first change", "chatwoot", {"event": "conversation_status_changed", "id": 25, "status": "open", "changed_attributes": [{"updated_at": {}}, {"status": {"previous_value": "resolved"}}]}, OPEN, ["ticket_news"]),
    ("chatwoot: resolved, in an older version", "chatwoot", {"event": "conversation_resolved", "id": 25}, OPEN, ["ticket_news"]),
    ("freshdesk: nothing around it", "freshdesk", {"ticket_id": 11, "event": "customer_replied", "comment": "<p>Hm</p>"}, OPEN, ["customer_replied"]),
    ("freshdesk: spam", "freshdesk", freshdesk("{ticket_action:marked_spam}"), OPEN, ["ticket_news"]),
    ("zammad: who sent it, as an object", "zammad", {"ticket": {"number": "7"}, "article": {**ARTICLE, "sender": {"name": "Agent"}, "created_by_id": 900}}, OPEN, ["record_update"]),
    ("zammad: not said who sent it", "zammad", {"ticket": {"number": "7"}, "article": {**ARTICLE, "sender": None, "created_by_id": 12345}}, OPEN, ["customer_replied"]),
    ("zammad: an agent of their own ticket, internally", "zammad", {"ticket": {"number": "7"}, "article": {**ARTICLE, "sender": "Agent", "internal": True, "created_by_id": 12345}}, OPEN, ["note"]),
    ("teams: markup behind the ticket", "teams", teams("<p><at>escalations</at>&nbsp;ack&nbsp;4711</p>"), OFFERED, ["acknowledge"]),
    ("groove: a state", "groove", {"ticket_number": 7, "state": "closed", "href": "/v1/tickets/7"}, OPEN, ["ticket_news"]),
    ("intercom: only a picture", "intercom", intercom("conversation.user.replied", {"body": None, "author": {"type": "user", "id": "u1"}, "attachments": [{"name": "a.png"}]}), known(customer=SAM.__class__(id="u1", name="Sam", address="sam@example.com")), ["customer_replied"]),
    ("jira: a rule sends the issue", "jira", ISSUE, OPEN, ["the status open in the help desk changes nothing here", "the case is SEV3 already", "the ticket is escalated already"]),
    ("jira: a rule sends an issue that is done", "jira", {**ISSUE, "fields": {**ISSUE["fields"], "status": {"name": "Done"}}}, OPEN, ["ticket_news"]),
    ("jira: a rule sends an issue that is new", "jira", ISSUE, known(None, customer=None), ["open_by_triage"]),
    ("jira: a rule sends a comment", "jira", {"issue": {"key": "T-1"}, "comment": {"id": "1", "body": "Hm", "author": REPORTER, "jsdPublic": True}}, OPEN, ["record_update"]),
    ("freshdesk: not said what triggered it", "freshdesk", freshdesk("", ticket_status="Resolved", ticket_priority="Medium"), OPEN, ["ticket_news"]),
    ("freshdesk: the trigger as an object", "freshdesk", freshdesk({"status": {"from": 2, "to": 4}}), OPEN, ["ticket_news"]),
    ("freshdesk: no agent any more", "freshdesk", freshdesk("{responder_id:{from:900,to:null}}"), OPEN, ["no one owns the ticket in the help desk now"]),
    ("chatwoot: a rule of its automation", "chatwoot", chatwoot(message_type="outgoing", sender=None, content_attributes={"automation_rule_id": 1}), OPEN, ["it is automatic, so it is not an answer"]),
    ("glpi: into the bin", "glpi", glpi("update", {"id": 12, "is_deleted": True, "status": {"id": 2}}), OPEN, ["ticket_news"]),
    ("zammad: an article alone", "zammad", {"article": {**ARTICLE, "ticket_id": 81, "sender": "Agent", "created_by_id": 900}}, OPEN, ["record_update"]),
    ("zammad: tagged later", "zammad", zammad(tags=["escalate"]), known(None, customer=None), ["open_by_triage"]),
    ("zammad: tagged long ago", "zammad", zammad(tags=["escalate"]), known(Stage.CLOSED), ["the status open in the help desk changes nothing here", "the case is closed", "the ticket was escalated before; a new tag or a reopening escalates it again"]),
    ("hubspot: two merged into a new one", "hubspot", [hubspot("ticket.merge", objectId=7, primaryObjectId=7, mergedObjectIds=[8, 9], newObjectId=10)], OPEN, ["ticket_news"] * 3),
    ("front: the event of an app", "front", {"type": "inbound_received", "authorization": {"id": "cmp_1"}, "payload": FRONT}, OPEN, ["customer_replied"]),
    ("generic: as Standard Webhooks suggests", "generic", {"type": "customer_replied", "timestamp": "2026-03-02T08:36:44Z", "data": {"ticket": 7, "text": "Hm", "customer_id": "12345"}}, OPEN, ["customer_replied"]),
    ("generic: several at once", "generic", [{"event": "note", "ticket": "7", "text": "Hm"}, {"event": "solved", "ticket": "7"}], OPEN, ["note", "ticket_news"]),
    ("pagerduty: a new incident", "pagerduty", pagerduty("triggered"), OFFERED, ["`incident.triggered` means nothing for an escalation"]),
    ("zendesk: solved by a status of the account's own", "zendesk", zendesk("ticket.custom_status_changed", {"current": "6", "previous": "5"}, status="SOLVED"), known(), ["ticket_news"]),
    ("zendesk: another open status", "zendesk", zendesk("ticket.custom_status_changed", {"current": "7", "previous": "5"}, status="OPEN"), known(), ["the status open in the help desk changes nothing here"]),
    ("pagerduty: v1", "pagerduty", {"messages": [{"type": "incident.acknowledge", "data": {"incident": {"incident_key": "escalation-4711/c1/t2", "last_status_change_by": {"id": "900"}}}}]}, OFFERED, ["acknowledge"]),
    ("pagerduty: an incident of another tool", "pagerduty", pagerduty("acknowledged", {"id": "900"}, incident_key="It is on fire"), known(None), ["the ticket is not escalated"]),
]  # fmt: skip


WORDLESS: list[tuple[str, Any]] = [
    ("zendesk", comment(body="") | {"detail": {"id": "71447", "requester_id": "12345", "description": "At first"}}),
    ("intercom", intercom("conversation.user.replied", {"body": None, "author": {"type": "user", "id": "u1"}})),
    ("freshdesk", {"event": "customer_replied", "ticket_id": 11, "comment": "", "ticket_description": "At first"}),
    ("servicenow", {"event": "customer_replied", "number": "INC1", "comments": "", "work_notes": "Internal"}),
    ("generic", {"event": "customer_replied", "ticket": 7, "text": " ", "description": "At first"}),
    ("frappe", {"event": "customer_replied", "name": "HD-1", "description": "At first"}),
    ("groove", {"id": "4", "note": False, "body": "", "summary": "At first", "links": {"ticket": {"href": "http://x/tickets/440"}}}),
]  # fmt: skip


@pytest.mark.parametrize(("mapping", "body"), WORDLESS, ids=[row[0] for row in WORDLESS])
def test_a_message_without_words_does_not_take_those_of_the_ticket(mapping: str, body: Any) -> None:
    (event,) = events(mapping, body)

    assert (event.kind, event.text) == (EventKind.MESSAGE, "")


@pytest.mark.parametrize(
    ("comments", "text"),
    [
        ("2026-03-02 08:36:44 - Sam Sample (Additional comments)\nStill broken\n\n", "Still broken"),
        ("02/03/2026 08:36 AM - Sam (Kommentare)\r\nStill\nbroken\n\n01/03/2026 08:36 AM - Ana (Kommentare)\nOld", "Still\nbroken"),
        ("2026-03-02 is the date of my order", "2026-03-02 is the date of my order"),
        ("As I said:\n2026-03-02 08:36:44 - Ana (Work notes)\nx", "As I said:\n2026-03-02 08:36:44 - Ana (Work notes)\nx"),
        ("2026-03-02 08:36:44 - Sam Sample (Additional comments)\n\n", ""),
    ],
)  # fmt: skip
def test_of_a_journal_of_servicenow_its_newest_entry_counts(comments: str, text: str) -> None:
    (event, *_) = events("servicenow", {"event": "customer_replied", "number": "INC1", "comments": comments})

    assert event.text == text


def test_a_part_has_its_own_author_and_files() -> None:
    (event,) = events(
        "intercom",
        intercom(
            "conversation.admin.replied",
            {"body": "<p>Ok</p>", "author": ANA, "attachments": []},
            source={
                "subject": "<p>Login</p>",
                "author": {"email": "sam@example.com"},
                "attachments": [{"name": "a.png"}],
            },
        ),
    )

    assert (event.author.address, event.attachments, event.subject) == ("", (), "Login")


@pytest.mark.parametrize(
    ("mapping", "body", "about", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_a_variant_means_what_a_team_means(mapping: str, body: Any, about: Known, expected: list[str]) -> None:
    assert commands(mapping, body, about) == expected


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"a": [1, 2,], "b": {"c": "x, ]", },\n}', {"a": [1, 2], "b": {"c": "x, ]"}}),
        (b'{"a": "one\ntwo\tthree", "b": "\\",}"}', {"a": "one\ntwo\tthree", "b": '",}'}),
    ],
)
def test_json_that_an_admin_wrote_by_hand_is_read(body: bytes, said: Any) -> None:
    assert parsed(request(body)) == said


@pytest.mark.parametrize("body", [b'{"a": "' + b'\\"' * 60_000, b"[" + b", " * 60_000, b'{"a": He said "no"}'])
def test_json_that_is_none_is_refused_soon(body: bytes) -> None:
    with pytest.raises(Unreadable, match="is not JSON"):
        parsed(request(body))


def test_xml_and_a_form_in_parts_are_refused_by_their_names() -> None:
    with pytest.raises(Unreadable, match="in several parts"):
        parsed(request(b"--x", {"content-type": "multipart/form-data; boundary=x"}))
    with pytest.raises(Unreadable, match="it looks like XML, which is not read"):
        parsed(request(b'<?xml version="1.0"?><soapenv:Envelope/>'))


def test_freshdesk_says_in_german_what_changed() -> None:
    (found,) = events("freshdesk", freshdesk("x", event="status", ticket_status="Gelöst", ticket_priority="Dringend"))
    assert (found.status, found.severity) == (DeskStatus.SOLVED, Severity.SEV1)


@pytest.mark.parametrize(
    ("said", "tag"),
    [("de-CH", "de-CH"), ("de_AT", "de-AT"), ("Deutsch", "de"), ("English (US)", "en"), ("Klingon", ""), (7, "")],
)
def test_a_language_is_a_tag_or_a_word_for_one(said: Any, tag: str) -> None:
    assert language_of(said) == tag


def test_a_rich_text_names_whom_it_mentions_and_what_it_links() -> None:
    nodes = [
        {"type": "text", "text": "Dear "},
        {"type": "mention", "attrs": {"id": "1", "text": "@Ana"}},
        {"type": "text", "text": ", see "},
        {"type": "inlineCard", "attrs": {"url": "https://example.com/1"}},
        {"type": "emoji", "attrs": {"shortName": ":smile:"}},
        {"type": ["odd"], "attrs": "odd"},
    ]
    assert text_within({"type": "paragraph", "content": nodes}) == "Dear @Ana, see https://example.com/1:smile:"


ITEMS = {"fields": [{"id": 360, "value": "de"}, {"id": "361", "value": ["x"]}, "odd", {"value": None}]}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("fields.*.id", [360, "361"]),
        ("fields.id=360.value", "de"),
        ("fields.id=361.value.0", "x"),
        ("fields.id=9.value", None),
        ("fields.9.value", None),
        ("fields.*.value.*", [["x"]]),
        ("nothing.*.id", None),
    ],
)
def test_a_path_looks_for_every_entry_or_for_one_by_its_id(path: str, found: Any) -> None:
    assert first_value((parse_path(path),), Scope(ITEMS, {})) == found


@pytest.mark.parametrize(("flag", "expected"), [(True, True), (None, True), (False, False), (1, False), ([], True)])
def test_a_word_or_nothing(flag: Any, expected: bool) -> None:
    assert holds(parse_condition({"flag": [True, None]}), Scope({"flag": flag}, {})) is expected


def test_a_name_keeps_what_joins_its_letters_and_loses_what_turns_them() -> None:
    said = {
        "event": "note",
        "ticket": "7",
        "text": "x",
        "author_name": "mi\u200ckhaham \u202eb",
        "subject": "👩\u200d💻\u2028?",
    }
    (found,) = events("generic", said)
    assert (found.author.name, found.subject) == ("mi\u200ckhaham b", "👩\u200d💻 ?")
    (found,) = events("generic", {**said, "author_name": "\u200d\u200c"})
    assert found.author.name == ""


def test_an_id_that_is_too_long_is_none_and_never_that_of_another() -> None:
    long = "7" * 201
    (found,) = events("generic", {"event": "note", "ticket": "7", "author_id": long, "customer_id": long, "text": "x"})
    assert (found.author.id, found.customer.id) == ("", "")
    with pytest.raises(Unreadable, match="more than 200 characters"):
        events("generic", {"event": "note", "ticket": long, "text": "x"})


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("Sam Sample <sam@example.com>", "sam@example.com"),
        ("<mailto:sam@example.com>", "sam@example.com"),
        (" sam@example.com\r\n", "sam@example.com"),
        ("+49 123 456", ""),
        ("@sam", ""),
        (7, ""),
    ],
)
def test_an_address_may_have_a_name_before_it_and_a_handle_is_none(said: Any, address: str) -> None:
    assert address_of(said) == address
