"""Simply reply to this message: letters by real SMTP, answers by real SMTP, through PostgreSQL and Temporal into the case."""

import asyncio
import os
import secrets
import smtplib
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

import pytest

from activities.adapters.postgres.inbox import Inbox
from activities.adapters.postgres.mail import MailRecords
from activities.adapters.postgres.tasks import Desk
from activities.ports.inbox import Entry, EntryState
from escalation.case.commands import Acknowledge, Customer, Open
from escalation.case.events import CustomerReplied, DeliveryFailed, Event, Noted, TicketNewsCame
from escalation.mail_in.meaning import MAIL, new_ticket
from escalation.vocabulary import Category, Reason, Severity
from runtime.embedded.smtp_sink import ReceivedMessage
from runtime.embedded.stack import EmbeddedStack
from runtime.settings import Settings
from starter.http.access.roles import Role
from starter.http.app import create_app
from starter.http.backend import Backend
from tests.integration.http.conftest import in_process, key_of
from tests.integration.http.senders import MAIL_IN
from tests.integration.http.teams import store_team
from tests.integration.http.test_links import TEAM
from tests.integration.ports import free_port
from tests.stack import environment_of

SECONDS = 60.0


NEW = "Die Rechnung fehlt noch."


QUOTE = "\n\nAm 30.11.2026 um 09:14 schrieb Support:\n> Wir kümmern uns darum.\n"


@dataclass
class Post:
    """A case whose customer and colleagues answer by mail."""

    backend: Backend
    stack: EmbeddedStack
    port: int
    ticket: str

    @property
    def customer(self) -> str:
        return f"zoe-{self.ticket}@example.org"

    async def letter(self, to: str, number: int = 1) -> ReceivedMessage:
        """The nth letter about the case that reached an address."""

        def found() -> list[ReceivedMessage]:
            return [one for one in self.stack.sink.messages_to(to) if self.ticket in str(one.message["Subject"])]

        await self.stack.sink.wait_for(lambda _: len(found()) >= number)
        return found()[number - 1]

    def answer(self, letter: ReceivedMessage, sender: str, text: str = NEW + QUOTE, **headers: str) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"] = sender, letter.message["Reply-To"]
        mail["Subject"], mail["Message-ID"] = (
            f"AW: {letter.message['Subject']}",
            f"<{secrets.token_hex(8)}@example.org>",
        )
        mail["In-Reply-To"] = letter.message["Message-ID"]
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        return mail

    async def send(self, mail: EmailMessage | bytes, *to: str) -> None:
        """By SMTP, to the address that the letter asked to answer to."""
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        wanted = to or (parseaddr(str(mail["To"]))[1] if isinstance(mail, EmailMessage) else "",)

        def hand_over() -> None:
            with smtplib.SMTP("127.0.0.1", self.port) as smtp:
                smtp.sendmail("someone@example.org", list(wanted), raw)

        await asyncio.to_thread(hand_over)

    async def settled(self, number: int, ticket: str = "") -> list[Entry]:
        inbox = Inbox(self.backend.database)
        async with asyncio.timeout(SECONDS):
            while True:
                found = await inbox.listed(source=MAIL, ticket=ticket or self.ticket, most=100)
                if sum(one.state is not EntryState.STORED for one in found) >= number:
                    return found[::-1]
                await asyncio.sleep(0.05)

    async def did(self, kind: type[Event]) -> list[Event]:
        return [event for event in await self.backend.client.timeline(self.ticket) if isinstance(event, kind)]


@pytest.fixture
async def post(settings: Settings, backend: Backend, stack: EmbeddedStack, worker: None) -> AsyncIterator[Post]:  # noqa: ARG001
    await store_team(backend, TEAM)
    port, ticket = free_port(), secrets.token_hex(5)
    settings = settings.model_copy(update={"mail_in_listen": f"127.0.0.1:{port}"})
    async with in_process(create_app(settings, backend=backend)):
        case = Post(backend, stack, port, ticket)
        await backend.client.open(
            Open(
                ticket=ticket,
                summary="The bill is missing",
                customer=Customer(id=ticket, name="Zoë", address=case.customer, language="de"),
                severity=Severity.SEV3,
                category=Category.BILLING,
                reasons=(Reason.SILENCE,),
                by="desk",
                owner="ana",
            )
        )
        yield case


async def test_a_case_is_answered_by_mail(post: Post) -> None:
    letter = await post.letter(post.customer)
    offer = await post.letter("ana@example.com")
    assert letter.message["Reply-To"] != offer.message["Reply-To"]
    await post.backend.client.send(post.ticket, Acknowledge(by="ana"))

    own = post.answer(letter, f"Zoë <{post.customer.upper()}>")
    await post.send(own)
    await post.send(own)  # a mail server that did not hear our answer
    await post.send(post.answer(letter, post.customer, "Bin im Urlaub.", Auto_Submitted="auto-replied"))
    await post.send(post.answer(offer, "Ben@example.com", "Looks like the index."))
    await post.send(post.answer(letter, "Carl <carl@example.net>", "I can confirm that."))
    by_id = post.answer(letter, post.customer, "Danke!")
    by_id.replace_header("To", "support@example.com")
    await post.send(by_id)
    entries = await post.settled(5)

    assert [(one.state, one.reason) for one in entries] == [(EntryState.APPLIED, "")] * 5
    assert entries[0].repeats == 1
    replies = [event for event in await post.did(CustomerReplied) if isinstance(event, CustomerReplied)]
    assert [(one.text, one.automatic) for one in replies] == [
        (NEW, False),
        ("Bin im Urlaub.", True),
        ("Danke!", False),
    ]
    notes = [event for event in await post.did(Noted) if isinstance(event, Noted)]
    assert [(one.by, one.text) for one in notes] == [("ben", "Looks like the index.")]
    (news,) = [event for event in await post.did(TicketNewsCame) if isinstance(event, TicketNewsCame)]
    assert news.text == "Carl <carl@example.net> by mail: I can confirm that."


BOUNCE = """\
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: support@example.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <{id}@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"

--=_b

The mail system
--=_b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}

--=_b
Content-Type: message/rfc822

Message-ID: {letter}

hello
--=_b--
"""


async def test_a_letter_that_came_back_counts_as_never_sent_and_its_address_gets_no_more(post: Post) -> None:
    letter = await post.letter(post.customer)

    def report(action: str, status: str) -> bytes:
        said = {"id": secrets.token_hex(8), "address": post.customer, "letter": letter.message_id}
        return BOUNCE.format(action=action, status=status, **said).encode()

    await post.send(report("delayed", "4.4.1"), "support@example.com")
    await post.send(report("failed", "5.1.1"), "support@example.com")
    assert [one.state for one in await post.settled(2)] == [EntryState.APPLIED] * 2
    assert [event.automatic for event in await post.did(CustomerReplied) if isinstance(event, CustomerReplied)] == [
        True
    ]
    (failed,) = [event for event in await post.did(DeliveryFailed) if isinstance(event, DeliveryFailed)]
    assert failed.to == "customer"
    sent = await Desk(post.backend.database).letters(post.ticket)
    assert {one.key for one in sent if one.is_lost} == {failed.key}
    records = MailRecords(post.backend.database)
    assert await records.is_bounced(post.customer, post.backend.now())

    # A person answers from there: the address works after all.
    await post.send(post.answer(letter, post.customer))
    await post.settled(3)
    assert not await records.is_bounced(post.customer, post.backend.now())


async def test_a_mail_that_answers_nothing_is_judged_as_a_new_ticket(post: Post) -> None:
    mail, sender = EmailMessage(), f"{secrets.token_hex(4)}@example.org"
    mail["From"], mail["To"], mail["Message-ID"] = (
        sender,
        "support@example.com",
        f"<{secrets.token_hex(8)}@example.org>",
    )
    mail["Subject"] = "Third time!"
    mail.set_content(
        "This is unacceptable. I want to speak to a manager, or my lawyer will write. Nobody answers for days."
    )
    ticket = new_ticket(str(mail["Message-ID"]))
    await post.send(mail)
    (entry,) = await post.settled(1, ticket)
    assert entry.kind == "opened"
    assert entry.state in (EntryState.APPLIED, EntryState.IGNORED)
    follow_up = EmailMessage()
    follow_up["From"], follow_up["To"], follow_up["In-Reply-To"] = sender, "support@example.com", mail["Message-ID"]
    follow_up["Message-ID"] = f"<{secrets.token_hex(8)}@example.org>"
    follow_up.set_content("Hello?")
    await post.send(follow_up)
    assert len(await post.settled(2, ticket)) == 2


async def test_a_listener_that_is_killed_before_it_answers_loses_and_doubles_nothing(post: Post) -> None:
    mail = post.answer(await post.letter(post.customer), post.customer)
    where = f"127.0.0.1:{free_port()}"
    environment = {**os.environ, **environment_of(post.stack, **MAIL_IN, ESCALATIONS_MAIL_IN_LISTEN=where)}
    command = (sys.executable, "-m", "starter.cli", "mail", "listen")
    program = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)
    try:
        smtp = await handed_over(program, where, parseaddr(str(mail["To"]))[1], mail.as_bytes())
        while not await Inbox(post.backend.database).listed(source=MAIL, ticket=post.ticket, most=1):
            assert program.returncode is None
            await asyncio.sleep(0.05)
    finally:
        program.kill()
        await program.wait()
    smtp.close()
    await post.send(mail)  # its sender got no answer, and sends it again

    (entry,) = await post.settled(1)
    assert entry.state is EntryState.APPLIED
    assert len(await post.did(CustomerReplied)) == 1


async def handed_over(program: Process, where: str, to: str, raw: bytes) -> smtplib.SMTP:
    """Say all of a dialogue, once the program listens, and read no answer to the mail itself."""
    smtp, host, port = smtplib.SMTP(), *where.split(":")
    while program.returncode is None:
        try:
            await asyncio.to_thread(smtp.connect, host, int(port))
            break
        except ConnectionRefusedError:
            await asyncio.sleep(0.05)
    for line in ("HELO example.org", "MAIL FROM:<a@example.org>", f"RCPT TO:<{to}>", "DATA"):
        await asyncio.to_thread(smtp.docmd, line)
    smtp.send(raw.replace(b"\n", b"\r\n") + b"\r\n.\r\n")
    return smtp


async def test_our_own_letter_is_a_loop_and_ends(post: Post) -> None:
    letter = await post.letter(post.customer)
    before = await Inbox(post.backend.database).listed(source=MAIL, most=1)
    await post.send(letter.content, "support@example.com")
    (entry,) = await Inbox(post.backend.database).listed(source=MAIL, most=1)
    assert entry.id != (before[0].id if before else 0)
    assert (entry.state, entry.reason) == (EntryState.IGNORED, "we wrote it ourselves")


async def test_the_listener_takes_mail_for_our_addresses_alone(post: Post) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        await post.send(b"Subject: x\r\n\r\ny", "someone@example.net")
    assert refused.value.recipients["someone@example.net"][0] == 550


async def test_mail_comes_in_by_http(post: Post, settings: Settings) -> None:
    letter = await post.letter(post.customer)
    async with in_process(create_app(settings, backend=post.backend)) as client:
        key = await key_of(post.backend, "gateway", Role.AGENT)
        client.headers["authorization"] = f"Bearer {key}"
        raw = post.answer(letter, post.customer).as_bytes()
        answers = [await client.post("/v1/mail", content=raw, headers={"content-type": "message/rfc822"}) for _ in "12"]
        (entry,) = await post.settled(1)
    assert [(one.status_code, one.json()) for one in answers] == [(202, {"new": True}), (202, {"new": False})]
    assert entry.state is EntryState.APPLIED


async def test_a_mail_by_http_may_be_as_long_as_one_by_smtp(post: Post, settings: Settings) -> None:
    letter = await post.letter(post.customer)
    raw = post.answer(letter, post.customer).as_bytes()
    long = settings.model_copy(update={"mail_in_most_bytes": 6_000_000})
    async with in_process(create_app(long, backend=post.backend)) as client:
        client.headers["authorization"] = f"Bearer {await key_of(post.backend, 'gateway', Role.AGENT)}"
        sizes = (5_900_000, 6_100_000)
        answers = [await client.post("/v1/mail", content=raw + b"QUJD" * ((size - len(raw)) // 4)) for size in sizes]
        other = await client.post("/v1/escalations", content=b" " * 5_100_000)
    assert [one.status_code for one in (*answers, other)] == [202, 413, 413]


def left_in(folder: Path) -> list[str]:
    return [each.name for each in folder.rglob("*host*")]


async def run(stack: EmbeddedStack, *arguments: str, mail: bytes = b"", **changes: str) -> tuple[int, str]:
    environment = {**os.environ, **environment_of(stack, **MAIL_IN), **changes}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "starter.cli", "mail", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=environment,
    )
    said, _ = await process.communicate(mail)
    return process.returncode or 0, said.decode()


async def test_mail_comes_in_by_a_pipe_and_from_a_maildir(post: Post, tmp_path: Path) -> None:
    letter = await post.letter(post.customer)
    raw = post.answer(letter, post.customer).as_bytes()
    assert (await run(post.stack, "deliver", mail=raw))[0] == 0
    long = await run(post.stack, "deliver", mail=b"x" * 20_000, ESCALATIONS_MAIL_IN_MOST_BYTES="10000")
    assert long[0] == 65
    away = await run(post.stack, "deliver", mail=raw, ESCALATIONS_DSN="postgresql://u@127.0.0.1:1/d")
    assert away[0] == 75
    assert "Traceback" not in away[1]

    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "new" / "1.host").write_bytes(raw)
    (tmp_path / "cur" / "2.host:2,S").write_bytes(post.answer(letter, post.customer, "Und noch etwas.").as_bytes())
    (tmp_path / "new" / "3.host").write_bytes(b"x" * 20_000)
    drained = await run(post.stack, "drain", str(tmp_path), ESCALATIONS_MAIL_IN_MOST_BYTES="10000")
    assert drained == (0, "2 stored, 1 refused\n")
    assert left_in(tmp_path) == ["3.host"]
    assert [one.repeats for one in await post.settled(2)] == [1, 0]
