"""Certificates and keys for tests, new for each run."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_IN_DECADES = datetime(2080, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """A folder of files: what each holds is its name."""

    folder: Path

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)


class _Authority:
    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        self.certificate = self.issue(name, self._key, authority=True)

    def issue(
        self,
        name: str,
        key: ec.EllipticCurvePrivateKey,
        *,
        authority: bool = False,
        ends: datetime = _IN_DECADES,
        begins: datetime = _LONG_AGO,
    ) -> bytes:
        names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
        return (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(self._key, SHA256())
            .public_bytes(Encoding.PEM)
        )


def make_certificates(folder: Path) -> Certificates:
    """An authority, another one, a server's and a client's certificate, and files in which something is wrong."""
    authority, stranger = _Authority("authority"), _Authority("stranger")
    server, client, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    files = {
        "authority.pem": authority.certificate,
        "stranger.pem": stranger.certificate,
        "bundle.pem": stranger.issue("old", client, ends=_LONG_AGO + timedelta(days=30)) + authority.certificate,
        "server.pem": authority.issue("localhost", server),
        "server.key": _pem(server),
        "client.pem": authority.issue("client", client),
        "client.key": _pem(client),
        "other.key": _pem(other),
        "stranger-client.pem": stranger.issue("client", client),
        "locked.key": _pem(client, BestAvailableEncryption(b"open sesame")),
        "expired.pem": authority.issue("client", client, ends=_LONG_AGO + timedelta(days=30)),
        "early.pem": authority.issue("client", client, begins=_IN_DECADES - timedelta(days=30)),
        "garbage.pem": b"this is not a certificate\n",
        "empty.pem": b"",
        "binary.pem": bytes(range(256)),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / "folder.pem").mkdir()
    return Certificates(folder=folder)


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(key: ec.EllipticCurvePrivateKey, protection: KeySerializationEncryption | None = None) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection or NoEncryption())
