"""Whether a request was signed by someone who knows the secret."""

from datetime import datetime

from escalation.intake.delivery import Request, SignatureRefused
from escalation.intake.source import Source


def verify(source: Source, request: Request, secrets: tuple[str, ...], now: datetime) -> None:
    """Check the signature over the raw body, in constant time.

    Args:
        source: Whose scheme it is.
        request: As it came in.
        secrets: Any of them will do, while one is rotated.
        now: Aware UTC; held against the sender's time where the vendor stamps at sending.

    Raises:
        SignatureRefused: It is missing, wrong, or too old.
    """
    del request, secrets, now
    raise SignatureRefused(f"{source.name} has no scheme yet")
