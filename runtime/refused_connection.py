"""Explains why a connection to Temporal failed, and which setting to correct."""

import asyncio
import re
import ssl
import textwrap
from contextlib import suppress
from pathlib import Path

from runtime.temporal_settings import TemporalConfig

PROBE_SECONDS = 2.0
_LONGEST_REASON = 300

_NOTHING_THERE = (("ConnectionRefused", "connection refused"), ("dns error", "unknown host"))
_CREDENTIALS = ("Unauthenticated", "PermissionDenied")
# What the SDK says where a server ends a TLS connection: which of these depends on what it was doing just then.
_CUT = ("transport error", "AlertReceived", "connection closed", "ConnectionReset", "BrokenPipe")
_FOREIGN = ("Unimplemented", "FRAME_SIZE_ERROR", "PROTOCOL_ERROR")


async def explain(said: str, address: str, config: TemporalConfig, *, folder: Path | None = None) -> str:
    """One line: what happened, where, and which setting to correct.

    Args:
        folder: Where our own server would be, when the address is only the default because none runs there.
    """
    if any(mark in said for mark in _CREDENTIALS):
        return _wrong_credentials(address, config, said)
    for mark, reason in _NOTHING_THERE:
        if mark in said:
            return _nothing_there(address, reason, folder)
    about_tls = _about_tls(said, address, config) if config.uses_tls else await _about_plain(address, config)
    if about_tls is not None:
        return about_tls
    foreign = any(mark in said for mark in _FOREIGN)
    shortened = textwrap.shorten(said, _LONGEST_REASON, placeholder=" …")
    return _nothing_there(address, "something answers, but it is not Temporal" if foreign else shortened, folder)


def _about_tls(said: str, address: str, config: TemporalConfig) -> str | None:
    if "InvalidCertificate" in said:
        return _bad_certificate(said, address, config)
    if "InvalidContentType" in said:
        return (
            f"Temporal at {address} answers without TLS, but TLS is on ({config.why_tls()}); "
            "set TEMPORAL_TLS=false, or correct TEMPORAL_ADDRESS"
        )
    if any(mark in said for mark in _CUT):
        return _connection_ended(address, config)
    return None


async def _about_plain(address: str, config: TemporalConfig) -> str | None:
    if not await _speaks_tls(address):
        return None
    return f"Temporal at {address} expects TLS, but TLS is off ({config.why_tls()}); set TEMPORAL_TLS=true"


def _nothing_there(address: str, reason: str, folder: Path | None) -> str:
    assumed = "" if folder is None else f"No `worker.py --dev` runs in `{folder}`, and TEMPORAL_ADDRESS is not set. "
    return (
        f"{assumed}No Temporal server at {address} ({reason}). Start one with `worker.py --dev`, or set TEMPORAL_ADDRESS to "
        "one that runs (TEMPORAL_PROFILE and TEMPORAL_CONFIG_FILE work too)"
    )


def _wrong_credentials(address: str, config: TemporalConfig, said: str) -> str:
    found = re.search(r'message: "([^"]{1,200})"', said)
    detail = f": {found[1]}" if found else ""
    checks = [config.setting("namespace")]
    if "api_key" in config.arguments:
        checks.insert(0, config.setting("api_key"))
    elif config.has_client_certificate:
        checks.insert(0, config.setting("client_cert"))
    else:
        checks.insert(0, "TEMPORAL_API_KEY, which is not set")
    return f"Temporal at {address} refused our credentials{detail}; check {' and '.join(checks)}"


def _bad_certificate(said: str, address: str, config: TemporalConfig) -> str:
    if "UnknownIssuer" in said:
        return (
            f"The certificate of Temporal at {address} is signed by an unknown authority; set "
            "TEMPORAL_TLS_SERVER_CA_CERT_PATH to the CA certificate that signed it"
        )
    if "NotValidForName" in said:
        names = ", ".join(re.findall(r'(?:DnsName\(\\?"|IpAddress\()([^"\\)]{1,255})', said.partition("presented")[2]))
        return (
            f"The certificate of Temporal at {address} is for another name ({names or 'it names none'}); set "
            "TEMPORAL_TLS_SERVER_NAME to a name in it, or correct TEMPORAL_ADDRESS"
        )
    if "Expired" in said:
        return f"The certificate of Temporal at {address} has expired; renew it on the server"
    found = re.search(r"InvalidCertificate\((\w+)", said)
    return (
        f"The certificate of Temporal at {address} is not accepted ({found[1] if found else 'no reason given'}); "
        f"check TEMPORAL_TLS_SERVER_CA_CERT_PATH and the server's certificate (TLS is on: {config.why_tls()})"
    )


def _connection_ended(address: str, config: TemporalConfig) -> str:
    if config.has_client_certificate:
        return (
            f"Temporal at {address} ended the TLS connection; it may not accept the client certificate in "
            f"{config.setting('client_cert')}"
        )
    return (
        f"Temporal at {address} ended the TLS connection; it may ask for a client certificate: set "
        "TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH"
    )


async def _speaks_tls(address: str) -> bool:
    # Whether a TLS handshake succeeds there; nothing is sent, so whose certificate it is does not matter.
    host, _, port = address.rpartition(":")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with suppress(OSError, TimeoutError, ValueError):
        async with asyncio.timeout(PROBE_SECONDS):
            _, writer = await asyncio.open_connection(host.strip("[]"), int(port), ssl=context)
            writer.transport.abort()
            return True
    return False
