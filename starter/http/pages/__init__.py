"""The room of pages: what all of them share; each kind of page has its own package beside it."""
