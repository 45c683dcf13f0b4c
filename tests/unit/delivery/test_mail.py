"""The mail that a message becomes, as the bytes that go out."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import lxml.html
import pytest

from activities.adapters.mail_message import KEY_HEADER, message_id
from activities.adapters.smtp import SmtpRelay, compose
from activities.errors import RecipientRefused
from activities.ports.sending import Envelope
from escalation.addresses import parse_address
from escalation.mail_in.tags import Tagged, tag_in
from escalation.message_kinds import Author

RELAY = SmtpRelay(host="127.0.0.1", port=25, sender="support@example.com", sender_name="Kundendienst Süd")
ENVELOPE = Envelope(
    key="escalation-T-1/first_response/1/75%/customer",
    thread="escalation-T-1",
    address="zoe@example.org",
    name="Zoë Müller",
    subject="[T-1] Grüße",
    body="Guten Tag Zoë,\n\n.punkt\nFrom here\n" + "lang " * 400 + "\n",
    language="de",
    at=datetime(2026, 3, 27, 15, 0, tzinfo=UTC),
)


def sent(relay: SmtpRelay = RELAY, **changes: Any) -> tuple[bytes, EmailMessage]:
    raw = compose(replace(ENVELOPE, **changes), relay).as_bytes()
    return raw, message_from_bytes(raw, _class=EmailMessage, policy=default)


def test_it_reads_as_it_was_written() -> None:
    _, mail = sent()
    assert mail["Subject"] == "[T-1] Grüße"
    assert mail["To"] == "Zoë Müller <zoe@example.org>"
    assert mail["From"] == "Kundendienst Süd <support@example.com>"
    assert mail["Date"].datetime == ENVELOPE.at
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "de"
    assert mail.get_content_type() == "multipart/alternative"
    text, page = mail.iter_parts()
    assert (text.get_content_type(), page.get_content_type()) == ("text/plain", "text/html"), "the best comes last"
    assert text.get_content().replace("\r\n", "\n") == ENVELOPE.body
    assert '<h1 dir="auto"' in page.get_content()
    assert '<html lang="de">' in page.get_content()


def page_of(body: str) -> lxml.html.HtmlElement:
    part = sent(body=body)[1].get_body(("html",))
    assert part is not None
    return lxml.html.document_fromstring(part.get_content())


def test_the_page_has_the_words_of_the_text_in_paragraphs_quotes_and_lines() -> None:
    page = page_of("Headline\n\nDear Zoë,\n\nYou wrote:\n\n> It smokes.\n> Again.\n\n- One\n  In favour: quick\n")
    assert page.findtext(".//title") == "Headline"
    assert [one.text_content() for one in page.iter("h1", "p", "blockquote")] == [
        "Headline",
        "Dear Zoë,",
        "You wrote:",
        "It smokes.\nAgain.",
        "- One\n\xa0\xa0In favour: quick",
    ]


def test_a_paragraph_finds_its_own_direction_and_a_long_word_breaks() -> None:
    page = page_of("שלום\n\n\u0645\u0631\u062d\u0628\u0627 👩‍🔧\n\n" + "x" * 2_000)
    assert {one.get("dir") for one in page.iter("h1", "p")} == {"auto"}
    assert "overflow-wrap:anywhere" in page.find(".//div").get("style")
    assert "👩‍🔧" in page.text_content()


def test_nothing_in_a_letter_is_markup() -> None:
    hostile = "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> </p></div> &lt;b&gt; &amp; \"'\n"
    page = page_of(hostile)
    assert {one.tag for one in page.iter()} == {"html", "head", "meta", "title", "body", "div", "h1", "p"}
    assert page.find(".//p").text == "<img src=x onerror=alert(1)> </p></div> &lt;b&gt; &amp; \"'"


def test_a_very_long_letter_is_text_alone() -> None:
    _, mail = sent(body="word " * 20_000)
    assert mail.get_content_type() == "text/plain"


def test_what_the_program_sends_to_colleagues_can_be_sorted_and_letters_to_customers_name_no_list() -> None:
    assert sent(to_staff=True)[1]["List-Id"] == "<escalations.example.com>"
    for mail in (sent()[1], sent(to_staff=True, author=Author.PERSON)[1]):
        assert not [name for name in mail if name.lower().startswith("list-")]


def test_every_line_is_ascii_and_short_enough_for_any_relay() -> None:
    raw, _ = sent(subject="Grüße " * 20, name="Пётр " * 30)
    assert raw.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_repeat_carries_the_same_message_id_and_another_message_another() -> None:
    ids = [sent(key=key)[1]["Message-ID"] for key in ("a/1", "a/1", "a/2")]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize("key", ["plain", "with space", "75%/ü/<>@", "", "x" * 5000, "a\r\nBcc: eve@example.com"])
def test_a_message_id_is_valid_whatever_the_key(key: str) -> None:
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.com>", message_id(key, "example.com"))


def test_who_knows_the_ticket_alone_cannot_work_out_a_message_id() -> None:
    key = "escalation-T-1/receipt"
    ids = {sent(replace(RELAY, replies_secret=secret), key=key)[1]["Message-ID"] for secret in ("", "a" * 80, "b" * 80)}
    assert len(ids) == 3
    assert sent(replace(RELAY, replies_secret="a" * 80), key="b", answers=key)[1]["In-Reply-To"] in ids


def test_a_letter_answers_the_first_one_of_its_conversation() -> None:
    first, later = sent(key="a")[1], sent(key="b", answers="a")[1]
    assert later["In-Reply-To"] == later["References"] == first["Message-ID"] != later["Message-ID"]
    assert first["In-Reply-To"] is first["References"] is None


@pytest.mark.parametrize(
    ("author", "header"),
    [(Author.PROGRAM, "auto-generated"), (Author.PROGRAM_IN_ANSWER, "auto-replied"), (Author.PERSON, None)],
)
def test_only_what_a_program_wrote_calls_itself_automatic(author: Author, header: str | None) -> None:
    mail = sent(author=author)[1]
    assert mail["Auto-Submitted"] == header
    assert (mail["X-Auto-Response-Suppress"] is None) == (header is None)
    assert "NDR" not in (mail["X-Auto-Response-Suppress"] or "")


def test_ids_and_keys_go_out_whole_however_long_they_are() -> None:
    long_sender = replace(RELAY, sender=f"support@{'mail.' * 15}example.com")
    raw, _ = sent(long_sender, key="escalation-T-1/" + "k" * 200, answers="escalation-T-1/a")
    assert f"{KEY_HEADER}: escalation-T-1/{'k' * 200}\r\n".encode() in raw
    assert f"References: {message_id('escalation-T-1/a', long_sender.domain)}\r\n".encode() in raw


@pytest.mark.parametrize(
    ("key", "header"),
    [
        ("escalation-T-1/first_response/1/75%/customer", "escalation-T-1/first_response/1/75%/customer"),
        ("escalation-Fall 7/ü", "escalation-Fall%207/%C3%BC"),
        ("a\r\nBcc: eve@example.com", "a%0D%0ABcc:%20eve@example.com"),
    ],
)
def test_the_key_goes_out_in_a_header_of_its_own(key: str, header: str) -> None:
    assert sent(key=key)[1][KEY_HEADER] == header


@pytest.mark.parametrize("field", ["subject", "name", "key", "thread", "language"])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r", "\u2028"])
def test_no_value_can_add_a_header(field: str, newline: str) -> None:
    plain = sent()[1].keys()
    hostile: dict[str, Any] = {field: f"x{newline}Bcc: eve@example.com{newline}{newline}body"}
    raw, mail = sent(**hostile)
    assert mail.keys() == plain
    assert not re.search(rb"^Bcc:", raw, re.MULTILINE)


@pytest.mark.parametrize("name", ["", "Müller, Zoë", 'Zoë "Z" Müller', "Zoë <eve@example.com>", "李小龍", "a" * 300])
def test_a_name_of_any_kind_stays_a_name(name: str) -> None:
    (recipient,) = sent(name=name)[1]["To"].addresses
    assert recipient.display_name == name
    assert recipient.addr_spec == "zoe@example.org"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "@example.com",
        "a@",
        "a@example.com, b@example.com",
        "a b@example.com",
        "a@example.com\r\nRCPT TO:<b@example.com>",
    ],
)
def test_what_is_not_an_address_is_refused_and_not_quoted(address: str) -> None:
    with pytest.raises(RecipientRefused, match="no usable mail address") as refused:
        sent(address=address)
    assert refused.value.__cause__ is None
    assert not address or address not in str(refused.value)


@pytest.mark.parametrize("address", ['"a b"@example.org', "a+b@example.org", "a@[127.0.0.1]"])
def test_an_unusual_address_goes_out_as_it_is(address: str) -> None:
    assert sent(address=address)[1]["To"].addresses[0].addr_spec == address


def test_an_address_beyond_ascii_stays_readable_to_relays_that_take_it() -> None:
    raw, _ = sent(address="zoë@example.org")
    assert "<zoë@example.org>" in raw.decode()


@pytest.mark.parametrize("sender", ["", "support", "süd@example.com", "support@"])
def test_a_sender_that_cannot_send_is_found_when_the_worker_starts(sender: str) -> None:
    with pytest.raises(ValueError, match="cannot be the sender"):
        SmtpRelay(host="127.0.0.1", port=25, sender=sender)


def test_a_relay_does_not_print_its_password() -> None:
    assert "hunter2" not in repr(replace(RELAY, username="me", password="hunter2"))  # noqa: S106 - the test's own word


def test_a_letter_asks_to_answer_to_a_signed_address_of_the_case() -> None:
    signing = "a secret of some length"
    relay, base = (
        replace(RELAY, replies_to="replies@example.com", replies_secret=signing),
        parse_address("replies@example.com"),
    )
    for to_staff in (False, True):
        _, mail = sent(relay, ticket="T-1", to_staff=to_staff)
        (box,) = mail["Reply-To"].addresses
        assert tag_in(box.addr_spec, base, signing) == Tagged("T-1", to_staff)
        assert box.display_name == "Kundendienst Süd"
    assert sent(ticket="T-1")[1]["Reply-To"] is None


@pytest.mark.parametrize(("signing", "ticket"), [("", "T-1"), ("a secret of some length", "T" * 60)])
def test_a_letter_whose_address_cannot_be_signed_still_asks_to_answer_where_mail_comes_in(
    signing: str, ticket: str
) -> None:
    relay = replace(RELAY, replies_to="replies@example.com", replies_secret=signing)
    (box,) = sent(relay, ticket=ticket)[1]["Reply-To"].addresses
    assert box.addr_spec == "replies@example.com"
