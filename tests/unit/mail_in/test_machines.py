"""Whether a machine wrote a mail."""

import pytest

from tests.unit.mail_in.mails import HEAD, read, with_parts

BY_MACHINES = (
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-generated (vacation)",
    "Precedence: bulk",
    "Precedence: auto_reply",
    "X-Auto-Response-Suppress: All",
    "X-Autoreply: yes",
    "X-FC-MachineGenerated: true",
    "Subject: Automatic reply: Your case",
    "Subject: Automatische Antwort: Ihr Fall",
    "Subject: Abwesenheitsnotiz",
    "Subject: Out of Office: Your case",
    "Subject: =?utf-8?Q?R=C3=A9ponse_automatique_:_x?=",
    "From: no-reply@shop.example.net",
    "From: noreply-orders@shop.example.net",
)
BY_PEOPLE = (
    "Auto-Submitted: no",
    "X-Auto-Response-Suppress: None",
    "X-Auto-Response-Suppress: DR, OOF, AutoReply",
    "Precedence: normal",
    "Subject: Re: Automatische Antwort: Ihr Fall",
    "Subject: Out of office light is broken",
    "Subject: Automatic door does not open",
    "From: reply@example.com",
    "In-Reply-To: <letter@example.org>\nPrecedence: list\nList-Id: <desk.example.org>",
    "X-Google-Group-Id: 7\nList-Id: <desk.example.org>\nList-Unsubscribe: <mailto:x@example.org>",
)


@pytest.mark.parametrize("headers", BY_MACHINES)
def test_a_mail_of_a_machine_is_known(headers: str) -> None:
    found = read(f"{headers}\nTo: desk@example.org\n\nI am back on 12 June.")
    assert found.is_automatic
    assert not found.is_bounce


@pytest.mark.parametrize("headers", BY_PEOPLE)
def test_a_mail_of_a_person_is_not_automatic(headers: str) -> None:
    assert not read(f"{headers}\nTo: desk@example.org\n\nHello").is_automatic


def test_a_newsletter_is_automatic() -> None:
    assert read("From: news@example.net\nList-Unsubscribe: <https://example.net>\n\nBuy!").is_automatic


def test_a_read_receipt_is_automatic_and_not_a_bounce() -> None:
    receipt = (
        "Content-Type: message/disposition-notification\n\nDisposition: manual-action/MDN-sent-manually; displayed\n"
    )
    found = read(with_parts("report; report-type=disposition-notification", "\nread", receipt, head=HEAD))
    assert found.is_automatic
    assert not found.is_bounce
