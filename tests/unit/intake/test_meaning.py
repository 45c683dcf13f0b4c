"""What a team means by an event in its help desk, product by product: the commands that follow, or why none does."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from escalation.case.commands import (
    Acknowledge,
    AddNote,
    Cancel,
    ChangeSeverity,
    Decline,
    OpenByTriage,
    Reassign,
    RecordCustomerReply,
    RecordTicketNews,
    RecordUpdate,
    Reopen,
    Resolve,
)
from escalation.intake.delivery import Known
from escalation.intake.files import load_source
from escalation.intake.planning import plan
from escalation.intake.source import Source
from escalation.intake.subject import order_group
from escalation.vocabulary import CancelCause, Outcome, Reason, Severity, Stage, TicketNews
from tests.unit.intake.bodies import (
    ARTICLE,
    NOW,
    changed,
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
    plans,
    slack,
    teams,
    zammad,
    zendesk,
)

NEW, RESOLVED, OFFERED = known(None), known(Stage.RESOLVED, reopens=True), known(Stage.OFFERED, offered_to="ana")
NOT_ESCALATED = ["the ticket is not escalated"]
STAFF = {"type": "admin", "id": "900", "name": "Ana"}

ROWS: list[tuple[str, str, Any, Known, list[str]]] = [
    ("a ticket is opened", "zendesk", zendesk("ticket.created", requester_email=None), NEW, ["problem"]),
    ("and is escalated already", "zendesk", zendesk("ticket.created"), known(), ["the ticket is escalated already"]),
    ("a tag asks for it", "zendesk", zendesk("ticket.tags_changed", {"tags_added": ["Escalate"]}), RESOLVED, ["open_by_triage"]),
    ("another tag does not", "zendesk", zendesk("ticket.tags_changed", {"tags_added": ["vip"]}), NEW, ["none of the tags asks for an escalation"]),
    ("the customer writes", "zendesk", comment(), known(), ["customer_replied"]),
    ("the customer writes unseen by others", "zendesk", comment(public=False), known(), ["customer_replied"]),
    ("an agent answers", "zendesk", comment(by="900", staff=True), known(), ["record_update"]),
    ("an agent answers after the end", "zendesk", comment(by="900", staff=True), known(Stage.CANCELLED), ["the case is cancelled"]),
    ("an agent notes", "zendesk", comment(by="900", staff=True, public=False), known(), ["note"]),
    ("the flag is missing", "zendesk", comment(by="900", staff=True, public=None), known(), ["note"]),
    ("the flag is no flag", "zendesk", comment(by="900", staff=True, public=1), known(), ["note"]),
    ("an unknown person comments", "zendesk", comment(by="77", staff=None), known(customer=None), ["ticket_news"]),
    ("the customer of the case comments", "zendesk", comment(by="12345", staff=None), known(), ["customer_replied"]),
    ("a machine comments", "zendesk", comment(by="-1", staff=True), known(), ["it is automatic, so it is not an answer"]),
    ("nothing is escalated", "zendesk", comment(by="900", staff=True), NEW, NOT_ESCALATED),
    ("solved", "zendesk", changed("status_changed", "OPEN", "SOLVED"), known(), ["ticket_news"]),
    ("solved, then closed", "zendesk", changed("status_changed", "solved", "closed"), known(), ["the mapping ignores `closed`"]),
    ("solved twice", "zendesk", changed("status_changed", "closed", "solved"), known(), ["it was solved before"]),
    ("solved, and so are we", "zendesk", changed("status_changed", "OPEN", "SOLVED"), RESOLVED, ["the case is resolved"]),
    ("waits", "zendesk", changed("status_changed", "OPEN", "On-hold"), known(), ["the status pending in the help desk changes nothing here"]),
    ("a status of their own", "zendesk", changed("status_changed", "OPEN", "Sleeping"), known(), ["the mapping does not know this status"]),
    ("reopened", "zendesk", changed("status_changed", "SOLVED", "OPEN"), RESOLVED, ["reopen"]),
    ("reopened too late", "zendesk", changed("status_changed", "SOLVED", "OPEN"), known(Stage.CLOSED), ["open_by_triage"]),
    ("reopened, and open here", "zendesk", changed("status_changed", "SOLVED", "OPEN"), known(), ["ticket_news"]),
    ("urgent", "zendesk", changed("priority_changed", "LOW", "URGENT"), known(), ["change_severity"]),
    ("less urgent", "zendesk", changed("priority_changed", "HIGH", "LOW"), known(), ["the case is SEV3, and a lower priority there does not lower it"]),
    ("as urgent", "zendesk", changed("priority_changed", "LOW", "NORMAL"), known(), ["the case is SEV3 already"]),
    ("as urgent as before", "zendesk", changed("priority_changed", "LOW", "URGENT"), known(priority_before="Urgent"), ["the priority there is `URGENT` as before"]),
    ("a priority of their own", "zendesk", changed("priority_changed", None, "Oh no"), known(), ["the mapping gives no severity for the priority `Oh no`"]),
    ("assigned to whom it is offered", "zendesk", changed("agent_assignment_changed", None, "900"), OFFERED, ["acknowledge"]),
    ("assigned by another", "zendesk", changed("agent_assignment_changed", None, "900", actor_id="901"), OFFERED, ["the case is not offered to ana; the owner is decided here, not in the help desk"]),
    ("assigned to its owner", "zendesk", changed("agent_assignment_changed", None, "900"), known(), ["ana has the case already"]),
    ("assigned to a stranger", "zendesk", changed("agent_assignment_changed", None, "5"), known(), ["the agent `5` of Zendesk is not mapped to a person"]),
    ("assigned to no one", "zendesk", changed("agent_assignment_changed", "900", None), known(), ["no one owns the ticket in the help desk now"]),
    ("merged", "zendesk", zendesk("ticket.merged", {"target_ticket_id": "12"}), known(escalated=frozenset({"12"})), ["cancel"]),
    ("merged into what is not escalated", "zendesk", zendesk("ticket.merged", {"target_ticket_id": "12"}), known(), ["ticket_news"]),
    ("another one merged into it", "zendesk", zendesk("ticket.merged", {"target_ticket_id": "71447"}), known(), ["another ticket was merged into this one"]),
    ("deleted", "zendesk", zendesk("ticket.soft_deleted"), known(), ["ticket_news"]),
    ("spam", "zendesk", zendesk("ticket.marked_as_spam"), known(), ["ticket_news"]),
    ("another requester", "zendesk", changed("requester_changed", "12345", "999", requester_id="999"), known(), ["ticket_news"]),
    ("the requester of the case again", "zendesk", changed("requester_changed", "999", "12345"), known(), ["it is the customer of the case"]),
    ("another requester of a ticket that is not escalated", "zendesk", changed("requester_changed", "12345", "999"), known(None), ["the ticket is not escalated"]),
    ("restored", "zendesk", zendesk("ticket.undeleted"), known(), ["ticket_news"]),
    ("about a user", "zendesk", {**zendesk("user.active_changed"), "subject": "zen:user:1"}, known(), ["`zen:event-type:user.active_changed` means nothing for an escalation"]),
    ("a trigger shows a ticket", "zendesk", {"ticket_id": 7, "ticket_status": "Open", "requester_email": "sam@example.com"}, NEW, ["open_by_triage"]),
    ("a trigger shows a solved one", "zendesk", {"ticket_id": "7", "ticket_status": "Solved"}, known(), ["ticket_news"]),
    ("a trigger shows a solved one, new to us", "zendesk", {"ticket_id": "7", "ticket_status": "Solved"}, NEW, [*NOT_ESCALATED, *NOT_ESCALATED, "the ticket is solved there"]),
    ("our trigger body", "zendesk", {"event": "agent_replied", "ticket_id": "7", "comment": "Soon."}, known(), ["record_update"]),
    ("our trigger body, a note", "zendesk", {"event": "note", "ticket_id": "7", "comment": "Hm.", "public": "true"}, known(), ["note"]),
    ("jira: done", "jira", jira({"field": "status", "fromString": "To Do", "toString": "Done"}), known(), ["ticket_news"]),
    ("jira: by its category", "jira", jira({"field": "status", "fromString": "X", "toString": "Y"}), known(), ["the status open in the help desk changes nothing here"]),
    ("jira: two changes", "jira", jira({"field": "priority", "toString": "Highest"}, {"field": "status", "fromString": "Done", "toString": "Open"}), known(), ["ticket_news", "change_severity"]),
    ("jira: a label more", "jira", jira({"field": "labels", "fromString": "escalate", "toString": "escalate vip"}), NEW, ["none of the tags asks for an escalation"]),
    ("jira: the customer", "jira", jira(event="comment_created", comment=jira_comment({"accountId": "acc-1"}, jsdPublic=True)), known(), ["customer_replied"]),
    ("jira: the flag is missing", "jira", jira(event="comment_created", comment=jira_comment({"accountId": "900", "accountType": "atlassian"})), known(), ["note"]),
    ("jira: an app", "jira", jira(event="comment_created", comment=jira_comment({"accountType": "app"}, jsdPublic=True)), known(), ["it is automatic, so it is not an answer"]),
    ("jira: inside an update", "jira", jira(comment=jira_comment({"accountId": "900", "accountType": "atlassian"}, jsdPublic=True)), known(), ["record_update"]),
    ("jira: an edit is no message", "jira", jira(issue_event_type_name="issue_comment_edited", comment=jira_comment({})), known(), ["`jira:issue_updated` means nothing for an escalation"]),
    ("zammad: the customer", "zammad", zammad(ARTICLE), known(), ["customer_replied"]),
    ("zammad: an absence note", "zammad", zammad({**ARTICLE, "preferences": {"is-auto-response": True}}), known(), ["customer_replied"]),
    ("zammad: internal", "zammad", zammad({**ARTICLE, "sender": "Agent", "internal": True}), known(), ["note"]),
    ("zammad: not said", "zammad", zammad({**ARTICLE, "sender": "Agent", "internal": None}), known(), ["note"]),
    ("zammad: first article", "zammad", zammad(ARTICLE, article_count=1), NEW, ["open_by_triage"]),
    ("zammad: merged, into what it does not say", "zammad", zammad(state="merged"), known(), ["ticket_news"]),
    ("zammad: high", "zammad", zammad(priority={"name": "3 high"}), known(), ["change_severity"]),
    ("freshdesk: opened", "freshdesk", freshdesk("{ticket_action:created}"), NEW, ["open_by_triage"]),
    ("freshdesk: a private note without its text", "freshdesk", freshdesk("{note_type:private}"), known(), ["it says nothing"]),
    ("freshdesk: an answer without its text", "freshdesk", freshdesk("{reply_sent:sent}"), known(), ["record_update"]),
    ("freshdesk: solved and urgent", "freshdesk", freshdesk("{status:{from:2,to:4},priority:{from:1,to:4}}"), known(), ["ticket_news", "change_severity"]),
    ("freshdesk: back", "freshdesk", freshdesk("{status:{from:4,to:6}}"), RESOLVED, ["reopen"]),
    ("freshdesk: a customer without their text", "freshdesk", freshdesk("x", event="customer_replied", ticket_description=None), known(), ["customer_replied"]),
    ("intercom: note", "intercom", intercom("conversation.admin.noted", {"part_type": "note", "body": "Hm", "author": STAFF}), known(), ["note"]),
    ("intercom: answer", "intercom", intercom("conversation.admin.replied", {"body": "Hm", "author": STAFF}), known(), ["record_update"]),
    ("intercom: bot", "intercom", intercom("conversation.admin.replied", {"body": "Hm", "author": {"type": "bot"}}), known(), ["it is automatic, so it is not an answer"]),
    ("intercom: ping", "intercom", {"id": None, "topic": "ping", "data": {"item": {"type": "ping"}}}, known(), ["`ping` means nothing for an escalation"]),
    ("intercom: no one has it", "intercom", intercom("conversation.admin.assigned"), known(), ["no one owns the ticket in the help desk now"]),
    ("intercom: opened again", "intercom", intercom("conversation.admin.opened"), RESOLVED, ["reopen"]),
    ("intercom: closed", "intercom", intercom("conversation.admin.closed"), known(), ["ticket_news"]),
    ("hubspot: merged", "hubspot", [hubspot("ticket.merge", objectId=7, mergedObjectIds=[5], primaryObjectId="7")], known(), ["ticket_news"]),
    ("hubspot: stage", "hubspot", [hubspot("ticket.propertyChange", propertyName="hs_pipeline_stage", propertyValue="4")], known(), ["ticket_news"]),
    ("chatwoot: the customer", "chatwoot", chatwoot(), known(), ["customer_replied"]),
    ("chatwoot: private", "chatwoot", chatwoot(message_type=1, private=True, sender={"id": 900, "type": "user"}), known(), ["note"]),
    ("chatwoot: bot", "chatwoot", chatwoot(message_type="outgoing", sender={"type": "agent_bot"}), known(), ["it is automatic, so it is not an answer"]),
    ("chatwoot: activity", "chatwoot", chatwoot(message_type="activity"), known(), ["`message_created` means nothing for an escalation"]),
    ("glpi: the customer", "glpi", glpi("new", {"id": 1, "content": "Hm", "is_private": False, "user": {"id": 5}}, {"id": 12, "user_recipient": {"id": 5}}), known(), ["customer_replied"]),
    ("glpi: not said whether private", "glpi", glpi("new", {"id": 1, "content": "Hm", "user": {"id": 900}}, {"id": 12}), known(), ["note"]),
    ("glpi: solved", "glpi", glpi("update", {"id": 12, "status": {"id": 5}}), known(), ["ticket_news"]),
    ("servicenow: work notes", "servicenow", {"number": "INC1", "work_notes": "Hm", "state": 2}, known(), ["note"]),
    ("pagerduty: acknowledged", "pagerduty", pagerduty("acknowledged", {"id": "900", "summary": "ben"}), OFFERED, ["acknowledge"]),
    ("pagerduty: resolved by its owner", "pagerduty", pagerduty("resolved", {"id": "900"}), known(), ["ana has the case already"]),
    ("pagerduty: by another", "pagerduty", pagerduty("acknowledged", {"id": "901"}), OFFERED, ["the case is not offered to ben"]),
    ("pagerduty: automation", "pagerduty", pagerduty("acknowledged"), OFFERED, ["the person who did it is not mapped to a person, and no one acts under a name"]),
    ("pagerduty: v2", "pagerduty", {"messages": [{"event": "incident.acknowledge", "incident": {"id": "4711"}, "log_entries": [{"agent": {"id": "900"}}]}]}, OFFERED, ["acknowledge"]),
    ("slack: acknowledge", "slack", slack(), OFFERED, ["acknowledge"]),
    ("slack: decline", "slack", slack(action_id="escalations.decline"), OFFERED, ["decline"]),
    ("slack: the link", "slack", slack(value=None), OFFERED, ["`escalations.acknowledge` means nothing for an escalation"]),
    ("slack: a button of another app", "slack", slack(action_id="a", value="4711"), OFFERED, ["`a` is not one of our buttons"]),
    ("slack: too late", "slack", slack(), known(), ["the case is not offered to ana"]),
    ("teams", "teams", teams("<at>escalations</at>&nbsp;ack 4711"), OFFERED, ["acknowledge"]),
    ("opsgenie", "opsgenie", {"action": "Acknowledge", "alert": {"alias": "4711", "userId": "900"}}, OFFERED, ["acknowledge"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("mapping", "body", "about", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_an_event_means_what_a_team_means(mapping: str, body: Any, about: Known, expected: list[str]) -> None:
    if expected == ["problem"]:
        (found,) = plans(mapping, body, Known(now=NOW, people={}, latest={}))
        assert "mail address" in found.problem
        assert found.ignored == found.problem
    else:
        assert commands(mapping, body, about) == expected


def test_the_words_and_the_names_of_files_reach_the_case() -> None:
    (found, *_) = plans("zammad", zammad(ARTICLE))
    assert found.commands == (RecordCustomerReply(text="Still waiting.\n\n[Attached: cup.jpeg]"),)


def test_an_absence_note_is_marked_as_automatic() -> None:
    (found, *_) = plans("zammad", zammad({**ARTICLE, "preferences": {"is-auto-response": "true"}}))
    assert [one for one in found.commands if isinstance(one, RecordCustomerReply) and one.automatic]


def test_who_did_it_is_the_mapped_person_or_the_product_and_never_a_name() -> None:
    (mapped,) = plans("zendesk", comment(by="900", staff=True))
    (unmapped,) = plans("zendesk", comment(by="77", staff=True))
    assert mapped.commands == (RecordUpdate(by="ana", text="It is broken"),)
    assert unmapped.commands == (RecordUpdate(by="zendesk:77", text="Sam in Zendesk: It is broken"),)


def test_a_note_and_its_loop_mark() -> None:
    (note,) = plans("zendesk", comment(by="900", staff=True, public=False, body="Tried a restart."))
    ours = commands("zendesk", comment(by="900", staff=True, public=False, body="Moved up.\n\n[esc 4711/c1/r3]"))
    quoted = commands("zendesk", comment(body="Why?\n[esc 4711/c1/r3]"))
    assert note.commands == (AddNote(by="ana", text="Tried a restart."),)
    assert ours == ["we wrote it ourselves"]
    assert quoted == ["customer_replied"]


def test_what_our_own_user_does_there_is_left_out() -> None:
    source = replace(load_source("zendesk"), own_actors=frozenset({"8675309"}))
    assert commands(source, comment(by="8675309", staff=True)) == ["we wrote it ourselves"]
    assert commands(source, changed("status_changed", "OPEN", "SOLVED", actor_id=8675309)) == ["we wrote it ourselves"]


def test_a_ticket_opens_with_what_its_body_says() -> None:
    body = {
        "ticket_id": 7,
        "ticket_title": "Hello world",
        "ticket_description": "Where is it?",
        "ticket_status": "Open",
        "ticket_priority": "High",
        "ticket_url": "https://example.com/7",
        "tags": "vip billing",
        "requester_email": "sam@example.com",
        "requester_full_name": "Sam Sample",
    }
    *_, found = plans("zendesk", body, known(None, customer=None))
    (opening,) = found.commands
    assert isinstance(opening, OpenByTriage)
    assert (opening.ticket, opening.summary, opening.severity, opening.regardless) == (
        "7",
        "Hello world",
        Severity.SEV2,
        False,
    )
    assert (opening.customer.name, opening.customer.address, opening.evidence) == (
        "Sam Sample",
        "sam@example.com",
        ("https://example.com/7",),
    )
    assert (opening.facts.text, opening.facts.tags) == ("Where is it?", ("vip", "billing"))


def test_a_tag_that_asks_for_it_escalates_whatever_triage_says() -> None:
    body = zendesk("ticket.created", tags=["escalate"], subject=None, description="\nIt burns\nbadly")
    (found,) = plans("zendesk", body, NEW)
    (opening,) = found.commands
    assert isinstance(opening, OpenByTriage)
    assert (opening.regardless, opening.summary, opening.customer.id) == (True, "It burns", "12345")
    assert opening.evidence == ("Tagged `escalate` in Zendesk.",)


def test_what_follows_is_exact() -> None:
    (solved,) = plans("zendesk", changed("status_changed", "OPEN", "SOLVED"))
    (spam,) = plans("zendesk", zendesk("ticket.marked_as_spam"))
    (raised,) = plans("zendesk", changed("priority_changed", "LOW", "URGENT"))
    (merged,) = plans("zendesk", zendesk("ticket.merged", {"target_ticket_id": 12}), known(escalated=frozenset({"12"})))
    (back,) = plans("zendesk", changed("status_changed", "SOLVED", "OPEN"), RESOLVED)
    (late,) = plans("zendesk", changed("status_changed", "SOLVED", "OPEN"), known(Stage.CLOSED))
    (declined,) = plans("slack", slack(action_id="escalations.decline"), OFFERED)
    (pressed,) = plans("slack", slack(), OFFERED)
    assert solved.commands == (RecordTicketNews(by="zendesk", news=TicketNews.SOLVED),)
    assert spam.commands == (RecordTicketNews(by="zendesk", news=TicketNews.SPAM),)
    assert raised.commands == (
        ChangeSeverity(by="zendesk", severity=Severity.SEV1, why="The priority is `URGENT` in Zendesk."),
    )
    why = "Merged in Zendesk."
    assert merged.commands == (Cancel(by="zendesk", cause=CancelCause.DUPLICATE, duplicate_of="12", why=why),)
    assert back.commands == (Reopen(by="zendesk", why="Reopened in Zendesk."),)
    assert [one.reasons for one in late.commands if isinstance(one, OpenByTriage)] == [(Reason.UNRESOLVED,)]
    assert declined.commands == (Decline(by="ana", why="Declined in Slack."),)
    assert (pressed.ticket, pressed.commands) == ("4711", (Acknowledge(by="ana", packet_read=True),))


def with_choice(**then: str) -> Source:
    source = load_source("zendesk")
    return replace(source, then={**source.then, **then})


def test_a_mapping_may_choose_otherwise() -> None:
    solve, take = changed("status_changed", "OPEN", "SOLVED"), changed("agent_assignment_changed", None, "901")
    (resolved,) = plans(with_choice(solved="resolve"), solve)
    (asked,) = plans(with_choice(solved="resolve"), solve, known(Stage.WORKING, promise="a fix"))
    assert [one.kind for one in asked.commands] == ["ticket_news"], "only a person knows whether the promise is kept"
    (given,) = plans(with_choice(assigned="reassign"), take)
    assert resolved.commands == (Resolve(by="ana", outcome=Outcome.SOLVED, solution="Your ticket 71447 was solved."),)
    assert given.commands == (Reassign(by="zendesk", to="ben", why="Assigned in Zendesk."),)
    assert commands(with_choice(priority="follow"), changed("priority_changed", "HIGH", "LOW")) == ["change_severity"]
    assert commands(with_choice(agent_wrote="note"), comment(by="900", staff=True)) == ["note"]
    assert commands(with_choice(customer_wrote="note"), comment()) == ["note"]
    assert commands(with_choice(customer_elsewhere="triage"), comment(), NEW) == ["open_by_triage"]
    assert commands(with_choice(opened="open"), zendesk("ticket.created"), NEW) == ["open_by_triage"]
    assert commands(with_choice(noted="nothing"), comment(by="900", staff=True, public=False)) == [
        "the mapping ignores `noted`"
    ]
    assert commands(with_choice(merged="tell"), zendesk("ticket.merged", {"target_ticket_id": 12})) == ["ticket_news"]
    assert commands(with_choice(tagged="nothing"), zendesk("ticket.created", tags=["escalate"])) == [
        "the ticket is escalated already"
    ]


def test_an_automatic_message_opens_nothing() -> None:
    source = replace(load_source("generic"), then={**load_source("generic").then, "customer_elsewhere": "triage"})
    said = {
        "event": "customer_replied",
        "ticket": 7,
        "text": "I am away. A refund, please.",
        "customer_email": "k@example.com",
    }
    assert commands(source, said, NEW) == ["open_by_triage"]
    assert commands(source, said | {"automatic": True}, NEW) == ["it is automatic, and the ticket is not escalated"]


def test_an_older_change_does_not_undo_a_newer_one_and_a_message_is_never_too_old() -> None:
    source = load_source("zendesk")
    (event,) = events("zendesk", changed("status_changed", "OPEN", "SOLVED"))
    assert order_group(event) == "status"
    assert event.at is not None
    late = known(latest={"status": event.at + timedelta(minutes=5)})
    assert "older than the event applied last" in plan(event, source, late).ignored
    assert commands("zendesk", comment(), late) == ["customer_replied"]


def test_a_button_for_another_person_does_nothing() -> None:
    body = slack()
    body["user"]["id"] = "901"
    assert commands("slack", body, known(Stage.OFFERED, offered_to="ben")) == [
        "the button was for ana, and ben pressed it"
    ]


def test_a_user_that_no_one_mapped_cannot_act() -> None:
    body = slack()
    body["user"] = {"id": "W9", "name": "ana"}
    assert commands("slack", body, OFFERED) == [
        "the user `W9` of Slack is not mapped to a person, and no one acts under a name"
    ]


def test_tickets_of_two_products_do_not_meet() -> None:
    source = replace(load_source("zendesk"), prefix="zd-")
    (found,) = plans(source, comment())
    assert found.ticket == "zd-71447"
    merge = zendesk("ticket.merged", {"target_ticket_id": "12"})
    assert commands(source, merge, known(escalated=frozenset({"zd-12"}))) == ["cancel"]
    assert commands(source, merge, known(escalated=frozenset({"12"}))) == ["ticket_news"]


def test_a_customer_whom_no_address_names_is_asked_for_by_the_reason() -> None:
    (found,) = plans("intercom", intercom("conversation.user.created", user=None), known(None, customer=None))
    assert found.problem.startswith("neither Intercom nor a case names the customer's mail address; add it")


def test_what_a_name_reads_as_a_role_stays_the_product() -> None:
    source = replace(load_source("zendesk"), name="system")
    (found,) = plans(source, changed("status_changed", "OPEN", "SOLVED"))
    assert [one.by for one in found.commands] == ["Zendesk"]


OPENED = {"event": "opened", "ticket": "W-6", "text": "I want a refund.", "customer_id": "12345", "subject": "Refund"}
CREATED = {"requester_id": "12345", "description": "I want a refund."}

THEIRS: list[tuple[str, str, Any, bool]] = [
    ("a ticket is opened", "generic", OPENED, True),
    ("it is tagged", "generic", {**OPENED, "event": "tagged", "tags": ["escalate"]}, True),
    ("a ticket that is opened with the tag", "generic", {**OPENED, "tags": ["escalate"]}, True),
    ("the body says that the customer wrote", "generic", {**OPENED, "author_role": "customer", "author_id": "12345"}, True),
    ("the words are public", "generic", {**OPENED, "public": True}, True),
    ("the words are the subject", "generic", {**OPENED, "subject": "I want a refund."}, True),
    ("an agent wrote", "generic", {**OPENED, "author_role": "agent"}, False),
    ("a colleague wrote", "generic", {**OPENED, "author_id": "900"}, False),
    ("a machine wrote", "generic", {**OPENED, "author_role": "machine"}, False),
    ("the words are private", "generic", {**OPENED, "public": False}, False),
    ("they are private and the customer's", "generic", {**OPENED, "author_role": "customer", "public": False}, False),
    ("a comment says not whose it is", "generic", {**OPENED, "text": None, "comment": "Call them."}, False),
    ("zendesk: created", "zendesk", zendesk("ticket.created", **CREATED), True),
    ("zendesk: by the requester", "zendesk", zendesk("ticket.created", actor_id="12345", **CREATED), True),
    ("zendesk: by another", "zendesk", zendesk("ticket.created", actor_id="77", **CREATED), False),
    ("zendesk: created privately", "zendesk", zendesk("ticket.created", is_public=False, **CREATED), False),
    ("zendesk: a description", "zendesk", {"ticket_id": 7, "ticket_description": "I want a refund."}, True),
    ("zendesk: a latest comment", "zendesk", {"ticket_id": 7, "ticket_comment": "Call them."}, False),
    ("freshdesk: created", "freshdesk", freshdesk("{ticket_action:created}", ticket_description="I want a refund."), True),
    ("freshdesk: a latest comment", "freshdesk", freshdesk("x", event="tagged", ticket_tags="escalate", ticket_latest_public_comment="We called."), False),
    ("servicenow: work notes", "servicenow", {"number": "I1", "short_description": "x", "work_notes": "Call.", "author_id": "12345", "caller_id": "12345"}, False),
    ("zammad: the customer", "zammad", zammad({**ARTICLE, "body": "I want a refund."}, article_count=1), True),
    ("zammad: an agent", "zammad", zammad({**ARTICLE, "sender": "Agent"}, article_count=1), False),
]  # fmt: skip


@pytest.mark.parametrize(("mapping", "body", "theirs"), [row[1:] for row in THEIRS], ids=[row[0] for row in THEIRS])
def test_letters_quote_what_surely_is_the_customers_and_nothing_else(mapping: str, body: Any, theirs: bool) -> None:
    found = [one for each in plans(mapping, body, NEW) for one in each.commands if isinstance(one, OpenByTriage)]
    assert [one.customer_words for one in found] == ["I want a refund." if theirs else ""]
    assert found[0].facts.text


def test_what_the_customer_writes_in_a_ticket_that_is_not_escalated_is_quoted() -> None:
    (found,) = plans(with_choice(customer_elsewhere="triage"), comment(), NEW)
    assert [one.customer_words for one in found.commands if isinstance(one, OpenByTriage)] == ["It is broken"]


def test_the_body_says_the_language_of_a_customer_whom_no_case_knows() -> None:
    for said in ({"language": "de"}, {"customer": {"language": "de"}}):
        (found,) = plans(
            "generic", {**OPENED, "customer_email": "karl@example.com", **said}, known(None, customer=None)
        )
        assert [one.customer.language for one in found.commands if isinstance(one, OpenByTriage)] == ["de"]


@pytest.mark.parametrize(
    ("said", "language", "zone"),
    [
        ({"zone": "Europe/Berlin"}, "pt", "Europe/Berlin"),
        ({"customer": {"time_zone": "Asia/Tokyo"}, "language": "ja"}, "ja", "Asia/Tokyo"),
        ({"zone": "Mars/Base"}, "pt", "Europe/Lisbon"),
        ({}, "pt", "Europe/Lisbon"),
    ],
)
def test_a_new_customers_language_and_zone_are_those_of_the_body_else_of_the_source(
    said: dict[str, Any], language: str, zone: str
) -> None:
    source = load_source("generic", language="pt", zone="Europe/Lisbon")
    (found,) = plans(source, {**OPENED, "customer_email": "karl@example.com", **said}, known(None, customer=None))
    (customer,) = (one.customer for one in found.commands if isinstance(one, OpenByTriage))
    assert (customer.language, customer.zone) == (language, zone)
