"""Commands that calculate in business time."""
