"""Encrypted conversations with real peers: good ones, and ones whose certificate, TLS or port is wrong."""

import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from activities.adapters.smtp import SmtpChannel, SmtpRelay
from activities.adapters.smtp_answers import Step
from activities.adapters.smtp_faults import fault
from activities.errors import ChannelUnavailable
from tests.integration.smtp.peer import Peer, a_peer
from tests.integration.smtp.relay import MESSAGE

Encrypted = Callable[..., tuple[ssl.SSLContext, Path]]
BOTH_KINDS = pytest.mark.parametrize("kind", ["starttls", "implicit_tls"])


@pytest.fixture
def encrypted(tmp_path: Path) -> Encrypted:
    """Makes a server's TLS, and the file with the authority that vouches for it."""

    def make(name: str = "localhost", *, not_after: datetime | None = None) -> tuple[ssl.SSLContext, Path]:
        authority = trustme.CA()
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        past = datetime(2020, 1, 1, tzinfo=UTC) if not_after else None
        authority.issue_cert(name, not_before=past, not_after=not_after).configure_cert(tls)
        file = tmp_path / "authority.pem"
        authority.cert_pem.write_to_path(str(file))
        return tls, file

    return make


def peer_of(tls: ssl.SSLContext, kind: str) -> Peer:
    return Peer(offers=("STARTTLS",), tls=tls, implicit=kind == "implicit_tls")


def encrypting(relay: SmtpRelay, kind: str, ca_file: Path | None = None) -> SmtpRelay:
    return replace(relay, ca_file=ca_file, starttls=kind == "starttls", implicit_tls=kind == "implicit_tls")


async def refused_by(relay: SmtpRelay) -> str:
    with pytest.raises(ChannelUnavailable) as refused:
        await SmtpChannel(relay).send(MESSAGE)
    assert refused.value.__cause__ is None
    return str(refused.value)


@BOTH_KINDS
async def test_a_letter_reaches_a_relay_whose_authority_is_trusted(encrypted: Encrypted, kind: str) -> None:
    tls, file = encrypted()
    peer = peer_of(tls, kind)
    async with a_peer(peer, host="localhost") as relay:
        assert await SmtpChannel(encrypting(relay, kind, file)).send(MESSAGE) == "250 2.0.0 OK"
    assert len(peer.messages) == 1


@BOTH_KINDS
async def test_an_authority_that_is_not_trusted_is_the_relays_fault(encrypted: Encrypted, kind: str) -> None:
    tls, _ = encrypted()
    async with a_peer(peer_of(tls, kind), host="localhost") as relay:
        said = await refused_by(encrypting(relay, kind))
    assert "certificate" in said
    assert "ESCALATIONS_SMTP_CA_FILE" in said


@BOTH_KINDS
async def test_a_certificate_for_another_name_names_the_host_setting(encrypted: Encrypted, kind: str) -> None:
    tls, file = encrypted("mail.example.com")
    async with a_peer(peer_of(tls, kind), host="localhost") as relay:
        said = await refused_by(encrypting(relay, kind, file))
    assert "certificate is for another name" in said
    assert "ESCALATIONS_SMTP_HOST" in said


@BOTH_KINDS
async def test_a_certificate_for_another_address_is_the_relays_fault(encrypted: Encrypted, kind: str) -> None:
    tls, file = encrypted("mail.example.com")
    async with a_peer(peer_of(tls, kind)) as relay:
        assert "certificate is for another address" in await refused_by(encrypting(relay, kind, file))


@BOTH_KINDS
async def test_an_expired_certificate_is_called_so(encrypted: Encrypted, kind: str) -> None:
    tls, file = encrypted(not_after=datetime(2021, 1, 1, tzinfo=UTC))
    async with a_peer(peer_of(tls, kind), host="localhost") as relay:
        assert "certificate has expired" in await refused_by(encrypting(relay, kind, file))


@BOTH_KINDS
async def test_versions_of_tls_that_do_not_meet_are_the_relays_fault(encrypted: Encrypted, kind: str) -> None:
    tls, file = encrypted()
    tls.set_ciphers("ECDHE-RSA-NULL-SHA:@SECLEVEL=0")
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    async with a_peer(peer_of(tls, kind), host="localhost") as relay:
        said = await refused_by(encrypting(relay, kind, file))
    assert "closed the connection" in said
    assert "TLS" in said


async def test_plain_text_to_a_port_of_implicit_tls_names_the_setting(encrypted: Encrypted) -> None:
    tls, _ = encrypted()
    async with a_peer(Peer(tls=tls, implicit=True), seconds=0.3) as relay:
        assert "ESCALATIONS_SMTP_TLS=implicit" in await refused_by(relay)


async def test_implicit_tls_to_a_plain_port_names_the_setting() -> None:
    async with a_peer(Peer()) as relay:
        assert "ESCALATIONS_SMTP_TLS" in await refused_by(replace(relay, implicit_tls=True))


async def test_a_relay_without_starttls_is_sent_nothing() -> None:
    peer = Peer()
    async with a_peer(peer) as relay:
        assert "does not offer STARTTLS" in await refused_by(replace(relay, starttls=True))
    assert not any(line.startswith("MAIL") for line in peer.heard)


async def test_a_missing_file_of_certificates_is_named(tmp_path: Path, encrypted: Encrypted) -> None:
    tls, _ = encrypted()
    async with a_peer(Peer(tls=tls, implicit=True)) as relay:
        said = await refused_by(replace(relay, implicit_tls=True, ca_file=tmp_path / "none.pem"))
    assert "ESCALATIONS_SMTP_CA_FILE" in said


@BOTH_KINDS
@pytest.mark.parametrize("text", ["", "not a certificate\n"])
async def test_a_file_without_certificates_is_named(tmp_path: Path, encrypted: Encrypted, kind: str, text: str) -> None:
    tls, _ = encrypted()
    file = tmp_path / "none.pem"
    file.write_text(text)
    async with a_peer(peer_of(tls, kind)) as relay:
        said = await refused_by(encrypting(relay, kind, file))
    assert said.endswith("holds no certificate in PEM form; check ESCALATIONS_SMTP_CA_FILE")


def test_what_else_is_wrong_with_a_certificate_is_said_in_the_words_of_openssl() -> None:
    error = ssl.SSLCertVerificationError()
    error.verify_code, error.verify_message = 26, "unsuitable certificate purpose"
    assert "its certificate cannot be verified (unsuitable certificate purpose);" in fault(error, Step.ENCRYPT)


async def test_a_host_without_an_address_is_named() -> None:
    said = await refused_by(SmtpRelay(host="nowhere.invalid", port=25, sender="support@example.com"))
    assert "ESCALATIONS_SMTP_HOST" in said


@pytest.mark.parametrize("host", ["a..b", "x" * 80, "a b"])
async def test_what_is_not_a_host_name_is_not_the_recipients_fault(host: str) -> None:
    assert "ESCALATIONS_SMTP_HOST" in await refused_by(SmtpRelay(host=host, port=25, sender="support@example.com"))


def test_two_kinds_of_tls_at_once_are_refused() -> None:
    with pytest.raises(ValueError, match="not by both"):
        SmtpRelay(host="localhost", port=25, sender="support@example.com", starttls=True, implicit_tls=True)
