"""The command that tries a policy on a log."""
