"""The compiled policy as canonical JSON, and its checksum: the same policy has the same text, byte for byte."""

import hashlib
import json

from pydantic_core import to_jsonable_python

from escalation.policy import Policy
from escalation.triage.rules import TriageRules


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no spaces; equal values give equal text."""
    return json.dumps(to_jsonable_python(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def checksum(compiled: Policy | TriageRules) -> str:
    """SHA-256 over the canonical JSON of a policy or its triage rules, hex."""
    return hashlib.sha256(canonical_json(compiled).encode()).hexdigest()
