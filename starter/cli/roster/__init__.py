"""Commands that check, load and query the roster."""
