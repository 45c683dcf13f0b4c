"""The HTTP server: who may act, what may be asked, and links that act."""
