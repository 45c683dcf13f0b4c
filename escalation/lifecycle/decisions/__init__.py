"""The decision on each command, by area. Only `escalation.lifecycle.decide` calls these."""
