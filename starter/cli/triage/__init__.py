"""The command that judges tickets by the triage rules."""
