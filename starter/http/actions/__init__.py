"""Links in messages to colleagues: pages that ask, and forms that act."""
