"""The listener for mail by itself, and what `escalations doctor` says of it."""

import asyncio
import smtplib

import pytest
from pydantic import SecretStr

from activities.errors import DatabaseUnavailable
from activities.ports.inbox import Stored
from runtime.settings import Settings
from starter.doctor.finding import Finding, Health
from starter.doctor.mail_in import mail_in_looks
from starter.mail.listener import listening
from starter.mail.receiving import MailDesk
from tests.integration.ports import free_port


class Away:
    """A receiver whose database does not answer, or that has a fault."""

    def __init__(self, desk: MailDesk, error: Exception) -> None:
        self.desk, self._error = desk, error

    async def receive(self, raw: bytes, recipients: tuple[str, ...] = ()) -> Stored:
        assert raw
        assert recipients
        raise self._error


@pytest.fixture
def listener_settings() -> Settings:
    return Settings(
        mail_in_address="replies@example.com",
        mail_in_secret=SecretStr("a secret of some length"),
        mail_in_listen=f"127.0.0.1:{free_port()}",
        mail_in_most_bytes=10_000,
    )


def hand_over(port: int, raw: bytes, *, lmtp: bool = False) -> int:
    kind = smtplib.LMTP if lmtp else smtplib.SMTP
    with kind("127.0.0.1", port) as peer:
        try:
            peer.sendmail("a@example.org", ["replies+x@example.com"], raw)
        except smtplib.SMTPResponseException as error:
            return error.smtp_code
    return 250


@pytest.mark.parametrize("protocol", ["smtp", "lmtp"])
@pytest.mark.parametrize(
    ("error", "raw", "code"),
    [
        (DatabaseUnavailable("away"), b"Subject: x\r\n\r\ny", 451),
        (RuntimeError("a fault"), b"Subject: x\r\n\r\ny", 451),
        (DatabaseUnavailable("a long line, which was read"), b"Subject: x\r\n\r\n" + b"y" * 5_000, 451),
        (RuntimeError("not asked"), b"Received: x\r\n" * 60 + b"\r\n\r\ny", 554),
        (RuntimeError("not asked"), b"Subject: x\r\n\r\n" + b"y" * 20_000, 552),
    ],
)
async def test_the_listener_accepts_nothing_that_is_not_stored(
    listener_settings: Settings, protocol: str, error: Exception, raw: bytes, code: int
) -> None:
    settings = listener_settings.model_copy(update={"mail_in_protocol": protocol})
    async with listening(settings, Away(MailDesk.of(settings), error), lambda: None) as address:
        port = int(address.rpartition(":")[2])
        assert await asyncio.to_thread(hand_over, port, raw, lmtp=protocol == "lmtp") == code


@pytest.mark.parametrize("protocol", ["smtp", "lmtp"])
async def test_doctor_asks_the_listener_whether_it_takes_our_mail(listener_settings: Settings, protocol: str) -> None:
    settings = listener_settings.model_copy(update={"mail_in_protocol": protocol})

    async def looked(change: dict[str, str]) -> Finding:
        ((_, look),) = mail_in_looks(settings.model_copy(update=change))
        return await look()

    desk = MailDesk.of(settings)
    async with listening(settings, Away(desk, RuntimeError("no mail is sent")), lambda: None) as address:
        well = await looked({})
        other = await looked({"mail_in_address": "someone@example.net"})
    away = await looked({})
    assert (well.health, well.says.split(";")[0]) == (
        Health.WELL,
        f"the listener at {address} takes mail for replies@example.com",
    )
    assert (other.health, "(550 5.1.1" in other.says) == (Health.BAD, True)
    assert (away.health, away.says.split(";")[0]) == (Health.BAD, f"nothing speaks {protocol.upper()} at {address}")


async def test_doctor_says_what_it_does_not_know_of_mail_by_another_way(listener_settings: Settings) -> None:
    settings = listener_settings.model_copy(update={"mail_in_listen": None, "mail_in_secret": None})
    ((_, look),) = mail_in_looks(settings)
    found = await look()
    assert found.health is Health.SOON
    assert "DNS" in found.says
    assert "ESCALATIONS_MAIL_IN_SECRET" in found.says
