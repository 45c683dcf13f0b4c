"""Checks incoming mail: the address, and the listener."""

import asyncio
import smtplib
from collections.abc import Iterator
from functools import partial

from escalation.addresses import parse_address
from runtime.settings import PREFIX, Settings
from starter.doctor.finding import Finding, Health, Look, found

WHAT = "mail in"
SECONDS = 5.0  # how long the listener may take to answer a command
_THIS_MACHINE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (where a listener on every address is reached)


def mail_in_looks(settings: Settings) -> Iterator[tuple[str, Look]]:
    """Yield the look at incoming mail."""
    address = settings.mail_in_address
    if address is None:
        says = f"set {PREFIX}MAIL_IN_ADDRESS, so that customers can simply reply to a letter; see docs/mail-in.md"
        yield WHAT, partial(found, Finding(what=WHAT, health=Health.UNUSED, says=says))
        return
    yield WHAT, partial(_listener, settings, address)


async def _listener(settings: Settings, address: str) -> Finding:
    says, health = f"{address} is asked for answers", Health.WELL
    if settings.mail_in_listen is not None:
        where = settings.mail_in_listen
        if problem := await asyncio.to_thread(_refusal, where, settings.mail_in_protocol, address):
            return Finding(what=WHAT, health=Health.BAD, says=problem)
        says = f"the listener at {where} takes mail for {address}"
    else:
        says += "; nothing listens for it here, so it has to come by a pipe, from a maildir or by HTTP"
    domain = address.rpartition("@")[2]
    says += f"; that mail for {domain} gets here is up to its DNS and your mail server, and is not checked"
    if settings.mail_in_secret is None:
        health = Health.SOON
        says += f"; set {PREFIX}MAIL_IN_SECRET for workers and servers, or letters name no address of their own, and answers can be forged"
    return Finding(what=WHAT, health=health, says=says)


def _refusal(where: str, protocol: str, address: str) -> str:
    """Say why the listener does not take mail; empty where it does. No mail is sent."""
    host, _, port = where.rpartition(":")
    host = host.strip("[]")
    kind = smtplib.LMTP if protocol == "lmtp" else smtplib.SMTP
    to = parse_address(address)
    try:
        with kind(_THIS_MACHINE.get(host, host), int(port), timeout=SECONDS) as peer:
            peer.ehlo()
            peer.mail("")
            code, said = peer.rcpt(f"{to.local}+doctor@{to.domain}")
    except (OSError, smtplib.SMTPException):
        return (
            f"nothing speaks {protocol.upper()} at {where}; start `escalations serve` or `escalations mail listen` there, "
            f"or correct {PREFIX}MAIL_IN_LISTEN and {PREFIX}MAIL_IN_PROTOCOL"
        )
    if code < 300:
        return ""
    return (
        f"what listens at {where} refuses mail for {address} ({code} {said.decode('utf-8', 'replace')[:100]}); give it the "
        f"same {PREFIX}MAIL_IN_ADDRESS, or another port"
    )
