"""Whatever a message says, its mail has the headers that the program wrote, each once, and one body."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import compat32, default
from typing import Any

import lxml.html
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from activities.adapters.mail_html import html_of
from activities.adapters.smtp import SmtpRelay, compose
from activities.errors import RecipientRefused
from activities.ports.sending import Envelope
from escalation.message_kinds import Author
from tests.unit.delivery.hostile import TEXT

pytestmark = pytest.mark.fuzz

ALWAYS = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Content-Language",
    "X-Escalation-Key",
    "Content-Type",
    "MIME-Version",
)


def names(envelope: Envelope) -> list[str]:
    answers = ("In-Reply-To", "References") if envelope.answers else ()
    automatic = () if envelope.author is Author.PERSON else ("Auto-Submitted", "X-Auto-Response-Suppress")
    of_list = ("List-Id",) if automatic and envelope.to_staff else ()
    return sorted((*ALWAYS, *answers, *automatic, *of_list))


SHOWN = ("h1", "p", "blockquote", "br")
RELAY = SmtpRelay(host="127.0.0.1", port=25, sender="support@example.com", sender_name="Support")
PLAIN = Envelope(
    key="escalation-T-1/update/1/customer",
    thread="escalation-T-1",
    address="zoe@example.org",
    name="Zoë",
    subject="[T-1] Invoice",
    body="Hello\n",
    language="en",
    at=datetime(2026, 3, 27, 15, 0, tzinfo=UTC),
)
ENVELOPES = st.builds(
    Envelope,
    key=TEXT,
    thread=TEXT,
    address=st.sampled_from(["zoe@example.org", "zoë@example.org", "zoe@müller.example", '"a b"@example.org']),
    name=TEXT,
    subject=TEXT,
    body=TEXT,
    language=TEXT | st.sampled_from(["de", "pt_BR", "zh-Hant-TW"]),
    at=st.just(PLAIN.at),
    answers=TEXT,
    author=st.sampled_from(Author),
    to_staff=st.booleans(),
)


def the_text_of(header: object) -> str:
    return str(make_header(decode_header(str(header))))


@pytest.mark.slow
@given(ENVELOPES, TEXT)
def test_any_text_in_any_field_gives_the_same_headers_once_and_one_body(envelope: Envelope, sender_name: str) -> None:
    relay = SmtpRelay(host="127.0.0.1", port=25, sender="support@example.com", sender_name=sender_name)
    raw = compose(envelope, relay).as_bytes()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\x00" not in raw
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    for policy in (compat32, default):
        mail = message_from_bytes(raw, policy=policy)
        assert sorted(mail.keys()) == names(envelope)
        assert mail.get_content_type() == "multipart/alternative"
        parts: Any = mail.get_payload()
        assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
        assert not any(one.defects for one in (mail, *parts))


@given(TEXT, st.sampled_from(["en", "de", '"><b>']))
def test_whatever_a_text_says_none_of_it_is_markup(body: str, language: str) -> None:
    page = lxml.html.document_fromstring(html_of(body, language))
    assert {one.tag for one in page.iter()} <= {*("html", "head", "meta", "title", "body", "div"), *SHOWN}
    assert {name for one in page.iter() for name in one.attrib} <= {
        "lang",
        "charset",
        "name",
        "content",
        "style",
        "dir",
    }


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"], exclude_characters=">")))
def test_a_page_has_every_word_of_its_text(body: str) -> None:
    page = lxml.html.document_fromstring(html_of(f"Headline\n\n{body}", "en"))
    words = " ".join(one.text_content() for one in page.iter(*SHOWN[:3])).split()
    assert words == ["Headline", *body.split()]


@pytest.mark.slow
@given(ENVELOPES)
def test_no_header_that_a_reader_decodes_holds_a_line_break(envelope: Envelope) -> None:
    raw = compose(envelope, RELAY).as_bytes()
    modern = message_from_bytes(raw, _class=EmailMessage, policy=default)
    old = message_from_bytes(raw, policy=compat32)
    for header in ("From", "To", "Subject", "Message-ID", "Content-Language", "X-Escalation-Key"):
        # A folded header is one line; what is left of the breaks inside is what a word decoded to.
        decoded = the_text_of(str(old[header]).replace("\r\n ", " ").replace("\n ", " "))
        assert not set(decoded) & set("\r\n\x00"), header
        assert not set(str(modern[header])) & set("\r\n\x00"), header


@given(TEXT)
@example("")
@example("ann@example.com\r\nBcc: eve@example.com")
@example("=?utf-8?q?=0D=0ABcc:_eve?=@example.com")
def test_any_address_is_refused_or_is_the_one_recipient(address: str) -> None:
    try:
        raw = compose(replace(PLAIN, address=address), RELAY).as_bytes()
    except RecipientRefused:
        return
    mail = message_from_bytes(raw, _class=EmailMessage, policy=default)
    assert sorted(mail.keys()) == names(PLAIN)
    assert len(mail["To"].addresses) == 1


@pytest.mark.parametrize("field", ["subject", "name"])
def test_an_encoded_word_that_a_person_wrote_is_read_as_they_wrote_it(field: str) -> None:
    written = "Invoice =?utf-8?q?wrong=0D=0AReply-To:_mallory@example.org?="
    changes: dict[str, Any] = {field: written}
    raw = compose(replace(PLAIN, **changes), RELAY).as_bytes()
    mail = message_from_bytes(raw, _class=EmailMessage, policy=default)
    read = mail["Subject"] if field == "subject" else mail["To"].addresses[0].display_name
    # Python reads a blank between two encoded words of a name, which is its own mistake.
    assert read.replace(" ", "") == written.replace(" ", "")
    assert mail["Reply-To"] is None
