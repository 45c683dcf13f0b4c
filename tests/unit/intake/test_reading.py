"""What bodies say, in the shapes that break parsers: ids as numbers, nulls for lists, times of many kinds, texts of many kinds."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from escalation.intake.bodies import parsed
from escalation.intake.delivery import BY_BODY, MOST_BYTES, EventKind, Unreadable
from escalation.intake.files import load_source
from escalation.intake.loose import loose
from escalation.intake.reading import read
from escalation.intake.values import instant_of, line_of, list_of, names_of, tags_of, text_of, text_within
from escalation.vocabulary import Severity
from tests.unit.intake.bodies import (
    ARTICLE,
    EVERY,
    comment,
    delivery,
    events,
    freshdesk,
    hubspot,
    jira,
    jira_comment,
    pagerduty,
    request,
    words,
    zammad,
    zendesk,
)

AT = datetime(2026, 3, 2, 8, 36, 44, tzinfo=UTC)


@pytest.mark.parametrize(("mapping", "body"), EVERY.values(), ids=EVERY)
def test_every_product_names_its_ticket(mapping: str, body: Any) -> None:
    found = events(mapping, body)
    assert found[0].ticket
    assert found[0].kind is not EventKind.OTHER


@pytest.mark.parametrize(
    ("value", "at"),
    [
        (1772440604, AT),
        (1772440604000, AT),
        (1772440604000000, AT),
        (1772440604000000000, AT),
        ("1772440604", AT),
        (1772440604.0, AT),
        ("2026-03-02T08:36:44Z", AT),
        ("2026-03-02T08:36:44.254571515Z", AT.replace(microsecond=254571)),
        ("2026-03-02T10:36:44+0200", AT),
        ("2026-03-02 10:36:44 +0200", AT),
        ("2026-03-02 08:36:44 UTC", AT),
        ("2026-03-02t10:36:44+02", AT),
        ("Mon, 02 Mar 2026 10:36:44 +0200", AT),
        ("Mon, 2 Mar 2026 08:36:44 -0000", AT),
        ("Mon, 31 Feb 2026 08:36:44 GMT", None),
        ("Mon, 01 Jan 9999 00:00:00 GMT", None),
        ("2026-03-02 08:36:44", AT),
        ("2026-03-02T08:36", AT.replace(second=0)),
        ("March 2, 2026", None),
        ("2026-03-02", None),
        ("2026-13-02T08:36:44Z", None),
        ("2026-03-02T08:36:44+99:00", None),
        ("0001-01-01T00:00:00+23:59", None),
        (0, None),
        (10**40, None),
        ("9" * 20, None),
        (float("nan"), None),
        (float("inf"), None),
        (10**30, None),
        (True, None),
        (None, None),
        ({}, None),
        ("", None),
    ],
)
def test_a_time_is_read_in_any_unit_and_a_day_is_none(value: Any, at: datetime | None) -> None:
    assert instant_of(value) == at


def test_a_time_without_an_offset_is_in_the_zone_of_the_mapping() -> None:
    assert instant_of("2026-07-01 10:00:00", ZoneInfo("Europe/Berlin")) == datetime(2026, 7, 1, 8, tzinfo=UTC)


def test_values_of_any_type_become_texts_lists_and_names() -> None:
    of_any_type: list[Any] = ["a\x00", 7, 7.0, 7.5, 2.0**60, True, None, [], {}]
    assert list(map(text_of, of_any_type)) == ["a\ufffd", "7", "7", "7.5", repr(2.0**60), "true", "", "", ""]
    assert line_of(" a\n b\u202e", 3) == "a b"
    for_lists: list[Any] = [None, ["a"], "a, b c", {"a": 1}, 7]
    assert list(map(list_of, for_lists)) == [[], ["a"], ["a", "b", "c"], [{"a": 1}], [7]]
    assert tags_of([{"name": "a"}, {"value": "b"}, "c", "c", None, {}]) == ("a", "b", "c")
    assert names_of([{"filename": "a.pdf"}, {"data_url": "https://x/y/b.png?z=1"}, "c.txt", {}]) == (
        "a.pdf",
        "b.png",
        "c.txt",
    )
    assert names_of("one file.txt") == ("one file.txt",)


def test_a_rich_text_is_read_block_by_block() -> None:
    text = {"type": "text", "text": "It is broken"}
    document = {
        "type": "doc",
        "content": [{"type": "paragraph", "content": [text]}, {"type": "paragraph", "content": [text]}],
    }
    assert text_within(document) == "It is broken\nIt is broken"
    assert text_within([text] * 20_000).startswith("It is broken")
    said = jira_comment({"accountId": "acc-1"}, jsdPublic=True)
    (found,) = events("jira", jira(event="comment_created", comment={**said, "body": document}))
    assert found.text == "It is broken\nIt is broken"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{status:{from:4,to:6}}", {"status": {"from": "4", "to": "6"}}),
        ("{ticket_action:created}", {"ticket_action": "created"}),
        (
            "{status:{from:Waiting on Customer,to:'Closed'}}",
            {"status": {"from": "Waiting on Customer", "to": "Closed"}},
        ),
        ('{"a": "b", c: d}', {"a": "b", "c": "d"}),
        ("{a:{b:1},a:2}}}", {"a": {"b": "1"}}),
        ("{a:1,a:{b:2},c:3}", {"a": "1", "c": "3"}),
        ("{{{", {}),
        ("{a:1,b}", {"a": "1"}),
        ("no braces", {}),
        ("", {}),
        ("{a:{b:{c:{d:{e:{f:{g:{h:{i:{j:1}}}}}}}}}}", None),
    ],
)
def test_a_text_that_is_almost_json_is_read_in_one_way(text: str, said: Any) -> None:
    found = loose(text)
    assert found == said if said is not None else isinstance(found, dict)


def test_bodies_come_as_json_as_forms_and_in_other_encodings() -> None:
    assert parsed(request({"a": 1})) == {"a": 1}
    assert parsed(request({"a": 1}, form="payload"), "payload") == {"a": 1}
    assert parsed(request({"a": 1}, form="other"), "payload") == {"other": '{"a": 1}'}
    assert parsed(request(b"\xef\xbb\xbf[1]")) == [1]
    assert (
        parsed(request('"Gr\xfc\xdfe"'.encode("latin-1"), {"content-type": "application/json; charset=iso-8859-1"}))
        == "Grüße"
    )
    assert parsed(request(b'"Gr\xfc"')) == "Gr\ufffd"
    assert parsed(request(b"[NaN, 1e999]")) == [None, float("inf")]
    assert parsed(request(b"[" + b"7" * 5_000 + b"]")) == ["7" * 5_000]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the body is empty"),
        (b" \n", "the body is empty"),
        (b"{", "is not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"7" * (MOST_BYTES + 1), "at most 5,000,000 are read"),
        (b"[7]", "the body holds no objects, which Zendesk sends"),
        (b"{}", "it does not say what happened"),
        (json.dumps(zendesk("ticket.created") | {"subject": None, "detail": {}}).encode(), "the body names no ticket"),
        (
            json.dumps(zendesk("ticket.created") | {"subject": "zen:ticket:a b", "detail": {}}).encode(),
            "the ticket cannot be `a b`",
        ),
    ],
)
def test_what_cannot_be_read_says_why(body: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(load_source("zendesk"), request(body), words)


def test_a_form_of_a_thousand_fields_is_refused() -> None:
    form = request(
        "&".join(f"f{number}=1" for number in range(1000)).encode(),
        {"content-type": "application/x-www-form-urlencoded"},
    )
    with pytest.raises(Unreadable, match="more than 200 fields"):
        read(load_source("slack"), form, words)


def test_the_senders_id_is_the_key_and_a_body_without_one_is_hashed() -> None:
    repeated = {"x-zendesk-webhook-invocation-id": "01ABC"}
    assert delivery("zendesk", comment(), repeated).key == "01ABC"
    assert delivery("zendesk", comment()).key == "evt-1"
    assert len(delivery("zendesk", comment(), {"x-zendesk-webhook-invocation-id": "\u00e4 " * 200}).key) == 64
    trigger = {"id": 7, "ticket_id": 7, "status": "open"}
    first, again, other = (delivery("zendesk", one).key for one in (trigger, trigger, {**trigger, "status": "solved"}))
    assert first == again != other
    assert first.startswith(BY_BODY)
    elsewhere = replace(load_source("zendesk"), name="zendesk-eu")
    assert delivery(elsewhere, trigger).key != first


def test_a_message_keeps_its_key_in_another_delivery() -> None:
    said = jira_comment({"accountId": "900"}, jsdPublic=True)
    (alone,) = events("jira", jira(event="comment_created", comment=said))
    (inside,) = events("jira", jira(comment=said))
    assert alone.key == inside.key


def test_a_batch_counts_a_repeat_once_and_keeps_what_can_be_read() -> None:
    again = hubspot("ticket.creation", attemptNumber=1)
    broken = hubspot("ticket.deletion", objectId=None, eventId=3)
    body = [hubspot("ticket.creation"), again, 7, hubspot("contact.creation", objectId=5), broken]
    found = delivery("hubspot", body)
    assert [event.kind for event in found.events] == [EventKind.OPENED, EventKind.OTHER, EventKind.OTHER]
    assert [event.number for event in found.events] == [0, 1, 2]
    assert found.events[2].problem.startswith("the body names no ticket")
    assert found.key == delivery("hubspot", [hubspot("ticket.creation", attemptNumber=2), again, *body[2:]]).key
    assert found.events[0].command_id("hubspot") == f"hook:hubspot:{found.events[0].key}:0"


@pytest.mark.parametrize("body", [[1, "a"], 7, [hubspot("ticket.creation", eventId=n) for n in range(201)]])
def test_a_batch_of_something_else_or_without_end_is_refused(body: Any) -> None:
    with pytest.raises(Unreadable):
        delivery("hubspot", body)


def test_rules_cannot_make_events_without_end() -> None:
    items = [{"field": "status", "toString": "Done"}] * 60
    assert len(events("jira", jira(*items))) == 50
    source = load_source("jira")
    status = next(rule for rule in source.rules if rule.name == "status")
    with pytest.raises(Unreadable, match="at most 200"):
        delivery(replace(source, rules=(status,) * 5), jira(*items))


def test_an_issue_that_a_comment_names_by_its_number_alone() -> None:
    body = {"webhookEvent": "comment_created", "comment": jira_comment({"name": "sam"})}
    (found,) = events("jira", body)
    (whole,) = events("jira", jira(event="comment_created", comment=jira_comment({"name": "sam"})))
    assert (found.ticket, found.also, found.is_public) == ("10040", "10040", False)
    assert (whole.ticket, whole.also) == ("TES-41", "10040")


def test_enums_in_any_case_and_nulls_for_lists() -> None:
    (found,) = events("zendesk", zendesk("ticket.created", priority="uRgEnT", status="On-hold", tags=None))
    assert (found.severity, found.status, found.tags) == (Severity.SEV1, "pending", ())


def test_a_text_that_is_all_quote_is_kept() -> None:
    (found,) = events("zendesk", comment(body="> yes"))
    assert found.text == "> yes"


def test_html_is_read_as_html_where_the_article_says_so() -> None:
    (html, *_) = events("zammad", zammad(ARTICLE))
    (plain, *_) = events("zammad", zammad({**ARTICLE, "content_type": "text/plain"}))
    assert (html.text, plain.text) == ("Still waiting.", "<p>Still waiting.</p>")


def test_freshdesk_names_its_event_in_a_text() -> None:
    (solved,) = events("freshdesk", freshdesk("{status:{from:2,to:4}}"))
    assert (solved.status_before, solved.status, solved.text) == ("open", "solved", "")
    assert load_source("freshdesk").ticket_of("11") == "11"


def test_a_text_without_end_is_cleaned_at_its_beginning_alone() -> None:
    log = "Here is the log.\n" + "a b\n" * 20_000
    (plain,) = events("zendesk", comment(body=log))
    (html, *_) = events("zammad", zammad({**ARTICLE, "body": "<p>a</p>" * 20_000}))
    assert plain.text == log.strip()
    assert html.text.endswith("a\n\n[The rest is in Zammad.]")
    assert len(html.text) < 20_000


def test_an_intercom_ticket_says_what_was_written_beside_it() -> None:
    part = {
        "id": "p9",
        "part_type": "comment",
        "body": "<p>Still no coffee</p>",
        "author": {"type": "user", "id": "u1"},
    }
    older = {"part_type": "note", "body": "<p>Hm</p>", "author": {"type": "admin", "id": "900"}}
    ticket = {"id": "215", "ticket_state": {"category": "submitted"}, "ticket_parts": {"ticket_parts": [older]}}
    item = {"type": "ticket_ticket_part", "ticket": ticket, "ticket_part": part}
    (found,) = events("intercom", {"id": "notif_2", "topic": "ticket.contact.replied", "data": {"item": item}})
    assert (found.ticket, found.text, found.is_public, found.author.is_customer) == (
        "215",
        "Still no coffee",
        True,
        True,
    )
    note = {**item, "ticket_part": {**part, "part_type": "note", "author": {"type": "admin", "id": "900"}}}
    (noted,) = events("intercom", {"id": "notif_3", "topic": "ticket.note.created", "data": {"item": note}})
    assert (noted.is_public, noted.author.is_agent) == (False, True)


def test_half_an_emoji_and_controls_are_replaced() -> None:
    (found,) = events("zendesk", comment(body="Hm \ud83d\x00"))
    assert found.text == "Hm \ufffd\ufffd"


def test_what_means_nothing_has_no_ticket_under_an_id_that_none_can_have() -> None:
    (found,) = events("pagerduty", pagerduty("triggered", incident_key="a b", id="c d"))
    assert (found.kind, found.ticket, found.problem) == (EventKind.OTHER, "", "")
