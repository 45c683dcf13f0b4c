"""Commands on the messages that people read."""
