"""Commands that open, manage and show one escalation."""
