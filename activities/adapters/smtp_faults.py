"""Explains faults between us and a mail relay: the cause, and the setting to check."""

import socket
import ssl
from collections.abc import Iterator

from activities.adapters.smtp_answers import ENCRYPTION, LOGIN, Step

_ADDRESS = "check ESCALATIONS_SMTP_HOST and ESCALATIONS_SMTP_PORT"
_PLAIN_PORT = "it does not speak TLS on this port; check ESCALATIONS_SMTP_TLS and ESCALATIONS_SMTP_PORT"

_TRUSTED = "the file with trusted certificates"
_NO_CERTIFICATES = frozenset({"NO_CERTIFICATE_OR_CRL_FOUND", "NO_START_LINE"})
"""What OpenSSL says of a file with trusted certificates that has none."""

# OpenSSL's numbers, from `x509_vfy.h`; Python has no names for them.
_CERTIFICATES = {
    9: ("is not valid yet", "check the clocks of relay and worker"),
    10: ("has expired", "renew it at the relay"),
    18: ("is signed by itself", "name it in ESCALATIONS_SMTP_CA_FILE if you trust it"),
    19: ("comes from an authority that is not trusted", "name that authority in ESCALATIONS_SMTP_CA_FILE"),
    20: ("comes from an authority that is not trusted", "name that authority in ESCALATIONS_SMTP_CA_FILE"),
    21: ("comes from an authority that is not trusted", "name that authority in ESCALATIONS_SMTP_CA_FILE"),
    62: ("is for another name", "set ESCALATIONS_SMTP_HOST to a name that is in the certificate"),
    64: ("is for another address", "set ESCALATIONS_SMTP_HOST to a name that is in the certificate"),
}


def fault(error: Exception, step: Step) -> str:
    """Return the cause, and what to check, of an error other than a refusal by the relay."""
    causes = list(_chain(error))
    for cause in causes:
        if said := _tls(cause) or _network(cause):
            return said
    if any(isinstance(cause, TimeoutError) for cause in causes):
        return _timeout(step)
    return _other(error, step)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(10):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _tls(error: BaseException) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            otherwise = (f"cannot be verified ({error.verify_message})", "check it at the relay")
            what, check = _CERTIFICATES.get(error.verify_code, otherwise)
            return f"cannot be used: its certificate {what}; {check}"
        case ssl.SSLError() if error.reason in _NO_CERTIFICATES:
            return f"cannot be used: {_TRUSTED} holds no certificate in PEM form; check ESCALATIONS_SMTP_CA_FILE"
        case ssl.SSLError() if error.reason == "WRONG_VERSION_NUMBER":
            return f"cannot be used: {_PLAIN_PORT}"
        case ssl.SSLError():
            return f"cannot be used: the TLS handshake failed ({error.reason or 'no reason given'}); check its TLS settings"
        case FileNotFoundError() | PermissionError() | IsADirectoryError():
            return f"cannot be used: {_TRUSTED} cannot be read; check ESCALATIONS_SMTP_CA_FILE"
        case _:
            return ""


def _network(error: BaseException) -> str:
    match error:
        case socket.gaierror():
            return "cannot be used: its name has no address; check ESCALATIONS_SMTP_HOST"
        case ConnectionRefusedError():
            return f"cannot be used: nothing listens there; {_ADDRESS}"
        case UnicodeError():
            return "cannot be used: it is not a host name; check ESCALATIONS_SMTP_HOST"
        case _:
            return ""


def _timeout(step: Step) -> str:
    match step:
        case Step.CONNECT:
            return (
                "cannot be used: it did not greet in time; check ESCALATIONS_SMTP_HOST and ESCALATIONS_SMTP_PORT, "
                "and set ESCALATIONS_SMTP_TLS=implicit if the port speaks TLS from the first byte, as 465 does"
            )
        case Step.ENCRYPT:
            return "cannot be used: the TLS handshake did not end in time; check ESCALATIONS_SMTP_TLS"
        case Step.LOGIN | Step.SENDER | Step.RECIPIENT | Step.CONTENT:
            return f"cannot be used: it did not answer in time ({step})"


def _other(error: Exception, step: Step) -> str:
    kind = type(error).__name__
    match step:
        case Step.CONNECT if isinstance(error, ConnectionError):
            return f"cannot be used: it closed the connection ({kind}); {_ADDRESS}, and ESCALATIONS_SMTP_TLS"
        case Step.ENCRYPT if isinstance(error, ConnectionError):
            return "cannot be used: it closed the connection in the TLS handshake; check its TLS settings"
        case Step.ENCRYPT:
            return f"cannot be used: it does not offer STARTTLS; {ENCRYPTION}, or use another port"
        case Step.LOGIN:
            return f"cannot be used: it offers no login that we know ({kind}); {LOGIN}, and ESCALATIONS_SMTP_TLS"
        case _:
            return f"cannot be used ({kind}, {step}); {_ADDRESS}"
