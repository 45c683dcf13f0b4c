"""Commands that open, steer and read one escalation."""
