"""The mail sink, spoken to by the mail client that the program uses."""

from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import pytest

from runtime.embedded.ports import PortBook
from runtime.embedded.smtp_sink import SmtpSink


@pytest.fixture
async def sink(tmp_path: Path) -> AsyncIterator[SmtpSink]:
    sink = SmtpSink(tmp_path / "mail", ports=PortBook(tmp_path / "ports.json"))
    await sink.start()
    yield sink
    await sink.stop()


async def send(sink: SmtpSink, *recipients: str, subject: str = "Your case") -> dict[str, aiosmtplib.SMTPResponse]:
    message = EmailMessage()
    message["From"] = "support@example.com"
    message["To"] = ", ".join(recipients)
    message["Subject"] = subject
    message["Message-ID"] = "<key-1@example.com>"
    message.set_content("We are on it.\n.\nTruly.\n")
    errors, _ = await aiosmtplib.send(message, hostname=sink.host, port=sink.port, timeout=5)
    return errors


async def test_a_message_is_kept_in_memory_with_its_envelope_and_headers(sink: SmtpSink) -> None:
    await send(sink, "dana@example.org", subject="Grüße")

    (received,) = sink.messages
    assert received.sender == "support@example.com"
    assert received.recipients == ("dana@example.org",)
    assert received.message["Subject"] == "Grüße"
    assert received.message_id == "<key-1@example.com>"
    assert received.message.get_content().splitlines() == ["We are on it.", ".", "Truly."]


async def test_a_message_is_kept_as_a_file_too(sink: SmtpSink, tmp_path: Path) -> None:
    await send(sink, "dana@example.org")

    assert (tmp_path / "mail" / "000001.eml").read_bytes() == sink.messages[0].content
    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0


async def test_files_of_an_earlier_run_are_never_overwritten(sink: SmtpSink, tmp_path: Path) -> None:
    await send(sink, "dana@example.org")
    await sink.stop()

    later = SmtpSink(tmp_path / "mail")
    await later.start()
    await send(later, "dana@example.org")
    await later.stop()

    assert sorted(path.name for path in (tmp_path / "mail").iterdir()) == ["000001.eml", "000002.eml"]


async def test_a_refused_recipient_gets_550_until_accepted_again(sink: SmtpSink) -> None:
    sink.refuse("Dana@example.org")

    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as caught:
        await send(sink, "dana@example.org")
    assert [refused.code for refused in caught.value.recipients] == [550]
    assert sink.messages == []

    sink.accept("dana@example.org")
    await send(sink, "dana@example.org")
    assert len(sink.messages) == 1


async def test_a_deferred_recipient_gets_451(sink: SmtpSink) -> None:
    sink.defer("dana@example.org")

    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as caught:
        await send(sink, "dana@example.org")

    assert [refused.code for refused in caught.value.recipients] == [451]


async def test_the_other_recipients_of_a_message_still_get_it(sink: SmtpSink) -> None:
    sink.refuse("gone@example.org")

    errors = await send(sink, "dana@example.org", "gone@example.org")

    assert errors["gone@example.org"].code == 550
    assert [received.recipients for received in sink.messages_to("DANA@example.org")] == [("dana@example.org",)]
    assert sink.messages_to("gone@example.org") == []


async def test_a_relay_that_is_down_refuses_connections_and_comes_back_on_the_same_port(sink: SmtpSink) -> None:
    port = sink.port
    await sink.stop()

    with pytest.raises(aiosmtplib.SMTPConnectError):
        await send(sink, "dana@example.org")

    await sink.start()
    assert sink.port == port
    await send(sink, "dana@example.org")
    assert len(sink.messages) == 1


async def test_going_down_hangs_up_on_a_client_in_the_middle_of_a_conversation(sink: SmtpSink) -> None:
    client = aiosmtplib.SMTP(hostname=sink.host, port=sink.port, timeout=5)
    await client.connect()
    await client.mail("support@example.com")

    await sink.stop()

    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await client.rcpt("dana@example.org")
    client.close()


async def test_waiting_ends_when_the_message_is_there(sink: SmtpSink) -> None:
    await send(sink, "dana@example.org")

    (received,) = await sink.wait_for(lambda messages: len(messages) == 1, within=5)

    assert received.recipients == ("dana@example.org",)


async def test_waiting_for_a_message_that_never_comes_ends_in_time(sink: SmtpSink) -> None:
    with pytest.raises(TimeoutError):
        await sink.wait_for(lambda messages: len(messages) == 1, within=0.05)
