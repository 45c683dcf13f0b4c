"""The command that imports tickets from another tool's log."""
