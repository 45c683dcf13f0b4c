"""Commands that check, explain and compare policies."""
