"""Reports that a mail did not arrive, for machines and in prose."""

import pytest

from escalation.mail_in import bounces
from escalation.mail_in.mail import Failure
from tests.unit.mail_in.mails import read, report, text_mail, with_parts

DAEMON = "Return-Path: <>\nFrom: Mail Delivery System <Mailer-Daemon@mx.example.net>\nTo: desk@example.org\n"
GONE = Failure(address="ann@example.net", permanent=True, status="5.1.1", action="failed")
BLOCK = "Final-Recipient: rfc822; ann@example.net\nAction: {action}\nStatus: {status}\nDiagnostic-Code: {code}\n\n"


def block(action: str = "failed", status: str = "5.1.1", code: str = "smtp; 550 5.1.1 unknown") -> str:
    return BLOCK.format(action=action, status=status, code=code)


def test_a_report_names_the_recipient_and_the_mail_that_came_back() -> None:
    found = read(report(block()))
    assert found.is_bounce
    assert not found.is_automatic
    assert found.failures == (GONE,)
    assert found.returned == ("<letter@example.org>",)
    assert found.attachments == ()


@pytest.mark.parametrize(
    ("action", "status", "code", "permanent", "becomes"),
    [
        ("failed", "5.1.1", "", True, "failed"),
        ("failed (bad address)", "5.1.1", "", True, "failed"),
        ("failed", "4.4.7", "x; timed out", False, "failed"),
        ("failed", "", "smtp; 550 no such user", True, "failed"),
        ("failed", "", "smtp; 450 later", False, "failed"),
        ("failed", "", "smtp; 550 5.1.1 unknown", True, "failed"),
        ("failed", "", "", True, "failed"),
        ("delayed", "4.4.1", "", False, "delayed"),
        ("", "4.4.1", "", False, "delayed"),
        ("", "5.1.1", "", True, "failed"),
    ],
)
def test_the_codes_say_whether_the_address_is_at_fault(
    action: str, status: str, code: str, *, permanent: bool, becomes: str
) -> None:
    (failure,) = read(report(block(action, status, code))).failures
    assert (failure.permanent, failure.action) == (permanent, becomes)


def test_each_recipient_is_reported_once() -> None:
    other = block().replace("ann@", "ben@")
    failures = read(report(block() + other + block())).failures
    assert {one.address for one in failures} == {"ann@example.net", "ben@example.net"}
    assert len(failures) == 2


def test_a_recipient_is_taken_from_where_it_is_named() -> None:
    blocks = "Original-Recipient: rfc822;ann@example.net\nAction: failed\nStatus: 5.1.1\n\n"
    assert read(report(blocks)).failures == (GONE,)


def test_a_report_of_success_is_not_a_bounce() -> None:
    found = read(report(block("delivered", "2.0.0")))
    assert not found.is_bounce
    assert found.is_automatic


def test_only_the_headers_may_come_back() -> None:
    headers = "Content-Type: text/rfc822-headers\n\nReceived: x\nMessage-ID: <letter@example.org>\n"
    status = f"Content-Type: message/delivery-status\n\n{block()}"
    raw = with_parts(
        "report; report-type=delivery-status", "\nx", status, headers, head=DAEMON + "Subject: Undeliverable\n"
    )
    assert read(raw).returned == ("<letter@example.org>",)


PROSE = {
    "exim": (
        "Subject: Mail delivery failed: returning message to sender\nX-Failed-Recipients: ann@example.net",
        "A message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. "
        "The following address(es) failed:\n\n  ann@example.net\n    550 5.1.1 unknown\n\n"
        "------ This is a copy of the message, including all the headers. ------\n\nMessage-ID: <letter@example.org>",
    ),
    "qmail": (
        "Subject: failure notice",
        "Hi. This is the qmail-send program at mx.example.net.\nI'm afraid I wasn't able to deliver your message to the "
        "following addresses.\n\n<ann@example.net>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        "--- Below this line is a copy of the message.\n\nReturn-Path: <desk@example.org>\nMessage-ID: <letter@example.org>",
    ),
    "gmail": (
        "Subject: Delivery Status Notification (Failure)",
        "Delivery to the following recipient failed permanently:\n\n     ann@example.net\n\nTechnical details:\n550 5.1.1 unknown\n\n"
        "----- Original message -----\n\nMessage-ID: <letter@example.org>",
    ),
    "postfix without parts": (
        "Subject: Undelivered Mail Returned to Sender",
        "I'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients.\n\n"
        "<ann@example.net>: host mx.example.net[198.51.100.81] said: 550 5.1.1\n    unknown\n\n"
        "Original message headers:\n\nMessage-ID: <letter@example.org>",
    ),
    "Exchange in German": (
        "Subject: Unzustellbar: Ihr Fall",
        "Die Zustellung an die folgenden Empfänger oder Gruppen ist fehlgeschlagen:\n\nAnn (ann@example.net)\n"
        "Die eingegebene E-Mail-Adresse konnte nicht gefunden werden.\n\n#550 5.1.1 RESOLVER.ADR.RecipNotFound ##\n\n"
        "Ursprüngliche Nachrichtenkopfzeilen:\n\nMessage-ID: <letter@example.org>",
    ),
}


@pytest.mark.parametrize("name", PROSE)
def test_prose_of_mail_servers_is_understood(name: str) -> None:
    head, prose = PROSE[name]
    found = read(f"{DAEMON}{head}\nContent-Type: text/plain; charset=utf-8\n\n{prose}\n")
    assert found.is_bounce
    assert found.failures == (GONE,)
    assert found.returned == ("<letter@example.org>",)


@pytest.mark.parametrize(
    ("subject", "prose"),
    [
        (
            "Warning: message 1abc delayed 24 hours",
            "A message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours.\n\n"
            "The address to which the message has not yet been delivered is:\n\n  ann@example.net\n",
        ),
        (
            "Delivery Status Notification (Delay)",
            "Delivery to the following recipient has been delayed:\n\n     ann@example.net\n",
        ),
        ("Zustellung verzögert", "Die Zustellung an ann@example.net wird weiterhin versucht.\n"),
    ],
)
def test_a_delay_in_prose_is_not_a_failure(subject: str, prose: str) -> None:
    found = read(f"{DAEMON}Subject: {subject}\n\n{prose}")
    assert found.is_bounce
    assert found.failures == (Failure(address="ann@example.net", permanent=False, action="delayed"),)


def test_a_temporary_code_in_prose_is_not_permanent() -> None:
    (failure,) = read(
        f"{DAEMON}Subject: failure notice\n\nann@example.net could not be delivered: 4.4.7 expired"
    ).failures
    assert (failure.permanent, failure.action, failure.status) == (False, "failed", "4.4.7")


def test_a_report_that_names_no_one_has_one_failure_without_an_address() -> None:
    found = read(
        "From: Microsoft Outlook <x@example.net>\nTo: desk@example.org\nSubject: Undeliverable: x\n\nto desk@example.org"
    )
    assert found.failures == (Failure(address="", permanent=True),)


def test_a_server_without_an_address_is_known_by_its_name() -> None:
    assert read("From: MAILER-DAEMON (Mail System)\nSubject: Returned mail\n\nx").is_bounce


def test_a_customer_who_quotes_a_report_sends_no_bounce() -> None:
    quoted = "Look:\n\n> could not be delivered\n> <ann@example.net>: 550 5.1.1"
    assert not read(text_mail(quoted)).is_bounce
    assert not read("From: kim@example.com\nSubject: Fwd: Undelivered Mail\n\nfailed").is_bounce


def test_a_server_that_says_something_else_sends_no_bounce() -> None:
    found = read("From: postmaster@example.net\nSubject: Maintenance on Sunday\n\nAll fine.")
    assert not found.is_bounce
    assert found.is_automatic


def test_a_fault_of_the_library_leaves_what_we_read_ourselves(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(mail: object) -> None:
        raise IndexError(mail)

    monkeypatch.setattr(bounces, "all_failures", fails)
    found = read(f"{DAEMON}Subject: failure notice\n\n<ann@example.net>: 550 5.1.1 unknown")
    assert found.failures == (GONE,)
