"""What follows from each command, by area. `escalation.lifecycle.decide` calls these; nothing else does."""
