"""The policy compiler: from the file that a support lead writes to the snapshot that an escalation carries.

Pure: text in, value out. It reads no file and no clock.
"""

from escalation.compiler.compile import YEARS_AHEAD, Compiled, compile_policy, years_frozen
from escalation.compiler.diff import Change, diff_policies
from escalation.compiler.diff_triage import diff_triage
from escalation.compiler.explain import LaneLimit, Row, explain_limits, explain_policy
from escalation.compiler.schema import schema_text
from escalation.compiler.snapshot import canonical_json, checksum

__all__ = [
    "YEARS_AHEAD",
    "Change",
    "Compiled",
    "LaneLimit",
    "Row",
    "canonical_json",
    "checksum",
    "compile_policy",
    "diff_policies",
    "diff_triage",
    "explain_limits",
    "explain_policy",
    "schema_text",
    "years_frozen",
]
