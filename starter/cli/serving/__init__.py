"""The command that serves HTTP."""
