"""Looks at the certificates and keys for Temporal before they are used, so that an error names the setting at fault."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from temporalio.envconfig import ClientConfigTLS, DataSource

from runtime.settings import SettingsError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

NameOf = Callable[[str], str]
"""The variable, or the entry of the profile, in which a person set a part of the configuration."""

_AN_EXAMPLE = {
    "client_cert": "a certificate in PEM form",
    "client_key": "a private key in PEM form without a password",
    "server_ca_cert": "the server's CA certificate in PEM form",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    setting: str
    where: str
    data: bytes


def check_tls_files(tls: ClientConfigTLS, setting_of: NameOf, now: datetime) -> None:
    """Make sure that the files can be read, hold what they should, fit together and have not expired.

    Args:
        setting_of: Names the setting of `client_cert`, `client_key` or `server_ca_cert`.

    Raises:
        SettingsError: one line that names the setting to correct.
    """
    authority = _read(tls.server_root_ca_cert, "server_ca_cert", setting_of)
    certificate = _read(tls.client_cert, "client_cert", setting_of)
    key = _read(tls.client_private_key, "client_key", setting_of)
    if authority is not None:
        _check_bundle(authority, _certificates(authority, "server_ca_cert"), now)
    if certificate is not None and key is None:
        raise SettingsError(f"{setting_of('client_key')}: is not set, but {certificate.setting} is; write its key")
    if key is not None and certificate is None:
        raise SettingsError(f"{setting_of('client_cert')}: is not set, but {key.setting} is; write its certificate")
    if certificate is not None and key is not None:
        found = _certificates(certificate, "client_cert")
        _check_dates(certificate, found[:1], now)
        _check_pair(certificate, key, found[0])


def _read(source: DataSource | None, part: str, setting_of: NameOf) -> _Given | None:
    if source is None:
        return None
    setting = setting_of(part)
    if isinstance(source, Path):
        try:
            return _Given(setting=setting, where=f"`{source}`", data=source.read_bytes())
        except OSError as error:
            raise SettingsError(f"{setting}: `{source}`: {_reason(error)}; write {_AN_EXAMPLE[part]}") from error
    data = source.encode() if isinstance(source, str) else source
    return _Given(setting=setting, where="its value", data=data)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _certificates(given: _Given, part: str) -> "list[Certificate]":
    # Here, because most programs have no files of this kind, and the import takes a tenth of a second.
    from cryptography import x509  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            # A system's bundle has old certificates whose form a later release of the library will refuse.
            warnings.simplefilter("ignore")
            return x509.load_pem_x509_certificates(given.data)
    except ValueError as error:
        raise SettingsError(
            f"{given.setting}: {given.where} holds no certificate; write {_AN_EXAMPLE[part]}"
        ) from error


def _check_bundle(given: _Given, found: "list[Certificate]", now: datetime) -> None:
    """One certificate that is valid is enough: the bundle of a system always has some that have expired."""
    if not any(each.not_valid_before_utc <= now <= each.not_valid_after_utc for each in found):
        _check_dates(given, found, now)


def _check_dates(given: _Given, found: "list[Certificate]", now: datetime) -> None:
    for each in found:
        if each.not_valid_after_utc < now:
            raise SettingsError(
                f"{given.setting}: the certificate in {given.where} expired on "
                f"{each.not_valid_after_utc.astimezone(UTC):%Y-%m-%d}; write a renewed one"
            )
        if each.not_valid_before_utc > now:
            raise SettingsError(
                f"{given.setting}: the certificate in {given.where} is valid only from "
                f"{each.not_valid_before_utc.astimezone(UTC):%Y-%m-%d}; check this machine's clock"
            )


def _check_pair(certificate: _Given, key: _Given, found: "Certificate") -> None:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    try:
        loaded = load_pem_private_key(key.data, password=None)
    except TypeError as error:
        raise SettingsError(
            f"{key.setting}: {key.where} is protected by a password; write {_AN_EXAMPLE['client_key']}"
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SettingsError(
            f"{key.setting}: {key.where} holds no private key; write {_AN_EXAMPLE['client_key']}"
        ) from error
    if loaded.public_key() != found.public_key():
        raise SettingsError(
            f"{key.setting}: {key.where} is not the key of the certificate in {certificate.setting}; "
            "write the two that belong together"
        )
