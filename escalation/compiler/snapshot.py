"""The compiled policy as canonical JSON, and its checksum: the same policy has the same text, byte for byte."""

import hashlib
import json

from pydantic_core import to_jsonable_python

from escalation.policy import Policy


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no spaces; equal values give equal text."""
    return json.dumps(to_jsonable_python(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def checksum(policy: Policy) -> str:
    """SHA-256 over the policy's canonical JSON, hex."""
    return hashlib.sha256(canonical_json(policy).encode()).hexdigest()
