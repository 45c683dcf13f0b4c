"""Triage: should this ticket escalate at all, and as what? Answered with reasons, without opening anything.

Pure: facts and rules in, verdict out. `escalation.compiler` makes the rules from the policy's `triage:` section.
"""
