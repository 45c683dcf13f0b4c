"""Which mails a machine sent, by their headers alone."""

from email import message_from_bytes

import pytest

from starter.automatic_replies import is_automatic, sign_of_machine

BODIES = {"en": "I am out of the office until Monday.", "de": "Ich bin bis Montag nicht im Büro."}
PERSON = "From: Ann <ann@example.com>\nTo: support@example.org\nSubject: Automatic reply: Abwesenheit\n"

SIGNS = [
    ("Auto-Submitted: auto-replied", "Auto-Submitted"),
    ("auto-submitted: Auto-Generated; owner-email=x", "Auto-Submitted"),
    ("Auto-Submitted:\n auto-replied (vacation)", "Auto-Submitted"),
    ("Auto-Submitted: auto-notified", "Auto-Submitted"),
    ("Content-Type: multipart/report; report-type=delivery-status; boundary=x", "Content-Type"),
    ("Content-Type: Multipart/Report;\n\treport-type=disposition-notification; boundary=x", "Content-Type"),
    ("Return-Path: <>", "Return-Path"),
    ("Return-Path: < >", "Return-Path"),
    ("Precedence: bulk", "Precedence"),
    ("Precedence: JUNK", "Precedence"),
    ("Precedence: list", "Precedence"),
    ("Precedence: auto_reply", "Precedence"),
    ("X-Autoreply: yes", "X-Autoreply"),
    ("X-AutoReply-From: ann@example.com", "X-AutoReply-From"),
    ("X-Autorespond: away", "X-Autorespond"),
    ("List-Id: <news.example.com>", "List-Id"),
    ("List-Unsubscribe: <mailto:off@example.com>", "List-Unsubscribe"),
    ("X-Escalation-Key: escalation-T-1/receipt/1/customer", "X-Escalation-Key"),
    ("Sender: MAILER-DAEMON@example.com", "Sender"),
]


@pytest.mark.parametrize("language", BODIES)
@pytest.mark.parametrize(("header", "sign"), SIGNS)
def test_each_sign_of_a_machine_is_found(header: str, sign: str, language: str) -> None:
    text = f"{PERSON}{header}\n\n{BODIES[language]}\n"
    crlf = text.replace("\n", "\r\n").encode()
    assert sign_of_machine(text) == sign
    assert sign_of_machine(crlf) == sign
    assert is_automatic(message_from_bytes(crlf))


@pytest.mark.parametrize(
    "header",
    [
        "X-Auto-Response-Suppress: All",
        "Auto-Submitted: no",
        "Auto-Submitted: No (a person)",
        "Precedence: first-class",
        "Return-Path: <ann@example.com>",
        "Content-Type: multipart/alternative; boundary=report",
        "X-Mailer: bulk precedence: bulk",
        "Reply-To: postmaster@example.com",
    ],
)
def test_what_a_person_wrote_stays_theirs_whatever_its_subject_says(header: str) -> None:
    assert sign_of_machine(f"{PERSON}{header}\n\nAuto-Submitted: auto-replied\n") == ""


def test_headers_alone_will_do() -> None:
    assert is_automatic({"AUTO-SUBMITTED": "auto-replied"})
    assert is_automatic([("Received", "x"), ("Received", "y"), ("Precedence", "bulk")])
    assert not is_automatic({})


def test_a_bounce_is_from_a_machine_by_its_sender() -> None:
    assert sign_of_machine(b"From: Mail Delivery System <MAILER-DAEMON@mx.example.com>\n\nx") == "From"


def test_odd_bytes_and_long_headers_raise_nothing() -> None:
    assert not is_automatic(b"\xff\xfe\x00" * 10)
    assert not is_automatic(b"Subject: " + b"(" * 500_000 + b"\n\nx")
    assert not is_automatic(b"")
