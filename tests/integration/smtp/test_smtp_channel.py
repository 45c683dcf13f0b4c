"""The SMTP channel against real servers: ones that take mail, refuse it, put it off, are down, slow or rude."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from activities.adapters.mail_message import KEY_HEADER
from activities.adapters.smtp import SmtpChannel, SmtpRelay
from activities.errors import ChannelUnavailable, RecipientRefused, SentWithoutAnswer
from tests.event_loop import watched_loop
from tests.integration.smtp.relay import MESSAGE, Handler, a_relay, to


async def test_a_message_arrives_as_it_was_written() -> None:
    handler = Handler()
    async with a_relay(handler) as relay:
        receipt = await SmtpChannel(relay).send(MESSAGE)
    assert receipt == "250 2.0.0 Kept for [address]"
    (mail,) = handler.mails
    assert handler.recipients == ["zoe@example.org"]
    assert mail["To"] == "Zoë Müller <zoe@example.org>"
    assert mail["Subject"] == "[T-1] Grüße"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail[KEY_HEADER] == MESSAGE.key
    text, page = mail.iter_parts()
    assert text.get_content().replace("\r\n", "\n") == MESSAGE.body
    assert "Guten Tag Zoë,</h1>" in page.get_content()


async def test_the_copy_arrives_with_the_letter_and_the_recipient_does_not_see_it() -> None:
    handler = Handler()
    async with a_relay(handler) as relay:
        await SmtpChannel(relay).send(replace(MESSAGE, copy_to="desk@example.com"))
    assert handler.recipients == ["zoe@example.org", "desk@example.com"]
    assert b"desk@example.com" not in handler.mails[0].as_bytes()


@pytest.mark.parametrize("copy_to", ["desk@example.com", "no address", "dësk@example.com"])
async def test_a_letter_arrives_also_where_its_copy_is_refused(copy_to: str) -> None:
    handler = Handler(answers={"desk@example.com": "550 5.1.1 no such user"})
    async with a_relay(handler) as relay:
        await SmtpChannel(relay).send(replace(MESSAGE, copy_to=copy_to))
    assert handler.recipients == ["zoe@example.org"]


async def test_a_repeat_arrives_with_the_same_message_id_and_an_answer_refers_to_it() -> None:
    handler = Handler()
    async with a_relay(handler) as relay:
        channel = SmtpChannel(relay)
        await channel.send(MESSAGE)
        await channel.send(MESSAGE)
        await channel.send(replace(MESSAGE, key="escalation-T-1/update/2/customer", answers=MESSAGE.key))
    ids = [mail["Message-ID"] for mail in handler.mails]
    assert ids[0] == ids[1] != ids[2]
    assert [mail["References"] for mail in handler.mails] == [None, None, ids[0]]


async def test_a_letter_with_a_long_text_arrives_whole_and_holds_nothing_up() -> None:
    handler, body = Handler(), "Grüße, 系统又坏了 \U0001f600\n" * 25_000
    async with a_relay(handler) as relay, watched_loop():
        await SmtpChannel(relay).send(replace(MESSAGE, body=body))
    (mail,) = handler.mails
    assert mail.get_content().replace("\r\n", "\n") == body
    assert mail["Content-Transfer-Encoding"] == "base64"


async def test_many_messages_at_once_all_arrive() -> None:
    handler = Handler()
    async with a_relay(handler) as relay:
        channel = SmtpChannel(relay)
        await asyncio.gather(*(channel.send(to(f"c{number}@example.org")) for number in range(20)))
    assert sorted(handler.recipients) == sorted(f"c{number}@example.org" for number in range(20))


async def test_a_mailbox_that_does_not_exist_is_given_up_and_its_address_stays_out_of_the_error() -> None:
    handler = Handler(answers={"zoe@example.org": "550 5.1.1 <zoe@example.org>: no such user zoe@example.org"})
    async with a_relay(handler) as relay:
        with pytest.raises(RecipientRefused, match=r"550 5\.1\.1") as refused:
            await SmtpChannel(relay).send(MESSAGE)
    assert "zoe" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert not handler.mails


async def test_a_mailbox_that_is_busy_is_tried_again() -> None:
    handler = Handler(answers={"zoe@example.org": "451 4.3.0 zoe@example.org: try again later"})
    async with a_relay(handler) as relay:
        channel = SmtpChannel(relay)
        with pytest.raises(ChannelUnavailable, match=r"451 4\.3\.0") as deferred:
            await channel.send(MESSAGE)
        assert "zoe" not in str(deferred.value)
        handler.answers.clear()
        await channel.send(MESSAGE)
    assert len(handler.mails) == 1


async def test_a_refusal_of_one_recipient_does_not_touch_another() -> None:
    handler = Handler(answers={"gone@example.org": "550 5.1.1 gone"})
    async with a_relay(handler) as relay:
        channel = SmtpChannel(relay)
        results = await asyncio.gather(
            channel.send(to("gone@example.org")), channel.send(MESSAGE), return_exceptions=True
        )
    assert isinstance(results[0], RecipientRefused)
    assert handler.recipients == ["zoe@example.org"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("554 5.6.0 spam", ChannelUnavailable),
        ("550 5.1.1 no such user", RecipientRefused),
        ("452 4.3.1 disk full", ChannelUnavailable),
    ],
)
async def test_a_message_can_be_refused_after_it_was_read(answer: str, error: type[Exception]) -> None:
    async with a_relay(Handler(after_data=answer)) as relay:
        with pytest.raises(error) as refused:
            await SmtpChannel(relay).send(MESSAGE)
    assert type(refused.value) is error


async def test_a_relay_that_is_not_there_is_tried_again_later() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        relay = SmtpRelay(host="127.0.0.1", port=unused.getsockname()[1], sender="support@example.com")
        with pytest.raises(ChannelUnavailable, match=r"127\.0\.0\.1:\d+ cannot be used"):
            await SmtpChannel(relay).send(MESSAGE)


async def test_a_relay_that_never_greets_is_given_only_its_time() -> None:
    async with a_server(b"") as relay:
        with pytest.raises(ChannelUnavailable) as late:
            await SmtpChannel(relay).send(MESSAGE)
    assert not isinstance(late.value, SentWithoutAnswer)


@pytest.mark.parametrize("greeting", [b"554 no service\r\n", b"421 too busy\r\n", b"good morning\r\n"])
async def test_a_relay_that_greets_badly_is_tried_again_later(greeting: bytes) -> None:
    async with a_server(greeting) as relay:
        with pytest.raises(ChannelUnavailable):
            await SmtpChannel(relay).send(MESSAGE)


async def test_a_relay_that_falls_silent_after_the_message_may_have_it() -> None:
    handler = Handler(silent=asyncio.Event())
    async with a_relay(handler, seconds=0.3) as relay:
        with pytest.raises(SentWithoutAnswer, match="no clear answer"):
            await SmtpChannel(relay).send(MESSAGE)
        assert len(handler.mails) == 1


async def test_a_relay_that_hangs_up_after_the_message_may_have_it() -> None:
    handler = Handler(hangs_up=True)
    async with a_relay(handler) as relay:
        with pytest.raises(SentWithoutAnswer):
            await SmtpChannel(relay).send(MESSAGE)


async def test_encryption_that_the_relay_does_not_offer_is_not_done_without() -> None:
    handler = Handler()
    async with a_relay(handler) as relay:
        with pytest.raises(ChannelUnavailable):
            await SmtpChannel(replace(relay, starttls=True)).send(MESSAGE)
    assert not handler.mails


async def test_a_login_that_is_not_possible_is_not_the_recipients_fault() -> None:
    async with a_relay(Handler()) as relay:
        with pytest.raises(ChannelUnavailable):
            await SmtpChannel(replace(relay, username="me", password="secret")).send(MESSAGE)  # noqa: S106 - a test's


async def test_an_address_beyond_ascii_reaches_a_relay_that_takes_it() -> None:
    handler = Handler()
    async with a_relay(handler, utf8=True) as relay:
        await SmtpChannel(relay).send(to("zoë@example.org"))
    assert handler.recipients == ["zoë@example.org"]


@pytest.mark.parametrize("utf8", [False, True])
@pytest.mark.parametrize(
    ("address", "recipient"),
    [
        ("ann@müller.example", "ann@xn--mller-kva.example"),
        ("ann@例え.テスト", "ann@xn--r8jz45g.xn--zckzah"),
        ("ann@STRASSE.example", "ann@STRASSE.example"),
    ],
)
async def test_an_international_domain_goes_out_in_ascii_to_every_relay(
    address: str, recipient: str, utf8: bool
) -> None:
    handler = Handler()
    async with a_relay(handler, utf8=utf8) as relay:
        await SmtpChannel(relay).send(to(address))
    assert handler.recipients == [recipient]
    assert handler.mails[0]["To"].addresses[0].addr_spec == recipient


async def test_a_local_part_beyond_ascii_keeps_its_letters_before_a_domain_in_ascii() -> None:
    handler = Handler()
    async with a_relay(handler, utf8=True) as relay:
        await SmtpChannel(relay).send(to("иван@müller.example"))
    assert handler.recipients == ["иван@xn--mller-kva.example"]


async def test_an_address_with_a_space_that_looks_like_none_is_given_up() -> None:
    handler = Handler()
    async with a_relay(handler, utf8=True) as relay:
        with pytest.raises(RecipientRefused, match="no usable mail address"):
            await SmtpChannel(relay).send(to("zoe@exam\u00a0ple.org"))
    assert not handler.mails


async def test_an_address_beyond_ascii_is_given_up_where_the_relay_does_not_take_it() -> None:
    async with a_relay(Handler()) as relay:
        with pytest.raises(RecipientRefused, match="beyond ASCII"):
            await SmtpChannel(relay).send(to("zoë@example.org"))


@asynccontextmanager
async def a_server(greeting: bytes) -> AsyncIterator[SmtpRelay]:
    """Says one thing, or nothing, and then listens without an answer."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        port = server.sockets[0].getsockname()[1]
        yield SmtpRelay(host="127.0.0.1", port=port, sender="support@example.com", timeout=0.3)
    finally:
        server.close()
        await server.wait_closed()
