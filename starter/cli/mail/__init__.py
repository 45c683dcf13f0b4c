"""Commands on mail that comes in."""
