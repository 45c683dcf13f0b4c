"""Commands for incidents: one cause, many escalations."""
